"""Versioned questionnaires: questions, versions, answers. Whom they are about is not known here."""

"""The instruments app."""

from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    """Versioned questionnaires: questions, versions and answers, whoever they are about."""

    name = "harbourlight.foundation.instruments"
    label = "instruments"

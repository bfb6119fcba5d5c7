"""Assessments: started, written, sent for authorisation, returned or authorised."""

"""The assessment app."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Assessments: started, written, sent for authorisation, returned or authorised."""

    name = "harbourlight.record.assessment"
    label = "assessment"

"""The assessment app."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Assessments: started, written, sent for authorisation, returned or authorised."""

    name = "harbourlight.record.assessment"
    label = "assessment"

    def ready(self) -> None:
        """Put assessments in a child's chronology and on the child's page."""
        from harbourlight.record.assessment.chronology import assessments
        from harbourlight.record.assessment.in_full import assessments_in_full
        from harbourlight.record.assessment.overview import assessments_of
        from harbourlight.record.documents.whole_record import tell_part
        from harbourlight.record.people import chronology, overview

        chronology.contribute("assessment", "Assessments", assessments)
        overview.tell_section(assessments_of, order=30)
        tell_part(assessments_in_full, order=30)

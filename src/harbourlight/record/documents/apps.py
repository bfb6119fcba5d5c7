"""The documents app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Documents on a child's record, and letters and records made into PDF."""

    name = "harbourlight.record.documents"
    label = "documents"

    def ready(self) -> None:
        """Put documents in the chronology."""
        from harbourlight.record.documents.chronology import documents
        from harbourlight.record.people import chronology

        chronology.contribute("document", "Documents", documents)

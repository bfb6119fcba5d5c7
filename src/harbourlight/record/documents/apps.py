"""The documents app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Documents on a child's record, and letters and records made into PDF."""

    name = "harbourlight.record.documents"
    label = "documents"

    def ready(self) -> None:
        """Put documents in the chronology, and in the whole record on paper."""
        from harbourlight.record.documents.chronology import documents
        from harbourlight.record.documents.in_full import documents_in_full
        from harbourlight.record.documents.whole_record import tell_part
        from harbourlight.record.people import chronology

        chronology.contribute("document", "Documents", documents)
        tell_part(documents_in_full, order=90)

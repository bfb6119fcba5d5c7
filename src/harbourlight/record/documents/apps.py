"""The documents app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Documents on a child's record, and letters and records made into PDF."""

    name = "harbourlight.record.documents"
    label = "documents"

"""The confidentiality app."""

from django.apps import AppConfig


class ConfidentialityConfig(AppConfig):
    """Who may see whose record: restricted children, grants, and records opened with a reason."""

    name = "harbourlight.record.confidentiality"
    label = "confidentiality"

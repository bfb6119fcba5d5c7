"""The submissions app."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    """Forms remembered once they have been acted on."""

    name = "harbourlight.foundation.submissions"
    label = "submissions"

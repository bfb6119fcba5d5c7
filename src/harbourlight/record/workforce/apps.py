"""The workforce app."""

from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    """Teams and the professionals who work in them."""

    name = "harbourlight.record.workforce"
    label = "workforce"

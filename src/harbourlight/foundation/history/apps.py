"""The history app."""

from django.apps import AppConfig


class HistoryConfig(AppConfig):
    """Lines of history and corrections."""

    name = "harbourlight.foundation.history"
    label = "history"

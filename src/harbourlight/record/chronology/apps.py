"""The chronology app."""

from django.apps import AppConfig


class ChronologyConfig(AppConfig):
    """A child's chronology: its page, its marks and its printing."""

    name = "harbourlight.record.chronology"
    label = "chronology"

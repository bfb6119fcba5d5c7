"""The pages app."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """What gathers across the record."""

    name = "harbourlight.pages"
    label = "pages"

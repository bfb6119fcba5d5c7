"""The people app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People and families."""

    name = "harbourlight.record.people"
    label = "people"

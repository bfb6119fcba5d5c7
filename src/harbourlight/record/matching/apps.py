"""The matching app."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """People who may be one: proposed by a machine, decided by a person, and undone exactly."""

    name = "harbourlight.record.matching"
    label = "matching"

"""The plans app."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Child in need plans."""

    name = "harbourlight.record.plans"
    label = "plans"

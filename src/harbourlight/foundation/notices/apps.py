"""The notices app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """What people are told, and how each has chosen to be told."""

    name = "harbourlight.foundation.notices"
    label = "notices"

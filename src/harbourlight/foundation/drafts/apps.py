"""The drafts app."""

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    """Drafts, each kept for the person who types it until it is sent or thrown away."""

    name = "harbourlight.foundation.drafts"
    label = "drafts"

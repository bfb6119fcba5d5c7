"""The episodes app."""

from django.apps import AppConfig


class EpisodesConfig(AppConfig):
    """Episodes of need, each opened by a referral, and who they are allocated to."""

    name = "harbourlight.record.episodes"
    label = "episodes"

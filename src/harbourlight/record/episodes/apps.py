"""The episodes app."""

from django.apps import AppConfig


class EpisodesConfig(AppConfig):
    """Episodes of need, each opened by a referral, and who they are allocated to."""

    name = "harbourlight.record.episodes"
    label = "episodes"

    def ready(self) -> None:
        """Put referrals in a child's chronology, and say who holds a case."""
        from harbourlight.record.episodes.chronology import episodes
        from harbourlight.record.episodes.overview import episodes_of, open_cases_of
        from harbourlight.record.people import chronology, overview

        chronology.contribute("episode", "Referrals and allocations", episodes)
        overview.tell_cases(open_cases_of)
        overview.tell_section(episodes_of, order=10)

"""The matching app."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """People who may be one: proposed by a machine, decided by a person, and undone exactly."""

    name = "harbourlight.record.matching"
    label = "matching"

    def ready(self) -> None:
        """Put the list in the navigation of those who decide; lead on from people retired."""
        from harbourlight.foundation.access import Capability
        from harbourlight.record.matching.merging import successor_of
        from harbourlight.record.people.successors import tell_successor
        from harbourlight.ui import navigation

        navigation.register(
            "Possible duplicates",
            "matching:duplicates",
            Capability.DECIDE_DUPLICATES,
            order=60,
        )
        tell_successor(successor_of)

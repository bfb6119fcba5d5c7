"""The matching app."""

from collections.abc import Mapping

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """People who may be one: proposed by a machine, decided by a person, and undone exactly."""

    name = "harbourlight.record.matching"
    label = "matching"

    def ready(self) -> None:
        """Put the list in the navigation of those who decide; lead on from people retired."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from harbourlight.foundation.access import Capability
        from harbourlight.foundation.notices import declaring as notices
        from harbourlight.record.matching.actions import NOT_MADE_ONE, NOT_MADE_TWO
        from harbourlight.record.matching.merging import successor_of
        from harbourlight.record.matching.selectors import mergers_for, proposals_for
        from harbourlight.record.people.successors import tell_successor
        from harbourlight.ui import navigation

        navigation.register(
            "Possible duplicates",
            "matching:duplicates",
            Capability.DECIDE_DUPLICATES,
            order=60,
        )
        tell_successor(successor_of)

        def to_pair(about: Mapping[str, str]) -> str:
            return reverse("matching:compare", args=[about["proposal_id"]])

        def to_merger(about: Mapping[str, str]) -> str:
            return reverse("matching:merger", args=[about["merger_id"]])

        notices.tell_subject("proposal_id", proposals_for)
        notices.tell_subject("merger_id", mergers_for)
        one = _("Two records you found to be of one person could not be made one")
        two = _("A record you asked to have made two again could not be")
        notices.declare(NOT_MADE_ONE, str(one), link=to_pair)
        notices.declare(NOT_MADE_TWO, str(two), link=to_merger)

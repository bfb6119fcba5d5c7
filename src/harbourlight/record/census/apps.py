"""The census app."""

from django.apps import AppConfig


class CensusConfig(AppConfig):
    """The census as it would be submitted tonight, and what is found in it."""

    name = "harbourlight.record.census"
    label = "census"

    def ready(self) -> None:
        """Put the page in the navigation, and what is found of a child on the child's page; say
        what tells of a file that has been checked."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from harbourlight.foundation.access import Capability
        from harbourlight.foundation.notices import declaring as notices
        from harbourlight.record.census.checking import TOLD
        from harbourlight.record.census.overview import census_of
        from harbourlight.record.census.selectors import files_of
        from harbourlight.record.people import overview
        from harbourlight.ui.navigation import register

        register("Returns", "census:page", Capability.SEE_RETURNS, order=55)
        notices.tell_subject("file_id", files_of)
        notices.declare(
            TOLD,
            str(_("A census file that you gave has been checked")),
            link=lambda about: reverse("census:file", args=[about["file_id"]]),
        )
        overview.tell_section(census_of, order=90, on_paper=False)

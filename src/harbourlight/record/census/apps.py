"""The census app."""

from django.apps import AppConfig


class CensusConfig(AppConfig):
    """The census as it would be submitted tonight, and what is found in it."""

    name = "harbourlight.record.census"
    label = "census"

    def ready(self) -> None:
        """Put the page in the navigation, and what is found of a child on the child's page."""
        from harbourlight.foundation.access import Capability
        from harbourlight.record.census.overview import census_of
        from harbourlight.record.people import overview
        from harbourlight.ui.navigation import register

        register("Returns", "census:page", Capability.SEE_RETURNS, order=55)
        overview.tell_section(census_of, order=90, on_paper=False)

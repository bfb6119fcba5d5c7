"""The pages app."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """What gathers across the record."""

    name = "harbourlight.pages"
    label = "pages"

    def ready(self) -> None:
        """Put the pages people start from in the navigation."""
        from harbourlight.foundation.access import Capability
        from harbourlight.ui.navigation import register

        register("My work", "pages:my_work", Capability.SEE_CHILDREN, order=10)
        register("Contacts", "front_door:queue", Capability.SEE_CHILDREN, order=15)
        register("Team", "pages:team", Capability.SEE_TEAM, order=40)
        register("Board", "pages:board", Capability.SEE_BOARD, order=50)
        register("Standards", "pages:standards", order=60)

"""The looking app."""

from django.apps import AppConfig


class LookingConfig(AppConfig):
    """Who has looked at a record, and access that is unusual."""

    name = "harbourlight.record.looking"
    label = "looking"

    def ready(self) -> None:
        """Put the list in the navigation of those who review it."""
        from harbourlight.foundation.access import Capability
        from harbourlight.ui.navigation import register

        register("Unusual access", "looking:unusual", Capability.SEE_WHO_LOOKED, order=72)

"""The protection app."""

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    """Section 47 enquiries, conferences, child protection plans and their reviews."""

    name = "harbourlight.record.protection"
    label = "protection"

    def ready(self) -> None:
        """Put enquiries, conferences and plans in a child's chronology and on the page."""
        from harbourlight.record.people import chronology, overview
        from harbourlight.record.protection.chronology import protection
        from harbourlight.record.protection.overview import protection_of

        chronology.contribute("protection", "Protection", protection)
        overview.tell_section(protection_of, order=40)

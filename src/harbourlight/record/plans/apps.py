"""The plans app."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Child in need plans."""

    name = "harbourlight.record.plans"
    label = "plans"

    def ready(self) -> None:
        """Put child in need plans in a child's chronology and on the child's page."""
        from harbourlight.record.people import chronology, overview
        from harbourlight.record.plans.chronology import need_plans
        from harbourlight.record.plans.overview import need_plans_of

        chronology.contribute("plan", "Child in need plans", need_plans)
        overview.tell_section(need_plans_of, order=50)

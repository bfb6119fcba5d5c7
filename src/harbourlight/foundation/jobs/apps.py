"""The jobs app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Work done in the background: what is waiting, running, done and failed."""

    name = "harbourlight.foundation.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Put the page of jobs in the navigation."""
        from harbourlight.foundation.access import Capability
        from harbourlight.ui import navigation

        navigation.register("Background work", "jobs:now", Capability.SEE_JOBS, order=910)

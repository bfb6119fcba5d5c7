"""The workforce app."""

from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    """Teams and the professionals who work in them."""

    name = "harbourlight.record.workforce"
    label = "workforce"

    def ready(self) -> None:
        """Let an account be given one of our teams and be one of our workers."""
        from harbourlight.foundation.accounts import directory
        from harbourlight.record.workforce.choices import team_choices, worker_choices

        directory.offer(teams=team_choices, workers=worker_choices)

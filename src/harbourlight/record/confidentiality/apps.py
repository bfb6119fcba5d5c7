"""The confidentiality app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConfidentialityConfig(AppConfig):
    """Who may see whose record: restricted children, grants, and records opened with a reason."""

    name = "harbourlight.record.confidentiality"
    label = "confidentiality"

    def ready(self) -> None:
        """Say whom a search may find, and tell the database the rule after every migration."""
        from harbourlight.record.confidentiality.row_security import known_in_sql
        from harbourlight.record.people.search_index import tell_may_know

        tell_may_know(known_in_sql("weighed.id"))
        post_migrate.connect(_publish, sender=self)


def _publish(*, using: str, **_: object) -> None:
    from harbourlight.record.confidentiality.row_security import publish

    publish(using)

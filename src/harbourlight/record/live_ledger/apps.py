"""The live ledger app: it publishes the dataset and follows every act."""

from collections.abc import Iterable, Sequence

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class LiveLedgerConfig(AppConfig):
    """The ledger of the live record, kept true by every write."""

    name = "harbourlight.record.live_ledger"
    label = "live_ledger"

    def ready(self) -> None:
        """Follow acts; take the views away before a migration and publish them after it."""
        from harbourlight.foundation.actions import follow_with
        from harbourlight.record.live_ledger.keeping import keep

        follow_with(keep)
        pre_migrate.connect(_take_away, sender=self)
        post_migrate.connect(_publish, sender=self)


def _take_away(*, using: str, plan: Sequence[object] = (), **_: object) -> None:
    from harbourlight.record.extract import drop_statements

    if plan:
        _execute(using, drop_statements())


def _publish(*, using: str, **_: object) -> None:
    from harbourlight.record.extract import drop_statements, publish_statements
    from harbourlight.record.live_ledger.keeping import publish_statement

    _execute(using, [*drop_statements(), *publish_statements(), publish_statement()])


def _execute(using: str, statements: Iterable[str]) -> None:
    with connections[using].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

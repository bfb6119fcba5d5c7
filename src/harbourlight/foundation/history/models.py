"""Lines of history, and the corrections that keep what was believed before.

A line holds identifiers and never a name or a note, so that erasing a person need not change it.
PostgreSQL itself refuses to change or delete a line (see the first migration).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.utils.translation import gettext_lazy

from harbourlight.foundation.history.origin import origin
from harbourlight.foundation.history.rows import CurrentTransaction
from harbourlight.foundation.ids import new_id


class Event(models.Model):
    """Somebody wrote or read something about some children, at a time."""

    class Kind(models.TextChoices):
        """Whether the record was changed or only looked at."""

        WRITE = "write", gettext_lazy("Changed")
        READ = "read", gettext_lazy("Read")

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=5, choices=Kind)
    name = models.CharField(max_length=60)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    at = models.DateTimeField()
    children = ArrayField(models.CharField(max_length=48), default=list)
    subjects = models.JSONField(default=dict)
    request = models.CharField(max_length=16, default="", db_default="")
    page = models.CharField(max_length=100, default="", db_default="")
    xid = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        indexes = [
            BrinIndex(fields=["xid"], name="history_event_xid", autosummarize=True),
            GinIndex(fields=["children"], name="history_event_children"),
            models.Index(fields=["by", "-at"], name="history_event_by"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"


class Correction(models.Model):
    """One field of one row, what it said before, what it says now, and why."""

    id = models.CharField(primary_key=True, max_length=48, default=new_id, editable=False)
    row_kind = models.CharField(max_length=60)
    row_id = models.CharField(max_length=48)
    field = models.CharField(max_length=60)
    was = models.JSONField(null=True)
    now = models.JSONField(null=True)
    because = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    xid = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        indexes = [
            BrinIndex(fields=["xid"], name="history_correction_xid", autosummarize=True),
            models.Index(fields=["row_kind", "row_id"], name="history_correction_row"),
        ]

    def __str__(self) -> str:
        return f"{self.row_kind} {self.row_id}: {self.field}"


class Seal(models.Model):
    """A digest over all rows of history of the transactions `[since, before)`, and the seal before.

    Made by `sealing`, once all those transactions had ended.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    since = models.BigIntegerField()
    before = models.BigIntegerField()
    rows = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return f"Seal {self.number}"


class SealedTable(models.Model):
    """What one seal covers of one table: its rows, in order, with a leaf of the digest for each.

    `columns` are those there were at the time: one added later changes nothing that was sealed.
    """

    id = models.BigAutoField(primary_key=True)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="tables")
    table = models.CharField(max_length=63)
    columns = ArrayField(models.CharField(max_length=63))
    rows = ArrayField(models.TextField())
    leaves = models.BinaryField()

    class Meta:
        ordering = ("seal", "table")
        constraints = [
            models.UniqueConstraint(fields=["seal", "table"], name="history_sealedtable_once")
        ]

    def __str__(self) -> str:
        return f"{self.table} in seal {self.seal_id}"


def record_reading(
    *,
    name: str,
    by: Any,
    at: datetime,
    children: Iterable[str],
    subjects: Mapping[str, str] | None = None,
) -> None:
    """Write down that someone read about these children.

    `subjects` says what else the reading was of, by kind and identifier: never a name.

    Called inside the transaction of the page that shows them: if this cannot be written, the page
    is not served.
    """
    _add(Event.Kind.READ, {name: children}, by=by, at=at, subjects=subjects)


def record_readings(*, by: Any, at: datetime, children: Mapping[str, Iterable[str]]) -> None:
    """The same, of a page that shows some children in one way and others in another, in one go.

    `children` are told apart by the name of the reading.
    """
    _add(Event.Kind.READ, children, by=by, at=at, subjects=None)


def write_down(
    name: str,
    *,
    by: Any,
    at: datetime,
    children: Iterable[str],
    subjects: Mapping[str, str] | None = None,
) -> None:
    """Write down that someone changed something about these children. Called by an act's end."""
    _add(Event.Kind.WRITE, {name: children}, by=by, at=at, subjects=subjects)


def _add(
    kind: Event.Kind,
    children: Mapping[str, Iterable[str]],
    *,
    by: Any,
    at: datetime,
    subjects: Mapping[str, str] | None,
) -> None:
    whence = origin()
    Event.objects.bulk_create(
        Event(
            kind=kind,
            name=name,
            by=by,
            at=at,
            children=sorted(set(ids)),
            subjects=dict(subjects or {}),
            request=whence.request,
            page=whence.page,
        )
        for name, ids in children.items()
    )

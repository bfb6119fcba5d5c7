"""Reading the live ledger: whose entries, how they stand at a moment, and the counts by month.

`as_at` is a time by the clock in London without a zone, as entries hold theirs; `london_time` makes
one of an instant. What may be seen follows from which children may be seen.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
from django.db import connection
from django.db.models import F, Q, QuerySet

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.ledger.entries import ENTRY_COLUMNS, outcome
from harbourlight.ledger.measures import Group, monthly
from harbourlight.record.live_ledger.models import Entry
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.clocks import add_months
from harbourlight.standards.standard import Kind, Standard, Standing

LONDON = ZoneInfo("Europe/London")

DUTIES = tuple(code for code, held in CATALOGUE.items() if held.kind is Kind.DEADLINE)
"""The standards that ask somebody to do something by a day: what work lists are made of."""


def london_time(instant: datetime) -> datetime:
    """An instant as the clock on the wall in London showed it, to the second, with no zone."""
    return instant.astimezone(LONDON).replace(tzinfo=None, microsecond=0)


def visible_to(user: User) -> QuerySet[Entry]:
    """The entries a user may see: all, for a role that sees children."""
    entries = Entry.objects.all()
    return entries if user.can(Capability.SEE_CHILDREN) else entries.none()


def begun(entries: QuerySet[Entry], as_at: datetime) -> QuerySet[Entry]:
    """Entries whose duty had begun by `as_at`, or whose beginning is not recorded."""
    return entries.filter(Q(starts_at__isnull=True) | Q(starts_at__lte=as_at))


def waiting(entries: QuerySet[Entry], as_at: datetime) -> QuerySet[Entry]:
    """Duties that somebody still has to meet at `as_at`, the most pressing first.

    Neither met nor lapsed by then: a case that closed with a duty unmet is counted against the
    standard, but there is nothing left to do.
    """
    return (
        begun(entries, as_at)
        .filter(
            Q(met_at__isnull=True) | Q(met_at__gt=as_at),
            Q(lapsed_at__isnull=True) | Q(lapsed_at__gt=as_at),
            standing=Standing.APPLIES,
            standard__in=DUTIES,
        )
        .order_by(F("due_at").asc(nulls_last=True), "standard", "about_id")
    )


def of_month(entries: QuerySet[Entry], standard: Standard, month: date) -> QuerySet[Entry]:
    """The entries that a standard's point for a month may count, by the rule of `measures`."""
    first = datetime.combine(month.replace(day=1), time.min)
    end = datetime.combine(add_months(first.date(), 1), time.min)
    when = "starts_at" if standard.kind is Kind.OCCURRENCE else "due_at"
    unplaced = Q(standing=Standing.CANNOT_TELL, starts_at__gte=first, starts_at__lt=end)
    if standard.kind is not Kind.OCCURRENCE:
        unplaced &= Q(due_at__isnull=True)
    return entries.filter(
        Q(**{f"{when}__gte": first, f"{when}__lt": end}) | unplaced, standard=standard.code
    ).order_by("due_at", "starts_at", "about_id")


def months(
    as_at: datetime,
    standards: Mapping[str, Standard] = CATALOGUE,
    *,
    group: Group | None = None,
    where: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Counts by standard and month over the live ledger: the rows of `ledger.measures.monthly`.

    `where` narrows to a value of a column, `{"team_id": …}`. Counted by PostgreSQL.
    """
    stored = ibis.table(
        {name: "timestamp" if name.endswith("_at") else "string" for name in ENTRY_COLUMNS},
        name=Entry._meta.db_table,
    )
    now = ibis.literal(as_at, type="timestamp")
    known = stored.filter(stored.starts_at.isnull() | (stored.starts_at <= now))
    for column, value in (where or {}).items():
        known = known.filter(known[column] == value)
    counted = monthly(known.mutate(outcome=outcome(known, as_at)), standards, as_at, group=group)
    return _rows(counted)


def _rows(expression: ir.Table) -> list[dict[str, Any]]:
    statement = str(ibis.to_sql(expression, dialect="postgres"))
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("%", "%%"), [])
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def of_children(entries: QuerySet[Entry], child_ids: Iterable[str]) -> QuerySet[Entry]:
    """The entries about these children, those that began last first."""
    return entries.filter(child_id__in=list(child_ids)).order_by(
        F("starts_at").desc(nulls_last=True), "standard", "about_id"
    )

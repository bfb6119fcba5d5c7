"""Reading the live ledger: whose entries, how they stand at a moment, and the counts by month.

`as_at` is a time by the clock in London without a zone, as entries hold theirs; `london_time` makes
one of an instant. What may be seen follows from which children may be seen.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import sqlglot
from django.db import connection
from django.db.models import F, Q, QuerySet
from sqlglot import exp

from harbourlight.foundation.accounts.models import User
from harbourlight.ledger.entries import ENTRY_COLUMNS, outcome
from harbourlight.ledger.measures import SETTLED, Group, monthly
from harbourlight.record.confidentiality.policy import among, known, sight_of
from harbourlight.record.live_ledger.models import Entry
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.clocks import add_months
from harbourlight.standards.standard import Kind, Outcome, Standard, Standing

LONDON = ZoneInfo("Europe/London")

DUTIES = tuple(code for code, held in CATALOGUE.items() if held.kind is Kind.DEADLINE)
"""The standards that ask somebody to do something by a day: what work lists are made of."""


def london_time(instant: datetime) -> datetime:
    """An instant as the clock on the wall in London showed it, to the second, with no zone."""
    return instant.astimezone(LONDON).replace(tzinfo=None, microsecond=0)


def visible_to(user: User) -> QuerySet[Entry]:
    """The entries a user may see: of everybody they may know of."""
    entries = known(user, Entry.objects.all())
    hidden = sight_of(user).hidden_contacts
    return entries.exclude(among("about_id", hidden), about="contact") if hidden else entries


def begun(entries: QuerySet[Entry], as_at: datetime) -> QuerySet[Entry]:
    """Entries whose duty had begun by `as_at`, or whose beginning is not recorded."""
    return entries.filter(Q(starts_at__isnull=True) | Q(starts_at__lte=as_at))


def unmet(entries: QuerySet[Entry], as_at: datetime) -> QuerySet[Entry]:
    """Entries that apply, had begun, and were neither met nor lapsed by `as_at`; the first due
    first.

    A case that closed with a duty unmet is counted against the standard, but nothing is left to do.
    """
    return (
        begun(entries, as_at)
        .filter(
            Q(met_at__isnull=True) | Q(met_at__gt=as_at),
            Q(lapsed_at__isnull=True) | Q(lapsed_at__gt=as_at),
            standing=Standing.APPLIES,
        )
        .order_by(F("due_at").asc(nulls_last=True), "standard", "about_id")
    )


def waiting(entries: QuerySet[Entry], as_at: datetime) -> QuerySet[Entry]:
    """Duties that somebody still has to meet at `as_at`, the most pressing first."""
    return unmet(entries, as_at).filter(standard__in=DUTIES)


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


def undated(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Entries that cannot be told and have no date, and so are counted in no month."""
    return entries.filter(
        standing=Standing.CANNOT_TELL, starts_at__isnull=True, due_at__isnull=True
    ).order_by("about_id")


def is_counted(entry: Entry, as_at: datetime) -> bool:
    """Whether a standard's point counts an entry that `of_month` gave, or counts it apart as one
    that cannot be told.

    The one statement of the rule in Python; `ledger.measures.monthly` states it for an engine and
    a test holds the two together.
    """
    outcome = entry.outcome_at(as_at)
    when = entry.starts_at if entry.declared.kind is Kind.OCCURRENCE else entry.due_at
    if outcome is Outcome.CANNOT_TELL:
        when = when or entry.starts_at
    elif outcome not in SETTLED:
        return False
    return when is not None and when <= as_at


def months(
    as_at: datetime,
    standards: Iterable[str] = CATALOGUE,
    *,
    since: date | None = None,
    group: Group | None = None,
    where: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Counts by standard and month over the live ledger: the rows of `ledger.measures.monthly`.

    `since` leaves out the months before that of its day; `where` narrows to a value of a column,
    `{"team_id": …}`. Counted by PostgreSQL, in one query.
    """
    where = dict(where or {})
    given: dict[str, Any] = {"as_at": as_at, **where}
    if since is not None:
        given["since"] = datetime.combine(since.replace(day=1), time.min)
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(tuple(standards), tuple(where), group, narrowed=since is not None), given
        )
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


_AS_AT = datetime.fromisoformat("9999-12-31T23:59:59")
_SINCE = datetime.fromisoformat("9999-12-31T00:00:00")
"""Stand in the compiled statement for the times it is given when it runs."""


@cache
def _statement(
    standards: tuple[str, ...], columns: tuple[str, ...], group: Group | None, *, narrowed: bool
) -> str:
    """The SELECT of `months`, with parameters. Compiling it takes 50 ms, so it is kept."""
    stored = ibis.table(
        {name: "timestamp" if name.endswith("_at") else "string" for name in ENTRY_COLUMNS},
        name=Entry._meta.db_table,
    )
    known = stored.filter(stored.starts_at.isnull() | (stored.starts_at <= _instant(_AS_AT)))
    if narrowed:
        # Every row that can count has its due date in its month, or else began in it; written so
        # that the index on standard and due date serves.
        since, until = _instant(_SINCE), _instant(_AS_AT)
        is_due = (known.due_at >= since) & (known.due_at <= until)
        known = known.filter(is_due | (known.due_at.isnull() & (known.starts_at >= since)))
    for column in columns:
        known = known.filter(known[column] == f"given {column}")
    counted = monthly(
        known.mutate(outcome=outcome(known, _AS_AT)),
        {code: CATALOGUE[code] for code in standards},
        _AS_AT,
        group=group,
    )
    query = sqlglot.parse_one(str(ibis.to_sql(counted, dialect="postgres")), dialect="postgres")
    for inner in query.find_all(exp.Select):
        source = inner.args.get("from_") or inner.args.get("from")
        if source is not None and source.this.name == Entry._meta.db_table:
            # An offset keeps the planner from working out each row's outcome again wherever it is
            # named: half the processor's time, at 826,000 entries.
            inner.set("offset", exp.Offset(expression=exp.Literal.number(0)))
    statement = query.sql(dialect="postgres").replace("%", "%%")
    stand_ins = {"as_at": _AS_AT.isoformat(), "since": _SINCE.isoformat()}
    stand_ins |= {column: f"given {column}" for column in columns}
    for name, stand_in in stand_ins.items():
        statement = statement.replace(f"'{stand_in}'", f"%({name})s")
    return statement


def _instant(value: datetime) -> ir.TimestampScalar:
    return ibis.literal(value, type="timestamp")


def of_children(entries: QuerySet[Entry], child_ids: Iterable[str]) -> QuerySet[Entry]:
    """The entries about these children, those that began last first."""
    return entries.filter(child_id__in=list(child_ids)).order_by(
        F("starts_at").desc(nulls_last=True), "standard", "about_id"
    )

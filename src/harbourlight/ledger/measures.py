"""Entries counted by month: the numbers behind every chart, table and download.

One definition for a ledger in a file and for the live record's entries. It counts and divides, and
must not judge: what is ordinary and what is not is for `insight.process_behaviour`.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Literal

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from harbourlight.standards.clocks import add_months
from harbourlight.standards.standard import Kind, Outcome, Standard

Group = Literal["team_id", "worker_id"]

MEASURES_SCHEMA = pa.schema(
    [
        ("standard", pa.string()),
        ("month", pa.date32()),
        ("numerator", pa.int64()),
        ("denominator", pa.int64()),
        ("cannot_tell", pa.int64()),
        ("value", pa.float64()),
    ]
)
"""What `by_month` gives: `month` is its first day, `value` is null where nothing was counted."""

SETTLED = (Outcome.MET, Outcome.MET_LATE, Outcome.OVERDUE)
"""The outcomes that can be counted once their day has passed."""


def monthly(
    entries: ir.Table,
    standards: Mapping[str, Standard],
    as_at: datetime,
    *,
    group: Group | None = None,
) -> ir.Table:
    """Entries counted by standard and month, as an expression for whichever engine holds them.

    `entries` has the columns of the ledger, `outcome` among them. The month is that in which the
    duty fell due; for a standard that something should not happen, that in which it began.

    Only settled entries count. A duty met before its due date is left out until that date has
    passed: those not yet met are left out until then too, so the running month would otherwise
    hold the early ones alone and always look perfect. An entry that does not apply never counts,
    and one that cannot be told is counted apart.

    The numerator is what people know the rate by: those met in time; for something that should
    not happen, those in which it did.
    """
    happening = [code for code, held in standards.items() if held.kind is Kind.OCCURRENCE]
    counted = entries.filter(entries.standard.isin(list(standards)))
    is_happening = counted.standard.isin(happening)
    cannot_tell = counted.outcome == Outcome.CANNOT_TELL
    when = is_happening.ifelse(counted.starts_at, counted.due_at)
    # An entry that cannot be told often has no due date: it is put where it began.
    counted = counted.mutate(
        when=cannot_tell.ifelse(ibis.coalesce(when, counted.starts_at), when),
        hit=is_happening.ifelse(counted.outcome == Outcome.OVERDUE, counted.outcome == Outcome.MET),
        settled=counted.outcome.isin(SETTLED),
        cannot=cannot_tell,
    )
    counted = counted.filter(counted.when <= ibis.literal(as_at, "timestamp"))
    keys = ["standard", *([group] if group else []), "month"]
    counts = (
        counted.mutate(month=counted.when.truncate("M").date())
        .group_by(keys)
        .aggregate(
            numerator=lambda rows: rows.hit.ifelse(1, 0).sum().cast("int64"),
            denominator=lambda rows: rows.settled.ifelse(1, 0).sum().cast("int64"),
            cannot_tell=lambda rows: rows.cannot.ifelse(1, 0).sum().cast("int64"),
        )
    )
    # What neither settled nor cannot be told is left out here and not before grouping: PostgreSQL
    # would take that test for a rare one, and sort all the rows instead of hashing them.
    counts = counts.filter((counts.denominator + counts.cannot_tell) > 0)
    return counts.mutate(
        value=counts.numerator.cast("float64") / counts.denominator.nullif(0).cast("float64")
    ).order_by(keys)


def by_month(
    ledger: pa.Table,
    standards: Mapping[str, Standard],
    as_at: datetime,
    *,
    group: Group | None = None,
) -> pa.Table:
    """The ledger counted by standard and month, as `MEASURES_SCHEMA`, sorted by both.

    With a `group`, that column follows `standard` and an entry of no team (or worker) is counted
    under null. The rules are those of `monthly`.
    """
    schema = MEASURES_SCHEMA.insert(1, pa.field(group, pa.string())) if group else MEASURES_SCHEMA
    engine = ibis.duckdb.connect()
    try:
        counted = monthly(ibis.memtable(ledger), standards, as_at, group=group)
        return engine.to_pyarrow(counted).select(schema.names).cast(schema)
    finally:
        engine.disconnect()


def whole_from(standard: Standard, complete_from: date) -> date:
    """The first month that a source complete from a day can answer for the standard in full.

    A source of one year holds, from before that year, only the children still open in it: those
    whose duty was met and whose episode closed are missing, so earlier months look worse than they
    were. A month is whole when everything due in it began on `complete_from` or after, under the
    longest limit in force then. Where the limit is a time to look back over (a referral within
    twelve months of another), the same day is the first whose whole window is held.
    """
    before = datetime.combine(complete_from - timedelta(days=1), time.min)
    reached = [limit.due(before) for limit in standard.limits if limit.in_force_on(before.date())]
    return _month_after(max(reached, default=before).date())


def _month_after(day: date) -> date:
    return add_months(day.replace(day=1), 1)

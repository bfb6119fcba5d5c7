"""From a standard to its entries: the clock, the checks, and how an entry stands.

Everything here is an Ibis expression over the dataset's declared tables, built once and run on any
engine that holds them: PostgreSQL for the live record, DuckDB for files.
"""

from collections.abc import Iterable
from datetime import datetime

import ibis
import ibis.expr.types as ir

from harbourlight.standards.clocks import END_OF_DAY, Unit
from harbourlight.standards.expressions import (
    APPLIES,
    CANNOT_TELL,
    NO_TEXT,
    NO_TIME,
    NOT_APPLICABLE,
    in_force,
    interval,
)
from harbourlight.standards.standard import (
    COMMON_DETAILS,
    Kind,
    Outcome,
    Standard,
    Tables,
)

ENTRY_COLUMNS = (
    "standard",
    "about",
    "about_id",
    "child_id",
    "worker_id",
    "team_id",
    "starts_at",
    "due_at",
    "met_at",
    "lapsed_at",
    "standing",
    "detail",
)
"""An entry as it is stored: all that no passing of time can change."""

_LAST_SECOND = ibis.interval(
    seconds=END_OF_DAY.hour * 3600 + END_OF_DAY.minute * 60 + END_OF_DAY.second
)


def entries(standard: Standard, data: Tables) -> ir.Table:
    """The entries of one standard over a dataset, with `ENTRY_COLUMNS`."""
    rows = _with_due(standard, standard.subjects(data), data)
    started_on = rows.starts_at.date()
    met_in_time = ibis.coalesce(rows.met_at <= rows.due_at, ibis.literal(False))
    limited = ibis.literal(False)
    for limit in standard.limits:
        limited |= in_force(limit, started_on)
    verdicts = (
        (rows.starts_at.isnull() & (rows.standing == APPLIES), CANNOT_TELL, "no_start"),
        # First, so that what began before a standard was in force is never "cannot tell".
        (~limited, NOT_APPLICABLE, "not_in_force"),
        (rows.standing != APPLIES, rows.standing, None),
        (rows.due_at.isnull(), CANNOT_TELL, "outside_calendar"),
        # Days, not instants: an assessment authorised at midnight of the day it was referred.
        (rows.met_at.date() < started_on, CANNOT_TELL, "dates_contradict"),
        ((rows.unseen_before > rows.starts_at) & ~met_in_time, CANNOT_TELL, "unseen"),
    )
    standing = ibis.cases(*((when, then) for when, then, _ in verdicts), else_=APPLIES)
    detail = ibis.cases(
        *(
            (when, rows.detail if code is None else ibis.literal(code))
            for when, _, code in verdicts
        ),
        else_=rows.detail,
    )
    rows = rows.mutate(standing=standing, detail=detail, standard=ibis.literal(standard.code))
    return rows.mutate(
        due_at=ibis.ifelse(rows.standing == NOT_APPLICABLE, NO_TIME, rows.due_at)
    ).select(*ENTRY_COLUMNS)


def all_entries(standards: Iterable[Standard], data: Tables) -> ir.Table:
    """The entries of several standards in one expression. Raises `ValueError` for none."""
    each = [entries(standard, data) for standard in standards]
    if not each:
        raise ValueError("no standard was given to evaluate")
    return ibis.union(*each) if len(each) > 1 else each[0]


def outcome(rows: ir.Table, as_at: datetime) -> ir.StringValue:
    """How each entry stands at `as_at`: `standards.standard.outcome_at` for an engine."""
    now = ibis.literal(as_at, type="timestamp")
    return ibis.cases(
        (rows.standing == NOT_APPLICABLE, _said(Outcome.NOT_APPLICABLE)),
        ((rows.standing != APPLIES) | rows.due_at.isnull(), _said(Outcome.CANNOT_TELL)),
        ((rows.met_at <= now) & (rows.met_at <= rows.due_at), _said(Outcome.MET)),
        (
            (rows.lapsed_at <= now) & (rows.lapsed_at <= rows.due_at),
            _said(Outcome.NOT_APPLICABLE),
        ),
        (rows.met_at <= now, _said(Outcome.MET_LATE)),
        (now <= rows.due_at, _said(Outcome.DUE)),
        else_=_said(Outcome.OVERDUE),
    )


def detail_in_words(standards: Iterable[Standard], rows: ir.Table) -> ir.StringValue:
    """The sentence each entry's `detail` code stands for; null where it has none."""
    cases = [
        ((rows.standard == standard.code) & (rows.detail == code), ibis.literal(sentence))
        for standard in standards
        for code, sentence in standard.details.items()
    ]
    cases += [(rows.detail == code, ibis.literal(text)) for code, text in COMMON_DETAILS.items()]
    return ibis.cases(*cases, else_=NO_TEXT)


def _said(outcome: Outcome) -> ir.StringScalar:
    return ibis.literal(str(outcome))


def _with_due(standard: Standard, rows: ir.Table, data: Tables) -> ir.Table:
    """`rows` with `due_at` by the limit in force on the day each began; null if none was."""
    if standard.kind is Kind.OCCURRENCE:
        return rows.mutate(due_at=rows.starts_at)
    started_on = rows.starts_at.date()
    if any(limit.unit is Unit.WORKING_DAY for limit in standard.limits):
        rows = _with_working_day(standard, rows, data)
        due_on = rows.due_on
    else:
        due_on = ibis.null("date")
    calendar_days = [
        (in_force(limit, started_on), started_on + interval(limit))
        for limit in standard.limits
        if limit.unit is not Unit.WORKING_DAY
    ]
    if calendar_days:
        due_on = ibis.cases(*calendar_days, else_=due_on)
    return rows.mutate(due_at=due_on.cast("timestamp") + _LAST_SECOND)


def _with_working_day(standard: Standard, rows: ir.Table, data: Tables) -> ir.Table:
    """`rows` with `due_on` for limits in working days, by two look-ups in the calendar."""
    count = ibis.cases(
        *(
            (in_force(limit, rows.starts_at.date()), ibis.literal(limit.count, type="int64"))
            for limit in standard.limits
            if limit.unit is Unit.WORKING_DAY
        ),
        else_=ibis.null("int64"),
    )
    rows = rows.mutate(started_on=rows.starts_at.date(), allowed=count)
    calendar = data.hl_calendar
    start = calendar.select(start_day="hlca_day", start_number="hlca_number")
    rows = rows.left_join(start, rows.started_on == start.start_day)
    rows = rows.mutate(due_number=rows.start_number + rows.allowed)
    end = calendar.filter(calendar.hlca_is_working_day == "Y").select(
        due_on="hlca_day", end_number="hlca_number"
    )
    return rows.left_join(end, rows.due_number == end.end_number)

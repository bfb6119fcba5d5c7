"""The few relational pieces that several standards share.

Ibis expressions over the dataset's tables; nothing here knows an engine.
"""

from typing import Any

import ibis
import ibis.expr.types as ir

from harbourlight.standards.clocks import Limit, Unit
from harbourlight.standards.standard import SUBJECT_COLUMNS, Standing, Tables

APPLIES = ibis.literal(str(Standing.APPLIES))
CANNOT_TELL = ibis.literal(str(Standing.CANNOT_TELL))
NOT_APPLICABLE = ibis.literal(str(Standing.NOT_APPLICABLE))
NO_TIME = ibis.null("timestamp")
NO_TEXT = ibis.null("string")


def subjects(rows: ir.Table, **columns: ir.Value) -> ir.Table:
    """`rows` with exactly `SUBJECT_COLUMNS`, each cast to its type; a column not given is null."""
    unknown = columns.keys() - SUBJECT_COLUMNS.keys()
    if unknown:
        raise TypeError(f"not columns of a subject: {', '.join(sorted(unknown))}")
    given: dict[str, ir.Value] = {"standing": APPLIES, **columns}
    return rows.select(
        **{
            name: given[name].cast(kind) if name in given else ibis.null(kind)
            for name, kind in SUBJECT_COLUMNS.items()
        }
    )


def first_row(rows: ir.Table, by: str, order_by: list[Any]) -> ir.Table:
    """One row of `rows` for each value of the column `by`: the first in the order given."""
    numbered = rows.mutate(
        row=ibis.row_number().over(ibis.window(group_by=rows[by], order_by=order_by))
    )
    return numbered.filter(numbered.row == 0).drop("row")


def holders(data: Tables) -> ir.Table:
    """Who holds each episode: `holder_referral_id`, `holder_worker_id`, `holder_team_id`.

    The worker of the latest involvement on the episode, open or ended, so that an entry follows
    the child when a case is reallocated.
    """
    invo = data.ssd_involvements
    invo = invo.filter(invo.invo_referral_id.notnull())
    latest = first_row(
        invo,
        "invo_referral_id",
        [
            ibis.desc(invo.invo_involvement_start_date, nulls_first=False),
            ibis.desc(invo.invo_involvements_id, nulls_first=False),
        ],
    )
    return latest.select(
        holder_referral_id="invo_referral_id",
        holder_worker_id="invo_professional_id",
        holder_team_id="invo_professional_team",
    )


def with_holder(rows: ir.Table, data: Tables, referral_id: str) -> ir.Table:
    """`rows` with the columns of `holders` for the episode named in the column `referral_id`."""
    held = holders(data)
    return rows.left_join(held, rows[referral_id] == held.holder_referral_id)


def complete_from(data: Tables, table: str) -> ir.Value:
    """The day from which the source holds every row of `table`; null where it always did."""
    coverage = data.hl_coverage
    return coverage.filter(coverage.hlco_table == table).hlco_complete_from.max().as_scalar()


def last_before_held(data: Tables, table: str) -> ir.Value:
    """Whether the source also holds the last row before its coverage of `table` begins."""
    coverage = data.hl_coverage
    flag = coverage.filter(coverage.hlco_table == table).hlco_last_before_held.max().as_scalar()
    return ibis.coalesce(flag == "Y", ibis.literal(False))


def in_force(limit: Limit, day: ir.Value) -> ir.BooleanValue:
    """Whether a clock that starts on `day` runs to `limit`."""
    held = day >= ibis.literal(limit.in_force_from)
    if limit.in_force_to is not None:
        held &= day <= ibis.literal(limit.in_force_to)
    return held


def interval(limit: Limit) -> ir.Value:
    """A limit of months or years as an interval."""
    match limit.unit:
        case Unit.MONTH:
            return ibis.interval(months=limit.count)
        case Unit.YEAR:
            return ibis.interval(years=limit.count)
        case Unit.WORKING_DAY | Unit.NONE:
            raise ValueError(f"a limit in {limit.unit.value}s is not an interval of the calendar")


def window_start(limits: tuple[Limit, ...], day: ir.Value) -> ir.Value:
    """The day `limit` before `day`, by the limit in force on `day`; null if none was."""
    return ibis.cases(
        *((in_force(limit, day), day - interval(limit)) for limit in limits),
        else_=ibis.null("date"),
    )

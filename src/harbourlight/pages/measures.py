"""What the board says of each standard: its months, what is ordinary for them, and the picture.

Counting is the ledger's, judging and drawing are `insight`'s; this joins them for the live record.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from harbourlight.insight.charts import Size, draw
from harbourlight.insight.findings import Finding, find
from harbourlight.insight.process_behaviour import (
    Month,
    ProcessBehaviour,
    behaviour,
    good_direction,
)
from harbourlight.ledger.measures import whole_from
from harbourlight.pages.selectors import coverage
from harbourlight.record.live_ledger.selectors import months
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.clocks import END_OF_DAY, add_months
from harbourlight.standards.standard import Kind, Standard

CHARTED_MONTHS = 24


@dataclass(frozen=True)
class Charted:
    """A standard's months on the board, and what they say.

    `first` is the month they begin at the earliest. `whole_from` is the first month the record can
    answer for in full, where it does not hold everything; months before it are left out.
    """

    standard: Standard
    behaviour: ProcessBehaviour
    finding: Finding
    first: date
    whole_from: date | None

    @property
    def left_out(self) -> bool:
        """Whether months are left out that would have been shown."""
        return self.whole_from is not None and self.whole_from > self.first

    @property
    def cannot_tell(self) -> int:
        """How many entries of these months cannot be told."""
        return sum(point.month.cannot_tell for point in self.behaviour.points)

    def picture(self, size: Size, *, months_at: str = "", query: str = "") -> str:
        """The chart as SVG. With `months_at`, each month opens `<months_at>YYYY-MM/<query>`."""
        return _picture(self.behaviour, self.finding, self.standard.code, size, months_at, query)


def charted(
    as_at: datetime, codes: Iterable[str] = CATALOGUE, *, team_id: str | None = None
) -> dict[str, Charted]:
    """The latest two years of each standard, over the record or over one team's entries."""
    first = add_months(as_at.date().replace(day=1), 1 - CHARTED_MONTHS)
    where = {"team_id": team_id} if team_id else {}
    counted: dict[str, list[Month]] = {code: [] for code in codes}
    for row in months(as_at, counted, since=first, where=where):
        counted[row["standard"]].append(
            Month(row["month"], row["numerator"], row["denominator"], row["cannot_tell"])
        )
    held_from = coverage()
    # A month is whole when its last day is over, not when that day has begun.
    is_over = as_at.time() >= END_OF_DAY
    last_whole_day = as_at.date() if is_over else as_at.date() - timedelta(days=1)
    return {
        code: _charted(CATALOGUE[code], held, first, last_whole_day, held_from)
        for code, held in counted.items()
    }


def _charted(
    standard: Standard,
    held: list[Month],
    first: date,
    last_whole_day: date,
    held_from: Mapping[str, date],
) -> Charted:
    tables = {needed.partition(".")[0] for needed in standard.needs}
    complete_from = max((held_from[table] for table in tables & held_from.keys()), default=None)
    whole = None if complete_from is None else whole_from(standard, complete_from)
    chart = behaviour(
        [month for month in held if whole is None or month.month >= whole],
        good_direction(standard.kind),
        as_at=last_whole_day,
    )
    return Charted(standard, chart, find(chart, standard), first, whole)


@lru_cache(maxsize=1024)
def _picture(
    chart: ProcessBehaviour, finding: Finding, code: str, size: Size, months_at: str, query: str
) -> str:
    """A picture, kept by what it shows: a fifth of a second when it is not held.

    What it shows changes when a day passes or a past month is put right, not with every act, so
    most views of a board draw nothing.
    """
    standard = CATALOGUE[code]
    return draw(
        chart,
        finding,
        name=standard.title,
        full_scale=standard.kind is not Kind.OCCURRENCE,
        size=size,
        link=(lambda month: f"{months_at}{month:%Y-%m}/{query}") if months_at else None,
    )

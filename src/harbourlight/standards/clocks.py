"""How long a duty allows: dated limits, each with its source.

A limit is never a constant in an expression. A new edition of guidance is a new `Limit` with its
own dates, so a child whose clock began under the old edition keeps the old limit.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from harbourlight.standards.calendar import add_working_days
from harbourlight.standards.sources import Mark, Source

END_OF_DAY = time(23, 59, 59)
"""A limit in days runs to the last second of its due day. Instants are held to whole seconds."""


class Unit(StrEnum):
    """What a limit counts in."""

    WORKING_DAY = "working day"
    MONTH = "month"
    YEAR = "year"
    NONE = "at once"

    @property
    def calendar(self) -> str:
        """Which calendar the unit is counted on, in words."""
        if self is Unit.WORKING_DAY:
            return "working days: Monday to Friday less England's bank holidays; day 0 is the start"
        return "calendar"


@dataclass(frozen=True, slots=True)
class Limit:
    """How many of a unit, for clocks that start between two days (both included).

    `in_force_mark` says how sure we are of those days, which need not be as sure as the limit.
    """

    count: int
    unit: Unit
    source: Source
    in_force_from: date
    in_force_to: date | None = None
    in_force_mark: Mark = Mark.UNVERIFIED

    def in_force_on(self, day: date) -> bool:
        """Whether a clock that starts on `day` runs to this limit."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)

    def due(self, start: datetime) -> datetime:
        """The last second in which a duty that began at `start` is met in time."""
        match self.unit:
            case Unit.WORKING_DAY:
                day = add_working_days(start.date(), self.count)
            case Unit.MONTH:
                day = add_months(start.date(), self.count)
            case Unit.YEAR:
                day = add_months(start.date(), 12 * self.count)
            case Unit.NONE:
                return start
        return datetime.combine(day, END_OF_DAY)

    def __str__(self) -> str:
        if self.unit is Unit.NONE:
            return "at once"
        return f"{self.count} {self.unit.value}{'' if self.count == 1 else 's'}"


def add_months(start: date, count: int) -> date:
    """The same day `count` months on, or the last day of that month where it has no such day.

    PostgreSQL and DuckDB add an interval of months the same way; the situation tables hold them
    to it.
    """
    years, month = divmod(start.month - 1 + count, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))

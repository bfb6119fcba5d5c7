"""Working days in England, from a frozen table of bank holidays.

The table is data (`bank_holidays.csv`, 2000 to 2040) so that no upgrade of a library can move a
due date; a test compares it with the `holidays` package for every year. Years not yet proclaimed
follow the standing rules and may gain a day (a coronation, a jubilee): add a row.

Day 0 is the day a clock starts, whether or not it is a working day; the first working day after it
is day 1 (`reference/domain.md` 0.2: published bands begin "same day", then "1-10").
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2040, 12, 31)


class OutsideCalendar(ValueError):
    """A day before or after the years the calendar holds."""

    def __init__(self, day: date) -> None:
        super().__init__(
            f"{day.isoformat()} is outside the working-day calendar, "
            f"which holds {FIRST_DAY.year} to {LAST_DAY.year}: add its bank holidays to "
            "standards/bank_holidays.csv"
        )
        self.day = day


@cache
def bank_holidays() -> dict[date, str]:
    """England's bank holidays by day, with their names."""
    with Path(__file__).with_name("bank_holidays.csv").open(encoding="utf-8") as rows:
        return {date.fromisoformat(row["day"]): row["name"] for row in csv.DictReader(rows)}


def is_working_day(day: date) -> bool:
    """Whether `day` is Monday to Friday and not a bank holiday in England.

    Raises `OutsideCalendar` for a day the table does not hold.
    """
    if not FIRST_DAY <= day <= LAST_DAY:
        raise OutsideCalendar(day)
    return day.weekday() < 5 and day not in bank_holidays()


def add_working_days(start: date, count: int) -> date:
    """The `count`th working day after `start`, which is day 0."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days after `start`, up to and including `end`; negative if `end` is first.

    This is the number people count: due today is 0, due tomorrow (a working day) is 1, and one
    working day late is -1.
    """
    if end < start:
        return -working_days_between(end, start)
    return _numbers()[end] - _numbers()[start] if _held(start, end) else 0


def _held(*days: date) -> bool:
    for day in days:
        if not FIRST_DAY <= day <= LAST_DAY:
            raise OutsideCalendar(day)
    return True


@cache
def _numbers() -> dict[date, int]:
    return {row.day: row.number for row in calendar_days()}


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day of the calendar, as the engines hold it in the table `hl_calendar`.

    `number` counts the working days up to and including `day`, so that the due day of a clock of
    `n` working days is the working day whose number is that of the start plus `n`.
    """

    day: date
    is_working_day: bool
    number: int


def calendar_days() -> Iterator[CalendarDay]:
    """Every day of the calendar in order: the rows of `hl_calendar`."""
    number = 0
    for offset in range((LAST_DAY - FIRST_DAY).days + 1):
        day = FIRST_DAY + timedelta(days=offset)
        working = is_working_day(day)
        number += working
        yield CalendarDay(day, working, number)

"""Days and instants as whole numbers, and working-day arithmetic over millions of them at once.

A day is the count of days since 1 January 1970 and an instant the count of seconds, by the clock
on the wall in London, as Arrow and NumPy hold them. The calendar is `standards.calendar`; the rules
are those of `standards.calendar` and `standards.clocks`, which a test holds this module to.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from harbourlight.standards.calendar import (
    FIRST_DAY,
    LAST_DAY,
    OutsideCalendar,
    bank_holidays,
    calendar_days,
)

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

_EPOCH = date(1970, 1, 1)
NEVER = (date(2200, 1, 1) - _EPOCH).days
"""A day that does not come. It sorts after every day and survives adding years of days."""
SECONDS_IN_DAY = 86_400
HOUR = 3_600


def number_of(day: date) -> int:
    """A day as a number."""
    return (day - _EPOCH).days


def date_of(day: int) -> date:
    """A number as a day."""
    return date.fromordinal(day + _EPOCH.toordinal())


def day_of(instants: Ints) -> Ints:
    """The day on which each instant falls."""
    return instants // SECONDS_IN_DAY


@dataclass(frozen=True, slots=True)
class _Calendar:
    first: int
    working: Flags  # by day
    number: Ints  # by day: working days up to and including it
    working_days: Ints  # by number less one: the day that carries it
    bank_holiday: Flags  # by day


@cache
def _calendar() -> _Calendar:
    rows = list(calendar_days())
    first = number_of(FIRST_DAY)
    working = np.array([row.is_working_day for row in rows])
    holiday = np.zeros(len(rows), bool)
    holiday[[number_of(day) - first for day in bank_holidays()]] = True
    return _Calendar(
        first,
        working,
        np.array([row.number for row in rows], np.int64),
        np.flatnonzero(working) + first,
        holiday,
    )


def _place(days: Ints) -> Ints:
    """Where each day stands in the calendar's arrays; days beyond its end stand at its end."""
    held = _calendar()
    return np.clip(days - held.first, 0, len(held.working) - 1)


def is_working(days: Ints) -> Flags:
    """Whether each day is a working day in England."""
    return _calendar().working[_place(days)]


def working_number(days: Ints) -> Ints:
    """The working days up to and including each day: differences count working days between."""
    return _calendar().number[_place(days)]


def _by_number(numbers: Ints) -> Ints:
    held = _calendar().working_days
    return held[np.clip(numbers - 1, 0, len(held) - 1)]


def add_working_days(days: Ints, count: Ints | int) -> Ints:
    """The `count`th working day after each day, which is day 0; the day itself where count is 0."""
    return np.where(np.asarray(count) > 0, _by_number(working_number(days) + count), days)


def working_day_from(days: Ints) -> Ints:
    """Each day if it is worked, else the next that is."""
    return np.where(is_working(days), days, _by_number(working_number(days) + 1))


def working_day_to(days: Ints) -> Ints:
    """Each day if it is worked, else the last before it that is."""
    return _by_number(working_number(days))


def _months(days: Ints) -> npt.NDArray[np.datetime64]:
    return days.astype("datetime64[D]").astype("datetime64[M]")


def add_months(days: Ints, count: int) -> Ints:
    """The same day `count` months on, or the last of that month where it has no such day."""
    months = _months(days)
    place = days - months.astype("datetime64[D]").astype(np.int64)
    then = months + np.timedelta64(count, "M")
    first: Ints = then.astype("datetime64[D]").astype(np.int64)
    length = (then + np.timedelta64(1, "M")).astype("datetime64[D]").astype(np.int64) - first
    found: Ints = first + np.minimum(place, length - 1)
    return found


def month_of(days: Ints) -> Ints:
    """The month of each day, 1 to 12."""
    return _months(days).astype(np.int64) % 12 + 1


def weekday_of(days: Ints) -> Ints:
    """The day of the week, Monday 0 to Sunday 6."""
    return (days + 3) % 7


def is_school_day(days: Ints) -> Flags:
    """Whether schools are open: an ordinary English pattern of terms, not any one authority's."""
    months = _months(days)
    month = month_of(days)
    dom = days - months.astype("datetime64[D]").astype(np.int64) + 1
    monday_dom = dom - weekday_of(days)  # the day of the month of that week's Monday
    away: Flags = (month == 8) | ((month == 7) & (dom >= 22)) | ((month == 9) & (dom <= 2))
    away |= ((month == 12) & (dom >= 21)) | ((month == 1) & (dom <= 3))
    away |= (month == 2) & (monday_dom >= 12) & (monday_dom <= 18)
    away |= (month == 10) & (monday_dom >= 22) & (monday_dom <= 28)
    for day, name in bank_holidays().items():
        if name == "Good Friday":
            friday = number_of(day)
            away |= (days >= friday - 4) & (days <= friday + 9)
        elif name == "Spring Bank Holiday":
            monday = number_of(day) - day.weekday()
            away |= (days >= monday) & (days <= monday + 6)
    return is_working(days) & ~away


def on_the_clock(instants: Ints) -> Ints:
    """Instants moved out of the hour that does not exist, when clocks go forward in March."""
    days = day_of(instants)
    hour = instants % SECONDS_IN_DAY // HOUR
    dom = days - _months(days).astype("datetime64[D]").astype(np.int64) + 1
    lost = (month_of(days) == 3) & (dom >= 25) & (weekday_of(days) == 6) & (hour == 1)
    return instants + np.where(lost, HOUR, 0)


WARM_UP_DAYS = 730
"""How long the trust runs before its first recorded day, so that on that day its caseload stands
where it will go on standing. What was still open then is kept whole; the rest is forgotten."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days simulated: `opens` to `last`, of which every row is kept from `first`.

    From `strained_from` to `strained_to` (both included) agency workers replace leavers in the
    assessment teams and assessments run late: the one true change in the story.
    """

    opens: int
    first: int
    last: int
    strained_from: int
    strained_to: int

    @property
    def years(self) -> float:
        """The whole length in years, warm-up included."""
        return (self.last - self.opens + 1) / 365.25


def period(years: int, until: date) -> Period:
    """The days of a trust of `years` years that end on `until`.

    Raises `ValueError` if `years` is not positive, `OutsideCalendar` if the working-day calendar
    does not hold the days.
    """
    if years < 1:
        raise ValueError(f"a trust is simulated for at least one year, not {years}")
    last = number_of(until)
    first = int(add_months(np.array([last]), -12 * years)[0]) + 1
    opens = first - WARM_UP_DAYS
    if opens < number_of(FIRST_DAY):
        raise OutsideCalendar(date_of(opens))
    if until >= LAST_DAY:  # what would happen on or after the calendar's end is never recorded
        raise OutsideCalendar(until)
    months = 12 * years
    begin = _months(np.array([first])) + np.timedelta64(months * 11 // 20, "M")
    length = np.timedelta64(min(8, max(2, months // 4)), "M")
    return Period(
        opens,
        first,
        last,
        int(begin.astype("datetime64[D]").astype(np.int64)[0]),
        int((begin + length).astype("datetime64[D]").astype(np.int64)[0]) - 1,
    )

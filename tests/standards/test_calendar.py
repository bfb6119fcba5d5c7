"""Working days are counted as people count them, from bank holidays that no upgrade can move."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbourlight.standards.calendar import (
    FIRST_DAY,
    LAST_DAY,
    OutsideCalendar,
    add_working_days,
    bank_holidays,
    calendar_days,
    is_working_day,
    working_days_between,
)

TYPED = """
2022: 3 Jan, 15 Apr, 18 Apr, 2 May, 2 Jun, 3 Jun, 29 Aug, 19 Sep, 26 Dec, 27 Dec
2023: 2 Jan, 7 Apr, 10 Apr, 1 May, 8 May, 29 May, 28 Aug, 25 Dec, 26 Dec
2024: 1 Jan, 29 Mar, 1 Apr, 6 May, 27 May, 26 Aug, 25 Dec, 26 Dec
2025: 1 Jan, 18 Apr, 21 Apr, 5 May, 26 May, 25 Aug, 25 Dec, 26 Dec
2026: 1 Jan, 3 Apr, 6 Apr, 4 May, 25 May, 31 Aug, 25 Dec, 28 Dec
2027: 1 Jan, 26 Mar, 29 Mar, 3 May, 31 May, 30 Aug, 27 Dec, 28 Dec
"""
"""The weekdays on which England's banks shut, typed by hand and not taken from any library."""


def typed() -> dict[int, set[date]]:
    years = {}
    for line in TYPED.strip().splitlines():
        year, days = line.split(": ")
        years[int(year)] = {
            datetime.strptime(f"{day} {year}", "%d %b %Y").date()  # noqa: DTZ007 - a day has no zone
            for day in days.split(", ")
        }
    return years


@pytest.mark.parametrize(("year", "days"), typed().items())
def test_the_weekdays_not_worked_are_those_that_were_typed_by_hand(year, days):
    weekday = date(year, 1, 1)
    while weekday.year == year:
        if weekday.weekday() < 5:
            assert is_working_day(weekday) == (weekday not in days), weekday
        weekday += timedelta(days=1)


@pytest.mark.parametrize("year", range(FIRST_DAY.year, LAST_DAY.year + 1))
def test_every_year_has_the_bank_holidays_the_holidays_package_knows(year):
    ours = {day for day in bank_holidays() if day.year == year}
    assert ours == set(holidays.country_holidays("GB", subdiv="ENG", years=year))


DAY_0 = [
    # start, working days, the last day, why
    ("2025-06-03", 0, "2025-06-03", "no working days is the same day"),
    ("2025-06-07", 0, "2025-06-07", "even when it is not worked"),
    ("2025-06-03", 1, "2025-06-04", "Tuesday to Wednesday"),
    ("2025-06-06", 1, "2025-06-09", "Friday to Monday"),
    ("2025-06-07", 1, "2025-06-09", "Saturday to Monday: nobody loses a day"),
    ("2025-06-08", 1, "2025-06-09", "Sunday to Monday"),
    ("2025-04-17", 1, "2025-04-22", "Maundy Thursday to Easter Tuesday"),
    ("2025-05-02", 1, "2025-05-06", "over May Day"),
    ("2022-06-01", 1, "2022-06-06", "over the jubilee"),
    ("2025-12-24", 1, "2025-12-29", "over Christmas and the weekend"),
    ("2026-12-24", 1, "2026-12-29", "Boxing Day on a Saturday is kept on Monday 28th"),
    ("2027-12-24", 1, "2027-12-29", "Christmas on a Saturday is kept on Monday and Tuesday"),
    ("2025-06-02", 15, "2025-06-23", "three whole weeks"),
    ("2025-06-01", 15, "2025-06-20", "three whole weeks, of which Monday is the first day"),
    ("2025-12-11", 15, "2026-01-06", "over Christmas and New Year"),
    ("2025-06-02", 45, "2025-08-04", "nine whole weeks"),
    ("2025-03-03", 45, "2025-05-08", "nine weeks and three bank holidays"),
]


@pytest.mark.parametrize(("start", "count", "last", "why"), DAY_0)
def test_the_day_it_begins_is_day_0(start, count, last, why):
    started_on, last_on = date.fromisoformat(start), date.fromisoformat(last)
    assert add_working_days(started_on, count) == last_on, why
    assert working_days_between(started_on, last_on) == count


days = st.dates(FIRST_DAY, date(2039, 6, 30))


@given(days, st.integers(0, 300))
def test_counting_to_the_day_that_was_added_gives_what_was_added(start, count):
    last = add_working_days(start, count)
    assert working_days_between(start, last) == count
    assert working_days_between(last, start) == -count
    if count:
        assert is_working_day(last)
        assert working_days_between(start, last - timedelta(days=1)) == count - 1


@given(days, st.integers(0, 400))
def test_the_days_between_are_those_one_would_tick_off(start, length):
    end = start + timedelta(days=length)
    ticked = sum(is_working_day(start + timedelta(days=day)) for day in range(1, length + 1))
    assert working_days_between(start, end) == ticked


def test_the_calendar_numbers_its_working_days_one_by_one_and_misses_no_day():
    held = list(calendar_days())
    assert [held[0].day, held[-1].day] == [FIRST_DAY, LAST_DAY]
    for before, after in pairwise(held):
        assert after.day - before.day == timedelta(days=1)
        assert after.number - before.number == after.is_working_day == is_working_day(after.day)


@pytest.mark.parametrize("day", [FIRST_DAY - timedelta(days=1), LAST_DAY + timedelta(days=1)])
def test_a_day_beyond_the_calendar_is_refused_by_name(day):
    with pytest.raises(OutsideCalendar, match=day.isoformat()):
        is_working_day(day)
    with pytest.raises(OutsideCalendar, match=day.isoformat()):
        working_days_between(day, FIRST_DAY)
    with pytest.raises(OutsideCalendar, match=r"bank_holidays\.csv"):
        add_working_days(LAST_DAY, 1)

"""Whole arrays of days keep the rules that `standards` states for one day at a time."""

from datetime import date, timedelta

import numpy as np
import pytest

from harbourlight.simulate import days
from harbourlight.standards import calendar, clocks

EVERY_DAY = [date(2019, 1, 1) + timedelta(offset) for offset in range(6 * 366)]
NUMBERS = np.array([days.number_of(day) for day in EVERY_DAY])


def as_dates(numbers):
    return [days.date_of(int(number)) for number in numbers]


@pytest.mark.parametrize("count", [0, 1, 2, 15, 45])
def test_working_days_are_added_as_the_calendar_adds_them(count):
    added = days.add_working_days(NUMBERS, count)
    assert as_dates(added) == [calendar.add_working_days(day, count) for day in EVERY_DAY]


@pytest.mark.parametrize("count", [-12, 3, 6, 24, 216])
def test_months_are_added_as_the_clocks_add_them(count):
    assert as_dates(days.add_months(NUMBERS, count)) == [
        clocks.add_months(day, count) for day in EVERY_DAY
    ]


def test_the_nearest_working_days_are_worked_and_nothing_worked_lies_between():
    for near, step in ((days.working_day_from, -1), (days.working_day_to, 1)):
        found = as_dates(near(NUMBERS))
        assert all(calendar.is_working_day(day) for day in found)
        assert all(
            not calendar.is_working_day(between + timedelta(step))
            for between, day in zip(found, EVERY_DAY, strict=True)
            if between + timedelta(step) == day
        )


@pytest.mark.parametrize(
    ("received", "shown"),
    [
        # Clocks went forward at 01:00 on 29 March 2026: that hour was on no clock.
        ("2026-03-29 00:59:59", "2026-03-29 00:59:59"),
        ("2026-03-29 01:00:00", "2026-03-29 02:00:00"),
        ("2026-03-29 01:59:59", "2026-03-29 02:59:59"),
        ("2026-03-29 02:00:00", "2026-03-29 02:00:00"),
        ("2026-03-22 01:30:00", "2026-03-22 01:30:00"),  # a week too early
        ("2026-10-25 01:30:00", "2026-10-25 01:30:00"),  # back: the hour comes twice
    ],
)
def test_no_instant_falls_in_the_hour_that_does_not_exist(received, shown):
    seconds = np.array([received], "datetime64[s]").astype(np.int64)
    assert days.on_the_clock(seconds).astype("datetime64[s]")[0] == np.datetime64(shown)


@pytest.mark.parametrize(
    ("day", "open_to_children"),
    [
        (date(2026, 3, 18), True),
        (date(2026, 3, 21), False),  # Saturday
        (date(2026, 4, 8), False),  # the week after Easter Monday
        (date(2026, 4, 20), True),
        (date(2026, 5, 28), False),  # the week of the spring bank holiday
        (date(2022, 6, 1), False),  # that week in the year the holiday moved to Thursday
        (date(2026, 8, 12), False),
        (date(2026, 10, 28), False),
        (date(2026, 12, 23), False),
    ],
)
def test_schools_keep_terms(day, open_to_children):
    assert days.is_school_day(np.array([days.number_of(day)]))[0] == open_to_children


@pytest.mark.parametrize(
    ("years", "until", "error"),
    [
        (0, date(2026, 3, 31), ValueError),
        (5, date(2006, 3, 31), calendar.OutsideCalendar),  # the warm-up begins in 1999
        (5, calendar.LAST_DAY, calendar.OutsideCalendar),
    ],
)
def test_a_period_the_calendar_cannot_hold_is_refused(years, until, error):
    with pytest.raises(error):
        days.period(years, until)


def test_a_period_runs_whole_years_to_its_last_day_and_strains_within_them():
    period = days.period(5, date(2026, 3, 31))
    assert days.date_of(period.first) == date(2021, 4, 1)
    assert days.date_of(period.strained_from) == date(2024, 1, 1)
    assert days.date_of(period.strained_to) == date(2024, 8, 31)

"""Limits run to the last second of the right day, by the edition in force when they began."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbourlight.standards.clocks import Limit, Unit, add_months
from harbourlight.standards.sources import Mark, Source

GUIDE = Source("A guide", "p 1", Mark.UNVERIFIED)


def limit(count: int, unit: Unit) -> Limit:
    return Limit(count, unit, GUIDE, date(2013, 4, 15))


MONTHS_ON = [
    ("2024-11-30", 3, "2025-02-28"),
    ("2023-11-30", 3, "2024-02-29"),
    ("2024-02-29", 12, "2025-02-28"),
    ("2024-02-29", 48, "2028-02-29"),
    ("2025-08-31", 6, "2026-02-28"),
    ("2025-03-31", 1, "2025-04-30"),
    ("2025-12-31", 1, "2026-01-31"),
    ("2025-01-15", 0, "2025-01-15"),
    ("2024-02-29", -12, "2023-02-28"),
    ("2026-03-31", -12, "2025-03-31"),
    ("2025-01-15", -1, "2024-12-15"),
]


@pytest.mark.parametrize(("start", "count", "end"), MONTHS_ON)
def test_months_keep_the_day_or_take_the_last_of_the_month(start, count, end):
    assert add_months(date.fromisoformat(start), count) == date.fromisoformat(end)


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(-120, 120))
def test_months_on_is_that_many_months_on_and_never_a_later_day(start, count):
    end = add_months(start, count)
    assert (end.year - start.year) * 12 + end.month - start.month == count
    assert end.day <= start.day


@pytest.mark.parametrize(
    ("held", "due", "words"),
    [
        (limit(1, Unit.WORKING_DAY), "2025-06-09T23:59:59", "1 working day"),
        (limit(45, Unit.WORKING_DAY), "2025-08-08T23:59:59", "45 working days"),
        (limit(3, Unit.MONTH), "2025-09-06T23:59:59", "3 months"),
        (limit(2, Unit.YEAR), "2027-06-06T23:59:59", "2 years"),
        (limit(0, Unit.NONE), "2025-06-06T21:40:00", "at once"),
    ],
)
def test_a_limit_runs_to_the_last_second_of_its_day_whatever_the_hour(held, due, words):
    friday_evening = datetime.fromisoformat("2025-06-06T21:40:00")
    assert held.due(friday_evening) == datetime.fromisoformat(due)
    assert str(held) == words


def test_a_limit_is_in_force_on_its_first_day_and_its_last():
    held = Limit(1, Unit.MONTH, GUIDE, date(2020, 1, 1), date(2020, 12, 31))
    assert [
        held.in_force_on(day)
        for day in (date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1))
    ] == [False, True, True, False]
    assert limit(1, Unit.MONTH).in_force_on(date(2999, 1, 1))

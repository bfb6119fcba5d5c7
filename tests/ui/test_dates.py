"""Reading dates and times as they are typed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from harbourlight.ui import formats, forms
from harbourlight.ui.forms.dates import MONTHS, PARTS, Unreadable, read_date, read_time

LONDON = ZoneInfo("Europe/London")


def boxes(day="", month="", year=""):
    return {"day": day, "month": month, "year": year}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (boxes("27", "3", "2026"), date(2026, 3, 27)),
        (boxes("27", "03", "2026"), date(2026, 3, 27)),
        (boxes(" 7 ", "March", "2026"), date(2026, 3, 7)),
        (boxes("7th", "sept", "2026"), date(2026, 9, 7)),
        (boxes("29", "2", "2024"), date(2024, 2, 29)),
        (boxes("27/3/2026"), date(2026, 3, 27)),
        (boxes("27 march 2026"), date(2026, 3, 27)),
        (boxes("27.3.2026"), date(2026, 3, 27)),
        (boxes("2026-03-27"), date(2026, 3, 27)),
        (boxes(), None),
    ],
)
def test_a_date_is_read_in_any_of_the_ways_people_write_it(typed, read) -> None:
    assert read_date(typed) == read


@pytest.mark.parametrize(
    ("typed", "fault", "parts"),
    [
        (boxes("27", "3"), "must include a year", ("year",)),
        (boxes("", "", "2026"), "must include a day and month", ("day", "month")),
        (boxes("27", "3", "26"), "must have a year of 4 figures", ("year",)),
        (boxes("31", "6", "2026"), "must be a real date", PARTS),
        (boxes("29", "2", "2026"), "must be a real date", PARTS),
        (boxes("32", "6", "2026"), "must be a real date", ("day",)),
        (boxes("3", "13", "2026"), "must be a real date", ("month",)),
        (boxes("x", "y", "z"), "must be a real date", PARTS),
        (boxes("1", "1", "0000"), "must be a real date", PARTS),
        (boxes("٣", "3", "2026"), "must be a real date", ("day",)),
        (boxes("tomorrow"), "must include a month and year", ("month", "year")),
    ],
)
def test_what_is_no_date_is_refused_with_the_boxes_at_fault(typed, fault, parts) -> None:
    with pytest.raises(Unreadable) as refused:
        read_date(typed)
    assert (refused.value.fault, refused.value.parts) == (fault, parts)


@given(st.dates(date(1000, 1, 1), date(9999, 12, 31)))
def test_every_date_is_read_back_from_every_spelling(day) -> None:
    month = MONTHS[day.month - 1]
    for typed in (
        boxes(str(day.day), str(day.month), str(day.year)),
        boxes(f"{day.day:02}", f"{day.month:02}", str(day.year)),
        boxes(str(day.day), month, str(day.year)),
        boxes(str(day.day), month[:3].upper(), str(day.year)),
        boxes(f"{day.day}/{day.month}/{day.year}"),
        boxes(formats.date_in_words(day)),
        boxes(day.isoformat()),
    ):
        assert read_date(typed) == day


@given(st.text(max_size=12), st.text(max_size=6), st.text(max_size=6))
def test_whatever_is_typed_is_a_date_nothing_or_a_reason(day, month, year) -> None:
    reason = None
    try:
        read = read_date(boxes(day, month, year))
    except Unreadable as unreadable:
        reason = unreadable
    if reason is None:
        assert read is None or isinstance(read, date)
    else:
        assert reason.fault.startswith("must ")
        assert reason.parts
        assert set(reason.parts) <= set(PARTS)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2:05pm", time(14, 5)),
        ("2.05 PM", time(14, 5)),
        ("2 p.m.", time(14)),
        ("12am", time(0)),
        ("12:30am", time(0, 30)),
        ("12pm", time(12)),
        ("14:05", time(14, 5)),
        ("1405", time(14, 5)),
        ("930", time(9, 30)),
        ("09:30", time(9, 30)),
        ("00:00", time(0)),
        ("midday", time(12)),
        ("Midnight", time(0)),
        ("  ", None),
    ],
)
def test_a_time_is_read_in_any_of_the_ways_people_write_it(typed, read) -> None:
    assert read_time(typed) == read


@pytest.mark.parametrize(
    "typed", ["3", "24:00", "13pm", "0am", "9:60", "25", "soon", "9:3", "٩:٣٠", "9:30:15", "-1:00"]
)
def test_what_is_no_time_is_refused(typed) -> None:
    with pytest.raises(Unreadable, match="must "):
        read_time(typed)


@given(st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_every_time_is_read_back_as_it_is_written(at) -> None:
    for written in (formats.clock_in_words(at), f"{at:%H:%M}", f"{at:%H%M}", f"{at:%I:%M %p}"):
        assert read_time(written) == at


MINUTES = st.integers(-20 * 365 * 24 * 60, 120 * 365 * 24 * 60).map(
    lambda minutes: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(MINUTES)
@example(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
@example(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
@example(datetime(2026, 3, 29, 1, 0, tzinfo=UTC))
def test_every_instant_is_read_back_from_how_it_is_shown(instant) -> None:
    field = forms.DateTimeField(label="Time seen")
    assert field.clean(field.typed(instant)) == instant


def test_an_hour_that_happened_twice_is_asked_about_and_never_refused() -> None:
    field = forms.DateTimeField(label="Time seen")
    typed = boxes("25", "10", "2026") | {"time": "1:30am"}
    assert field.asks_which(typed) == "1:30am"
    with pytest.raises(ValidationError, match="must say which 1:30am") as refused:
        field.clean(typed)
    assert refused.value.params == {"parts": ("which",)}
    first, second = (field.clean(typed | {"which": which}) for which in ("1", "2"))
    assert second - first == timedelta(hours=1)
    assert formats.time_in_words(first) == "1:30am (before the clocks went back)"
    assert formats.time_in_words(second) == "1:30am (after the clocks went back)"


@pytest.mark.parametrize("at", ["12:59am", "2am"])
def test_nothing_is_asked_on_either_side_of_that_hour(at) -> None:
    typed = boxes("25", "10", "2026") | {"time": at, "which": "2"}
    field = forms.DateTimeField(label="Time seen")
    assert field.asks_which(typed) == ""
    assert field.clean(typed).tzinfo is UTC


def test_an_hour_that_was_skipped_cannot_have_been() -> None:
    field = forms.DateTimeField(label="Time seen")
    with pytest.raises(ValidationError, match="cannot be 1:30am, because the clocks went forward"):
        field.clean(boxes("29", "3", "2026") | {"time": "01:30"})

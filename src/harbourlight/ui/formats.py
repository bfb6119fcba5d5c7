"""How dates, times and amounts are written on a page. Pure functions; London time for instants."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.utils import timezone


def _day(value: date) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def date_in_words(value: date) -> str:
    """`23 November 2026`. An instant is the day it was in London."""
    day = _day(value)
    return f"{day.day} {day:%B %Y}"


def day_in_words(value: date) -> str:
    """`Monday 23 November 2026`."""
    return f"{_day(value):%A} {date_in_words(value)}"


def clock_in_words(value: time) -> str:
    """`2:05pm`, `2pm` on the hour, `midday`, `midnight`."""
    if (value.hour, value.minute) in {(0, 0), (12, 0)}:
        return "midday" if value.hour else "midnight"
    minutes = f":{value.minute:02}" if value.minute else ""
    return f"{value.hour % 12 or 12}{minutes}{'pm' if value.hour >= 12 else 'am'}"


def time_in_words(value: datetime) -> str:
    """The time of an instant in London; where an hour happened twice, which one it was."""
    there = timezone.localtime(value)
    other = there.replace(fold=1 - there.fold)
    which = ""
    if there.utcoffset() != other.utcoffset():
        which = f" ({'after' if there.fold else 'before'} the clocks went back)"
    return clock_in_words(there.time()) + which


def instant_in_words(value: datetime) -> str:
    """`23 November 2026 at 2:05pm`, in London."""
    return f"{date_in_words(value)} at {time_in_words(value)}"


def count_of(number: int, one: str, many: str | None = None) -> str:
    """`1 child`, `1,204 visits`: a number with its noun, whose plural adds an "s" or is given."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def due_in_words(working_days_left: int) -> str:
    """`due today`, `due in 3 working days`, `2 working days late`."""
    if working_days_left == 0:
        return "due today"
    amount = count_of(abs(working_days_left), "working day")
    return f"due in {amount}" if working_days_left > 0 else f"{amount} late"


def in_list(words: Iterable[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    *before, end = [*words] or [""]
    return f"{', '.join(before)} {last} {end}" if before else end


def in_sentence(label: str) -> str:
    """A label as it reads inside a sentence: its first letter small, but for NHS and the like."""
    first_word = label.split(" ", 1)[0]
    return label if first_word[1:] != first_word[1:].lower() else label[:1].lower() + label[1:]

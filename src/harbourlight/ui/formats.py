"""How dates, times and amounts are written on a page. Pure functions; London time for instants."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def _day(value: date) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def date_in_words(value: date) -> str:
    """`23 November 2026`, as the language has it. An instant is the day it was in London."""
    day = _day(value)
    given = {"day": day.day, "month": MONTHS[day.month], "year": day.year}
    return _("%(day)s %(month)s %(year)s") % given


def day_in_words(value: date) -> str:
    """`Monday 23 November 2026`."""
    return f"{WEEKDAYS[_day(value).weekday()]} {date_in_words(value)}"


def clock_as_typed(value: time) -> str:
    """`2:05pm`, `2pm` on the hour: as a box of a form holds it and reads it back."""
    minutes = f":{value.minute:02}" if value.minute else ""
    return f"{value.hour % 12 or 12}{minutes}{'pm' if value.hour >= 12 else 'am'}"


def clock_in_words(value: time) -> str:
    """`2:05pm`, `2pm` on the hour, `midday`, `midnight`."""
    if (value.hour, value.minute) in {(0, 0), (12, 0)}:
        return _("midday") if value.hour else _("midnight")
    minutes = f":{value.minute:02}" if value.minute else ""
    clock = _("%(time)spm") if value.hour >= 12 else _("%(time)sam")
    return clock % {"time": f"{value.hour % 12 or 12}{minutes}"}


def time_in_words(value: datetime) -> str:
    """The time of an instant in London; where an hour happened twice, which one it was."""
    there = timezone.localtime(value)
    other = there.replace(fold=1 - there.fold)
    clock = clock_in_words(there.time())
    if there.utcoffset() == other.utcoffset():
        return clock
    if there.fold:
        return _("%(time)s (after the clocks went back)") % {"time": clock}
    return _("%(time)s (before the clocks went back)") % {"time": clock}


def instant_in_words(value: datetime) -> str:
    """`23 November 2026 at 2:05pm`, in London."""
    return _("%(day)s at %(time)s") % {"day": date_in_words(value), "time": time_in_words(value)}


def count_of(number: int, one: str, many: str | None = None) -> str:
    """`1 child`, `1,204 visits`: a number with its noun, whose plural adds an "s" or is given."""
    return f"{number:,} {ngettext(one, many or one + 's', number)}"


def due_in_words(working_days_left: int) -> str:
    """`due today`, `due in 3 working days`, `2 working days late`."""
    if working_days_left == 0:
        return _("due today")
    amount = count_of(abs(working_days_left), "working day")
    words = _("due in %(amount)s") if working_days_left > 0 else _("%(amount)s late")
    return words % {"amount": amount}


def in_list(words: Iterable[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`. `last` is "and" or "or"."""
    *before, end = [*words] or [""]
    if not before:
        return end
    said = _("%(before)s or %(end)s") if last == "or" else _("%(before)s and %(end)s")
    return said % {"before": ", ".join(before), "end": end}


def in_sentence(label: str) -> str:
    """A label as it reads inside a sentence: its first letter small, but for NHS and the like."""
    first_word = label.split(" ", 1)[0]
    return label if first_word[1:] != first_word[1:].lower() else label[:1].lower() + label[1:]

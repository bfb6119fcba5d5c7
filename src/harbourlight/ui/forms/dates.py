"""Reading dates and times as people type them. Pure functions: no form, no clock, no database.

A date is asked for in three boxes. A person may write the month as a word, or put a whole date in
the first box. A year is always four figures: "26" would be a guess.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import dates

PARTS = ("day", "month", "year")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass
class Unreadable(ValueError):
    """What was typed is not a date or a time. `fault` follows the name of what was asked for."""

    fault: str
    parts: tuple[str, ...] = ()
    """The boxes at fault, in order."""

    def __str__(self) -> str:
        return self.fault


_MONTH_NUMBER = {
    spelling: number
    for number, month in enumerate(MONTHS, start=1)
    for spelling in (month.lower(), month[:3].lower(), *(("sept",) if number == 9 else ()))
} | {f"{number:0{width}}": number for number in range(1, 13) for width in (1, 2)}
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?", re.ASCII | re.IGNORECASE)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_WHOLE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\S+?)[\s/.-]+([^\s/.-]+)[\s/.-]+(\S+)", re.ASCII)


def split_date(typed: Mapping[str, str]) -> dict[str, str]:
    """The three boxes, trimmed; a whole date in the first with the others empty is spread out."""
    boxes = {part: (typed.get(part) or "").strip() for part in PARTS}
    whole = _WHOLE.fullmatch(boxes["day"])
    if whole is None or boxes["month"] or boxes["year"]:
        return boxes
    year, month, day, *by_hand = whole.groups()
    return dict(zip(PARTS, (day, month, year) if year else by_hand, strict=True))


def _month_named(name: str) -> int | None:
    """The month of a name in the language that the page is read in."""
    return next(
        (number for number, said in dates.MONTHS.items() if str(said).lower() == name), None
    )


_LACKING = {
    ("day",): "must include a day",
    ("month",): "must include a month",
    ("year",): "must include a year",
    ("day", "month"): "must include a day and month",
    ("day", "year"): "must include a day and year",
    ("month", "year"): "must include a month and year",
}


def read_date(typed: Mapping[str, str]) -> date | None:
    """The date in three boxes named day, month and year; None if all are empty.

    Raises `Unreadable`, naming the boxes at fault.
    """
    boxes = split_date(typed)
    missing = tuple(part for part in PARTS if not boxes[part])
    if len(missing) == len(PARTS):
        return None
    if missing:
        raise Unreadable(_LACKING[missing], missing)
    if re.fullmatch(r"\d{1,3}", boxes["year"], re.ASCII):
        raise Unreadable("must have a year of 4 figures", ("year",))
    named = boxes["month"].lower()
    day, month = _DAY.fullmatch(boxes["day"]), _MONTH_NUMBER.get(named) or _month_named(named)
    wrong = tuple(
        part
        for part, right in (
            ("day", day and 1 <= int(day[1]) <= 31),
            ("month", month),
            ("year", _YEAR.fullmatch(boxes["year"])),
        )
        if not right
    )
    if wrong or day is None or month is None:
        raise Unreadable("must be a real date", wrong)
    try:
        return date(int(boxes["year"]), month, int(day[1]))
    except ValueError:  # 31 June, 29 February, the year 0
        raise Unreadable("must be a real date", PARTS) from None


_WORDS = {"midday": time(12), "noon": time(12), "midnight": time(0)}
_TIME = re.compile(
    r"(?P<hour>\d{1,2}?)(?:[:.\s]?(?P<minute>\d{2}))?\s*(?:(?P<half>[ap])\.?m?\.?)?",
    re.ASCII | re.IGNORECASE,
)


def read_time(typed: str) -> time | None:
    """The time of day written as 2:05pm, 2.05 pm, 2pm, 14:05, 1405, midday or midnight.

    None if nothing was typed. A bare hour ("2") could be either half of the day, so it is refused.
    Raises `Unreadable`.
    """
    text = typed.strip().lower()
    if not text:
        return None
    if text in _WORDS:
        return _WORDS[text]
    found = _TIME.fullmatch(text)
    if found is None:
        raise Unreadable("must be a time, like 9:30am or 14:45", ("time",))
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if half is None and found["minute"] is None:
        raise Unreadable("must say am or pm, or the minutes, like 9:30am or 14:45", ("time",))
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif half:
        hour = 24  # 14pm is no time
    if hour > 23 or minute > 59:
        raise Unreadable("must be a real time, like 9:30am or 14:45", ("time",))
    return time(hour, minute)


def happens_twice(day: date, at: time, zone: ZoneInfo) -> bool:
    """Whether a clock in this place showed this time twice that day, going back an hour."""
    first = datetime.combine(day, at, zone)
    return first.utcoffset() != first.replace(fold=1).utcoffset() and not never_happens(
        day, at, zone
    )


def never_happens(day: date, at: time, zone: ZoneInfo) -> bool:
    """Whether a clock in this place skipped this time that day, going forward an hour."""
    there = datetime.combine(day, at, zone)
    return there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != there.replace(tzinfo=None)

"""Reading one value from the text a source gives, by what its column is declared to hold."""

import difflib
import json
import math
import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from harbourlight.dataset.schema import Column, Kind, Sensitivity
from harbourlight.standards import code_sets

LONDON = ZoneInfo("Europe/London")

_ZONE = r"(?:Z|[+-]\d{2}:\d{2})?"
_DAY = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}}){_ZONE}", re.ASCII)
_DAY_AND_TIME = re.compile(
    rf"\d{{4}}-\d{{2}}-\d{{2}}[ T]\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d{{1,9}})?)?{_ZONE}", re.ASCII
)
_DAY_FIRST = re.compile(r"(\d{2})/(\d{2})/(\d{4})(.*)", re.ASCII | re.DOTALL)
_INTEGER = re.compile(r"([+-]?\d{1,18})(?:\.0+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_FLAGS = {"Y": "Y", "N": "N", "1": "Y", "0": "N", "TRUE": "Y", "FALSE": "N"}

_SHOWN = re.compile(r"[\d/:.,TZ +-]{1,32}|[A-Za-z0-9_]{1,4}", re.ASCII)
"""What may be shown of a wrong value: figures and dates, and what is no longer than a code. Where
columns have slipped sideways a code's place may hold somebody's name."""

_FEW = 12
"""The longest code set that is listed whole in an error."""

Value = str | int | float | date | datetime


class NotAValue(ValueError):
    """A text that its column cannot hold. `wrong` follows the value in a sentence."""

    def __init__(self, wrong: str, remedy: str) -> None:
        super().__init__(wrong, remedy)
        self.wrong = wrong
        self.remedy = remedy


def shown(column: Column, text: str) -> str | None:
    """The value as it may be shown in an error, or None where it might tell who somebody is."""
    if column.kind is Kind.JSON or is_prose(column) or not _SHOWN.fullmatch(text):
        return None
    return None if column.sensitivity is Sensitivity.IDENTIFYING else text


@cache
def reader(column: Column) -> Callable[[str], Value]:
    """The function that reads a text of this column, with no blanks round it unless it is prose.

    It raises `NotAValue`. Dates are ISO or day first (31/01/2026) and may carry a time, which is
    dropped from a date; an instant without a time is at midnight, is cut to whole seconds, and if
    it names a zone is turned to London's clock. Flags are Y and N, 1 and 0, true and false.
    """
    match column.kind:
        case Kind.DATE:
            return lru_cache(maxsize=1 << 16)(_date)
        case Kind.INSTANT:
            return lru_cache(maxsize=1 << 16)(_instant)
        case Kind.INTEGER:
            return _integer
        case Kind.NUMBER:
            return _number
        case Kind.FLAG:
            return _flag
        case Kind.JSON:
            return _json
        case Kind.TEXT:
            return _code_of(column.code_set) if column.code_set else str


def is_prose(column: Column) -> bool:
    """Whether a column holds whatever was written, blanks and all."""
    return column.kind is Kind.TEXT and not column.code_set


def has_time(text: str) -> bool:
    """Whether a date or instant, known to be good, has a time of day other than midnight."""
    return _instant(text).time() != datetime.min.time()


def _date(text: str) -> date:
    return _instant(text).date()


def _instant(text: str) -> datetime:
    iso = text
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year, rest = match.groups()
        iso = f"{year}-{month}-{day}{rest}"
    try:
        if match := _DAY.fullmatch(iso):
            return datetime.fromisoformat(match[1])
        if _DAY_AND_TIME.fullmatch(iso):
            moment = datetime.fromisoformat(iso)
            if moment.tzinfo is not None:
                moment = moment.astimezone(LONDON).replace(tzinfo=None)
            return moment.replace(microsecond=0)
    except (ValueError, OverflowError):
        raise NotAValue("is not a day or time that exists.", "Correct it in the source.") from None
    raise NotAValue("is not a date.", "Write dates as 2026-01-31 or 31/01/2026.")


def _integer(text: str) -> int:
    if match := _INTEGER.fullmatch(text):
        return int(match[1])
    raise NotAValue("is not a whole number.", "Write it in figures, such as 12.")


def _number(text: str) -> float:
    if _NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    raise NotAValue("is not a number.", "Write it in figures, such as 0.6.")


def _flag(text: str) -> str:
    if flag := _FLAGS.get(text.upper()):
        return flag
    raise NotAValue("is neither yes nor no.", "Write Y or N.")


def _json(text: str) -> str:
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise NotAValue("is not JSON.", 'Write an object such as {"NFA_FLAG": "Y"}.') from None
    return text


def _refuse_constant(name: str) -> None:
    """Python reads NaN and Infinity as JSON; no database does."""
    raise ValueError(name)


@cache
def _code_of(code_set: str) -> Callable[[str], str]:
    codes = code_sets.codes(code_set)

    def code(text: str) -> str:
        if text in codes:
            return text
        few = sorted(codes) if len(codes) <= _FEW else []
        near = few or difflib.get_close_matches(text.upper(), sorted(codes), cutoff=0.5)
        remedy = f"Use one of {', '.join(near)}." if near else "Correct it in the source."
        raise NotAValue(f"is not a code of the set {code_set}.", remedy)

    return code

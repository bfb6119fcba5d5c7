"""The board: each standard's chart and counts, its months, and the entries behind a month."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from harbourlight.insight.charts import Size
from harbourlight.insight.comma_separated import Row as CsvRow
from harbourlight.insight.findings import RECENT_MONTHS, label, signal_words
from harbourlight.insight.process_behaviour import Point
from harbourlight.insight.wording import counted, number, percent
from harbourlight.ledger.entries import ENTRY_COLUMNS
from harbourlight.pages.measures import Charted
from harbourlight.record.live_ledger.models import Entry
from harbourlight.record.live_ledger.selectors import is_counted
from harbourlight.record.workforce.models import Team
from harbourlight.standards.standard import Kind, Outcome, Standard

MONTHS_COLUMNS = (
    "standard",
    "title",
    "team",
    "as_at",
    "month",
    "numerator",
    "denominator",
    "cannot_tell",
    "value",
    "mean",
    "lower_limit",
    "upper_limit",
    "signal",
    "whole",
)
ENTRIES_COLUMNS = (*ENTRY_COLUMNS, "outcome", "as_at")


@dataclass(frozen=True)
class Count:
    """A number, what it counts, and the children behind it; no `href` where there are none."""

    value: str
    text: str
    href: str
    tone: str = ""


@dataclass(frozen=True)
class Card:
    """One standard on the board."""

    title: str
    finding: str
    measure: str
    href: str
    picture: str
    counts: tuple[Count, ...]


def cards_by_area(
    charts: Mapping[str, Charted], unmet: Mapping[str, Mapping[str, Any]], query: str
) -> dict[str, list[Card]]:
    """A card for each standard, by area, in the order people read them."""
    areas: dict[str, list[Card]] = {}
    for code, charted in charts.items():
        standard = charted.standard
        areas.setdefault(standard.area, []).append(
            Card(
                title=standard.title,
                finding=charted.finding.title,
                measure=standard.measure,
                href=page_of(standard, query),
                picture=charted.picture(Size.NARROW),
                counts=counts_now(charted, unmet.get(code, {}), query),
            )
        )
    return areas


def page_of(standard: Standard, query: str) -> str:
    """The board's page of a standard."""
    return reverse("pages:board_standard", args=[standard.code]) + query


def counts_now(charted: Charted, unmet: Mapping[str, Any], query: str) -> tuple[Count, ...]:
    """How a standard stands now. What should not happen is counted over the latest year."""
    standard = charted.standard
    months = f"{page_of(standard, query)}#months"
    cannot_tell = _count(charted.cannot_tell, _("cannot be told"), months)
    if standard.kind is Kind.OCCURRENCE:
        recent = charted.behaviour.counted[-RECENT_MONTHS:]
        happened = sum(point.month.numerator for point in recent)
        over = _("in the latest %(number)s") % {"number": counted(len(recent), "whole month")}
        return (_count(happened, over, months), cannot_tell)
    is_duration = standard.kind is Kind.DURATION
    late, due = unmet.get("late", 0), unmet.get("soon", 0) + unmet.get("later", 0)
    now = reverse("pages:board_unmet", args=[standard.code]) + query
    return (
        _count(late, _("past the limit now") if is_duration else _("late now"), now, tone="late"),
        _count(due, _("within it") if is_duration else _("due"), now),
        cannot_tell,
    )


def _count(value: int, text: str, href: str, tone: str = "") -> Count:
    return Count(number(value), text, href if value else "", tone if value else "")


# ---- Months -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MonthRow:
    """One month of a standard."""

    name: str
    href: str
    numerator: str
    denominator: str
    share: str
    signal: str
    tone: str
    cannot_tell: str
    is_partial: bool


def month_rows(charted: Charted, query: str) -> list[MonthRow]:
    """A standard's months, the latest first."""
    return [
        MonthRow(
            name=month_name(point.month.month),
            href=month_page(charted.standard, point.month.month, query),
            numerator=number(point.month.numerator),
            denominator=number(point.month.denominator),
            share=percent(point.value),
            signal=_said_of(point),
            tone=point.variation.value if point.signal else "",
            cannot_tell=number(point.month.cannot_tell),
            is_partial=point.is_partial,
        )
        for point in reversed(charted.behaviour.points)
    ]


def _said_of(point: Point) -> str:
    if point.is_partial:
        return _("Still running")
    if point.value is None:
        return _("Nothing to count")
    return signal_words(point) or _("Ordinary")


def month_name(first: date) -> str:
    """`March 2026`."""
    return date_format(first, "F Y")


def month_page(standard: Standard, first: date, query: str) -> str:
    """The page of the entries behind a point."""
    return reverse("pages:board_month", args=[standard.code, first]) + query


def month_download_page(standard: Standard, first: date, query: str) -> str:
    """The entries behind a point, as a file."""
    return reverse("pages:board_month_download", args=[standard.code, first]) + query


def months_to_download(charted: Charted, *, team: Team | None, as_at: datetime) -> Iterator[CsvRow]:
    """The months as rows of `MONTHS_COLUMNS`, the earliest first."""
    for point in charted.behaviour.points:
        segment = charted.behaviour.segment_of(point.month.month)
        limits = segment.limits if segment else None
        yield {
            "standard": charted.standard.code,
            "title": charted.standard.title,
            "team": team.name if team else None,
            "as_at": as_at,
            "month": point.month.month,
            "numerator": point.month.numerator,
            "denominator": point.month.denominator,
            "cannot_tell": point.month.cannot_tell,
            "value": None if point.value is None else float(point.value),
            "mean": float(limits.mean) if limits else None,
            "lower_limit": float(limits.lower) if limits else None,
            "upper_limit": float(limits.upper) if limits else None,
            "signal": signal_words(point),
            "whole": "N" if point.is_partial else "Y",
        }


def entries_to_download(entries: Iterable[Entry], *, as_at: datetime) -> Iterator[CsvRow]:
    """Entries as rows of `ENTRIES_COLUMNS`: identifiers and dates, and no name."""
    for entry in entries:
        held = {name: getattr(entry, name) for name in ENTRY_COLUMNS}
        yield held | {"outcome": str(entry.outcome_at(as_at)), "as_at": as_at}


# ---- The entries behind a point -----------------------------------------------------------------


class Part(Enum):
    """How a month's entries fall apart. The value is how a part is named in an address."""

    UNMET = "unmet"
    MET = "met"
    CANNOT_TELL = "cannot-tell"
    NOT_COUNTED = "not-counted"


def part_of(entry: Entry, as_at: datetime) -> Part:
    """Which part an entry of a month belongs to."""
    if not is_counted(entry, as_at):
        return Part.NOT_COUNTED
    match entry.outcome_at(as_at):
        case Outcome.CANNOT_TELL:
            return Part.CANNOT_TELL
        case Outcome.MET:
            return Part.MET
        case _:
            return Part.UNMET


@dataclass(frozen=True)
class Behind:
    """The entries behind one point, in parts: those that count add up to the point."""

    standard: Standard
    parts: Mapping[Part, Sequence[Entry]]

    @property
    def denominator(self) -> int:
        """How many the point counts."""
        return len(self.parts[Part.MET]) + len(self.parts[Part.UNMET])

    @property
    def numerator(self) -> int:
        """How many of them were met in time, or for what should not happen, happened."""
        is_happening = self.standard.kind is Kind.OCCURRENCE
        return len(self.parts[Part.UNMET if is_happening else Part.MET])

    @property
    def finding(self) -> str:
        """`41 of 50 (82%): authorised in time.`"""
        if not self.denominator:
            return _("Nothing is counted in this month.")
        share = percent(self.numerator / self.denominator)
        return _("%(standard)s: %(numerator)s of %(denominator)s (%(share)s).") % {
            "standard": label(self.standard),
            "numerator": number(self.numerator),
            "denominator": number(self.denominator),
            "share": share,
        }

    def listed(self, part: Part | None = None) -> list[Entry]:
        """The entries of one part, or of all: the unmet first, and the met last."""
        if part is not None:
            return [*self.parts[part]]
        order = (Part.UNMET, Part.CANNOT_TELL, Part.NOT_COUNTED, Part.MET)
        return [entry for one in order for entry in self.parts[one]]

    def counts(self, address: str, query: str) -> tuple[Count, ...]:
        """A count for each part, leading to it on the page at this address."""
        joined = f"{query}&" if query else "?"
        names = {
            Part.UNMET: self.standard.unmet_label.lower(),
            Part.MET: self.standard.met_label.lower(),
            Part.CANNOT_TELL: _("cannot be told"),
            Part.NOT_COUNTED: _("not counted"),
        }
        return tuple(
            _count(len(held), names[part], f"{address}{joined}part={part.value}")
            for part, held in self.parts.items()
        )


def part_named(name: str | None) -> Part | None:
    """The part an address asks for; None, for all of them, where it names none."""
    return next((part for part in Part if part.value == name), None)


def behind(standard: Standard, entries: Iterable[Entry], as_at: datetime) -> Behind:
    """A month's entries, in parts."""
    parts: dict[Part, list[Entry]] = {part: [] for part in Part}
    for entry in entries:
        parts[part_of(entry, as_at)].append(entry)
    return Behind(standard, parts)

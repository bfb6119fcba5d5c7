"""What the report says, gathered from the ledger before a word of it is laid out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from harbourlight.insight.findings import RECENT_MONTHS, Finding, find
from harbourlight.insight.process_behaviour import Point, ProcessBehaviour
from harbourlight.standards.calendar import OutsideCalendar, working_days_between
from harbourlight.standards.standard import Kind, Outcome, Standard

LISTED = 50
"""How many past due a list shows, for someone to act on; the rest are in `ledger.parquet`."""
LISTED_HAPPENED = 10
"""How many of what happened a list shows: enough to see what is meant."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry in a list. `over` is how many working days past due, or None if not known."""

    child_id: str
    about: str
    about_id: str
    began: datetime | None
    due: datetime | None
    over: int | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why entries were not judged, and how many."""

    outcome: Outcome
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Section:
    """One standard as this source answers it.

    `charted_from` is the first month its chart may reach back to. `complete_from` is the day from
    which the source holds every row the standard needs, and `whole_from` the first month it can
    answer for in full; both are None where it holds all.
    """

    standard: Standard
    counts: Mapping[Outcome, int]
    chart: ProcessBehaviour
    finding: Finding
    charted_from: date
    complete_from: date | None
    whole_from: date | None
    listed: tuple[Listed, ...]
    reasons: tuple[Reason, ...]

    @property
    def is_occurrence(self) -> bool:
        """Whether it is about something that should not happen."""
        return self.standard.kind is Kind.OCCURRENCE

    @property
    def leaves_months_out(self) -> bool:
        """Whether its chart would reach further back if the source held more."""
        return self.whole_from is not None and self.whole_from > self.charted_from

    @property
    def unlisted(self) -> int:
        """How many past due (or that happened) are not in the list."""
        return self.counts[Outcome.OVERDUE] - len(self.listed)

    @property
    def recent(self) -> tuple[Point, ...]:
        """The latest twelve whole months in which something counted."""
        return self.chart.counted[-RECENT_MONTHS:]

    @property
    def numerator(self) -> int:
        """Met in time (or happened) in the recent months."""
        return sum(point.month.numerator for point in self.recent)

    @property
    def denominator(self) -> int:
        """Counted in the recent months."""
        return sum(point.month.denominator for point in self.recent)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A standard the source cannot answer, and the columns it lacks (`table.column`)."""

    standard: Standard
    lacking: tuple[str, ...]


STALE_DAYS = 14
"""Files with nothing dated in this many days before the day asked for may be older than it."""


@dataclass(frozen=True, slots=True)
class Report:
    """All that the report says.

    `complete_to` is the last day the source holds everything of, where it says; `latest` the latest
    day, up to `as_at`, on which it says that something happened. `read` gives each table read, by
    name, and its rows.
    """

    title: str
    as_at: date
    complete_to: date | None
    latest: date | None
    sections: tuple[Section, ...]
    unanswered: tuple[Unanswered, ...]
    read: Mapping[str, int]
    remarks: tuple[str, ...]

    @property
    def ends_early(self) -> date | None:
        """The day the source ends, or seems to, where that is before the day asked for."""
        if self.complete_to is not None:
            return self.complete_to if self.complete_to < self.as_at else None
        if self.latest is not None and (self.as_at - self.latest).days > STALE_DAYS:
            return self.latest
        return None


def section(
    standard: Standard,
    ledger: pa.Table,
    chart: ProcessBehaviour,
    *,
    as_at: date,
    charted_from: date,
    complete_from: date | None,
    whole_from: date | None,
) -> Section:
    """What a source says of one standard, from the whole ledger and the standard's chart."""
    entries = ledger.filter(pc.equal(ledger["standard"], standard.code))
    counts = {
        row["values"]: row["counts"] for row in pc.value_counts(entries["outcome"]).to_pylist()
    }
    return Section(
        standard=standard,
        counts={outcome: counts.get(outcome, 0) for outcome in Outcome},
        chart=chart,
        finding=find(chart, standard),
        charted_from=charted_from,
        complete_from=complete_from,
        whole_from=whole_from,
        listed=_listed(entries, standard, as_at),
        reasons=_reasons(entries),
    )


def _listed(entries: pa.Table, standard: Standard, as_at: date) -> tuple[Listed, ...]:
    """Those past due, the longest first; of what happened, the latest first."""
    unmet = entries.filter(pc.equal(entries["outcome"], Outcome.OVERDUE))
    order, most = ("ascending", LISTED)
    if standard.kind is Kind.OCCURRENCE:
        order, most = ("descending", LISTED_HAPPENED)
    unmet = unmet.sort_by([("due_at", order), ("about", "ascending"), ("about_id", "ascending")])
    return tuple(
        Listed(
            child_id=row["child_id"],
            about=row["about"],
            about_id=row["about_id"],
            began=row["starts_at"],
            due=row["due_at"],
            over=_working_days_over(row["due_at"], as_at),
        )
        for row in unmet.slice(0, most).to_pylist()
    )


def _working_days_over(due: datetime | None, as_at: date) -> int | None:
    if due is None:
        return None
    try:
        return working_days_between(due.date(), as_at)
    except OutsideCalendar:
        return None


def _reasons(entries: pa.Table) -> tuple[Reason, ...]:
    """Why entries could not be told or did not apply, the commonest first."""
    unjudged: Sequence[Outcome] = (Outcome.CANNOT_TELL, Outcome.NOT_APPLICABLE)
    counted = (
        entries.filter(pc.is_in(entries["outcome"], pa.array([str(each) for each in unjudged])))
        .group_by(["outcome", "detail"])
        .aggregate([([], "count_all")])
        .sort_by([("count_all", "descending"), ("detail", "ascending")])
        .to_pylist()
    )
    return tuple(
        Reason(outcome, row["detail"] or "No reason is given.", row["count_all"])
        for outcome in unjudged
        for row in counted
        if row["outcome"] == outcome
    )

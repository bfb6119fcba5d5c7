"""What a standard is: a duty declared once, from which lists, measures and pages are derived."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

import ibis.expr.types as ir

from harbourlight.standards.clocks import Limit
from harbourlight.standards.sources import Source


class Tables(Protocol):
    """The dataset's tables by name, as Ibis expressions (`data.ssd_cin_episodes`)."""

    def __getattr__(self, name: str) -> ir.Table: ...


class Kind(StrEnum):
    """What sort of promise a standard makes, which decides how it is shown."""

    DEADLINE = "deadline"
    """Something must be done by a day. It appears on work lists."""
    DURATION = "duration"
    """Something should have ended by a day. It is shown on the child's page and measured, but
    nobody is asked to end it in order to be on time, so it is not on work lists."""
    OCCURRENCE = "occurrence"
    """Something should not happen. It is settled the moment its subject begins."""


class Outcome(StrEnum):
    """How an entry stands at a moment that is always passed in; never stored."""

    MET = "met"
    MET_LATE = "met_late"
    DUE = "due"
    OVERDUE = "overdue"
    CANNOT_TELL = "cannot_tell"
    NOT_APPLICABLE = "not_applicable"


class Standing(StrEnum):
    """Whether a standard bears on a subject at all: the part of an outcome that no date changes."""

    APPLIES = "applies"
    CANNOT_TELL = "cannot_tell"
    NOT_APPLICABLE = "not_applicable"


SUBJECT_COLUMNS: Mapping[str, str] = {
    "about": "string",
    "about_id": "string",
    "child_id": "string",
    "worker_id": "string",
    "team_id": "string",
    "starts_at": "timestamp",
    "met_at": "timestamp",
    "lapsed_at": "timestamp",
    "unseen_before": "timestamp",
    "standing": "string",
    "detail": "string",
}
"""The columns, in order, that every standard's expression yields: one row for each subject.

`starts_at` is when the duty began, `met_at` when it was met, `lapsed_at` when it ceased to bind
(an episode closed, a plan ended). `unseen_before` is set where the source is silent about the time
between `starts_at` and that moment, so that the duty may have been met without our seeing it.
`standing` is a `Standing`; `detail` is a key of the standard's `details`, or null. The due date is
not among them: the clock adds it.
"""

ABOUT: Mapping[str, str] = {
    "assessment": "Assessment",
    "contact": "Contact",
    "cp_plan": "Protection plan",
    "cp_review": "Review conference",
    "referral": "Referral",
    "s47_enquiry": "Section 47 enquiry",
}
"""What an entry is about, in words."""

COMMON_DETAILS: Mapping[str, str] = {
    "dates_contradict": "The dates contradict each other: it is recorded as done before it began.",
    "not_in_force": "No limit was in force on the day it began.",
    "no_start": "The date it began is not recorded.",
    "outside_calendar": "The working-day calendar does not reach that far.",
    "lapsed": "It ended before this was due.",
    "unseen": "It may have been met before the day from which the source holds everything.",
}
"""What a detail says that any standard may give."""


@dataclass(frozen=True)
class Standard:
    """A duty, its clock and source, and the expression that finds whom it bears on.

    `subjects` takes the dataset's tables and returns an expression with `SUBJECT_COLUMNS`.
    `needs` names the columns without which the standard cannot be answered at all: a source that
    lacks one is told so, and no entry is made. `details` gives each code that the expression puts
    in `detail` its sentence.
    """

    code: str
    title: str
    duty: str
    area: str
    kind: Kind
    limits: tuple[Limit, ...]
    sources: tuple[Source, ...]
    subjects: Callable[[Tables], ir.Table]
    needs: tuple[str, ...]
    starts: str
    met_by: str
    measure: str
    met_label: str
    unmet_label: str
    details: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    def __post_init__(self) -> None:
        if not self.sources or not self.limits:
            raise ValueError(f"{self.code}: a standard has at least one source and one dated limit")
        starts = [limit.in_force_from for limit in self.limits]
        if starts != sorted(starts):
            raise ValueError(f"{self.code}: limits go from the earliest in force to the latest")
        for earlier, later in zip(self.limits, self.limits[1:], strict=False):
            if earlier.in_force_to is None or earlier.in_force_to >= later.in_force_from:
                raise ValueError(f"{self.code}: two limits are in force on {later.in_force_from}")

    def limit_on(self, day: date) -> Limit | None:
        """The limit for a clock that starts on `day`, or None if none was in force."""
        return next((limit for limit in self.limits if limit.in_force_on(day)), None)

    @property
    def limit(self) -> Limit:
        """The limit most lately in force, for showing."""
        return self.limits[-1]

    def says(self, detail: str | None) -> str:
        """The sentence a detail code stands for; empty for none."""
        if not detail:
            return ""
        return self.details.get(detail) or COMMON_DETAILS[detail]


def outcome_at(
    *,
    standing: str,
    due_at: datetime | None,
    met_at: datetime | None,
    lapsed_at: datetime | None,
    as_at: datetime,
) -> Outcome:
    """How an entry stands at `as_at`, knowing only what had happened by then.

    The one statement of the rule in Python; `ledger.entries.outcome` states it for an engine and
    a test holds the two together. A duty that ceased to bind on or before its due day does not
    apply, even if what it asked for was done later still, unless that was in time; one that ceased
    later stays unmet for good.
    """
    if standing != Standing.APPLIES or due_at is None:
        return (
            Outcome.NOT_APPLICABLE if standing == Standing.NOT_APPLICABLE else Outcome.CANNOT_TELL
        )
    if met_at is not None and met_at <= as_at and met_at <= due_at:
        return Outcome.MET
    if lapsed_at is not None and lapsed_at <= as_at and lapsed_at <= due_at:
        return Outcome.NOT_APPLICABLE
    if met_at is not None and met_at <= as_at:
        return Outcome.MET_LATE
    return Outcome.DUE if as_at <= due_at else Outcome.OVERDUE

"""An entry in words: what is promised, how it stands, by when, and which duty says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from harbourlight.record.live_ledger.models import Entry
from harbourlight.standards.clocks import Unit
from harbourlight.standards.standard import (
    ABOUT,
    COMMON_DETAILS,
    Kind,
    Outcome,
    Standard,
    Standing,
)
from harbourlight.ui.formats import date_in_words

_PAGES = {
    "assessment": "assessment:assessment",
    "contact": "front_door:line",
    "referral": "episodes:episode",
}
"""The page of what an entry is about, by the name of its address, where it has one."""

TONES = {
    Outcome.MET: "met",
    Outcome.MET_LATE: "late",
    Outcome.OVERDUE: "late",
}


@dataclass(frozen=True)
class Clock:
    """One entry as it stands at a moment. `left` is in working days; None where it is settled.

    `href` is the page of what it is about, or empty. `why` is what `whyDue` is given.
    """

    child_id: str
    title: str
    about: str
    href: str
    due: date | None
    left: int | None
    outcome: str
    tone: str
    settled: str
    says: str
    why: Mapping[str, Any]


def clock_of(entry: Entry, as_at: datetime, *, whose: str = "") -> Clock:
    """An entry as it stands at `as_at`, by the clock in London. `whose` names the child."""
    standard, outcome = entry.declared, entry.outcome_at(as_at)
    waits = outcome in (Outcome.DUE, Outcome.OVERDUE) and not _lapsed(entry, as_at)
    met = entry.met_at if entry.met_at and entry.met_at <= as_at else None
    return Clock(
        child_id=entry.child_id,
        title=standard.title,
        about=_about(entry),
        href=address_of(entry),
        due=entry.due_at.date() if entry.due_at else None,
        left=entry.working_days_left(as_at.date()) if waits else None,
        outcome=outcome_in_words(entry, as_at),
        tone=TONES.get(outcome, ""),
        settled=_("on %(day)s") % {"day": date_in_words(met.date())}
        if met and standard.kind is Kind.DEADLINE
        else "",
        says=entry.says or (COMMON_DETAILS["lapsed"] if _is_void(entry, outcome) else ""),
        why=why_due(entry, whose=whose),
    )


def address_of(entry: Entry) -> str:
    """The page of what an entry is about; empty where it has none of its own."""
    page = _PAGES.get(entry.about)
    return reverse(page, args=[entry.about_id]) if page else ""


def why_due(entry: Entry, *, whose: str = "") -> dict[str, Any]:
    """The duty, the clock, when it began and the source, for `whyDue`."""
    standard = entry.declared
    began = entry.starts_at.date() if entry.starts_at else None
    limit = (standard.limit_on(began) if began else None) or standard.limit
    return {
        "summary": _("Why"),
        "about": f"{standard.title}{f', {whose}' if whose else ''}",
        "duty": standard.duty,
        "clock": _clock(standard, limit.unit, str(limit)),
        "began": began,
        "source": {"text": str(limit.source)},
    }


def _clock(standard: Standard, unit: Unit, limit: str) -> str:
    if unit is Unit.NONE:
        return _("Settled when %(starts)s.") % {"starts": standard.starts}
    if standard.kind is Kind.OCCURRENCE:
        return _("Looks at the %(limit)s before %(starts)s.") % {
            "limit": limit,
            "starts": standard.starts,
        }
    return _("%(upper)s%(limit)s from when %(starts)s.") % {
        "upper": limit[0].upper(),
        "limit": limit[1:],
        "starts": standard.starts,
    }


def _about(entry: Entry) -> str:
    what = ABOUT.get(entry.about, entry.about)
    if entry.starts_at is None:
        return what
    return _("%(what)s, since %(date_)s") % {
        "what": what,
        "date_": date_in_words(entry.starts_at.date()),
    }


def _is_void(entry: Entry, outcome: Outcome) -> bool:
    """Whether a duty that applied ceased to bind before it was due."""
    return outcome is Outcome.NOT_APPLICABLE and entry.standing == Standing.APPLIES


def _lapsed(entry: Entry, as_at: datetime) -> bool:
    return entry.lapsed_at is not None and entry.lapsed_at <= as_at


def outcome_in_words(entry: Entry, as_at: datetime) -> str:
    """How an entry stands at a moment, in its standard's own words."""
    standard = entry.declared
    ended = "ended" if standard.kind is Kind.DURATION else "done"
    match entry.outcome_at(as_at):
        case Outcome.MET:
            return standard.met_label
        case Outcome.MET_LATE:
            return _("%(unmet_label)s, %(ended)s late") % {
                "unmet_label": standard.unmet_label,
                "ended": ended,
            }
        case Outcome.OVERDUE if standard.kind is Kind.OCCURRENCE:
            return standard.unmet_label
        case Outcome.OVERDUE if _lapsed(entry, as_at):
            return _("%(unmet_label)s, never %(ended)s") % {
                "unmet_label": standard.unmet_label,
                "ended": ended,
            }
        case Outcome.OVERDUE:
            return _("%(unmet_label)s, not %(ended)s yet") % {
                "unmet_label": standard.unmet_label,
                "ended": ended,
            }
        case Outcome.DUE:
            return _("Not due yet")
        case Outcome.CANNOT_TELL:
            return _("Cannot tell")
        case Outcome.NOT_APPLICABLE:
            return _("Does not apply")

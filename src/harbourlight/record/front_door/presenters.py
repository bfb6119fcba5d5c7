"""What the pages of the front door show, ready to display. It asks the database nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from harbourlight.record.episodes.models import Episode
from harbourlight.record.front_door.forms import DecideForm
from harbourlight.record.front_door.models import Contact, ContactChild, Decision
from harbourlight.record.live_ledger.models import Entry
from harbourlight.record.people.identity import age_in_words
from harbourlight.record.people.overview import Case
from harbourlight.record.referrers import referrer_in_words
from harbourlight.standards import code_sets
from harbourlight.ui.formats import count_of, date_in_words, instant_in_words


@dataclass(frozen=True)
class Child:
    """A child of a contact, with the way to their page."""

    id: str
    name: str
    href: str
    age: str


@dataclass(frozen=True)
class Decided:
    """A decision in words: for whom, what, why, who and when."""

    child: Child
    level: str
    outcome: str
    reasons: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Waiting:
    """A contact in the queue, with the children nobody has decided on.

    `left` is in working days; None where no clock can be told.
    """

    href: str
    decide: str
    received_at: datetime
    who_from: str
    children: tuple[Child, ...]
    due: date | None
    left: int | None


def child_of(line: ContactChild, on: date) -> Child:
    """A child of a contact."""
    person = line.child
    href = reverse("people:child", args=[person.pk])
    return Child(person.pk, person.name, href, age_in_words(person, on))


def who_from(contact: Contact) -> str:
    """Who a contact is from: the agency where it is named, and the kind it is."""
    return referrer_in_words(contact.source_code, contact.agency, contact.received_at)


def queue_of(lines: Iterable[ContactChild], clocks: Mapping[str, Entry], on: date) -> list[Waiting]:
    """The undecided contacts, in the order of their lines. `clocks`: by line."""
    together: dict[str, list[ContactChild]] = {}
    for line in lines:
        together.setdefault(line.contact_id, []).append(line)
    return [_waiting(held, clocks, on) for held in together.values()]


def _waiting(lines: Sequence[ContactChild], clocks: Mapping[str, Entry], on: date) -> Waiting:
    contact = lines[0].contact
    clock = next((clocks[line.pk] for line in lines if line.pk in clocks), None)
    return Waiting(
        href=reverse("front_door:contact", args=[contact.pk]),
        decide=reverse("front_door:decide", args=[contact.pk]),
        received_at=contact.received_at,
        who_from=who_from(contact),
        children=tuple(child_of(line, on) for line in lines),
        due=clock.due_at.date() if clock and clock.due_at else None,
        left=clock.working_days_left(on) if clock else None,
    )


def decided_of(decision: Decision, line: ContactChild, on: date) -> Decided:
    """A decision on a child's contact."""
    day = localdate(decision.decided_at)
    return Decided(
        child=child_of(line, on),
        level=code_sets.label("level_of_need", decision.level, day),
        outcome=code_sets.label("decision_outcome", decision.outcome, day),
        reasons=decision.reasons,
        by=str(decision.decided_by or decision.recorded_by or _("Not recorded")),
        at=decision.decided_at,
    )


# ---- One contact --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One child of a contact: what was decided, and the episode it opened."""

    child: Child
    decisions: tuple[Decided, ...]
    episode: str
    held_by: str
    again: str
    """Where to decide on this child again."""


def line_of(
    line: ContactChild, decisions: Sequence[Decision], episode: Episode | None, on: date
) -> Line:
    """One child of a contact, the latest decision first."""
    decide = reverse("front_door:decide", args=[line.contact_id])
    return Line(
        child=child_of(line, on),
        decisions=tuple(decided_of(one, line, on) for one in reversed(decisions)),
        episode=reverse("episodes:episode", args=[episode.pk]) if episode else "",
        held_by=_held_by(episode),
        again=f"{decide}?line={line.pk}",
    )


def _held_by(episode: Episode | None) -> str:
    if episode is None:
        return ""
    named = [str(one) for one in (episode.worker, episode.team) if one]
    return ", ".join(named if episode.worker else [_("Not allocated to a worker"), *named])


def told(contact: Contact) -> list[dict[str, Any]]:
    """What was received, for `answers`."""
    recorded = _("%(recorded_at)s, by %(recorded_by)s") % {
        "recorded_at": instant_in_words(contact.recorded_at),
        "recorded_by": contact.recorded_by,
    }
    return [
        {"key": _("Received"), "value": instant_in_words(contact.received_at)},
        {"key": _("From"), "value": who_from(contact)},
        {"key": _("Reply to"), "value": contact.contact_person or _("Not recorded")},
        {"key": _("What was said"), "value": contact.what_was_said or _("Not recorded")},
        {
            "key": _("Recorded"),
            "value": recorded if contact.recorded_by else _("In another system, before this one"),
        },
    ]


# ---- Deciding -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """What the record knows of a child when a contact is decided, and the questions to answer."""

    child: Child
    case: str
    has_case: bool
    contacts: str
    episodes: tuple[str, ...]
    decisions: tuple[Decided, ...]
    questions: Sequence[Any]


def known_of(
    line: ContactChild,
    form: DecideForm,
    *,
    case: Case | None,
    episodes: Sequence[Episode],
    contacts: int,
    decisions: Sequence[Decision],
    on: date,
) -> Known:
    """A child to decide on. `contacts`: how many in the 12 months before this one."""
    return Known(
        child=child_of(line, on),
        case=(
            _("Open since %(since)s. %(held_by)s")
            % {"since": date_in_words(case.since), "held_by": case.held_by}
        )
        if case
        else _("None open"),
        has_case=case is not None,
        contacts=(
            _("%(number)s in the 12 months before")
            % {"number": count_of(contacts, "other contact")}
        )
        if contacts
        else _("No other contact in the 12 months before"),
        episodes=tuple(_episode_in_words(one) for one in episodes if not one.is_open),
        decisions=tuple(decided_of(one, line, on) for one in decisions),
        questions=form.asked_of(line),
    )


def _episode_in_words(episode: Episode) -> str:
    """`Referred 3 March 2025, closed 2 May 2025: case closed after assessment`."""
    words = _("Referred %(day)s") % {"day": date_in_words(episode.referred_at)}
    if episode.closed_on is None:
        return _("%(words)s: no further action") % {"words": words}
    words += _(", closed %(closed_on)s") % {"closed_on": date_in_words(episode.closed_on)}
    why = code_sets.label("closure_reason", episode.close_reason, episode.closed_on)
    return (
        f"{words}: {why}"
        if why
        else (_("%(words)s: the reason is not recorded") % {"words": words})
    )

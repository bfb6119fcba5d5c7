"""What the pages of the front door show, ready to display."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from harbourlight.foundation.accounts.models import User
from harbourlight.record.episodes.models import Episode
from harbourlight.record.front_door.forms import DecideForChildForm
from harbourlight.record.front_door.models import Contact, ContactChild, Decision
from harbourlight.record.front_door.selectors import decisions_on
from harbourlight.record.live_ledger import selectors as ledger
from harbourlight.record.live_ledger.models import Entry
from harbourlight.record.people.models import Person
from harbourlight.standards import code_sets


def source_words(contact: Contact, on: date) -> str:
    """Who made contact, in words: the code's label, and the agency's own name where it is held."""
    label = code_sets.label("referral_source", contact.source_code, on)
    return f"{label}, {contact.agency}" if contact.agency else label


@dataclass(frozen=True)
class Decided:
    """One decision in words."""

    by: str
    at: datetime
    level: str
    outcome: str
    reasons: str


def decided(decision: Decision) -> Decided:
    """A decision ready to show."""
    who = decision.decided_by or decision.recorded_by
    return Decided(
        by=str(who) if who else "Somebody not recorded",
        at=decision.decided_at,
        level=code_sets.label("level_of_need", decision.level) if decision.level else "",
        outcome=code_sets.label("decision_outcome", decision.outcome),
        reasons=decision.reasons,
    )


@dataclass(frozen=True)
class Waiting:
    """One contact in the queue: who it is about, from whom, and how long is left."""

    contact: Contact
    source: str
    children: tuple[Person, ...]
    due_on: date | None
    working_days_left: int | None


def queue(user: User, lines: Sequence[ContactChild], as_at: datetime) -> list[Waiting]:
    """Lines waiting for a decision, gathered by contact, the longest waiting first."""
    due = {
        entry.about_id: entry
        for entry in ledger.visible_to(user).filter(
            standard="REF-DEC", about="contact", about_id__in=[line.pk for line in lines]
        )
    }
    by_contact: dict[str, list[ContactChild]] = {}
    for line in lines:
        by_contact.setdefault(line.contact_id, []).append(line)
    return [_waiting(held, due, as_at) for held in by_contact.values()]


def _waiting(lines: Sequence[ContactChild], due: dict[str, Entry], as_at: datetime) -> Waiting:
    contact = lines[0].contact
    entry = due.get(lines[0].pk)
    return Waiting(
        contact=contact,
        source=source_words(contact, as_at.date()),
        children=tuple(line.child for line in lines),
        due_on=entry.due_at.date() if entry and entry.due_at else None,
        working_days_left=entry.working_days_left(as_at.date()) if entry else None,
    )


@dataclass(frozen=True)
class ChildOfContact:
    """A child a contact is about, with what has been decided and opened."""

    line: ContactChild
    child: Person
    decisions: tuple[Decided, ...]
    episodes: tuple[Episode, ...]


def children_of(lines: Sequence[ContactChild]) -> list[ChildOfContact]:
    """The children of a contact with their decisions and the episodes that came of it."""
    made = decisions_on(Decision.About.CONTACT, [line.pk for line in lines])
    opened: dict[str, list[Episode]] = {}
    for episode in Episode.objects.standing().filter(contact__in=lines):
        opened.setdefault(str(episode.contact_id), []).append(episode)
    return [
        ChildOfContact(
            line=line,
            child=line.child,
            decisions=tuple(decided(one) for one in made.get(line.pk, ())),
            episodes=tuple(opened.get(line.pk, ())),
        )
        for line in lines
    ]


@dataclass(frozen=True)
class ToDecide:
    """One child to decide for: what is known of them, what was decided already, and the form."""

    line: ContactChild
    child: Person
    age: int | None
    earlier_contacts: int
    previous: tuple[tuple[Episode, str], ...]
    open_episode: Episode | None
    decisions: tuple[Decided, ...]
    form: DecideForChildForm


def to_decide(
    lines: Sequence[ContactChild], forms: Iterable[DecideForChildForm], *, on: date, since: datetime
) -> list[ToDecide]:
    """The children of a contact, each with what a manager needs beside the decision.

    Their earlier episodes with why each closed, contacts since `since`, and whether a case is open.
    """
    ids = [line.child_id for line in lines]
    episodes: dict[str, list[Episode]] = {}
    for episode in Episode.objects.standing().filter(child_id__in=ids):
        episodes.setdefault(episode.child_id, []).append(episode)
    recent = Q(
        contacts__contact__received_at__gte=since,
        contacts__struck_out_at__isnull=True,
    )
    counts = dict(
        Person.objects.filter(pk__in=ids)
        .annotate(recent=Count("contacts", filter=recent))
        .values_list("pk", "recent")
    )
    made = decisions_on(Decision.About.CONTACT, [line.pk for line in lines])
    return [
        ToDecide(
            line=line,
            child=line.child,
            age=line.child.age_on(on),
            earlier_contacts=max(0, counts.get(line.child_id, 0) - 1),
            previous=tuple(
                (one, code_sets.label("closure_reason", one.close_reason, one.closed_on))
                for one in episodes.get(line.child_id, ())
                if not one.is_open
            ),
            open_episode=next(
                (one for one in episodes.get(line.child_id, ()) if one.is_open), None
            ),
            decisions=tuple(decided(one) for one in made.get(line.pk, ())),
            form=form,
        )
        for line, form in zip(lines, forms, strict=True)
    ]

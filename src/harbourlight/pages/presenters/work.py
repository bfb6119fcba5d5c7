"""What is due to a person: contacts to decide, assessments to authorise or put right, duties."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from harbourlight.pages.presenters.children import Child, child_of
from harbourlight.record.front_door.models import ContactChild
from harbourlight.record.live_ledger.models import Entry
from harbourlight.standards import code_sets
from harbourlight.ui.formats import count_of


@dataclass(frozen=True)
class ContactWaiting:
    """A contact that no manager has decided for these children."""

    children: tuple[Child, ...]
    source: str
    received: datetime
    waited: str
    due: date | None
    left: int | None
    decide_href: str


@dataclass(frozen=True)
class Contacts:
    """The contacts waiting for a decision: how many children's, and the most pressing of them."""

    total: int
    listed: tuple[ContactWaiting, ...]

    @property
    def unlisted(self) -> int:
        """How many children are not named here."""
        return max(0, self.total - sum(len(contact.children) for contact in self.listed))


@dataclass(frozen=True)
class AssessmentWaiting:
    """An assessment that waits for somebody: `since` is when it was sent or returned."""

    child: Child
    worker: str
    since: datetime | None
    waited: str
    comment: str
    due: date | None
    left: int | None
    href: str


def contacts_waiting(
    clocks: Iterable[Entry], lines: Iterable[ContactChild], *, now: datetime
) -> list[ContactWaiting]:
    """Contacts with their undecided children together, eldest first; the most pressing first."""
    clock_of = {clock.about_id: clock for clock in clocks}
    contacts: dict[str, list[ContactChild]] = {}
    for line in lines:
        contacts.setdefault(line.contact_id, []).append(line)
    return sorted(
        (_contact(held, clock_of, now) for held in contacts.values()),
        key=lambda shown: (shown.due is None, shown.due, shown.received),
    )


def _contact(
    lines: list[ContactChild], clock_of: Mapping[str, Entry], now: datetime
) -> ContactWaiting:
    contact = lines[0].contact
    clock = next((clock_of[line.pk] for line in lines if line.pk in clock_of), None)
    source = code_sets.label("referral_source", contact.source_code, localdate(contact.received_at))
    return ContactWaiting(
        children=tuple(
            child_of(line.child_id, line.child.name)
            for line in sorted(
                lines, key=lambda line: (line.child.born_on or date.max, line.child.name)
            )
        ),
        source=contact.agency or source,
        received=contact.received_at,
        waited=_("waiting %(long)s") % {"long": waited_in_words(now - contact.received_at)},
        due=clock.due_at.date() if clock and clock.due_at else None,
        left=clock.working_days_left(localdate(now)) if clock else None,
        decide_href=reverse("front_door:decide", args=[contact.pk]),
    )


def assessments_waiting(
    assessments: Iterable[Any],
    clocks: Iterable[Entry],
    *,
    now: datetime,
    page: str,
) -> list[AssessmentWaiting]:
    """Assessments with their stage, in the order they come, each with when it is due.

    `page` names the page that each leads to.
    """
    clock_of = {clock.about_id: clock for clock in clocks}
    return [
        _assessment(assessment, clock_of.get(assessment.pk), now, page)
        for assessment in assessments
    ]


def _assessment(
    assessment: Any, clock: Entry | None, now: datetime, page: str
) -> AssessmentWaiting:
    since = assessment.stage_at
    return AssessmentWaiting(
        child=child_of(assessment.child_id, assessment.child.name),
        worker=assessment.worker.name if assessment.worker else _("No worker named"),
        since=since,
        waited=_("%(long)s ago") % {"long": waited_in_words(now - since)} if since else "",
        comment=assessment.stage_comment or "",
        due=clock.due_at.date() if clock and clock.due_at else None,
        left=clock.working_days_left(localdate(now)) if clock else None,
        href=reverse(page, args=[assessment.pk]),
    )


def waited_in_words(time: timedelta) -> str:
    """`20 minutes`, `3 hours`, `2 days`: whole, of the largest that has passed."""
    minutes = max(0, int(time.total_seconds() // 60))
    if minutes < 60:
        return count_of(minutes, "minute")
    if minutes < 24 * 60:
        return count_of(minutes // 60, "hour")
    return count_of(minutes // (24 * 60), "day")

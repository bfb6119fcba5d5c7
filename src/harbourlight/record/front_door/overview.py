"""Contacts and decisions on a child's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.record.front_door.models import Decision
from harbourlight.record.front_door.presenters import Decided, decided_of, who_from
from harbourlight.record.front_door.selectors import decisions_on, lines_visible_to
from harbourlight.record.people.models import Person
from harbourlight.record.people.overview import Section
from harbourlight.ui.formats import count_of, instant_in_words

MOST_SHOWN = 5
"""Contacts a child's page tells of in full; the chronology has them all."""


@dataclass(frozen=True)
class ContactShown:
    """A contact about the child, and what was decided."""

    href: str
    received: str
    who_from: str
    decisions: tuple[Decided, ...]
    decide: str
    """Where to decide on it, for who may and while nobody has."""


@dataclass(frozen=True)
class ContactsShown:
    """The latest contacts, and how many came before them, in words."""

    latest: Sequence[ContactShown]
    earlier: str


def contacts_of(child: Person, user: User, on: date) -> Section:
    """A child's latest contacts, the last first, each with its decisions and their reasons."""
    lines = [*lines_visible_to(user).filter(child=child).order_by("-contact__received_at", "-pk")]
    earlier, lines = len(lines[MOST_SHOWN:]), lines[:MOST_SHOWN]
    decisions = decisions_on(Decision.About.CONTACT, [line.pk for line in lines])
    may_decide = user.can(Capability.DECIDE_CONTACT)
    shown = []
    for line in lines:
        made = decisions.get(line.pk, [])
        decide = reverse("front_door:decide", args=[line.contact_id])
        shown.append(
            ContactShown(
                href=reverse("front_door:contact", args=[line.contact_id]),
                received=instant_in_words(line.contact.received_at),
                who_from=who_from(line.contact),
                decisions=tuple(decided_of(one, line, on) for one in reversed(made)),
                decide=decide if may_decide and not made else "",
            )
        )
    content = ContactsShown(shown, count_of(earlier, "earlier contact") if earlier else "")
    return Section("contacts", _("Contacts"), "front_door/contacts-section.html", content)

"""Reading contacts: the queue, one contact with its children and decisions, and what came before.

A line is one child of one contact: the queue, a decision and a clock are each about a line.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from harbourlight.foundation.access import Reach
from harbourlight.foundation.accounts.models import User
from harbourlight.record.confidentiality.policy import (
    among,
    known,
    outside_hidden_contacts,
    sight_of,
)
from harbourlight.record.episodes.models import Episode
from harbourlight.record.front_door.models import Contact, ContactChild, Decision
from harbourlight.record.live_ledger.models import Entry
from harbourlight.standards.catalogue.front_door import DECISION_IN_ONE_WORKING_DAY
from harbourlight.standards.standard import Standing


def visible_to(user: User) -> QuerySet[Contact]:
    """The contacts a user may see: those about a child whose whole record they read, and those they
    recorded themselves. One that concerns somebody hidden is hidden whole."""
    sight = sight_of(user)
    if sight.reach is Reach.NOBODY:
        return Contact.objects.none()
    contacts = outside_hidden_contacts(user, Contact.objects.standing(), "pk")
    if sight.reach is not Reach.RELATED:
        return contacts
    lines = ContactChild.objects.standing().filter(among("child_id", sight.related))
    return contacts.filter(Q(recorded_by=user) | Q(pk__in=lines.values("contact_id")))


def lines_visible_to(user: User) -> QuerySet[Any]:
    """The children of contacts, a line each, with `decided` saying whether one has been decided."""
    made = Decision.objects.standing().filter(about=Decision.About.CONTACT, about_id=OuterRef("pk"))
    return (
        _lines(user)
        .filter(contact__struck_out_at__isnull=True, child__struck_out_at__isnull=True)
        .select_related("contact", "child")
        .annotate(decided=Exists(made))
    )


def _lines(user: User) -> QuerySet[ContactChild]:
    lines = known(user, ContactChild.objects.standing())
    lines = outside_hidden_contacts(user, lines, "contact_id")
    sight = sight_of(user)
    if sight.reach is not Reach.RELATED:
        return lines
    return lines.filter(among("child_id", sight.related) | Q(recorded_by=user))


def undecided(user: User) -> QuerySet[Any]:
    """Lines no manager has decided, the longest waiting first. To be narrowed to a few contacts:
    for every one that waits, see `lines_waiting`."""
    return (
        lines_visible_to(user)
        .filter(decided=False)
        .order_by("contact__received_at", "contact_id", "child__born_on", "child__forename", "id")
    )


def lines_waiting(user: User) -> QuerySet[Any]:
    """Every line no manager has decided, the longest waiting first.

    The ledger names the few it may be. They are read first, by index, and given as names: beneath
    row-level security the database takes every table for a small one, and joined to the ledger it
    looked through each line there ever was (0.2 s at 50,000, 1.5 s at 300,000).
    """
    clocks = Entry.objects.filter(
        Q(standing=Standing.APPLIES) | Q(standing=Standing.CANNOT_TELL),
        standard=DECISION_IN_ONE_WORKING_DAY.code,
        about=Decision.About.CONTACT,
        met_at__isnull=True,
    )
    return undecided(user).filter(pk__in=[*clocks.values_list("about_id", flat=True)])


def decided_since(user: User, since: datetime) -> QuerySet[Decision]:
    """Decisions on contacts made since a moment, the latest first.

    What they are about is read first, and given as names, for the same reason.
    """
    lately = Decision.objects.standing().filter(about=Decision.About.CONTACT, decided_at__gte=since)
    about = lines_visible_to(user).filter(pk__in=[*lately.values_list("about_id", flat=True)])
    return (
        lately.filter(about_id__in=[*about.values_list("pk", flat=True)])
        .select_related("child", "decided_by", "recorded_by")
        .order_by("-decided_at", "-id")
    )


def lines_of(user: User, contact: Contact) -> QuerySet[Any]:
    """The children a contact is about, a line each, in the order of their names."""
    return (
        lines_visible_to(user)
        .filter(contact=contact)
        .order_by("child__born_on", "child__forename", "pk")
    )


def decisions_on(about: str, ids: Iterable[str]) -> dict[str, list[Decision]]:
    """Decisions by the identifier of what they are about, the earliest first."""
    found: dict[str, list[Decision]] = {}
    for decision in (
        Decision.objects.standing()
        .filter(about=about, about_id__in=list(ids))
        .select_related("decided_by", "recorded_by")
    ):
        found.setdefault(decision.about_id, []).append(decision)
    return found


def episodes_from(line_ids: Iterable[str]) -> dict[str, Episode]:
    """The episodes that contacts became, by the line that did."""
    episodes = Episode.objects.standing().filter(contact_id__in=list(line_ids))
    return {str(one.contact_id): one for one in episodes.select_related("team", "worker")}


# ---- What is known of a child when a contact is decided -----------------------------------------


def episodes_of(child_ids: Collection[str]) -> dict[str, list[Episode]]:
    """Episodes by child, the latest first."""
    found: dict[str, list[Episode]] = {}
    for episode in Episode.objects.standing().filter(child_id__in=child_ids):
        found.setdefault(episode.child_id, []).append(episode)
    return found


def contacts_between(
    child_ids: Collection[str], since: datetime, until: datetime
) -> dict[str, int]:
    """How many contacts each child had from `since` until just before `until`."""
    counted = (
        ContactChild.objects.standing()
        .filter(
            child_id__in=child_ids,
            contact__struck_out_at__isnull=True,
            contact__received_at__gte=since,
            contact__received_at__lt=until,
        )
        .order_by()
        .values("child_id")
        .annotate(contacts=Count("contact_id", distinct=True))
    )
    return dict(counted.values_list("child_id", "contacts"))

"""Reading contacts: the queue, and one contact with its children and decisions."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.record.front_door.models import Contact, ContactChild, Decision


def visible_to(user: User) -> QuerySet[Contact]:
    """The contacts a user may see: all, for a role that sees children."""
    contacts = Contact.objects.standing()
    return contacts if user.can(Capability.SEE_CHILDREN) else contacts.none()


def lines_visible_to(user: User) -> QuerySet[Any]:
    """The children of contacts, a line each, with `decided` saying whether one has been decided."""
    made = Decision.objects.standing().filter(about=Decision.About.CONTACT, about_id=OuterRef("pk"))
    return (
        ContactChild.objects.standing()
        .filter(contact__in=visible_to(user), child__struck_out_at__isnull=True)
        .select_related("contact", "child")
        .annotate(decided=Exists(made))
    )


def undecided(user: User) -> QuerySet[Any]:
    """Lines no manager has decided, the longest waiting first."""
    return lines_visible_to(user).filter(decided=False).order_by("contact__received_at", "id")


def decisions_on(about: str, ids: list[str]) -> dict[str, list[Decision]]:
    """Decisions by the identifier of what they are about, the earliest first."""
    found: dict[str, list[Decision]] = {}
    for decision in (
        Decision.objects.standing()
        .filter(about=about, about_id__in=ids)
        .select_related("decided_by", "recorded_by")
    ):
        found.setdefault(decision.about_id, []).append(decision)
    return found

"""Contacts and decisions in a child's chronology."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from harbourlight.record.front_door.models import ContactChild, Decision
from harbourlight.record.front_door.presenters import who_from
from harbourlight.record.people.chronology import Happening
from harbourlight.standards import code_sets


def contacts(child_ids: Collection[str]) -> Iterator[Happening]:
    """Contacts received about these children, and the decisions on them."""
    lines = [
        *ContactChild.objects.standing()
        .filter(child_id__in=child_ids, contact__struck_out_at__isnull=True)
        .select_related("contact__recorded_by")
    ]
    for line in lines:
        contact = line.contact
        yield Happening(
            child_id=line.child_id,
            title=(_("Contact from %(contact)s") % {"contact": who_from(contact)}),
            key=f"{line.pk}:contact",
            at=contact.received_at,
            more=contact.what_was_said,
            href=reverse("front_door:contact", args=[contact.pk]),
            recorded_at=contact.recorded_at,
            recorded_by=str(contact.recorded_by or ""),
            by=str(contact.recorded_by or ""),
            whole=contact.pk,
        )
    contact_of = {line.pk: line.contact_id for line in lines}
    decisions = (
        Decision.objects.standing()
        .filter(about=Decision.About.CONTACT, child_id__in=child_ids)
        .select_related("decided_by", "recorded_by")
    )
    for decision in decisions:
        if decision.about_id not in contact_of:
            continue  # its contact was struck out
        day = localdate(decision.decided_at)
        outcome = code_sets.label("decision_outcome", decision.outcome, day)
        level = code_sets.label("level_of_need", decision.level, day)
        yield Happening(
            child_id=decision.child_id,
            title=_("Decision: %(outcome)s") % {"outcome": outcome} if outcome else _("Decision"),
            key=f"{decision.pk}:decided",
            at=decision.decided_at,
            text=(_("Level of need: %(level)s") % {"level": level}) if level else "",
            more=decision.reasons,
            href=reverse("front_door:contact", args=[contact_of[decision.about_id]]),
            recorded_at=decision.recorded_at,
            recorded_by=str(decision.recorded_by or ""),
            by=str(decision.decided_by or decision.recorded_by or ""),
        )

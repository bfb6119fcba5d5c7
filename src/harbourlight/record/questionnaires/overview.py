"""Questionnaires on a child's page."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.record.people.models import Person
from harbourlight.record.people.overview import Section
from harbourlight.record.questionnaires.presenters import Listed, listed
from harbourlight.record.questionnaires.selectors import visible_to

MOST = 10
"""How many a child's page lists before it leads to the chronology for the rest."""


@dataclass(frozen=True)
class Questionnaires:
    """What a child's page says of them. `start` is empty for who may not answer any."""

    listed: tuple[Listed, ...]
    start: str
    more: str


def questionnaires_of(child: Person, user: User, on: date) -> Section:
    """What was answered about a child, the latest first, as far as this person may see."""
    found = visible_to(user).filter(child=child).select_related("edition", "worker")[: MOST + 1]
    shown = [*found]
    start = reverse("questionnaires:start", args=[child.pk])
    content = Questionnaires(
        listed=tuple(listed(one) for one in shown[:MOST]),
        start=start if user.can(Capability.ANSWER_INSTRUMENT) else "",
        more=reverse("people:chronology", args=[child.pk]) if len(shown) > MOST else "",
    )
    template = "questionnaires/questionnaires-section.html"
    return Section("questionnaires", _("Questionnaires"), template, content)

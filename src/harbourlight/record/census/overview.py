"""What the census finds of one child, on the child's page."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.record.census.presenters import Line, line_of
from harbourlight.record.census.selectors import (
    censuses_at_work,
    findings_visible_to,
    with_names,
)
from harbourlight.record.people.models import Person
from harbourlight.record.people.overview import Section


@dataclass(frozen=True)
class OfChild:
    """What is found of a child in one census."""

    census: str
    made: date
    lines: list[Line]


@dataclass(frozen=True)
class Shown:
    """What is found of a child, by census; and the whole page, for who may see it."""

    of: list[OfChild]
    page: str


def census_of(child: Person, user: User, on: date) -> Section:
    """What the censuses of the day find of a child, errors first."""
    censuses = censuses_at_work(on)
    found = findings_visible_to(user, *censuses).filter(child=child)
    lines: dict[str, list[Line]] = {census.pk: [] for census in censuses}
    for one in with_names(found).order_by("kind", "rule", "pk"):
        lines[one.census_id].append(line_of(one))
    shown = [
        OfChild(census.of.name, localdate(census.made_at), lines[census.pk])
        for census in censuses
        if lines[census.pk]
    ]
    page = reverse("census:page") if user.can(Capability.SEE_RETURNS) else ""
    content = Shown(shown, page)
    return Section("census", _("In the census"), "census/census-section.html", content)

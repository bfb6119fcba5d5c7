"""What the census finds of one child, on the child's page."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.record.census.models import Census
from harbourlight.record.census.presenters import Line, line_of
from harbourlight.record.census.selectors import findings_at_work, with_names
from harbourlight.record.census.years import shown_first
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
    found = with_names(findings_at_work(user, on).filter(child=child))
    lines: dict[Census, list[Line]] = {}
    for one in found.order_by("kind", "rule", "pk"):
        lines.setdefault(one.census, []).append(line_of(one))
    first = shown_first(on)
    shown = [
        OfChild(census.of.name, localdate(census.made_at), lines[census])
        for census in sorted(lines, key=lambda one: (one.year != first, one.year))
    ]
    page = reverse("census:page") if user.can(Capability.SEE_RETURNS) else ""
    content = Shown(shown, page)
    return Section("census", _("In the census"), "census/census-section.html", content)

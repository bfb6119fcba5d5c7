"""Who may see whose record: the one place that answers, for pages, search, files and counts.

Four things decide. *Reach*: a role reads everyone, those it is related to, or nobody. *Relation*: a
person is mine when I am or was the allocated worker on an open case, or hold an unfinished
assessment or enquiry of theirs; my team's when the team, or one beneath it, is; and the family of
such a person counts as they do. *Sensitivity*: a restricted person leaves no trace for anyone who
holds no grant and does not work with them, whatever their reach; the records officers, who restrict
and grant, know of all. *Opening*: one child's whole record, for a time, by giving a reason.

What follows is `Shown`: the whole record, an outline, or nothing, as though there were nobody.
PostgreSQL applies the same sets (`row_security`). This must not be got round: a selector begins
with `known` or `read_whole`.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import Q, QuerySet
from django.utils import timezone

from harbourlight.foundation.access import Capability, Reach
from harbourlight.foundation.accounts.models import User

AREAS = {
    "allegations": Capability.ENTER_ALLEGATIONS,
    "intelligence": Capability.ENTER_INTELLIGENCE,
}
"""The walled areas, as the column `area` names them, and who enters each."""


class Shown(enum.Enum):
    """How much of a person's record somebody is shown."""

    WHOLE = "whole"
    OUTLINE = "outline"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Sight:
    """The sets that decide what one person sees at one moment, each of identifiers.

    `hidden` are people there is no trace of, `hidden_contacts` the contacts that concern them and
    those contacts' lines; `related` are those whose whole record a role of that reach reads, those
    `opened` among them.
    """

    reach: Reach
    areas: frozenset[str]
    hidden: frozenset[str] = frozenset()
    hidden_contacts: frozenset[str] = frozenset()
    related: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()

    def of(self, person_id: str) -> Shown:
        """How much of a person's record is shown."""
        if self.reach is Reach.NOBODY or person_id in self.hidden:
            return Shown.NOTHING
        if self.reach is Reach.EVERYONE or person_id in self.related:
            return Shown.WHOLE
        return Shown.OUTLINE


SIGHT = (
    "SELECT hidden, hidden_contacts, related, opened "
    "FROM confidentiality_sight(%s, %s, %s, %s, %s, %s)"
)


def sight_of(user: User, at: datetime | None = None) -> Sight:
    """What somebody sees: as worked out for the request in hand, or now."""
    held: Sight | None = getattr(user, "sight", None)
    if held is not None and at is None:
        return held
    reach = reach_of(user)
    if reach is Reach.NOBODY:
        return Sight(reach, frozenset())
    with connection.cursor() as cursor:
        cursor.execute(SIGHT, asked_for(user, at or timezone.now()))
        return made(user, cursor.fetchone())


def reach_of(user: User) -> Reach:
    """Whose records somebody reads: nobody's without the capability, or once made inactive."""
    return user.role_held.reach if user.can(Capability.SEE_CHILDREN) else Reach.NOBODY


def asked_for(user: User, at: datetime) -> list[Any]:
    """What `confidentiality_sight` is given."""
    return [
        user.pk,
        user.professional_id,
        user.team_id,
        user.can(Capability.RESTRICT_RECORD),
        reach_of(user) is Reach.RELATED,
        at,
    ]


def made(user: User, row: Iterable[list[str]]) -> Sight:
    """Sight from what `confidentiality_sight` gave."""
    return Sight(reach_of(user), areas_of(user), *(frozenset(ids) for ids in row))


def areas_of(user: User) -> frozenset[str]:
    """The walled areas somebody enters."""
    return frozenset(area for area, capability in AREAS.items() if user.can(capability))


def shown_to(user: User, person_id: str) -> Shown:
    """How much of a person's record somebody is shown."""
    return sight_of(user).of(person_id)


# ---- For selectors ------------------------------------------------------------------------------

Rows = TypeVar("Rows", bound=QuerySet[Any])


@models.ForeignObject.register_lookup
@models.Field.register_lookup
class Among(models.Lookup):
    """`child_id__among=[…]`: one array is given, which thousands in it do not slow."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The comparison, and what it is given."""
        column, given = self.process_lhs(compiler, connection)
        return f"{column} = ANY (%s)", (*given, sorted(self.rhs))


def among(field: str, ids: Iterable[str]) -> Q:
    """That a field holds one of these."""
    return Q(**{f"{field}__among": frozenset(ids)})


def known(user: User, rows: Rows, person: str = "child_id") -> Rows:
    """Rows of those somebody may know of: lists, counts and outlines begin here."""
    sight = sight_of(user)
    if sight.reach is Reach.NOBODY:
        return rows.none()
    return rows.exclude(among(person, sight.hidden)) if sight.hidden else rows


def read_whole(user: User, rows: Rows, person: str = "child_id") -> Rows:
    """Rows of those whose whole record somebody reads."""
    rows, sight = known(user, rows, person), sight_of(user)
    return rows.filter(among(person, sight.related)) if sight.reach is Reach.RELATED else rows


def outside_hidden_contacts(user: User, rows: Rows, contact: str) -> Rows:
    """Rows that do not hang on a contact that concerns somebody hidden."""
    hidden = sight_of(user).hidden_contacts
    return rows.exclude(among(contact, hidden)) if hidden else rows


def in_areas(user: User, rows: Rows, area: str = "area") -> Rows:
    """Rows of no walled area, or of one that somebody enters."""
    return rows.filter(**{f"{area}__in": ["", *sight_of(user).areas]})

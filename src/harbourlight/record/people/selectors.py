"""People a user may see, and families. Finding a person is in `search`."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from harbourlight.foundation.accounts.models import User
from harbourlight.record.confidentiality.policy import known
from harbourlight.record.people.addresses import may_see
from harbourlight.record.people.models import Address, FamilyMember, Person, Relationship


def visible_to(user: User) -> QuerySet[Person]:
    """The people a user may know of. Of how much they are shown, `confidentiality.policy` tells."""
    return known(user, Person.objects.standing(), "pk")


# ---- Kin ----------------------------------------------------------------------------------------

FURTHEST = 4
"""How many relationships away a genogram reaches: a cousin is four."""

_KIN = """
WITH RECURSIVE kin (id, away) AS (
    SELECT %s::varchar, 0
    UNION
    SELECT CASE WHEN r.person_id = kin.id THEN r.other_id ELSE r.person_id END, away + 1
    FROM kin JOIN people_relationship r ON r.person_id = kin.id OR r.other_id = kin.id
    WHERE r.struck_out_at IS NULL AND away < %s
)
SELECT DISTINCT id FROM kin
"""


def kin_of(person_id: str) -> list[str]:
    """Everybody a person is related to, by at most `FURTHEST` relationships, themselves too.

    By identifier alone: of whom somebody may know, `people_known` tells.
    """
    with connection.cursor() as cursor:
        cursor.execute(_KIN, [person_id, FURTHEST])
        return [one for (one,) in cursor.fetchall()]


def people_known(user: User, ids: Iterable[str]) -> dict[str, Person]:
    """Those of some people whom a user may know of, by identifier."""
    return {one.pk: one for one in visible_to(user).filter(pk__in=[*ids])}


def relationships_among(ids: Collection[str]) -> QuerySet[Relationship]:
    """How some people are related to each other, the earliest first."""
    return (
        Relationship.objects.standing()
        .filter(person_id__in=ids, other_id__in=ids)
        .select_related("recorded_by")
        .order_by("started_on", "recorded_at", "id")
    )


LIVES_AT = (Address.Kind.HOME, Address.Kind.PLACEMENT, Address.Kind.TEMPORARY)


def household_of(user: User, person_id: str, ids: Collection[str], on: date) -> set[str]:
    """Those of some people who live on a day where a person does, by addresses a user may see.

    Two addresses are one where their letters and figures are, whatever the case and the stops.
    """
    homes: dict[str, set[str]] = {}
    held = Address.objects.current_on(on).filter(person_id__in=ids, kind__in=LIVES_AT)
    for address in held:
        if (address.started_on is None or address.started_on <= on) and may_see(user, address):
            written = f"{address.lines} {address.postcode}".casefold()
            key = "".join(letter for letter in written if letter.isalnum())
            homes.setdefault(key, set()).add(address.person_id)
    together = [members for members in homes.values() if person_id in members]
    return set().union(*together) if together else set()


# ---- Families -----------------------------------------------------------------------------------


def families_of(person_ids: Iterable[str]) -> QuerySet[FamilyMember]:
    """Everyone in a family with any of these people, themselves too: children first, by age."""
    families = FamilyMember.objects.standing().filter(person_id__in=list(person_ids))
    return (
        FamilyMember.objects.standing()
        .filter(family_id__in=families.values("family_id"), person__struck_out_at__isnull=True)
        .select_related("person", "family")
        .order_by("place", "person__born_on", "person_id")
    )

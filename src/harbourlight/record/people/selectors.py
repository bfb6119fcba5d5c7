"""Finding people. Reads start from what the user may see."""

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat, Greatest

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.record.people.models import FamilyMember, Person

ENOUGH_ALIKE = 0.5
"""How alike, from 0 to 1, a typed name must be to a held one to be offered."""

MOST_RESULTS = 50


def visible_to(user: User) -> QuerySet[Person]:
    """The people a user may see: everyone, for a role that sees children; otherwise nobody."""
    people = Person.objects.standing()
    return people if user.can(Capability.SEE_CHILDREN) else people.none()


@dataclass(frozen=True)
class Sought:
    """What a person searches for."""

    name: str = ""
    born_on: date | None = None

    def __bool__(self) -> bool:
        return bool(self.name or self.born_on)


def search(user: User, sought: Sought) -> QuerySet[Person]:
    """People like those sought, the most alike first, at most `MOST_RESULTS`.

    A name need not be spelt as it is held. An identifier typed in full finds that person.
    """
    people = visible_to(user)
    if not sought:
        return people.none()
    if sought.born_on:
        people = people.filter(Q(born_on=sought.born_on) | Q(expected_on=sought.born_on))
    if not sought.name:
        return people.order_by("surname", "forename", "id")[:MOST_RESULTS]
    words = sought.name.split()
    like = Q(id=sought.name.strip().upper()) | Q(nhs_number=sought.name.replace(" ", ""))
    part = Q()
    for word in words:
        part &= Q(forename__icontains=word) | Q(surname__icontains=word)
    for word in words:
        like |= Q(forename__trigram_similar=word) | Q(surname__trigram_similar=word)
    full = Concat(F("forename"), Value(" "), F("surname"))
    alike = Greatest(
        TrigramWordSimilarity(sought.name, full),
        Coalesce(TrigramWordSimilarity(full, Value(sought.name)), Value(0.0)),
    )
    return (
        people.filter(part | like)
        .annotate(alike=alike)
        .filter(Q(alike__gte=ENOUGH_ALIKE) | part | Q(id=sought.name.strip().upper()))
        .order_by("-alike", "surname", "forename", "id")[:MOST_RESULTS]
    )


def family_of(person: Person) -> QuerySet[FamilyMember]:
    """Everyone in a family with `person`, themselves left out, children first."""
    families = FamilyMember.objects.standing().filter(person=person).values("family_id")
    return (
        FamilyMember.objects.standing()
        .filter(family_id__in=families, person__struck_out_at__isnull=True)
        .exclude(person=person)
        .select_related("person")
        .order_by("place", "person__born_on", "person_id")
    )

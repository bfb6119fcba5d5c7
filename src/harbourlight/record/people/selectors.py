"""Finding people, and families. Reads start from what the user may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add, or_

from django.db import connection
from django.db.models import Case, FloatField, Func, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.record.people.models import FamilyMember, Person, Plain, Sounds

MOST_RESULTS = 20

WORD_ALIKE = 0.45
"""How alike, from 0 to 1, a word must be to one of a name for PostgreSQL to consider the name."""

ENOUGH_ALIKE = 0.5
"""How alike a whole name must be to be offered: one of two words right, or both nearly."""

ENOUGH_ALIKE_BORN_THEN = 0.25
"""The same, of somebody born on the very day that was asked for."""

BORN_THEN = 0.5
"""What being born on that day adds, so that they come before all but the same name exactly."""

FAR_BEHIND = 0.35
"""A name this much less alike than the best is not offered: it shares a surname and no more."""


def visible_to(user: User) -> QuerySet[Person]:
    """The people a user may see: everyone, for a role that sees children; otherwise nobody."""
    people = Person.objects.standing()
    return people if user.can(Capability.SEE_CHILDREN) else people.none()


# ---- Search -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sought:
    """What a person searches for: a name or an identifier, a date of birth, or both."""

    name: str = ""
    born_on: date | None = None

    def __bool__(self) -> bool:
        return bool(self.name.strip() or self.born_on)

    @property
    def is_identifier(self) -> bool:
        """Whether an identifier was typed: a name has no figures in it."""
        return any(character.isdigit() for character in self.name)


def search(user: User, sought: Sought) -> list[Person]:
    """People like those sought, the most alike first, at most `MOST_RESULTS`.

    A name need not be spelt as it is held: it is compared by its letters, without accents, and by
    its sound. A date of birth puts those born that day first and forgives more in their names; it
    leaves nobody out, because it too may be wrong. An identifier finds the person it is typed in
    full for.
    """
    if not sought:
        return []
    if sought.is_identifier:
        return [*visible_to(user).filter(_identified_by(sought.name))[:MOST_RESULTS]]
    if not sought.name.strip():
        born_then = visible_to(user).filter(_born_on(sought.born_on))
        return [*born_then.order_by("surname", "forename", "id")[:MOST_RESULTS]]
    found = _like(user, sought)
    best = max((one.alike for one in found), default=0.0)
    return [one.person for one in found if one.born_then or one.alike > best - FAR_BEHIND]


def _identified_by(typed: str) -> Q:
    identifier, figures = typed.strip(), typed.replace(" ", "")
    return (
        Q(pk=identifier)
        | Q(pk=identifier.upper())
        | Q(nhs_number=figures)
        | Q(earlier_system_id=identifier)
    )


def _born_on(day: date | None) -> Q:
    return Q(born_on=day) | Q(expected_on=day)


@dataclass(frozen=True)
class _Like:
    """Somebody whose name is like the one sought, and how much, from 0 to 1."""

    person: Person
    alike: float
    born_then: bool


def _like(user: User, sought: Sought) -> list[_Like]:
    """People whose name is like the one sought, the likeliest first, at most `MOST_RESULTS`."""
    _consider_words_from(WORD_ALIKE)
    words = sought.name.replace("-", " ").split()[:6]
    near = reduce(or_, (_has_word_like(word) for word in words))
    born_then = _born_on(sought.born_on) if sought.born_on else Q(pk__in=())
    rank = reduce(add, (_word_alike(word) for word in words)) / float(len(words)) + Case(
        When(born_then, then=BORN_THEN), default=0.0, output_field=FloatField()
    )
    # Names are compared once, in the order alone; what falls short is left out afterwards.
    ranked = (
        visible_to(user)
        .filter(near | born_then)
        .annotate(rank=Cast(rank, FloatField()))
        .order_by("-rank", "surname", "forename", "id")[: 2 * MOST_RESULTS]
    )
    found = []
    for person in ranked:
        then = sought.born_on is not None and sought.born_on in {
            person.born_on,
            person.expected_on,
        }
        one = _Like(person, person.rank - (BORN_THEN if then else 0), then)
        if one.alike >= (ENOUGH_ALIKE_BORN_THEN if then else ENOUGH_ALIKE):
            found.append(one)
    return found[:MOST_RESULTS]


def _consider_words_from(similarity: float) -> None:
    """Set, until this transaction ends, how alike a word must be for the index to offer it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(similarity)]
        )


def _has_word_like(word: str) -> Q:
    return Q(name_plain__trigram_word_similar=Plain(Value(word))) | Q(
        name_sounds__overlap=Sounds(Value(word))
    )


class _WordSimilarity(Func):
    """How alike, from 0 to 1, a word is to the nearest of a name, by letters in threes."""

    function = "word_similarity"
    output_field = FloatField()


def _word_alike(word: str) -> Combinable:
    """How alike a typed word is to the nearest of a name: by its letters, and half as much again
    of what is lacking where it sounds the same."""
    letters = _WordSimilarity(Plain(Value(word)), "name_plain")
    sounds = When(name_sounds__overlap=Sounds(Value(word)), then=letters / 2.0 + 0.5)
    return Case(sounds, default=letters, output_field=FloatField())


# ---- Somebody alike -----------------------------------------------------------------------------

VERY_ALIKE = 0.8
"""How alike a name must be for it to be asked about on its own, where no day of birth decides."""


def alike(user: User, sought: Sought) -> list[Person]:
    """People already held who may be the one about to be added, the most alike first.

    Born or expected on the same day with a name that is alike; or with a name very much alike and
    a day of birth that is not known, or that differs in one of its day, month and year.
    """
    if not sought.name.strip():
        return []
    return [
        one.person
        for one in _like(user, sought)
        if (one.born_then and one.alike >= ENOUGH_ALIKE)
        or (one.alike >= VERY_ALIKE and _may_be_same_day(one.person, sought.born_on))
    ]


def _may_be_same_day(person: Person, day: date | None) -> bool:
    held = person.born_on or person.expected_on
    if held is None or day is None:
        return True
    parts = zip(held.timetuple()[:3], day.timetuple()[:3], strict=True)
    return sum(one == other for one, other in parts) >= 2


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

"""Writing down people and families."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused, acting
from harbourlight.foundation.facts import correct
from harbourlight.record.people.models import Family, FamilyMember, Person


@dataclass(frozen=True)
class NewPerson:
    """What is known of a person who is not yet on the record."""

    forename: str = ""
    surname: str = ""
    place: str = FamilyMember.Place.CHILD
    sex: str = "U"
    born_on: date | None = None
    expected_on: date | None = None
    ethnicity: str = ""


def add_people(
    *,
    by: User,
    at: datetime,
    people: Sequence[NewPerson],
    family: Family | None = None,
    already: Sequence[Person] = (),
) -> tuple[Family, list[Person]]:
    """Add people to one family in one go, with people already on the record joining it.

    Makes the family when none is given. Raises `Refused` when there is nobody to add, or a person
    has neither a name nor an expected date of birth.
    """
    if not people and not already:
        raise Refused("Add at least one person")
    with acting("people:add", by=by, at=at) as act:
        family = family or Family.objects.create()
        added = [_add(new, family, by=by, at=at) for new in people]
        joining = [(person, _place_of(person)) for person in already]
        joining += [(person, new.place) for person, new in zip(added, people, strict=True)]
        there = set(
            FamilyMember.objects.standing()
            .filter(family=family)
            .values_list("person_id", flat=True)
        )
        for person, place in joining:
            if person.pk not in there:
                FamilyMember.objects.create(
                    family=family, person=person, place=place, recorded_at=at, recorded_by=by
                )
        act.on(family=family.pk)
        act.touches(*(person.pk for person in [*added, *already]))
    return family, added


def _place_of(person: Person) -> str:
    if person.held_as == Person.HeldAs.CHILD:
        return FamilyMember.Place.CHILD
    return FamilyMember.Place.OTHER


def _add(new: NewPerson, family: Family, *, by: User, at: datetime) -> Person:
    if not (new.forename or new.surname or new.expected_on):
        raise Refused("Enter a name, or the date an unborn child is expected")
    is_child = new.place == FamilyMember.Place.CHILD
    return Person.objects.create(
        held_as=Person.HeldAs.CHILD if is_child else Person.HeldAs.ADULT,
        forename=new.forename,
        surname=new.surname,
        sex=new.sex,
        born_on=new.born_on,
        expected_on=new.expected_on,
        ethnicity=new.ethnicity,
        recorded_at=at,
        recorded_by=by,
    )


def correct_person(
    person: Person, changes: Mapping[str, Any], *, by: User, at: datetime, because: str
) -> None:
    """Correct what is held about a person, keeping what was believed before."""
    with acting("people:correct", by=by, at=at) as act:
        act.on(person=person.pk)
        if correct(person, changes, by=by, at=at, because=because):
            act.touches(person.pk)

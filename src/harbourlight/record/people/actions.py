"""Writing down people and families."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused, acting
from harbourlight.foundation.facts import correct, strike_out
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


@dataclass(frozen=True)
class Joining:
    """Somebody already on the record, and the place they take in a family."""

    person: Person
    place: str


def add_people(
    *,
    by: User,
    at: datetime,
    people: Sequence[NewPerson],
    family: Family | None = None,
    joining: Sequence[Joining] = (),
) -> tuple[Family, list[Person]]:
    """Add people to one family in one go, with people already on the record joining it.

    Makes the family when none is given. Somebody who is in the family already stays as they are.
    Raises `Refused` when there is nobody to add, or a person has neither a name nor an expected
    date of birth.
    """
    if not people and not joining:
        raise Refused("Add at least one person")
    with acting("people:add", by=by, at=at) as act:
        family = family or Family.objects.create()
        added = [_add(new, by=by, at=at) for new in people]
        places = [(one.person, one.place) for one in joining]
        places += [(person, new.place) for person, new in zip(added, people, strict=True)]
        there = set(
            FamilyMember.objects.standing()
            .filter(family=family)
            .values_list("person_id", flat=True)
        )
        for person, place in places:
            if person.pk not in there:
                FamilyMember.objects.create(
                    family=family, person=person, place=place, recorded_at=at, recorded_by=by
                )
                there.add(person.pk)
        act.on(family=family.pk)
        act.touches(*(person.pk for person, _ in places))
    return family, added


def _add(new: NewPerson, *, by: User, at: datetime) -> Person:
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


def leave_family(member: FamilyMember, *, by: User, at: datetime, because: str) -> None:
    """Say that somebody was recorded in a family in error. The person's own record stays."""
    with acting("people:leave_family", by=by, at=at) as act:
        strike_out(member, by=by, at=at, because=because)
        act.on(family=member.family_id, person=member.person_id)
        act.touches(member.person_id)


def correct_person(
    person: Person, changes: Mapping[str, Any], *, by: User, at: datetime, because: str
) -> None:
    """Correct what is held about a person, keeping what was believed before.

    Raises `Refused` when nothing would be left to call the person by.
    """
    held = {name: changes.get(name, getattr(person, name)) for name in _CALLED_BY}
    if not any(held.values()):
        raise Refused("Enter a name, or the date an unborn child is expected", field="forename")
    with acting("people:correct", by=by, at=at) as act:
        act.on(person=person.pk)
        if correct(person, changes, by=by, at=at, because=because):
            act.touches(person.pk)


_CALLED_BY = ("forename", "surname", "expected_on")

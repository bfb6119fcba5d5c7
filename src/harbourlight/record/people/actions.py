"""Writing down people and families."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused, acting
from harbourlight.foundation.facts import correct, strike_out
from harbourlight.record.people import details, relations
from harbourlight.record.people.details import DetailKind
from harbourlight.record.people.models import (
    Family,
    FamilyMember,
    Person,
    PersonFact,
    PersonName,
    Relationship,
)
from harbourlight.record.people.names import name_now, name_shown


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
        raise Refused(_("Add at least one person"))
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
        raise Refused(_("Enter a name, or the date an unborn child is expected"))
    is_child = new.place == FamilyMember.Place.CHILD
    person = Person.objects.create(
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
    _give_name(person, by=by, at=at)
    return person


def _give_name(person: Person, *, by: User, at: datetime) -> None:
    """Write down the name somebody was added by, or was given at birth, as their legal one."""
    if person.forename or person.surname:
        PersonName.objects.create(
            person=person,
            forename=person.forename,
            surname=person.surname,
            recorded_at=at,
            recorded_by=by,
        )


# ---- Facts about a person -----------------------------------------------------------------------


def add_fact(
    kind: DetailKind,
    person: Person,
    given: Mapping[str, Any],
    *,
    by: User,
    at: datetime,
    replaces: Iterable[PersonFact] = (),
    also: Iterable[Person] = (),
) -> list[PersonFact]:
    """Record a fact about a person, and about others of whom it is as true.

    Those it `replaces` end on the day it begins, or today where that is not known; one that has
    ended already stays as it is. Gives the fact of each person, theirs first.
    """
    columns = dict(given) | dict(kind.prepared(given))
    people = [person, *also]
    with acting(f"person:add_{_verb(kind)}", by=by, at=at) as act:
        facts = [
            kind.model._default_manager.create(
                person=one, recorded_at=at, recorded_by=by, **columns
            )
            for one in people
        ]
        day = given.get("started_on") or localdate(at)
        for fact in replaces:
            if fact.ended_on is None:
                _end(fact, max(day, fact.started_on or day), by=by, at=at)
        act.on(person=person.pk, fact=facts[0].pk)
        act.touches(*(one.pk for one in people))
        if kind.names_person:
            keep_name_shown(person, at=at)
    return facts


def correct_fact(
    kind: DetailKind,
    fact: PersonFact,
    changes: Mapping[str, Any],
    *,
    by: User,
    at: datetime,
    because: str,
) -> None:
    """Correct a fact about a person, keeping what was believed before."""
    whole = {name: changes.get(name, getattr(fact, name)) for name in kind.columns}
    settled = dict(changes) | dict(kind.prepared(whole))
    with _changing(kind, fact, "correct", by=by, at=at):
        correct(fact, settled, by=by, at=at, because=because)


def end_fact(kind: DetailKind, fact: PersonFact, *, on: date, by: User, at: datetime) -> None:
    """Say that a fact no longer holds, from a day on.

    Raises `Refused` for a day before it began, and for a fact that has ended already.
    """
    if fact.ended_on is not None:
        raise Refused(_("Somebody has said already that this ended. Correct it if that is wrong."))
    if fact.started_on and on < fact.started_on:
        raise Refused(_("It cannot end before the day it is from."), field="ended_on")
    with _changing(kind, fact, "end", by=by, at=at):
        _end(fact, on, by=by, at=at)


def strike_out_fact(
    kind: DetailKind, fact: PersonFact, *, by: User, at: datetime, because: str
) -> None:
    """Say that a fact about a person was recorded in error."""
    with _changing(kind, fact, "strike_out", by=by, at=at):
        strike_out(fact, by=by, at=at, because=because)


def _end(fact: PersonFact, on: date, *, by: User, at: datetime) -> None:
    correct(fact, {"ended_on": on}, by=by, at=at, because=_("It no longer holds."))


@contextmanager
def _changing(
    kind: DetailKind, fact: PersonFact, verb: str, *, by: User, at: datetime
) -> Iterator[None]:
    with acting(f"person:{verb}_{_verb(kind)}", by=by, at=at) as act:
        yield
        act.on(person=fact.person_id, fact=fact.pk)
        act.touches(*kind.people_of(fact))
        if kind.names_person:
            keep_name_shown(fact.person, at=at)


def _verb(kind: DetailKind) -> str:
    return kind.code.replace("-", "_")


def keep_name_shown(person: Person, *, at: datetime) -> None:
    """Make the name shown the one their names say. Call inside the act that changed a name.

    Raises `Refused` where nothing would be left to call somebody by.
    """
    names = [*PersonName.objects.standing().filter(person=person)]
    if not names and not person.expected_on:
        raise Refused(
            _("It is the only name held. Correct it instead, or add the right one first.")
        )
    shown = name_shown(names, localdate(at))
    person.forename, person.surname = shown.forename, shown.surname
    person.known_as = shown.known_as
    person.save(update_fields=["forename", "surname", "known_as"])


# ---- Birth and death ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Birth:
    """What is known of a child once they are born."""

    born_on: date
    sex: str
    forename: str = ""
    surname: str = ""


def record_birth(person: Person, birth: Birth, *, by: User, at: datetime) -> None:
    """Say that a child who was expected has been born.

    The name given at birth takes the place of what the unborn child was called, from that day; what
    was expected stays held. Raises `Refused` for somebody who is born already.
    """
    if person.born_on is not None:
        raise Refused(_("The birth is recorded already. Correct it if it is wrong."))
    with acting("person:record_birth", by=by, at=at) as act:
        because = _("The child was born.")
        changes = {"born_on": birth.born_on, "sex": birth.sex}
        correct(person, changes, by=by, at=at, because=because)
        if birth.forename or birth.surname:
            held = [*PersonName.objects.current_on(birth.born_on).filter(person=person)]
            name = {
                "kind": PersonName.Kind.LEGAL,
                "forename": birth.forename,
                "surname": birth.surname,
                "started_on": birth.born_on,
            }
            same = any(
                (one.forename, one.surname) == (birth.forename, birth.surname) for one in held
            )
            if not same:
                add_fact(details.BY_CODE["names"], person, name, by=by, at=at, replaces=held)
        act.on(person=person.pk)
        act.touches(person.pk)


def record_death(person: Person, *, on: date, by: User, at: datetime) -> None:
    """Say that somebody died, or that a pregnancy ended without a birth.

    Raises `Refused` for a death before the birth, or one that is recorded already.
    """
    if person.died_on is not None:
        raise Refused(_("The death is recorded already. Correct it if it is wrong."))
    if person.born_on and on < person.born_on:
        raise Refused(_("Nobody dies before they are born."), field="died_on")
    with acting("person:record_death", by=by, at=at) as act:
        correct(person, {"died_on": on}, by=by, at=at, because=_("The death was recorded."))
        act.on(person=person.pk)
        act.touches(person.pk)


# ---- How people are related ---------------------------------------------------------------------


@dataclass(frozen=True)
class Related:
    """What somebody is to a person: an answer of `relations.sides`, and what goes with it."""

    other: Person
    answer: str
    parental_responsibility: str = ""
    responsibility_by: str = ""
    started_on: date | None = None
    note: str = ""


def relate(
    person: Person, related: Sequence[Related], *, by: User, at: datetime
) -> list[Relationship]:
    """Record what others are to a person. Whoever was in no family with them joins theirs.

    Raises `Refused` when there is nothing to record, for somebody and themselves, and for what is
    recorded of two people already.
    """
    if not related:
        raise Refused(_("Say how at least one of them is related"))
    with acting("family:relate", by=by, at=at) as act:
        made = [_relate(person, one, by=by, at=at) for one in related]
        _bring_together(person, related, by=by, at=at)
        act.on(person=person.pk)
        act.touches(person.pk, *(one.other.pk for one in related))
    return made


def _relate(person: Person, one: Related, *, by: User, at: datetime) -> Relationship:
    kind, is_inverse = relations.side_of(one.answer)
    if one.other.pk == person.pk:
        raise Refused(_("Nobody is related to themselves"))
    first, second = (person, one.other) if is_inverse else (one.other, person)
    ways = Q(person=first, other=second)
    if kind.is_same_both_ways:
        ways |= Q(person=second, other=first)
    if Relationship.objects.standing().filter(ways, kind=kind.code, ended_on=None).exists():
        raise Refused(
            _("It is recorded already how %(name)s is related.") % {"name": one.other.name}
        )
    responsible = kind.carries_responsibility
    return Relationship.objects.create(
        person=first,
        other=second,
        kind=kind.code,
        parental_responsibility=one.parental_responsibility if responsible else "",
        responsibility_by=one.responsibility_by if responsible else "",
        started_on=one.started_on,
        note=one.note,
        recorded_at=at,
        recorded_by=by,
    )


def _bring_together(person: Person, related: Sequence[Related], *, by: User, at: datetime) -> None:
    """Put whoever shares no family with a person into theirs: a family is known together."""
    family = Family.objects.filter(
        members__person=person, members__struck_out_at__isnull=True
    ).first()
    there = set(
        FamilyMember.objects.standing()
        .filter(family__members__person=person, family__members__struck_out_at__isnull=True)
        .values_list("person_id", flat=True)
    )
    joining = [Joining(one.other, _place_of(one)) for one in related if one.other.pk not in there]
    if not joining:
        return
    if family is None:
        is_child = person.held_as == Person.HeldAs.CHILD
        place = FamilyMember.Place.CHILD if is_child else FamilyMember.Place.PARENT
        joining.insert(0, Joining(person, place))
    add_people(by=by, at=at, people=(), family=family, joining=joining)


def _place_of(one: Related) -> str:
    if one.other.held_as == Person.HeldAs.CHILD:
        return FamilyMember.Place.CHILD
    kind, is_inverse = relations.side_of(one.answer)
    is_parent = kind.tie is relations.Tie.DESCENT and not is_inverse
    return FamilyMember.Place.PARENT if is_parent else FamilyMember.Place.OTHER


# ---- Families -----------------------------------------------------------------------------------


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
        raise Refused(_("Enter a name, or the date an unborn child is expected"), field="forename")
    with acting("people:correct", by=by, at=at) as act:
        act.on(person=person.pk)
        changed = correct(person, changes, by=by, at=at, because=because)
        if changed:
            act.touches(person.pk)
        if {"forename", "surname"} & set(changed):
            _correct_name(person, by=by, at=at, because=because)


def _correct_name(person: Person, *, by: User, at: datetime, because: str) -> None:
    """Put right the name that is shown, where the name of the person was put right."""
    names = [*PersonName.objects.standing().filter(person=person)]
    shown = name_now(names, localdate(at))
    if shown is None:
        _give_name(person, by=by, at=at)
    else:
        name = {"forename": person.forename, "surname": person.surname}
        correct(shown, name, by=by, at=at, because=because)
        keep_name_shown(person, at=at)


_CALLED_BY = ("forename", "surname", "expected_on")

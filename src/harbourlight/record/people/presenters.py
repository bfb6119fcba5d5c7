"""What the pages of people show, ready to display. A presenter asks the database nothing."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from harbourlight.record.people.identity import age_in_words, birth_in_words
from harbourlight.record.people.models import FamilyMember, Person
from harbourlight.record.people.overview import Case
from harbourlight.standards import code_sets
from harbourlight.ui.formats import count_of, in_list

NOT_KNOWN = "U"
"""The code of a sex that is not known."""

RELATIVES_NAMED = 4
"""How many of a family a search result names before it counts the rest."""


@dataclass(frozen=True)
class Relative:
    """Somebody in a family: who, their place, and the way to their page."""

    id: str
    member_id: str
    name: str
    href: str
    place: str
    birth: str
    age: str
    case: str
    is_child: bool


@dataclass(frozen=True)
class Found:
    """A person found by a search."""

    id: str
    name: str
    href: str
    born: str
    sex: str
    relatives: str
    case: str
    is_child: bool
    because: tuple[str, ...] = ()
    """Why they were found, where their name does not say it."""


def case_in_words(person: Person, case: Case | None) -> str:
    """Whether a case is open, and who holds it."""
    if person.held_as == Person.HeldAs.ADULT:
        return _("Adult")
    return _("Open: %(who)s") % {"who": case.held_by} if case else _("No open case")


def relative_of(member: FamilyMember, case: Case | None, on: date) -> Relative:
    """A member of a family."""
    person = member.person
    return Relative(
        id=person.pk,
        member_id=member.pk,
        name=person.name,
        href=reverse("people:child", args=[person.pk]),
        place=member.get_place_display(),
        birth=birth_in_words(person, on),
        age=age_in_words(person, on),
        case=case_in_words(person, case),
        is_child=person.held_as == Person.HeldAs.CHILD,
    )


def found_of(
    person: Person,
    members: Sequence[FamilyMember],
    case: Case | None,
    on: date,
    *,
    because: tuple[str, ...] = (),
) -> Found:
    """A person found, with their family in brief. `members` may hold other families too."""
    return Found(
        id=person.pk,
        name=person.name,
        href=reverse("people:child", args=[person.pk]),
        born=born_or_expected(person, on),
        sex=_("Sex not known") if person.sex == NOT_KNOWN else code_sets.label("sex", person.sex),
        relatives=relatives_in_brief(relatives_of(person, members), on),
        case=case_in_words(person, case),
        is_child=person.held_as == Person.HeldAs.CHILD,
        because=because,
    )


def relatives_of(person: Person, members: Iterable[FamilyMember]) -> list[FamilyMember]:
    """Those of `members` who share a family with this person, each once, themselves left out."""
    members = [*members]
    families = {one.family_id for one in members if one.person_id == person.pk}
    once: dict[str, FamilyMember] = {}
    for one in members:
        if one.family_id in families and one.person_id != person.pk:
            once.setdefault(one.person_id, one)
    return [*once.values()]


def relatives_in_brief(members: Sequence[FamilyMember], on: date) -> str:
    """`Noah Okafor (4 years old) and Grace Okafor`; how many more, beyond the first few."""
    named = []
    for one in members[:RELATIVES_NAMED]:
        is_child = one.place == FamilyMember.Place.CHILD
        age = age_in_words(one.person, on) if is_child else ""
        named.append(f"{one.person.name} ({age})" if age else one.person.name)
    more = len(members) - len(named)
    return in_list([*named, _("%(number)s more") % {"number": more}] if more > 0 else named)


def born_or_expected(person: Person, on: date) -> str:
    """`Born 3 March 2019, 7 years old`, or `Expected 1 February 2027`."""
    words = birth_in_words(person, on)
    if person.born_on is None:
        return (
            _("Expected %(day)s") % {"day": words}
            if person.expected_on
            else _("Date of birth not recorded")
        )
    return _("Born %(day)s") % {"day": words}


def choice_hint(found: Found) -> str:
    """A person found, in one line: born, sex, family, case."""
    family = _("Family: %(names)s") % {"names": found.relatives} if found.relatives else ""
    return ". ".join(filter(None, [*found.because, found.born, found.sex, family, found.case]))


# ---- Sub navigation -----------------------------------------------------------------------------

_SECTIONS = (
    (gettext_noop("Overview"), "people:child"),
    (gettext_noop("Chronology"), "chronology:page"),
    (gettext_noop("Documents"), "documents:list"),
    (gettext_noop("Details"), "people:details"),
    (gettext_noop("Family"), "people:family"),
    (gettext_noop("Standards"), "people:standards"),
)


ADULT_SECTIONS = ("people:child", "people:details", "people:family")


def sub_navigation(person: Person, current: str) -> dict[str, Any]:
    """The sections of a person's record, the one shown marked. An adult has no standards."""
    if person.held_as == Person.HeldAs.ADULT:
        shown = [one for one in _SECTIONS if one[1] in ADULT_SECTIONS]
    else:
        shown = [*_SECTIONS]
    return {
        "label": (_("Record of %(name)s") % {"name": person.name}),
        "items": [
            {"text": text, "href": reverse(name, args=[person.pk]), "current": name == current}
            for text, name in shown
        ],
    }


def added_in_words(added: Collection[Person], joined: Collection[Person]) -> str:
    """What was done, for a message."""
    said = []
    if added:
        said.append(
            _("%(added)s %(added_2)s been added")
            % {"added": in_list(one.name for one in added), "added_2": _has(added)}
        )
    if joined:
        said.append(
            _("%(joined)s %(joined_2)s joined the family")
            % {"joined": in_list(one.name for one in joined), "joined_2": _has(joined)}
        )
    return f"{in_list(said)}."


def _has(people: Collection[Person]) -> str:
    return "has" if len(people) == 1 else "have"


def counted_found(found: Sequence[Found], most: int) -> str:
    """How many were found, and that there may be more."""
    counted = count_of(len(found), "person", "people")
    if len(found) < most:
        return _("%(number)s found") % {"number": counted}
    return _("The %(most)s people most alike. A date of birth will narrow it") % {"most": most}

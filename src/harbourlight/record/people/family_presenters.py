"""What the family page shows: the genogram as it is drawn, and the table that says the same."""

import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from harbourlight.record.people.details import responsibility_in_words
from harbourlight.record.people.genogram import (
    HALF,
    Drawing,
    Figure,
    Link,
    Path,
    Point,
    Symbol,
    draw,
)
from harbourlight.record.people.identity import age_in_words, birth_in_words
from harbourlight.record.people.kinship import Kinship
from harbourlight.record.people.models import FamilyMember, Person, Relationship
from harbourlight.record.people.overview import Case
from harbourlight.record.people.presenters import case_in_words
from harbourlight.record.people.relations import BY_CODE
from harbourlight.ui.formats import count_of, date_in_words

LETTERS_A_LINE = 16
LINES_OF_NAME = 3


@dataclass(frozen=True)
class Kin:
    """One of a family, as the table says it."""

    id: str
    name: str
    href: str
    relation: str
    responsibility: str
    born: str
    lives_here: bool
    case: str
    ties: tuple[str, ...]
    relate: str
    member_id: str
    is_index: bool


@dataclass(frozen=True)
class DrawnSymbol:
    """A symbol and its words, ready for the page. `shape` is what the style sheet calls it."""

    href: str
    says: str
    """All of it in words, for those who hear it."""
    shape: str
    x: float
    y: float
    age: str
    lines: tuple[str, ...]
    born: str
    is_index: bool
    is_dead: bool


@dataclass(frozen=True)
class DrawnLine:
    """A line as SVG has it."""

    points: str
    style: str
    is_slight: bool
    slashes: tuple[str, ...]
    links: str


@dataclass(frozen=True)
class Genogram:
    """A genogram as the page draws it."""

    symbols: tuple[DrawnSymbol, ...]
    lines: tuple[DrawnLine, ...]
    households: tuple[str, ...]
    width: int
    height: int
    says: str
    half: int = HALF


def links_of(relationships: Sequence[Relationship], on: date) -> list[Link]:
    """Relationships as they are drawn and reckoned with. A kind not known here is left out."""
    return [
        Link(one.pk, one.person_id, one.other_id, one.kind, not one.is_current_on(on))
        for one in relationships
        if one.kind in BY_CODE
    ]


def genogram_of(
    person: Person,
    people: Mapping[str, Person],
    links: Sequence[Link],
    kinship: Kinship,
    *,
    household: Collection[str],
    on: date,
) -> Genogram:
    """The genogram of a person's family."""
    figures = [_figure(one) for one in people.values()]
    drawn = draw(figures, links, index=person.pk, household=household)
    return Genogram(
        symbols=tuple(
            _symbol(symbol, people[symbol.figure.id], person, kinship, on=on)
            for symbol in sorted(drawn.symbols, key=lambda one: (one.row, one.x))
        ),
        lines=tuple(_line(path) for path in drawn.paths),
        households=tuple(_points(loop) for loop in drawn.households),
        width=round(drawn.width),
        height=round(drawn.height),
        says=_says(drawn, person),
    )


def _says(drawn: Drawing, person: Person) -> str:
    return _("%(people)s round %(name)s, in %(rows)s. The table below says the same in words.") % {
        "people": count_of(len(drawn.symbols), "person", "people"),
        "name": person.name,
        "rows": count_of(drawn.rows, "row"),
    }


def _figure(person: Person) -> Figure:
    return Figure(person.pk, person.sex, person.born_on, _is_unborn(person))


def _is_unborn(person: Person) -> bool:
    return bool(person.expected_on and not person.born_on)


_SHAPES = {"M": "square", "F": "circle"}


def _symbol(
    symbol: Symbol, person: Person, index: Person, kinship: Kinship, *, on: date
) -> DrawnSymbol:
    shape = "triangle" if _is_unborn(person) else _SHAPES.get(person.sex, "diamond")
    years = person.age_on(person.died_on or on)
    name = textwrap.wrap(person.name, LETTERS_A_LINE)
    if len(name) > LINES_OF_NAME:
        name = [*name[: LINES_OF_NAME - 1], f"{name[LINES_OF_NAME - 1][: LETTERS_A_LINE - 1]}…"]
    is_index = person.pk == index.pk
    relation = _("whose family this is") if is_index else kinship.of(person.pk)
    died = _("died %(day)s") % {"day": date_in_words(person.died_on)} if person.died_on else ""
    born = birth_in_words(person, on)
    if person.born_on:
        born = _("born %(day)s") % {"day": born}
    elif _is_unborn(person):
        born = _("expected %(day)s") % {"day": born}
    else:
        born = _("date of birth not recorded")
    return DrawnSymbol(
        href=reverse("people:child", args=[person.pk]),
        says=", ".join(filter(None, (person.name, relation, born, died))),
        shape=shape,
        x=symbol.x,
        y=symbol.y,
        age="" if years is None else str(years),
        lines=tuple(name),
        born=_lived(person),
        is_index=is_index,
        is_dead=person.died_on is not None,
    )


def _lived(person: Person) -> str:
    if _is_unborn(person):
        return _("due %(year)s") % {"year": person.expected_on.year} if person.expected_on else ""
    born = f"{person.born_on.year}" if person.born_on else ""
    if person.died_on:
        return f"{born or '?'}–{person.died_on.year}"
    return _("b. %(year)s") % {"year": born} if born else ""


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _line(path: Path) -> DrawnLine:
    return DrawnLine(
        _points(path.points),
        path.style.value,
        path.is_slight,
        tuple(_points(stroke) for stroke in path.slashes),
        " ".join(path.links),
    )


def kin_rows(
    person: Person,
    people: Mapping[str, Person],
    relationships: Sequence[Relationship],
    kinship: Kinship,
    *,
    members: Sequence[FamilyMember],
    cases: Mapping[str, Case],
    household: Collection[str],
    on: date,
) -> list[Kin]:
    """Everybody of a family, the person themselves first, then as near as they are related."""
    member_of = {one.person_id: one for one in members}
    responsible = {
        one.person_id: responsibility_in_words(one)
        for one in relationships
        if one.other_id == person.pk and one.is_current_on(on)
    }

    def row(one: Person) -> Kin:
        member = member_of.get(one.pk)
        said = kinship.of(one.pk)
        if not said and one.pk != person.pk:
            said = _("Recorded in the family; how they are related is not")
        born = birth_in_words(one, on)
        if one.died_on:
            born = _("%(born)s; died %(day)s") % {"born": born, "day": date_in_words(one.died_on)}
        return Kin(
            id=one.pk,
            name=one.name,
            href=reverse("people:child", args=[one.pk]),
            relation=_("This is their family") if one.pk == person.pk else said,
            responsibility=responsible.get(one.pk, ""),
            born=born,
            lives_here=one.pk in household,
            case=case_in_words(one, cases.get(one.pk)),
            ties=tuple(_ties(one, people, relationships, on)),
            relate=reverse("people:relate", args=[one.pk]),
            member_id=member.pk if member and one.pk != person.pk else "",
            is_index=one.pk == person.pk,
        )

    def nearness(one: Person) -> tuple[int, int, date]:
        steps = len(kinship.ways.get(one.pk, range(99)))
        return (steps, not age_in_words(one, on), one.born_on or date.max)

    return [row(one) for one in sorted(people.values(), key=nearness)]


def _ties(
    one: Person, people: Mapping[str, Person], relationships: Sequence[Relationship], on: date
) -> list[str]:
    """What somebody is to each they are related to, with its days."""
    said = []
    for link in relationships:
        if one.pk not in (link.person_id, link.other_id) or link.kind not in BY_CODE:
            continue
        kind, is_first = BY_CODE[link.kind], link.person_id == one.pk
        side = kind.person if is_first else kind.other
        other = people[link.other_id if is_first else link.person_id]
        words = _("%(what)s of %(whom)s") % {"what": side.of(one.sex), "whom": other.name}
        if kind.is_same_both_ways:
            words = f"{kind.person.anybody}: {other.name}"
        if link.ended_on and not link.is_current_on(on):
            words = _("%(words)s, until %(day)s") % {
                "words": words,
                "day": date_in_words(link.ended_on),
            }
        said.append(words)
    return said

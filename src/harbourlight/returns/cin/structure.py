"""Whether a census has the shape its schema gives it: each element known, in place, in order, once
where it may stand once, and of its type.

A file that is not so is not taken in by the collection, so these findings come before any rule's.
Everything else is still checked: what stands where it may not is passed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from harbourlight.returns.cin.conditions import year_name
from harbourlight.returns.cin.elements import ELEMENTS, Field, Group, Holds
from harbourlight.returns.cin.scanning import NAMES, NUMBER, UNKNOWN, Elements, Numbers, Truths
from harbourlight.returns.cin.tables import typed


@dataclass(frozen=True, slots=True)
class Fault:
    """An element that is not as the schema has it.

    `code` is one of `FAULTS`, and `says` is what is so. `element` is where to look; `within` is
    what it stands in, or -1 for what holds the piece.
    """

    code: str
    element: int
    within: int
    name: str
    says: str


FAULTS = {
    "unknown": "An element that is no part of the census",
    "place": "An element that stands where the census does not have it",
    "order": "An element after one that it should come before",
    "repeated": "An element given twice where it may be given once",
    "missing": "An element that must be given and is not there",
    "year": "An element that the census of this year does not have",
    "empty": "An element with nothing in it",
    "type": "A value that is not of its element's type",
    "text": "Text beside elements",
}
"""What may be wrong with the shape of a file. A rule of structure is `schema-` and one of these."""

MOST_OFTEN = {
    "unknown": "Most often a name spelt otherwise than the schema spells it; capitals count.",
    "place": "Most often it belongs in the group above or below.",
    "order": "The elements of a group stand in the schema’s order, whatever they say.",
    "repeated": "Leave the one that is right. Of a value the first was checked.",
    "missing": "Where every child lacks it, the system that wrote the file leaves it out.",
    "year": "Where every child has it, the header’s Year may be that of another census.",
    "empty": "What is not known is left out: its element is not written.",
    "type": "Dates are written 2026-03-31, flags 1 or 0, numbers in figures.",
    "text": "Most often part of a tag, or a note that somebody left in the file.",
}
"""What is most often behind each."""


@cache
def _orders() -> tuple[npt.NDArray[np.int16], Truths]:
    """For each group and member, the member's place (-1 where it has none), and whether it may be
    repeated."""
    places = np.full((len(NAMES), len(NAMES)), -1, np.int16)
    many = np.zeros((len(NAMES), len(NAMES)), np.bool_)
    for element in ELEMENTS.values():
        if isinstance(element, Group):
            for place, member in enumerate(element.members):
                places[NUMBER[element.name], NUMBER[member.name]] = place
                many[NUMBER[element.name], NUMBER[member.name]] = member.many
    return places, many


def faults(elements: Elements, right: Truths, root: str, year: int) -> Iterator[Fault]:
    """What is wrong with the shape of a piece, by what is wrong.

    `right` are the elements that stand where they should; `root` holds the piece.
    """
    above = elements.above(root)
    inside = elements.parent >= 0
    parent_is_right = ~inside | right[np.maximum(elements.parent, 0)]
    for number in np.flatnonzero(~right & parent_is_right).tolist():
        yield _misplaced(elements, number, NAMES[above[number]])
    yield from _out_of_order(elements, right, above)
    yield from _missing(elements, right, year)
    yield from _not_of_the_year(elements, right, year)
    yield from _values(elements, right)
    for holder, beside in elements.stray.tolist():
        name = elements.name_of(holder) if holder >= 0 else root
        yield Fault("text", beside, holder, name, f"Text stands beside the elements of {name}")


def _misplaced(elements: Elements, number: int, parent: str) -> Fault:
    name, within = elements.name_of(number), int(elements.parent[number])
    if elements.name[number] == UNKNOWN:
        return Fault("unknown", number, within, name, f"{name} is no part of the census")
    if not isinstance(ELEMENTS[parent], Group):
        return Fault(
            "place", number, within, name, f"{parent} holds {name} where it should hold a value"
        )
    return Fault(
        "place", number, within, name, f"{name} stands in {parent}, which does not have it"
    )


def _out_of_order(elements: Elements, right: Truths, above: Numbers) -> Iterator[Fault]:
    places, many = _orders()
    chosen = np.flatnonzero(right)
    # Elements of one parent together, in the order of the file.
    chosen = chosen[np.argsort(elements.parent[chosen], kind="stable")]
    parent = elements.parent[chosen]
    place = places[above[chosen], elements.name[chosen]].astype(np.int64)
    # Ever larger from parent to parent, so that the largest so far is this parent's own.
    ranked = place + (np.cumsum(np.diff(parent, prepend=parent[:1]) != 0)) * len(NAMES)
    largest = np.maximum.accumulate(ranked)
    late = np.flatnonzero(ranked < largest)
    for at in late.tolist():
        number = int(chosen[at])
        name = elements.name_of(number)
        before = ELEMENTS[NAMES[above[number]]]
        assert isinstance(before, Group)
        after = before.members[int(largest[at] % len(NAMES))].name
        yield Fault(
            "order",
            number,
            int(elements.parent[number]),
            name,
            f"{name} should come before {after}",
        )
    if len(late):
        order = np.lexsort((chosen, elements.name[chosen], parent))
    else:  # in order, so that what is given twice stands together
        order = np.arange(len(chosen))
    same = np.zeros(len(chosen), np.bool_)
    one, following = order[:-1], order[1:]
    same[following] = (parent[one] == parent[following]) & (place[one] == place[following])
    same &= ~many[above[chosen], elements.name[chosen]]
    for at in np.flatnonzero(same).tolist():
        number = int(chosen[at])
        name = elements.name_of(number)
        is_group = isinstance(ELEMENTS[name], Group)
        checked = "they were read as one" if is_group else "the first was checked"
        says = f"{name} may be given once; {checked}"
        yield Fault("repeated", number, int(elements.parent[number]), name, says)


def _missing(elements: Elements, right: Truths, year: int) -> Iterator[Fault]:
    """Groups without what they must hold."""
    for group in ELEMENTS.values():
        if not isinstance(group, Group) or group.name in ("Message", "Children"):
            continue
        own = np.flatnonzero(right & (elements.name == NUMBER[group.name]))
        for member in group.members:
            if not (member.needed and member.is_in(year)) or not len(own):
                continue
            given = np.zeros(len(elements.name), np.bool_)
            held = right & (elements.name == NUMBER[member.name])
            given[elements.parent[held & (elements.parent >= 0)]] = True
            for number in own[~given[own]].tolist():
                says = f"{group.name} has no {member.name}"
                yield Fault("missing", number, number, member.name, says)


def _not_of_the_year(elements: Elements, right: Truths, year: int) -> Iterator[Fault]:
    for element in ELEMENTS.values():
        if not element.is_in(year):
            for number in np.flatnonzero(right & (elements.name == NUMBER[element.name])).tolist():
                says = f"{element.name} is not in the census of {year_name(year)}"
                yield Fault("year", number, int(elements.parent[number]), element.name, says)


_TYPES = {
    Holds.DATE: "a date, written as 2026-03-31",
    Holds.FLAG: "1 or 0, true or false",
    Holds.NUMBER: "a whole number of nought or more",
    Holds.YEAR: "a year",
}


_IS_FIELD = np.array([isinstance(element, Field) for element in ELEMENTS.values()])
_HOLDS = {
    holds: np.array(
        [isinstance(element, Field) and element.holds is holds for element in ELEMENTS.values()]
    )
    for holds in _TYPES
}
"""Which elements are fields, and which hold what has a type, by their places in `NAMES`."""


def _values(elements: Elements, right: Truths) -> Iterator[Fault]:
    """Fields that are empty, or hold what is not of their type."""
    fields = right & _IS_FIELD[elements.name]
    empty = fields & elements.is_leaf & (elements.begins == elements.ends)
    for number in np.flatnonzero(empty).tolist():
        name = elements.name_of(number)
        yield Fault(
            "empty",
            number,
            int(elements.parent[number]),
            name,
            f"{name} is empty: leave the element out",
        )
    for holds, wanted in _TYPES.items():
        cells = np.flatnonzero(fields & ~empty & _HOLDS[holds][elements.name])
        wrong = ~typed(elements, cells, holds).known
        if holds is Holds.DATE:  # 31/03/2026 is understood, and still is no date to the schema
            octets = np.frombuffer(elements.text, np.uint8)
            fourth = np.minimum(elements.begins[cells] + 4, len(octets) - 1)
            wrong |= (octets[fourth] != ord("-")) | (
                elements.ends[cells] - elements.begins[cells] > 10
            )
        for number in cells[wrong].tolist():
            name = elements.name_of(number)
            yield Fault(
                "type", number, int(elements.parent[number]), name, f"{name} is not {wanted}"
            )

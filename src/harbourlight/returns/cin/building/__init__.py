"""Building a children in need census from the dataset.

Everything is written as the dataset holds it and nothing is made up: what the schema must have and
the dataset lacks is left out with the smallest part that cannot stand without it, and told as a
`Problem` for whoever can mend it. Whether what was built keeps the rules is for `checking`.

What is concluded, because what is held leaves no doubt: a referral from which something followed
was not one of no further action; an enquiry that led to a conference needed one, and that none is
needed has not been decided while it is open; a row that names no referral belongs to the child's
one episode of that day. Earlier protection plans are counted where the source does not say how many
there were, and that is remarked.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from lxml import etree

from harbourlight import __version__
from harbourlight.dataset.whole import written_whole
from harbourlight.returns.cin.building.choosing import Choice
from harbourlight.returns.cin.building.chosen import Chosen
from harbourlight.returns.cin.building.parts import Parts
from harbourlight.returns.cin.building.places import Place, Places, height
from harbourlight.returns.cin.building.problems import (
    NOT_RECORDED,
    Problem,
    Problems,
    write_problems,
)
from harbourlight.returns.cin.building.rows import MODULES, Origin, Part, day_of, each
from harbourlight.returns.cin.building.unplaced import tell_of_the_unplaced
from harbourlight.returns.cin.conditions import Census
from harbourlight.returns.cin.elements import (
    CHILD,
    ELEMENTS,
    HEADER,
    PRE_PROCEEDINGS,
    TABLES,
    Field,
    Group,
    Holds,
)
from harbourlight.returns.cin.schema import is_allowed

__all__ = [
    "NEVER_BUILT",
    "Built",
    "Header",
    "Place",
    "Places",
    "Problem",
    "build",
    "write_problems",
]

NEVER_BUILT = {
    PRE_PROCEEDINGS.name: "The dataset has no place for pre-proceedings or for family group "
    "decision making.",
}
"""Elements that no census of ours has, and why."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the header says of who returns the census, and when it was made.

    Where `authority`, its number, is empty there can be no `Source`, and the header says the year
    alone. `at` is written as it is given.
    """

    authority: str
    at: datetime
    serial: int = 1


@dataclass(slots=True)
class Built:
    """A census that was built: how many of each part it has, and what could not be built."""

    census: Census
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    places: Places | None = None
    """Where each part stands, and its row of the source; None unless asked for."""

    def counted(self) -> Iterator[tuple[str, int]]:
        """How many there are of each element that is a table of its own, children first."""
        for name in TABLES:
            element = ELEMENTS[name]
            if isinstance(element, Group) and element.many and element.is_in(self.census.year):
                yield name, self.counts[name]


Told = Callable[[float], None]
"""Told how much of the census has been written, from 0 to 1."""

_TOLD_EVERY = 1_000
"""Children."""

_LINES_BEFORE = 3
"""Of a census without its header: the declaration, and what opens Message and Children."""

_LONGEST_CODE = 5
"""Letters. What is longer may be something else in a code's place, and is not shown."""


def build(
    tables: Mapping[str, pa.Table],
    *,
    year: int,
    header: Header,
    out: Path,
    from_census: bool = False,
    with_places: bool = False,
    progress: Told = lambda share: None,
) -> Built:
    """Write the census that ends in March of `year` to `out`, in place of one of that name.

    `tables` gives the dataset's rows by table name. `from_census` says that they were read from a
    census: if it is this year's, everything in it is kept. `with_places` asks for `Built.places`,
    by which a finding is traced from its line to the row it is of. Raises `OSError` if it cannot be
    written. A child in the census is written whole before the next is read, so memory holds the
    tables and not the census. Where no child can be built, nothing is written.
    """
    census = Census(year)
    choice = Choice(census, everything=from_census and _is_of(tables, census))
    building = _Building(tables, choice)
    building.built.places = Places() if with_places else None
    with written_whole(out) as unfinished:
        building.write(unfinished, header, progress)
        if not building.built.counts["Child"]:
            unfinished.unlink()
    return building.built


def _is_of(tables: Mapping[str, pa.Table], census: Census) -> bool:
    """Whether tables that were read from a census are of this one, by how far back they reach."""
    reach = tables.get("hl_coverage")
    days = set(reach["hlco_complete_from"].to_pylist()) if reach is not None else set()
    return days == {census.period_start}


class _Building:
    """One census as it is built."""

    def __init__(self, tables: Mapping[str, pa.Table], choice: Choice) -> None:
        self.tables = tables
        self.year = choice.census.year
        self.built = Built(choice.census)
        self.problems = Problems()
        self.chosen = Chosen(tables, choice, self.problems)
        self.parts = Parts(choice, self.problems)
        self.origins: dict[etree._Element, Origin] = {}
        """The rows of the parts of the child at hand, where places are asked for."""

    def write(self, path: Path, header: Header, progress: Told) -> None:
        """Write the census, child by child, and tell of what could not be built."""
        said = self._element(HEADER, Part(_header(self.built.census, header)), "")
        with path.open("wb") as stream, etree.xmlfile(stream, encoding="UTF-8") as file:
            file.write_declaration()
            with file.element("Message"):
                file.write("\n")
                if said is not None:
                    file.write(said, pretty_print=True)
                with file.element("Children"):
                    file.write("\n")
                    line = 1 + _LINES_BEFORE + height(said)
                    for child in self._built_children(progress):
                        file.write(child, pretty_print=True)
                        line = self._place(child, line)
        tell_of_the_unplaced(self.chosen, self.problems)
        self._say_what_is_not_supplied(header)
        self.built.problems = self.problems.with_owners(self.tables)

    def _place(self, child: "etree._Element", line: int) -> int:
        """Note where the parts of a child stand. Gives the line after it."""
        if self.built.places is None:
            return line
        name = self.origins[child].row
        line = self.built.places.add(child, name, self.origins, line)
        self.origins.clear()
        return line

    def _built_children(self, progress: Told) -> Iterator["etree._Element"]:
        """Each child that can be built, by identifier."""
        people, streams = self.chosen.people(), self.chosen.streams()
        factors = self.chosen.factors()
        last = None
        for done, person in enumerate(each(people)):
            child = person["pers_person_id"]
            if child == last:
                part = Part({}, child)
                wrong = "Another child has this identifier."
                self.problems.tell("Child", "LAchildID", part, child, wrong, "This child")
                continue
            last = child
            of = {name: stream.of(child) for name, stream in streams.items()}
            part = self.parts.child(person, self.chosen.episodes[child], of, factors)
            element = self._element(CHILD, part, child)
            if element is not None:
                self.built.counts.update(str(inner.tag) for inner in element.iter())
                yield element
            if done % _TOLD_EVERY == 0:
                progress(done / len(people))
        progress(1.0)

    def _element(self, group: Group, part: Part, child: str) -> "etree._Element | None":
        """A group with what it holds, in the schema's order; None where it cannot stand."""
        element = etree.Element(group.name)
        if self.built.places is not None and part.table:
            self.origins[element] = Origin(part.table, part.row)
        is_whole = True
        for member in group.members:
            if not member.is_in(self.year):
                continue
            given = part.held.get(member.name)
            several = given if isinstance(given, list) else [] if given in (None, "") else [given]
            others = part.others.get(member.name, ()) if self.built.places is not None else ()
            before = len(element)
            for at, value in enumerate(several):
                if isinstance(member, Group):
                    inner = self._element(member, value, child)
                    if inner is not None:
                        element.append(inner)
                elif (text := self._text(group, member, value, part, child)) is not None:
                    inner = etree.SubElement(element, member.name)
                    inner.text = text
                    if others:
                        self.origins[inner] = others[at]
            if member.needed and len(element) == before:
                is_whole = False
                # What was given and could not stand has been told of, but not who fell with it.
                if not several:
                    wrong = NOT_RECORDED[member.name]
                    self.problems.tell_of(group, member.name, part, child, wrong)
                elif group is CHILD and member.many:
                    wrong = "None of the child's episodes can be built."
                    self.problems.tell_of(group, member.name, part, child, wrong)
        return element if is_whole and len(element) else None

    def _text(
        self, group: Group, member: Field, value: object, part: Part, child: str
    ) -> str | None:
        """How a value is written; None where there is nothing, or nothing that may stand."""
        match member.holds:
            case Holds.DATE if isinstance(value, date):
                return day_of(value).isoformat()
            case Holds.INSTANT if isinstance(value, datetime):
                return value.isoformat(timespec="seconds")
            case Holds.FLAG if value in ("Y", "N"):
                return "1" if value == "Y" else "0"
            case Holds.NUMBER | Holds.YEAR if isinstance(value, int) and value >= 0:
                return str(value)
            case Holds.TEXT | Holds.CODE:
                text = str(value).strip(" \t\r\n")
                if text and is_allowed(member, text):
                    return text
        wrong = "What is held is not as the census has it."
        if member.code_set and len(str(value)) <= _LONGEST_CODE:
            wrong = f"{value} is not a code that the census has."
        self.problems.tell_of(group, member.name, part, child, wrong)
        return None

    def _say_what_is_not_supplied(self, header: Header) -> None:
        if count := self.parts.plans_counted:
            self.built.remarks.append(
                f"The source does not say how many protection plans came before {count:,} of those "
                "in the census: NumberOfPreviousCPP is how many earlier ones it holds."
            )
        if not header.authority:
            self.built.remarks.append("The header does not say whose it is: give the authority.")
        for name, why in NEVER_BUILT.items():
            if ELEMENTS[name].is_in(self.year):
                self.built.remarks.append(f"There is no {name}. {why}")
        absent = [module.element for module in MODULES if module.table not in self.tables]
        if absent:
            self.built.remarks.append(f"The source holds no {', no '.join(absent)}.")


def _header(census: Census, header: Header) -> dict[str, Any]:
    """What the header says, by element."""
    source = {
        "SourceLevel": "L",
        "LEA": header.authority,
        "SoftwareCode": "Harbourlight",
        "Release": __version__,
        "SerialNo": f"{header.serial:03}",
        "DateTime": header.at,
    }
    return {
        "CollectionDetails": Part(
            {
                "Collection": "CIN",
                "Year": census.year,
                "ReferenceDate": census.reference_date,
            }
        ),
        "Source": [Part(source)] if header.authority else [],
    }

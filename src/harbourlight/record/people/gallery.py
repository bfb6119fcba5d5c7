"""What people look like in the gallery of components. All of it is invented; no record is read."""

from datetime import date
from typing import Any

from harbourlight.record.people.family_presenters import genogram_of
from harbourlight.record.people.genogram import Link
from harbourlight.record.people.kinship import Kinship
from harbourlight.record.people.models import Person

_FAMILY = (
    Person(id="grandmother", forename="Gwen", surname="Example", sex="F", died_on=date(2020, 1, 2)),
    Person(id="mother", forename="Mary", surname="Example", sex="F", born_on=date(1990, 5, 4)),
    Person(
        id="father", forename="Fred", surname="Other-Example", sex="M", born_on=date(1988, 2, 1)
    ),
    Person(id="partner", forename="Pat", surname="Partner", sex="U"),
    Person(id="child", forename="Alex", surname="Example", sex="F", born_on=date(2019, 3, 27)),
    Person(
        id="brother",
        forename="Bartholomew-Maximilian",
        surname="Example-Longer-Than-Most-Names-Are",
        sex="M",
        born_on=date(2016, 9, 9),
    ),
    Person(id="unborn", surname="Example", sex="U", expected_on=date(2027, 2, 3)),
)
_LINKS = (
    ("grandmother", "mother", "parent_birth"),
    ("mother", "child", "parent_birth"),
    ("father", "child", "parent_birth"),
    ("mother", "brother", "parent_birth"),
    ("father", "brother", "parent_birth"),
    ("mother", "unborn", "parent_birth"),
    ("partner", "unborn", "parent_birth"),
)


def family() -> dict[str, Any]:
    """A genogram with somebody of every shape, somebody who died, and a household."""
    people = {one.pk: one for one in _FAMILY}
    links = [Link(f"{a}-{b}", a, b, kind) for a, b, kind in _LINKS]
    links.append(Link("married", "mother", "father", "divorced"))
    links.append(Link("partners", "mother", "partner", "partner"))
    kinship = Kinship(
        "child",
        links,
        {key: one.sex for key, one in people.items()},
        {key: one.name for key, one in people.items()},
    )
    drawn = genogram_of(
        people["child"],
        people,
        links,
        kinship,
        household={"mother", "child", "brother"},
        on=date(2026, 11, 23),
    )
    return {"genogram": drawn}

"""On which line of a built census each part begins, and which row of the source it is made from.

What the checks find is told by its line. From there a finding leads back to the row that holds the
value, or that lacks it, and so to whoever can mend it. Lines are as `checking` counts them.
"""

from array import array
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from harbourlight.returns.cin.building.rows import Origin

Origins = Mapping["etree._Element", Origin]
"""The row that each group of a child is made from, and each field that is of a row of its own."""


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a census: the line on which it begins, and the row that it is made from.

    `element` is the group, or the field where that is made from another row than its group: a
    disability, a review, a pupil number, the day of a conference within its enquiry. `child` is
    the LAchildID, and `row` the identifier of a row of `table`.
    """

    line: int
    child: str
    element: str
    table: str
    row: str


class Places:
    """The places of a census, in the order of its lines.

    Of each place are kept two numbers and three references, and of the lines only where one place
    gives way to another: about 200 bytes for each part of a child.
    """

    def __init__(self) -> None:
        self._begins = array("q")
        self._elements: list[str] = []
        self._origins: list[Origin] = []
        self._children: list[str] = []
        self._stretches = array("q")
        """The first line of each stretch of lines that are of one place."""
        self._of_stretch = array("q")
        self._end = 0
        """The line after the last that is of a child."""

    def __len__(self) -> int:
        return len(self._begins)

    def place_of(self, line: int | None) -> Place | None:
        """The smallest part that holds a line; None for a line that is of no child."""
        if line is None or line >= self._end or (at := bisect_right(self._stretches, line)) == 0:
            return None
        number = self._of_stretch[at - 1]
        origin = self._origins[number]
        return Place(
            self._begins[number],
            self._children[number],
            self._elements[number],
            origin.table,
            origin.row,
        )

    def add(self, child: "etree._Element", name: str, origins: Origins, line: int) -> int:
        """Add a child, written from this line on. Gives the line that comes after."""
        self._end = self._walk(child, name, origins, line, above=-1)
        return self._end

    def _walk(
        self, element: "etree._Element", name: str, origins: Origins, line: int, above: int
    ) -> int:
        place = above
        if origin := origins.get(element):
            place = len(self._begins)
            self._begins.append(line)
            self._elements.append(str(element.tag))
            self._origins.append(origin)
            self._children.append(name)
        self._settle(line, place)
        if not len(element):
            return line + height(element)
        line += 1
        for inner in element:
            line = self._walk(inner, name, origins, line, place)
        self._settle(line, place)
        return line + 1

    def _settle(self, line: int, place: int) -> None:
        """Say that from this line on a place holds."""
        if not self._of_stretch or self._of_stretch[-1] != place:
            self._stretches.append(line)
            self._of_stretch.append(place)


def height(element: "etree._Element | None") -> int:
    """How many lines an element takes: one for a value, whose own lines are kept, and for a group
    the line that opens it, the line that closes it and those between."""
    if element is None:
        return 0
    if not len(element):
        return 1 + (element.text or "").count("\n")
    return 2 + sum(height(inner) for inner in element)

"""The elements of a piece as tables of typed columns, which rules are written over.

A date is a number of days, a flag 0 or 1, a code its letters. What is absent or cannot be read is
not known; that it could not be read is for `structure` to say. A table's rows and cells lead back
to the elements they came from.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from harbourlight.returns.cin.elements import CHILD, ELEMENTS, Field, Group, Holds, Table
from harbourlight.returns.cin.scanning import NAMES, NUMBER, Elements, Numbers, Truths

_WIDEST = 64
"""Bytes of a value that rules see. The longest allowed is 20, and a longer one is as wrong."""


@dataclass(frozen=True, slots=True)
class Column:
    """The values of a field, and where each is known. Of what is not known the value says nothing.

    Dates are days since 1970; flags 0 or 1; codes and texts bytes.
    """

    values: npt.NDArray[Any]
    known: Truths

    def at(self, rows: Numbers) -> "Column":
        """The values of these rows."""
        return Column(self.values[rows], self.known[rows])


@dataclass(frozen=True)
class Rows:
    """The rows of one table: which element each is, and which element each of its cells came from.

    `cells` holds -1 where a row has no such element. `within` gives each row's row in the tables
    above it.
    """

    table: Table
    elements: Numbers
    cells: dict[str, Numbers]
    within: dict[str, Numbers]


@cache
def _places() -> npt.NDArray[np.bool_]:
    """For each element and each that may stand directly in it, true. The last row is of no parent.

    An unknown element is -1, and so is the absence of a parent: both find the last row.
    """
    places = np.zeros((len(NAMES) + 1, len(NAMES) + 1), np.bool_)
    for element in ELEMENTS.values():
        if isinstance(element, Group):
            for member in element.members:
                places[NUMBER[element.name], NUMBER[member.name]] = True
    return places


def placed(elements: Elements, root: str) -> Truths:
    """Which elements stand where a census has them, in one that does. `root` holds the piece."""
    right: Truths = _places()[elements.above(root), elements.name]
    parent = elements.parent
    has_parent = parent >= 0
    while True:
        still = right & (~has_parent | right[np.maximum(parent, 0)])
        if (still == right).all():
            return right
        right = still


_MERGED = tuple(
    NUMBER[part.name] for part in CHILD.members if isinstance(part, Group) and not part.many
)
"""ChildIdentifiers and ChildCharacteristics, whose fields are the child's."""
_IS_MERGED = np.isin(np.arange(len(NAMES) + 1), _MERGED)
"""The same by an element's name; the last is of no name."""


def rows_of(elements: Elements, right: Truths, tables: dict[str, Table]) -> dict[str, Rows]:
    """The rows of each table among the elements that stand where they should."""
    name, parent = elements.name, elements.parent
    owner = parent.copy()
    inside = owner >= 0
    merged = inside & _IS_MERGED[name[np.maximum(owner, 0)]]
    owner[merged] = parent[owner[merged]]
    row_number = np.zeros(len(name), np.int64)
    found: dict[str, Rows] = {}
    for table in tables.values():
        own = np.flatnonzero(right & (name == NUMBER[table.name]))
        row_number[own] = np.arange(len(own))
        if table.name in table.field_names:  # a repeated field is a row, and its cell is itself
            cells = {table.name: own}
        else:
            cells = {
                field.name: _cells(field, table, name, owner, right, row_number, len(own))
                for field in table.fields
            }
        within: dict[str, Numbers] = {}
        above = own
        for ancestor in reversed(table.within):
            above = owner[above] if len(own) else above
            within[ancestor] = row_number[above]
        found[table.name] = Rows(table, own, cells, within)
    return found


def _cells(
    field: Field,
    table: Table,
    name: Numbers,
    owner: Numbers,
    right: Truths,
    row_number: Numbers,
    rows: int,
) -> Numbers:
    """The element that gives each row its value of a field: the first, where there are several."""
    cells = np.full(rows, -1, np.int64)
    given = np.flatnonzero(right & (name == NUMBER[field.name]))
    given = given[name[owner[given]] == NUMBER[table.name]] if rows else given[:0]
    cells[row_number[owner[given]][::-1]] = given[::-1]
    return cells


@dataclass(frozen=True)
class Tables:
    """The tables of one piece. Each column is typed when it is first asked for."""

    elements: Elements
    rows: dict[str, Rows]
    _columns: dict[tuple[str, str], Column] = field(default_factory=dict)

    def column(self, table: str, name: str) -> Column:
        """A field of a table."""
        key = (table, name)
        if key not in self._columns:
            rows = self.rows[table]
            holds = next(field.holds for field in rows.table.fields if field.name == name)
            self._columns[key] = typed(self.elements, rows.cells[name], holds)
        return self._columns[key]


def texts(elements: Elements, cells: Numbers, width: int | None = None) -> npt.NDArray[np.uint8]:
    """The texts of cells as rows of bytes, filled up with nought."""
    given = np.flatnonzero(cells >= 0)
    begins = elements.begins[cells[given]]
    lengths = elements.ends[cells[given]] - begins
    widest = max(min(int(lengths.max(initial=0)), width or _WIDEST), 1)
    found = np.zeros((len(cells), width or widest), np.uint8)
    if len(given):
        octets = np.frombuffer(elements.text, np.uint8)
        across = np.arange(widest)
        taken = octets[np.minimum(begins[:, None] + across, len(octets) - 1)]
        found[given, :widest] = np.where(across < lengths[:, None], taken, 0)
    return found


def typed(elements: Elements, cells: Numbers, holds: Holds) -> Column:
    """The values of cells, each as what it holds."""
    match holds:
        case Holds.DATE:
            return _dates(elements, cells)
        case Holds.FLAG:
            letters = _letters(elements, cells)
            true = (letters == b"1") | (letters == b"true")
            false = (letters == b"0") | (letters == b"false")
            return Column(true.astype(np.int64), true | false)
        case Holds.NUMBER | Holds.YEAR:
            return _numbers(elements, cells)
        case Holds.TEXT | Holds.CODE | Holds.INSTANT:
            letters = _letters(elements, cells)
            return Column(letters, letters != b"")


def _letters(elements: Elements, cells: Numbers) -> npt.NDArray[np.bytes_]:
    found = texts(elements, cells)
    return np.ascontiguousarray(found).view(f"S{found.shape[1]}").ravel()


def _numbers(elements: Elements, cells: Numbers) -> Column:
    digits = texts(elements, cells, _MOST_DIGITS + 1)
    lengths = (digits != 0).sum(axis=1)
    is_digit = (digits >= ord("0")) & (digits <= ord("9"))
    known = (lengths > 0) & (lengths <= _MOST_DIGITS) & (is_digit | (digits == 0)).all(axis=1)
    values = np.zeros(len(cells), np.int64)
    for place in range(_MOST_DIGITS):
        digit = digits[:, place].astype(np.int64) - ord("0")
        values = np.where(is_digit[:, place], values * 10 + digit, values)
    return Column(values, known)


_MOST_DIGITS = 9

_YEAR_FIRST = (0, 5, 8)
_DAY_FIRST = (6, 3, 0)
"""Where the year, the month and the day begin in 2026-03-31 and in 31/03/2026."""
_MAY_FOLLOW_A_DAY = np.isin(np.arange(256), np.frombuffer(b"\0TZ+- ", np.uint8))


def _dates(elements: Elements, cells: Numbers) -> Column:
    """Days since 1970, of 2026-03-31 with or without a time or zone behind it, and of 31/03/2026.

    The second is no date to the schema, and `structure` says so; what it means is plain.
    """
    written = texts(elements, cells, 11)
    year_first = (written[:, 4] == ord("-")) & (written[:, 7] == ord("-"))
    year_first &= _MAY_FOLLOW_A_DAY[written[:, 10]]
    day_first = (written[:, 2] == ord("/")) & (written[:, 5] == ord("/")) & (written[:, 10] == 0)
    values = np.zeros(len(cells), np.int64)
    known = np.zeros(len(cells), np.bool_)
    for form, places in ((year_first, _YEAR_FIRST), (day_first, _DAY_FIRST)):
        if form.any():
            days, exist = _days(written[form], *places)
            values[form], known[form] = days, exist
    return Column(values, known)


def _days(
    written: npt.NDArray[np.uint8], year_at: int, month_at: int, day_at: int
) -> tuple[Numbers, Truths]:
    digits = written.astype(np.int64) - ord("0")

    def number(at: int, length: int) -> Numbers:
        return digits[:, at : at + length] @ (10 ** np.arange(length - 1, -1, -1))

    year, month, day = number(year_at, 4), number(month_at, 2), number(day_at, 2)
    exist = np.ones(len(written), np.bool_)
    for at, length in ((year_at, 4), (month_at, 2), (day_at, 2)):
        part = digits[:, at : at + length]
        exist &= ((part >= 0) & (part <= 9)).all(axis=1)
    exist &= (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
    months = np.where(exist, (year - 1970) * 12 + month - 1, 0)
    first = months.astype("M8[M]").astype("M8[D]").astype(np.int64)
    following = (months + 1).astype("M8[M]").astype("M8[D]").astype(np.int64)
    exist &= day <= following - first
    return first + day - 1, exist

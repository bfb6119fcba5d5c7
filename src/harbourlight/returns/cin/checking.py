"""Checks a census: its structure, then every rule of its year over every child.

A file is read in pieces of whole children, so a rule about a child is answered within a piece; what
spans the return (the same LAchildID twice, a share of all children) is gathered and answered last.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from harbourlight.dataset.unreadable import UnreadableSource
from harbourlight.returns.cin.causes import shape_of_another_year
from harbourlight.returns.cin.conditions import (
    Census,
    Condition,
    Relation,
    Repeated,
    Standing,
)
from harbourlight.returns.cin.counts import COUNTS
from harbourlight.returns.cin.elements import HEADER_TABLES, TABLES
from harbourlight.returns.cin.findings import Checked, Finding
from harbourlight.returns.cin.reading import Piece, Progress, read
from harbourlight.returns.cin.rule import Applied, Kind, Totals
from harbourlight.returns.cin.rules import (
    FIRST_YEAR,
    LAST_YEAR,
    WITHDRAWN,
    YEAR_ON_YEAR,
    rules_of,
)
from harbourlight.returns.cin.scanning import Elements, Numbers
from harbourlight.returns.cin.structure import Fault, faults
from harbourlight.returns.cin.tables import Tables, placed, rows_of
from harbourlight.standards.calendar import FIRST_DAY, LAST_DAY

YEARS = range(FIRST_DAY.year + 1, LAST_DAY.year + 1)
"""The years that a census may be of: those whose working days are known."""


_MOST_ELEMENTS = 5_000
"""Elements of one child: forty times the most that has been seen. Each is compared with each."""


def check(
    path: Path,
    *,
    year: int | None = None,
    last_year: Path | None = None,
    progress: Progress = lambda share: None,
) -> Checked:
    """Check a census file. Raises `UnreadableSource` where it is not a census at all.

    `year` is the census whose rules to check, whatever the header says. `last_year` is last year's
    return, without which the year-on-year checks are left out.
    """
    checking = _Checking(path.name, year)
    for piece in read(path, progress):
        checking.add(piece)
    checked = checking.finish()
    if last_year is None:
        checked.left_out.append(
            "The year-on-year checks were not made: give last year's file to make them."
        )
    else:
        _compare(checked, _counted(last_year, checked.census.year - 1))
    return checked


class _Checking:
    """A census as far as it has been read."""

    def __init__(self, file: str, year: int | None, *, only_count: bool = False) -> None:
        self.asked_year = year
        self.only_count = only_count
        self.checked = Checked(file, Census(year or FIRST_YEAR), Census(FIRST_YEAR))
        self.rules: tuple[Applied, ...] = ()
        self.totals: dict[str, int] = dict.fromkeys(COUNTS, 0)
        self.different: dict[str, set[tuple[Any, ...]]] = {
            name: set() for name, count in COUNTS.items() if count.different
        }
        self.repeated: dict[str, _Texts] = {}
        self.header_lines: dict[str, tuple[str, int]] = {}
        self.is_begun = False

    def add(self, piece: Piece) -> None:
        if piece.is_header:
            self._add_header(piece.elements)
        else:
            self._add_children(piece.elements)

    def _add_header(self, elements: Elements) -> None:
        if self.is_begun:
            for number in np.flatnonzero(elements.parent < 0).tolist():
                name = elements.name_of(number)
                late = Fault("order", number, -1, name, f"{name} should come before Children")
                self._found_fault(late, elements)
            return
        self.is_begun = True
        right = placed(elements, "Message")
        tables = Tables(elements, rows_of(elements, right, HEADER_TABLES))
        for name, table in HEADER_TABLES.items():
            cells = tables.rows[name].cells
            for field in table.field_names:
                if len(cells[field]) and (number := int(cells[field][0])) >= 0:
                    line = int(elements.lines(np.array([number]))[0])
                    self.header_lines[field] = (elements.text_of(number), line)
        year = self._header_year(tables)
        self.checked.authority = self.header_lines.get("LEA", ("", 0))[0]
        self._settle_year(year)
        for fault in faults(elements, right, "Message", self.checked.census.year):
            self._found_fault(fault, elements)

    def _header_year(self, tables: Tables) -> int | None:
        year = tables.column("CollectionDetails", "Year")
        day = tables.column("CollectionDetails", "ReferenceDate")
        if len(day.known) and day.known[0]:
            self.totals["header_reference_date"] = int(day.values[0]) + date(1970, 1, 1).toordinal()
        if len(year.known) and year.known[0]:
            self.totals["header_year"] = int(year.values[0])
            return int(year.values[0])
        if "header_reference_date" in self.totals:
            return date.fromordinal(self.totals["header_reference_date"]).year
        return None

    def _settle_year(self, in_header: int | None) -> None:
        """Which year's census this is: what was asked for, or what the header says, or the last."""
        assumed = self.checked.assumed
        if in_header is not None and in_header not in YEARS:
            in_header = None
        year = self.asked_year or in_header
        if year is None:
            year = LAST_YEAR - 1
            assumed.append(
                f"The header does not say which census this is. It was checked as {year}'s: "
                "give the year to check it as another."
            )
        elif self.asked_year and in_header and in_header != self.asked_year:
            assumed.append(f"The header says {in_header}; it was checked as {year}'s, as asked.")
        nearest = min(max(year, FIRST_YEAR), LAST_YEAR)
        if nearest != year:
            assumed.append(
                f"The rules of {Census(year).name} are not known to us. Those of "
                f"{Census(nearest).name} were checked, over the days of {Census(year).name}."
            )
        self.checked.census, self.checked.rules_of = Census(year), Census(nearest)
        self.rules = () if self.only_count else rules_of(nearest)
        self.checked.provisional = frozenset(
            applied.code for applied in self.rules if applied.rule.is_provisional
        )
        unknown = [code for code, until in WITHDRAWN.items() if year <= until]
        if unknown:
            self.checked.left_out.append(
                f"Rules {' and '.join(unknown)} of that year were withdrawn after it, and their "
                "text is not known: they were not checked."
            )
        self.repeated = {
            applied.code: _Texts(applied)
            for applied in self.rules
            if isinstance(applied.fails, Repeated)
        }

    def _add_children(self, elements: Elements) -> None:
        self._require_sizes(elements)
        right = placed(elements, "Children")
        tables = Tables(elements, rows_of(elements, right, TABLES))
        people = _People(tables)
        for fault in faults(elements, right, "Children", self.checked.census.year):
            self._found_fault(fault, elements, people)
        standings: dict[Relation, Standing] = {}

        def standing(relation: Relation) -> Standing:
            if relation not in standings:
                rows = np.arange(len(tables.rows[relation.table.name].elements))
                standings[relation] = Standing(
                    self.checked.census, tables, {relation: rows}, is_whole=True
                )
            return standings[relation]

        for applied in self.rules:
            over = applied.rule.over
            if over is None:
                continue
            if isinstance(applied.fails, Repeated):
                self.repeated[applied.code].add(tables, people)
                continue
            assert isinstance(applied.fails, Condition)
            for relation, condition in ((over, applied.fails), *applied.rule.also):
                if failing := _rows_where(condition, standing(relation)):
                    self._found(applied, tables, people, relation, failing)
        self._count(standing)

    def _require_sizes(self, elements: Elements) -> None:
        """Refuse a child of more elements than could be compared with each other."""
        children = np.flatnonzero(elements.parent < 0)
        sizes = np.diff(children, append=len(elements.parent))
        for child in children[sizes > _MOST_ELEMENTS][:1].tolist():
            raise UnreadableSource(
                self.checked.file,
                f"One child has more than {_MOST_ELEMENTS:,} elements.",
                "Check that it is a children in need census.",
                line=int(elements.lines(np.array([child]))[0]),
            )

    def _count(self, standing: Callable[[Relation], Standing]) -> None:
        for name, count in COUNTS.items():
            at = standing(count.over)
            rows = np.array(_rows_where(count.where, at), np.int64)
            if not count.different:
                self.totals[name] += len(rows)
                continue
            columns = [value.value(at).values[rows].tolist() for value in count.different]
            self.different[name].update(zip(*columns, strict=True))

    def _found(
        self,
        applied: Applied,
        tables: Tables,
        people: "_People",
        relation: Relation,
        failing: list[int],
    ) -> None:
        """Write down a finding for each failing row, where its element is or should be."""
        elements, rows = tables.elements, tables.rows[relation.table.name]
        cells = rows.cells.get(applied.element)
        shown = [int(cells[row]) if cells is not None else -1 for row in failing]
        places = [
            cell if cell >= 0 else int(rows.elements[row])
            for cell, row in zip(shown, failing, strict=True)
        ]
        lines = elements.lines(np.array(places)).tolist()
        above = rows.within.get("Child")
        for row, cell, line in zip(failing, shown, lines, strict=True):
            self.checked.findings.append(
                Finding(
                    rule=applied.code,
                    kind=applied.kind,
                    message=applied.message,
                    child=people.name(row if above is None else int(above[row])),
                    module=applied.rule.module,
                    element=applied.element,
                    value=elements.text_of(cell) or None if cell >= 0 else None,
                    line=line,
                )
            )

    def _found_fault(
        self, fault: Fault, elements: Elements, people: "_People | None" = None
    ) -> None:
        root = "Message" if people is None else "Children"
        self.checked.findings.append(
            Finding(
                rule=f"schema-{fault.code}",
                kind=Kind.STRUCTURE,
                message=fault.says,
                child=people.around(fault.within) if people else None,
                module=elements.name_of(fault.within) if fault.within >= 0 else root,
                element=fault.name,
                value=elements.text_of(fault.element) if fault.code == "type" else None,
                line=int(elements.lines(np.array([fault.element]))[0]),
            )
        )

    def finish(self) -> Checked:
        """Answer what spans the return."""
        self.totals |= {name: len(values) for name, values in self.different.items()}
        for texts in self.repeated.values():
            self.checked.findings += texts.findings()
        for applied in self.rules:
            if applied.rule.over is not None:
                continue
            assert not isinstance(applied.fails, Condition)
            if not applied.fails(self.totals):
                continue
            text, line = self.header_lines.get(applied.element, (None, None))
            if applied.figures is not None:
                text = applied.figures(self.totals)
            self.checked.findings.append(
                Finding(
                    rule=applied.code,
                    kind=applied.kind,
                    message=applied.message,
                    child=None,
                    module=applied.rule.module,
                    element=applied.element,
                    value=text,
                    line=line,
                )
            )
        self.checked.totals = self.totals
        if not self.totals["children"]:
            self.checked.assumed.append("There are no children in the file.")
        elif said := shape_of_another_year(self.checked):
            self.checked.assumed.append(said)
        return self.checked


def _rows_where(condition: Condition, standing: Standing) -> list[int]:
    if not standing.size:
        return []
    holds = condition.holds(standing)
    if len(holds) != standing.size:  # a condition of the census alone: it holds of all or of none
        holds = np.broadcast_to(holds, standing.size)
    found: list[int] = np.flatnonzero(holds).tolist()
    return found


class _People:
    """Whose a row or an element is."""

    def __init__(self, tables: Tables) -> None:
        self.elements = tables.elements
        self.rows = tables.rows["Child"]
        self._names: dict[int, str | None] = {}

    def name(self, row: int) -> str | None:
        """The LAchildID of a child, by its row."""
        if row not in self._names:
            cell = int(self.rows.cells["LAchildID"][row])
            self._names[row] = self.elements.text_of(cell) or None if cell >= 0 else None
        return self._names[row]

    def around(self, number: int) -> str | None:
        """The LAchildID of the child in whom an element stands, or whom it is; none for -1."""
        if number < 0:
            return None
        while (parent := int(self.elements.parent[number])) >= 0:
            number = parent
        row = int(np.searchsorted(self.rows.elements, number))
        is_child = row < len(self.rows.elements) and self.rows.elements[row] == number
        return self.name(row) if is_child else None


class _Texts:
    """A text of every child of the return, to find those that are given more than once."""

    def __init__(self, applied: Applied) -> None:
        self.applied = applied
        self.texts: list[npt.NDArray[np.bytes_]] = []
        self.names: list[npt.NDArray[np.bytes_]] = []
        self.lines: list[Numbers] = []

    def add(self, tables: Tables, people: _People) -> None:
        field = self.applied.element
        texts = tables.column("Child", field)
        given = np.flatnonzero(texts.known)
        self.texts.append(texts.values[given])
        self.names.append(tables.column("Child", "LAchildID").values[given])
        self.lines.append(tables.elements.lines(people.rows.cells[field][given]))

    def findings(self) -> Iterator[Finding]:
        """One for each child whose text another has too."""
        if not self.texts:
            return
        texts = np.concatenate(self.texts)
        _, which, times = np.unique(texts, return_inverse=True, return_counts=True)
        names, lines = np.concatenate(self.names), np.concatenate(self.lines)
        for at in np.flatnonzero(times[which] > 1).tolist():
            yield Finding(
                rule=self.applied.code,
                kind=self.applied.kind,
                message=self.applied.message,
                child=names[at].decode("utf-8", "replace") or None,
                module=self.applied.rule.module,
                element=self.applied.element,
                value=texts[at].decode("utf-8", "replace"),
                line=int(lines[at]),
            )


def _counted(path: Path, year: int) -> Totals:
    """What last year's return counts to; its rules are not checked again."""
    checking = _Checking(path.name, year, only_count=True)
    for piece in read(path):
        checking.add(piece)
    return checking.finish().totals


def _compare(checked: Checked, then: Totals) -> None:
    checked.last_year = then
    for check in YEAR_ON_YEAR:
        now_counted, then_counted = checked.totals[check.counted], then[check.counted]
        if check.fails(now_counted, then_counted):
            checked.findings.append(
                Finding(
                    rule=check.code,
                    kind=Kind.YEAR_ON_YEAR,
                    message=check.message,
                    child=None,
                    module="Return",
                    element=check.counted,
                    value=f"{now_counted:,}, last year {then_counted:,}",
                    line=None,
                )
            )

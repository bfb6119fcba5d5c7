"""Reads the situations in `tests/standards/situations`: the manual of the standards, by example.

A situation is a section of Markdown: a title that says what is shown, perhaps a paragraph that says
why, tables of what is recorded, and for one or more moments the entries expected. A table of rows
stands under its name, with the columns that matter, named without the table's own prefix; a column
not given is null, an unnamed child is "child", and a row that needs no name gets its number. Days
are written with their weekday, which is checked: a count of working days is worked out on it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from harbourlight.dataset.schema import Column, Kind, Table
from harbourlight.dataset.tables import BY_NAME, SOURCE_TABLES
from harbourlight.standards.clocks import END_OF_DAY

ENTRY_COLUMNS = ("about_id", "began", "due", "met", "outcome", "detail")
"""What every expected entry says; `about`, `child`, `worker` and `team` may be added."""

Cells = dict[str, str]


class Misread(ValueError):
    """A situation that does not say what it must."""


@dataclass
class Situation:
    """What is recorded, and what the ledger says of it at each moment."""

    code: str
    title: str
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    expected: list[tuple[datetime, list[dict[str, Any]]]] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"


def read(path: Path) -> list[Situation]:
    """Every situation of a file, whose heading is the standard's code. Raises `Misread`."""
    heading, *sections = path.read_text(encoding="utf-8").split("\n## ")
    code = heading.removeprefix("# ").split(":")[0]
    return [_situation(code, section) for section in sections]


def _situation(code: str, section: str) -> Situation:
    title, body = section.split("\n", 1)
    situation = Situation(code, title.strip(), {table.name: [] for table in SOURCE_TABLES})
    try:
        for label, cells in _tables(body):
            if label in BY_NAME:
                rows = situation.rows[label]
                rows.extend(_row(BY_NAME[label], cell, len(rows) + n) for n, cell in _count(cells))
            elif label.startswith("As at "):
                moment = _instant(label.removeprefix("As at ").rstrip(":."), END_OF_DAY)
                situation.expected.append((moment, [_entry(cell) for cell in cells]))
            else:
                raise Misread(f"{label!r} is neither a table nor a moment")
        if not situation.expected:
            raise Misread("it expects nothing")
    except Misread as error:
        raise Misread(f"{code}, {title}: {error}") from error
    return situation


def _count(cells: list[Cells]) -> Iterator[tuple[int, Cells]]:
    return enumerate(cells, start=1)


def _tables(body: str) -> Iterator[tuple[str, list[Cells]]]:
    """Each table with the last line of prose above it; a moment may expect nothing at all."""
    label, header, cells = "", None, []
    for line in [*body.splitlines(), ""]:
        if line.startswith("|"):
            values = [value.strip() for value in line.strip().strip("|").split("|")]
            if header is None:
                header = values
            elif not set(line) <= set("|-: "):
                if len(values) != len(header):
                    raise Misread(f"the row {line} has {len(values)} cells, not {len(header)}")
                cells.append(dict(zip(header, values, strict=True)))
        else:
            if header is not None:
                yield label, cells
                header, cells = None, []
            if line.endswith(": nothing."):
                yield line.removesuffix(": nothing."), []
            elif line.strip():
                label = line.strip().strip("`:")


def _row(table: Table, cells: Cells, number: int) -> dict[str, Any]:
    prefix = table.columns[0].name.split("_")[0]
    row: dict[str, Any] = {column.name: None for column in table.columns}
    if table.key is not None:
        row[table.key.name] = f"{prefix}-{number}"
    if table.person:
        row[table.person] = "child"
    for name, text in cells.items():
        try:
            column = table.column(f"{prefix}_{name}")
        except KeyError:
            raise Misread(f"{table.name} has no column {prefix}_{name}") from None
        if text:
            row[column.name] = _value(column, text)
    for column in table.columns:
        if column.needed and row[column.name] is None:
            raise Misread(f"{column.name} is needed")
    return row


def _value(column: Column, text: str) -> Any:
    match column.kind:
        case Kind.DATE:
            return _instant(text, time.min).date()
        case Kind.INSTANT:
            return _instant(text, time.min)
        case Kind.INTEGER:
            return int(text)
        case Kind.JSON:
            return text.strip("`").replace("\\n", "\n")
        case _:
            return text


def _entry(cells: Cells) -> dict[str, Any]:
    missing = set(ENTRY_COLUMNS) - cells.keys()
    if missing:
        raise Misread(f"an entry says {', '.join(sorted(missing))} too")
    expected: dict[str, Any] = {}
    for name, text in cells.items():
        match name:
            case "began":
                expected["starts_at"] = _instant(text, time.min) if text else None
            case "due":
                expected["due_at"] = _instant(text, END_OF_DAY) if text else None
            case "met":
                expected["met_at"] = _instant(text, time.min) if text else None
            case "outcome":
                expected["outcome"] = text.replace(" ", "_")
            case "child" | "worker" | "team":
                expected[f"{name}_id"] = text or None
            case "about" | "about_id" | "detail":
                expected[name] = text or None
            case _:
                raise Misread(f"an entry has no {name}")
    return expected


_DAY = re.compile(
    r"(?P<weekday>[A-Z][a-z]{2}) (?P<day>\d{1,2} [A-Z][a-z]{2} \d{4})(?: (?P<time>\S+))?"
)


def _instant(text: str, default: time) -> datetime:
    """ "Mon 5 May 2025", with perhaps a time. Raises `Misread` if it was not a Monday."""
    found = _DAY.fullmatch(text)
    if found is None:
        raise Misread(f"{text!r} is not a day such as Mon 5 May 2025")
    day: date = datetime.strptime(found["day"], "%d %b %Y").date()  # noqa: DTZ007 - a day has no zone
    if f"{day:%a}" != found["weekday"]:
        raise Misread(f"{text} was a {day:%A}")
    return datetime.combine(day, time.fromisoformat(found["time"]) if found["time"] else default)

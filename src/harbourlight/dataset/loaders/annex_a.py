"""Reading an Annex A workbook into the dataset's tables.

A list names its children and no thing of theirs, so that referrals, assessments, enquiries and
plans are named here from the child and the day. What a list gives of the latest thing alone (a
review, a previous plan) is not supplied: a standard that needs them all is then not answered, and
says so.

The workbook is not run: cells are read as the values last saved in them.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from harbourlight.dataset.annex_a import LISTS, NOT_HELD, Field, Kind, List
from harbourlight.dataset.formulas import BEGINS_A_FORMULA
from harbourlight.dataset.loaders import values
from harbourlight.dataset.loaders.source import Source, UnreadableSource
from harbourlight.dataset.schema import Column
from harbourlight.dataset.schema import Kind as SchemaKind
from harbourlight.dataset.tables import BY_NAME
from harbourlight.standards import code_sets

LARGEST = 200 * 1024 * 1024
"""Bytes of a workbook unpacked: ten times a large authority's lists. A spreadsheet of a few
kilobytes can be made to unpack into any number (reliability.md, section 7)."""

_CHUNK = 1 << 20

_SAVE_AGAIN = "Open it in a spreadsheet and save it again as an Excel workbook (.xlsx)."
_LETTERED = re.compile(r"^\s*[a-z]\d?\)\s*", re.IGNORECASE)
_FIRST_CODE = re.compile(r"^\s*([A-Z0-9]{1,4})(?:\s*[-:]\s*.*)?$", re.DOTALL)

_THINGS = {1: "C", 3: "R", 4: "A", 5: "S", 6: "R", 7: "P"}
"""The letter by which a row of each list is named, after its child's identifier."""

_KNOWN_BY_NAME = {
    "ssd_department.dept_team_id": "dept_team_name",
    "ssd_professionals.prof_professional_id": "prof_professional_name",
}
"""What a list refers to and has no row of, and the column that holds its name."""

_DATED = {
    "ssd_contacts": 1,
    "ssd_cin_episodes": 3,
    "ssd_cin_assessments": 4,
    "ssd_s47_enquiry": 5,
    "ssd_initial_cp_conference": 5,
    "ssd_cp_plans": 7,
}
"""The list that says of each table from when it is complete."""


def read_annex_a(path: Path) -> Source:
    """Read a workbook of Annex A lists. Raises `UnreadableSource`, and `OSError` if it is shut."""
    _require_safe(path)
    try:
        with CalamineWorkbook.from_path(str(path)) as workbook:
            return _Reading(path.name, workbook).source()
    except CalamineError as error:
        raise UnreadableSource(
            path.name, "It is not a workbook, or is damaged.", _SAVE_AGAIN
        ) from error


def _require_safe(path: Path) -> None:
    """Refuse a workbook that is no archive, or would unpack into more than could be meant."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            if unpacked <= LARGEST:
                _require_true_sizes(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise UnreadableSource(
            path.name, "It is not an Excel workbook, or is damaged.", _SAVE_AGAIN
        ) from error
    if unpacked > LARGEST:
        raise UnreadableSource(
            path.name,
            f"It unpacks into {unpacked // 2**20:,} MB, more than the {LARGEST // 2**20} allowed.",
            "Give the lists alone, without pictures or other sheets.",
        )


def _require_true_sizes(archive: zipfile.ZipFile) -> None:
    """Unpack each member into nothing: one larger than it says does not add up to its checksum."""
    for member in archive.infolist():
        with archive.open(member) as held:
            while held.read(_CHUNK):
                pass


@dataclass
class _Reading:
    """A workbook being read: what was found, and what was noticed."""

    name: str
    workbook: CalamineWorkbook
    remarks: list[str] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    earliest: list[date] = field(default_factory=list)

    def source(self) -> Source:
        """Everything the workbook supplies."""
        sheets = {_plain(name): name for name in self.workbook.sheet_names}
        found = [
            (each, sheets[name])
            for each in LISTS
            for name in (_plain(each.sheet), _plain(each.name), str(each.number))
            if name in sheets
        ]
        if not found:
            raise UnreadableSource(
                self.name,
                "None of its sheets is a list of Annex A.",
                "Name the sheets List 1, List 2 and so on, as Ofsted's workbook does.",
            )
        read = {each.number for each, name in found if each.rows and self._read(each, name)}
        others = sorted({each.sheet for each, _ in found if not each.rows})
        if others:
            self.remarks.append(f"No standard asks for what these hold: {', '.join(others)}.")
        self._link()
        self._say_from_when(read)
        tables = {
            name: pa.Table.from_pylist([*rows.values()], schema=BY_NAME[name].arrow_schema())
            for name, rows in self.rows.items()
        }
        return Source(
            kind="Annex A",
            title=f"Annex A lists in {self.name}",
            tables=tables,
            held=frozenset(self.held),
            remarks=tuple(self.remarks),
        )

    # ---- A list --------------------------------------------------------------------------------

    def _read(self, each: List, sheet_name: str) -> bool:
        """Read the rows of one list; whether it has its columns."""
        sheet = self.workbook.get_sheet_by_name(sheet_name)
        headings, lines = self._headings(each, sheet)
        lacking = [one.heading for one in each.fields if one.reads and one.heading not in headings]
        if each.fields[0].heading in lacking:
            self.remarks.append(f"{sheet_name} has no column Child Unique ID, and was not read.")
            return False
        if lacking:
            self.remarks.append(f"{sheet_name} has no column {', '.join(lacking)}.")
        wanted = [(headings[one.heading], one) for one in each.fields if one.heading in headings]
        self.held |= {one.reads for _, one in wanted if one.reads}
        seen: dict[str, int] = {}
        for line, cells in lines:
            given: dict[str, Any] = {
                one.heading: self._value(one, cells[place], sheet_name, line)
                for place, one in wanted
                if one.reads
            }
            child = given.pop("Child Unique ID")
            if child is None:
                if any(value is not None for value in given.values()):
                    self._refuse("There is no Child Unique ID.", sheet_name, line)
                continue
            seen[child] = seen.get(child, 0) + 1
            self._keep(each, child, seen[child], given)
        return True

    def _headings(
        self, each: List, sheet: CalamineSheet
    ) -> tuple[dict[str, int], Iterator[tuple[int, list[Any]]]]:
        """Where each of the list's columns is, and the numbered lines after the headings."""
        known = {_plain(one.heading): one.heading for one in each.fields}
        lines = enumerate(sheet.iter_rows(), start=1)
        for _, cells in lines:
            places = {
                known[plain]: place
                for place, cell in enumerate(cells)
                if (plain := _plain(str(cell))) in known
            }
            if places:
                return places, iter(lines)
        return {}, iter(())

    def _value(self, one: Field, cell: object, sheet: str, line: int) -> values.Value | None:
        text = _text(cell)
        if not text:
            return None
        table, column = one.reads.split(".")
        declared = _declared(table, column)
        match one.kind:
            case Kind.DAY if isinstance(cell, date):
                return cell.date() if isinstance(cell, datetime) else cell
            case Kind.CODE:
                text = _code(text, declared)
        if not text:
            return None
        try:
            if one.kind is Kind.DAY:
                return values.reader(_declared("ssd_person", "pers_dob"))(text)
            return values.reader(declared)(text)
        except values.NotAValue as error:
            shown = values.shown(declared, text)
            self._refuse(
                f"{f'“{shown}”' if shown else 'The value'} {error.wrong}",
                sheet,
                line,
                remedy=error.remedy,
                field=one.heading,
                value=shown,
            )

    def _refuse(
        self,
        wrong: str,
        sheet: str,
        line: int,
        *,
        remedy: str = "Correct the row, or leave it out.",
        field: str = "",
        value: str | None = None,
    ) -> NoReturn:
        raise UnreadableSource(
            f"{self.name}, sheet {sheet}", wrong, remedy, line=line, field=field, value=value
        )

    # ---- The dataset's rows ----------------------------------------------------------------------

    def _keep(self, each: List, child: str, number: int, given: Mapping[str, Any]) -> None:
        """Put one row of a list where the dataset holds it."""
        by_table: dict[str, dict[str, Any]] = {}
        for one in each.fields:
            if one.reads and one.heading in given:
                table, column = one.reads.split(".")
                value = given[one.heading]
                if one.opposite and value is not None:
                    value = "N" if value == "Y" else "Y"
                by_table.setdefault(table, {})[column] = value
        person = self._row("ssd_person", child)
        for column, value in {"pers_person_id": child, **by_table.pop("ssd_person", {})}.items():
            if person.get(column) is None:
                person[column] = value
        for table, columns in by_table.items():
            self._keep_thing(each, table, child, number, columns)

    def _keep_thing(
        self, each: List, table: str, child: str, number: int, given: dict[str, Any]
    ) -> None:
        if table == "ssd_initial_cp_conference" and given["icpc_icpc_date"] is None:
            return
        name = f"{child}-{_THINGS[each.number]}{number}"
        if table == "ssd_cin_episodes":
            # Lists 3 and 6 tell of the same referral, each its part; the day says which.
            day = given["cine_referral_date"]
            if day is None:
                return
            name = f"{child}-R-{day.isoformat()}"
            given["cine_referral_date"] = datetime.combine(day, datetime.min.time())
            if each.number == 3:
                name = self._of_the_same_day(name, day)
                self.earliest.append(day)
        if table == "ssd_contacts":
            day = given["cont_contact_date"]
            if day is None:
                return
            self.earliest.append(day)
            given["cont_contact_date"] = datetime.combine(day, datetime.min.time())
        key, person = _key_of(table), BY_NAME[table].person
        row = self._row(table, name)
        row |= {key: name, person: child, **{k: v for k, v in given.items() if v is not None}}
        if table == "ssd_initial_cp_conference":
            row["icpc_s47_enquiry_id"] = name
        for column, value in given.items():
            if value is not None:
                self._name(_declared(table, column), value)
        self.held |= {f"{table}.{key}", f"{table}.{person}"}

    def _name(self, column: Column, value: values.Value) -> None:
        """Hold a team or worker under its name, which is all that a list says of it."""
        if column.references in _KNOWN_BY_NAME and isinstance(value, str):
            table, key = column.references.split(".")
            named = _KNOWN_BY_NAME[column.references]
            self._row(table, value).update({key: value, named: value})
            self.held |= {column.references, f"{table}.{named}"}

    def _of_the_same_day(self, name: str, day: date) -> str:
        """Another name for a second referral of the same child on the same day."""
        rows, free = self.rows.get("ssd_cin_episodes", {}), name
        second = 1
        while free in rows:
            second += 1
            free = f"{name}-{second}"
        return free

    def _row(self, table: str, name: str) -> dict[str, Any]:
        return self.rows.setdefault(table, {}).setdefault(name, {})

    def _link(self) -> None:
        """Hang assessments, enquiries and plans on the child's latest referral before each."""
        days: dict[str, list[tuple[date, str]]] = {}
        for name, row in self.rows.get("ssd_cin_episodes", {}).items():
            days.setdefault(row["cine_person_id"], []).append(
                (row["cine_referral_date"].date(), name)
            )
        for table, person, started, referral in (
            (
                "ssd_cin_assessments",
                "cina_person_id",
                "cina_assessment_start_date",
                "cina_referral_id",
            ),
            ("ssd_s47_enquiry", "s47e_person_id", "s47e_s47_start_date", "s47e_referral_id"),
            ("ssd_cp_plans", "cppl_person_id", "cppl_cp_plan_start_date", "cppl_referral_id"),
        ):
            for row in self.rows.get(table, {}).values():
                before = [
                    one
                    for one in days.get(row[person], ())
                    if not row.get(started) or one[0] <= row[started]
                ]
                # One whose referral no list tells of hangs on none that is there.
                row[referral] = max(before)[1] if before else f"{row[person]}-R-not-listed"
            if table in self.rows:
                self.held.add(f"{table}.{referral}")

    def _say_from_when(self, read: set[int]) -> None:
        """How far back the lists go: as the workbook says, or from the earliest day in them."""
        start = self._told() or min(self.earliest, default=None)
        if start is None:
            return
        tables = [
            table for table, number in _DATED.items() if number in read and table in self.rows
        ]
        for table in tables:
            self._row("hl_coverage", table).update(
                hlco_table=table, hlco_complete_from=start, hlco_last_before_held="N"
            )
        self.held |= {f"hl_coverage.{column.name}" for column in BY_NAME["hl_coverage"].columns}
        self.remarks.append(
            f"The lists are taken to be complete from {start.isoformat()}. They name no referral, "
            "assessment, enquiry or plan: each is named from its child and its day, and hangs on "
            "the child's latest referral before it. Teams and workers are known by name alone."
        )

    def _told(self) -> date | None:
        if NOT_HELD not in self.workbook.sheet_names:
            return None
        for cells in self.workbook.get_sheet_by_name(NOT_HELD).iter_rows():
            if cells[:1] == ["From"] and len(cells) > 1 and isinstance(cells[1], date):
                day = cells[1]
                return day.date() if isinstance(day, datetime) else day
        return None


@cache
def _declared(table: str, column: str) -> Column:
    return next(each for each in BY_NAME[table].columns if each.name == column)


def _key_of(table: str) -> str:
    return next(column.name for column in BY_NAME[table].columns if column.key)


def _plain(heading: str) -> str:
    """A heading or a sheet's name without what people change in them."""
    return re.sub(r"[^a-z0-9]+", " ", heading.lower()).strip()


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell).strip()
    # Text held apart from formulas, as we write it.
    return text[1:] if text.startswith("'") and BEGINS_A_FORMULA.match(text[1:]) else text


@cache
def _codes() -> Mapping[str, str]:
    """What each lettered code of the lists stands for: none is in two sets."""
    return {
        entry.code.lower(): entry.label
        for name in code_sets.names()
        if name.startswith("annex_a_")
        for entry in code_sets.listed(name)
    }


def _code(text: str, column: Column) -> str:
    """The dataset's code for what a list writes: "a) Yes", "n) 5A: LA services", "N1 - Abuse".

    Empty where the list has a code for not knowing and the dataset has none.
    """
    known = code_sets.codes(column.code_set) if column.code_set else frozenset()
    lettered = _codes().get(text.lower())
    bare = lettered or _LETTERED.sub("", text)
    if column.kind is SchemaKind.FLAG:
        return bare[:1]
    if lettered and known and lettered not in known:
        return ""
    first = _FIRST_CODE.match(bare)
    return first[1] if first and first[1] in known else bare

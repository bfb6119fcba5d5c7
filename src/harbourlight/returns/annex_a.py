"""Writing an Annex A workbook: one sheet for each list, and one that says what is not held."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter
from xlsxwriter.exceptions import XlsxFileError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from harbourlight.dataset.annex_a import LISTS, NOT_HELD, Kind, List
from harbourlight.dataset.engines import DuckDB, load_tables
from harbourlight.dataset.formulas import inert
from harbourlight.dataset.whole import written_whole
from harbourlight.standards import code_sets
from harbourlight.standards.clocks import add_months

MONTHS = 6
"""How far back the lists look (domain.md 9.2)."""

_WIDTHS = {Kind.TEXT: 24, Kind.DAY: 14, Kind.COUNT: 12, Kind.CODE: 24}


@dataclass(frozen=True, slots=True)
class Built:
    """One list as it was built: its rows, each a value for each column in order."""

    of: List
    rows: list[tuple[Any, ...]]


def build(
    tables: Mapping[str, pa.Table], *, as_at: date, out: Path, source: str
) -> tuple[Built, ...]:
    """Write the workbook to `out`, in place of one of that name, and give what is in it.

    `tables` gives the dataset's rows by table name, `as_at` is the last day told of, and `source`
    names in a few words what the tables are of. Raises `OSError` if it cannot be written.
    """
    lists = tuple(_built(tables, as_at))
    try:
        with written_whole(out) as unfinished:
            _write(unfinished, lists, as_at, source)
    except XlsxFileError as error:
        reason = error.args[0] if error.args else None
        raise (reason if isinstance(reason, OSError) else OSError(str(error))) from error
    return lists


def since(as_at: date) -> date:
    """The first day that the lists look back to."""
    return add_months(as_at, -MONTHS)


# ---- What is in each list -----------------------------------------------------------------------


def _built(tables: Mapping[str, pa.Table], as_at: date) -> Iterator[Built]:
    with DuckDB() as engine:
        load_tables(engine, tables)
        _define(engine, as_at)
        for each in LISTS:
            rows = engine.connection.execute(_query(each)).fetchall() if each.rows else []
            yield Built(each, rows)


def _define(engine: DuckDB, as_at: date) -> None:
    """The words that the lists' queries are written in."""
    codes = [
        (name.removeprefix("annex_a_"), entry.label, entry.code)
        for name in code_sets.names()
        if name.startswith("annex_a_")
        for entry in code_sets.listed(name)
    ]
    labels = [
        (name, code, f"{code} - {label}")
        for name in ("primary_need", "closure_reason")
        for code in code_sets.codes(name)
        for label in [code_sets.label(name, code, as_at)]
    ]
    engine.connection.execute("CREATE TEMP TABLE annex_a_code (list text, held text, written text)")
    engine.connection.executemany("INSERT INTO annex_a_code VALUES (?, ?, ?)", [*codes, *labels])
    for definition in (
        f"as_at() AS DATE '{as_at.isoformat()}'",
        f"since() AS DATE '{since(as_at).isoformat()}'",
        "coded(named, value) AS "
        "(SELECT c.written FROM annex_a_code c WHERE c.list = named AND c.held = value)",
        "with_label(named, value) AS coalesce(coded(named, value), value)",
        "yes_no(value) AS "
        "coded('yes_no', CASE value WHEN true THEN 'Yes' WHEN false THEN 'No' END)",
    ):
        engine.connection.execute(f"CREATE TEMP MACRO {definition}")


def _query(each: List) -> str:
    """A list's rows with its columns, in order: who, and then by when."""
    columns = ", ".join(field.value or "NULL" for field in each.fields)
    allocated = any(field.value == "worker_name" for field in each.fields)
    return f"""
    WITH listed AS ({each.rows})
    SELECT {columns}
    FROM listed JOIN dataset.ssd_person ON pers_person_id = child
    {_ALLOCATED if allocated else ""}
    ORDER BY child, id
    """


# Whoever is involved on the last day told of: on that referral before any other, the latest first;
# where nobody is, whoever holds the thing itself.
_ALLOCATED = """
    LEFT JOIN LATERAL (
        SELECT invo_professional_id, invo_professional_team FROM dataset.ssd_involvements
        WHERE invo_person_id = child AND invo_involvement_start_date <= as_at()
            AND (invo_involvement_end_date IS NULL OR invo_involvement_end_date > as_at())
        ORDER BY invo_referral_id IS NOT DISTINCT FROM referral DESC,
            invo_involvement_start_date DESC, invo_involvements_id DESC
        LIMIT 1
    ) involved ON true
    LEFT JOIN (
        SELECT dept_team_id, coalesce(dept_team_name, dept_team_id) AS team_name
        FROM dataset.ssd_department
    ) ON dept_team_id = coalesce(invo_professional_team, team)
    LEFT JOIN (
        SELECT prof_professional_id, coalesce(prof_professional_name, prof_staff_id) AS worker_name
        FROM dataset.ssd_professionals
    ) ON prof_professional_id = coalesce(invo_professional_id, worker)
"""


# ---- The workbook -------------------------------------------------------------------------------


def _write(path: Path, lists: tuple[Built, ...], as_at: date, source: str) -> None:
    options = {
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "default_date_format": "dd/mm/yyyy",
    }
    with xlsxwriter.Workbook(path, options) as workbook:
        heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for built in lists:
            sheet = workbook.add_worksheet(built.of.sheet)
            for column, field in enumerate(built.of.fields):
                sheet.write_string(0, column, field.heading, heading)
                sheet.set_column(column, column, _WIDTHS[field.kind])
            for place, cells in enumerate(built.rows, start=1):
                for column, value in enumerate(cells):
                    _cell(sheet, place, column, value)
            sheet.freeze_panes(1, 1)
            sheet.autofilter(0, 0, max(len(built.rows), 1), len(built.of.fields) - 1)
        _not_held(workbook.add_worksheet(NOT_HELD), heading, lists, as_at, source)


def _cell(sheet: Worksheet, row: int, column: int, value: object) -> None:
    match value:
        case None:
            return
        case str():
            sheet.write_string(row, column, inert(value))
        case date():
            sheet.write_datetime(row, column, value)
        case int():
            sheet.write_number(row, column, value)


def _not_held(
    sheet: Worksheet, heading: Format, lists: tuple[Built, ...], as_at: date, source: str
) -> None:
    """What the lists are of, how many rows each has, and each column that is empty and why."""
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, 2, 80)
    told: list[tuple[object, ...]] = [
        ("Made from", source),
        ("From", since(as_at)),
        ("To the end of", as_at),
        (),
        ("List", "Who is in it", "Rows"),
        *(
            (
                f"{one.of.number} {one.of.name}",
                one.of.scope,
                one.of.lacking or len(one.rows),
            )
            for one in lists
        ),
        (),
        ("List", "Column left empty", "Why"),
        *(
            (f"{one.of.number} {one.of.name}", field.heading, field.lacking)
            for one in lists
            for field in one.of.fields
            if field.lacking
        ),
    ]
    for row, cells in enumerate(told):
        for column, value in enumerate(cells):
            if cells[0] == "List":
                sheet.write_string(row, column, value, heading)
            else:
                _cell(sheet, row, column, value)

"""Reading a folder of SSD tables: one CSV or Parquet file for each table, named after it.

Names of files and columns are read whatever their case, columns in any order. A table or an
optional column that is not there is not supplied, and not guessed. An empty field is null, as is
the word NULL wherever it cannot be somebody's name or prose, for that is how SQL Server writes it.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal, NoReturn

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as parquet

from harbourlight.dataset.files import without_apostrophe
from harbourlight.dataset.loaders import values
from harbourlight.dataset.loaders.csv_text import CSVText
from harbourlight.dataset.loaders.source import Source, UnreadableSource
from harbourlight.dataset.schema import Column, Kind, Sensitivity, Table
from harbourlight.dataset.tables import BY_NAME, SOURCE_TABLES, VERSION_LOG

MOST_ROWS = 20_000_000
"""Of one table: ten times the largest of a large authority. A Parquet file of a few kilobytes can
say that it holds any number, and to read it would take memory for each."""

_SUFFIXES = (".csv", ".parquet")
_DATED = {Kind.DATE, Kind.INSTANT}
_READY = {Kind.DATE, Kind.INSTANT, Kind.INTEGER, Kind.NUMBER}
_PLAIN_INSTANT = r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}$"
_COVERAGE = BY_NAME["hl_coverage"]


def read_folder(folder: Path) -> Source:
    """Read a folder of SSD tables. Raises `UnreadableSource`, and `OSError` if it is shut to us."""
    name = folder.resolve().name
    files, others = _recognise(folder, name)
    tables: dict[str, pa.Table] = {}
    held: set[str] = set()
    remarks: list[str] = []
    for table in SOURCE_TABLES:
        if table.name in files:
            reading = _Reading(table, _open(files[table.name]))
            tables[table.name] = reading.rows()
            held |= {f"{table.name}.{column.name}" for column in reading.held}
            remarks += reading.remarks
    if _COVERAGE.name not in tables:
        tables[_COVERAGE.name], remark = _infer_coverage(tables)
        held |= {f"{_COVERAGE.name}.{column.name}" for column in _COVERAGE.columns}
        remarks.append(remark)
    if others:
        remarks.append(f"These were not read: {_listed(others)}.")
    return Source(
        kind="SSD folder",
        title=f"SSD tables in {name}",
        tables=tables,
        held=frozenset(held),
        remarks=tuple(remarks),
    )


def _recognise(folder: Path, name: str) -> tuple[dict[str, Path], list[str]]:
    """The file of each table, and the names of what else is there."""
    files: dict[str, Path] = {}
    others: list[str] = []
    tables = {table.name for table in SOURCE_TABLES}
    for path in sorted(folder.iterdir()):
        table, suffix = path.stem.lower(), path.suffix.lower()
        if path.name.startswith(".") or table == VERSION_LOG.name:
            continue
        if table not in tables or suffix not in _SUFFIXES:
            others.append(path.name)
        elif not path.is_file():
            raise UnreadableSource(
                path.name, "This is a folder where a file is needed.", "Write it as one file."
            )
        elif table in files:
            raise UnreadableSource(
                path.name,
                f"There is also {files[table].name}, and which is right is not plain.",
                "Leave one.",
            )
        else:
            files[table] = path
    if not files:
        raise UnreadableSource(
            name,
            "This folder holds no table of the SSD.",
            "A folder of SSD tables has files named after them, such as ssd_person.csv or "
            "ssd_cin_episodes.parquet.",
        )
    return files, others


@dataclass(frozen=True, slots=True)
class _File:
    """A file opened: its columns' names as written, a way to their values, and to a row's place."""

    name: str
    header: tuple[str, ...]
    columns: Callable[[Collection[str]], Mapping[str, pa.ChunkedArray]]
    place: Literal["line", "record"]
    place_of: Callable[[int], int]


def _open(path: Path) -> _File:
    if path.suffix.lower() == ".csv":
        text = CSVText(path)
        return _File(path.name, text.header, text.columns, "line", text.line_of)
    return _open_parquet(path)


def _open_parquet(path: Path) -> _File:
    def columns(names: Collection[str]) -> Mapping[str, pa.ChunkedArray]:
        try:
            with path.open("rb") as handle:
                table = parquet.ParquetFile(handle).read(columns=list(names))
                table.validate(full=True)
        except (pa.ArrowException, OSError):
            _refuse_parquet(path.name)
        return {name: table[name] for name in names}

    with path.open("rb") as handle:
        try:
            file = parquet.ParquetFile(handle)
            header, rows = tuple(file.schema_arrow.names), file.metadata.num_rows
        except (pa.ArrowException, OSError):
            _refuse_parquet(path.name)
    if rows > MOST_ROWS:
        raise UnreadableSource(
            path.name,
            f"It holds {rows:,} rows, more than the {MOST_ROWS:,} that a table may have.",
            "Check what is in it.",
        )
    return _File(path.name, header, columns, "record", lambda row: row + 1)


def _refuse_parquet(name: str) -> NoReturn:
    raise UnreadableSource(
        name,
        "It is not a Parquet file, or it is damaged.",
        "Ask for the file again as it was written.",
    )


class _Reading:
    """The reading of one table from its file."""

    def __init__(self, table: Table, file: _File) -> None:
        self.table = table
        self.file = file
        self.remarks: list[str] = []
        self.written = self._match_header()
        self.held = tuple(column for column in table.columns if column.name in self.written)

    def _match_header(self) -> dict[str, str]:
        """How each declared column that is there is written in the header."""
        written: dict[str, str] = {}
        extra: list[str] = []
        declared = {column.name for column in self.table.columns}
        for name in self.file.header:
            plain = name.strip().lower()
            if plain not in declared:
                extra.append(name)
            elif plain in written:
                self.refuse("There are two columns of this name.", "Leave one.", field=plain)
            else:
                written[plain] = name
        for column in self.table.columns:
            if (column.key or column.needed) and column.name not in written:
                joined = len(self.file.header) == 1 and re.search(r"[;\t|]", self.file.header[0])
                self.refuse(
                    "There is no such column, and the table cannot be read without it.",
                    "The file seems to be separated by something other than commas: save it again."
                    if joined
                    else "Add it to the extract.",
                    field=column.name,
                )
        if extra:
            self.remarks.append(
                f"In {self.file.name} these columns are not part of the table and were not read: "
                f"{_listed(extra)}."
            )
        return written

    def refuse(
        self,
        wrong: str,
        remedy: str,
        *,
        field: str = "",
        row: int | None = None,
        value: str | None = None,
    ) -> NoReturn:
        """Say what is wrong with the file, a column of it, or a row."""
        place = None if row is None else self.file.place_of(row)
        raise UnreadableSource(
            self.file.name,
            wrong,
            remedy,
            line=place if self.file.place == "line" else None,
            record=place if self.file.place == "record" else None,
            field=field,
            value=value,
        )

    def rows(self) -> pa.Table:
        """Every row, with every declared column and type."""
        given = self.file.columns(list(self.written.values()))
        typed = {
            column.name: self._typed(column, given[self.written[column.name]])
            for column in self.held
        }
        for column in self.held:
            self._check(column, typed[column.name])
        size = len(typed[self.held[0].name])
        empty = [
            column.name for column in self.held if size and typed[column.name].null_count == size
        ]
        if empty:
            self.remarks.append(
                f"In {self.file.name} these columns are empty in every row: {_listed(empty)}."
            )
        return pa.table(
            [
                typed.get(column.name, pa.nulls(size, column.arrow_type))
                for column in self.table.columns
            ],
            schema=self.table.arrow_schema(),
        )

    def _check(self, column: Column, held: pa.ChunkedArray) -> None:
        if (column.needed or column.key) and held.null_count:
            self.refuse(
                "It is empty, and must not be.",
                "Correct the row, or leave it out.",
                field=column.name,
                row=pc.index(held.is_null(), True).as_py(),
            )
        if column.key and pc.count_distinct(held).as_py() < len(held):
            first, second = _first_repeated(held)
            self.refuse(
                f"This row has the identifier of {self.file.place} {self.file.place_of(first):,} "
                "too.",
                "Give each row its own.",
                field=column.name,
                row=second,
            )

    def _typed(self, column: Column, given: pa.ChunkedArray) -> pa.ChunkedArray:
        """A column's values as it declares them. Each different value is read once."""
        if _is_ready(column, given):
            return pc.floor_temporal(given, unit="second") if column.kind is Kind.INSTANT else given
        text = self._text(column, given)
        if values.is_prose(column):
            found = pc.index(pc.match_substring(text, "\0").fill_null(False), True).as_py()
            if found >= 0:
                self.refuse(
                    "It holds a NUL character.", "Take it out.", field=column.name, row=found
                )
            return text
        if column.kind is Kind.INSTANT and (plain := _plain_instants(text)) is not None:
            return plain
        encoded = text.dictionary_encode().unify_dictionaries()
        indices = pa.chunked_array([chunk.indices for chunk in encoded.chunks], pa.int32())
        different = encoded.chunk(0).dictionary.to_pylist() if encoded.num_chunks else []
        read = values.reader(column)
        said: list[values.Value | None] = []
        wrong: dict[int, values.NotAValue] = {}
        for place, each in enumerate(different):
            try:
                said.append(read(each))
            except values.NotAValue as error:
                said.append(None)
                wrong[place] = error
        if wrong:
            mask = pc.is_in(indices, pa.array(list(wrong), pa.int32()))
            row = pc.index(mask, True).as_py()
            place = indices[row].as_py()
            shown = values.shown(column, different[place])
            self.refuse(
                f"{f'“{shown}”' if shown else 'The value'} {wrong[place].wrong}",
                wrong[place].remedy,
                field=column.name,
                row=row,
                value=shown,
            )
        if column.kind is Kind.DATE and any(values.has_time(each) for each in different):
            self.remarks.append(f"Times of day in {column.name} were dropped: it holds dates.")
        return pa.array(said, column.arrow_type).take(indices)

    def _text(self, column: Column, given: pa.ChunkedArray) -> pa.ChunkedArray:
        """A column's values as text, with null for nothing."""
        kind = given.type
        if pa.types.is_dictionary(kind):
            return self._text(column, given.cast(kind.value_type))
        if pa.types.is_timestamp(kind) and kind.tz is not None:
            london = pa.timestamp(kind.unit, tz=str(values.LONDON))
            return self._text(column, pc.local_timestamp(given.cast(london)))
        prose = values.is_prose(column)
        try:
            if prose and not (
                pa.types.is_integer(kind) or pa.types.is_null(kind) or _is_text(kind)
            ):
                raise pa.ArrowInvalid
            text = given.cast(pa.string())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            self.refuse(
                f"It holds values of the type {kind}, which cannot be read as {column.kind}.",
                "Write it as text, or as the type that the SSD gives it.",
                field=column.name,
            )
        if self.file.place == "line":  # CSV, which a spreadsheet may have been meant to open
            text = without_apostrophe(text)
        if not prose:
            text = pc.utf8_trim_whitespace(text)
        nothing = [""]
        if not prose or column.sensitivity is Sensitivity.REFERENCE:
            nothing.append("NULL")
        return pc.if_else(pc.is_in(text, pa.array(nothing)), pa.scalar(None, pa.string()), text)


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _is_ready(column: Column, given: pa.ChunkedArray) -> bool:
    """Whether a file's values are typed as declared already, and none is out of range."""
    if column.kind not in _READY or given.type != column.arrow_type:
        return False
    if column.kind in _DATED:
        span = pc.min_max(given)
        least, most = (
            pa.scalar(day, pa.date32()).cast(column.arrow_type) for day in (date.min, date.max)
        )
        return bool(
            pc.and_(pc.greater_equal(span["min"], least), pc.less_equal(span["max"], most)).as_py()
            is not False
        )
    return column.kind is Kind.INTEGER or bool(pc.all(pc.is_finite(given)).as_py() is not False)


def _plain_instants(text: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Instants that are all written to the second in one plain way, or None if any is not.

    Few instants are alike, so to read each different one by itself takes ten times as long.
    """
    if pc.all(pc.match_substring_regex(text, _PLAIN_INSTANT)).as_py() is False:
        return None
    try:
        return text.cast(pa.timestamp("s")).cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None


def _first_repeated(held: pa.ChunkedArray) -> tuple[int, int]:
    """The rows of the first value that is met again: where it was, and where it is."""
    seen: dict[object, int] = {}
    for row, value in enumerate(held.to_pylist()):
        if value in seen:
            return seen[value], row
        seen[value] = row
    raise AssertionError("no value is repeated")


def _infer_coverage(tables: Mapping[str, pa.Table]) -> tuple[pa.Table, str]:
    """How far back each table goes, judged by its earliest date, and a remark that says so."""
    earliest = dict(_earliest(tables))
    rows = pa.table(
        {
            "hlco_table": list(earliest),
            "hlco_complete_from": list(earliest.values()),
            "hlco_last_before_held": ["N"] * len(earliest),
        },
        schema=_COVERAGE.arrow_schema(),
    )
    reach = ", ".join(f"{table} from {day.isoformat()}" for table, day in earliest.items())
    return rows, (
        "It does not say how far back it goes (there is no table hl_coverage). Each table is taken "
        f"to be complete from the earliest date in it: {reach or 'there is none'}."
    )


def _earliest(tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, date]]:
    for name, rows in tables.items():
        if dated := BY_NAME[name].dated:
            first = pc.min(rows[dated]).as_py()
            if first is not None:
                yield name, first.date() if isinstance(first, datetime) else first


def _listed(names: Collection[str], most: int = 12) -> str:
    """Names with commas between, and how many more there are."""
    told = ", ".join(list(names)[:most])
    return f"{told} and {len(names) - most} more" if len(names) > most else told

"""What answers expressions over the dataset: DuckDB for files, PostgreSQL for the record.

An expression is built once, on the unbound tables of `dataset.tables.Dataset`, and each engine
compiles it to its own SQL. An engine yields the same rows in the same order as any other, so text
is compared and sorted by its bytes on both. It must not know what a standard is.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import duckdb
import ibis
import ibis.expr.types as ir
import psycopg
import pyarrow as pa
import pyarrow.csv as arrow_csv

from harbourlight.dataset.rows import CALENDAR, calendar_rows, conform
from harbourlight.dataset.schema import SCHEMA, Table
from harbourlight.dataset.tables import BY_NAME, TABLES

_LARGEST_ROW = 1 << 24
"""Bytes of the longest row PostgreSQL may answer with: Arrow reads by blocks of this size."""


class Engine(Protocol):
    """Anything that holds the dataset's tables and answers an expression over them."""

    @property
    def name(self) -> str:
        """What the engine is called in a message."""
        ...

    def load(self, table: Table, rows: pa.Table) -> None:
        """Add rows to a declared table: all of them, or on an error none."""
        ...

    def run(self, expression: ir.Table) -> pa.Table:
        """The expression's rows, with its own column names and types."""
        ...


def load_tables(engine: Engine, tables: Mapping[str, pa.Table]) -> None:
    """Add the rows of several declared tables, given by table name, as a source supplies them."""
    for name, rows in tables.items():
        engine.load(BY_NAME[name], rows)


class DuckDB:
    """The dataset in DuckDB, in memory or in a file, with every declared table and the calendar.

    It reads and writes no file but its own database and what it spills, installs no extension, and
    its settings are locked. It is to be closed, or used in a `with` statement.
    """

    name = "duckdb"

    def __init__(
        self, path: Path | None = None, *, memory: str | None = None, threads: int | None = None
    ) -> None:
        """Open the dataset: a new one, or one that this class made before in the file at `path`.

        `memory` ("8GB") and `threads` are DuckDB's own limits; by default it takes four fifths of
        the machine's (or container's) memory before it spills to disk, and every core.
        """
        # In memory it would spill into whatever folder the process stands in, and leave it there.
        self._spill = tempfile.TemporaryDirectory(prefix="harbourlight-")
        config: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "enable_external_access": False,
            "python_enable_replacements": False,
            "temp_directory": self._spill.name,
        }
        if memory is not None:
            config["memory_limit"] = memory
        if threads is not None:
            config["threads"] = threads
        self.connection = duckdb.connect(str(path or ":memory:"), config=config)
        self.connection.execute("SET lock_configuration = true")
        if not self._is_made():
            self._make()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database and of what was spilled. An in-memory dataset is gone."""
        self.connection.close()
        self._spill.cleanup()

    def load(self, table: Table, rows: pa.Table) -> None:
        """Add rows to a declared table; columns they lack are null."""
        self.connection.register("arriving", conform(table, rows))
        try:
            self.connection.execute(
                f'INSERT INTO {SCHEMA}."{table.name}" BY NAME SELECT * FROM arriving'
            )
        finally:
            self.connection.unregister("arriving")

    def run(self, expression: ir.Table) -> pa.Table:
        """The expression's rows, with its own column names and types."""
        statement = str(ibis.to_sql(expression, dialect="duckdb"))
        return self.connection.execute(statement).to_arrow_table().cast(_schema(expression))

    def _is_made(self) -> bool:
        found = self.connection.execute(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = ?", [SCHEMA]
        )
        return found.fetchone() is not None

    def _make(self) -> None:
        self.connection.execute("BEGIN")
        self.connection.execute(f"CREATE SCHEMA {SCHEMA}")
        for table in TABLES:
            self.connection.execute(table.ddl())
        self.load(CALENDAR, calendar_rows())
        self.connection.execute("COMMIT")


class PostgreSQL:
    """The dataset in PostgreSQL, over a connection that the caller opens and closes.

    Each call is a transaction of its own, or a savepoint within the caller's. In the live record
    the schema `dataset` holds views, and `run` is all that is used. `create` and `load` are for a
    scratch database that holds tables of the same names instead.
    """

    name = "postgresql"

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def create(self) -> None:
        """Make the schema and every declared table, and fill the calendar.

        Text is declared to sort by its bytes, whatever the database's own collation. Raises
        `psycopg.errors.DuplicateSchema` where the dataset exists already.
        """
        with self._transaction() as cursor:
            cursor.execute(f"CREATE SCHEMA {SCHEMA}".encode())
            for table in TABLES:
                columns = ", ".join(
                    f'"{column.name}" {column.sql_type}'
                    + (' COLLATE "C"' if column.sql_type == "text" else "")
                    for column in table.columns
                )
                cursor.execute(f'CREATE TABLE {SCHEMA}."{table.name}" ({columns})'.encode())
            self.load(CALENDAR, calendar_rows())

    def load(self, table: Table, rows: pa.Table) -> None:
        """Add rows to a declared table; columns they lack are null."""
        rows = conform(table, rows)
        columns = ", ".join(f'"{name}"' for name in rows.column_names)
        statement = f'COPY {SCHEMA}."{table.name}" ({columns}) FROM STDIN (FORMAT csv)'
        # Quoting every value tells an empty text from a null, which is not quoted.
        options = arrow_csv.WriteOptions(include_header=False, quoting_style="all_valid")
        with self._transaction() as cursor, cursor.copy(statement.encode()) as copy:
            for batch in rows.to_batches(max_chunksize=50_000):
                written = pa.BufferOutputStream()
                arrow_csv.write_csv(batch, written, options)
                copy.write(written.getvalue())

    def run(self, expression: ir.Table) -> pa.Table:
        """The expression's rows, with its own column names and types, which must be scalar.

        The rows leave PostgreSQL as CSV, which Arrow reads straight into the expression's types
        (300,000 contacts in 0.4 s), where Python would first be given decimals for sums.
        """
        schema = _schema(expression)
        query = str(ibis.to_sql(expression, dialect="postgres"))
        statement = f"COPY ({query}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)"
        with self._transaction() as cursor, cursor.copy(statement.encode()) as copy:
            answer = b"".join(bytes(block) for block in copy)
        if not answer:
            return schema.empty_table()
        return arrow_csv.read_csv(
            pa.py_buffer(answer),
            read_options=arrow_csv.ReadOptions(column_names=schema.names, block_size=_LARGEST_ROW),
            # A null in a result of one column is an empty line.
            parse_options=arrow_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=arrow_csv.ConvertOptions(
                column_types=schema,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
                true_values=["t"],
                false_values=["f"],
            ),
        )

    @contextmanager
    def _transaction(self) -> Iterator[psycopg.Cursor[Any]]:
        """A cursor in a transaction (or a savepoint of the caller's), its text forms settled."""
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.execute("SET LOCAL datestyle = 'ISO'")
            cursor.execute("SET LOCAL client_encoding = 'UTF8'")
            yield cursor


def _schema(expression: ir.Table) -> pa.Schema:
    """The expression's names and types. Ibis says what cannot be null; no reader relies on it."""
    return pa.schema([(field.name, field.type) for field in expression.schema().to_pyarrow()])

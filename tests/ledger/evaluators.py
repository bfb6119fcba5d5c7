"""Three ways to the same ledger: the slow reference, DuckDB and PostgreSQL.

Each is asked the same way: rows by table, a moment, the standards' codes. An engine's statement is
compiled once for each standard and asked of any moment, because compiling costs ten times what
running it does on the few rows a test has.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import cache

import ibis
import psycopg
import pyarrow as pa

from harbourlight.dataset.engines import DuckDB, PostgreSQL, load_tables
from harbourlight.dataset.tables import BY_NAME
from harbourlight.ledger.evaluation import ledger_at
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.standard import COMMON_DETAILS, Outcome
from tests.ledger import reference
from tests.ledger.reference import Data, Entry

Evaluator = Callable[[Data, datetime, Sequence[str]], list[Entry]]

_ANY_MOMENT = datetime.fromisoformat("2999-12-31T23:59:57")
"""Stands for the moment in a compiled statement; no row of a test has it."""

_CODES = {
    (standard.code, standard.says(code)): code
    for standard in CATALOGUE.values()
    for code in (*standard.details, *COMMON_DETAILS)
}
"""The code behind each sentence the ledger gives."""


def by_reference(data: Data, as_at: datetime, codes: Sequence[str]) -> list[Entry]:
    """The entries by the slow reference."""
    return reference.ledger(data, as_at, codes)


@contextmanager
def by_duckdb() -> Iterator[Evaluator]:
    """Asks DuckDB, one in memory for all the questions."""
    with DuckDB() as engine:
        engine.connection.execute("BEGIN")

        def clear() -> None:
            engine.connection.execute("ROLLBACK")
            engine.connection.execute("BEGIN")

        yield _asking(engine, "duckdb", clear)


@contextmanager
def by_postgresql(url: str) -> Iterator[Evaluator]:
    """Asks PostgreSQL, in a database that has no dataset; it is left without one."""
    with ExitStack() as stack:
        connection = stack.enter_context(psycopg.connect(url))
        stack.callback(connection.rollback)
        connection.execute("SELECT 1")  # begins the transaction that is taken back at the end
        engine = PostgreSQL(connection)
        engine.create()
        connection.execute("SAVEPOINT made")

        def clear() -> None:
            connection.execute("ROLLBACK TO SAVEPOINT made")

        yield _asking(engine, "postgres", clear)


def tables(data: Data) -> dict[str, pa.Table]:
    """The rows as a source supplies them: the tables that have any, in Arrow."""
    return {
        name: pa.Table.from_pylist(list(rows), schema=BY_NAME[name].arrow_schema())
        for name, rows in data.items()
        if rows
    }


def _asking(engine: DuckDB | PostgreSQL, dialect: str, clear: Callable[[], None]) -> Evaluator:
    def ask(data: Data, as_at: datetime, codes: Sequence[str]) -> list[Entry]:
        clear()
        load_tables(engine, tables(data))
        statement = _statement(dialect, tuple(codes)).replace(
            _moment(dialect, _ANY_MOMENT), _moment(dialect, as_at)
        )
        return list(_entries(engine.connection.execute(statement).fetchall()))

    return ask


def _entries(rows: Iterable[Sequence[object]]) -> Iterator[Entry]:
    for row in rows:
        *facts, outcome, sentence = row
        yield Entry(*facts, Outcome(outcome), _CODES[row[0], sentence] if sentence else None)


@cache
def _statement(dialect: str, codes: tuple[str, ...]) -> str:
    standards = [CATALOGUE[code] for code in codes]
    return str(ibis.to_sql(ledger_at(standards, _ANY_MOMENT), dialect=dialect))


@cache
def _moment(dialect: str, moment: datetime) -> str:
    """The moment as the dialect's statements say it."""
    select = str(ibis.to_sql(ibis.literal(moment, type="timestamp"), dialect=dialect))
    return select.split("SELECT")[1].split(' AS "')[0].strip()

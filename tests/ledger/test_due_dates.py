"""An engine gives every start the due date that a limit gives it in Python."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import psycopg
import pyarrow as pa
import pytest

from harbourlight.dataset.engines import DuckDB, Engine, PostgreSQL
from harbourlight.dataset.tables import BY_NAME
from harbourlight.ledger.evaluation import evaluate
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.clocks import Limit, Unit

FIRST, LAST = date(2021, 12, 1), date(2028, 3, 31)
EVERY_DAY = [
    datetime.combine(FIRST + timedelta(days=day), time(17, 30))
    for day in range((LAST - FIRST).days + 1)
]
"""Two leap days, two kinds of Christmas weekend, a jubilee, a funeral, a coronation."""


@pytest.fixture(scope="module", params=["duckdb", "postgresql"])
def engine(request) -> Iterator[Engine]:
    contacts = pa.table(
        {
            "cont_contact_id": [start.date().isoformat() for start in EVERY_DAY],
            "cont_person_id": ["child"] * len(EVERY_DAY),
            "cont_contact_date": EVERY_DAY,
        }
    )
    if request.param == "duckdb":
        with DuckDB() as duckdb:
            duckdb.load(BY_NAME["ssd_contacts"], contacts)
            yield duckdb
    else:
        cluster, worker = map(request.getfixturevalue, ("shared_cluster", "worker_id"))
        cluster.ensure_database(f"due_dates_{worker}")
        with closing(psycopg.connect(cluster.url(f"due_dates_{worker}"))) as connection:
            connection.execute("SELECT 1")  # begins the transaction that is taken back at the end
            postgresql = PostgreSQL(connection)
            postgresql.create()
            postgresql.load(BY_NAME["ssd_contacts"], contacts)
            yield postgresql
            connection.rollback()


@pytest.mark.parametrize(
    ("count", "unit"),
    [
        (1, Unit.WORKING_DAY),
        (15, Unit.WORKING_DAY),
        (45, Unit.WORKING_DAY),
        (3, Unit.MONTH),
        (6, Unit.MONTH),
        (2, Unit.YEAR),
    ],
    ids=str,
)
def test_every_day_of_six_years_is_due_when_its_limit_says(engine, count, unit):
    standard = CATALOGUE["REF-DEC"]
    limit = Limit(count, unit, standard.sources[0], FIRST)
    ledger = evaluate(
        engine, [replace(standard, limits=(limit,))], datetime.combine(LAST, time(23, 59, 59))
    )
    assert ledger["starts_at"].to_pylist() == EVERY_DAY
    assert ledger["due_at"].to_pylist() == [limit.due(start) for start in EVERY_DAY]

from datetime import date

import duckdb
import pytest

from harbourlight.simulate import Trust, simulate

UNTIL = date(2026, 3, 31)
CHILDREN, YEARS, SEED = 1_500, 5, 20260331


@pytest.fixture(scope="session")
def trust() -> Trust:
    return simulate(children=CHILDREN, years=YEARS, seed=SEED, until=UNTIL)


@pytest.fixture(scope="session")
def ask(trust):
    """Rows of a query over the trust's tables, which the query names as the dataset does."""
    connection = duckdb.connect()
    for name, rows in trust.tables.items():
        connection.register(name, rows)
    connection.execute(
        "CREATE VIEW families AS SELECT fami_person_id AS person_id, fami_family_id AS family_id "
        "FROM ssd_family"
    )
    yield lambda query: connection.execute(query).fetchall()
    connection.close()

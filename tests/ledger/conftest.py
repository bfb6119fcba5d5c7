"""The evaluators, each made once for a run."""

from collections.abc import Iterator

import pytest

from tests.ledger.evaluators import Evaluator, by_duckdb, by_postgresql, by_reference


@pytest.fixture(scope="session")
def duckdb_ledger() -> Iterator[Evaluator]:
    with by_duckdb() as ask:
        yield ask


@pytest.fixture(scope="session")
def postgresql_ledger(shared_cluster, worker_id) -> Iterator[Evaluator]:
    database = f"ledger_{worker_id}"
    shared_cluster.ensure_database(database)
    with by_postgresql(shared_cluster.url(database)) as ask:
        yield ask


@pytest.fixture(scope="session", params=["reference", "duckdb", "postgresql"])
def ledger(request) -> Evaluator:
    """The ledger, by each evaluator in turn."""
    if request.param == "reference":
        return by_reference
    return request.getfixturevalue(f"{request.param}_ledger")

"""What must hold of the ledger whatever is recorded."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import pairwise, product
from typing import Any

import ibis
import psycopg
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harbourlight.dataset.engines import DuckDB, Engine, PostgreSQL, load_tables
from harbourlight.dataset.tables import BY_NAME, Dataset
from harbourlight.ledger.entries import ENTRY_COLUMNS, all_entries, outcome
from harbourlight.ledger.evaluation import LEDGER_SCHEMA, evaluate
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.standard import Outcome, Standing, outcome_at
from tests.ledger.evaluators import Evaluator, by_reference, tables
from tests.ledger.reference import Data
from tests.ledger.worlds import MOMENTS, worlds

CODES = tuple(CATALOGUE)

quickly = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

a_world = st.sampled_from(MOMENTS).flatmap(
    lambda moment: st.tuples(
        worlds(moment),
        # Mostly the moment the days lie round, now and then any other.
        st.one_of(
            st.just(moment),
            st.integers(-(10**7), 10**7).map(lambda seconds: moment + timedelta(seconds=seconds)),
        ),
    )
)


def agree(ask: Evaluator, data: Data, as_at: datetime) -> None:
    found = {(e.standard, e.about, e.about_id): asdict(e) for e in ask(data, as_at, CODES)}
    expected = {
        (e.standard, e.about, e.about_id): asdict(e) for e in by_reference(data, as_at, CODES)
    }
    assert found.keys() == expected.keys()
    for key, entry in expected.items():
        assert found[key] == entry


@settings(quickly, max_examples=60)
@given(a_world)
def test_duckdb_gives_the_ledger_that_the_slow_reference_gives(duckdb_ledger, world):
    agree(duckdb_ledger, *world)


@settings(quickly, max_examples=20)
@given(a_world)
def test_postgresql_gives_the_ledger_that_the_slow_reference_gives(postgresql_ledger, world):
    agree(postgresql_ledger, *world)


@settings(quickly, max_examples=30)
@given(a_world, st.sets(st.sampled_from(("c0", "c1", "c2"))))
def test_some_childrens_entries_are_the_same_computed_alone(duckdb_ledger, world, touched):
    """What lets the live ledger recompute only the children an act touched."""
    data, as_at = world
    narrowed = {
        name: [row for row in rows if row[BY_NAME[name].person] in touched]
        if BY_NAME[name].person
        else rows
        for name, rows in data.items()
    }
    whole = [entry for entry in duckdb_ledger(data, as_at, CODES) if entry.child_id in touched]
    alone = duckdb_ledger(narrowed, as_at, CODES)
    assert {entry.child_id for entry in alone} <= touched
    assert sorted(alone, key=repr) == sorted(whole, key=repr)


@pytest.fixture(scope="module")
def stored_in_duckdb() -> Iterator[Callable[[Data], list[dict[str, Any]]]]:
    """Gives the stored entries of a dataset; compiled once."""
    statement = str(ibis.to_sql(all_entries(CATALOGUE.values(), Dataset()), dialect="duckdb"))
    with DuckDB() as engine:

        def stored(data: Data) -> list[dict[str, Any]]:
            engine.connection.execute("BEGIN")
            try:
                load_tables(engine, tables(data))
                return engine.connection.execute(statement).to_arrow_table().to_pylist()
            finally:
                engine.connection.execute("ROLLBACK")

        yield stored


@settings(quickly, max_examples=30)
@given(world=st.sampled_from(MOMENTS).flatmap(worlds))
def test_every_stored_entry_is_named_once_and_has_a_sentence_for_its_detail(
    stored_in_duckdb, world
):
    entries = stored_in_duckdb(world)
    names = [tuple(entry[name] for name in ENTRY_COLUMNS[:3]) for entry in entries]
    assert len(set(names)) == len(names)
    for entry in entries:
        assert tuple(entry) == ENTRY_COLUMNS
        assert entry["standing"] in set(Standing)
        says = CATALOGUE[entry["standard"]].says(entry["detail"])
        assert bool(says) == (entry["detail"] is not None)
        if entry["standing"] != Standing.APPLIES:
            assert says, "an entry that is not judged says why"
        assert (entry["due_at"] is None) <= (entry["standing"] != Standing.APPLIES)


def test_the_ledger_in_a_file_has_its_columns_in_order_and_its_rows_sorted(duckdb_ledger):
    data, as_at = _fixed_world()
    with DuckDB() as engine:
        load_tables(engine, tables(data))
        ledger = evaluate(engine, list(CATALOGUE.values()), as_at)
    assert ledger.schema == LEDGER_SCHEMA
    rows = ledger.to_pylist()
    keys = [(row["standard"], row["about"], row["about_id"]) for row in rows]
    assert keys == sorted(keys)
    entries = duckdb_ledger(data, as_at, CODES)
    assert [
        asdict(entry) | {"detail": CATALOGUE[entry.standard].says(entry.detail) or None}
        for entry in entries
    ] == rows


def _fixed_world() -> tuple[Data, datetime]:
    """One of the manual's situations that has several entries."""
    from tests.ledger.test_situations import SITUATIONS

    situation = next(held for held in SITUATIONS if "Whose it is" in held.title)
    return situation.rows, situation.expected[0][0]


# --- how an entry stands ------------------------------------------------------------------------

NOON = datetime.fromisoformat("2026-03-29T12:00:00")
SECONDS = [NOON + timedelta(seconds=second) for second in range(5)]
INSTANTS = [None, *SECONDS]


@pytest.fixture(scope="module", params=["duckdb", "postgresql"])
def engine(request) -> Iterator[Engine]:
    if request.param == "duckdb":
        with DuckDB() as duckdb:
            yield duckdb
    else:
        cluster = request.getfixturevalue("shared_cluster")
        with closing(psycopg.connect(cluster.url("postgres"))) as connection:
            yield PostgreSQL(connection)
            connection.rollback()


def test_the_expression_of_an_outcome_says_what_its_statement_in_python_says(engine):
    """Every order in which a duty can fall due, be met, lapse and be asked about, ties included."""
    every = list(product(Standing, INSTANTS, INSTANTS, INSTANTS))
    engine.connection.execute(
        "CREATE TEMPORARY TABLE stood "
        "(row bigint, standing text, due_at timestamp, met_at timestamp, lapsed_at timestamp)"
    )
    values = ", ".join(
        "(" + ", ".join([str(row), *("NULL" if v is None else f"'{v}'" for v in values)]) + ")"
        for row, values in enumerate(every)
    )
    engine.connection.execute(f"INSERT INTO stood VALUES {values}")
    instants = dict.fromkeys(("due_at", "met_at", "lapsed_at"), "timestamp")
    stood = ibis.table({"row": "int64", "standing": "string", **instants}, name="stood")
    for as_at in SECONDS:
        said = engine.run(stood.select("row", outcome=outcome(stood, as_at)).order_by("row"))
        assert said["outcome"].cast(pa.string()).to_pylist() == [
            str(
                outcome_at(
                    standing=standing,
                    due_at=due_at,
                    met_at=met_at,
                    lapsed_at=lapsed_at,
                    as_at=as_at,
                )
            )
            for standing, due_at, met_at, lapsed_at in every
        ]


ARROWS = {
    # Late at once where it was done in the very second after it was due.
    Outcome.DUE: {Outcome.MET, Outcome.MET_LATE, Outcome.OVERDUE, Outcome.NOT_APPLICABLE},
    Outcome.OVERDUE: {Outcome.MET_LATE},
    # Only by lapsing: what was done in time although it was no longer asked for.
    Outcome.NOT_APPLICABLE: {Outcome.MET},
    Outcome.MET: set(),
    Outcome.MET_LATE: set(),
    Outcome.CANNOT_TELL: set(),
}
"""How an entry may come to stand, from one second to the next."""


def test_the_passing_of_time_moves_an_outcome_only_along_its_arrows():
    walked = set()
    for standing, due_at, met_at, lapsed_at in product(Standing, INSTANTS, INSTANTS, INSTANTS):
        moments = [NOON + timedelta(seconds=second) for second in range(-1, 7)]
        stood = [
            outcome_at(
                standing=standing, due_at=due_at, met_at=met_at, lapsed_at=lapsed_at, as_at=as_at
            )
            for as_at in moments
        ]
        for earlier, later in pairwise(stood):
            if later is not earlier:
                assert later in ARROWS[earlier], (standing, due_at, met_at, lapsed_at)
                walked.add((earlier, later))
        if standing is not Standing.APPLIES:
            assert len(set(stood)) == 1
    assert walked == {(earlier, later) for earlier, ends in ARROWS.items() for later in ends}


@settings(quickly, max_examples=50)
@given(a_world, st.integers(0, 10**7))
def test_an_entry_once_begun_never_goes_and_its_facts_never_change(world, seconds):
    data, as_at = world
    later_at = as_at + timedelta(seconds=seconds)
    later = {(e.standard, e.about, e.about_id): e for e in by_reference(data, later_at, CODES)}
    for before in by_reference(data, as_at, CODES):
        after = later[before.standard, before.about, before.about_id]
        assert (after.starts_at, after.due_at) == (before.starts_at, before.due_at)
        assert before.met_at in (None, after.met_at)

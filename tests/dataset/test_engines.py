"""DuckDB and PostgreSQL answer the same question with the same rows in the same order."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime

import duckdb
import ibis
import psycopg
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harbourlight.dataset.engines import DuckDB, Engine, PostgreSQL, load_tables
from harbourlight.dataset.rows import calendar_rows, conform
from harbourlight.dataset.tables import BY_NAME, TABLES, Dataset
from harbourlight.standards.calendar import calendar_days

DATA = Dataset()
PEOPLE, CONTACTS, STAFF = (
    BY_NAME[name] for name in ("ssd_person", "ssd_contacts", "ssd_professionals")
)


@pytest.fixture(scope="module", params=["duckdb", "postgresql"])
def empty(request) -> Iterator[Callable[[], Engine]]:
    """Gives an engine whose tables are empty, the same one each time, its last rows taken back."""
    with ExitStack() as stack:
        if request.param == "duckdb":
            engine = stack.enter_context(DuckDB())
            engine.connection.execute("BEGIN")

            def again() -> Engine:
                engine.connection.execute("ROLLBACK")
                engine.connection.execute("BEGIN")
                return engine
        else:
            url = request.getfixturevalue("scratch_database")
            connection = stack.enter_context(psycopg.connect(url))
            stack.callback(connection.rollback)
            connection.execute("DROP SCHEMA IF EXISTS dataset CASCADE")
            engine = PostgreSQL(connection)
            engine.create()
            connection.commit()
            # What a server's own settings might be.
            connection.execute("SET datestyle = 'German'")
            connection.commit()

            def again() -> Engine:
                connection.rollback()
                connection.execute("SELECT 1")  # so that the engine's transactions are savepoints
                return engine

        yield again


def people(*names: str | None) -> pa.Table:
    rows = [{"pers_person_id": str(n), "pers_surname": name} for n, name in enumerate(names)]
    return pa.Table.from_pylist(rows, schema=PEOPLE.arrow_schema())


def test_every_declared_table_is_there_and_takes_its_own_rows(empty):
    engine = empty()
    for table in TABLES:
        answer = engine.run(table.expression().limit(0))
        assert answer.column_names == [column.name for column in table.columns]


def test_the_calendar_is_filled(empty):
    calendar = empty().run(DATA.hl_calendar.order_by("hlca_day"))
    assert calendar.cast(calendar_rows().schema).equals(calendar_rows())
    assert calendar.num_rows == sum(1 for _ in calendar_days())


def test_a_value_of_every_kind_comes_back_as_it_went(empty):
    engine = empty()
    rows = conform(
        CONTACTS,
        pa.table(
            {
                "cont_contact_id": ["1", "2"],
                "cont_person_id": ["a", "b"],
                "cont_contact_date": [
                    datetime.fromisoformat("2025-10-26 01:30"),  # the hour London has twice
                    datetime.fromisoformat("1900-01-01 00:00"),
                ],
                "cont_contact_source_desc": ["", None],
                "cont_contact_outcome_json": ['{"NFA_FLAG": "Y"}', None],
            }
        ),
    )
    staff = conform(
        STAFF,
        pa.table(
            {
                "prof_professional_id": ["1", "2"],
                "prof_professional_caseload": [2**62, None],
                "prof_full_time_equivalency": [0.1, None],
            }
        ),
    )
    load_tables(engine, {"ssd_contacts": rows, "ssd_professionals": staff})

    def held(expression, sent):
        answer = engine.run(expression.select(sent.column_names).order_by(sent.column_names[0]))
        return answer.to_pylist()

    assert held(DATA.ssd_contacts, rows) == rows.to_pylist()
    assert held(DATA.ssd_professionals, staff) == staff.to_pylist()


def test_an_answer_has_the_types_of_its_expression(empty):
    engine = empty()
    engine.load(PEOPLE, people("Fern", None))
    table = DATA.ssd_person
    whole = table.aggregate(
        many=table.count(),
        numbers=table.pers_person_id.cast("int64").sum(),
        mean=table.pers_person_id.cast("int64").mean(),
        any_named=table.pers_surname.notnull().any(),
        all_named=table.pers_surname.notnull().all(),
        nothing=table.pers_dob.max(),
        day=ibis.literal(date(2026, 1, 31)),
        instant=ibis.literal(datetime.fromisoformat("2026-01-31 09:05:06")),
    )
    answer = engine.run(whole)
    assert answer.to_pylist() == [
        {
            "many": 2,
            "numbers": 1,
            "mean": 0.5,
            "any_named": True,
            "all_named": False,
            "nothing": None,
            "day": date(2026, 1, 31),
            "instant": datetime.fromisoformat("2026-01-31 09:05:06"),
        }
    ]
    assert answer.schema.types == whole.schema().to_pyarrow().types


@pytest.mark.parametrize(
    "names", [[], [None], ["", None, ""], ["NULL", "\\N", "\\.", 'a"b', "a,b", "a\nb", "a\r\nb"]]
)
def test_an_answer_of_one_column_keeps_nulls_and_awkward_text(empty, names):
    engine = empty()
    engine.load(PEOPLE, people(*names))
    by_key = DATA.ssd_person.order_by("pers_person_id").select("pers_surname")
    assert engine.run(by_key)["pers_surname"].to_pylist() == names


@given(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")), max_size=8))
@settings(max_examples=40, deadline=None)
def test_text_sorts_by_its_bytes(empty, names):
    engine = empty()
    engine.load(PEOPLE, people(*names))
    table = DATA.ssd_person
    answer = engine.run(
        table.mutate(place=ibis.row_number().over(order_by=table.pers_surname))
        .order_by("pers_surname", "place")
        .select("pers_surname", "place")
    )
    assert answer["pers_surname"].to_pylist() == sorted(names, key=str.encode)
    assert answer["place"].to_pylist() == list(range(len(names)))


def test_a_load_that_fails_leaves_nothing(empty):
    engine = empty()
    rows = pa.table({"pers_person_id": ["1"], "pers_dob": ["not a date"]})
    with pytest.raises(pa.ArrowInvalid):
        engine.load(PEOPLE, rows)
    with pytest.raises(ValueError, match="ssd_person declares no column shoe_size"):
        engine.load(PEOPLE, pa.table({"pers_person_id": ["1"], "shoe_size": [4]}))
    assert engine.run(DATA.ssd_person).num_rows == 0


def test_the_live_records_schema_is_never_made_over(scratch_database):
    with psycopg.connect(scratch_database) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS dataset")
        with pytest.raises(psycopg.errors.DuplicateSchema):
            PostgreSQL(connection).create()


def test_duckdb_touches_no_file_but_its_own(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with DuckDB() as engine:
        for statement in (
            f"SELECT * FROM '{secret}'",
            f"COPY (SELECT 1) TO '{secret}'",
            f"ATTACH '{tmp_path / 'other.duckdb'}'",
        ):
            with pytest.raises(duckdb.PermissionException):
                engine.connection.execute(statement)
        with pytest.raises(duckdb.InvalidInputException, match="locked"):
            engine.connection.execute("SET enable_external_access = true")


def test_duckdb_in_a_file_is_there_when_opened_again(tmp_path):
    path = tmp_path / "trust.duckdb"
    for expected in (1, 2):
        with DuckDB(path, memory="1GB", threads=1) as engine:
            engine.load(PEOPLE, people("Fern"))
            assert engine.run(DATA.ssd_person).num_rows == expected
            assert engine.run(DATA.hl_calendar).num_rows == calendar_rows().num_rows

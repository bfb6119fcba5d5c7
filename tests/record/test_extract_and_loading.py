"""The record and the dataset say the same: loaded, published, and judged alike."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pyarrow as pa
import pytest
from django.db import connection, transaction

from harbourlight.dataset.engines import DuckDB, load_tables
from harbourlight.dataset.tables import BY_NAME, SOURCE_TABLES, Dataset
from harbourlight.ledger.entries import ENTRY_COLUMNS, all_entries
from harbourlight.record.extract import MAPPINGS, READER, unmapped
from harbourlight.record.live_ledger.keeping import differences
from harbourlight.record.live_ledger.models import Entry
from harbourlight.record.loading import RecordNotEmpty, load_record
from harbourlight.record.people.models import Person
from harbourlight.server.postgres import Cluster
from harbourlight.simulate import Trust, simulate
from harbourlight.standards.catalogue import CATALOGUE

AT = datetime(2026, 3, 31, 12, tzinfo=UTC)

NOT_GIVEN_BACK = {
    # The record keeps one decision's outcome and works the many-valued flags out from it.
    "ssd_contacts.cont_contact_outcome_json",
    # A count on a past 30 September; the return that asks for it computes it.
    "ssd_professionals.prof_professional_caseload",
    # One row of factors for each assessment, named after it.
    "ssd_assessment_factors.cinf_table_id",
}


@pytest.fixture(scope="module")
def trust() -> Trust:
    return simulate(children=400, years=5, seed=7, until=date(2026, 3, 31))


def test_every_column_of_the_dataset_is_mapped_or_named_as_not_recorded() -> None:
    assert unmapped() == []
    for mapping in MAPPINGS:
        declared = {column.name for column in BY_NAME[mapping.table].columns}
        assert set(mapping.columns) | set(mapping.not_recorded) <= declared, mapping.table
        assert not set(mapping.columns) & set(mapping.not_recorded), mapping.table
        assert all(mapping.not_recorded.values()), mapping.table


@pytest.mark.django_db
def test_a_loaded_record_publishes_what_it_was_given_and_has_the_ledger_of_the_files(
    trust: Trust, assured: Callable[[str, str], None]
) -> None:
    told: list[tuple[str, int, int]] = []
    entries = load_record(trust.tables, at=AT, progress=lambda *step: told.append(step))
    assert told[-1][1:] == (len(told) - 1, len(told) - 1)

    for table in SOURCE_TABLES:
        given, back = _sorted(trust.tables[table.name]), _sorted(_published(table.name))
        assert len(given) == len(back), table.name
        for column in table.columns:
            if f"{table.name}.{column.name}" not in NOT_GIVEN_BACK:
                was = [_plain(row[column.name]) for row in given]
                now = [_plain(row[column.name]) for row in back]
                assert now == was, f"{table.name}.{column.name}"
    columns = sum(len(table.columns) for table in SOURCE_TABLES) - len(NOT_GIVEN_BACK)
    assured("round-trip", f"{columns} columns of {len(SOURCE_TABLES)} tables, row by row")

    assert differences() == []
    with DuckDB() as engine:
        load_tables(engine, trust.tables)
        computed = engine.run(all_entries(CATALOGUE.values(), Dataset()))
    stored = Entry.objects.values_list(*ENTRY_COLUMNS)
    assert len(computed) == len(stored) == entries
    from_files = {tuple(row[name] for name in ENTRY_COLUMNS) for row in computed.to_pylist()}
    assert set(stored) == from_files

    with pytest.raises(RecordNotEmpty):
        load_record(trust.tables, at=AT)


KNOWN_OF_ONE = (
    ("NHS Number", "9434765919", date(2001, 1, 1), date(2024, 5, 6)),  # one replaced since
    ("Unique Pupil Number", "B201200012345", date(2016, 9, 1), None),
    ("Former Unique Pupil Number", "H801200001001", None, date(2016, 8, 31)),
    ("Home Office Registration", "S1234567", None, None),
    ("YOT Number", "YOT 77/1", None, None),
    ("Court Case Number", "ZW23C01234", date(2023, 2, 3), None),
    ("RAA ID", "R-9", None, None),
    ("other", "As somebody wrote it", None, None),
)


@pytest.mark.django_db
def test_what_no_simulated_child_has_comes_back_as_it_was_given(trust: Trust) -> None:
    """Identifiers of every kind, young mothers, and the review points of assessments."""
    (young, child, *_), tables = _children_of_a_family(trust), dict(trust.tables)
    identifiers = BY_NAME["ssd_linked_identifiers"].arrow_schema()
    given = [
        dict(zip(identifiers.names, (f"L{number}", young, *one), strict=True))
        for number, one in enumerate(KNOWN_OF_ONE)
    ]
    tables["ssd_linked_identifiers"] = pa.Table.from_pylist(given, identifiers)
    people = tables["ssd_person"]
    number = [
        "9434765870" if one == young else None for one in people["pers_person_id"].to_pylist()
    ]
    place = people.column_names.index("pers_common_child_id")
    tables["ssd_person"] = people.set_column(place, people.schema.field(place), [number])
    mothers = BY_NAME["ssd_mother"].arrow_schema()
    of_one = dict(zip(mothers.names, ("T1", young, child, None), strict=True))
    tables["ssd_mother"] = pa.Table.from_pylist([of_one], mothers)
    assessed = tables["ssd_cin_assessments"].select(["cina_assessment_id", "cina_person_id"])
    reviews = BY_NAME["hl_assessments"].arrow_schema()
    reviewed = [
        dict(zip(reviews.names, (*one.values(), date(2026, 1, 9)), strict=True))
        for one in assessed.slice(0, 3).to_pylist()
    ]
    tables["hl_assessments"] = pa.Table.from_pylist(reviewed, reviews)
    load_record(tables, at=AT)
    assert sorted(_published("hl_assessments"), key=_first) == sorted(reviewed, key=_first)
    Person.objects.filter(pk=young).update(sex="F")
    assert sorted(_published("ssd_linked_identifiers"), key=_first) == sorted(given, key=_first)
    (mother,) = _published("ssd_mother")
    assert (mother["moth_person_id"], mother["moth_childs_person_id"]) == (young, child)
    assert mother["moth_childs_dob"] == Person.objects.get(pk=child).born_on
    (of_young,) = (one for one in _published("ssd_person") if one["pers_person_id"] == young)
    assert of_young["pers_is_mother"] == "Y", "whoever has a child is a mother"
    Person.objects.filter(pk=young).update(held_as="adult")
    assert not _published("ssd_mother"), "an adult has no row of the person's table"
    assert not _published("ssd_linked_identifiers")


@pytest.mark.django_db
def test_a_source_that_contradicts_itself_is_not_half_loaded(trust: Trust) -> None:
    orphaned = dict(trust.tables)
    plans = orphaned["ssd_cp_plans"]
    position = plans.column_names.index("cppl_person_id")
    orphaned["ssd_cp_plans"] = plans.set_column(
        position, "cppl_person_id", pa.array(["NOBODY"] * len(plans))
    )
    with pytest.raises(Exception, match="NOBODY"), transaction.atomic():
        load_record(orphaned, at=AT)
    assert not Person.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_analyst_may_read_the_published_dataset_and_nothing_else(
    shared_cluster: Cluster,
) -> None:
    database = connection.settings_dict["NAME"]
    with psycopg.connect(shared_cluster.url(database, READER), autocommit=True) as analyst:
        for mapping in MAPPINGS:
            analyst.execute(f'SELECT * FROM dataset."{mapping.table}" LIMIT 1')
        assert analyst.execute("SELECT count(*) FROM dataset.hl_calendar").fetchone() != (0,)
        for refused in (
            "SELECT * FROM people_person",
            "SELECT * FROM live_ledger_entry",
            "UPDATE dataset.ssd_person SET pers_dob = NULL",
            "DELETE FROM dataset.ssd_person",
            "CREATE TABLE dataset.mine (id int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                analyst.execute(refused)


def _children_of_a_family(trust: Trust) -> list[str]:
    families: dict[str, list[str]] = {}
    for row in trust.tables["ssd_family"].to_pylist():
        families.setdefault(row["fami_family_id"], []).append(row["fami_person_id"])
    return next(children for children in families.values() if len(children) > 1)


def _first(row: dict[str, Any]) -> str:
    return str(next(iter(row.values())))


def _published(name: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM dataset."{name}"')
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _sorted(rows: Any) -> list[dict[str, Any]]:
    found = rows.to_pylist() if isinstance(rows, pa.Table) else rows
    return sorted(found, key=lambda row: next(str(value) for value in row.values()))


def _plain(value: Any) -> Any:
    """JSON compares by what it says: PostgreSQL keeps its keys in an order of its own."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        return json.loads(value)
    return value

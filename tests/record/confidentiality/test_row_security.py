"""Row-level security by itself: a row planted in every table it guards, and each policy missed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from harbourlight.foundation.notices import declaring
from harbourlight.record.confidentiality import identity, row_security
from harbourlight.record.people.models import Person
from tests.record.confidentiality.classes import NOW

pytestmark = pytest.mark.django_db

CLASSES = ("mine", "other", "hidden")
WALLED = "allegations"

EMPTY = {
    "ARRAY": "'{}'",
    "USER-DEFINED": "NULL",
    "bigint": "0",
    "boolean": "false",
    "bytea": r"'\x'",
    "character varying": "''",
    "date": "DATE '2026-01-01'",
    "double precision": "0",
    "integer": "0",
    "jsonb": "'{}'",
    "numeric": "0",
    "smallint": "0",
    "text": "''",
    "time without time zone": "TIME '09:00'",
    "timestamp with time zone": "TIMESTAMPTZ '2026-01-01 09:00+00'",
    "uuid": "gen_random_uuid()",
}
"""What a column that must hold something is given, by its type."""

MODELS = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def run(statement: str, given: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def planted(service: Any) -> Callable[[str, str], int]:
    """A row of each class in every table under policy; counts those of a class whoever asks sees.

    The rows hang together as the rule says (a decision on a line, a line on a contact), and hold
    nothing besides. Constraints are lifted for the test: who may see does not rest on them.
    """
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET LOCAL session_replication_role = replica")
    people = {of: service.people[of].pk for of in CLASSES} | {"walled": service.people["mine"].pk}
    owners = dict.fromkeys((*CLASSES, "walled"), service.users["Sol West"].pk)
    owners["hidden"] = service.users["Ned North"].pk
    known = {rule.table: MODELS[rule.table] for rule in row_security.rules()}
    for table in known:
        for (name,) in run(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass "
            "AND contype IN ('c', 'u')",
            [table],
        ):
            run(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for (name,) in run(
            "SELECT indexrelid::regclass::text FROM pg_index "
            "WHERE indrelid = %s::regclass AND indisunique AND NOT indisprimary",
            [table],
        ):
            run(f"DROP INDEX {name}")
    made: dict[tuple[str, str], tuple[str, Any]] = {}

    def put(model: type[models.Model], of: str) -> Any:
        table = model._meta.db_table
        if (table, of) in made:
            return made[table, of][1]
        if model is Person:
            made[table, of] = ("id", people[of])
            return people[of]
        declared = getattr(model, "pgh_tracked_model", model)
        key = model._meta.pk
        number = 900_000 + len(made)
        whole = isinstance(key, models.IntegerField)
        as_key = number if whole else _uuid(number) if _is_uuid(key) else f"planted-{number}"
        column = key.column or "about_id"  # an entry has a key of several columns
        row = {column: as_key}
        made[table, of] = (column, as_key)
        parent = row_security._parent(declared)
        for field in model._meta.local_concrete_fields:
            onto = (
                declared._meta.get_field(field.name).related_model
                if _has(declared, field)
                else None
            )
            if onto is Person or field.column in ("child_id", "person_id"):
                row[field.column] = people[of]
            elif parent is not None and field.column == parent.column:
                row[field.column] = put(parent.related_model, of)
            elif field.column == "area" and of == "walled":
                row[field.column] = WALLED
            elif field.column == "family_id":
                row[field.column] = f"family of {of}"
        if declared is not model:
            row["id"] = put(declared, of)  # the row whose history it is
        if declared._meta.label == "confidentiality.Restriction" and of != "hidden":
            row["lifted_at"] = NOW
        if declared._meta.label in row_security.OWN:
            row[row_security.OWN[declared._meta.label]] = owners[of]
        if declared._meta.label == "history.Correction":
            row |= {"row_kind": "people.address", "row_id": put(MODELS["people_address"], of)}
        if declared._meta.label == "notices.Notice":
            row["about"] = f'{{"person_id": "{people[of]}"}}'
        _insert(table, row)
        return as_key

    for model in known.values():
        for of in CLASSES:
            put(model, of)
        if any(field.column == "area" for field in model._meta.local_concrete_fields):
            put(model, "walled")
    run("SET LOCAL session_replication_role = origin")

    def count(table: str, of: str) -> int:
        column, key = made[table, of]
        ((rows,),) = run(f"SELECT count(*) FROM {table} WHERE {column} = %s", [key])
        return int(rows)

    return count


def _has(model: type[models.Model], field: Any) -> bool:
    return any(one.name == field.name for one in model._meta.get_fields())


def _is_uuid(key: Any) -> bool:
    return isinstance(key, models.UUIDField)


def _uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def _insert(table: str, row: dict[str, Any]) -> None:
    needed = run(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = "
        "'public' AND table_name = %s AND is_nullable = 'NO' AND is_generated = 'NEVER'",
        [table],
    )
    empty = {name: EMPTY[kind] for name, kind in needed if name not in row}
    columns = ", ".join(f'"{name}"' for name in (*row, *empty))
    values = ", ".join((*("%s" for _ in row), *empty.values()))
    run(f"INSERT INTO {table} ({columns}) VALUES ({values})", [*row.values()])


@contextmanager
def asking(service: Any, who: str) -> Iterator[None]:
    """What is asked within is asked as the web asks it for somebody."""
    user = service.users[who]
    user.__dict__.pop("sight", None)
    identity.take(user, NOW)
    try:
        yield
    finally:
        identity.give_back()
        user.__dict__.pop("sight", None)


def _label(table: str) -> str:
    model = MODELS[table]
    return getattr(model, "pgh_tracked_model", model)._meta.label


def _hangs_on(table: str) -> str:
    """The label of the model whose row a row hangs on; empty where there is none."""
    model = MODELS[table]
    parent = row_security._parent(getattr(model, "pgh_tracked_model", model))
    return "" if parent is None else parent.related_model._meta.label


def test_every_table_hides_a_restricted_child_and_each_policy_dropped_is_missed(
    service, planted, assured
) -> None:
    """Fay Door reads everyone; the hidden child's row is there for her only without the policy."""
    tables = [rule.table for rule in row_security.rules()]
    own = {table for table in tables if {_label(table), _hangs_on(table)} & {*row_security.OWN}}
    assert len(tables) > 70
    noticed = 0
    for table in tables:
        with asking(service, "Fay Door"):
            assert planted(table, "hidden") == 0, table
            assert planted(table, "mine") == (0 if table in own else 1), table
        run(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
        with asking(service, "Fay Door"):
            assert planted(table, "hidden") == 1, f"{table}: nothing but its policy hides it"
            noticed += 1
        run(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    assured("policy-mutants", f"{len(tables)} policies dropped in turn: {noticed} noticed")


def test_a_related_role_is_shown_the_whole_of_its_own_and_of_others_an_outline(
    service, planted
) -> None:
    outline = set()
    with asking(service, "Sol West"):
        for rule in row_security.rules():
            assert planted(rule.table, "mine") == 1, rule.table
            assert planted(rule.table, "hidden") == 0, rule.table
            if planted(rule.table, "other"):
                outline.add(_label(rule.table))
    beside = {*row_security.OWN, "notices.Notice", "confidentiality.OpeningReview"}
    beside.add("census.FileFinding")  # of a file of one's own
    assert outline == row_security.OUTLINE | beside
    with asking(service, "Ada Min"):
        for rule in row_security.rules():
            if _label(rule.table) != "notices.Notice":
                assert planted(rule.table, "mine") == 0, rule.table


def test_a_walled_row_shows_to_those_who_enter_its_area_and_to_nobody_else(
    service, planted
) -> None:
    walled = [
        rule.table
        for rule in row_security.rules()
        if any(one.column == "area" for one in MODELS[rule.table]._meta.local_concrete_fields)
    ]
    assert {_label(table) for table in walled} >= {"documents.Document", "questionnaires.Response"}
    for who, shown in (("Designated Officer", 1), ("Exploitation Coordinator", 0),
                       ("Fay Door", 0), ("Sol West", 0), ("Records Officer", 0)):  # fmt: skip
        with asking(service, who):
            for table in walled:
                assert planted(table, "walled") == shown, (who, table)


def test_nothing_is_written_about_a_child_the_writer_may_not_know_of(service) -> None:
    """The policy's check: not even by a view that looked nothing up."""
    from django.db import DatabaseError, transaction

    hidden = service.people["hidden"].pk
    statement = (
        "INSERT INTO people_address (id, person_id, kind, lines, postcode, is_confidential, "
        "recorded_at) VALUES (%s, %s, 'home', '', '', false, now())"
    )
    with asking(service, "Fay Door"):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            run(statement, ["planted", hidden])
        assert (
            run("UPDATE people_person SET forename = 'x' WHERE id = %s RETURNING 1", [hidden]) == []
        )
        assert run("DELETE FROM people_address WHERE person_id = %s RETURNING 1", [hidden]) == []


def test_whatever_a_notice_may_be_about_has_a_table_that_says_who_may_know() -> None:
    assert row_security.SUBJECTS.keys() == declaring.subjects().keys()
    for kind in row_security.SUBJECTS.values():
        table = apps.get_model(kind)._meta.db_table
        assert table == kind.lower().replace(".", "_"), "confidentiality_row_shows finds it so"

"""Every change of every row is kept, by rule, and nobody can change what was kept."""

import json
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction

from harbourlight.foundation.actions import acting
from harbourlight.foundation.history.models import Event
from harbourlight.foundation.history.origin import from_request
from harbourlight.foundation.history.rows import RowHistory, history_of, is_kept
from tests.record.families import NOW, Record

TRACKING = ("insert_insert", "update_update", "delete_delete")

_TRIGGERS = """
SELECT c.relname, regexp_replace(t.tgname, '^pgtrigger_(.*)_[0-9a-f]{5}$', '\\1'), p.prosecdef
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
"""


def not_kept() -> Iterator[str]:
    """What is missing from the history of any model of the kept apps."""
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS)
        found = {(table, name): definer for table, name, definer in cursor.fetchall()}
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if apps.get_app_config(meta.app_label).name not in settings.HISTORY_KEPT:
            continue
        if meta.label in settings.HISTORY_NOT_KEPT or not meta.managed or meta.proxy:
            continue
        if issubclass(model, RowHistory):
            if (meta.db_table, "append_only") not in found:
                yield f"{meta.label} can be changed"
            continue
        if not is_kept(model):
            yield f"{meta.label} is not kept: give a relation of many to many a model of its own"
            continue
        for name in TRACKING:
            if not found.get((meta.db_table, name)):
                yield f"{meta.label} has no {name}, or it writes as whoever asks"
        kept = {field.column for field in history_of(model)._meta.local_concrete_fields}
        for field in meta.local_concrete_fields:
            left_out = f"{meta.label}.{field.name}" in settings.HISTORY_NOT_KEPT
            if field.column not in kept and not (left_out or field.generated):
                yield f"{meta.label}.{field.name} is not kept"


@pytest.mark.django_db
def test_every_model_of_the_record_is_kept_or_says_why_not(assured) -> None:
    assert [*not_kept()] == []
    kept = [model for model in apps.get_models() if is_kept(model)]
    named = {".".join(label.split(".")[:2]) for label in settings.HISTORY_NOT_KEPT}
    assert named <= {model._meta.label for model in apps.get_models()}, "a reason for nothing"
    assured("every-table-tracked", f"{len(kept)} tables: 3 triggers each, 0 without")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "planted",
    [
        "ALTER TABLE people_person DISABLE TRIGGER {update}",
        "ALTER FUNCTION {update}() SECURITY INVOKER",
        "DROP TRIGGER {append_only} ON people_personhistory",
    ],
)
def test_a_trigger_that_is_missing_is_noticed(planted: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT regexp_replace(tgname, '^pgtrigger_(.*)_[0-9a-f]{5}$', '\\1'), tgname "
            "FROM pg_trigger "
            "WHERE tgrelid IN ('people_person'::regclass, 'people_personhistory'::regclass)"
        )
        names = dict(cursor.fetchall())
        cursor.execute(
            planted.format(update=names["update_update"], append_only=names["append_only"])
        )
    assert len([*not_kept()]) == 1


@pytest.mark.django_db
def test_every_way_of_writing_leaves_a_state_with_whose_act_it_was(record: Record) -> None:
    child = record.child("Ash Sorrel")
    table = history_of(type(child))
    by = record.user("front_door_worker")
    with from_request() as request:
        request.page = "people:correct"
        with acting("person:correct", by=by, at=NOW):
            type(child).objects.filter(pk=child.pk).update(surname="Sorrell")
            with acting("person:other", by=by, at=NOW), connection.cursor() as cursor:
                cursor.execute("UPDATE people_person SET sex = 'F' WHERE id = %s", [child.pk])
            type(child).objects.filter(pk=child.pk).update(forename="Ashe")
    type(child).objects.filter(pk=child.pk).update(forename="Ashe")  # changes nothing
    states = table.objects.filter(id=child.pk).order_by("pgh_id")
    assert [(one.pgh_label, one.forename, one.surname, one.sex) for one in states] == [
        ("insert", "Ash", "Sorrel", "U"),
        ("update", "Ash", "Sorrell", "U"),
        ("update", "Ash", "Sorrell", "F"),
        ("update", "Ashe", "Sorrell", "F"),
    ]
    whose = [one.pgh_context for one in states][1:]
    correct = {
        "act": "person:correct",
        "by": by.pk,
        "request": request.request,
        "page": "people:correct",
    }
    assert whose == [correct, correct | {"act": "person:other"}, correct]
    line = Event.objects.filter(name="person:correct").get()
    assert (line.request, line.page) == (request.request, "people:correct")
    # Only identifiers go in: no name of anybody, and no address as it was typed.
    assert "Sorrel" not in json.dumps(whose)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE people_personhistory SET surname = ''",
        "DELETE FROM people_personhistory",
        "TRUNCATE people_personhistory",
        "TRUNCATE history_event",
        "TRUNCATE history_correction",
        "DELETE FROM history_seal",
        "UPDATE history_sealedtable SET leaves = ''",
        # pgtrigger lets a session pass its triggers over; ours are not passed over.
        "SELECT set_config('pgtrigger.ignore', '{{{append_only}}}', true); "
        "DELETE FROM people_personhistory",
    ],
)
def test_history_is_never_changed_not_even_by_the_owner_of_the_table(
    record: Record, attempt: str
) -> None:
    record.child("Ash Sorrel")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'people_personhistory'::regclass"
        )
        names = ",".join(name for (name,) in cursor.fetchall())
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE waits for no check
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
            cursor.execute(attempt.format(append_only=names))


@pytest.mark.django_db
def test_a_row_that_is_deleted_is_kept_as_it_last_was(record: Record) -> None:
    from harbourlight.record.people.models import Family

    family = Family.objects.create()
    number = family.pk
    models.QuerySet(Family).filter(pk=number).delete()
    states = history_of(Family).objects.filter(id=number).order_by("pgh_id")
    assert [one.pgh_label for one in states] == ["insert", "delete"]

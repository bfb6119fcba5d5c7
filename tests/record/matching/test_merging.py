"""Merging keeps every fact, is undone to the last byte, and refuses what it was not told of."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from harbourlight.foundation.actions import Refused
from harbourlight.foundation.drafts.models import Draft
from harbourlight.foundation.instruments.models import Edition
from harbourlight.foundation.notices.models import Notice
from harbourlight.record.chronology.models import Mark
from harbourlight.record.confidentiality.actions import restrict
from harbourlight.record.confidentiality.models import Grant, Restriction
from harbourlight.record.confidentiality.policy import Shown, shown_to
from harbourlight.record.documents.models import Document, Version
from harbourlight.record.front_door import actions as front_door
from harbourlight.record.front_door.models import ContactChild
from harbourlight.record.live_ledger.keeping import differences
from harbourlight.record.live_ledger.models import Entry
from harbourlight.record.matching import merging, relations
from harbourlight.record.matching.models import Merger
from harbourlight.record.people import search_index
from harbourlight.record.people.actions import Joining, NewPerson, add_people
from harbourlight.record.people.models import (
    Address,
    FamilyMember,
    Identifier,
    Person,
    PersonName,
    PersonWarning,
    Relationship,
)
from harbourlight.record.questionnaires.models import Response
from tests.record.families import Record

AT = datetime(2026, 3, 18, 10, tzinfo=UTC)
LATER = AT + timedelta(days=2)
APPENDED = ("history.Event", "history.Correction", "matching.Merger", "accounts.User")
"""What was done, and its undoing, are themselves recorded; accounts are nobody's record."""


def everything() -> dict[str, list[str]]:
    """Every row of every table of the record, as PostgreSQL writes it."""
    held = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            mine = model.__module__.startswith("harbourlight.") and model._meta.managed
            if not mine or relations._is_history(model) or model._meta.label in APPENDED:
                continue
            table = model._meta.db_table
            cursor.execute(f"SELECT t::text FROM {table} AS t ORDER BY 1")
            held[table] = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT s::text FROM people_searchperson AS s ORDER BY 1")
        held["people_searchperson"] = [row[0] for row in cursor.fetchall()]
    return held


def merge(record: Record, kept: Person, retired: Person, at: datetime = AT) -> Merger:
    user = record.user("records_officer")
    return merging.merge(by=user, at=at, kept=kept, retired=retired, because="One boy, met twice")


def undo(record: Record, merger: Merger) -> list[merging.Added]:
    user = record.user("records_officer")
    return merging.undo(by=user, at=LATER, merger=merger, because="They are cousins")


@pytest.fixture
def twice(record: Record) -> tuple[Person, Person]:
    """One child held twice, each with a case, and both in one contact and one family."""
    for role in ("records_officer", "front_door_worker", "front_door_manager"):
        record.user(role)
    kept = record.child("Rowan Penhalwick", date(2015, 3, 12))
    retired = record.child("Rowen Penhalwick", None)
    Person.objects.filter(pk=retired.pk).update(nationality="GBR", ethnicity="WBRI")
    who = {"recorded_at": AT, "recorded_by": record.user("front_door_worker")}
    for child, number in ((kept, "9434765870"), (retired, "9434765919")):
        Identifier.objects.create(person=child, kind="nhs_number", value=number, **who)
    for number, child in enumerate((kept, retired)):
        record.referred(child, at=AT - timedelta(days=30 - number))
    record.contact(kept, retired, at=AT - timedelta(days=3))
    family = FamilyMember.objects.get(person=kept).family
    who = record.user("front_door_worker")
    add_people(by=who, at=AT, people=(), family=family, joining=[Joining(retired, "child")])
    return kept, Person.objects.get(pk=retired.pk)


# ---- What a merger does -------------------------------------------------------------------------


def test_every_fact_is_then_about_the_person_kept_and_no_row_is_lost(record, twice) -> None:
    kept, retired = twice
    counted = {table: len(rows) for table, rows in everything().items()}
    merge(record, kept, retired)
    kept.refresh_from_db()
    assert kept.episodes.count() == 2
    assert (kept.nationality, kept.ethnicity) == ("GBR", "WBRI")
    assert {one.value for one in kept.identifier_facts.all()} == {"9434765870", "9434765919"}
    assert PersonName.objects.filter(person=kept, forename="Rowen").exists()
    assert not Person.objects.standing().filter(pk=retired.pk).exists()
    assert merging.successor_of(retired.pk) == kept.pk
    # What cannot be held twice of one person stays where it was.
    assert ContactChild.objects.filter(child=retired).count() == 1
    assert FamilyMember.objects.filter(person=kept).count() == 2
    now = {table: len(rows) for table, rows in everything().items()}
    fewer = {table for table in counted if now[table] < counted[table]}
    assert fewer <= {"live_ledger_entry", "people_searchperson"}
    assert differences() == []
    assert not Entry.objects.filter(child_id=retired.pk).exists()
    assert search_index.differences() == 0


def test_a_merger_is_undone_to_the_last_byte(record, twice) -> None:
    before = everything()
    merger = merge(record, *twice)
    assert everything() != before
    assert undo(record, merger) == []
    assert everything() == before
    assert merging.successor_of(twice[1].pk) is None
    with pytest.raises(Refused, match="already"):
        undo(record, merger)


def test_what_was_added_since_stays_with_the_person_kept_and_is_listed(record, twice) -> None:
    kept, retired = twice
    before = everything()
    merger = merge(record, kept, retired)
    record.contact(kept, at=AT + timedelta(days=1), said="After they were made one.")
    added = undo(record, merger)
    new = ContactChild.objects.order_by("-id").first()
    assert [(one.model, one.pk) for one in added] == [("front_door.ContactChild", new.pk)]
    assert new.child_id == kept.pk
    lost = {table: set(rows) - set(everything()[table]) for table, rows in before.items()}
    assert not any(rows for table, rows in lost.items() if table != "live_ledger_entry")
    assert differences() == []


def test_a_correction_made_since_is_not_undone_with_the_merger(record, twice) -> None:
    kept, retired = twice
    merger = merge(record, kept, retired)
    Person.objects.filter(pk=kept.pk).update(nationality="IRL")
    undo(record, merger)
    kept.refresh_from_db()
    retired.refresh_from_db()
    assert (kept.nationality, kept.ethnicity) == ("IRL", "")
    assert retired.nationality == "GBR"


def test_mergers_are_undone_in_the_order_they_were_not_made(record, twice) -> None:
    kept, retired = twice
    first = merge(record, kept, retired)
    whole = record.child("Rowan Penhalwicke")
    before = everything()
    second = merge(record, whole, kept, at=AT + timedelta(hours=1))
    assert merging.successor_of(retired.pk) == whole.pk
    with pytest.raises(Refused, match="undo that first"):
        undo(record, first)
    undo(record, second)
    assert everything() == before


@pytest.mark.parametrize("wrong", ["itself", "struck out", "merged"])
def test_what_is_no_standing_record_of_another_is_not_merged(record, twice, wrong) -> None:
    kept, retired = twice
    if wrong == "itself":
        retired = kept
    elif wrong == "struck out":
        Person.objects.filter(pk=retired.pk).update(
            struck_out_at=AT, struck_out_by=record.user("records_officer"), struck_out_because="x"
        )
    else:
        merge(record, kept, retired)
    with pytest.raises(Refused):
        merge(record, kept, retired)


@pytest.mark.parametrize("restricted", ["kept", "retired", "both"])
def test_a_restriction_holds_whichever_record_is_kept(record, twice, restricted) -> None:
    kept, retired = twice
    officer, anybody = record.user("records_officer"), record.user("front_door_worker")
    for name, person in (("kept", kept), ("retired", retired)):
        if restricted in (name, "both"):
            restrict(person, by=officer, at=AT, because="Adoption is planned")
    granted = {"because": "Holds the case", "recorded_at": AT, "recorded_by": officer}
    Grant.objects.create(person=retired, user=record.user("front_door_manager"), **granted)
    before = everything()
    merger = merge(record, kept, retired)
    standing = Restriction.objects.standing().filter(lifted_at=None)
    assert [one.person_id for one in standing] == [kept.pk]
    assert shown_to(anybody, kept.pk) is Shown.NOTHING
    assert shown_to(record.user("front_door_manager"), kept.pk) is Shown.WHOLE
    undo(record, merger)
    assert everything() == before


def test_what_is_typed_and_not_sent_waits_where_the_form_now_is(record, twice) -> None:
    kept, retired = twice
    begun = {"owner": record.user("front_door_worker"), "begun_at": AT, "saved_at": AT}
    for number, address in enumerate((f"/people/{retired.pk}/correct/", f"/x/{retired.pk}9/")):
        Draft.objects.create(submission=UUID(int=number), address=address, **begun)
    merge(record, kept, retired)
    addresses = [*Draft.objects.order_by("submission").values_list("address", flat=True)]
    assert addresses == [f"/people/{kept.pk}/correct/", f"/x/{retired.pk}9/"]


# ---- A relation it was not told of --------------------------------------------------------------


def test_every_relation_to_a_person_is_named(assured) -> None:
    assert relations.unknown() == [], "name these in matching/relations.py, each with what becomes"
    named = {one.name for one in relations.relations()}
    assert set(relations.KNOWN) <= named, "these are no longer relations"
    assured("merge-refuses-unknown", f"{len(named)} relations, every one named; 3 planted refused")


@pytest.mark.parametrize(
    "field",
    [
        models.ForeignKey(Person, on_delete=models.PROTECT),
        models.JSONField(),
        models.CharField(max_length=48, name="person_id"),
    ],
    ids=["key", "JSON", "bare identifier"],
)
def test_a_relation_it_was_not_told_of_makes_it_refuse_by_name(
    record, twice, monkeypatch, field
) -> None:
    told = {name: how for name, how in relations.KNOWN.items() if name != "episodes.Episode.child"}
    if isinstance(field, models.ForeignKey):
        monkeypatch.setattr(relations, "KNOWN", told)
        name = "episodes.Episode.child"
    else:
        field.name = field.name or "notes"
        assert relations._may_hold_a_person(field)
        known = relations.relations
        planted = relations.Relation(Person, field)
        monkeypatch.setattr(relations, "relations", lambda: [*known(), planted])
        name = planted.name
    before = everything()
    with pytest.raises(Refused, match=name):
        merge(record, *twice)
    assert everything() == before


# ---- Whatever the records held ------------------------------------------------------------------

names = st.sampled_from(["", "Rowan", "Rowen", "Zoë", "Anne-Marie"])
steps = st.lists(st.tuples(st.integers(0, 13), st.integers(0, 3), st.integers(0, 3)), max_size=9)
people = st.lists(
    st.tuples(names, names, st.none() | st.dates(date(2008, 1, 1), date(2025, 1, 1))),
    min_size=4,
    max_size=4,
)


def _do(record: Record, held: list[Person], step: tuple[int, int, int], at: datetime) -> None:
    what, one, other = step
    first, second = held[one], held[other]
    standing = Person.objects.standing().filter(pk__in=[first.pk, second.pk])
    present = [person for person in (first, second) if person in standing]
    who = {"recorded_at": at, "recorded_by": record.user("front_door_worker")}
    if not present:
        return
    person = present[0]
    if what == 0:
        record.contact(*{one.pk: one for one in present}.values(), at=at)
    elif what == 1:
        record.referred(person, at=at)
    elif what == 2:
        family = FamilyMember.objects.filter(person=person).first()
        joining = [Joining(one, "child") for one in present]
        by = record.user("front_door_worker")
        add_people(by=by, at=at, people=(), family=family.family, joining=joining)
    elif what == 3:
        PersonName.objects.create(person=person, surname=f"Other{other}", **who)
    elif what == 4:
        Identifier.objects.create(person=person, kind="upn", value=f"A{other}", **who)
    elif what == 5:
        Address.objects.create(person=person, postcode=f"QA{other} 1AA", **who)
    elif what == 6:
        Person.objects.filter(pk=person.pk).update(sex="MF"[other % 2], nationality=f"{other}")
    elif what == 8:
        document = Document.objects.create(
            child=person, kind="letter", title="A letter", received_on=at.date(), **who
        )
        Version.objects.create(
            document=document, number=1, size=1, checksum=f"{other}", scan="clean", **who
        )
    elif what == 9:
        edition, _ = Edition.objects.get_or_create(
            digest="d", code="visit", version=1, definition={}, kept_at=AT
        )
        asked = Response.objects.standing().filter(child=person, occasion=f"O{other}")
        if not asked.exists():
            Response.objects.create(
                child=person, edition=edition, occasion=f"O{other}", on=at.date(), **who
            )
    elif what == 10:
        restrict(person, by=record.user("records_officer"), at=at, because="Adoption is planned")
        grant = {"user": record.user("front_door_manager"), "because": "Holds the case"}
        Grant.objects.create(person=person, **grant, **who)
    elif what == 11:
        to = record.user("front_door_worker")
        Notice.objects.create(to=to, kind="any", about={"person_id": person.pk}, at=at)
        Draft.objects.create(
            owner=to,
            submission=uuid4(),
            address=f"/people/{person.pk}/correct/?of={second.pk}",
            begun_at=at,
            saved_at=at,
        )
    elif what == 12:
        said = {"is_significant": bool(other % 2), **who}
        Mark.objects.update_or_create(child=person, kind="contact", key=f"{other}", defaults=said)
    elif what == 13:
        PersonWarning.objects.create(person=person, kind="other", words="Ring first", **who)
        if len(present) == 2 and first != second:
            Relationship.objects.create(person=first, other=second, kind="parent", **who)
    else:
        told = record.contact(person, at=at)
        front_door.strike_out_contact(
            told, by=record.user("front_door_manager"), at=at, because="Entered twice"
        )


def _try(record: Record, held: list[Person], step: tuple[int, int, int], at: datetime) -> None:
    """Do a step; one the state of the record does not allow leaves nothing behind."""
    with suppress(Refused):
        _do(record, held, step, at)


class _Undone(Exception):
    """Leaves an example's transaction with nothing kept of it."""


def test_any_merger_of_any_records_is_undone_to_the_last_byte(record, assured, long_form) -> None:
    for role in ("records_officer", "front_door_worker", "front_door_manager"):
        record.user(role)
    tried = {"examples": 0, "rows": 0, "later": 0}

    @settings(
        max_examples=300 if long_form else 6,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        derandomize=not long_form,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(people=people, first=steps, since=steps, pair=st.permutations(range(4)))
    def run(people: Any, first: Any, since: Any, pair: list[int]) -> None:
        try:
            with transaction.atomic():
                _example(record, people, first, since, pair, tried)
                raise _Undone
        except _Undone:
            pass

    run()
    assured(
        "merge-undone",
        f"{tried['examples']} mergers of random records, {tried['rows']} rows changed, "
        f"{tried['later']} with facts added before the undoing: every table the same to the byte",
    )


def _example(
    record: Record, people: Any, first: Any, since: Any, pair: list[int], tried: dict[str, int]
) -> None:
    by = record.user("front_door_worker")
    held = []
    for forename, surname, born_on in people:
        new = NewPerson(forename or "Nameless", surname, born_on=born_on)
        held += add_people(by=by, at=AT - timedelta(days=90), people=[new])[1]
    for number, step in enumerate(first):
        _try(record, held, step, AT - timedelta(days=60 - number))
    before = everything()
    kept, retired = held[pair[0]], held[pair[1]]
    once = merge(record, kept, retired)
    undo(record, once)
    assert everything() == before
    merger = merge(record, kept, retired)
    assert differences() == []
    mine = {(row, pk) for row, pk in _of(kept.pk)}
    for number, step in enumerate(since):
        _try(record, held, step, AT + timedelta(minutes=number + 1))
    later = {(row, pk) for row, pk in _of(kept.pk)} - mine
    added = undo(record, merger)
    assert {(one.model, one.pk) for one in added} == later
    assert differences() == []
    tried["examples"] += 1
    tried["rows"] += len(merger.manifest["changes"])
    tried["later"] += bool(later)


def _of(person_id: str) -> Iterator[tuple[str, str]]:
    for relation in relations.moved():
        rows = relation.model._base_manager.filter(**{relation.field.name: person_id})
        for row in rows:
            yield relation.model._meta.label, str(row.pk)

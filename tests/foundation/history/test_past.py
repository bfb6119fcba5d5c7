"""The record as it was known at any past moment is the record as it was then."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from harbourlight.foundation.actions import Refused
from harbourlight.foundation.history.past import as_known
from harbourlight.foundation.history.rows import kept_models
from harbourlight.record.front_door import actions as front_door
from harbourlight.record.front_door.models import Contact
from harbourlight.record.people import actions as people
from harbourlight.record.people.details import BY_CODE
from harbourlight.record.people.models import Address, Person
from tests.record.families import Record

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_not_known_yet_is_not_there_and_nothing_is_written_to_the_past(
    record: Record,
) -> None:
    before = timezone.now()
    child = record.child("Ash Sorrel")
    between = timezone.now()
    Person.objects.filter(pk=child.pk).update(surname="Sorrell")
    with as_known(before):
        assert not Person.objects.exists()
    with as_known(between):
        found = Person.objects.get()
        assert (found.surname, found.name_plain) == ("Sorrel", "ash sorrel")
        assert list(found.families.all())
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            QuerySet(Person).update(surname="")
    assert Person.objects.get().surname == "Sorrell"


# ---- At every moment ----------------------------------------------------------------------------

ADDRESSES = BY_CODE["addresses"]
LINES = st.sampled_from(["1 Harbour Street", "2 Quay Road", "Flat 3\nThe Mill"])


class Lived:
    """A child of whom things are recorded; each act is one that the pages offer."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.by = record.user("front_door_manager")
        self.child = record.child("Ash Sorrel")

    def address(self, lines: str) -> None:
        """Add an address."""
        given = {"kind": "home", "lines": lines, "postcode": "NE1 4XX"}
        people.add_fact(ADDRESSES, self.child, given, by=self.by, at=timezone.now())

    def held(self) -> list[Address]:
        """The addresses that stand."""
        return [*Address.objects.standing().filter(person=self.child).order_by("pk")]

    def correct_address(self, lines: str) -> None:
        """Correct the first address."""
        for fact in self.held()[:1]:
            people.correct_fact(
                ADDRESSES, fact, {"lines": lines}, by=self.by, at=timezone.now(), because="Misheard"
            )

    def end_address(self, lines: str) -> None:
        """End the last address."""
        for fact in self.held()[-1:]:
            today = timezone.localdate()
            people.end_fact(ADDRESSES, fact, on=today, by=self.by, at=timezone.now())

    def strike_out_address(self, lines: str) -> None:
        """Strike out the first address."""
        for fact in self.held()[:1]:
            people.strike_out_fact(
                ADDRESSES, fact, by=self.by, at=timezone.now(), because="Another child's"
            )

    def correct_name(self, lines: str) -> None:
        """Correct what the child is called."""
        changes = {"forename": lines.split()[1].title()}
        people.correct_person(
            Person.objects.get(pk=self.child.pk),
            changes,
            by=self.by,
            at=timezone.now(),
            because="Spelt wrongly",
        )

    def contact(self, lines: str) -> None:
        """Somebody makes contact, and it is decided."""
        now = timezone.now()
        self.record.decide(self.record.contact(self.child, at=now, said=lines), at=now)

    def strike_out_contact(self, lines: str) -> None:
        """Strike out a contact with its decisions."""
        found = Contact.objects.standing().filter(children__child=self.child).first()
        if found:
            front_door.strike_out_contact(found, by=self.by, at=timezone.now(), because=lines)

    def refer(self, lines: str) -> None:
        """A contact becomes a referral, allocated."""
        self.record.referred(self.child, at=timezone.now())


ACTS: dict[str, Callable[[Lived, str], None]] = {
    name: act
    for name, act in vars(Lived).items()
    if callable(act) and name not in ("__init__", "held")
}


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of the record whose history is kept, by table."""
    found = {}
    for model in kept_models():
        if apps.get_app_config(model._meta.app_label).name in settings.RECORD_APPS:
            rows = model._base_manager.order_by("pk").values()
            found[model._meta.db_table] = [*rows]
    return found


@pytest.fixture
def long_or_short(long_form: bool) -> int:
    """How many sequences of acts."""
    return 40 if long_form else 4


def test_at_every_moment_of_any_sequence_of_acts_the_record_is_what_it_was_then(
    record: Record, long_or_short: int, assured: Callable[[str, str], None]
) -> None:
    moments = 0

    @given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), LINES), min_size=4, max_size=7))
    @hypothesis_settings(
        max_examples=long_or_short,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    def sequence(steps: list[tuple[str, str]]) -> None:
        nonlocal moments
        lived = Lived(record)
        then: list[tuple[datetime, dict[str, list[dict[str, Any]]]]] = []
        for name, lines in steps:
            try:
                ACTS[name](lived, lines)
            except Refused:
                continue  # nothing was saved, and that too must be so at the moment after
            finally:
                then.append((timezone.now(), everything()))
        for at, was in then:
            with as_known(at):
                known = everything()
            assert known == was
            moments += 1

    sequence()
    tables = len(everything())
    assured("known-then", f"{moments} moments of {len(ACTS)} kinds of act, {tables} tables: equal")

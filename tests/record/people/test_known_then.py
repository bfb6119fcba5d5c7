"""A child's record as it was known on a past day: what stood then, and what became of it since."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.timezone import localtime

from harbourlight.foundation.history.models import Event
from harbourlight.record.confidentiality import actions as confidentiality
from harbourlight.record.front_door import actions as front_door
from harbourlight.record.people import actions
from harbourlight.record.people.details import BY_CODE
from harbourlight.record.people.known_then import CHRONOLOGY, DETAILS, OVERVIEW, known_then
from harbourlight.record.people.models import Address, Person
from tests.record.families import MOST_QUERIES, Record, queries_of

pytestmark = pytest.mark.django_db(transaction=True)  # each act at a moment of its own

NAMES, ADDRESSES = BY_CODE["names"], BY_CODE["addresses"]
HARBOUR_STREET = {"kind": "home", "lines": "1 Harbour Street", "postcode": "NE1 4XX"}


def query_for(at: datetime, part: str = "") -> str:
    here = localtime(at)
    return f"{part}?day-day={here.day}&day-month={here.month}&day-year={here.year}"


@pytest.fixture
def lived(record: Record) -> tuple[Person, dict[str, datetime]]:
    """A child whose record was added to, corrected and struck out, and a moment after each."""
    manager, worker = record.user("front_door_manager"), record.user("front_door_worker")
    after = {"nothing": timezone.now()}
    child = record.child("Ash Sorrel")
    after["added"] = timezone.now()
    actions.add_fact(ADDRESSES, child, HARBOUR_STREET, by=worker, at=timezone.now())
    contact = record.contact(child, at=timezone.now() - timedelta(minutes=1), said="A cold flat.")
    after["told"] = timezone.now()
    (address,) = Address.objects.filter(person=child)
    actions.correct_fact(
        ADDRESSES,
        address,
        {"lines": "2 Harbour Street"},
        by=manager,
        at=timezone.now(),
        because="It was misheard.",
    )
    front_door.strike_out_contact(
        contact, by=manager, at=timezone.now(), because="It is of another child."
    )
    after["mended"] = timezone.now()
    return child, after


def test_each_moment_shows_what_stood_then_and_what_became_of_it_since(lived, record) -> None:
    child, after = lived
    user = record.user("front_door_manager")

    def said(part: str, when: str) -> Any:
        return known_then(user, child.pk, part, after[when])

    assert said(OVERVIEW, "nothing") is None
    assert said(DETAILS, "added").empty.count("Addresses") == 1
    assert "Address, recorded on" in " ".join(said(DETAILS, "added").added)
    (told,) = [kind for kind in said(DETAILS, "told").details if kind.title == "Addresses"]
    assert told.rows[0].row.said.value == "1 Harbour Street\nNE1 4XX"
    assert told.rows[0].since.startswith("Changed since, on ")
    assert told.rows[0].since.endswith(", by Front Door Manager.")
    contacts = [
        [one for one in said(CHRONOLOGY, when).happenings if one.one.kind == "contact"]
        for when in ("added", "told", "mended")
    ]
    assert [len(found) for found in contacts] == [0, 1, 0]
    (happened,) = contacts[1]
    assert "A cold flat." in f"{happened.one.text} {happened.one.more}"
    assert "recorded in error" in happened.since
    (mended,) = [kind for kind in said(DETAILS, "mended").details if kind.title == "Addresses"]
    assert (mended.rows[0].row.said.value, mended.rows[0].since) == (
        "2 Harbour Street\nNE1 4XX",
        "",
    )
    assert said(CHRONOLOGY, "mended").added == []


def test_what_was_made_confidential_later_is_kept_on_the_pages_of_the_past_too(
    lived, record
) -> None:
    child, after = lived
    (address,) = Address.objects.filter(person=child)
    actions.correct_fact(
        ADDRESSES,
        address,
        {"is_confidential": True},
        by=record.user("front_door_manager"),
        at=timezone.now(),
        because="They have fled.",
    )
    for role, is_told in (("front_door_manager", True), ("inspector", False)):
        then = known_then(record.user(role), child.pk, DETAILS, after["told"])
        (told,) = [kind for kind in then.details if kind.title == "Addresses"]
        assert ("1 Harbour Street" in told.rows[0].row.said.value) is is_told, role


def test_the_page_chooses_a_day_shows_it_and_writes_down_who_read_it(lived, record, client) -> None:
    child, after = lived
    user = record.user("team_manager")
    record.referred(child, at=timezone.now())
    client.force_login(record.user("front_door_manager"))
    page = f"/people/{child.pk}/known-then/"
    chosen = client.get(page)
    assert "When it changed" in chosen.content.decode()
    asked = query_for(after["mended"])
    for part in ("", "details/", "chronology/"):
        Event.objects.count()
        answer = client.get(f"{page}{part}{asked}")
        assert answer.status_code == 200, part
        line = Event.objects.filter(kind="read", name="child:known-then").latest("id")
        assert (line.children, line.by) == ([child.pk], record.user("front_door_manager"))
        assert queries_of(client, f"{page}{part}{asked}") <= MOST_QUERIES, part
    before = client.get(f"{page}?day-day=1&day-month=2&day-year=2001").content.decode()
    assert "Nothing was held here about Ash Sorrel" in before
    future = client.get(f"{page}?day-day=1&day-month=2&day-year=2999").content.decode()
    assert "There is a problem" in future
    client.force_login(user)
    assert client.get(page + asked).status_code == 200


def test_a_restricted_record_is_as_absent_from_the_past_as_it_is_today(
    lived, record, client
) -> None:
    child, after = lived
    confidentiality.restrict(
        child, by=record.user("records_officer"), at=timezone.now(), because="Adoption."
    )
    page = f"/people/{child.pk}/known-then/{query_for(after['told'])}"
    client.force_login(record.user("front_door_manager"))
    hidden = client.get(page)
    nobody = client.get(page.replace(child.pk, "0" * 18))
    assert (hidden.status_code, nobody.status_code) == (404, 404)
    client.force_login(record.user("records_officer"))
    assert client.get(page).status_code == 200

"""Recording contacts, and the queue: each child a line, the longest waiting first, none lost."""

from datetime import timedelta
from typing import Any

import pytest

from harbourlight.foundation.access import ROLES
from harbourlight.foundation.drafts.models import Draft
from harbourlight.foundation.history.models import Event
from harbourlight.record.front_door.models import Contact, ContactChild
from harbourlight.record.live_ledger.models import Entry
from harbourlight.record.people.models import Person
from tests.pages.reading import main_of, rows, text_of
from tests.record.families import MOST_QUERIES, NOW, moment, queries_of
from tests.record.people.test_adding import person, sent_by

RECEIVED = {
    "received_at-day": "17",
    "received_at-month": "3",
    "received_at-year": "2026",
    "received_at-time": "3:30pm",
    "source_code": "2A",
    "agency": "Example School",
    "contact_person": "Ms Reply, 01632 960001",
    "what_was_said": "They came cold.\nTwice.",
}


def begin(*children: Person) -> str:
    """The address at which a contact about children is recorded."""
    return "/contacts/new/?" + "&".join(f"child={child.pk}" for child in children)


# ---- Recording ----------------------------------------------------------------------------------


def test_a_contact_is_recorded_from_a_childs_page_with_the_siblings_it_is_about(
    record, at_desk
) -> None:
    first, second, third = record.rowans(3)
    desk = at_desk("front_door_worker")
    page = desk.get(begin(first))
    boxes = main_of(page).xpath(".//input[@name='children']")
    offered = {box.get("value"): box.get("checked") is not None for box in boxes}
    assert offered == {first.pk: True, second.pk: False, third.pk: False}
    typed = sent_by(page, "Record the contact")
    answer = desk.post(begin(first), typed | RECEIVED | {"children": [first.pk, third.pk]})
    contact = Contact.objects.get()
    assert answer.headers["Location"] == f"/contacts/{contact.pk}/"
    assert contact.received_at == moment(17, 15, 30)
    assert contact.what_was_said == "They came cold.\nTwice."
    assert {line.child_id for line in contact.children.all()} == {first.pk, third.pk}
    assert set(Entry.objects.values_list("child_id", "standard")) == {
        (first.pk, "REF-DEC"),
        (third.pk, "REF-DEC"),
    }
    desk.post(begin(first), typed | RECEIVED | {"children": [first.pk, third.pk]})  # twice
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"children": []}, "Tick at least one child the contact is about"),
        ({"received_at-day": "19"}, "must be in the past"),
        ({"received_at-time": ""}, "must include a time"),
        ({"source_code": ""}, "Select who made contact"),
        ({"what_was_said": " "}, "Enter what was said"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_nothing_typed_is_lost(
    record, at_desk, change, told
) -> None:
    child = record.child("Maya Thornwick")
    desk = at_desk("front_door_worker")
    page = desk.post(begin(child), RECEIVED | {"children": [child.pk]} | change)
    assert told in text_of(main_of(page))
    assert not Contact.objects.exists()
    again = sent_by(page, "Record the contact")
    for name in RECEIVED.keys() - change.keys():
        assert again[name] == RECEIVED[name], name


def test_recording_begins_with_finding_the_children_when_none_is_named(record, at_desk) -> None:
    child = record.child("Maya Thornwick")
    adult = record.rowans(1) and Person.objects.get(forename="Hazel")
    desk = at_desk("front_door_worker")
    search = desk.get("/contacts/new/").headers["Location"]
    assert "Who is the contact about?" in text_of(main_of(desk.get(search)))
    found = desk.post(search, {"name": "Hazel Rowan"}, follow=True)
    boxes = main_of(found).xpath(".//input[@name='person']/@value")
    assert adult.pk not in boxes, "a contact is about children"
    nobody = desk.post(search, {"name": "Maya", "pick": "yes"})
    assert "Tick who it is" in text_of(main_of(nobody))
    onward = desk.post(search, {"name": "Maya", "pick": "yes", "person": child.pk})
    assert onward.headers["Location"] == begin(child)


def test_what_was_typed_waits_while_somebody_else_is_found_or_added(record, at_desk) -> None:
    maya, other = record.child("Maya Thornwick"), record.child("Sol Sorrel")
    desk = at_desk("front_door_worker")
    away = desk.post(begin(maya), RECEIVED | {"children": [maya.pk], "find": "yes"})
    search = away.headers["Location"]
    assert "cold" not in search
    back = desk.post(search, {"name": "Sol", "pick": "yes", "person": other.pk}).headers["Location"]
    assert _typed(desk.get(back)) == RECEIVED
    assert _ticked(desk.get(back)) == [maya.pk, other.pk]
    # From there, away again to add a child who is not on the record at all.
    typed = sent_by(desk.get(back), "Record the contact")
    away = desk.post(back, typed | {"children": [maya.pk, other.pk], "find": "yes"})
    add = away.headers["Location"].replace("/people/?", "/people/add/?")
    back = desk.post(add, person(0, "New", "Sorrel") | {"family": other.pk}).headers["Location"]
    new = Person.objects.get(forename="New")
    assert new.families.get() == other.families.get(), "offered the families of those picked"
    assert _typed(desk.get(back)) == RECEIVED
    assert set(_ticked(desk.get(back))) == {maya.pk, other.pk, new.pk}
    typed = sent_by(desk.get(back), "Record the contact")
    desk.post(back, typed | {"children": [maya.pk, new.pk]})
    lines = ContactChild.objects.values_list("child_id", flat=True)
    assert set(lines) == {maya.pk, new.pk}
    assert not Draft.objects.exists(), "what was recorded is no longer a draft"


def _typed(page: Any) -> dict[str, str]:
    typed = sent_by(page, "Record the contact")
    return {name: typed[name].replace("\r\n", "\n") for name in RECEIVED}


def _ticked(page: Any) -> list[str]:
    return main_of(page).xpath(".//input[@name='children'][@checked]/@value")


def test_a_contact_can_be_kept_and_finished_later_by_its_writer_alone(record, at_desk) -> None:
    child = record.child("Maya Thornwick")
    desk = at_desk("front_door_worker")
    desk.post(begin(child), RECEIVED | {"children": [child.pk], "draft-keep": "yes"})
    draft = Draft.objects.get()
    assert "Begun and not yet recorded" in text_of(main_of(desk.get("/contacts/")))
    assert _typed(desk.post(begin(child), {"draft-continue": draft.pk})) == RECEIVED
    other = at_desk("front_door_manager")
    assert "Begun and not yet recorded" not in text_of(main_of(other.get("/contacts/")))
    assert other.post(begin(child), {"draft-continue": draft.pk}).status_code == 404
    assert other.post(f"/begun/{draft.pk}/throw-away/").status_code == 404
    desk = at_desk("front_door_worker")
    desk.post(f"/begun/{draft.pk}/throw-away/")
    assert not Draft.objects.exists()


# ---- The queue ----------------------------------------------------------------------------------


def test_the_queue_shows_the_longest_waiting_first_and_how_long_is_left(record, at_desk) -> None:
    record.contact(*record.rowans(2), at=moment(17))
    record.contact(record.child("Maya Thornwick"), at=moment(12))
    record.decide(record.contact(record.child("Sol Sorrel"), at=moment(13)), at=moment(16, 12))
    page = at_desk("front_door_manager").get("/contacts/")
    assert rows(page) == [
        [
            "Maya Thornwick",
            "Example School (School)",
            "12 March 2026 at 9am",
            "13 March 2026 3 working days late Decide on the contact of 12 March 2026 at 9am",
        ],
        [
            "Rowan0 Rowan and Rowan1 Rowan",
            "Example School (School)",
            "17 March 2026 at 9am",
            "18 March 2026 due today Decide on the contact of 17 March 2026 at 9am",
        ],
        [
            "Sol Sorrel , 7 years old",
            "16 March 2026 at midday",
            "Front Door Manager",
            "Information or advice given",
        ],
    ]
    assert "Decide on" not in text_of(main_of(at_desk("front_door_worker").get("/contacts/")))


def test_a_contact_half_decided_waits_for_the_other_child_alone(record, at_desk) -> None:
    first, second = record.rowans(2)
    contact = record.contact(first, second, at=moment(17))
    keep = contact.children.get(child=first)
    keep.struck_out_at = None
    record.decide(_only(contact, keep), at=moment(17, 12))
    (waiting, decided) = rows(at_desk("front_door_manager").get("/contacts/"))
    assert waiting[0] == "Rowan1 Rowan"
    assert decided[0].startswith("Rowan0 Rowan")


def _only(contact: Contact, line: ContactChild) -> Any:
    """A contact with one of its children in sight."""

    class One:
        children = ContactChild.objects.filter(pk=line.pk)

    return One


def test_the_queue_is_narrowed_by_who_made_contact_and_says_when_it_is_empty(
    record, at_desk
) -> None:
    desk = at_desk("front_door_manager")
    words = text_of(main_of(desk.get("/contacts/")))
    assert "No contact is waiting for a decision." in words
    assert "No contact has been decided in the last 7 days." in words
    contact = record.contact(record.child("Maya Thornwick"), at=moment(17))
    Contact.objects.filter(pk=contact.pk).update(source_code="6")
    record.contact(record.child("Sol Sorrel"), at=moment(17))
    assert [row[0] for row in rows(desk.get("/contacts/?source=6"))] == ["Maya Thornwick"]
    assert "No contact from them" in text_of(main_of(desk.get("/contacts/?source=4")))


READS = {role.code for role in ROLES} - {"administrator"}


@pytest.mark.parametrize(
    ("page", "may"),
    [
        ("", READS),
        ("{contact}/", READS),
        ("child/{line}/", READS),
        ("new/", {"front_door_worker", "front_door_manager", "team_manager"}),
        ("{contact}/decide/", {"front_door_manager"}),
        ("{contact}/decided/", {"front_door_manager"}),
        ("{contact}/correct/", {"front_door_manager", "team_manager", "records_officer"}),
        ("{contact}/strike-out/", {"front_door_manager", "team_manager", "records_officer"}),
    ],
)
def test_each_page_is_open_to_those_whose_work_it_is(record, at_desk, page, may) -> None:
    contact = record.contact(record.child("Maya Thornwick"), at=moment(17))
    address = page.format(contact=contact.pk, line=contact.children.get().pk)
    for role in ROLES:
        status = at_desk(role.code).get(f"/contacts/{address}").status_code
        assert (status != 403) is (role.code in may), role.code


@pytest.mark.parametrize("page", ["", "new/?child={child}", "{contact}/", "{contact}/decide/"])
def test_a_page_asks_no_more_for_many_children_than_for_one(record, at_desk, page) -> None:
    alone, many = record.child("Sol Sorrel"), record.busy()
    record.decide(record.contact(alone, at=moment(16)), at=moment(16, 12))
    one = record.contact(alone, at=moment(17))
    desk = at_desk("front_door_manager")
    desk.get("/people/")  # signing in changes the session once
    few = queries_of(desk, f"/contacts/{page.format(child=alone.pk, contact=one.pk)}")
    several = record.contact(*many, at=moment(17))
    record.decide(record.contact(*many, at=moment(16)), at=moment(16, 12))
    asked = queries_of(desk, f"/contacts/{page.format(child=many[0].pk, contact=several.pk)}")
    assert asked <= few
    assert asked <= MOST_QUERIES


def test_reading_a_contact_or_the_queue_is_written_down_for_each_child(record, at_desk) -> None:
    children = record.rowans(2)
    contact = record.contact(*children, at=moment(17))
    desk = at_desk("performance_analyst")
    for address in ("/contacts/", f"/contacts/{contact.pk}/"):
        desk.get(address)
    read = Event.objects.filter(kind=Event.Kind.READ).values_list("name", "children")
    everyone = sorted(child.pk for child in children)
    assert [*read] == [("contact:queue", everyone), ("contact:page", everyone)]


# ---- Correcting ---------------------------------------------------------------------------------


def test_a_corrected_time_moves_the_clock_and_keeps_what_was_believed(record, at_desk) -> None:
    contact = record.contact(record.child("Maya Thornwick"), at=moment(17) + timedelta(seconds=42))
    desk, address = at_desk("front_door_manager"), f"/contacts/{contact.pk}/correct/"
    typed = sent_by(desk.get(address), "Correct")
    desk.post(address, typed | {"received_at-day": "16", "because": "The letter says so."})
    words = text_of(main_of(desk.get(f"/contacts/{contact.pk}/")))
    assert (
        "When was it received? was “17 March 2026 at 9am” and was corrected to "
        "“16 March 2026 at 9am” by Front Door Manager" in words
    )
    assert words.count("was corrected to") == 1
    assert Entry.objects.get().due_at.day == 17


def test_correcting_the_words_leaves_the_seconds_of_the_time_alone(record, at_desk) -> None:
    at = moment(17) + timedelta(seconds=42)
    contact = record.contact(record.child("Maya Thornwick"), at=at)
    desk, address = at_desk("front_door_manager"), f"/contacts/{contact.pk}/correct/"
    typed = sent_by(desk.get(address), "Correct")
    desk.post(address, typed | {"what_was_said": "Cold and wet.", "because": "Misheard."})
    contact.refresh_from_db()
    assert (contact.what_was_said, contact.received_at) == ("Cold and wet.", at)


def test_a_contact_struck_out_leaves_the_queue_unless_a_referral_stands_on_it(
    record, at_desk
) -> None:
    referred = record.contact(record.child("Maya Thornwick"), at=moment(16))
    record.decide(referred, at=moment(16, 12), outcome="referral")
    wrong = record.contact(record.child("Sol Sorrel"), at=moment(17))
    desk = at_desk("front_door_manager")
    because = {"because": "Another Sol."}
    desk.post(f"/contacts/{wrong.pk}/strike-out/", because)
    assert desk.get(f"/contacts/{wrong.pk}/").status_code == 404
    kept = desk.post(f"/contacts/{referred.pk}/strike-out/", because)
    assert "Strike the referral out first" in text_of(main_of(kept))
    assert {row[0] for row in rows(desk.get("/contacts/"))} == {"Maya Thornwick , 7 years old"}
    assert NOW.date() == moment(18).date()

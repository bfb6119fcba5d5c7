"""Search first, then add: several in one go, once, and never somebody who is here already."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from harbourlight.record.people.models import FamilyMember, Person
from harbourlight.record.people.picking import address_for
from tests.pages.reading import links, main_of, text_of
from tests.record.families import Record

ADD = "/people/add/"


def person(number: int, forename: str, surname: str, **more: str) -> dict[str, str]:
    """One person as the form sends them."""
    given = {
        "place": "child",
        "forename": forename,
        "surname": surname,
        "birth": "not_known",
        "sex": "F",
        "ethnicity": "",
    } | more
    return {f"person-{number}-{name}": value for name, value in given.items()}


def born(number: int, day: int, month: int, year: int, kind: str = "born") -> dict[str, str]:
    """When they were born, or are expected."""
    stem = f"person-{number}-{'born' if kind == 'born' else 'expected'}_on"
    parts = {"day": day, "month": month, "year": year}
    return {f"person-{number}-birth": kind} | {
        f"{stem}-{part}": str(value) for part, value in parts.items()
    }


def sent_by(answer: Any, button: str) -> dict[str, str]:
    """What a page's form would send if a button were pressed with nothing else touched."""
    for form in main_of(answer).xpath(".//form"):
        for pressed in form.xpath(".//button"):
            if text_of(pressed) == button:
                named = {pressed.get("name"): pressed.get("value")} if pressed.get("name") else {}
                return dict(form.form_values()) | named
    raise AssertionError(f"no button {button!r}")


def test_adding_is_reached_only_by_a_search_that_carries_what_was_typed(at_desk) -> None:
    desk = at_desk("front_door_worker")
    assert desk.get(ADD).headers["Location"] == "/people/"
    assert not main_of(desk.get("/people/")).xpath(".//button[contains(., 'Add')]")
    looked = {"name": "Wilfred Brackenshaw", "born_on-day": "2", "born_on-month": "11"}
    nobody = desk.post("/people/", looked | {"born_on-year": "2022"}, follow=True)
    assert "Nobody on the record is like this" in text_of(main_of(nobody))
    page = desk.post(ADD, sent_by(nobody, "Add this person"))
    typed = sent_by(page, "Add")
    assert typed["person-0-forename"] == "Wilfred"
    assert typed["person-0-surname"] == "Brackenshaw"
    assert typed["person-0-born_on-year"] == "2022"


def test_a_whole_family_is_added_in_one_go_the_next_child_with_the_same_surname(at_desk) -> None:
    desk = at_desk("front_door_worker")
    first = person(0, "Ada", "Thornwick") | born(0, 1, 2, 2019)
    page = desk.post(ADD, first | {"person-add": "1"})
    typed = sent_by(page, "Add")
    assert typed["person-0-forename"] == "Ada"
    assert typed["person-1-surname"] == "Thornwick"
    everyone = (
        first
        | person(1, "Bo", "Thornwick")
        | born(1, 3, 4, 2021)
        | person(2, "", "Thornwick", sex="U")
        | born(2, 1, 8, 2026, "unborn")
        | person(3, "Cal", "Thornwick", place="parent", sex="M")
        | person(4, "", "Thornwick", sex="")  # left as the page began it: nobody
    )
    answer = desk.post(ADD, everyone | {"submission": typed["submission"]})
    ada = Person.objects.get(forename="Ada")
    assert answer.headers["Location"] == f"/people/{ada.pk}/"
    (family,) = {one.family_id for one in FamilyMember.objects.all()}
    held = {
        (one.person.name, one.place, one.person.held_as, one.person.born_on, one.person.expected_on)
        for one in FamilyMember.objects.filter(family=family)
    }
    assert held == {
        ("Ada Thornwick", "child", "child", date(2019, 2, 1), None),
        ("Bo Thornwick", "child", "child", date(2021, 4, 3), None),
        ("Unborn child Thornwick", "child", "child", None, date(2026, 8, 1)),
        ("Cal Thornwick", "parent", "adult", None, None),
    }
    desk.post(ADD, everyone | {"submission": typed["submission"]})  # pressed twice
    assert Person.objects.count() == 4


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (person(0, "", ""), "Enter a first name or a surname"),
        (person(0, "Ada", "T", birth="born"), "Enter the date of birth, or say that it is not"),
        (person(0, "Ada", "T", sex=""), "Select sex"),
        (person(0, "", "T", place="parent") | born(0, 1, 8, 2026, "unborn"), "Only a child"),
        (person(0, "Ada", "T") | born(0, 19, 3, 2026), "must be today or in the past"),
        (person(0, "", "T") | born(0, 18, 3, 2027, "unborn"), "must be on or before"),
    ],
)
def test_what_cannot_be_added_is_said_and_nothing_is_kept_or_lost(at_desk, given, told) -> None:
    desk = at_desk("front_door_worker")
    page = desk.post(ADD, given)
    assert told in text_of(main_of(page))
    assert not Person.objects.exists()
    kept = sent_by(page, "Add")
    assert {name: kept[name] for name in given if given[name]} == {
        name: value for name, value in given.items() if value
    }


# ---- Somebody alike -----------------------------------------------------------------------------


@pytest.fixture
def ada(record: Record) -> Person:
    return record.child("Ada Thornwick", date(2019, 2, 1))


def asked_about(desk: Any, *more: Mapping[str, str]) -> dict[str, str]:
    """Send Ada with a slip in her name, and others; what the page asks before it goes on."""
    given = person(0, "Aida", "Thornwick") | born(0, 1, 2, 2019)
    for one in more:
        given |= one
    page = desk.post(ADD, given)
    assert "Are they here already?" in text_of(main_of(page))
    return sent_by(page, "Continue")


def test_somebody_alike_is_chosen_instead_and_joins_with_the_one_who_is_new(at_desk, ada) -> None:
    desk = at_desk("front_door_worker")
    asked = asked_about(desk, person(1, "Bo", "Thornwick"))
    desk.post(ADD, asked | {"is-0": ada.pk})
    assert sorted(one.name for one in Person.objects.all()) == ["Ada Thornwick", "Bo Thornwick"]
    bo = Person.objects.get(forename="Bo")
    assert {one.person_id for one in bo.families.get().members.all()} == {ada.pk, bo.pk}


def test_a_page_that_asks_whether_it_is_somebody_must_be_answered_and_can_be_left(
    at_desk, ada
) -> None:
    desk = at_desk("front_door_worker")
    asked = asked_about(desk)
    unanswered = desk.post(ADD, asked)
    assert "Select who Aida Thornwick is" in text_of(main_of(unanswered))
    back = desk.post(ADD, sent_by(unanswered, "Change what you typed"))
    assert sent_by(back, "Add")["person-0-forename"] == "Aida"
    desk.post(ADD, asked | {"is-0": "new"})
    assert Person.objects.filter(surname="Thornwick").count() == 2


# ---- Adding to a family -------------------------------------------------------------------------


def test_a_person_joins_a_family_already_recorded_after_a_search(at_desk, ada, record) -> None:
    desk, dara = at_desk("front_door_worker"), record.child("Dara Moss", date(2015, 1, 1))
    page = desk.get(f"/people/{ada.pk}/")
    (search,) = (href for text, href in _buttons(page).items() if text == "Add to this family")
    assert search == address_for("family", of=ada.pk)
    results = desk.post(search, {"name": "Dara Moss"}, follow=True)
    onward = desk.post(search, {"name": "Dara Moss", "person": dara.pk, "pick": "yes"})
    joining = onward.headers["Location"]
    desk.post(joining, sent_by(desk.get(joining), "Add to this family"))
    assert {one.person_id for one in ada.families.get().members.all()} == {ada.pk, dara.pk}
    added = desk.post(
        f"/people/add/{search.removeprefix('/people/')}", person(0, "Eli", "Thornwick")
    )
    assert added.headers["Location"] == f"/people/{ada.pk}/family/"
    assert ada.families.get().members.count() == 3
    assert "Dara Moss" in text_of(main_of(results))


def _buttons(page: Any) -> dict[str, str]:
    found = re.findall(
        r'<a href="([^"]+)" role="button"[^>]*>\s*([^<]+?)\s*</a>', page.content.decode()
    )
    return {text: href.replace("&amp;", "&") for href, text in found}


def test_someone_recorded_in_a_family_in_error_is_taken_out_and_keeps_their_record(
    at_desk, record
) -> None:
    children = record.rowans(2)
    desk = at_desk("front_door_manager")
    page = desk.get(f"/people/{children[0].pk}/family/")
    leave = links(page)["Recorded in error : Rowan1 Rowan"]
    assert "Enter the reason" in text_of(main_of(desk.post(leave, {"because": ""})))
    desk.post(leave, {"because": "Another Rowan."})
    page = desk.get(f"/people/{children[0].pk}/family/")
    assert "Rowan1 Rowan" not in text_of(main_of(page).xpath(".//table")[0])
    assert desk.get(f"/people/{children[1].pk}/").status_code == 200


def test_no_name_that_was_searched_for_is_in_an_address(at_desk, record) -> None:
    record.child("Ottilie Brackenshaw")
    desk = at_desk("front_door_worker")
    addresses = []
    for query in ("", "?for=contact", f"?for=family&of={Person.objects.get().pk}"):
        there = desk.post(f"/people/{query}", {"name": "Ottilie Brackenshaw"}).headers["Location"]
        main = main_of(desk.get(there))
        assert "Ottilie Brackenshaw" in text_of(main)
        addresses += [there, *main.xpath(".//@href"), *main.xpath(".//@action")]
    assert addresses
    assert not [one for one in addresses if "ttilie" in one.lower() or "brack" in one.lower()]

"""What is recorded of a person: told, corrected, ended, struck out, each by the one shape."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from harbourlight.foundation.actions import Refused
from harbourlight.foundation.facts import corrections_of
from harbourlight.record.people import actions, addresses, identifiers
from harbourlight.record.people.details import BY_CODE, KINDS
from harbourlight.record.people.models import (
    Address,
    Disability,
    Identifier,
    Person,
    PersonName,
    PersonWarning,
)
from harbourlight.record.people.names import name_now
from harbourlight.standards import code_sets
from tests.pages.reading import main_of, text_of
from tests.record.families import MOST_QUERIES, NOW, queries_of
from tests.record.people.test_adding import sent_by

TYPED: dict[str, dict[str, str]] = {
    "warnings": {
        "kind": "animal",
        "words": "A large dog, loose in the yard.",
        "review_on-day": "1",
        "review_on-month": "6",
        "review_on-year": "2026",
    },
    "names": {"kind": "known_as", "forename": "May", "surname": "Thornwick"},
    "addresses": {"kind": "home", "lines": "1 Quay Street\nHarbourton", "postcode": "ne14xx"},
    "contact-details": {"kind": "mobile", "value": "07700 900123", "is_safe": "no"},
    "languages": {"language": "Polish", "needs_interpreter": "yes"},
    "disabilities": {"code": "HEAR", "note": "Signs at home."},
    "identifiers": {"kind": "nhs_number", "value": "943 476 5919"},
    "network": {"kind": "school", "organisation": "Quay Primary", "name": "Ms Reply"},
}
"""What is typed to add one of each kind."""

SAID = {
    "warnings": "A large dog, loose in the yard.",
    "names": "May Thornwick",
    "addresses": "1 Quay Street Harbourton NE1 4XX",
    "contact-details": "Do not use it: it is not safe.",
    "languages": "Needs an interpreter.",
    "disabilities": "Hearing",
    "identifiers": "943 476 5919",
    "network": "Quay Primary",
}


@pytest.fixture
def maya(record: Any) -> Person:
    return record.child("Maya Thornwick")


def _words(page: Any) -> str:
    return text_of(main_of(page))


def _whole(page: Any) -> str:
    return text_of(main_of(page).getroottree().getroot())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_kind_is_added_corrected_ended_and_struck_out_by_the_same_pages(
    maya, at_desk, kind
) -> None:
    desk = at_desk("front_door_manager")
    details = f"/people/{maya.pk}/details/"
    before = kind.model.objects.filter(person=maya).values_list("pk", flat=True)
    known = set(before)
    add = f"{details}{kind.code}/add/"
    refused = desk.post(add, {"kind": ""})
    assert "There is a problem" in _whole(refused)
    answer = desk.post(add, sent_by(desk.get(add), "Save") | TYPED[kind.code])
    assert answer.headers["Location"] == f"{details}#{kind.code}"
    assert SAID[kind.code] in _words(desk.get(details))

    fact = kind.model.objects.filter(person=maya).exclude(pk__in=known).get()
    one = f"{details}{kind.code}/{fact.pk}/"
    typed = sent_by(desk.get(f"{one}correct/"), "Correct")
    since = {"started_on-day": "2", "started_on-month": "1", "started_on-year": "2020"}
    desk.post(f"{one}correct/", typed | since | {"because": "They told us."})
    fact.refresh_from_db()
    assert fact.started_on == date(2020, 1, 2)
    assert [one.field for one in corrections_of(fact)] == ["started_on"], "and nothing else"

    typed = sent_by(desk.get(f"{one}end/"), "End it")
    desk.post(f"{one}end/", typed)
    fact.refresh_from_db()
    assert fact.ended_on == NOW.date()

    typed = sent_by(desk.get(f"{one}strike-out/"), "Strike it out")
    desk.post(f"{one}strike-out/", typed | {"because": "Another child's."})
    assert SAID[kind.code] not in _words(desk.get(details))
    told = _words(desk.get(f"{details}{kind.code}/"))
    assert "Recorded in error: Another child's." in told
    assert "They told us." in told
    assert "Recorded by Front Door Manager on 18 March 2026" in told


def test_an_empty_page_of_details_says_what_is_not_recorded(maya, at_desk) -> None:
    words = _words(at_desk("front_door_worker").get(f"/people/{maya.pk}/details/"))
    for kind in KINDS:
        if kind.code != "names":
            assert str(kind.empty) in words


def test_the_page_of_details_asks_no_more_for_much_than_for_little(record, maya, at_desk) -> None:
    desk = at_desk("front_door_worker")
    address = f"/people/{maya.pk}/details/"
    desk.get(address)  # signing in changes the session once
    few = queries_of(desk, address)
    for number in range(6):
        for code in ("addresses", "identifiers"):
            _add(record, maya, code, **_given(code, number))
    assert queries_of(desk, address) <= few <= MOST_QUERIES
    history = f"{address}addresses/"
    assert queries_of(desk, history) <= MOST_QUERIES


def _given(code: str, number: int) -> dict[str, Any]:
    if code == "addresses":
        return {"kind": "home", "lines": f"{number} Quay Street", "postcode": "NE1 4XX"}
    return {"kind": "court", "value": f"C{number}"}


def _add(record: Any, person: Person, of: str, /, **given: Any) -> Any:
    kind = BY_CODE[of]
    blank = {name: kind.model._meta.get_field(name).get_default() for name in kind.columns}
    return actions.add_fact(kind, person, blank | given, by=record.user("social_worker"), at=NOW)[0]


# ---- Names --------------------------------------------------------------------------------------


def test_a_new_name_is_shown_and_the_old_one_is_kept_with_its_days(record, maya, at_desk) -> None:
    desk = at_desk("front_door_worker")
    add = f"/people/{maya.pk}/details/names/add/"
    page = desk.get(add)
    old = PersonName.objects.get(person=maya)
    typed = sent_by(page, "Save") | {
        "kind": "legal",
        "forename": "Maya",
        "surname": "Sorrel",
        "replaces": old.pk,
        "started_on-day": "1",
        "started_on-month": "3",
        "started_on-year": "2026",
    }
    desk.post(add, typed)
    maya.refresh_from_db()
    assert maya.name == "Maya Sorrel"
    old.refresh_from_db()
    assert old.ended_on == date(2026, 3, 1)
    assert "Until 1 March 2026" in _words(desk.get(f"/people/{maya.pk}/details/"))


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        # kind, forename, from, until; the last recorded comes last
        ([("legal", "Ada", None, None)], "Ada"),
        ([("legal", "Ada", None, None), ("known_as", "Addy", None, None)], "Ada"),
        ([("known_as", "Addy", None, None)], "Addy"),
        ([("legal", "Ada", 2010, None), ("legal", "Bea", 2020, None)], "Bea"),
        ([("legal", "Ada", None, None), ("legal", "Bea", None, None)], "Bea"),
        ([("legal", "Ada", 2010, 2020), ("known_as", "Addy", None, None)], "Addy"),
        ([("legal", "Ada", 2010, 2020), ("birth", "Bea", 2008, 2012)], "Ada"),
        ([], None),
    ],
)
def test_the_name_shown_is_the_legal_one_that_holds_and_the_latest_of_several(names, shown) -> None:
    held = [
        PersonName(
            id=str(number),
            kind=kind,
            forename=forename,
            started_on=date(since, 1, 1) if since else None,
            ended_on=date(until, 1, 1) if until else None,
            recorded_at=NOW,
        )
        for number, (kind, forename, since, until) in enumerate(names)
    ]
    now = name_now(held, NOW.date())
    assert (now.forename if now else None) == shown


def test_the_last_name_somebody_has_cannot_be_struck_out(record, maya) -> None:
    name = PersonName.objects.get(person=maya)
    with pytest.raises(Refused, match="only name"):
        actions.strike_out_fact(
            BY_CODE["names"], name, by=record.user("team_manager"), at=NOW, because="Wrong."
        )
    name.refresh_from_db()
    assert not name.is_struck_out


# ---- Birth and death ----------------------------------------------------------------------------


def test_a_birth_gives_a_name_and_a_date_and_keeps_what_was_expected(record, at_desk) -> None:
    [unborn] = record.add(
        actions.NewPerson(surname="Rowan", expected_on=date(2026, 3, 20), sex="U")
    )
    assert unborn.name == "Unborn child Rowan"
    desk, address = at_desk("front_door_worker"), f"/people/{unborn.pk}/details/born/"
    typed = sent_by(desk.get(address), "Record the birth")
    assert typed["surname"] == "Rowan"
    born = {"born_on-day": "16", "born_on-month": "3", "born_on-year": "2026"}
    desk.post(address, typed | born | {"sex": "F", "forename": "Iris"})
    unborn.refresh_from_db()
    assert (unborn.name, unborn.born_on, unborn.sex) == ("Iris Rowan", date(2026, 3, 16), "F")
    words = _words(desk.get(f"/people/{unborn.pk}/details/"))
    assert "Birth was expected 20 March 2026" in words
    held = PersonName.objects.filter(person=unborn).order_by("recorded_at", "id")
    assert {(one.full, one.ended_on) for one in held} == {
        ("Rowan", date(2026, 3, 16)),
        ("Iris Rowan", None),
    }
    assert desk.get(address).status_code == 404, "nobody is born twice"


def test_nobody_dies_before_they_are_born_or_twice(record, maya) -> None:
    by = record.user("social_worker")
    with pytest.raises(Refused, match="before they are born"):
        actions.record_death(maya, on=date(2018, 4, 30), by=by, at=NOW)
    actions.record_death(maya, on=date(2026, 3, 1), by=by, at=NOW)
    with pytest.raises(Refused, match="already"):
        actions.record_death(maya, on=date(2026, 3, 2), by=by, at=NOW)


# ---- Identifiers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "right"),
    [
        ("nhs_number", "943 476 5919", True),
        ("nhs_number", "943 476 5918", False),  # the check digit
        ("nhs_number", "943 476 591", False),  # a figure short
        ("upn", "B801200005001", True),
        ("upn", "A801200005001", False),  # the check letter
        ("upn", "b801200005001", True),  # capitals are not insisted on
        ("upn", "B80120000500I", False),  # no I, O or S
        ("uln", "1000000043", True),
        ("uln", "1000000044", False),
        ("national_insurance", "QQ 12 34 56 C", False),  # never issued
        ("national_insurance", "AB 12 34 56 C", True),
        ("home_office", "anything at all", True),
    ],
)
def test_an_identifier_is_checked_by_its_own_rule(kind, value, right) -> None:
    kept = identifiers.normalised(kind, value)
    assert (not identifiers.problem_of(kind, kept)) is right


def test_no_single_wrong_or_swapped_character_passes_a_check(assured) -> None:
    """Whatever one character is mistyped, or whichever two neighbours change places."""
    from stdnum.gb import nhs, upn

    tried = missed = 0
    for serial in range(0, 999_999_999, 41_999_971):
        valid = [
            f"{serial:09}{digit}" for digit in range(10) if nhs.is_valid(f"{serial:09}{digit}")
        ]
        if not valid:
            continue  # a serial whose check would be ten is never issued
        (number,) = valid
        for wrong in _mistyped(number):
            tried += 1
            missed += not identifiers.problem_of("nhs_number", wrong)
    for serial in range(0, 99_999, 4_999):
        body = f"801200{serial:06}"
        number = upn.calc_check_digit(body) + body
        for wrong in _mistyped(number):
            if wrong[0].isalpha():
                tried += 1
                missed += not identifiers.problem_of("upn", wrong)
    assert missed == 0
    assured("identifiers", f"{tried:,} mistyped numbers, {missed} taken for right")


def _mistyped(number: str) -> Any:
    for place, character in enumerate(number):
        if character.isdigit():
            for figure in "0123456789":
                if figure != character:
                    yield number[:place] + figure + number[place + 1 :]
    for place in range(len(number) - 1):
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        if swapped != number:
            yield swapped


def test_an_identifier_that_does_not_check_is_kept_as_given_and_told_of(maya, at_desk) -> None:
    desk, add = at_desk("front_door_worker"), f"/people/{maya.pk}/details/identifiers/add/"
    typed = sent_by(desk.get(add), "Save") | {"kind": "nhs_number", "value": "943 476 5918"}
    desk.post(add, typed)
    assert Identifier.objects.get(person=maya).value == "9434765918"
    assert "As it was given, it does not check." in _words(desk.get(f"/people/{maya.pk}/details/"))


# ---- Ethnicity ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "group"),
    [
        (date(2023, 3, 31), "Chinese"),
        (date(2023, 4, 1), "Asian or Asian British"),
        (date(2026, 3, 18), "Asian or Asian British"),
    ],
)
def test_an_ethnicity_stands_in_the_group_of_its_year(day, group) -> None:
    """From the census of 2023 to 2024, Chinese is of the Asian or Asian British group."""
    assert code_sets.label("ethnicity_group", "CHNE", day) == group


def test_every_ethnicity_that_says_something_has_a_group_in_every_year() -> None:
    said = code_sets.codes("ethnicity") - {"REFU", "NOBT"}
    for day in (date(2020, 1, 1), date(2023, 3, 31), date(2023, 4, 1), date(2026, 4, 1)):
        assert {code for code, _ in code_sets.choices("ethnicity_group", day)} == said


# ---- Addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ne14xx", "NE1 4XX"),
        (" sw1a 2aa ", "SW1A 2AA"),
        ("M1  1AE", "M1 1AE"),
        ("", ""),
        ("NE1", "NE1"),
        ("not known", "NOT KNOWN"),
    ],
)
def test_a_postcode_is_written_in_one_way(typed, written) -> None:
    assert addresses.postcode_written(typed) == written


CANARY = "Canary Wharfage"
"""No page may say these words to somebody who may not see a confidential address."""


def test_a_confidential_address_is_on_no_page_and_in_no_extract_for_those_not_entitled(
    record, maya, at_desk
) -> None:
    fact = _add(
        record,
        maya,
        "addresses",
        kind="home",
        lines=f"9 {CANARY}",
        postcode="ZE1 0AA",
        is_confidential=True,
    )
    actions.correct_fact(
        BY_CODE["addresses"],
        fact,
        {"lines": f"10 {CANARY}"},
        by=record.user("team_manager"),
        at=NOW,
        because=f"It is not 9 {CANARY}.",
    )
    pages = [
        "",
        "details/",
        "details/addresses/",
        "details/addresses/add/",
        f"details/addresses/{fact.pk}/correct/",
        f"details/addresses/{fact.pk}/end/",
        f"details/addresses/{fact.pk}/strike-out/",
        "family/",
        "chronology/",
    ]
    seen = at_desk("front_door_worker").get(f"/people/{maya.pk}/details/").content.decode()
    assert CANARY in seen
    for role in ("performance_analyst", "inspector", "records_officer"):
        for page in pages:
            shown = at_desk(role).get(f"/people/{maya.pk}/{page}").content.decode()
            assert CANARY not in shown, (role, page)
            assert "ZE1" not in shown, (role, page)
    told = _words(at_desk("inspector").get(f"/people/{maya.pk}/details/"))
    assert "Kept confidential Ask the team that holds the case." in told


def test_one_address_may_be_recorded_for_the_whole_family_and_changed_for_one(
    record, at_desk
) -> None:
    children = record.rowans(2)
    desk = at_desk("front_door_worker")
    add = f"/people/{children[0].pk}/details/addresses/add/"
    also = [str(one.pk) for one in Person.objects.exclude(pk=children[0].pk)]
    typed = sent_by(desk.get(add), "Save") | TYPED["addresses"] | {"also": also}
    desk.post(add, typed)
    assert Address.objects.count() == 3
    one = Address.objects.get(person=children[1])
    actions.end_fact(
        BY_CODE["addresses"], one, on=NOW.date(), by=record.user("social_worker"), at=NOW
    )
    assert Address.objects.filter(ended_on=None).count() == 2


# ---- Warnings -----------------------------------------------------------------------------------


def test_a_warning_is_in_the_bar_and_says_when_nobody_looked_at_it_again(
    record, maya, at_desk
) -> None:
    _add(
        record,
        maya,
        "warnings",
        kind="animal",
        words="A large dog.",
        review_on=date(2026, 3, 17),
    )
    page = at_desk("front_door_worker").get(f"/people/{maya.pk}/")
    assert "Animal in the home: review overdue" in _whole(page)
    assert "A large dog." not in page.content.decode(), "the words are not for every screen"
    warning = PersonWarning.objects.get()
    assert warning.is_overdue_on(date(2026, 3, 18))
    assert not warning.is_overdue_on(date(2026, 3, 17)), "the day itself is not late"
    details = _words(at_desk("front_door_worker").get(f"/people/{maya.pk}/details/"))
    assert "It should have been looked at again by 17 March 2026." in details


# ---- Who may ------------------------------------------------------------------------------------


def test_each_kind_has_an_address_and_an_unknown_one_has_none(record, maya, at_desk) -> None:
    desk = at_desk("front_door_worker")
    for kind in KINDS:
        assert (
            desk.get(reverse("people:detail_history", args=[maya.pk, kind.code])).status_code == 200
        )
    assert desk.get(f"/people/{maya.pk}/details/feelings/").status_code == 404
    someone = record.child("Sol Sorrel")
    theirs = _add(record, someone, "disabilities", code="VIS")
    mine = f"/people/{maya.pk}/details/disabilities/{theirs.pk}/correct/"
    assert desk.get(mine).status_code == 404, "a fact of another person is not reached through this"
    assert Disability.objects.get().code == "VIS"


def test_a_second_person_correcting_a_fact_sees_the_first_ones_correction(
    record, maya, at_desk
) -> None:
    fact = _add(record, maya, "addresses", kind="home", lines="1 Quay Street")
    address = f"/people/{maya.pk}/details/addresses/{fact.pk}/correct/"
    first = sent_by(at_desk("front_door_manager").get(address), "Correct")
    second = sent_by(at_desk("front_door_worker").get(address), "Correct")
    at_desk("front_door_manager").post(
        address, first | {"lines": "2 Quay Street", "because": "Seen."}
    )
    shown = at_desk("front_door_worker").post(
        address, second | {"lines": "3 Quay Street", "because": "Heard."}
    )
    assert "Somebody else changed this" in _whole(shown)
    fact.refresh_from_db()
    assert fact.lines == "2 Quay Street"

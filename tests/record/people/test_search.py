"""A person is found however their name is spelt, and asked about before being added twice."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from harbourlight.record.confidentiality.actions import restrict
from harbourlight.record.confidentiality.identity import give_back, take
from harbourlight.record.people import jobs, search_index
from harbourlight.record.people.models import Address, Identifier, Person, PersonName
from harbourlight.record.people.search import (
    MOST_RESULTS,
    Sought,
    Understood,
    alike,
    search,
    understood,
)
from tests.record.families import NOW, Record

ON = date(2026, 3, 18)

HELD = [
    ("Catherine Elverstow", date(2014, 3, 9)),
    ("Siobhán O’Dorrarty", date(2016, 7, 1)),
    ("Mohammed Khalid", date(2012, 12, 25)),
    ("Zoë Penhalwick", date(2019, 1, 2)),
    ("Anne-Marie Quarlemere", date(2015, 5, 5)),
    ("Stephen Gorseholt", date(2011, 8, 8)),
    ("Jonathan Whinnergarth", date(2013, 2, 3)),
    ("Xu Li", date(2017, 6, 6)),
    ("Thomas Ruskenlock", date(2010, 10, 10)),
]


@pytest.fixture
def held(record: Record) -> Record:
    for name, born_on in HELD:
        record.child(name, born_on)
    return record


def who(record: Record) -> dict[str, Any]:
    return {"recorded_at": NOW, "recorded_by": record.user("front_door_worker")}


def found(record: Record, name: str = "", born_on: date | None = None) -> list[str]:
    return [
        one.person.name
        for one in search(record.user("front_door_worker"), Sought(name, born_on), on=ON)
    ]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("catherine elverstow", "Catherine Elverstow"),
        ("Kathryn Elverstow", "Catherine Elverstow"),  # no three letters in a row the same
        ("Cathrine Elvrstow", "Catherine Elverstow"),
        ("Elverstow Catherine", "Catherine Elverstow"),
        ("Elverst", "Catherine Elverstow"),
        ("Siobhan O'Dorrarty", "Siobhán O’Dorrarty"),
        ("siobhan odorarty", "Siobhán O’Dorrarty"),
        ("Muhammad Kalid", "Mohammed Khalid"),
        ("Zoe Penhalwik", "Zoë Penhalwick"),
        ("Annemarie Quarlemere", "Anne-Marie Quarlemere"),
        ("Ann Marie Quarlmere", "Anne-Marie Quarlemere"),
        ("Steven Gorsholt", "Stephen Gorseholt"),
        ("Jonh Whinnergarth", "Jonathan Whinnergarth"),
        ("Xu Li", "Xu Li"),
        ("Thomas James Ruskenlock", "Thomas Ruskenlock"),
    ],
)
def test_a_name_is_found_first_however_it_is_spelt(held, typed, name) -> None:
    assert found(held, typed)[:1] == [name]


def test_a_name_that_is_nobodys_finds_nobody(held) -> None:
    assert found(held, "Bartholomew Zzyzx") == []


def test_a_right_name_is_not_lost_among_those_who_share_half_of_it(held) -> None:
    for number in range(MOST_RESULTS + 5):
        held.child(f"Catherine Other{number}", date(2014, 3, 9))
        held.child(f"Other{number} Elverstow", date(2014, 3, 9))
    assert found(held, "Kathryn Elverstow")[0] == "Catherine Elverstow"
    assert len(found(held, "Catherine")) == MOST_RESULTS


def test_a_date_of_birth_comes_first_and_forgives_the_name_but_leaves_nobody_out(held) -> None:
    held.child("Katarina Elvestow", date(2014, 3, 9))
    twice = found(held, "Catherine Elverstow", date(2014, 3, 9))
    assert twice[:2] == ["Catherine Elverstow", "Katarina Elvestow"]
    assert found(held, "Catherine Elverstow", date(2001, 1, 1))[0] == "Catherine Elverstow"
    assert found(held, "Cat Elverstone", date(2014, 3, 9))[0] == "Catherine Elverstow"
    assert found(held, born_on=date(2019, 1, 2)) == ["Zoë Penhalwick"]


def test_an_identifier_typed_in_full_finds_its_person_alone(held) -> None:
    child = held.child("Ida Numbered")
    for kind, value in (("nhs_number", "9434765919"), ("other", "old-7")):
        Identifier.objects.create(person=child, kind=kind, value=value, **who(held))
    for typed in (child.pk, child.pk.lower(), f" {child.pk} ", "943 476 5919", "old-7"):
        assert found(held, typed) == ["Ida Numbered"], typed
    assert found(held, child.pk[:-1]) == []
    assert found(held, "94347659") == []


def test_a_person_struck_out_or_out_of_sight_is_not_found(held) -> None:
    Person.objects.filter(forename="Xu").update(
        struck_out_at="2026-01-01T00:00Z",
        struck_out_by=held.user("front_door_manager"),
        struck_out_because="Twice",
    )
    assert found(held, "Xu Li") == []
    assert search(held.user("administrator"), Sought("Zoë Penhalwick"), on=ON) == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("katie smiht M14", Understood(("katie", "smiht"), outward="m14")),
        ("smiht m14 5bd", Understood(("smiht",), outward="m14")),
        ("jones 7", Understood(("jones",), age=7)),
        ("jones about 7 years old", Understood(("jones",), age=7)),
        ("smith 12/3/2015", Understood(("smith",), born_on=date(2015, 3, 12))),
        ("2015-03-12 smith", Understood(("smith",), born_on=date(2015, 3, 12))),
        ("smith 12.3.15", Understood(("smith",), born_on=date(2015, 3, 12))),
        ("smith 31/2/2015", Understood(("smith",), identifiers=("31/2/2015",))),
        ("O Brien", Understood(("obrien",))),
        ("943 476 5919", Understood(identifiers=("9434765919",))),
    ],
)
def test_what_is_typed_in_one_box_is_understood(db, typed, expected) -> None:
    assert replace(understood(Sought(typed), on=ON), named=()) == expected


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Cathy Elverstow", "Catherine Elverstow"),  # short for it
        ("Tommy Ruskenlock", "Thomas Ruskenlock"),
        ("Catherine 12", "Catherine Elverstow"),  # her age
        ("Elverstow 9/3/2014", "Catherine Elverstow"),
        ("Elverstowe 3/9/2014", "Catherine Elverstow"),  # day and month exchanged
    ],
)
def test_a_nickname_an_age_and_a_date_find_a_person(held, typed, name) -> None:
    assert found(held, typed)[:1] == [name]


def test_a_previous_name_and_a_postcode_find_a_person(held) -> None:
    child = Person.objects.get(surname="Khalid")
    PersonName.objects.create(
        person=child, kind="previous", forename="Mo", surname="Vellanwick", **who(held)
    )
    Address.objects.create(person=child, postcode="QA14 5BD", **who(held))
    other = Person.objects.get(forename="Xu")
    Address.objects.create(person=other, postcode="QA15 1AA", is_confidential=True, **who(held))
    assert found(held, "Mohammed Velanwick")[:1] == ["Mohammed Khalid"]
    assert found(held, "Mohamed qa14")[:1] == ["Mohammed Khalid"]
    assert search_index.differences() == 0
    with connection.cursor() as cursor:  # where nobody may know that somebody lives
        cursor.execute("SELECT count(*) FROM people_searchperson WHERE keys && '{o:qa15}'")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("typed", "because"),
    [
        ("Mohammed Khalid", ()),
        ("Mo Vellanwick", ("Previous name: Mo Vellanwick",)),
        ("Mohammed Vellanwik qa14", ("Previous name: Mo Vellanwick", "Lives in QA14")),
        ("Mohammed Khalid qa9", ("Has lived in QA9",)),
        ("old-7", ("Another identifier: OLD-7",)),
    ],
)
def test_it_is_said_why_somebody_was_found_where_their_name_does_not_say_it(
    held, typed, because
) -> None:
    child, who_ = Person.objects.get(surname="Khalid"), who(held)
    PersonName.objects.create(
        person=child, kind="previous", forename="Mo", surname="Vellanwick", **who_
    )
    Address.objects.create(person=child, postcode="QA14 5BD", **who_)
    ended = date(2020, 1, 1)
    Address.objects.create(person=child, postcode="QA9 1AA", ended_on=ended, **who_)
    Identifier.objects.create(person=child, kind="other", value="OLD-7", **who_)
    first = search(held.user("front_door_worker"), Sought(typed), on=ON)[0]
    assert first.person == child
    assert first.because[-len(because) or None :] == because


def test_a_short_form_is_said(held) -> None:
    (cathy,) = search(held.user("front_door_worker"), Sought("Cathy Elverstow"), on=ON)
    assert cathy.because == ("“Cathy” is a form of “Catherine”",)


@pytest.mark.parametrize("typed", ["QA14", "7", "QA14 7"])
def test_an_age_or_a_postcode_alone_is_said_to_fit_too_many(held, at_desk, typed) -> None:
    desk = at_desk("front_door_worker")
    page = desk.post("/people/", {"name": typed}, follow=True).content.decode()
    assert "That fits too many people" in page
    assert found(held, typed) == []


def test_what_was_looked_for_is_in_no_log(held, at_desk, caplog) -> None:
    caplog.set_level("DEBUG")
    desk = at_desk("front_door_worker")
    page = desk.post("/people/", {"name": "Zoë Penhalwick"}, follow=True).content.decode()
    assert "Zoë Penhalwick" in page
    ours = [one.getMessage() for one in caplog.records if one.name.startswith("harbourlight")]
    assert ours
    assert not any("Penhal" in one for one in ours)


def test_a_restricted_person_leaves_no_trace_in_a_search(held) -> None:
    asked = [Sought("Catherine Elverstow"), Sought("Elverstow 9/3/2014"), Sought("old-7")]
    child = Person.objects.get(surname="Elverstow")
    Identifier.objects.create(person=child, kind="other", value="OLD-7", **who(held))

    def found_by(role: str) -> list[list[str]]:
        with transaction.atomic():
            take(held.user(role), NOW)
            found = [search(held.user(role), one, on=ON) for one in asked]
            give_back()
        return [[one.person.pk for one in some] for some in found]

    assert [some[:1] for some in found_by("front_door_worker")] == [[child.pk]] * 3
    restrict(child, by=held.user("records_officer"), at=NOW, because="Adoption is planned")
    hidden = found_by("front_door_worker")
    assert [child.pk in some for some in found_by("records_officer")] == [True] * 3
    Person.objects.filter(pk=child.pk).update(
        struck_out_at=NOW, struck_out_by=held.user("records_officer"), struck_out_because="Gone"
    )
    assert hidden == found_by("front_door_worker"), "as though there were nobody"
    assert not any(child.pk in some for some in hidden)


def test_the_index_says_what_the_record_says_whatever_was_written(held) -> None:
    Person.objects.filter(surname="Khalid").update(surname="Rowan", born_on=date(2000, 1, 1))
    Person.objects.filter(forename="Xu").update(
        struck_out_at="2026-01-01T00:00Z",
        struck_out_by=held.user("front_door_manager"),
        struck_out_because="Twice",
    )
    assert search_index.differences() == 0
    assert found(held, "Mohammed Rowan")[0] == "Mohammed Rowan"
    with connection.cursor() as cursor:  # and a difference is seen
        cursor.execute("DELETE FROM people_searchperson WHERE forenames && '{zoe}'")
    assert search_index.differences() == 1
    with pytest.raises(jobs.IndexNotTrue, match="1"):  # by night, it is said, and mended
        jobs.go_through_index.here(at=NOW)
    assert search_index.differences() == 0


def test_by_night_words_are_counted_and_forgotten(held) -> None:
    Person.objects.filter(forename="Xu").update(forename="Ren")
    held.child("Ren Penhalwick")
    PersonName.objects.filter(forename="Xu").update(forename="Ren")
    jobs.go_through_index.here(at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, bearers FROM people_searchword WHERE word IN ('ren', 'xu')")
        assert cursor.fetchall() == [("ren", 2)]


# ---- Before somebody is added -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "born_on", "asked"),
    [
        ("Catherine Elverstow", date(2014, 3, 9), True),
        ("Kathryn Elverstow", date(2014, 3, 9), True),
        ("Catherine Elvestow", date(2014, 3, 9), True),
        ("Catherine Elverstow", None, True),  # it may be her: nobody knows when this one was born
        ("Catherine Elverstow", date(2014, 9, 9), True),  # the month may be wrong
        ("Catherine Elverstow", date(2009, 6, 30), False),  # another child of the name
        ("Catherine Bell", date(2014, 3, 9), True),  # her surname may have changed
        ("Thomas Bell", date(2014, 3, 9), False),
        ("Wilfred Elverstow", date(2020, 1, 1), False),  # a younger brother
    ],
)
def test_somebody_alike_is_asked_about_before_another_is_added(held, name, born_on, asked) -> None:
    offered = alike(held.user("front_door_worker"), Sought(name, born_on), on=ON)
    assert ("Catherine Elverstow" in [one.person.name for one in offered]) is asked

"""One person's record: what is due, what happened, who is in the family, what was believed."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from harbourlight.foundation.access import ROLES, Capability, roles_with
from harbourlight.foundation.history.models import Event
from harbourlight.record.episodes.actions import close_episode
from harbourlight.record.people.actions import add_fact
from harbourlight.record.people.chronology import Happening, kinds
from harbourlight.record.people.details import BY_CODE
from harbourlight.record.people.identity import age_in_words
from harbourlight.record.people.models import Person
from harbourlight.record.plans.models import NeedPlan
from harbourlight.record.protection import actions as protection
from tests.pages.reading import links, main_of, rows, text_of
from tests.record.families import MOST_QUERIES, NOW, moment, queries_of
from tests.record.people.test_adding import sent_by

PAGES = ("", "chronology/", "details/", "family/", "standards/")


# ---- The pages ----------------------------------------------------------------------------------


def test_a_childs_page_says_what_is_due_and_why_the_most_pressing_first(record, at_desk) -> None:
    child = record.child("Maya Thornwick")
    record.contact(child, at=moment(17))
    late = record.contact(child, at=moment(12))
    page = at_desk("front_door_worker").get(f"/people/{child.pk}/")
    (first, second) = rows(page)
    assert first[0].startswith("Decision within one working day Contact, since 12 March 2026")
    assert "3 working days late" in first[1]
    assert "due today" in second[1]
    assert "Children in need census" in first[0], "the source is behind one press"
    line = late.children.get()
    answer = at_desk("front_door_worker").get(links(page)["Contact, since 12 March 2026"])
    assert answer.headers["Location"] == f"/contacts/{line.contact_id}/"


def test_a_page_with_nothing_on_it_says_so_in_sentences(record, at_desk) -> None:
    child = record.child("Maya Thornwick", None)
    words = text_of(main_of(at_desk("front_door_worker").get(f"/people/{child.pk}/")))
    for sentence in (
        "Nothing is due for Maya Thornwick.",
        "Maya Thornwick has not been referred to children’s social care.",
        "No contact about Maya Thornwick has been recorded.",
        "No assessment has been started.",
        "There has been no section 47 enquiry, conference or protection plan.",
        "There has been no child in need plan.",
        "No family is recorded.",
    ):
        assert sentence in words
    for page, sentence in (
        ("chronology/", "Nothing has been recorded yet"),
        ("family/", "No one else is recorded in a family with Maya Thornwick."),
        ("standards/", "No standard has applied to Maya Thornwick yet."),
    ):
        answer = at_desk("front_door_worker").get(f"/people/{child.pk}/{page}")
        assert sentence in text_of(main_of(answer))


def test_an_open_episode_comes_first_and_the_bar_says_who_holds_the_case(record, at_desk) -> None:
    child = record.child("Maya Thornwick")
    old = record.decide(
        record.contact(child, at=moment(2, year=2025)),
        at=moment(2, 12, year=2025),
        outcome="referral",
    )[0]
    close_episode(
        by=record.user("team_manager"),
        at=moment(2, month=6, year=2025),
        episode=old,
        on=date(2025, 6, 2),
        reason="RC8",
    )
    desk = at_desk("front_door_worker")
    assert "Case None open" in _bar(desk.get(f"/people/{child.pk}/"))
    record.decide(record.contact(child, at=moment(9)), at=moment(9, 12), outcome="referral")
    page = desk.get(f"/people/{child.pk}/")
    assert "Case Open since 9 March 2026 Worker Sol Westing, Harbour Team" in _bar(page)
    cards = [text_of(one) for one in main_of(page).xpath(".//section[@id='episodes']//h3")]
    assert cards == ["Referred 9 March 2026 Open", "Referred 2 March 2025 Closed"]
    assert "2 June 2025: Case closed after assessment, no further action" in text_of(main_of(page))


def _bar(page: Any) -> str:
    document = main_of(page).getroottree()
    return text_of(document.xpath("//section[contains(@class, 'moj-identity-bar')]")[0])


def test_every_standard_is_listed_with_its_outcome_in_words(record, at_desk) -> None:
    child = record.child("Maya Thornwick")
    record.decide(record.contact(child, at=moment(3)), at=moment(4, 12))
    record.decide(record.contact(child, at=moment(5)), at=moment(10, 12))
    record.contact(child, at=moment(17))
    page = at_desk("performance_analyst").get(f"/people/{child.pk}/standards/")
    assert [cell[1] for cell in rows(page)] == [
        "18 March 2026 due today",
        "6 March 2026 Not decided in time, done late on 10 March 2026",
        "4 March 2026 Decided in time on 4 March 2026",
    ]


def test_an_adults_page_shows_the_family_and_no_case(record, at_desk) -> None:
    record.rowans(2)
    adult = Person.objects.get(forename="Hazel")
    page = at_desk("performance_analyst").get(f"/people/{adult.pk}/")
    assert "Rowan0 Rowan" in text_of(main_of(page))
    assert "What is due" not in text_of(main_of(page))
    assert "Record a contact" not in _bar(page)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_many_asks_no_more_than_one_of_few_and_never_more_than_20_things(
    record, at_desk, page
) -> None:
    alone = record.child("Sol Sorrel")
    record.decide(record.contact(alone, at=moment(9)), at=moment(9, 12), outcome="referral")
    busy = record.busy()
    desk = at_desk("team_manager")
    few = f"/people/{alone.pk}/{page}"
    desk.get(few), desk.get(few)  # signing in changes the session, and the first page after it
    asked = queries_of(desk, f"/people/{busy[0].pk}/{page}")
    assert asked <= MOST_QUERIES
    # Of a family it asks one thing more: who lives with whom.
    assert asked <= queries_of(desk, few) + (page == "family/")


def test_a_list_of_people_asks_no_more_than_20_things(record, at_desk) -> None:
    record.busy()
    desk = at_desk("front_door_worker")
    results = desk.post("/people/", {"name": "Rowan"}).headers["Location"]
    assert queries_of(desk, results) <= MOST_QUERIES


@pytest.mark.parametrize("page", PAGES)
def test_reading_a_record_is_written_down(record, at_desk, page) -> None:
    children = record.rowans(3)
    at_desk("performance_analyst").get(f"/people/{children[0].pk}/{page}")
    read = Event.objects.filter(kind=Event.Kind.READ, by=record.user("performance_analyst"))
    assert [children[0].pk] in [one.children for one in read]


def _holding(capability: Capability) -> set[str]:
    return {role.code for role in roles_with(capability)}


SEES_CHILDREN = _holding(Capability.SEE_CHILDREN)
ADDS_PEOPLE = _holding(Capability.RECORD_PERSON)
CORRECTS = _holding(Capability.CORRECT_RECORD)


@pytest.mark.parametrize(
    ("page", "may"),
    [
        ("", SEES_CHILDREN),
        ("chronology/", SEES_CHILDREN),
        ("family/", SEES_CHILDREN),
        ("standards/", SEES_CHILDREN),
        ("correct/", CORRECTS),
        ("family/{member}/leave/", CORRECTS),
        ("family/join/?child={other}", ADDS_PEOPLE),
        ("../", SEES_CHILDREN),
        ("../add/", ADDS_PEOPLE),
    ],
)
def test_each_page_is_open_to_those_whose_work_it_is(record, at_desk, page, may) -> None:
    child, sibling = record.rowans(2)
    other = record.child("Sol Sorrel")
    page = page.format(member=sibling.memberships.get().pk, other=other.pk)
    address = f"/people/{child.pk}/{page}".replace(f"{child.pk}/../", "")
    for role in ROLES:
        status = at_desk(role.code).get(address).status_code
        assert (status != 403) is (role.code in may), role.code


@pytest.mark.parametrize(
    ("born_on", "words"),
    [
        (date(2026, 3, 18), "0 days old"),
        (date(2026, 3, 12), "6 days old"),
        (date(2026, 3, 11), "1 week old"),
        (date(2026, 1, 19), "8 weeks old"),
        (date(2026, 1, 18), "2 months old"),
        (date(2024, 3, 19), "23 months old"),
        (date(2024, 3, 18), "2 years old"),
        (date(2008, 3, 19), "17 years old"),
        (None, ""),
    ],
)
def test_an_age_is_said_as_people_say_it(born_on, words) -> None:
    assert age_in_words(Person(born_on=born_on), date(2026, 3, 18)) == words


# ---- Chronology ---------------------------------------------------------------------------------


def _titles(page: Any) -> list[str]:
    found = main_of(page).xpath(".//*[contains(@class, 'moj-timeline__title')]")
    return [text_of(one) for one in found]


@pytest.fixture
def journey(record: Any) -> Person:
    """A child to whom one thing of every kind has happened."""
    child, sibling = record.rowans(2)
    contact = record.contact(child, sibling, at=moment(5, 14), said="They came cold, twice.")
    record.decide(contact, at=moment(6, 12), outcome="referral")
    episode = child.episodes.get()
    by = record.user("social_worker")
    enquiry = protection.begin_enquiry(by=by, at=moment(9), episode=episode, on=date(2026, 3, 9))
    protection.hold_conference(enquiry, by=by, at=moment(16), on=date(2026, 3, 16), category="NEG")
    NeedPlan.objects.create(
        child=child, episode=episode, started_on=date(2026, 3, 11), recorded_at=NOW
    )
    return child


def test_what_happened_is_told_newest_first_by_every_app_that_holds_some_of_it(
    journey, at_desk
) -> None:
    page = at_desk("social_worker").get(f"/people/{journey.pk}/chronology/")
    assert _titles(page) == [
        "Child protection plan began",
        "Initial child protection conference",
        "Child in need plan began",
        "Section 47 enquiry began",
        "Decision: Referral to children's social care",
        "Allocated to Sol Westing",
        "Referral",
        "Contact from Example School (School)",
        "Born",
    ]
    words = text_of(main_of(page))
    assert "midnight" not in words, "a day has no time of day that was not recorded"
    assert "They came cold, twice." in words
    labels = {kind.code for kind in kinds()}
    assert labels >= {
        "person",
        "contact",
        "episode",
        "assessment",
        "protection",
        "plan",
        "document",
    }


def test_a_family_is_told_together_and_what_befell_several_is_told_once(journey, at_desk) -> None:
    sibling = Person.objects.get(forename="Rowan1")
    both = f"?child={journey.pk}&child={sibling.pk}"
    desk = at_desk("social_worker")
    titles = _titles(desk.get(f"/people/{journey.pk}/chronology/{both}"))
    contact = "Contact from Example School (School): Rowan0 Rowan and Rowan1 Rowan"
    assert titles.count(contact) == 1
    assert "Referral: Rowan1 Rowan" in titles
    assert "Child protection plan began: Rowan0 Rowan" in titles
    kept = _titles(desk.get(f"/people/{journey.pk}/chronology/{both}&kind=contact"))
    assert [one for one in titles if one.startswith(("Contact", "Decision"))] == kept
    read = Event.objects.filter(name="child:chronology", children__contains=[sibling.pk])
    assert read.exists()


def test_what_befell_a_child_is_told_without_what_must_be_kept(journey, record, at_desk) -> None:
    sibling = Person.objects.get(forename="Rowan1")
    by = record.user("front_door_worker")

    def add(code: str, both: bool = False, **given: Any) -> None:
        kind = BY_CODE[code]
        blank = {name: False if name.startswith("is_") else "" for name in kind.columns}
        days = {"started_on": None, "ended_on": None}
        also = [sibling] if both else []
        add_fact(kind, journey, blank | days | given, by=by, at=NOW, also=also)

    home = {"kind": "home", "lines": "1 Quay Street", "started_on": date(2026, 3, 4)}
    add("addresses", True, **home)
    add("addresses", **home | {"lines": "9 Hidden Lane", "is_confidential": True})
    add("network", kind="school", organisation="Quay Primary", started_on=date(2026, 1, 6))
    add("network", kind="gp", organisation="Quayside Surgery", started_on=date(2026, 1, 6))
    add("warnings", kind="animal", words="A large dog.", review_on=date(2026, 6, 1))
    add("names", kind="known_as", forename="Ro", started_on=date(2026, 2, 1))
    page = at_desk("social_worker").get(
        f"/people/{journey.pk}/chronology/?child={journey.pk}&child={sibling.pk}&kind=person"
    )
    assert sorted(_titles(page)) == [
        "Began at Quay Primary: Rowan0 Rowan",
        "Born: Rowan0 Rowan",
        "Born: Rowan1 Rowan",
        "Moved home: Rowan0 Rowan",
        "Moved home: Rowan0 Rowan and Rowan1 Rowan",
        "Named Ro: Rowan0 Rowan",
        "Warning: Animal in the home: Rowan0 Rowan",
    ]
    words = text_of(main_of(page))
    assert "1 Quay Street" in words
    assert "Hidden" not in words
    assert "A large dog" not in words


def test_nobody_outside_the_family_is_told_of(journey, record, at_desk) -> None:
    other = record.child("Sol Sorrel")
    record.contact(other, at=moment(10))
    page = at_desk("social_worker").get(f"/people/{journey.pk}/chronology/?child={other.pk}")
    assert "Sol Sorrel" not in text_of(main_of(page))


@pytest.mark.parametrize(
    ("happened", "recorded", "late"),
    [
        (date(2026, 3, 13), moment(17, 23, 59), False),  # Friday: Tuesday is 2 working days on
        (date(2026, 3, 13), moment(18, 0, 1), True),
        (
            date(2026, 4, 2),
            moment(8, month=4),
            False,
        ),  # Easter: Good Friday and Monday do not count
        (date(2026, 4, 2), moment(9, month=4), True),
        (None, NOW, False),
    ],
)
def test_recording_is_late_after_two_working_days(happened, recorded, late) -> None:
    one = Happening("C", "Review", on=happened, recorded_at=recorded, recorded_by="Sol")
    assert one.is_recorded_late is late
    from_elsewhere = Happening("C", "Review", on=happened, recorded_at=recorded)
    assert not from_elsewhere.is_recorded_late, "nobody here knows when that was written down"


def test_an_instant_at_night_is_on_the_day_it_was_in_london() -> None:
    late_evening = moment(30, 23, 30, month=6) + timedelta(hours=1)
    assert Happening("C", "Contact", at=late_evening).day == date(2026, 7, 1)


# ---- Correcting ---------------------------------------------------------------------------------


def test_a_correction_keeps_what_was_believed_before_and_why(record, at_desk) -> None:
    child = record.child("Maya Thornwick", date(2018, 5, 1))
    desk, address = at_desk("front_door_manager"), f"/people/{child.pk}/correct/"
    typed = sent_by(desk.get(address), "Correct")
    refused = desk.post(address, typed | {"born_on-day": "2"})
    assert "Enter the reason" in text_of(main_of(refused))
    desk.post(address, typed | {"born_on-day": "2", "because": "Birth certificate seen."})
    words = text_of(main_of(desk.get(f"/people/{child.pk}/")))
    assert (
        "Date of birth was “1 May 2018” and was corrected to “2 May 2018” by Front Door Manager "
        "on 18 March 2026 at 10am. Birth certificate seen." in words
    )
    assert words.count("was corrected to") == 1, "what was not typed over was not corrected"


def test_a_second_person_correcting_sees_the_first_ones_correction_before_their_own(
    record, at_desk
) -> None:
    child = record.child("Maya Thornwick")
    address = f"/people/{child.pk}/correct/"
    record.referred(child, at=moment(10))  # to the team whose manager corrects it too
    first = sent_by(at_desk("front_door_manager").get(address), "Correct")
    second = sent_by(at_desk("team_manager").get(address), "Correct")
    at_desk("front_door_manager").post(address, first | {"forename": "Maia", "because": "Asked."})
    desk = at_desk("team_manager")
    with time_machine.travel(NOW + timedelta(minutes=5)):
        mine = second | {"forename": "Mya", "because": "Heard."}
        shown = desk.post(address, mine)
        words = text_of(main_of(shown))
        assert "Somebody else changed this" in words
        assert "“Maya” and was corrected to “Maia”" in words
        assert Person.objects.get(pk=child.pk).forename == "Maia"
        again = sent_by(shown, "Correct") | {"stands-forename": "mine"}
        assert (again["forename"], again["because"]) == ("Mya", "Heard.")
        desk.post(address, again)
    assert Person.objects.get(pk=child.pk).forename == "Mya"
    assert timezone.localdate() == NOW.date()

"""My work: what is due to me and nothing else, the most pressing first."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from harbourlight.foundation.history.models import Event
from harbourlight.record.assessment import actions as assessment
from harbourlight.record.episodes.actions import close_episode
from tests.pages.reading import links, main_of, rows, section, text_of
from tests.pages.service import (
    DUE_2_DAYS_AGO,
    DUE_IN_3_DAYS,
    DUE_IN_5_DAYS,
    DUE_IN_6_DAYS,
    NOW,
    Service,
)


@pytest.fixture
def at_work(service: Service) -> Service:
    """Sol has four assessments to finish; others are done, closed or somebody else's."""
    for name, referred_on in (
        ("Amy Late", DUE_2_DAYS_AGO),
        ("Ben Soon", DUE_IN_3_DAYS),
        ("Cat Friday", DUE_IN_5_DAYS),
        ("Dan Later", DUE_IN_6_DAYS),
    ):
        service.referred(name, referred_on, team="Harbour", to="Sol West")
    done = service.referred("Eve Done", DUE_IN_3_DAYS, team="Harbour", to="Sol West")
    service.authorised(done, at=NOW, by="Sol West", manager="Tam Over")
    shut = service.referred("Fox Closed", DUE_IN_3_DAYS, team="Harbour", to="Sol West")
    close_episode(by=service.users["Tam Over"], at=NOW, episode=shut, on=NOW.date(), reason="RC1")
    service.referred("Gus Other", DUE_2_DAYS_AGO, team="Harbour", to="Una East")
    return service


def test_each_duty_stands_under_how_pressing_it_is_in_working_days(
    at_work: Service, see: Any
) -> None:
    page = see(at_work.users["Sol West"], "/my-work/")
    assert [(row[0], row[2]) for row in rows(page, "late")] == [
        ("Amy Late", "16 March 2026 2 working days late")
    ]
    assert [(row[0], row[2]) for row in rows(page, "soon")] == [
        ("Ben Soon", "23 March 2026 due in 3 working days"),
        ("Cat Friday", "25 March 2026 due in 5 working days"),
    ]
    assert [(row[0], row[2]) for row in rows(page, "later")] == [
        ("Dan Later", "26 March 2026 due in 6 working days")
    ]
    assert section(page, "duties").startswith(
        "What is due to you 1 late 2 due in the next 5 working days 1 due later"
    )


def test_what_is_met_closed_or_another_workers_is_not_there(at_work: Service, see: Any) -> None:
    said = text_of(main_of(see(at_work.users["Sol West"], "/my-work/")))
    for name in ("Eve Done", "Fox Closed", "Gus Other"):
        assert name not in said


def test_the_duty_and_its_source_are_one_click_away(at_work: Service, see: Any) -> None:
    page = see(at_work.users["Sol West"], "/my-work/")
    why = text_of(main_of(page).xpath("//section[@aria-labelledby='late']//details")[0])
    assert "no later than 45 working days from the referral" in why
    assert "Children in need census" in why
    assert "12 January 2026" in why
    assert links(page)["More about this standard"] == "/standards/ASM-45/"


def test_a_due_day_is_not_late_until_it_is_over(service: Service, client: Any) -> None:
    service.referred("Amy Late", DUE_2_DAYS_AGO, team="Harbour", to="Sol West")
    for moment, heading, words, counts in (
        ("2026-03-16T23:59:59+00:00", "soon", "due today", "0 late 1 due in the next"),
        ("2026-03-17T00:00:00+00:00", "late", "1 working day late", "1 late 0 due in the next"),
    ):
        with time_machine.travel(datetime.fromisoformat(moment), tick=False):
            client.force_login(service.users["Sol West"])
            page = client.get("/my-work/")
            assert words in section(page, heading)
            assert counts in section(page, "duties")


def test_contacts_to_decide_come_first_with_siblings_together(service: Service, see: Any) -> None:
    first = service.contact("Amy Late", "Ben Late", at=NOW - timedelta(days=5))
    service.contact("Cat New", at=NOW - timedelta(hours=3), agency="")
    service.decide(service.contact("Dan Told", at=NOW - timedelta(hours=2)))
    page = see(service.users["Mo Gate"], "/my-work/")
    assert rows(page, "contacts") == [
        [
            "Amy Late Ben Late",
            "Example School",
            "13 March 2026 at 10am waiting 5 days",
            "16 March 2026 2 working days late",
            "Decide what happens for Amy Late and Ben Late",
        ],
        [
            "Cat New",
            "Individual: family member, relative or carer",
            "18 March 2026 at 7am waiting 3 hours",
            "19 March 2026 due in 1 working day",
            "Decide what happens for Cat New",
        ],
    ]
    decide = links(page)["Decide what happens for Amy Late and Ben Late"]
    assert decide == f"/contacts/{first.pk}/decide/"


def test_a_sibling_already_decided_leaves_the_other_waiting(service: Service, see: Any) -> None:
    from harbourlight.record.front_door import actions as front_door

    contact = service.contact("Amy Late", "Ben Late", at=NOW - timedelta(hours=1))
    line = contact.children.get(child=service.child("Amy Late"))
    front_door.decide_contact(
        by=service.users["Mo Gate"],
        at=NOW,
        decisions=[front_door.ForChild(line=line, level="2", outcome="advice", reasons="Well.")],
    )
    page = see(service.users["Mo Gate"], "/my-work/")
    assert [row[0] for row in rows(page, "contacts")] == ["Ben Late"]


def test_only_who_may_decide_is_asked_to(service: Service, see: Any) -> None:
    service.contact("Amy Late", at=NOW - timedelta(days=5))
    for name in ("Fay Door", "Sol West", "Tam Over"):
        assert "Amy Late" not in text_of(main_of(see(service.users[name], "/my-work/")))


def test_an_assessment_goes_to_the_manager_and_back_with_what_was_asked(
    service: Service, see: Any
) -> None:
    episode = service.referred("Amy Late", DUE_2_DAYS_AGO, team="Harbour", to="Sol West")
    held = service.assessed(episode, started=DUE_2_DAYS_AGO, by="Sol West")
    manager, other = service.users["Tam Over"], service.users["Lou Lamp"]
    assert rows(see(manager, "/my-work/"), "authorise") == []

    sent_at = NOW - timedelta(hours=2)
    assessment.send_for_authorisation(held, by=service.users["Sol West"], at=sent_at)
    (row,) = rows(see(manager, "/my-work/"), "authorise")
    assert row[:4] == [
        "Amy Late",
        "Sol West",
        "18 March 2026 at 8am 2 hours ago",
        "16 March 2026 2 working days late",
    ]
    assert rows(see(other, "/my-work/"), "authorise") == []

    comment = "What does <her father> say?"
    assessment.return_assessment(held, by=manager, at=NOW, comment=comment)
    assert rows(see(manager, "/my-work/"), "authorise") == []
    page = see(service.users["Sol West"], "/my-work/")
    assert [row[:2] for row in rows(page, "returned")] == [["Amy Late", comment]]
    assert section(see(service.users["Una East"], "/my-work/"), "returned") == ""


def test_emptiness_is_a_sentence(service: Service, see: Any) -> None:
    assert "Nothing is due to you." in section(
        see(service.users["Sol West"], "/my-work/"), "duties"
    )
    page = see(service.users["Mo Gate"], "/my-work/")
    assert "No contact is waiting for a decision." in section(page, "contacts")
    assert "not linked to a worker" in section(
        see(service.users["Pat Figg"], "/my-work/"), "duties"
    )


def test_a_long_list_is_in_pages_with_its_counts_whole(service: Service, see: Any) -> None:
    for number in range(53):
        service.referred(f"Child N{number}", DUE_2_DAYS_AGO, team="Harbour", to="Sol West")
    page = see(service.users["Sol West"], "/my-work/")
    assert len(rows(page, "late")) == 50
    assert "53 late" in section(page, "duties")
    assert len(rows(see(service.users["Sol West"], "/my-work/?page=2"), "late")) == 3


def test_reading_the_names_is_written_down_once_for_all_of_them(at_work: Service, see: Any) -> None:
    see(at_work.users["Sol West"], "/my-work/")
    (event,) = Event.objects.filter(kind=Event.Kind.READ)
    shown = ("Amy Late", "Ben Soon", "Cat Friday", "Dan Later")
    assert event.by == at_work.users["Sol West"]
    assert event.children == sorted(at_work.child(name).pk for name in shown)


def test_no_address_on_the_page_holds_a_name(at_work: Service, see: Any) -> None:
    for address in links(see(at_work.users["Sol West"], "/my-work/")).values():
        assert "Late" not in address
        assert "Amy" not in address

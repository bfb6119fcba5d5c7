"""A manager decides for each child, knowing what came before and what another has decided."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from harbourlight.record.episodes.actions import close_episode
from harbourlight.record.front_door.models import Contact, Decision
from harbourlight.record.people.models import Person
from tests.pages.reading import main_of, text_of
from tests.record.families import NOW, moment
from tests.record.people.test_adding import sent_by


def address(contact: Contact) -> str:
    return f"/contacts/{contact.pk}/decide/"


def answers(contact: Contact, child: Person, **given: str) -> dict[str, str]:
    """What is answered for one child."""
    line = contact.children.get(child=child)
    answered = {"level": "1", "outcome": "advice", "reasons": ""} | given
    return {f"{question}-{line.pk}": value for question, value in answered.items()}


def to_team(record: Any) -> dict[str, str]:
    """What is answered for a child who is referred."""
    return {
        "level": "4",
        "outcome": "referral",
        "primary_need": "N1",
        "team": record.team.pk,
        "worker": record.worker.pk,
    }


def opened(desk: Any, contact: Contact) -> dict[str, Any]:
    """The page of the decision as it opens, ready to send."""
    page = desk.get(address(contact))
    lines = main_of(page).xpath(".//input[@name='line']/@value")
    return sent_by(page, "Record the decision") | {"line": lines}


def test_each_child_has_a_decision_of_their_own_and_the_shared_reasons(record, at_desk) -> None:
    first, second = record.rowans(2)
    contact = record.contact(first, second, at=moment(17))
    desk = at_desk("front_door_manager")
    sent = (
        opened(desk, contact)
        | {"shared": "Three reports this month."}
        | answers(contact, first, **to_team(record), reasons="PRIVATE-FIRST")
        | answers(contact, second, outcome="early_help", reasons="PRIVATE-SECOND")
    )
    answer = desk.post(address(contact), sent)
    assert answer.headers["Location"] == f"/contacts/{contact.pk}/decided/"
    held = {
        one.child_id: (one.level, one.outcome, one.reasons)
        for one in Decision.objects.filter(about="contact")
    }
    assert held == {
        first.pk: ("4", "referral", "Three reports this month.\n\nPRIVATE-FIRST"),
        second.pk: ("1", "early_help", "Three reports this month.\n\nPRIVATE-SECOND"),
    }
    episode = first.episodes.get()
    assert (episode.team, episode.worker, episode.primary_need) == (
        record.team,
        record.worker,
        "N1",
    )
    assert not second.episodes.exists()
    words = text_of(main_of(desk.get(answer.headers["Location"])))
    assert "The referral it became , for Rowan0 Rowan : Sol Westing, Harbour Team" in words
    assert "PRIVATE-SECOND" not in text_of(main_of(desk.get(f"/people/{first.pk}/")))
    assert "PRIVATE-FIRST" not in text_of(main_of(desk.get(f"/people/{second.pk}/")))
    desk.post(address(contact), sent)  # pressed twice
    assert Decision.objects.filter(about="contact").count() == 2


def test_what_is_left_unanswered_is_asked_for_by_the_childs_name(record, at_desk) -> None:
    first, second = record.rowans(2)
    contact = record.contact(first, second, at=moment(17))
    desk = at_desk("front_door_manager")
    sent = (
        opened(desk, contact)
        | answers(contact, first, outcome="referral", reasons="Weighed.")
        | answers(contact, second, level="")
    )
    words = text_of(main_of(desk.post(address(contact), sent)))
    for told in (
        "Select the primary need of Rowan0 Rowan",
        "Select the team for Rowan0 Rowan",
        "Select the level of need of Rowan1 Rowan",
        "Enter the reasons for Rowan1 Rowan",
    ):
        assert told in words
    assert "Enter the reasons for Rowan0 Rowan" not in words
    assert not Decision.objects.exists()


def test_the_first_childs_answers_serve_for_all_but_for_what_is_said_of_one_alone(
    record, at_desk
) -> None:
    first, second, third = record.rowans(3)
    contact = record.contact(first, second, third, at=moment(17))
    desk = at_desk("front_door_manager")
    sent = (
        opened(desk, contact)
        | answers(contact, first, **to_team(record), reasons="PRIVATE-FIRST")
        | {"same": "yes"}
    )
    page = desk.post(address(contact), sent)
    typed = sent_by(page, "Record the decision")
    for child in (first, second, third):
        line = contact.children.get(child=child).pk
        for question, value in to_team(record).items():
            assert typed[f"{question}-{line}"] == value
        assert typed[f"reasons-{line}"] == ("PRIVATE-FIRST" if child == first else "")


# ---- What is known ------------------------------------------------------------------------------


def test_what_came_before_stands_beside_the_decision(record, at_desk) -> None:
    child = record.child("Maya Thornwick")
    before = record.contact(child, at=moment(16, 9, year=2025))  # 12 months and a day before
    episode = record.decide(before, at=moment(16, 12, year=2025), outcome="referral")[0]
    close_episode(
        by=record.user("team_manager"),
        at=moment(2, month=6, year=2025),
        episode=episode,
        on=date(2025, 6, 2),
        reason="RC9",
    )
    for day in (17, 20):
        record.decide(record.contact(child, at=moment(day, year=2025)), at=moment(day, 12))
    contact = record.contact(child, at=moment(17))
    words = text_of(main_of(at_desk("front_door_manager").get(address(contact))))
    assert "Case: none open" in words
    assert "2 other contacts in the 12 months before" in words
    assert (
        "Referred 16 March 2025, closed 2 June 2025: Case closed after assessment, referred to "
        "early help" in words
    )


def test_new_information_on_an_open_case_goes_to_the_worker_and_is_no_other_referral(
    record, at_desk
) -> None:
    child = record.child("Maya Thornwick")
    record.decide(record.contact(child, at=moment(9)), at=moment(9, 12), outcome="referral")
    contact = record.contact(child, at=moment(17))
    desk = at_desk("front_door_manager")
    page = desk.get(address(contact))
    assert "Case: open since 9 March 2026. Sol Westing, Harbour Team" in text_of(main_of(page))
    typed, line = opened(desk, contact), contact.children.get().pk
    assert typed[f"outcome-{line}"] == "existing_referral"
    refused = desk.post(
        address(contact),
        typed | answers(contact, child, **to_team(record), reasons="Again."),
    )
    assert "Maya Thornwick has an open case" in text_of(main_of(refused))
    desk.post(address(contact), typed | {f"level-{line}": "4", f"reasons-{line}": "Passed on."})
    assert child.episodes.count() == 1
    assert Decision.objects.filter(outcome="existing_referral").count() == 1


# ---- Two managers at once -----------------------------------------------------------------------


def test_who_decides_second_sees_what_the_first_decided_and_must_confirm(record, at_desk) -> None:
    child = record.child("Maya Thornwick")
    contact = record.contact(child, at=moment(17))
    desk = at_desk("front_door_manager")
    first, second = opened(desk, contact), opened(desk, contact)
    desk.post(address(contact), first | answers(contact, child, reasons="FIRST-REASONS"))
    with time_machine.travel(NOW + timedelta(minutes=5)):
        mine = second | answers(contact, child, outcome="early_help", reasons="SECOND-REASONS")
        shown = desk.post(address(contact), mine)
        words = text_of(main_of(shown))
        assert "Somebody else decided this while you had the page open" in words
        assert "FIRST-REASONS" in words
        assert Decision.objects.count() == 1
        again = sent_by(shown, "Record the decision")
        desk.post(address(contact), again | {"line": second["line"]})
    assert [one.reasons for one in Decision.objects.order_by("decided_at")] == [
        "FIRST-REASONS",
        "SECOND-REASONS",
    ]


@pytest.mark.parametrize("asked", ["", "?line={line}"])
def test_a_contact_already_decided_is_decided_again_only_when_asked_for(
    record, at_desk, asked
) -> None:
    contact = record.contact(record.child("Maya Thornwick"), at=moment(17))
    record.decide(contact, at=moment(17, 12), reasons="FIRST-REASONS")
    page = at_desk("front_door_manager").get(
        address(contact) + asked.format(line=contact.children.get().pk)
    )
    if not asked:
        assert page.headers["Location"] == f"/contacts/{contact.pk}/"
    else:
        assert "Decided before" in text_of(main_of(page))
        assert "FIRST-REASONS" in text_of(main_of(page))

"""An episode of need: opened once, allocated, corrected, closed."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from harbourlight.foundation.actions import Refused
from harbourlight.record.episodes import actions
from harbourlight.record.episodes.models import Allocation, Episode
from harbourlight.record.live_ledger.models import Entry
from harbourlight.record.workforce.models import Professional
from tests.record.families import NOW, Record, moment
from tests.record.people.test_adding import sent_by


@pytest.fixture
def episode(record: Record) -> Episode:
    """A child referred on 10 March."""
    return record.referred(record.child("Ash Sorrel"), at=moment(10))


def test_new_information_on_an_open_case_is_not_another_referral(
    record: Record, episode: Episode
) -> None:
    with pytest.raises(Refused, match="already has an open referral"):
        record.referred(episode.child, at=moment(12))
    who = {"by": record.user("team_manager"), "at": NOW}
    actions.correct_episode(episode, {"no_further_action": True}, **who, because="It went nowhere")
    assert record.referred(episode.child, at=moment(13)).is_open


def test_an_entry_follows_the_case_to_its_new_worker(record: Record, episode: Episode) -> None:
    taking = Professional.objects.create(name="Ola Nexton", team=record.team)
    who = {"by": record.user("team_manager"), "at": NOW}
    assert Entry.objects.get(standard="ASM-45").worker_id != taking.pk
    actions.allocate(**who, episode=episode, team=record.team, worker=taking, on=NOW.date())
    assert Entry.objects.get(standard="ASM-45").worker_id == taking.pk
    open_now = Allocation.objects.standing().filter(episode=episode, ended_on__isnull=True)
    assert [one.worker_id for one in open_now] == [taking.pk]
    with pytest.raises(Refused, match="choose that day or a later one"):
        actions.allocate(
            **who,
            episode=episode,
            team=record.team,
            worker=record.worker,
            on=NOW.date() - timedelta(days=1),
        )


@pytest.mark.parametrize(
    ("on", "outcome"), [(date(2026, 3, 17), "not_applicable"), (date(2026, 6, 30), "overdue")]
)
def test_closing_in_time_ends_the_duty_and_closing_late_does_not_excuse_it(
    record: Record, episode: Episode, on: date, outcome: str
) -> None:
    who = {"by": record.user("team_manager"), "at": moment(1, month=7)}
    actions.close_episode(**who, episode=episode, on=on, reason="RC8")
    entry = Entry.objects.get(standard="ASM-45")
    assert entry.outcome_at(moment(1, month=7).replace(tzinfo=None)) == outcome
    with pytest.raises(Refused, match="not open"):
        actions.close_episode(**who, episode=episode, on=on, reason="RC8")


def test_a_time_sent_back_untouched_is_no_correction(
    record: Record, episode: Episode, at_desk: Callable[[str], Any]
) -> None:
    at = episode.referred_at.replace(second=37)
    Episode.objects.update(referred_at=at)
    desk = at_desk("team_manager")
    form = sent_by(desk.get(f"/episodes/{episode.pk}/correct/"), "Correct")
    typed = form | {"source_code": "6", "because": "It was the police"}
    sent = desk.post(f"/episodes/{episode.pk}/correct/", typed)
    assert sent.status_code == 302, sent.content.decode()
    corrected = Episode.objects.get()
    assert (corrected.source_code, corrected.referred_at) == ("6", at)


def test_what_stands_on_an_episode_must_be_struck_out_first(
    record: Record, episode: Episode
) -> None:
    from harbourlight.record.protection.actions import begin_enquiry, strike_out_protection

    who = {"by": record.user("team_manager"), "at": NOW}
    enquiry = begin_enquiry(**who, episode=episode, on=NOW.date())
    with pytest.raises(Refused, match="a section 47 enquiry"):
        actions.strike_out_episode(episode, **who, because="Wrong child")
    strike_out_protection(enquiry, **who, because="Wrong child")
    actions.strike_out_episode(episode, **who, because="Wrong child")
    assert not Entry.objects.filter(about="referral").exists()


def _correct(desk: Any, episode: Episode, **typed: str) -> Any:
    address = f"/episodes/{episode.pk}/correct/"
    form = sent_by(desk.get(address), "Correct") | {"because": "It was typed wrong"}
    return desk.post(address, form | typed)


def test_how_a_case_closed_is_corrected_and_its_worker_held_it_to_that_day(
    record: Record, episode: Episode, at_desk: Callable[[str], Any]
) -> None:
    desk = at_desk("front_door_manager")
    shown = desk.get(f"/episodes/{episode.pk}/correct/").content.decode()
    assert 'name="closed_on-day"' not in shown
    who = {"by": record.user("team_manager"), "at": NOW}
    actions.close_episode(**who, episode=episode, on=date(2026, 3, 17), reason="RC8")
    typed = {"closed_on-day": "16", "close_reason": "RC7"}
    assert _correct(desk, episode, **typed).status_code == 302
    episode.refresh_from_db()
    assert (episode.closed_on, episode.close_reason) == (date(2026, 3, 16), "RC7")
    assert [one.ended_on for one in episode.allocations.all()] == [date(2026, 3, 16)]
    nothing = {f"closed_on-{part}": "" for part in ("day", "month", "year")}
    for words, typed in (
        ("A case cannot close before the day it was referred", {"closed_on-day": "9"}),
        ("Enter the date the case closed", nothing),
    ):
        assert words in _correct(desk, episode, **typed).content.decode()
    episode.refresh_from_db()
    assert episode.closed_on == date(2026, 3, 16)


def test_a_referral_is_said_to_have_led_to_nothing_and_then_to_have_led_to_something(
    record: Record, episode: Episode, at_desk: Callable[[str], Any]
) -> None:
    desk = at_desk("front_door_manager")
    assert _correct(desk, episode, no_further_action="yes").status_code == 302
    assert not Allocation.objects.filter(episode=episode, ended_on__isnull=True).exists()
    second = record.referred(episode.child, at=moment(13))
    assert (
        "already has an open referral"
        in _correct(desk, episode, no_further_action="no").content.decode()
    )
    assert _correct(desk, second, no_further_action="yes").status_code == 302
    assert _correct(desk, episode, no_further_action="no").status_code == 302
    episode.refresh_from_db()
    assert episode.is_open


@pytest.mark.parametrize("need", ["N1", "N99"])
def test_a_code_that_may_be_chosen_no_longer_is_not_lost_by_correcting_something_else(
    record: Record, episode: Episode, at_desk: Callable[[str], Any], need: str
) -> None:
    """One of the day of the referral, and one that never was."""
    Episode.objects.filter(pk=episode.pk).update(primary_need=need[:3])
    with time_machine.travel(NOW + timedelta(days=400), tick=False):
        assert _correct(at_desk("front_door_manager"), episode, source_code="6").status_code == 302
    episode.refresh_from_db()
    assert (episode.source_code, episode.primary_need) == ("6", need[:3])


@pytest.mark.parametrize("page", ["", "allocate/", "close/", "correct/", "strike-out/"])
@pytest.mark.parametrize(
    ("role", "opens"),
    [
        ("social_worker", {""}),
        ("performance_analyst", {""}),
        ("front_door_worker", {""}),
        ("team_manager", {"", "allocate/", "close/", "correct/", "strike-out/"}),
        ("administrator", set()),
    ],
)
def test_who_may_open_what(
    record: Record,
    episode: Episode,
    at_desk: Callable[[str], Any],
    role: str,
    page: str,
    opens: set[str],
) -> None:
    answered = at_desk(role).get(f"/episodes/{episode.pk}/{page}").status_code
    assert answered == (200 if page in opens else 403)

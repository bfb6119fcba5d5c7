"""The stored ledger is the ledger computed from nothing, whatever has been written.

Random sequences of acts, corrections and strikings out; two people at once; a write that fails half
way; and a write that goes round the actions, which must be seen.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harbourlight.foundation import actions as acts
from harbourlight.foundation.actions import Refused
from harbourlight.record.assessment import actions as assessment
from harbourlight.record.assessment.models import Assessment
from harbourlight.record.episodes import actions as episodes
from harbourlight.record.episodes.models import Episode
from harbourlight.record.front_door import actions as front_door
from harbourlight.record.front_door.actions import ForChild, Received
from harbourlight.record.front_door.models import Contact
from harbourlight.record.live_ledger.keeping import begin, differences, recompute
from harbourlight.record.live_ledger.models import Coverage, Entry
from harbourlight.record.people.actions import NewPerson, add_people
from harbourlight.record.people.models import Person
from harbourlight.record.protection import actions as protection
from harbourlight.record.protection.models import Conference, Enquiry, ProtectionPlan, Review
from harbourlight.record.workforce.models import Professional, Team

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
BECAUSE = "Entered on the wrong day"


@dataclass
class World:
    """A record in use: who is writing, what time it has got to, and numbers to choose with."""

    by: Any
    at: datetime = START
    drawn: list[int] = field(default_factory=list)

    def number(self, below: int) -> int:
        return self.drawn.pop() % below if self.drawn else 0

    def one(self, rows: Any) -> Any:
        """One of the rows, by the next number; a step with nothing to choose does nothing."""
        found = list(rows.order_by("pk"))
        if not found:
            raise Refused("nothing to choose from")
        return found[self.number(len(found))]

    def day(self) -> date:
        return (self.at - timedelta(days=self.number(200))).date()

    def who(self) -> dict[str, Any]:
        return {"by": self.by, "at": self.at}


def add_family(world: World) -> None:
    new = [NewPerson("Child", f"Example {n}") for n in range(1 + world.number(3))]
    add_people(**world.who(), people=new)


def record_contact(world: World) -> None:
    children = {world.one(Person.objects.all()) for _ in range(2)}
    received = Received(world.at - timedelta(hours=world.number(2000)), "6")
    front_door.record_contact(
        **world.who(), received=received, children=sorted(children, key=lambda child: child.pk)
    )


def decide_contact(world: World) -> None:
    contact = world.one(Contact.objects.standing())
    team = Team.objects.first()
    outcomes = ("referral", "advice", "early_help", "referral")
    front_door.decide_contact(
        **world.who(),
        decisions=[
            ForChild(
                line,
                level="3",
                outcome=outcomes[world.number(4)],
                reasons="Known reasons",
                team=team,
                worker=world.one(Professional.objects.all()) if world.number(2) else None,
            )
            for line in contact.children.standing()
        ],
    )


def correct_contact(world: World) -> None:
    front_door.correct_contact(
        world.one(Contact.objects.standing()),
        {"received_at": world.at - timedelta(days=world.number(90))},
        **world.who(),
        because=BECAUSE,
    )


def strike_out_contact(world: World) -> None:
    contact = world.one(Contact.objects.standing())
    front_door.strike_out_contact(contact, **world.who(), because=BECAUSE)


def allocate(world: World) -> None:
    worker = world.one(Professional.objects.all())
    episodes.allocate(
        **world.who(),
        episode=world.one(Episode.objects.standing()),
        team=worker.team,
        worker=worker,
        on=world.day(),
    )


def close_episode(world: World) -> None:
    episode = world.one(Episode.objects.standing())
    episodes.close_episode(**world.who(), episode=episode, on=world.day(), reason="RC8")


def correct_episode(world: World) -> None:
    moved = world.at - timedelta(days=world.number(500))
    changes = {"referred_at": moved, "no_further_action": bool(world.number(2))}
    episode = world.one(Episode.objects.standing())
    episodes.correct_episode(episode, changes, **world.who(), because=BECAUSE)


def strike_out_episode(world: World) -> None:
    episode = world.one(Episode.objects.standing())
    episodes.strike_out_episode(episode, **world.who(), because=BECAUSE)


def start_assessment(world: World) -> None:
    assessment.start_assessment(
        **world.who(),
        episode=world.one(Episode.objects.standing()),
        on=world.day(),
        worker=None,
        team=None,
    )


def move_assessment(world: World) -> None:
    one = world.one(Assessment.objects.standing())
    move: Callable[..., None] = (
        assessment.send_for_authorisation,
        assessment.authorise_assessment,
        assessment.send_for_authorisation,
        lambda row, **who: assessment.return_assessment(row, **who, comment="More, please"),
        lambda row, **who: assessment.authorise_assessment(row, **who),
    )[world.number(5)]
    move(one, **world.who())


def correct_assessment(world: World) -> None:
    changes = {"started_on": world.day(), "authorised_on": world.day()}
    one = world.one(Assessment.objects.standing())
    assessment.correct_assessment(one, changes, **world.who(), because=BECAUSE)


def strike_out_assessment(world: World) -> None:
    one = world.one(Assessment.objects.standing())
    assessment.strike_out_assessment(one, **world.who(), because=BECAUSE)


def begin_enquiry(world: World) -> None:
    episode = world.one(Episode.objects.standing())
    protection.begin_enquiry(**world.who(), episode=episode, on=world.day())


def end_enquiry(world: World) -> None:
    protection.end_enquiry(
        world.one(Enquiry.objects.standing()),
        **world.who(),
        on=world.day(),
        conference_required=bool(world.number(2)),
    )


def hold_conference(world: World) -> None:
    protection.hold_conference(
        world.one(Enquiry.objects.standing()),
        **world.who(),
        on=world.day(),
        category=("NEG", "")[world.number(2)],
    )


def hold_review(world: World) -> None:
    protection.hold_review(
        world.one(ProtectionPlan.objects.standing()),
        **world.who(),
        on=world.day(),
        continues=bool(world.number(2)),
    )


PROTECTION_DATES = {
    Enquiry: "started_on",
    Conference: "held_on",
    ProtectionPlan: "started_on",
    Review: "held_on",
}


def correct_protection(world: World) -> None:
    model = list(PROTECTION_DATES)[world.number(4)]
    protection.correct_protection(
        world.one(model.objects.standing()),
        {PROTECTION_DATES[model]: world.day()},
        **world.who(),
        because=BECAUSE,
    )


def strike_out_protection(world: World) -> None:
    model = list(PROTECTION_DATES)[world.number(4)]
    fact = world.one(model.objects.standing())
    protection.strike_out_protection(fact, **world.who(), because=BECAUSE)


STEPS = (
    add_family,
    record_contact,
    record_contact,
    decide_contact,
    decide_contact,
    correct_contact,
    strike_out_contact,
    allocate,
    close_episode,
    correct_episode,
    strike_out_episode,
    start_assessment,
    start_assessment,
    move_assessment,
    move_assessment,
    correct_assessment,
    strike_out_assessment,
    begin_enquiry,
    begin_enquiry,
    end_enquiry,
    hold_conference,
    hold_review,
    correct_protection,
    strike_out_protection,
)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def world(account: Callable[..., Any]) -> World:
    """A team, two workers, and nobody known yet."""
    team = Team.objects.create(name="Example Team")
    for name in ("Worker One", "Worker Two"):
        Professional.objects.create(name=name, team=team)
    return World(account("team_manager"))


# As a journey goes, so that most sequences reach a plan and a review, with surprises between.
JOURNEY = [add_family, record_contact, decide_contact, begin_enquiry, hold_conference, hold_review]

step = st.tuples(st.sampled_from(STEPS), st.lists(st.integers(0, 5000), min_size=3, max_size=9))
then = st.tuples(st.integers(0, 40), step)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    surprises=st.lists(then, min_size=2, max_size=10),
    journey=st.lists(
        st.lists(st.integers(0, 5000), min_size=6, max_size=6), min_size=6, max_size=6
    ),
    begins=st.none() | st.dates(date(2025, 1, 1), date(2026, 1, 1)),
)
def test_any_sequence_of_acts_leaves_the_ledger_as_if_computed_from_nothing(
    world: World,
    surprises: list[tuple[int, tuple[Any, list[int]]]],
    journey: list[list[int]],
    begins: date | None,
) -> None:
    with undone():
        if begins:
            for table in ("ssd_cin_episodes", "ssd_cin_assessments", "ssd_cp_plans"):
                Coverage.objects.create(table=table, complete_from=begins)
        steps = [(0, named) for named in zip(JOURNEY, journey, strict=True)]
        for place, (days, (act, numbers)) in enumerate(steps + surprises):
            world.at += timedelta(days=days, hours=1)
            world.drawn = list(numbers)
            try:
                with transaction.atomic():
                    act(world)
            except Refused:
                continue
            assert differences() == [], f"after {act.__name__}"
            if place < len(JOURNEY) and act is not add_family:
                assert Entry.objects.exists(), "the journey makes entries from its first contact"
        before = list(Entry.objects.order_by("pk").values_list())
        recompute()
        assert list(Entry.objects.order_by("pk").values_list()) == before
    world.at = START


def test_a_write_that_goes_round_the_actions_is_seen(world: World) -> None:
    _, (child,) = add_people(**world.who(), people=[NewPerson("Child", "Example")])
    received = Received(world.at - timedelta(hours=2), "6")
    front_door.record_contact(**world.who(), received=received, children=[child])
    assert differences() == []
    Contact.objects.update(received_at=world.at - timedelta(days=9))
    assert {row[0] for row in differences()} == {"stored", "computed"}
    Entry.objects.all().delete()
    assert {row[0] for row in differences()} == {"computed"}


def test_an_act_that_fails_half_way_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, children = add_people(**world.who(), people=[NewPerson("A", "B"), NewPerson("C", "D")])
    received = Received(world.at - timedelta(hours=2), "6")
    contact = front_door.record_contact(**world.who(), received=received, children=children)
    before = list(Entry.objects.order_by("pk").values_list())
    lines = list(contact.children.all())
    decided = [ForChild(line, "4", "referral", "Reasons") for line in lines]
    decided[1] = ForChild(lines[1], "4", "referral", reasons=" ")
    with pytest.raises(Refused, match="reasons"):
        front_door.decide_contact(**world.who(), decisions=decided)
    assert not Episode.objects.exists()
    assert list(Entry.objects.order_by("pk").values_list()) == before

    def fail(_: object) -> None:
        raise RuntimeError("the ledger cannot be kept")

    monkeypatch.setattr(acts, "_followers", [fail])
    with pytest.raises(RuntimeError):
        front_door.decide_contact(**world.who(), decisions=decided[:1])
    assert not Episode.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_writing_about_one_child_at_once_both_count(account: Callable[..., Any]) -> None:
    by = account("team_manager")
    _, (child,) = add_people(by=by, at=START, people=[NewPerson("Child", "Example")])
    start = threading.Barrier(4)
    failures: list[BaseException] = []

    def record(hours: int) -> None:
        try:
            start.wait()
            received = Received(START - timedelta(hours=hours), "6")
            front_door.record_contact(by=by, at=START, received=received, children=[child])
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=record, args=(hours,)) for hours in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Entry.objects.filter(standard="REF-DEC", about="contact").count() == 4
    assert differences() == []
    assert connection.in_atomic_block is False


@pytest.mark.django_db
def test_a_record_that_begins_today_does_not_claim_to_know_the_year_before(world: World) -> None:
    begin(START.date())
    begin(START.date() + timedelta(days=40))  # started again: the first day stands
    _, (child,) = add_people(**world.who(), people=[NewPerson("Child", "Example")])
    for days, standing in ((1, "cannot_tell"), (30, "applies"), (400, "applies")):
        world.at = START + timedelta(days=days)
        received = Received(world.at, "6")
        contact = front_door.record_contact(**world.who(), received=received, children=[child])
        line = contact.children.get()
        (episode,) = front_door.decide_contact(
            **world.who(), decisions=[ForChild(line, "4", "referral", "Reasons")]
        )
        entry = Entry.objects.get(standard="REREF-12M", about_id=episode.pk)
        # Referred again after a month: whatever went before, that is a re-referral.
        assert (entry.standing, entry.met_at is None) == (standing, days != 400)
        on = world.at.date()
        episodes.close_episode(**world.who(), episode=episode, on=on, reason="RC8")
    assert differences() == []

"""A small service on a Wednesday in March: two teams and a front door, and the people in them.

Everything is recorded by the actions that record it. Tests that ask what day it is stand at NOW.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from harbourlight.record.assessment import actions as assessment
from harbourlight.record.assessment.models import Assessment
from harbourlight.record.episodes.models import Episode
from harbourlight.record.front_door import actions as front_door
from harbourlight.record.front_door.models import Contact
from harbourlight.record.people.actions import NewPerson, add_people
from harbourlight.record.people.models import Person
from harbourlight.record.workforce.models import Professional, Team

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 3, 18, 10, 0, tzinfo=LONDON)  # a Wednesday

# 45 working days from each, with New Year's Day before and Good Friday after:
DUE_2_DAYS_AGO = date(2026, 1, 12)  # due Monday 16 March
DUE_IN_3_DAYS = date(2026, 1, 19)  # due Monday 23 March
DUE_IN_5_DAYS = date(2026, 1, 21)  # due Wednesday 25 March
DUE_IN_6_DAYS = date(2026, 1, 22)  # due Thursday 26 March


@dataclass
class Service:
    """Who works where, and shorthand for what they record."""

    account: Callable[..., Any]
    teams: dict[str, Team] = field(default_factory=dict)
    users: dict[str, Any] = field(default_factory=dict)
    workers: dict[str, Professional] = field(default_factory=dict)

    def joins(self, name: str, role: str, team: str | None) -> Any:
        """Someone with a role joins a team, and can sign in."""
        if team and team not in self.teams:
            self.teams[team] = Team.objects.create(name=team)
        held = self.teams[team] if team else None
        worker = Professional.objects.create(name=name, team=held) if held else None
        if worker:
            self.workers[name] = worker
        self.users[name] = self.account(
            role,
            username=name.lower().replace(" ", "."),
            full_name=name,
            team_id=held.pk if held else None,
            professional_id=worker.pk if worker else None,
        )
        return self.users[name]

    def child(self, name: str) -> Person:
        """A child, by name; added when first spoken of."""
        forename, surname = name.split(" ", 1)
        found = Person.objects.filter(forename=forename, surname=surname).first()
        if found is None:
            _, (found,) = add_people(
                by=self.users["Fay Door"], at=NOW, people=[NewPerson(forename, surname)]
            )
        return found

    def contact(self, *names: str, at: datetime, agency: str = "Example School") -> Contact:
        """Somebody makes contact about children."""
        return front_door.record_contact(
            by=self.users["Fay Door"],
            at=at,
            received=front_door.Received(received_at=at, source_code="1A", agency=agency),
            children=[self.child(name) for name in names],
        )

    def decide(self, contact: Contact, *, at: datetime = NOW, outcome: str = "advice") -> None:
        """A manager decides a contact, the same for every child."""
        front_door.decide_contact(
            by=self.users["Mo Gate"],
            at=at,
            decisions=[
                front_door.ForChild(line=line, level="2", outcome=outcome, reasons="Reasons.")
                for line in contact.children.all()
            ],
        )

    def referred(self, name: str, on: date, *, team: str, to: str | None) -> Episode:
        """A child is told of at nine, and referred to a team within the hour; perhaps allocated."""
        at = datetime.combine(on, time(9), LONDON)
        contact = self.contact(name, at=at)
        (episode,) = front_door.decide_contact(
            by=self.users["Mo Gate"],
            at=at + timedelta(minutes=50),
            decisions=[
                front_door.ForChild(
                    line=contact.children.get(),
                    level="3",
                    outcome=front_door.REFERRAL,
                    reasons="Reasons.",
                    primary_need="N1",
                    team=self.teams[team],
                    worker=self.workers[to] if to else None,
                )
            ],
        )
        return episode

    def assessed(self, episode: Episode, *, started: date, by: str) -> Assessment:
        """An assessment is started, and is being written."""
        return assessment.start_assessment(
            by=self.users[by],
            at=NOW - timedelta(days=1),
            episode=episode,
            on=started,
            worker=self.workers[by],
            team=episode.team,
        )

    def authorised(self, episode: Episode, *, at: datetime, by: str, manager: str) -> Assessment:
        """An assessment is written, sent and authorised, all at one time."""
        made = assessment.start_assessment(
            by=self.users[by],
            at=at,
            episode=episode,
            on=at.date(),
            worker=self.workers[by],
            team=episode.team,
        )
        assessment.send_for_authorisation(made, by=self.users[by], at=at)
        assessment.authorise_assessment(made, by=self.users[manager], at=at)
        return made


def small_service(account: Callable[..., Any]) -> Service:
    """The front door, and two teams with a manager each."""
    made = Service(account)
    for name, role, team in (
        ("Fay Door", "front_door_worker", "Front Door"),
        ("Mo Gate", "front_door_manager", "Front Door"),
        ("Sol West", "social_worker", "Harbour"),
        ("Una East", "social_worker", "Harbour"),
        ("Tam Over", "team_manager", "Harbour"),
        ("Ned North", "social_worker", "Lantern"),
        ("Lou Lamp", "team_manager", "Lantern"),
        ("Pat Figg", "performance_analyst", None),
        ("Ada Min", "administrator", None),
    ):
        made.joins(name, role, team)
    return made

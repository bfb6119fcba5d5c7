"""An invented front door and two families, for tests of the record's pages.

The Rowans are many: a page that shows each of them must not ask more of the database for it. The
Sorrels are one child alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.test.utils import CaptureQueriesContext

from harbourlight.record.episodes.models import Episode
from harbourlight.record.front_door import actions as front_door
from harbourlight.record.front_door.models import Contact
from harbourlight.record.people.actions import NewPerson, add_people
from harbourlight.record.people.models import Person
from harbourlight.record.workforce.models import Professional, Team

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 3, 18, 10, 0, tzinfo=LONDON)  # a Wednesday
MOST_QUERIES = 20


def moment(
    day: int, hour: int = 9, minute: int = 0, *, month: int = 3, year: int = 2026
) -> datetime:
    """A time by the clock in London."""
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


@dataclass
class Record:
    """Who works where, and shorthand for what they record."""

    account: Callable[..., Any]
    users: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.team = Team.objects.create(name="Harbour Team")
        self.worker = Professional.objects.create(name="Sol Westing", team=self.team)

    def user(self, role: str) -> Any:
        """Somebody with a role; a social worker is the one who is given cases, in the team."""
        if role not in self.users:
            works = {"social_worker": {"professional_id": self.worker.pk, "team_id": self.team.pk}}
            works["team_manager"] = {"team_id": self.team.pk}
            self.users[role] = self.account(role, **works.get(role, {}))
        return self.users[role]

    def add(self, *people: NewPerson, at: datetime = NOW) -> list[Person]:
        """Add a family."""
        _, added = add_people(by=self.user("front_door_worker"), at=at, people=people)
        return added

    def child(self, name: str, born_on: date | None = date(2018, 5, 1), **more: Any) -> Person:
        """A child alone in a family."""
        forename, surname = name.split(" ", 1)
        return self.add(NewPerson(forename, surname, born_on=born_on, **more))[0]

    def rowans(self, children: int = 6) -> list[Person]:
        """A family of many, and its children."""
        return self.add(
            *(
                NewPerson(f"Rowan{number}", "Rowan", born_on=date(2012 + number, 2, 3))
                for number in range(children)
            ),
            NewPerson("Hazel", "Rowan", place="parent", born_on=date(1988, 1, 1)),
        )[:children]

    def contact(self, *children: Person, at: datetime, said: str = "They came cold.") -> Contact:
        """Somebody makes contact about children, and it is recorded at once."""
        return front_door.record_contact(
            by=self.user("front_door_worker"),
            at=at,
            received=front_door.Received(at, "2A", "Example School", "Ms Reply", said),
            children=children,
        )

    def decide(
        self,
        contact: Contact,
        *,
        at: datetime,
        outcome: str = "advice",
        reasons: str = "Weighed with care.",
    ) -> list[Episode]:
        """A manager decides a contact, the same for every child."""
        referred = outcome == "referral"
        return front_door.decide_contact(
            by=self.user("front_door_manager"),
            at=at,
            decisions=[
                front_door.ForChild(
                    line,
                    "4" if referred else "1",
                    outcome,
                    reasons,
                    "N1" if referred else "",
                    self.team if referred else None,
                    self.worker if referred else None,
                )
                for line in contact.children.order_by("id")
            ],
        )

    def referred(self, child: Person, *, at: datetime) -> Episode:
        """A contact about a child is received and decided at one moment, and becomes a referral."""
        return self.decide(self.contact(child, at=at), at=at, outcome="referral")[0]

    def busy(self) -> list[Person]:
        """The Rowans with everything that a page can list, several times over."""
        children = self.rowans()
        for day in range(2, 7):
            told = self.contact(*children, at=moment(day))
            if day % 2:
                self.decide(told, at=moment(day, 12))
        self.decide(self.contact(*children, at=moment(9)), at=moment(9, 12), outcome="referral")
        return children


def queries_of(client: Any, address: str, data: dict[str, Any] | None = None) -> int:
    """How many things a page asks the database, the marks of its transaction left out.

    So is giving the identity back: outside a test's own transaction it ends with the page's.
    """
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address) if data is None else client.post(address, data)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    marks = (
        *("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"),
        "SELECT SET_CONFIG('ROLE', 'NONE'",
    )
    return sum(not one["sql"].lstrip().upper().startswith(marks) for one in asked)

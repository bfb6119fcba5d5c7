"""Children of every class a rule of access tells apart, in a service of two teams.

Seen from the Harbour team: `mine` is Sol West's, `teams` her colleague's, `sibling` in the family
of hers with no case, `other` the Lantern team's, `hidden` restricted with no case in Harbour,
`granted` restricted with a grant to Sol West alone.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from harbourlight.foundation.access import ROLES
from harbourlight.foundation.accounts import actions as accounts
from harbourlight.record.assessment import actions as assessment
from harbourlight.record.confidentiality import actions as confidentiality
from harbourlight.record.episodes.models import Episode
from harbourlight.record.people.actions import NewPerson, add_people
from harbourlight.record.people.models import Person
from tests.pages.service import NOW, Service, small_service

__all__ = ["NOW", "service_of_classes"]

PASSWORD = "three small blue boats"
SECRET = "Quillon"
"""The surname of the restricted child: it must be found in nothing shown to who may not know."""


def account(role: str, username: str = "", **fields: Any) -> Any:
    """An account with a role."""
    user, _ = accounts.add_account(
        username=username or role.replace("_", "."),
        role=role,
        by=None,
        at=timezone.now(),
        password=PASSWORD,
        **{"full_name": role.replace("_", " ").title(), **fields},
    )
    return user


class Classes(Service):
    """The service, with `people` by class, and what is recorded of each by kind."""

    people: dict[str, Person]
    things: dict[str, dict[str, str]]
    by_role: dict[str, Any]

    def more_things(self, of: str) -> dict[str, str]:
        """Identifiers of what was recorded of a child besides, as addresses call them."""
        given = {"restriction": "restriction_id", "grant": "grant_id"}
        return {given[name]: held for name, held in self.things[of].items() if name in given}

    def thing(self, of: str, name: str) -> str:
        """The identifier of something recorded of a child."""
        return self.things[of][name]


def service_of_classes() -> Classes:
    """Everybody and everything."""
    base = small_service(account)
    made = Classes(account, base.teams, base.users, base.workers)
    for role in ROLES:
        if role.code not in {user.role for user in made.users.values()}:
            ends = {"ends_on": NOW.date() + timedelta(days=30)} if role.time_limited else {}
            name = role.name.title()
            made.users[name] = account(role.code, full_name=name, **ends)
    made.by_role = {}
    for user in made.users.values():
        made.by_role.setdefault(user.role, user)
    made.people, made.things = {}, {}
    day = NOW.date() - timedelta(days=20)
    for of, name, team, to in (
        ("mine", "Mira Mine", "Harbour", "Sol West"),
        ("teams", "Tess Teams", "Harbour", "Una East"),
        ("other", "Otto Other", "Lantern", "Ned North"),
        ("hidden", f"Hidden {SECRET}", "Lantern", "Ned North"),
        ("granted", "Gale Granted", "Lantern", "Ned North"),
    ):
        episode = made.referred(name, day, team=team, to=to)
        made.people[of] = made.child(name)
        made.things[of] = _recorded(made, episode, by=to)
    _, (sibling,) = add_people(
        by=made.users["Fay Door"],
        at=NOW,
        people=[NewPerson("Sib", "Mine")],
        family=made.people["mine"].families.get(),
    )
    made.people["sibling"] = sibling
    # The hidden child's sibling is in Sol West's own family: it must be shown without them.
    add_people(
        by=made.users["Fay Door"],
        at=NOW,
        people=[],
        family=made.people["mine"].families.get(),
        joining=[_joining(made.people["hidden"])],
    )
    both = made.contact("Mira Mine", f"Hidden {SECRET}", at=NOW - timedelta(days=3))
    made.things["hidden"]["shared_contact"] = both.pk
    made.things["hidden"]["siblings_line"] = both.children.get(child=made.people["mine"]).pk
    officer = made.by_role["records_officer"]
    for of in ("hidden", "granted"):
        held = confidentiality.restrict(
            made.people[of], by=officer, at=NOW, because="Adoption is planned."
        )
        made.things[of]["restriction"] = held.pk
    given = confidentiality.grant(
        made.people["granted"],
        user=made.users["Sol West"],
        by=officer,
        at=NOW,
        because="Is to take the case over.",
    )
    made.things["granted"]["grant"] = given.pk
    return made


def _joining(person: Person) -> Any:
    from harbourlight.record.people.actions import Joining

    return Joining(person, "child")


def _recorded(made: Classes, episode: Episode, *, by: str) -> dict[str, str]:
    started = assessment.start_assessment(
        by=made.users[by],
        at=NOW - timedelta(days=5),
        episode=episode,
        on=(NOW - timedelta(days=5)).date(),
        worker=made.workers[by],
        team=episode.team,
    )
    assert episode.contact is not None
    return {
        "episode": episode.pk,
        "assessment": started.pk,
        "contact": episode.contact.contact_id,
        "line": episode.contact_id or "",
    }


def moment(**later: float) -> datetime:
    """NOW, and so much later."""
    return NOW + timedelta(**later)

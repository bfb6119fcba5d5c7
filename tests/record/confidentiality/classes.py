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
from harbourlight.foundation.instruments.instrument import About
from harbourlight.foundation.instruments.selectors import instrument_in_force
from harbourlight.record.confidentiality import actions as confidentiality
from harbourlight.record.confidentiality.models import Opening
from harbourlight.record.documents import actions as documents
from harbourlight.record.episodes.models import Episode
from harbourlight.record.matching.merging import merge
from harbourlight.record.matching.models import Proposal
from harbourlight.record.people.actions import Joining, NewPerson, add_fact, add_people
from harbourlight.record.people.details import BY_CODE
from harbourlight.record.people.models import FamilyMember, Person
from harbourlight.record.questionnaires import actions as questionnaires
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

    walled: dict[str, dict[str, str]]
    """What is in each walled area of the record of `mine`, by kind."""

    def thing(self, of: str, name: str) -> str:
        """The identifier of something recorded of a child, by what addresses call it."""
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
        joining=[Joining(made.people["hidden"], "child")],
    )
    both = made.contact("Mira Mine", f"Hidden {SECRET}", at=NOW - timedelta(days=3))
    made.things["hidden"]["shared_contact"] = both.pk
    made.things["hidden"]["siblings_line"] = both.children.get(child=made.people["mine"]).pk
    officer, coordinator = made.by_role["records_officer"], made.by_role["exploitation_coordinator"]
    for of in made.things:
        made.things[of] |= _held_beside(made, made.people[of])
    held_by = made.by_role["designated_officer"]
    mine = made.people["mine"]
    made.walled = {
        "allegations": _filed(made, mine, by=held_by, area="allegations"),
        "intelligence": _filed(made, mine, by=coordinator, area="intelligence")
        | _answered(made, mine, by=coordinator, code="exploitation"),
    }
    for of in ("hidden", "granted"):
        confidentiality.restrict(
            made.people[of], by=officer, at=NOW, because="Adoption is planned."
        )
    return made


def _recorded(made: Classes, episode: Episode, *, by: str) -> dict[str, str]:
    """What addresses name of a child's record, one of each, as they name it."""
    user, day = made.users[by], (NOW - timedelta(days=5)).date()
    child = episode.child
    written = made.assessed(episode, started=day, by=by)
    (address,) = add_fact(
        BY_CODE["addresses"],
        child,
        {"kind": "home", "lines": "1 Quay Street", "postcode": "NE1 4XX"},
        by=user,
        at=NOW,
    )
    assert episode.contact is not None
    return {
        "person_id": child.pk,
        "child_id": child.pk,
        "episode_id": episode.pk,
        "assessment_id": written.pk,
        "contact_id": episode.contact.contact_id,
        "line_id": episode.contact_id or "",
        "kind": "addresses",
        "fact_id": address.pk,
        **_filed(made, child, by=user),
        **_answered(made, child, by=user, code="visit"),
    }


def _held_beside(made: Classes, child: Person) -> dict[str, str]:
    """What is held of a child beside their record: who may know, who looked, who they may be."""
    granted = confidentiality.grant(
        child,
        user=made.users["Sol West" if child == made.people["granted"] else "Ned North"],
        by=made.by_role["records_officer"],
        at=NOW,
        because="Is to take the case over.",
    )
    opening = Opening.objects.create(
        person=child,
        because="A letter was sent to her.",
        ends_at=NOW,
        recorded_at=NOW - timedelta(hours=1),
        recorded_by=made.users["Lou Lamp"],
    )
    first, second = sorted((child, made.child("Some Body")), key=lambda one: one.pk)
    proposal = Proposal.objects.create(
        person=first, other=second, proposed_at=NOW, weight=9.0, compared="0" * 64
    )
    merger = merge(
        by=made.by_role["records_officer"],
        at=NOW,
        kept=child,
        retired=made.child(f"Twice {child.forename}"),
        because="One was added twice.",
    )
    member = FamilyMember.objects.filter(person=child).earliest("recorded_at", "pk")
    return {
        "grant_id": granted.pk,
        "opening_id": opening.pk,
        "proposal_id": proposal.pk,
        "merger_id": merger.pk,
        "member_id": member.pk,
    }


def _filed(made: Classes, child: Person, *, by: Any, area: str = "") -> dict[str, str]:
    (document,) = documents.add_documents(
        by=by,
        at=NOW,
        children=[child],
        files=[documents.File("letter.txt", b"They came cold.")],
        kind="letter",
        received_on=NOW.date(),
        area=area,
    )
    return {"document_id": document.pk, "version_id": document.versions.get().pk}


def _answered(made: Classes, child: Person, *, by: Any, code: str) -> dict[str, str]:
    """A questionnaire being answered, and the one before it, which was finished."""
    instrument = instrument_in_force(code, NOW.date())
    assert instrument is not None
    held = []
    for at in (NOW - timedelta(days=2), NOW):
        held += questionnaires.start(
            by=by, at=at, instrument=instrument, children=[child], on=at.date(), worker=None
        )
    questionnaires.finish(held[:1], {}, by=by, at=NOW - timedelta(days=2))
    before, now = held
    each = {section.name for section in instrument.sections
            for asked in section.questions if asked.about is About.EACH}  # fmt: skip
    return {
        "response_id": now.pk,
        "occasion": now.occasion,
        "section": instrument.sections[0].name,
        "questionnaires:answer:section": min(each),
        "questionnaires:correct:response_id": before.pk,
    }


def moment(**later: float) -> datetime:
    """NOW, and so much later."""
    return NOW + timedelta(**later)

"""Recording contacts, and deciding them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused, acting
from harbourlight.foundation.facts import correct, strike_out
from harbourlight.record.episodes.actions import Referred, open_episode
from harbourlight.record.episodes.models import Episode
from harbourlight.record.front_door.models import Contact, ContactChild, Decision
from harbourlight.record.people.models import Person
from harbourlight.record.workforce.models import Professional, Team

REFERRAL = "referral"


@dataclass(frozen=True)
class Received:
    """What a contact said, from whom and when."""

    received_at: datetime
    source_code: str
    agency: str = ""
    contact_person: str = ""
    what_was_said: str = ""


def record_contact(
    *, by: User, at: datetime, received: Received, children: Sequence[Person]
) -> Contact:
    """Record a contact and the children it concerns.

    Raises `Refused` for no child, or a contact received after it is recorded.
    """
    if not children:
        raise Refused(_("Choose at least one child this contact is about"), field="children")
    if received.received_at > at:
        raise Refused(_("A contact cannot have been received in the future"), field="received_at")
    with acting("contact:record", by=by, at=at) as act:
        contact = Contact.objects.create(
            received_at=received.received_at,
            source_code=received.source_code,
            agency=received.agency,
            contact_person=received.contact_person,
            what_was_said=received.what_was_said,
            recorded_at=at,
            recorded_by=by,
        )
        for child in children:
            ContactChild.objects.create(
                contact=contact, child=child, recorded_at=at, recorded_by=by
            )
        act.on(contact=contact.pk)
        act.touches(*(child.pk for child in children))
    return contact


@dataclass(frozen=True)
class ForChild:
    """What is decided for one of the children a contact concerns."""

    line: ContactChild
    level: str
    outcome: str
    reasons: str
    primary_need: str = ""
    team: Team | None = None
    worker: Professional | None = None


class DecidedMeanwhile(Refused):
    """Somebody else decided a child's contact since this page was opened."""

    def __init__(self, decisions: Sequence[Decision]) -> None:
        super().__init__(
            _(
                "Somebody else decided this while you had the page open. Look at what they "
                "decided, "
                "then decide again if yours should stand beside it."
            )
        )
        self.decisions = decisions


def decide_contact(
    *,
    by: User,
    at: datetime,
    decisions: Sequence[ForChild],
    seen: Collection[str] | None = None,
) -> list[Episode]:
    """Decide a contact for each child, and open an episode for each who is referred.

    All the children or none. A decision already made is kept; this one stands beside it. `seen`
    holds the decisions, by identifier, that whoever decides knows of; None is not to ask. Raises
    `DecidedMeanwhile` when there is another, and `Refused` for a decision without reasons, or
    dated before the contact was received.
    """
    episodes = []
    with acting("contact:decide", by=by, at=at) as act:
        if seen is not None:
            _check_seen([decision.line for decision in decisions], seen)
        decided_by = Professional.objects.filter(pk=by.professional_id).first()
        for decision in decisions:
            line, contact = decision.line, decision.line.contact
            if not decision.reasons.strip():
                raise Refused(
                    (_("Give the reasons for %(name)s") % {"name": line.child.name}),
                    field="reasons",
                )
            if at < contact.received_at:
                raise Refused(
                    _("This contact is recorded as received after now: correct that first")
                )
            _decide(Decision.About.CONTACT, line.pk, decision, decided_by, by=by, at=at)
            act.on(contact=contact.pk)
            act.touches(line.child_id)
            if decision.outcome == REFERRAL:
                episode = open_episode(
                    by=by,
                    at=at,
                    child=line.child,
                    contact=line,
                    referred=Referred(
                        received_at=contact.received_at,
                        source_code=contact.source_code,
                        source_name=contact.agency,
                        primary_need=decision.primary_need,
                    ),
                    team=decision.team,
                    worker=decision.worker,
                )
                _decide(Decision.About.REFERRAL, episode.pk, decision, decided_by, by=by, at=at)
                episodes.append(episode)
    return episodes


def _check_seen(lines: Sequence[ContactChild], seen: Collection[str]) -> None:
    # Two managers at once take turns here: the second then sees what the first wrote.
    contacts = Contact.objects.filter(pk__in={line.contact_id for line in lines})
    list(contacts.order_by("pk").select_for_update())
    made = Decision.objects.standing().filter(
        about=Decision.About.CONTACT, about_id__in=[line.pk for line in lines]
    )
    unseen = [decision for decision in made if decision.pk not in seen]
    if unseen:
        raise DecidedMeanwhile(unseen)


def _decide(
    about: str,
    about_id: str,
    decision: ForChild,
    decided_by: Professional | None,
    *,
    by: User,
    at: datetime,
) -> None:
    Decision.objects.create(
        about=about,
        about_id=about_id,
        child=decision.line.child,
        decided_at=at,
        decided_by=decided_by,
        level=decision.level,
        outcome=decision.outcome,
        reasons=decision.reasons,
        recorded_at=at,
        recorded_by=by,
    )


def correct_contact(
    contact: Contact, changes: Mapping[str, Any], *, by: User, at: datetime, because: str
) -> None:
    """Correct what was recorded of a contact, keeping what was believed before.

    A corrected time of receipt moves the referral that came of the contact, unless the referral's
    own time has been corrected since: the clock began when the contact was received. Raises
    `Refused` for a time in the future.
    """
    if changes.get("received_at", contact.received_at) > at:
        raise Refused(_("A contact cannot have been received in the future"), field="received_at")
    with acting("contact:correct", by=by, at=at) as act:
        was = contact.received_at
        act.on(contact=contact.pk)
        if not correct(contact, changes, by=by, at=at, because=because):
            return
        act.touches(*contact.children.values_list("child_id", flat=True))
        if contact.received_at != was:
            for episode in Episode.objects.standing().filter(
                contact__contact=contact, referred_at=was
            ):
                correct(
                    episode,
                    {"referred_at": contact.received_at},
                    by=by,
                    at=at,
                    because=because,
                )


def strike_out_contact(contact: Contact, *, by: User, at: datetime, because: str) -> None:
    """Say that a contact was recorded in error, with its decisions.

    Raises `Refused` while a referral stands on it.
    """
    with acting("contact:strike_out", by=by, at=at) as act:
        lines = list(contact.children.filter(struck_out_at__isnull=True))
        if Episode.objects.standing().filter(contact__in=lines).exists():
            raise Refused(_("This contact became a referral. Strike the referral out first"))
        decisions = Decision.objects.standing().filter(
            about=Decision.About.CONTACT, about_id__in=[line.pk for line in lines]
        )
        for fact in [*decisions, *lines, contact]:
            strike_out(fact, by=by, at=at, because=because)
        act.on(contact=contact.pk)
        act.touches(*(line.child_id for line in lines))

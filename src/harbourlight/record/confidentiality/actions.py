"""Restricting records, saying who may know of them, and opening a record by saying why."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability, roles_with
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused, acting
from harbourlight.foundation.notices.actions import tell
from harbourlight.record.confidentiality.models import Grant, Opening, OpeningReview, Restriction
from harbourlight.record.confidentiality.policy import Shown, shown_to
from harbourlight.record.episodes.selectors import open_allocations
from harbourlight.record.people.models import Person

OPEN_FOR = timedelta(minutes=15)
LEAST_REASON = 20
"""Characters: fewer say nothing that could be reviewed."""

TOLD = "confidentiality:opened"
LATE = "confidentiality:review-late"
GRANTED = "confidentiality:granted"
ENDED = "confidentiality:ended"


def restrict(person: Person, *, by: User, at: datetime, because: str) -> Restriction:
    """Restrict a person's record. Raises `Refused` if it is restricted already."""
    with acting("confidentiality:restrict", by=by, at=at) as act:
        Person.objects.select_for_update().get(pk=person.pk)
        if Restriction.objects.standing().filter(person=person, lifted_at__isnull=True).exists():
            raise Refused(_("This record is restricted already"))
        restriction = Restriction.objects.create(
            person=person, because=because, recorded_at=at, recorded_by=by
        )
        act.on(restriction=restriction.pk, person=person.pk)
    return restriction


def lift(restriction: Restriction, *, by: User, at: datetime, because: str) -> None:
    """Lift a restriction. The grants stand as the account of who might know, and mean nothing."""
    with acting("confidentiality:lift", by=by, at=at) as act:
        held = Restriction.objects.select_for_update().get(pk=restriction.pk)
        if held.lifted_at is not None:
            raise Refused(_("This restriction has been lifted already"))
        held.lifted_at, held.lifted_by, held.lifted_because = at, by, because
        held.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
        act.on(restriction=held.pk, person=held.person_id)


def grant(
    person: Person,
    *,
    user: User,
    by: User,
    at: datetime,
    because: str,
    ends_at: datetime | None = None,
) -> Grant:
    """Let somebody know of a restricted person. Raises `Refused` where they may already."""
    if ends_at is not None and ends_at <= at:
        raise Refused(_("This must end in the future"), field="ends_on")
    with acting("confidentiality:grant", by=by, at=at) as act:
        Person.objects.select_for_update().get(pk=person.pk)
        current = Q(ends_at__isnull=True) | Q(ends_at__gt=at)
        held = Grant.objects.standing().filter(current, person=person, user=user)
        if held.filter(ended_at__isnull=True).exists():
            raise Refused(
                (
                    _("%(full_name)s may know of this record already")
                    % {"full_name": user.full_name}
                ),
                field="user",
            )
        made = Grant.objects.create(
            person=person, user=user, because=because, ends_at=ends_at,
            recorded_at=at, recorded_by=by,
        )  # fmt: skip
        act.on(grant=made.pk, person=person.pk, account=user.pk)
        tell(user, GRANTED, at=at, person_id=person.pk)
    return made


def end_grant(granted: Grant, *, by: User, at: datetime) -> None:
    """Let somebody know of a person no longer, from their next page on, and tell them so.

    What they are told does not say of whom: they may not know.
    """
    with acting("confidentiality:end_grant", by=by, at=at) as act:
        held = Grant.objects.select_for_update().get(pk=granted.pk)
        if held.ended_at is not None:
            raise Refused(_("This has ended already"))
        held.ended_at, held.ended_by = at, by
        held.save(update_fields=["ended_at", "ended_by"])
        act.on(grant=held.pk, person=held.person_id, account=held.user_id)
        tell(held.user, ENDED, at=at)


def open_record(person: Person, *, by: User, at: datetime, because: str) -> Opening:
    """Open the whole record of a child for a quarter of an hour, and tell who holds the case.

    Raises `Refused` for a reason too short to be reviewed, for a record that is whole to them
    already, and, without a trace of there being one, for a record they may not know of.
    """
    shown = shown_to(by, person.pk)
    if shown is Shown.NOTHING:
        raise Person.DoesNotExist
    if shown is Shown.WHOLE:
        raise Refused(_("You can read the whole of this record already"))
    if len(" ".join(because.split())) < LEAST_REASON:
        raise Refused(
            (
                _("Say why in at least %(least_reason)s characters: it will be reviewed")
                % {"least_reason": LEAST_REASON}
            ),
            field="because",
        )
    with acting("confidentiality:open", by=by, at=at) as act:
        held = open_allocations().filter(child=person).order_by("-started_on", "-pk").first()
        opening = Opening.objects.create(
            person=person,
            because=because.strip(),
            ends_at=at + OPEN_FOR,
            worker_id=held.worker_id if held else None,
            team_id=held.team_id if held else None,
            recorded_at=at,
            recorded_by=by,
        )
        act.on(opening=opening.pk, person=person.pk)
        tell(told_of(opening), TOLD, at=at, opening_id=opening.pk)
    return opening


def told_of(opening: Opening) -> list[User]:
    """Who is told: whoever holds the case and the managers of their team; else all who review."""
    active = User.objects.active().exclude(pk=opening.recorded_by_id)
    reviewers = active.filter(role__in=[one.code for one in roles_with(Capability.REVIEW_OPENINGS)])
    own = Q(pk__in=())
    if opening.worker_id:
        own |= Q(professional_id=opening.worker_id)
    if opening.team_id:
        own |= Q(pk__in=reviewers.filter(team_id=opening.team_id).values("pk"))
    found = [*active.filter(own)]
    if any(user.can(Capability.REVIEW_OPENINGS) for user in found):
        return found
    return [*found, *(user for user in reviewers if user not in found)]


def review_opening(
    opening: Opening, *, by: User, at: datetime, found: str, words: str
) -> OpeningReview:
    """Say what is made of an opening. Raises `Refused` for one's own, and for a second review."""
    if opening.recorded_by_id == by.pk:
        raise Refused(_("Somebody else reviews what you opened"))
    with acting("confidentiality:review", by=by, at=at) as act:
        Opening.objects.select_for_update().get(pk=opening.pk)
        if OpeningReview.objects.standing().filter(opening=opening).exists():
            raise Refused(_("Somebody else has reviewed this since you opened the page"))
        review = OpeningReview.objects.create(
            opening=opening, found=found, words=words, recorded_at=at, recorded_by=by
        )
        act.on(opening=opening.pk, person=opening.person_id)
    return review

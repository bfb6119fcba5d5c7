"""Reading restrictions, grants and openings, and what an outline shows of a child."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.record.confidentiality.models import Grant, Opening, OpeningReview, Restriction
from harbourlight.record.confidentiality.policy import known
from harbourlight.record.people.models import Person
from harbourlight.standards.calendar import OutsideCalendar, working_days_between

REVIEW_WITHIN_WORKING_DAYS = 2
"""After so many working days an opening nobody has reviewed is said to be late."""


def people_visible_to(user: User) -> QuerySet[Person]:
    """The people a user may know of."""
    return known(user, Person.objects.standing(), "pk")


def restrictions_in_force(user: User) -> QuerySet[Restriction]:
    """Restrictions not lifted, for one who restricts, the latest first."""
    found = known(user, Restriction.objects.standing(), "person_id")
    found = found.filter(lifted_at__isnull=True).select_related("person", "recorded_by")
    return found if user.can(Capability.RESTRICT_RECORD) else found.none()


def restriction_of(person: Person) -> Restriction | None:
    """The restriction in force on a person, if there is one."""
    found = Restriction.objects.standing().filter(person=person, lifted_at__isnull=True)
    return found.select_related("recorded_by").first()


def grants_of(person: Person) -> QuerySet[Grant]:
    """Who was given to know of a person: those who still may, and those who might."""
    return Grant.objects.standing().filter(person=person).select_related("user", "recorded_by")


def may_know_now(grant: Grant, at: datetime) -> bool:
    """Whether a grant still holds."""
    return grant.ended_at is None and (grant.ends_at is None or grant.ends_at > at)


def openings_visible_to(user: User) -> QuerySet[Opening]:
    """Openings a user may read of: all, for a reviewer; else their own and of those they hold."""
    found = known(user, Opening.objects.standing(), "person_id")
    found = found.select_related("person", "recorded_by", "worker", "team")
    if user.can(Capability.REVIEW_OPENINGS):
        return found
    own = Q(recorded_by=user)
    if user.professional_id:
        own |= Q(worker_id=user.professional_id)
    return found.filter(own)


def openings_to_review(user: User) -> QuerySet[Opening]:
    """Openings nobody has reviewed, the first first. Nobody reviews their own."""
    reviewed = OpeningReview.objects.standing().filter(opening=OuterRef("pk"))
    found = openings_visible_to(user).exclude(recorded_by=user).exclude(Exists(reviewed))
    return found.order_by("recorded_at", "pk")


def openings_reviewed(user: User, *, since: datetime) -> QuerySet[OpeningReview]:
    """What was made of openings since a moment, the latest first."""
    found = OpeningReview.objects.standing().filter(
        opening__in=openings_visible_to(user), recorded_at__gte=since
    )
    found = found.select_related("recorded_by", "opening__person", "opening__recorded_by")
    return found.order_by("-recorded_at", "-pk")


def reviews_of(opening: Opening) -> QuerySet[OpeningReview]:
    """What was made of an opening."""
    return OpeningReview.objects.standing().filter(opening=opening).select_related("recorded_by")


def is_review_late(opening: Opening, at: datetime) -> bool:
    """Whether an opening has waited longer for its review than it should."""
    try:
        waited = working_days_between(localdate(opening.recorded_at), localdate(at))
    except OutsideCalendar:
        return True
    return waited > REVIEW_WITHIN_WORKING_DAYS


def opened_now(user: User, person: Person, at: datetime) -> Opening | None:
    """The opening by which a user reads a person's record at a moment, if there is one."""
    found = Opening.objects.standing().filter(person=person, recorded_by=user, ends_at__gt=at)
    return found.order_by("-ends_at").first()

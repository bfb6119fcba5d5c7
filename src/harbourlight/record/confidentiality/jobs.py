"""Reminding those who review of openings that have waited too long."""

from django.db.models import Exists, OuterRef
from django.utils import timezone

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.jobs import Work, job, nightly
from harbourlight.foundation.notices.actions import tell
from harbourlight.foundation.notices.models import Notice
from harbourlight.record.confidentiality.actions import LATE, told_of
from harbourlight.record.confidentiality.models import Opening, OpeningReview
from harbourlight.record.confidentiality.selectors import is_review_late


@job("Remind of opened records nobody has reviewed", every=nightly(6, 15))
def remind(work: Work) -> None:
    """Tell each reviewer once of each opening whose review is late."""
    now = timezone.now()
    reviewed = OpeningReview.objects.standing().filter(opening=OuterRef("pk"))
    for opening in Opening.objects.standing().exclude(Exists(reviewed)):
        if not is_review_late(opening, now):
            continue
        before = Notice.objects.filter(kind=LATE, about__opening_id=opening.pk)
        told = set(before.values_list("to_id", flat=True))
        tell(
            [user for user in _reviewers(opening) if user.pk not in told],
            LATE,
            at=now,
            opening_id=opening.pk,
        )


def _reviewers(opening: Opening) -> list[User]:
    return [user for user in told_of(opening) if user.can(Capability.REVIEW_OPENINGS)]

"""Reading episodes: one with all that stands on it, and those nobody holds."""

from django.db.models import Exists, OuterRef, QuerySet

from harbourlight.foundation.accounts.models import User
from harbourlight.record.confidentiality.policy import known, read_whole
from harbourlight.record.episodes.actions import CASE_WORKER
from harbourlight.record.episodes.models import Allocation, Episode, EpisodeQuerySet


def visible_to(user: User) -> EpisodeQuerySet:
    """The episodes a user may open: of children whose whole record they read."""
    return read_whole(user, Episode.objects.standing())


def known_to(user: User) -> EpisodeQuerySet:
    """The episodes a user may know of: that there is one, and who holds it."""
    return known(user, Episode.objects.standing())


def open_allocations() -> QuerySet[Allocation]:
    """Allocations to a case worker that have not ended."""
    return Allocation.objects.standing().filter(role=CASE_WORKER, ended_on__isnull=True)


def unallocated(user: User, team_id: str | None) -> QuerySet[Episode]:
    """Open episodes of a team that no worker holds, the longest waiting first."""
    held = open_allocations().filter(episode=OuterRef("pk"))
    return (
        known_to(user)
        .still_open()
        .filter(team_id=team_id)
        .exclude(Exists(held))
        .select_related("child")
        .order_by("referred_at", "id")
    )


def holder_of(episode: Episode) -> Allocation | None:
    """The allocation open now, if there is one."""
    return open_allocations().filter(episode=episode).select_related("worker", "team").first()

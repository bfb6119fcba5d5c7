"""Referrals, allocations and closures in a child's chronology."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.timezone import localdate

from harbourlight.record.episodes.models import Allocation, Episode
from harbourlight.record.people.chronology import Happening
from harbourlight.standards import code_sets


def episodes(child_ids: Collection[str]) -> Iterator[Happening]:
    """When these children were referred, who was given the case, and when and why it closed."""
    held = Episode.objects.standing().filter(child_id__in=child_ids)
    for episode in held.select_related("recorded_by"):
        by = str(episode.recorded_by or "")
        href = reverse("episodes:episode", args=[episode.pk])
        day = localdate(episode.referred_at)
        need = code_sets.label("primary_need", episode.primary_need, day)
        yield Happening(
            child_id=episode.child_id,
            title="Referral",
            at=episode.referred_at,
            text=f"Primary need: {need}" if need else "",
            href=href,
            recorded_at=episode.recorded_at,
            recorded_by=by,
            by=by,
        )
        if episode.closed_on:
            why = code_sets.label("closure_reason", episode.close_reason, episode.closed_on)
            yield Happening(
                child_id=episode.child_id,
                title="Case closed",
                on=episode.closed_on,
                text=why,
                href=href,
            )
    allocations = (
        Allocation.objects.standing()
        .filter(child_id__in=child_ids, started_on__isnull=False)
        .select_related("worker", "team", "recorded_by")
    )
    for one in allocations:
        by = str(one.recorded_by or "")
        yield Happening(
            child_id=one.child_id,
            title=f"Allocated to {one.worker}",
            on=one.started_on,
            text=str(one.team or ""),
            href=reverse("episodes:episode", args=[one.episode_id]) if one.episode_id else "",
            recorded_at=one.recorded_at,
            recorded_by=by,
            by=by,
        )

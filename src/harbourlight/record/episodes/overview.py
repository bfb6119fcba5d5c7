"""A child's open case, and the episodes on a child's page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.timezone import localdate

from harbourlight.foundation.accounts.models import User
from harbourlight.record.episodes.models import Episode
from harbourlight.record.episodes.selectors import open_allocations, visible_to
from harbourlight.record.people.models import Person
from harbourlight.record.people.overview import Case, Section
from harbourlight.record.referrers import referrer_in_words
from harbourlight.standards import code_sets
from harbourlight.ui.formats import date_in_words


def open_cases_of(child_ids: Collection[str]) -> dict[str, Case]:
    """The open case of each of these children who has one: since when, and who holds it."""
    episodes = (
        Episode.objects.still_open()
        .filter(child_id__in=child_ids)
        .select_related("team")
        .order_by("referred_at", "pk")
    )
    holders = {
        one.episode_id: one
        for one in open_allocations()
        .filter(episode__in=[episode.pk for episode in episodes])
        .select_related("worker", "team")
    }
    cases = {}
    for episode in episodes:
        holder = holders.get(episode.pk)
        team = (holder.team if holder else None) or episode.team
        cases[episode.child_id] = Case(
            href=reverse("episodes:episode", args=[episode.pk]),
            since=localdate(episode.referred_at),
            worker=str(holder.worker) if holder else "",
            team=str(team or ""),
        )
    return cases


@dataclass(frozen=True)
class EpisodeShown:
    """An episode in words."""

    href: str
    is_open: bool
    referred: str
    who_from: str
    need: str
    held_by: str
    closed: str


def episodes_of(child: Person, user: User, on: date) -> Section:
    """A child's episodes: one that is open first, then the latest."""
    cases = open_cases_of([child.pk])
    episodes = visible_to(user).filter(child=child).select_related("team", "worker")
    shown = [_shown(one, cases) for one in episodes]
    shown.sort(key=lambda one: not one.is_open)
    return Section("episodes", "Episodes of need", "episodes/episodes-section.html", shown)


def _shown(episode: Episode, cases: dict[str, Case]) -> EpisodeShown:
    href = reverse("episodes:episode", args=[episode.pk])
    referred_on = localdate(episode.referred_at)
    case = cases.get(episode.child_id)
    named = [str(one) for one in (episode.worker, episode.team) if one]
    held_by = case.held_by if case and case.href == href else ", ".join(named)
    return EpisodeShown(
        href=href,
        is_open=episode.is_open,
        referred=date_in_words(referred_on),
        who_from=referrer_in_words(episode.source_code, episode.source_name, episode.referred_at),
        need=code_sets.label("primary_need", episode.primary_need, referred_on),
        held_by=held_by or "Not recorded",
        closed=_closed(episode),
    )


def _closed(episode: Episode) -> str:
    if episode.is_open:
        return ""
    if episode.closed_on is None:
        return "No further action"
    why = code_sets.label("closure_reason", episode.close_reason, episode.closed_on)
    return f"{date_in_words(episode.closed_on)}: {why or 'the reason is not recorded'}"

"""A child's open case, and the episodes on a child's page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.record.episodes.actions import CASE_WORKER
from harbourlight.record.episodes.models import Episode
from harbourlight.record.episodes.selectors import visible_to
from harbourlight.record.people.models import Person
from harbourlight.record.people.overview import Case, Section
from harbourlight.record.referrers import referrer_in_words
from harbourlight.standards import code_sets
from harbourlight.ui.formats import date_in_words


def open_cases_of(child_ids: Collection[str]) -> dict[str, Case]:
    """The open case of each of these children who has one: since when, and who holds it."""
    open_ones = Episode.objects.still_open().filter(child_id__in=child_ids)
    return {
        episode.child_id: _case(episode)
        for episode in _with_holder(open_ones).order_by("referred_at", "pk")
    }


def _case(episode: Any) -> Case:
    return Case(
        href=reverse("episodes:episode", args=[episode.pk]),
        since=localdate(episode.referred_at),
        worker=episode.holder or "",
        team=episode.holder_team or str(episode.team or ""),
    )


def _with_holder(episodes: QuerySet[Episode]) -> Any:
    """Episodes with who works with the child now: the names of the `holder` and `holder_team`."""
    held = Q(
        allocations__role=CASE_WORKER,
        allocations__ended_on__isnull=True,
        allocations__struck_out_at__isnull=True,
    )
    return (
        episodes.annotate(held=FilteredRelation("allocations", condition=held))
        .annotate(holder=F("held__worker__name"), holder_team=F("held__team__name"))
        .select_related("team")
    )


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
    episodes = _with_holder(visible_to(user).filter(child=child).select_related("worker"))
    shown = [_shown(one) for one in episodes]
    shown.sort(key=lambda one: not one.is_open)
    return Section("episodes", _("Episodes of need"), "episodes/episodes-section.html", shown)


def _shown(episode: Any) -> EpisodeShown:
    case = _case(episode)
    referred_on = case.since
    named = ", ".join(str(one) for one in (episode.worker, episode.team) if one)
    held_by = case.held_by if episode.is_open else named
    return EpisodeShown(
        href=case.href,
        is_open=episode.is_open,
        referred=date_in_words(referred_on),
        who_from=referrer_in_words(episode.source_code, episode.source_name, episode.referred_at),
        need=code_sets.label("primary_need", episode.primary_need, referred_on),
        held_by=held_by or _("Not recorded"),
        closed=_closed(episode),
    )


def _closed(episode: Episode) -> str:
    if episode.is_open:
        return ""
    if episode.closed_on is None:
        return _("No further action")
    why = code_sets.label("closure_reason", episode.close_reason, episode.closed_on)
    return f"{date_in_words(episode.closed_on)}: {why or 'the reason is not recorded'}"

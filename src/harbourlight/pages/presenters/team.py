"""A team's work, by worker, and what nobody holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harbourlight.pages.presenters.children import Child, child_of
from harbourlight.pages.presenters.work import waited_in_words
from harbourlight.record.episodes.models import Episode
from harbourlight.standards import code_sets

WITHOUT_WORKER = gettext_lazy("Not with any worker")


@dataclass(frozen=True)
class WorkerRow:
    """One worker: children with an open case, and what is waiting."""

    name: str
    href: str
    children: int
    late: int
    soon: int
    later: int


@dataclass(frozen=True)
class Unallocated:
    """An open case that nobody holds."""

    child: Child
    referred: datetime
    waited: str
    need: str
    allocate_href: str


def worker_rows(
    counted: Iterable[Mapping[str, Any]],
    caseloads: Mapping[str, int],
    names: Mapping[str, str],
    *,
    team_id: str,
) -> list[WorkerRow]:
    """The team's workers, and whoever else holds its work: by how much is late, then due soon.

    `names` has everyone who works in the team, with a case or without.
    """
    waiting = {row["worker_id"]: row for row in counted}
    ids = {*names, *caseloads, *waiting}
    rows = [
        WorkerRow(
            name=names.get(
                one or "", str(WITHOUT_WORKER) if one is None else _("Name not recorded")
            ),
            href=_worker_href(one, team_id),
            children=caseloads.get(one or "", 0),
            **{kind: waiting.get(one, {}).get(kind, 0) for kind in ("late", "soon", "later")},
        )
        for one in ids
    ]
    return sorted(rows, key=lambda row: (-row.late, -row.soon, -row.later, row.name))


def _worker_href(worker_id: str | None, team_id: str) -> str:
    page = (
        reverse("pages:worker", args=[worker_id]) if worker_id else reverse("pages:without_worker")
    )
    return f"{page}?team={team_id}"


def unallocated(episodes: Iterable[Episode], *, now: datetime) -> list[Unallocated]:
    """Open cases that nobody holds, in the order they come."""
    return [
        Unallocated(
            child=child_of(episode.child_id, episode.child.name),
            referred=episode.referred_at,
            waited=_("%(long)s ago") % {"long": waited_in_words(now - episode.referred_at)},
            need=(
                code_sets.label("primary_need", episode.primary_need)
                if episode.primary_need
                else _("Not recorded")
            ),
            allocate_href=reverse("episodes:allocate", args=[episode.pk]),
        )
        for episode in episodes
    ]

"""The team's work, for its manager: by worker, unallocated, and waiting for authorisation."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.pages import selectors
from harbourlight.pages.forms import TeamForm
from harbourlight.pages.presenters.entries import groups_of
from harbourlight.pages.presenters.team import WITHOUT_WORKER, unallocated, worker_rows
from harbourlight.pages.reading import write_down
from harbourlight.pages.views.work import assessments_to_authorise
from harbourlight.record.census.selectors import count_of_team
from harbourlight.record.episodes.selectors import unallocated as unallocated_episodes
from harbourlight.record.live_ledger.models import Entry
from harbourlight.record.live_ledger.selectors import london_time, visible_to, waiting
from harbourlight.record.workforce.models import Professional, Team
from harbourlight.ui.listing import list_page


@requires(Capability.SEE_TEAM)
def team(request: SignedInRequest) -> HttpResponse:
    """What a team has waiting, by worker; cases nobody holds; assessments to authorise."""
    user, now = request.user, timezone.now()
    teams, chosen = _choose(request)
    context: dict[str, Any] = {"now": now, "team": chosen, "form": None}
    if len(teams) > 1:
        context["form"] = TeamForm({"team": chosen.pk if chosen else ""}, teams=teams)
    if chosen is None:
        return render(request, "pages/team.html", context)
    as_at = london_time(now)
    counted = selectors.by_worker(user, chosen.pk, as_at)
    loads = selectors.caseloads(chosen.pk)
    names = selectors.workers_with(chosen.pk, {*loads, *(row["worker_id"] for row in counted)})
    held_by_nobody = unallocated(unallocated_episodes(user, chosen.pk), now=now)
    to_authorise = assessments_to_authorise(user, chosen.pk, now)
    children = [case.child for case in held_by_nobody]
    children += [assessment.child for assessment in to_authorise]
    write_down("team:list", by=user, at=now, children=children)
    context |= {
        "workers": worker_rows(counted, loads, names, team_id=chosen.pk),
        "unallocated": held_by_nobody,
        "to_authorise": to_authorise,
        "census": count_of_team(user, chosen.pk, timezone.localdate(now)),
        "may_allocate": user.can(Capability.ALLOCATE),
        "may_authorise": user.can(Capability.AUTHORISE_ASSESSMENT),
    }
    return render(request, "pages/team.html", context)


@requires(Capability.SEE_TEAM)
def worker(request: SignedInRequest, worker_id: str) -> HttpResponse:
    """What one worker has waiting in a team."""
    person = get_object_or_404(Professional, pk=worker_id)
    return _waiting_in_team(request, {"worker_id": worker_id}, person.name)


@requires(Capability.SEE_TEAM)
def without_worker(request: SignedInRequest) -> HttpResponse:
    """What a team has waiting that is with no worker."""
    return _waiting_in_team(request, {"worker_id__isnull": True}, str(WITHOUT_WORKER))


def _waiting_in_team(request: SignedInRequest, held: Mapping[str, Any], title: str) -> HttpResponse:
    _, chosen = _choose(request)
    if chosen is None:
        raise Http404(gettext("No team is chosen."))
    user, now = request.user, timezone.now()
    as_at = london_time(now)
    found = waiting(visible_to(user).filter(team_id=chosen.pk, **held), as_at)
    listing = list_page(request, found, one="duty", many="duties")
    entries: list[Entry] = [*listing.items]
    groups = groups_of(entries, selectors.names_in(user, entries), as_at)
    children = [row.child for group in groups for row in group.rows]
    write_down("team:worker", by=user, at=now, children=children)
    return render(
        request,
        "pages/worker.html",
        {
            "now": now,
            "title": title,
            "team": chosen,
            "counts": selectors.by_urgency(found, as_at),
            "listing": listing,
            "groups": groups,
            "back": f"{reverse('pages:team')}?team={chosen.pk}",
        },
    )


def _choose(request: SignedInRequest) -> tuple[list[Team], Team | None]:
    """The teams a manager may look at, and the one asked for: their own when none is.

    One they may not look at is not found. Where their account names no team and several could be
    meant, none is chosen for them.
    """
    teams = selectors.teams_seen_by(request.user)
    asked = request.GET.get("team")
    if asked:
        chosen = next((team for team in teams if team.pk == asked), None)
        if chosen is None:
            raise Http404(gettext("There is no such team among those you may look at."))
        return teams, chosen
    own = next((team for team in teams if team.pk == request.user.team_id), None)
    return teams, own or (teams[0] if len(teams) == 1 else None)

"""Reading across apps for the pages that gather: names, urgency, teams and caseloads.

Each function is one query. What may be seen is decided by the app a thing belongs to.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet

from harbourlight.foundation.accounts.models import User
from harbourlight.pages.urgency import is_late, is_later, is_soon
from harbourlight.record.assessment.models import Assessment
from harbourlight.record.episodes import selectors as episodes
from harbourlight.record.front_door import selectors as front_door
from harbourlight.record.front_door.models import ContactChild
from harbourlight.record.live_ledger.models import Coverage, Entry
from harbourlight.record.live_ledger.selectors import unmet, visible_to, waiting
from harbourlight.record.people import selectors as people
from harbourlight.record.workforce.models import Professional, Team
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.catalogue.assessment import ASSESSMENT_IN_45_WORKING_DAYS
from harbourlight.standards.catalogue.front_door import DECISION_IN_ONE_WORKING_DAY

# ---- Names --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Names:
    """The names a list of entries needs, by identifier."""

    children: Mapping[str, str]
    workers: Mapping[str, str]
    teams: Mapping[str, str]


def names_in(user: User, entries: Iterable[Entry]) -> Names:
    """The names of the children, workers and teams of entries, as a user may see them."""
    held = list(entries)
    children = people.visible_to(user).filter(pk__in={entry.child_id for entry in held})
    return Names(
        children={child.pk: child.name for child in children},
        workers=_named(Professional.objects.all(), (entry.worker_id for entry in held)),
        teams=_named(Team.objects.all(), (entry.team_id for entry in held)),
    )


def _named(rows: QuerySet[Any], ids: Iterable[str | None]) -> dict[str, str]:
    wanted = {one for one in ids if one}
    return dict(rows.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


# ---- What is waiting ----------------------------------------------------------------------------


def by_urgency(entries: QuerySet[Entry], as_at: datetime) -> dict[str, int]:
    """How many of these entries are `late`, due `soon` and due `later`, at a moment."""
    return entries.order_by().aggregate(**_urgency(as_at))


def _urgency(as_at: datetime) -> dict[str, Count]:
    conditions = {"late": is_late(as_at), "soon": is_soon(as_at), "later": is_later(as_at)}
    return {name: Count("about_id", filter=held) for name, held in conditions.items()}


def by_worker(user: User, team_id: str, as_at: datetime) -> list[Mapping[str, Any]]:
    """What a team has waiting, by worker: `worker_id`, and counts as `by_urgency` gives them."""
    entries = waiting(visible_to(user).filter(team_id=team_id), as_at).order_by()
    return list(entries.values("worker_id").annotate(**_urgency(as_at)))


def by_standard(
    user: User, as_at: datetime, codes: Iterable[str] = CATALOGUE, *, team_id: str | None = None
) -> dict[str, Mapping[str, Any]]:
    """What is unmet at a moment, by standard, with counts as `by_urgency` gives them."""
    entries = visible_to(user).filter(standard__in=[*codes])
    if team_id:
        entries = entries.filter(team_id=team_id)
    counted = unmet(entries, as_at).order_by().values("standard").annotate(**_urgency(as_at))
    rows: list[Mapping[str, Any]] = list(counted)
    return {row["standard"]: row for row in rows}


def undecided_contacts(user: User, as_at: datetime) -> QuerySet[Entry]:
    """The clocks of contacts that no manager has decided, the most pressing first.

    Nobody holds such a contact, and to say so lets the database find them by that: 1 ms of
    826,000 entries, against 47.
    """
    contacts = visible_to(user).filter(
        standard=DECISION_IN_ONE_WORKING_DAY.code, about="contact", worker_id__isnull=True
    )
    return waiting(contacts, as_at)


def clocks_of_assessments(user: User, assessments: Iterable[Assessment]) -> QuerySet[Entry]:
    """When each of these assessments is due."""
    return visible_to(user).filter(
        standard=ASSESSMENT_IN_45_WORKING_DAYS.code,
        about="assessment",
        about_id__in=[assessment.pk for assessment in assessments],
    )


def lines_of_contacts(user: User, line_ids: Iterable[str]) -> QuerySet[ContactChild]:
    """The undecided children of the contacts that these lines belong to, with the contact."""
    contacts = ContactChild.objects.filter(pk__in=list(line_ids)).values("contact_id")
    return front_door.undecided(user).filter(contact_id__in=contacts)


# ---- Teams --------------------------------------------------------------------------------------


def teams_seen_by(user: User) -> list[Team]:
    """The teams whose work a manager may look at, their own first.

    Their own and every team beneath it; every team, for one whose account names none.
    """
    teams = {team.pk: team for team in Team.objects.all()}
    if user.team_id not in teams:
        return [*teams.values()]
    return [
        teams[user.team_id],
        *(
            team
            for team in teams.values()
            if team.pk != user.team_id and user.team_id in _above(team, teams)
        ),
    ]


def _above(team: Team, teams: Mapping[str, Team]) -> set[str]:
    """Every team that a team is part of. One that is part of itself, by mistake, ends the walk."""
    found: set[str] = set()
    while team.parent_id and team.parent_id not in found and team.parent_id in teams:
        found.add(team.parent_id)
        team = teams[team.parent_id]
    return found


def workers_with(team_id: str, others: Iterable[str | None]) -> dict[str, str]:
    """The names of those who work in a team now, and of others who hold its work."""
    held = Professional.objects.in_team(team_id).at_work() | Professional.objects.filter(
        pk__in={one for one in others if one}
    )
    return dict(held.values_list("pk", "name"))


def caseloads(team_id: str) -> dict[str, int]:
    """How many children each worker holds an open case of in a team, by the worker."""
    held = episodes.open_allocations().filter(team_id=team_id, episode__struck_out_at__isnull=True)
    counted = held.order_by().values("worker_id").annotate(children=Count("child", distinct=True))
    return dict(counted.values_list("worker_id", "children"))


# ---- Coverage -----------------------------------------------------------------------------------


def coverage() -> dict[str, date]:
    """From which day the record holds every row of a table, for those it does not wholly hold."""
    return {
        held.table: held.complete_from
        for held in Coverage.objects.all()
        if held.complete_from is not None
    }

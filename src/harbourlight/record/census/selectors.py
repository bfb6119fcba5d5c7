"""Reading the censuses: of the children whose whole record a person reads, and of nobody else.

A number here counts what the asker may see. A file that was given is for whoever gave it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.jobs import selectors as jobs
from harbourlight.foundation.jobs.models import Run
from harbourlight.record.census.counting import PARTS
from harbourlight.record.census.models import (
    Census,
    CensusChild,
    CensusFinding,
    CheckedFile,
    FileFinding,
    Kind,
)
from harbourlight.record.census.years import made_on, shown_first
from harbourlight.record.confidentiality.policy import among, read_whole, sight_of

Rows = TypeVar("Rows", bound=QuerySet[Any])
NOBODY = "nobody"
"""Whose a finding is that is nobody's, in an address."""

# ---- Which census -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """The census of a year as last made, and as made before that; None where it was not."""

    year: int
    now: Census | None
    before: Census | None


def made_for(year: int) -> Made:
    """The census of a year as it was last made."""
    latest = [*Census.objects.filter(year=year).order_by("-made_at")[:2], None, None]
    return Made(year, latest[0], latest[1])


def years_shown(on: date) -> list[int]:
    """The years that have a page on a day, that which is shown first, first."""
    first = shown_first(on)
    return sorted(made_on(on), key=lambda year: year != first)


# ---- What is found ------------------------------------------------------------------------------


def _shown(user: User, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of whom the whole record is read, and who was not retired since into another's."""
    return read_whole(user, rows).filter(child__struck_out_at__isnull=True)


def findings_visible_to(user: User, *censuses: Census) -> QuerySet[CensusFinding]:
    """What was found of the children whose whole record a person reads.

    What tells of another child too is left out where that child is hidden from them.
    """
    return _told_to(user, CensusFinding.objects.filter(census__in=censuses))


def findings_at_work(user: User, on: date) -> QuerySet[CensusFinding]:
    """The same of the censuses of the day as last made, each with its census: one query."""
    latest = CensusFinding.objects.filter(census__in=_as_last_made(on).values("pk"))
    return _told_to(user, latest.select_related("census"))


def _told_to(user: User, findings: QuerySet[CensusFinding]) -> QuerySet[CensusFinding]:
    found = _shown(user, findings)
    hidden = sight_of(user).hidden
    return found.exclude(among("beside_id", hidden)) if hidden else found


def children_visible_to(user: User, census: Census) -> QuerySet[CensusChild]:
    """The children of a census whose whole record a person reads."""
    return _shown(user, CensusChild.objects.filter(census=census))


def counts_of_parts(user: User, census: Census) -> dict[str, int]:
    """How many children, and how many of each of `PARTS`, of those whose record a person reads."""
    sums = {name: Sum(name, default=0) for name in PARTS}
    return children_visible_to(user, census).aggregate(children=Count("pk"), **sums)


def reads_all(census: Census, counted: Mapping[str, int]) -> bool:
    """Whether somebody who was counted so many children reads every child of a census, and so may
    be told its figures as a whole."""
    return counted["children"] == census.children


def may_take_whole(user: User, census: Census) -> bool:
    """Whether somebody may take the file: their role allows it, and no child of it is hidden."""
    return (
        user.can(Capability.TAKE_CENSUS)
        and bool(census.file)
        and reads_all(census, {"children": children_visible_to(user, census).count()})
    )


def by_rule(found: QuerySet[Any], child: str = "child") -> list[dict[str, Any]]:
    """Findings by rule: `kind`, `rule`, `count`, `children`, and `message`, in the order in which
    to mend them: structure first, then rule 100, which decides many others, then the most often
    found."""
    rows = (
        found.order_by()
        .values("kind", "rule")
        .annotate(
            count=Count("pk"),
            children=Count(child, distinct=True),
            message=Min("message"),
            element=Min("element"),
        )
    )
    return sorted(rows, key=in_order)


def in_order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """The place of a rule in the order in which to mend them."""
    return (row["kind"], row["rule"] != "100", -row["count"], row["rule"])


def counts_by_rule(found: QuerySet[Any]) -> dict[str, int]:
    """How many findings there are of each rule."""
    rows = found.order_by().values_list("rule").annotate(count=Count("pk"))
    return dict(rows)


def by_holder(found: QuerySet[CensusFinding], column: str) -> list[dict[str, Any]]:
    """Findings by `worker` or `team`: `holder`, `name`, `children`, `must` (to be put right) and
    `may` (to be put right or explained); those with most to mend first, and nobody's at the end."""
    must = Q(kind__lte=Kind.ERROR)
    rows = (
        found.order_by()
        .values(f"{column}_id", f"{column}__name")
        .annotate(
            children=Count("child", distinct=True),
            must=Count("pk", filter=must),
            may=Count("pk", filter=~must),
        )
    )
    named = [
        {
            "holder": row[f"{column}_id"],
            "name": row[f"{column}__name"],
            **{key: row[key] for key in ("children", "must", "may")},
        }
        for row in rows
    ]
    return sorted(
        named, key=lambda row: (row["holder"] is None, -row["must"], -row["may"], row["name"] or "")
    )


def narrowed(found: Rows, asked: Mapping[str, str]) -> Rows:
    """Findings of a rule, a kind, a team or a worker, as an address asks."""
    for column in ("team", "worker"):
        if of := asked.get(column):
            found = found.filter(
                **({f"{column}__isnull": True} if of == NOBODY else {f"{column}_id": of})
            )
    if rule := asked.get("rule"):
        found = found.filter(rule=rule)
    if kind := asked.get("kind"):
        found = found.filter(kind=next((one for one in Kind if one.code == kind), 0))
    return found


def with_names(found: QuerySet[CensusFinding]) -> QuerySet[CensusFinding]:
    """The same, with the names of the child, the worker and the team."""
    return found.select_related("child", "worker", "team")


def censuses_at_work(on: date) -> list[Census]:
    """The censuses of the day as last made, that which is shown first, first: one query."""
    first = shown_first(on)
    return sorted(_as_last_made(on), key=lambda one: one.year != first)


def _as_last_made(on: date) -> QuerySet[Census]:
    of_the_day = Census.objects.filter(year__in=made_on(on))
    return of_the_day.order_by("year", "-made_at").distinct("year")


def findings_of_worker(user: User, on: date) -> QuerySet[CensusFinding]:
    """What a person has to mend themselves in the census that is shown first, errors first."""
    census = next(iter(censuses_at_work(on)), None)
    if census is None or not user.professional_id:
        return CensusFinding.objects.none()
    found = findings_visible_to(user, census).filter(worker_id=user.professional_id)
    return found.order_by("kind", "child_id", "rule", "pk")


@dataclass(frozen=True)
class OfTeam:
    """How much is a team's to mend in the census that is shown first, and where it is listed."""

    count: int
    href: str


def count_of_team(user: User, team_id: str, on: date) -> OfTeam | None:
    """How much is a team's to mend; None where no census is made, or they may not see it."""
    census = next(iter(censuses_at_work(on)), None)
    if census is None or not user.can(Capability.SEE_RETURNS):
        return None
    count = findings_visible_to(user, census).filter(team_id=team_id).count()
    return OfTeam(count, f"{reverse('census:findings', args=[census.year])}?team={team_id}")


# ---- Work in the background ---------------------------------------------------------------------


@dataclass(frozen=True)
class Making:
    """How the making of censuses stands: the job that waits or runs, and what failed last."""

    at_work: ProcrastinateJob | None
    run: Run | None
    failed: ProcrastinateJob | None
    is_worked: bool


def making(at: Any) -> Making:
    """How the making of censuses stands at a moment."""
    from harbourlight.record.census.jobs import make

    every = (*jobs.WAITING, *jobs.RUNNING, *jobs.DONE, *jobs.FAILED)
    latest = [*jobs.in_state(*every).filter(task_name=make.name)[:2]]
    running = next((one for one in latest if one.status in jobs.RUNNING), None)
    at_work = running or next((one for one in latest if one.status in jobs.WAITING), None)
    ended = [one for one in latest if one.status not in (*jobs.RUNNING, *jobs.WAITING)]
    failed = ended[0] if ended and ended[0].status in jobs.FAILED else None
    runs = jobs.latest_runs([at_work.pk]) if at_work else {}
    return Making(
        at_work,
        runs.get(at_work.pk) if at_work else None,
        failed,
        is_worked=at_work is None or jobs.is_worked(at),
    )


# ---- Files that were given ----------------------------------------------------------------------


def files_of(user: User) -> QuerySet[CheckedFile]:
    """The files that a person gave, the latest first: nobody sees another's."""
    found = CheckedFile.objects.filter(by=user).order_by("-given_at", "-pk")
    return found if user.can(Capability.CHECK_FILE) else found.none()


def findings_of_file(given: CheckedFile) -> QuerySet[FileFinding]:
    """What was found of the children of a file."""
    return given.findings.all()


def job_of(given: CheckedFile) -> tuple[ProcrastinateJob | None, Run | None]:
    """The job that checks a file, and the latest try at it."""
    every = (*jobs.WAITING, *jobs.RUNNING, *jobs.DONE, *jobs.FAILED, *jobs.CANCELLED)
    job = jobs.in_state(*every).filter(pk=given.job or 0).first()
    return job, jobs.latest_runs([job.pk]).get(job.pk) if job else None


def known_holders(found: QuerySet[CensusFinding], column: str) -> Iterable[tuple[str, str]]:
    """The workers or teams that findings have, by name, to choose from."""
    rows = found.order_by().filter(**{f"{column}__isnull": False})
    return sorted(
        rows.values_list(f"{column}_id", f"{column}__name").distinct(), key=lambda row: row[1]
    )

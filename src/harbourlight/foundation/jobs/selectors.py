"""What the queue holds. Who may see it is for the views: it holds nothing about a person."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Max, OuterRef, QuerySet, Subquery
from procrastinate.contrib.django.models import (
    ProcrastinateEvent,
    ProcrastinateJob,
    ProcrastinateWorker,
)

from harbourlight.foundation.jobs.declaring import STALLED_AFTER, declared
from harbourlight.foundation.jobs.models import Run

WAITING = ("todo",)
RUNNING = ("doing",)
DONE = ("succeeded",)
FAILED = ("failed", "aborted")
CANCELLED = ("cancelled",)


def in_state(*states: str) -> QuerySet[ProcrastinateJob]:
    """Jobs in any of these states, the latest first, with when each last changed (`changed_at`)."""
    changed = ProcrastinateEvent.objects.filter(job_id=OuterRef("pk")).order_by("-id")
    return (
        ProcrastinateJob.objects.filter(status__in=states)
        .annotate(changed_at=Subquery(changed.values("at")[:1]))
        .order_by("-id")
    )


def latest_runs(job_ids: Iterable[int]) -> dict[int, Run]:
    """The latest try at each of these jobs that has been tried."""
    runs = Run.objects.filter(job_id__in=list(job_ids)).order_by("job_id", "-id")
    return {run.job_id: run for run in runs.distinct("job_id")}


def is_worked(at: datetime) -> bool:
    """Whether there is a worker that lives, so that what waits will be done."""
    since = at - timedelta(seconds=STALLED_AFTER)
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=since).exists()


def runs_of(job_id: int) -> QuerySet[Run]:
    """Every try at a job, the latest first."""
    return Run.objects.filter(job_id=job_id).order_by("-id")


def latest_of_each_kind() -> dict[str, ProcrastinateJob]:
    """The latest job of each kind that was begun, by its name."""
    begun = ProcrastinateJob.objects.filter(
        task_name__in=list(declared()), status__in=(*DONE, *FAILED, *RUNNING)
    )
    latest = begun.values("task_name").annotate(latest=Max("id")).values("latest")
    return {one.task_name: one for one in in_state(*DONE, *FAILED, *RUNNING).filter(pk__in=latest)}

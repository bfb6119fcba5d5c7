"""Jobs as a page shows them: in words, with how far each has come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from procrastinate.contrib.django.models import ProcrastinateJob

from harbourlight.foundation.jobs import selectors
from harbourlight.foundation.jobs.declaring import Job, declared
from harbourlight.foundation.jobs.models import Run


@dataclass(frozen=True)
class Line:
    """One job in a list."""

    id: int
    label: str
    state: str
    colour: str
    """Of its tag, as GOV.UK names it."""
    when: datetime | None
    """When it came to be so; for one that waits until a time, that time."""
    waits_until: bool
    attempt: int
    error: str
    place: str
    done: int | None
    total: int | None
    may_try_again: bool
    may_cancel: bool

    @property
    def percent(self) -> int | None:
        """How far it has come, of a hundred; None if it has not said."""
        if self.done is None or not self.total:
            return None
        return min(100, 100 * self.done // self.total)


_STATES: Mapping[str, tuple[str, str]] = {
    "todo": (gettext_noop("Waiting"), "blue"),
    "doing": (gettext_noop("Running"), "light-blue"),
    "succeeded": (gettext_noop("Done"), "green"),
    "failed": (gettext_noop("Failed"), "red"),
    "aborted": (gettext_noop("Stopped"), "orange"),
    "cancelled": (gettext_noop("Cancelled"), "grey"),
}


def lines_of(jobs: Iterable[ProcrastinateJob]) -> list[Line]:
    """Jobs, as `selectors.in_state` gives them, with the latest try at each."""
    found = [*jobs]
    runs = selectors.latest_runs(one.pk for one in found)
    return [line_of(one, runs.get(one.pk)) for one in found]


def line_of(job: ProcrastinateJob, run: Run | None) -> Line:
    """One job, with the latest try at it, if it has been tried."""
    state, colour = _STATES[job.status]
    if job.status == "doing" and job.abort_requested:
        state = _("Stopping")
    again = job.status == "todo" and job.attempts > 0
    error, place = (run.error.removeprefix("builtins."), run.place) if run else ("", "")
    if job.status == "failed" and run is not None and run.ended_at is None:
        error = _("Whatever was doing this ended before it was done, each time it was tried")
    return Line(
        id=job.pk,
        label=label_of(job.task_name),
        state=_("To be tried again") if again else _(state),
        colour="yellow" if again else colour,
        when=job.scheduled_at if job.status == "todo" and job.scheduled_at else job.changed_at,  # type: ignore[attr-defined]  # annotated
        waits_until=job.status == "todo" and job.scheduled_at is not None,
        attempt=max(1, run.attempt if run else job.attempts),
        error=error,
        place=place,
        done=run.done if run and job.status == "doing" else None,
        total=run.total if run and job.status == "doing" else None,
        may_try_again=job.status in {*selectors.FAILED, *selectors.CANCELLED},
        may_cancel=job.status == "todo" or (job.status == "doing" and not job.abort_requested),
    )


def label_of(name: str) -> str:
    """What a job does, in words; its name if this version does not know it."""
    job = declared().get(name)
    return _(job.label) if job else name


@dataclass(frozen=True)
class Regular:
    """A job that is done regularly, and how it went the last time."""

    name: str
    label: str
    explanation: str
    every: str
    last: Line | None


def regular_work() -> list[Regular]:
    """Every job that is done regularly, by what it is called."""
    latest = selectors.latest_of_each_kind()
    lines = {line.id: line for line in lines_of(latest.values())}
    return [
        Regular(
            name=job.name,
            label=_(job.label),
            explanation=_(job.explanation),
            every=_(job.regularly.words),
            last=lines[latest[job.name].pk] if job.name in latest else None,
        )
        for job in sorted(_regular(), key=lambda job: job.label)
        if job.regularly
    ]


def _regular() -> list[Job]:
    return [job for job in declared().values() if job.regularly]

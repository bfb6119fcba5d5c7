"""How a job is declared, enqueued and run. See the package for what a declaration looks like.

It must not know what any job does. A job's line in the queue holds its name and identifiers; the
words shown for it come from its declaration.
"""

import inspect
import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.db import connections, transaction
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app, connector_params
from procrastinate.exceptions import JobAborted

ATTEMPTS = 6
"""How often a job is tried in all before it is left as failed for somebody to look at."""

BACKOFF = 4
"""Seconds, to the power of the attempt: tried again after 4, 16, 64, 256 and 1024 seconds."""

TELL_EVERY = 0.5
"""Seconds: progress is written down at most so often."""

STALLED_AFTER = 15.0
"""Seconds without a heartbeat after which a worker is taken to be dead, and its jobs are freed."""

_IDENTIFIER = re.compile(r"[0-9A-Za-z_.:-]{1,64}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d\d?[./]\d\d?[./]\d{2,4}")


class NotAnIdentifier(ValueError):
    """A job was to be told something that is not an identifier. The value is not repeated here."""


@dataclass(frozen=True)
class Regularly:
    """How often a job is done without being asked for: for the clock, and in words."""

    cron: str
    """As cron writes it, in Greenwich time."""
    words: str


def each_minute() -> Regularly:
    """Every minute."""
    return Regularly("* * * * *", "every minute")


def each_hour(minute: int) -> Regularly:
    """Every hour, so many minutes past."""
    return Regularly(f"{minute} * * * *", f"every hour, at {minute} minutes past")


def nightly(hour: int, minute: int = 0) -> Regularly:
    """Every day at a time, which is Greenwich time: no hour of it comes twice or not at all."""
    half = "am" if hour < 12 else "pm"
    said = f"{hour % 12 or 12}{f':{minute:02d}' if minute else ''}{half}"
    return Regularly(f"{minute} {hour} * * *", f"every day at {said}, Greenwich time")


@dataclass
class Work:
    """What a job is given: the time it was begun, and how to say how far it has come."""

    at: datetime
    _wanted: Callable[[], None] = lambda: None
    _tell: Callable[[int, int], None] = lambda done, total: None
    _told_at: float = field(default=0.0)

    def tell(self, done: int, total: int) -> None:
        """Say how far the job has come: so many of so many. Seen at once, whatever is uncommitted.

        A job that was cancelled, or whose worker is stopping, ends here by an exception: call it
        where stopping loses nothing.
        """
        self._wanted()
        now = datetime.now(UTC).timestamp()
        if done >= total or now - self._told_at >= TELL_EVERY:
            self._told_at = now
            self._tell(done, total)


@dataclass(frozen=True)
class Job:
    """A declared job."""

    name: str
    """Its app and function, as the queue has it."""
    label: str
    """What it does, in words, as the page of jobs shows it."""
    explanation: str
    """The first paragraph of the function's docstring."""
    regularly: Regularly | None
    parameters: frozenset[str]
    function: Callable[..., None]
    task: Any

    def later(self, *, not_before: datetime | None = None, **identifiers: str) -> int:
        """Enqueue it, in the transaction of the caller, and return its number in the queue.

        Two that are the same are both done: one that is waiting may have begun before what the
        caller has just written can be seen, so it cannot stand for the second.

        Raises `NotAnIdentifier` for an argument that does not look like one.
        """
        self.check(identifiers)
        when = {} if not_before is None else {"schedule_at": not_before}
        with transaction.atomic():
            return self.task.configure(**when).defer(**identifiers)

    def here(self, *, at: datetime, **identifiers: str) -> None:
        """Do it now, in this process: for a command, and for tests."""
        self.check(identifiers)
        self.function(Work(at=at), **identifiers)

    def check(self, identifiers: Mapping[str, str]) -> None:
        """Raise `NotAnIdentifier` unless these are the job's own parameters, and identifiers."""
        if set(identifiers) != self.parameters:
            raise NotAnIdentifier(f"{self.name} is told {sorted(self.parameters)} and no more.")
        for name, value in identifiers.items():
            if not (isinstance(value, str) and _IDENTIFIER.fullmatch(value)) or _DAY.search(value):
                raise NotAnIdentifier(f"{self.name}: what was given as {name} is no identifier.")


_declared: dict[str, Job] = {}


def declared() -> Mapping[str, Job]:
    """Every job there is, by its name."""
    return _declared


def job(label: str, *, every: Regularly | None = None, attempts: int = ATTEMPTS) -> Any:
    """Declare a function to be a job. It is given `Work`, then identifiers by name.

    Each parameter but the first ends in `_id` and is text. A job done `every` so often has none,
    and never runs beside itself.
    """

    def declare(function: Callable[..., None]) -> Job:
        name = f"{function.__module__.split('.')[-2]}.{function.__name__}"
        parameters = [*inspect.signature(function).parameters][1:]
        if wrong := [one for one in parameters if not one.endswith("_id")]:
            raise TypeError(f"{name} would be told {wrong}: a job is told identifiers alone.")
        if every and parameters:
            raise TypeError(f"{name} is done regularly, so nobody tells it anything.")

        def run(context: JobContext, /, timestamp: int | None = None, **identifiers: str) -> None:
            _run(_declared[name], context, identifiers)

        options: dict[str, Any] = {"lock": name, "queueing_lock": name} if every else {}
        # No attempts more is for procrastinate as many as it takes: so it is said in another way.
        again = RetryStrategy(max_attempts=attempts - 1, exponential_wait=BACKOFF)
        task = app.task(
            name=name, pass_context=True, retry=again if attempts > 1 else False, **options
        )(run)
        if every:
            app.periodic(cron=every.cron)(task)
        _declared[name] = Job(
            name=name,
            label=label,
            explanation=" ".join((inspect.getdoc(function) or "").split("\n\n")[0].split()),
            regularly=every,
            parameters=frozenset(parameters),
            function=function,
            task=task,
        )
        return _declared[name]

    return declare


# ---- Running one, in the worker -----------------------------------------------------------------


def _run(declared_as: Job, context: JobContext, identifiers: Mapping[str, str]) -> None:
    """Do a job, writing down when it began and ended and, where it failed, what kind of error."""
    from harbourlight.foundation.jobs.models import Run

    number = context.job.id
    assert number is not None
    run = Run.objects.create(
        job_id=number, attempt=context.job.attempts + 1, started_at=timezone.now()
    )
    telling = _Telling(run.pk)

    def wanted() -> None:
        if context.should_abort():
            raise JobAborted

    error = place = ""
    try:
        declared_as.check(identifiers)
        wanted()
        declared_as.function(Work(run.started_at, wanted, telling), **identifiers)
    except BaseException as raised:
        error, place = f"{type(raised).__module__}.{type(raised).__qualname__}", place_of(raised)
        raise
    finally:
        telling.close()
        ended = {"ended_at": timezone.now(), "error": error, "place": place}
        Run.objects.filter(pk=run.pk).update(**ended)
        connections.close_all()  # the thread may not be used again, and would keep it


def place_of(raised: BaseException) -> str:
    """The last line of our own code an error passed through, as `record/people/models.py:12`."""
    frames = traceback.extract_tb(raised.__traceback__)
    ours = [frame for frame in frames if "/harbourlight/" in frame.filename] or frames
    if not ours:
        return ""
    return f"{ours[-1].filename.rpartition('/harbourlight/')[2]}:{ours[-1].lineno}"


class _Telling:
    """Writes progress on a connection of its own: the job's own may be in a transaction."""

    def __init__(self, run_id: int) -> None:
        self._run_id = run_id
        self._connection: psycopg.Connection[Any] | None = None

    def __call__(self, done: int, total: int) -> None:
        if self._connection is None:
            self._connection = psycopg.connect(**connector_params(), autocommit=True)
        self._connection.execute(
            "UPDATE jobs_run SET done = %s, total = %s WHERE id = %s", [done, total, self._run_id]
        )

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

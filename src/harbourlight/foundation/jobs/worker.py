"""The process that does the jobs: `python -m harbourlight.foundation.jobs.worker`.

It runs beside the web server, under the same supervisor, as the owner of the database. Asked to
stop (SIGTERM, Ctrl-C) it begins nothing more and finishes what it is at, for a few seconds; what
is not finished by then, or was under way when a worker was killed, is begun again by the next.
"""

import asyncio
import os
from contextlib import suppress
from typing import Any

from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Status

from harbourlight.foundation.jobs.declaring import STALLED_AFTER

CONCURRENCY = 2
"""Jobs at a time, so that a long one does not hold up the rest."""

HEARTBEAT = 3.0
"""Seconds between a worker's saying that it lives."""

GRACE = 6.0
"""Seconds a worker asked to stop has for the jobs it is at: the supervisor waits for ten."""

ATTEMPTS_WITHOUT_END = 6
"""Attempts after which a job whose worker died each time is left as failed."""


def work(*, until_empty: bool = False) -> None:
    """Do jobs until asked to stop; or, `until_empty`, until none is waiting that could be begun.

    Must be called where no event loop runs.
    """
    asyncio.run(_work(until_empty=until_empty))


async def _work(*, until_empty: bool) -> None:
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as ours:
        async with ours.open_async():
            await free_stalled(ours)
            freeing = asyncio.create_task(_keep_freeing(ours))
            options: dict[str, Any] = {"wait": False} if until_empty else {}
            try:
                await ours.run_worker_async(
                    concurrency=CONCURRENCY,
                    install_signal_handlers=not until_empty,
                    listen_notify=not until_empty,
                    update_heartbeat_interval=HEARTBEAT,
                    stalled_worker_timeout=STALLED_AFTER,
                    shutdown_graceful_timeout=GRACE,
                    **options,
                )
            finally:
                freeing.cancel()
                with suppress(asyncio.CancelledError):
                    await freeing


async def _keep_freeing(ours: App) -> None:
    while True:
        await asyncio.sleep(STALLED_AFTER / 2)
        await free_stalled(ours)


async def free_stalled(ours: App) -> int:
    """Put back what a worker that died was at, and return how many jobs that was.

    It is done beside the jobs and not as one of them: it must not wait for a free place.
    """
    stalled = await ours.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER)
    count = 0
    for one in stalled:
        count += 1
        if one.attempts + 1 >= ATTEMPTS_WITHOUT_END:
            await ours.job_manager.finish_job(one, status=Status.FAILED, delete_job=False)
        else:
            await ours.job_manager.retry_job(one)
    return count


def main() -> None:
    """Run a worker with the settings of the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harbourlight.settings")
    import django

    django.setup()
    work()


if __name__ == "__main__":
    main()

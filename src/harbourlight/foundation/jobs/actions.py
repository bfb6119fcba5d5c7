"""What a person may do about a job: try it again, do it now, or cancel it. Each is written down.

Each is safe to ask twice: what is asked already is refused with how the job stands.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from harbourlight.foundation.actions import Refused, acting
from harbourlight.foundation.jobs.declaring import Job

if TYPE_CHECKING:
    from harbourlight.foundation.accounts.models import User


def try_again(job_id: int, *, by: "User", at: datetime) -> None:
    """Put a job that failed or was cancelled back in the queue.

    Raises `Refused` if it is waiting, running or done.
    """
    with acting("job:try-again", by=by, at=at) as act, connection.cursor() as cursor:
        act.on(job=str(job_id))
        # Not procrastinate's own: that leaves a cancelled job as it is, and one that was cancelled
        # while it ran would be cancelled again.
        try:
            with transaction.atomic():
                cursor.execute(
                    "UPDATE procrastinate_jobs SET status = 'todo', attempts = attempts + 1, "
                    "scheduled_at = NULL, abort_requested = false "
                    "WHERE id = %s AND status IN ('failed', 'aborted', 'cancelled')",
                    [job_id],
                )
                found = cursor.rowcount
        except Exception as error:
            if getattr(error.__cause__, "sqlstate", "") != "23505":
                raise
            raise Refused(_("The same work is waiting to be done already.")) from error
        if not found:
            raise Refused(
                _("This job is not one that can be tried again: look at how it stands now.")
            )


def do_now(job: Job, *, by: "User", at: datetime) -> None:
    """Enqueue a job that is done regularly, without waiting for its time.

    Raises `Refused` if it is waiting already.
    """
    with acting("job:do-now", by=by, at=at) as act:
        act.on(job=job.name)
        try:
            with transaction.atomic():
                job.later()
        except AlreadyEnqueued as error:
            raise Refused(_("It is waiting to be done already.")) from error


def cancel(job_id: int, *, by: "User", at: datetime) -> None:
    """Take a job off the queue; one that is running is asked to stop where that loses nothing.

    Raises `Refused` if it has ended.
    """
    with acting("job:cancel", by=by, at=at) as act:
        act.on(job=str(job_id))
        if not app.job_manager.cancel_job_by_id(job_id, abort=True):
            raise Refused(_("This job has ended, so there is nothing to cancel."))

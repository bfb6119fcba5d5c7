"""The queue's own housekeeping."""

from datetime import timedelta

from django.db import connection

from harbourlight.foundation.jobs.declaring import Work, job, nightly

DONE_KEPT = timedelta(days=3)
"""How long a job that was done stays in the list. Some are done every minute."""

FAILED_KEPT = timedelta(days=90)
"""How long one that failed or was cancelled stays."""


@job("Clear away old lines of background work", every=nightly(3, 40))
def clear_old_jobs(work: Work) -> None:
    """Takes jobs done three days ago, and failed or cancelled ninety days ago, off the list."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM procrastinate_jobs job USING (
                SELECT job_id, max(at) AS at FROM procrastinate_events GROUP BY job_id
            ) last
            WHERE last.job_id = job.id AND (
                job.status = 'succeeded' AND last.at < %(done)s
                OR job.status IN ('failed', 'cancelled', 'aborted') AND last.at < %(failed)s
            )
            """,
            {"done": work.at - DONE_KEPT, "failed": work.at - FAILED_KEPT},
        )
        cursor.execute(
            "DELETE FROM jobs_run run WHERE started_at < %s AND NOT EXISTS "
            "(SELECT FROM procrastinate_jobs job WHERE job.id = run.job_id)",
            [work.at - DONE_KEPT],
        )

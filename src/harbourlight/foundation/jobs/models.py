"""Each time a job was tried: when, how far it came, and the kind of error it ended in, if any.

The queue itself is procrastinate's. An error's words are never kept: they may be about a person.
"""

from django.db import models


class Run(models.Model):
    """One try at one job. `job_id` is its number in the queue, whose rows are not kept for ever."""

    job_id = models.BigIntegerField(db_index=True)
    attempt = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(null=True)
    total = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=200, blank=True, default="")
    place = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return f"Job {self.job_id}, attempt {self.attempt}"

"""Looking for unusual access by night, in days that are over: what is decided about is complete."""

from datetime import timedelta

from django.utils.timezone import localdate

from harbourlight.foundation.jobs import Work, job, nightly
from harbourlight.record.looking.actions import look_through

DAYS_BACK = 7
"""So that nights on which nothing ran are made up for."""


@job("Look for unusual access", every=nightly(5, 10))
def look(work: Work) -> None:
    """Applies each rule to who read what on the last seven days, and lists what it finds."""
    today = localdate(work.at)
    for back in range(DAYS_BACK, 0, -1):
        look_through(today - timedelta(days=back), at=work.at)

"""Sealing history as it is written, and verifying it by night."""

from harbourlight.foundation.history import sealing
from harbourlight.foundation.jobs import Work, each_minute, job, nightly


class HistoryTamperedWith(RuntimeError):
    """History is not as it was sealed. All this says is in how many places."""


@job("Seal what was written and read since the last seal", every=each_minute())
def seal(work: Work) -> None:
    """Makes a digest over each new line of history, and adds it to a file outside the database."""
    sealing.seal(at=work.at)


@job("Verify that history is as it was sealed", every=nightly(4, 40), attempts=1)
def verify(work: Work) -> None:
    """Computes every seal again from the rows. Fails if anything was changed, removed or added.

    `harbourlight history verify` says which row of which table it was.
    """
    del work
    if found := sealing.verify().found:
        raise HistoryTamperedWith(len(found))

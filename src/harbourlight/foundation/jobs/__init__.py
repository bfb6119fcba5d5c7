"""Work done in the background: what is waiting, running, done and failed.

An app declares its jobs in its module `jobs`, which is found by that name alone:

    @job("Look for people held twice", every=nightly(2, 30))
    def propose(work: Work) -> None: ...

    @job("Send the notices of one person")
    def send(work: Work, *, user_id: str) -> None: ...

    send.later(user_id=user.pk)   # inside an act: kept or undone with it

A job may be done more than once (its worker may die before saying that it was done), so a job does
nothing where its work is done already. What it is told is identifiers alone, and what it says of
itself, if it fails, is the kind of error and where: neither holds a word about a person.
"""

from harbourlight.foundation.jobs.declaring import (
    Job,
    NotAnIdentifier,
    Regularly,
    Work,
    declared,
    each_hour,
    each_minute,
    job,
    nightly,
)

__all__ = [
    "Job",
    "NotAnIdentifier",
    "Regularly",
    "Work",
    "declared",
    "each_hour",
    "each_minute",
    "job",
    "nightly",
]

"""Looking for people held twice, by night."""

from harbourlight.foundation.jobs import Work, job, nightly
from harbourlight.record.matching.proposing import propose_duplicates


@job("Look for people who are held twice", every=nightly(2, 30))
def look_for_people_held_twice(work: Work) -> None:
    """Compares everybody, and keeps what somebody is to decide."""
    propose_duplicates(at=work.at)

"""Looking after what search stands on."""

from harbourlight.foundation.jobs import Work, job, nightly
from harbourlight.record.people import search_index


class IndexNotTrue(RuntimeError):
    """The index of names did not say what the record says. How many people, is all; it does now."""


@job("Go through the index of names", every=nightly(3), attempts=1)
def go_through_index(work: Work) -> None:
    """Counts who bears each word and forgets words nobody bears; mends what differs, and fails."""
    if found := search_index.differences():
        search_index.fill()
        raise IndexNotTrue(found)
    search_index.tidy()

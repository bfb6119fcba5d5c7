"""Looking for people held twice, by night; and making two one, or one two again."""

from harbourlight.foundation.actions import Refused
from harbourlight.foundation.jobs import Work, job, nightly
from harbourlight.record.matching import actions, merging
from harbourlight.record.matching.models import Merger, Proposal
from harbourlight.record.matching.proposing import propose_duplicates


@job("Look for people who are held twice", every=nightly(2, 30))
def look_for_people_held_twice(work: Work) -> None:
    """Compares everybody, and keeps what somebody is to decide."""
    propose_duplicates(at=work.at)


@job("Make two records of one person one")
def make_one(work: Work, *, proposal_id: str, kept_id: str) -> None:
    """Does what somebody decided. Done once: a second time finds them merged."""
    proposal = Proposal.objects.select_related("person", "other", "decided_by").get(pk=proposal_id)
    kept, retired = proposal.person, proposal.other
    if kept_id == retired.pk:
        kept, retired = retired, kept
    already = Merger.objects.filter(person=kept, retired=retired, undone_at__isnull=True)
    by = proposal.decided_by
    if by is None or proposal.decision != Proposal.Decision.SAME or already.exists():
        return
    try:
        merging.merge(by=by, at=work.at, kept=kept, retired=retired, because=proposal.because)
    except Refused:  # what was held changed after the decision
        actions.wait_again(by=by, at=work.at, proposal=proposal)


@job("Make one record two again")
def make_two(work: Work, *, merger_id: str) -> None:
    """Undoes a merger that somebody asked to have undone."""
    merger = Merger.objects.select_related("undone_by").get(pk=merger_id)
    if merger.undone_at or merger.undone_by is None:
        return
    try:
        merging.undo(by=merger.undone_by, at=work.at, merger=merger, because=merger.undone_because)
    except Refused:
        actions.leave_merged(by=merger.undone_by, at=work.at, merger=merger)

"""Deciding whether two people are one. The merging itself is work for the background.

A merger moves every row about a person, those too that whoever decides may not see; so it is done
by the owner of the record, in a job, and never by the role that serves pages.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused, acting
from harbourlight.foundation.notices.actions import tell
from harbourlight.record.matching import merging
from harbourlight.record.matching.models import Merger, Proposal
from harbourlight.record.people.models import Person

Decision = Proposal.Decision


def decide(
    *,
    by: User,
    at: datetime,
    proposal: Proposal,
    decision: str,
    because: str,
    keep: Person | None = None,
) -> Proposal:
    """Say that two people are one, are two, or that somebody is being asked.

    `keep` is whose record is kept where they are one. Raises `Refused` where somebody has said so
    already, or where they could not be made one.
    """
    with acting("people:decide-duplicate", by=by, at=at) as act:
        proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if proposal.decision == Decision.SAME:
            raise Refused(_("Somebody has decided already that they are the same person"))
        proposal.decision, proposal.because = decision, because
        proposal.decided_by, proposal.decided_at = by, at
        proposal.save()
        act.on(proposal=proposal.pk)
        if decision == Decision.SAME:
            from harbourlight.record.matching.jobs import make_one

            if keep is None or keep.pk not in (proposal.person_id, proposal.other_id):
                raise Refused(_("Say whose record is kept"))
            merging.require_mergeable(proposal.person, proposal.other)
            make_one.later(proposal_id=proposal.pk, kept_id=keep.pk)
    return proposal


def ask_to_undo(*, by: User, at: datetime, merger: Merger, because: str) -> None:
    """Have a merger undone. Raises `Refused` where it was, or somebody has asked already."""
    with acting("people:ask-to-undo-merger", by=by, at=at) as act:
        merger = Merger.objects.select_for_update().get(pk=merger.pk)
        if merger.undone_by_id:
            raise Refused(_("Somebody has undone this already, or is doing so"))
        merging.require_undoable(merger)
        merger.undone_by, merger.undone_because = by, because
        merger.save(update_fields=["undone_by", "undone_because"])
        act.on(merger=merger.pk)
        from harbourlight.record.matching.jobs import make_two

        make_two.later(merger_id=merger.pk)


NOT_MADE_ONE, NOT_MADE_TWO = "duplicates:not-made-one", "duplicates:not-made-two"
"""The notices for somebody whose decision could not be carried out."""


def wait_again(*, by: User, at: datetime, proposal: Proposal) -> None:
    """Have a pair wait for a decision again, because they could not be made one, and tell `by`,
    who decided. What they gave as their reason stays in the history of the proposal."""
    with acting("people:not-made-one", by=by, at=at) as act:
        proposal.decision, proposal.because = Decision.OPEN, ""
        proposal.decided_by = proposal.decided_at = None
        proposal.save()
        act.on(proposal=proposal.pk)
        tell(by, NOT_MADE_ONE, at=at, proposal_id=proposal.pk)


def leave_merged(*, by: User, at: datetime, merger: Merger) -> None:
    """Have a merger stand, because it could not be undone, and tell `by`, who asked for that."""
    with acting("people:not-made-two", by=by, at=at) as act:
        merger.undone_by, merger.undone_because = None, ""
        merger.save(update_fields=["undone_by", "undone_because"])
        act.on(merger=merger.pk)
        tell(by, NOT_MADE_TWO, at=at, merger_id=merger.pk)

"""My work: what is due to me, the most pressing first."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.drafts.models import Draft
from harbourlight.pages import selectors
from harbourlight.pages.presenters.children import child_of
from harbourlight.pages.presenters.entries import groups_of
from harbourlight.pages.presenters.work import (
    AssessmentWaiting,
    Contacts,
    assessments_waiting,
    contacts_waiting,
)
from harbourlight.pages.reading import write_down
from harbourlight.record.assessment.selectors import returned_to, waiting_for_authorisation
from harbourlight.record.census.presenters import yours_of
from harbourlight.record.census.selectors import findings_of_worker
from harbourlight.record.live_ledger.selectors import london_time, visible_to, waiting
from harbourlight.ui.listing import list_page

CONTACTS_LISTED = 50
"""How many undecided children are listed here; the rest are in the front door's own list."""


@requires(Capability.SEE_CHILDREN)
def my_work(request: SignedInRequest) -> HttpResponse:
    """What waits for me: contacts to decide, assessments to authorise or put right, duties."""
    user, now = request.user, timezone.now()
    as_at = london_time(now)
    mine = waiting(visible_to(user).filter(worker_id=user.professional_id or ""), as_at)
    listing = list_page(request, mine, one="duty", many="duties")
    groups = groups_of(listing.items, selectors.names_in(user, listing.items), as_at)
    contacts = contacts_to_decide(user, now)
    to_authorise = assessments_to_authorise(user, user.team_id, now)
    returned = _assessments(user, returned_to(user), now, "assessment:assessment")
    children = [row.child for group in groups for row in group.rows]
    children += [child for contact in contacts.listed for child in contact.children]
    children += [assessment.child for assessment in (*to_authorise, *returned)]
    census = yours_of(findings_of_worker(user, timezone.localdate(now)))
    children += [child_of(line.child_id, line.child) for line in census.lines]
    write_down("my_work:list", by=user, at=now, children=children)
    return render(
        request,
        "pages/my-work.html",
        {
            "now": now,
            "counts": selectors.by_urgency(mine, as_at),
            "listing": listing,
            "groups": groups,
            "contacts": contacts,
            "to_authorise": to_authorise,
            "returned": returned,
            "census": census,
            "drafts": Draft.objects.of(user),
            "may_decide": user.can(Capability.DECIDE_CONTACT),
            "may_authorise": user.can(Capability.AUTHORISE_ASSESSMENT),
        },
    )


def contacts_to_decide(user: User, now: datetime) -> Contacts:
    """The contacts no manager has decided, for one who may."""
    if not user.can(Capability.DECIDE_CONTACT):
        return Contacts(total=0, listed=())
    clocks = selectors.undecided_contacts(user, london_time(now))
    total = clocks.count()
    first = [*clocks[:CONTACTS_LISTED]] if total else []
    lines = selectors.lines_of_contacts(user, [clock.about_id for clock in first])
    return Contacts(total, tuple(contacts_waiting(first, lines if first else (), now=now)))


def assessments_to_authorise(
    user: User, team_id: str | None, now: datetime
) -> list[AssessmentWaiting]:
    """The assessments sent to the manager of a team, for one who may authorise them."""
    if team_id is None or not user.can(Capability.AUTHORISE_ASSESSMENT):
        return []
    return _assessments(user, waiting_for_authorisation(user, team_id), now, "assessment:decide")


def _assessments(
    user: User, found: QuerySet[Any], now: datetime, page: str
) -> list[AssessmentWaiting]:
    held = [*found.select_related("child", "worker")]
    clocks = selectors.clocks_of_assessments(user, held) if held else ()
    return assessments_waiting(held, clocks, now=now, page=page)

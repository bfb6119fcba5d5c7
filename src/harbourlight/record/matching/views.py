"""Pages of people who may be one: what waits, two side by side, and what was merged."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.history.models import record_reading
from harbourlight.record.matching import actions, presenters, selectors
from harbourlight.record.matching.forms import KEEP, DecideForm, UndoForm
from harbourlight.record.matching.models import Proposal
from harbourlight.record.people.details import BY_CODE
from harbourlight.ui.listing import list_page


@requires(Capability.DECIDE_DUPLICATES)
def duplicates(request: SignedInRequest) -> HttpResponse:
    """Pairs of people who may be one and wait for somebody to decide, the likeliest first."""
    now = timezone.now()
    waiting = selectors.waiting_for(request.user)
    listing = list_page(request, waiting, one=_("pair"), many=_("pairs"))
    shown = [one for pair in listing.items for one in (pair.person_id, pair.other_id)]
    if shown:
        record_reading(name="people:duplicates", by=request.user, at=now, children=shown)
    lines = [presenters.line_of(one, timezone.localdate(now)) for one in listing.items]
    context = {"listing": listing, "lines": lines}
    return render(request, "matching/duplicates.html", context)


@requires(Capability.DECIDE_DUPLICATES)
def compare(request: SignedInRequest, proposal_id: str) -> HttpResponse:
    """Two people side by side, why they may be one, and the decision."""
    proposal = get_object_or_404(selectors.proposals_for(request.user), pk=proposal_id)
    people = (proposal.person, proposal.other)
    now = timezone.now()
    ids = [one.pk for one in people]
    record_reading(name="people:compare", by=request.user, at=now, children=ids)
    form = DecideForm(request.POST or None, person=people[0], other=people[1])

    def act(given: dict[str, Any]) -> str:
        decision, keep = given["decision"], None
        if decision.startswith(KEEP):
            keep = next(one for one in people if one.pk == decision.removeprefix(KEEP))
            decision = Proposal.Decision.SAME
        actions.decide(
            by=request.user,
            at=now,
            proposal=proposal,
            decision=decision,
            because=given["because"],
            keep=keep,
        )
        return reverse("matching:duplicates")

    done = _("Your decision is kept. Two records that are one are made so in a moment.")
    answer = answer_form(request, form, act, at=now, done=done)
    facts = {BY_CODE[code]: selectors.facts_of(BY_CODE[code], ids) for code in presenters.COMPARED}
    on = timezone.localdate(now)
    context = {
        "form": form,
        "proposal": proposal,
        "likely": presenters.how_likely(proposal.weight),
        "people": people,
        "both": presenters.side_by_side(people, facts, user=request.user, on=on),
        "hanging": presenters.hanging_on(people, selectors.counts_of(people)),
        "weighed": presenters.weighed(proposal),
        "back": reverse("matching:duplicates"),
    }
    return answer or render(request, "matching/compare.html", context)


@requires(Capability.DECIDE_DUPLICATES)
def mergers(request: SignedInRequest) -> HttpResponse:
    """Records that were made one, the latest first."""
    now = timezone.now()
    made = selectors.mergers_for(request.user)
    listing = list_page(request, made, one=_("merger"), many=_("mergers"))
    shown = [one.person_id for one in listing.items]
    if shown:
        record_reading(name="people:mergers", by=request.user, at=now, children=shown)
    lines = [presenters.merger_line(one) for one in listing.items]
    context = {"listing": listing, "lines": lines, "back": reverse("matching:duplicates")}
    return render(request, "matching/mergers.html", context)


@requires(Capability.DECIDE_DUPLICATES)
def merger(request: SignedInRequest, merger_id: str) -> HttpResponse:
    """One merger: who, why, what was added since, and undoing it."""
    found = get_object_or_404(selectors.mergers_for(request.user), pk=merger_id)
    now = timezone.now()
    record_reading(name="people:merger", by=request.user, at=now, children=[found.person_id])
    form = UndoForm(request.POST or None)

    def act(given: dict[str, Any]) -> str:
        actions.ask_to_undo(by=request.user, at=now, merger=found, because=given["because"])
        return reverse("matching:mergers")

    done = _("They are made two again in a moment. What was added since stays where it is.")
    answer = answer_form(request, form, act, at=now, done=done)
    written = selectors.written_since(found)
    context = {
        "merger": found,
        "form": form,
        "written": written,
        "back": reverse("matching:mergers"),
    }
    return answer or render(request, "matching/merger.html", context)

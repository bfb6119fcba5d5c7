"""The queue of contacts, one contact, and correcting it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.correcting import answer_correction, believed_before
from harbourlight.foundation.drafts.models import Draft
from harbourlight.foundation.forms import StrikeOutForm
from harbourlight.foundation.history.models import record_reading
from harbourlight.record.front_door import actions, presenters, selectors
from harbourlight.record.front_door.forms import CorrectForm, QueueFilterForm
from harbourlight.record.front_door.models import Contact, Decision
from harbourlight.record.live_ledger import selectors as ledger
from harbourlight.standards import code_sets
from harbourlight.standards.catalogue.front_door import DECISION_IN_ONE_WORKING_DAY
from harbourlight.ui.listing import address_without, list_page

LATELY = timedelta(days=7)
MOST_DECIDED = 30


def contact_of(request: SignedInRequest, contact_id: str) -> Contact:
    """A contact this person may see. Raises 404."""
    found = selectors.visible_to(request.user).select_related("recorded_by")
    return get_object_or_404(found, pk=contact_id)


@requires(Capability.SEE_CHILDREN)
def queue(request: SignedInRequest) -> HttpResponse:
    """Contacts that wait for a decision, the longest waiting first, and those decided lately."""
    now = timezone.now()
    on = timezone.localdate(now)
    form = QueueFilterForm(request.GET)
    source = form.cleaned_data.get("source") if form.is_valid() else ""
    undecided = selectors.lines_waiting(request.user)
    if source:
        undecided = undecided.filter(contact__source_code=source)
    # Contacts by name alone, and a page of them in full: where thousands wait, 4 s otherwise.
    contacts = [*dict.fromkeys(undecided.values_list("contact_id", flat=True))]
    page = list_page(request, contacts, one="contact", per_page=25)
    lines = [*undecided.filter(contact_id__in=[*page.items])]
    clocks = ledger.visible_to(request.user).filter(
        standard=DECISION_IN_ONE_WORKING_DAY.code, about_id__in=[line.pk for line in lines]
    )
    waiting = presenters.queue_of(lines, {clock.about_id: clock for clock in clocks}, on)
    listing = replace(page, items=waiting)
    decisions = [*selectors.decided_since(request.user, now - LATELY)[:MOST_DECIDED]]
    held = selectors.lines_visible_to(request.user).in_bulk([one.about_id for one in decisions])
    decided = [
        (held[one.about_id].contact_id, presenters.decided_of(one, held[one.about_id], on))
        for one in decisions
    ]
    shown = {child.id for one in listing.items for child in one.children}
    shown |= {one.child.id for _, one in decided}
    if shown:
        record_reading(name="contact:queue", by=request.user, at=now, children=shown)
    label = code_sets.label("referral_source", source) if source else ""
    context = {
        "listing": listing,
        "decided": decided,
        "filter": form,
        "chosen": [{"text": label, "href": address_without(request, "source", source)}]
        if source
        else [],
        "clear": request.path,
        "drafts": Draft.objects.of(request.user).filter(
            address__startswith=reverse("front_door:record")
        ),
        "may_record": request.user.can(Capability.RECORD_CONTACT),
        "may_decide": request.user.can(Capability.DECIDE_CONTACT),
    }
    return render(request, "front_door/queue.html", context)


@requires(Capability.SEE_CHILDREN)
def see(request: SignedInRequest, contact_id: str) -> HttpResponse:
    """One contact: what was said, the children, the decisions with their reasons."""
    contact = contact_of(request, contact_id)
    return page(
        request,
        "contact.html",
        contact,
        told=presenters.told(contact),
        believed=believed_before(contact, CorrectForm),
        may_decide=request.user.can(Capability.DECIDE_CONTACT),
        may_correct=request.user.can(Capability.CORRECT_RECORD),
    )


def page(request: SignedInRequest, template: str, contact: Contact, **context: Any) -> HttpResponse:
    """A page of a contact, with its children as they were decided; the reading is written down."""
    now = timezone.now()
    on = timezone.localdate(now)
    lines = [*selectors.lines_of(request.user, contact)]
    keys = [line.pk for line in lines]
    decisions = selectors.decisions_on(Decision.About.CONTACT, keys)
    episodes = selectors.episodes_from(keys)
    record_reading(
        name="contact:page", by=request.user, at=now, children=[line.child_id for line in lines]
    )
    context |= {
        "contact": contact,
        "back": reverse("front_door:contact", args=[contact.pk]),
        "lines": [
            presenters.line_of(line, decisions.get(line.pk, ()), episodes.get(line.pk), on)
            for line in lines
        ],
        "undecided": [line.child.name for line in lines if not line.decided],
    }
    return render(request, f"front_door/{template}", context)


@requires(Capability.SEE_CHILDREN)
def see_line(request: SignedInRequest, line_id: str) -> HttpResponse:
    """The contact that one child's line belongs to: what an entry of the ledger is about."""
    line = get_object_or_404(selectors.lines_visible_to(request.user), pk=line_id)
    return redirect("front_door:contact", contact_id=line.contact_id)


@requires(Capability.CORRECT_RECORD)
def correct(request: SignedInRequest, contact_id: str) -> HttpResponse:
    """Correct what was recorded of a contact, with the reason."""
    contact = contact_of(request, contact_id)
    form = CorrectForm(request.POST or None, row=contact)
    answer = answer_correction(
        request,
        form,
        contact,
        actions.correct_contact,
        at=timezone.now(),
        address=reverse("front_door:contact", args=[contact.pk]),
    )
    believed = believed_before(contact, CorrectForm)
    return answer or page(request, "correct.html", contact, form=form, believed=believed)


@requires(Capability.CORRECT_RECORD)
def strike_out(request: SignedInRequest, contact_id: str) -> HttpResponse:
    """Say that a contact was recorded in error, with the reason."""
    contact = contact_of(request, contact_id)
    form = StrikeOutForm(request.POST or None)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        actions.strike_out_contact(contact, by=request.user, at=at, because=given["because"])
        return reverse("front_door:queue")

    answer = answer_form(
        request, form, act, at=at, done=gettext("The contact has been struck out.")
    )
    return answer or page(request, "strike-out.html", contact, form=form)

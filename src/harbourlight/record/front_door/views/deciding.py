"""Deciding a contact for each child, beside what the record knows of them."""

from datetime import datetime, time
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.history.models import record_reading
from harbourlight.record.front_door import actions, presenters, selectors
from harbourlight.record.front_door.forms import DecideForm
from harbourlight.record.front_door.models import Contact, Decision
from harbourlight.record.front_door.views.contacts import contact_of, page
from harbourlight.record.people.overview import open_cases_of
from harbourlight.standards.clocks import add_months


@requires(Capability.DECIDE_CONTACT)
def decide(request: SignedInRequest, contact_id: str) -> HttpResponse:
    """Decide for each child that nobody has decided on, or again for those asked for."""
    contact = contact_of(request, contact_id)
    lines = _lines(request, contact)
    if not lines:
        return redirect("front_door:contact", contact_id=contact.pk)
    cases = open_cases_of([line.child_id for line in lines])
    form = DecideForm(request.POST or None, lines=lines, open_cases=cases)
    if "same" in request.POST:
        form = DecideForm(lines=lines, open_cases=cases, initial=form.same_for_all())
        return _page(request, contact, form)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        known = [key for key in given["seen"].split(",") if key]
        actions.decide_contact(by=request.user, at=at, decisions=form.decisions, seen=known)
        return reverse("front_door:decided", args=[contact.pk])

    return answer_form(request, form, act, at=at) or _page(request, contact, form)


def _lines(request: SignedInRequest, contact: Contact) -> list[Any]:
    """The children to decide on: those asked for; otherwise those nobody has decided on."""
    lines = [*selectors.lines_of(request.user, contact)]
    asked = request.POST.getlist("line") or request.GET.getlist("line")
    if asked:
        return [line for line in lines if line.pk in asked]
    return [line for line in lines if not line.decided]


def _page(request: SignedInRequest, contact: Contact, form: DecideForm) -> HttpResponse:
    """The questions for each child, with what is known; the reading is written down."""
    now = timezone.now()
    on = timezone.localdate(now)
    children = [line.child_id for line in form.lines]
    record_reading(name="contact:decide", by=request.user, at=now, children=children)
    made = selectors.decisions_on(Decision.About.CONTACT, [line.pk for line in form.lines])
    # Whoever is shown what another decided has seen it, and may decide beside it.
    seen = ",".join(one.pk for held in made.values() for one in held)
    day = timezone.localdate(contact.received_at)
    year_before = timezone.make_aware(datetime.combine(add_months(day, -12), time.min))
    episodes = selectors.episodes_of(children)
    contacts = selectors.contacts_between(children, year_before, contact.received_at)
    known = [
        presenters.known_of(
            line,
            form,
            case=form.open_cases.get(line.child_id),
            episodes=episodes.get(line.child_id, ()),
            contacts=contacts.get(line.child_id, 0),
            decisions=made.get(line.pk, ()),
            on=on,
        )
        for line in form.lines
    ]
    context = {
        "contact": contact,
        "form": form,
        "seen": seen,
        "known": known,
        "told": presenters.told(contact),
        "back": reverse("front_door:contact", args=[contact.pk]),
    }
    return render(request, "front_door/decide.html", context)


@requires(Capability.DECIDE_CONTACT)
def decided(request: SignedInRequest, contact_id: str) -> HttpResponse:
    """What was decided, what it opened, and where to go on."""
    return page(request, "decided.html", contact_of(request, contact_id))

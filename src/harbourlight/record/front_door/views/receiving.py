"""Recording a contact: who it is about, then what was said. Nothing typed is lost on the way."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.drafts.models import Draft, keep_draft
from harbourlight.foundation.history.models import record_reading
from harbourlight.record.front_door import actions
from harbourlight.record.front_door.forms import ContactForm
from harbourlight.record.people import picking
from harbourlight.record.people.models import Person
from harbourlight.record.people.overview import open_cases_of
from harbourlight.record.people.presenters import choice_hint, found_of
from harbourlight.record.people.selectors import families_of
from harbourlight.record.people.selectors import visible_to as people_visible_to
from harbourlight.ui.forms import Choice, typed_in

DRAFT = "contact"


@requires(Capability.RECORD_CONTACT)
def record(request: SignedInRequest) -> HttpResponse:
    """Record a contact about children who are on the record, siblings offered beside them."""
    draft = _draft(request)
    typed = draft.typed if draft else {}
    picked = [*typed.get("children", ()), *request.GET.getlist("child")]
    offered = _offered(request, [*picked, *request.POST.getlist("children")])
    if not offered:
        of = draft.pk if draft else ""
        return redirect(picking.address_for("contact", of=of))
    choices = _choices(request, offered)
    form = ContactForm(
        _sent(request),
        children=choices,
        initial={"received_at": timezone.now(), **typed, "children": [*dict.fromkeys(picked)]},
    )
    if "find" in request.POST or "keep" in request.POST:
        return _set_aside(request, draft, form)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        chosen = [offered[one] for one in given.pop("children")]
        given.pop("submission")
        contact = actions.record_contact(
            by=request.user, at=at, received=actions.Received(**given), children=chosen
        )
        Draft.objects.of(request.user, DRAFT).filter(pk=draft.pk if draft else "").delete()
        return reverse("front_door:contact", args=[contact.pk])

    answer = answer_form(request, form, act, at=at, done="The contact has been recorded.")
    first = offered.get(picked[0]) if picked and not draft else None
    return answer or render(request, "front_door/record.html", {"form": form, "child": first})


def _sent(request: SignedInRequest) -> Any:
    return request.POST or None


def _draft(request: SignedInRequest) -> Draft | None:
    """The draft this contact was begun as, if it is this person's."""
    if not (of := request.GET.get("of")):
        return None
    return Draft.objects.of(request.user, DRAFT).filter(pk=of).first()


def _set_aside(request: SignedInRequest, draft: Draft | None, form: ContactForm) -> HttpResponse:
    """Keep what was typed, and go to find somebody else or back to the queue."""
    typed = typed_in(form)
    typed.pop("submission")
    draft = keep_draft(draft, kind=DRAFT, by=request.user, at=timezone.now(), typed=typed)
    if "keep" in request.POST:
        messages.success(request, "What you typed is kept. Nobody else can see it.")
        return redirect("front_door:queue")
    return redirect(picking.address_for("contact", of=draft.pk, picked=typed["children"]))


def _offered(request: SignedInRequest, ids: Sequence[str]) -> dict[str, Person]:
    """The children it may be about: those picked, then the others of their families."""
    visible = people_visible_to(request.user).filter(held_as=Person.HeldAs.CHILD)
    picked = visible.in_bulk(list(ids))
    found = {one: picked[one] for one in dict.fromkeys(ids) if one in picked}
    for member in families_of(found) if found else ():
        if member.person.held_as == Person.HeldAs.CHILD:
            found.setdefault(member.person_id, member.person)
    return found


def _choices(request: SignedInRequest, offered: dict[str, Person]) -> list[Choice]:
    """The children as tick boxes; it is written down who was shown."""
    now = timezone.now()
    record_reading(name="contact:new", by=request.user, at=now, children=offered)
    cases, on = open_cases_of(offered), timezone.localdate(now)
    return [
        Choice(key, child.name, hint=choice_hint(found_of(child, (), cases.get(key), on)))
        for key, child in offered.items()
    ]


@requires(Capability.RECORD_CONTACT)
def throw_away(request: SignedInRequest, draft_id: str) -> HttpResponse:
    """Ask whether to throw away a contact that was begun, and do it."""
    drafts = Draft.objects.of(request.user, DRAFT)
    draft = get_object_or_404(drafts, pk=draft_id)
    if request.method == "POST":
        draft.delete()
        messages.success(request, "The contact you had begun has been thrown away.")
        return redirect("front_door:queue")
    return render(request, "front_door/throw-away.html", {"draft": draft})

"""Recording a contact: who it is about, then what was said. Nothing typed is lost on the way."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

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
from harbourlight.ui.forms import Choice


@requires(Capability.RECORD_CONTACT)
def record(request: SignedInRequest) -> HttpResponse:
    """Record a contact about children who are on the record, siblings offered beside them."""
    draft = _draft(request)
    begun = draft.typed.get("children", ()) if draft else ()
    picked = [*dict.fromkeys([*begun, *request.GET.getlist("child")])]
    offered = _offered(request, [*picked, *request.POST.getlist("children")])
    if not offered:
        of = draft.pk if draft else ""
        return redirect(picking.address_for("contact", of=of))
    sent: Any = request.POST or None
    if draft and sent is None:
        sent = draft.shown(children=picked)
    form = ContactForm(
        sent,
        children=_choices(request, offered),
        initial={"received_at": timezone.now(), "children": picked},
    )
    at = timezone.now()
    if "find" in request.POST:
        kept = keep_draft(request.POST, by=request.user, at=at, address=request.get_full_path())
        children = request.POST.getlist("children")
        return redirect(picking.address_for("contact", of=kept.pk if kept else "", picked=children))

    def act(given: dict[str, Any]) -> str:
        chosen = [offered[one] for one in given.pop("children")]
        given.pop("submission")
        contact = actions.record_contact(
            by=request.user, at=at, received=actions.Received(**given), children=chosen
        )
        return reverse("front_door:contact", args=[contact.pk])

    answer = answer_form(request, form, act, at=at, done=_("The contact has been recorded."))
    first = offered.get(picked[0]) if picked and not draft else None
    return answer or render(request, "front_door/record.html", {"form": form, "child": first})


def _draft(request: SignedInRequest) -> Draft | None:
    """The draft this contact was begun as, if it is this person's."""
    if not (of := request.GET.get("of")):
        return None
    return Draft.objects.of(request.user).filter(pk=of).first()


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

"""One person's record: overview, chronology, family, standards, and correcting what is held."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.correcting import answer_correction, believed_before
from harbourlight.foundation.history.models import record_readings
from harbourlight.record.live_ledger import selectors as ledger
from harbourlight.record.live_ledger.presenters import clock_of
from harbourlight.record.people import actions, picking, presenters
from harbourlight.record.people.forms import CorrectForm
from harbourlight.record.people.identity import identity_bar
from harbourlight.record.people.models import Person
from harbourlight.record.people.overview import Case, open_cases_of, sections_of
from harbourlight.record.people.selectors import families_of, visible_to
from harbourlight.standards.standard import Kind


def person_seen(request: SignedInRequest, person_id: str) -> Person:
    """The person, of those this one may see. Raises 404."""
    return get_object_or_404(visible_to(request.user), pk=person_id)


def person_page(
    request: SignedInRequest,
    template: str,
    person: Person,
    section: str,
    *,
    cases: Mapping[str, Case] | None = None,
    beside: Sequence[str] = (),
    **context: Any,
) -> HttpResponse:
    """A page of a person's record, with their identity bar; the reading is written down.

    `beside` are those of the family whom it shows too.
    """
    now = timezone.now()
    name = f"{person.held_as}:{section.removeprefix('people:').replace('child', 'page')}"
    read = {name: [person.pk]} | ({"people:family": beside} if beside else {})
    record_readings(by=request.user, at=now, children=read)
    identity = identity_bar(
        person,
        on=timezone.localdate(now),
        cases=cases,
        actions=_actions(request.user, person),
    )
    context |= {
        "person": person,
        "identity": identity,
        "navigation": presenters.sub_navigation(person, section),
    }
    return render(request, f"people/{template}", context)


def _actions(user: User, person: Person) -> list[dict[str, str]]:
    offered = []
    if person.held_as == Person.HeldAs.CHILD and user.can(Capability.RECORD_CONTACT):
        contact = f"{reverse('front_door:record')}?child={person.pk}"
        offered.append({"text": _("Record a contact"), "href": contact})
    if user.can(Capability.RECORD_PERSON):
        family = picking.address_for("family", of=person.pk)
        offered.append({"text": _("Add to this family"), "href": family})
    if user.can(Capability.RESTRICT_RECORD):
        known = reverse("confidentiality:who_may_know", args=[person.pk])
        offered.append({"text": _("Who may know of this record"), "href": known})
    if user.can(Capability.SEE_WHO_LOOKED):
        looked = reverse("looking:who", args=[person.pk])
        offered.append({"text": _("Who has looked at this record"), "href": looked})
    elif user.can(Capability.REVIEW_OPENINGS):
        opened = reverse("looking:openings", args=[person.pk])
        offered.append({"text": _("When this record was opened with a reason"), "href": opened})
    return offered


@requires(Capability.SEE_CHILDREN)
def see(request: SignedInRequest, person_id: str) -> HttpResponse:
    """A child's page: what is due and why, the case, and everything that leads from it."""
    person = person_seen(request, person_id)
    now = timezone.now()
    on = timezone.localdate(now)
    others = presenters.relatives_of(person, families_of([person.pk]))
    beside = [one.person_id for one in others]
    cases = open_cases_of([person.pk, *beside])
    context: dict[str, Any] = {
        "cases": cases,
        "beside": beside,
        "relatives": [presenters.relative_of(one, cases.get(one.person_id), on) for one in others],
        "may_correct": request.user.can(Capability.CORRECT_RECORD),
        "believed": believed_before(person, CorrectForm),
    }
    if person.held_as == Person.HeldAs.ADULT:
        return person_page(request, "adult.html", person, "people:child", **context)
    as_at = ledger.london_time(now)
    entries = ledger.visible_to(request.user).filter(child_id=person.pk)
    context["clocks"] = [
        clock_of(entry, as_at)
        for entry in ledger.unmet(entries, as_at)
        if entry.declared.kind is not Kind.OCCURRENCE
    ]
    context["sections"] = sections_of(person, user=request.user, on=on)
    return person_page(request, "child.html", person, "people:child", **context)


@requires(Capability.SEE_CHILDREN)
def standards(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Every standard that has applied to a child, met or not, and how each stands."""
    person = person_seen(request, person_id)
    as_at = ledger.london_time(timezone.now())
    entries = ledger.begun(ledger.visible_to(request.user), as_at)
    clocks = [clock_of(entry, as_at) for entry in ledger.of_children(entries, [person.pk])]
    return person_page(request, "standards.html", person, "people:standards", clocks=clocks)


@requires(Capability.CORRECT_RECORD)
def correct(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Correct what is held about a person, with the reason."""
    person = person_seen(request, person_id)
    form = CorrectForm(request.POST or None, row=person)
    back = reverse("people:child", args=[person.pk])
    answer = answer_correction(
        request, form, person, actions.correct_person, at=timezone.now(), address=back
    )
    believed = believed_before(person, CorrectForm)
    return answer or person_page(
        request, "correct.html", person, "people:correct", form=form, back=back, believed=believed
    )

"""One person's record: overview, chronology, family, standards, and correcting what is held."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.correcting import answer_correction, believed_before
from harbourlight.foundation.forms import StrikeOutForm
from harbourlight.foundation.history.models import record_reading
from harbourlight.record.live_ledger import selectors as ledger
from harbourlight.record.live_ledger.presenters import clock_of
from harbourlight.record.people import actions, picking, presenters
from harbourlight.record.people.chronology import chronology, kinds
from harbourlight.record.people.forms import ChronologyForm, CorrectForm
from harbourlight.record.people.identity import identity_bar
from harbourlight.record.people.models import FamilyMember, Person
from harbourlight.record.people.overview import Case, open_cases_of, sections_of
from harbourlight.record.people.selectors import families_of, visible_to
from harbourlight.standards.standard import Kind
from harbourlight.ui.listing import address_without


def _get(request: SignedInRequest, person_id: str) -> Person:
    return get_object_or_404(visible_to(request.user), pk=person_id)


def _page(
    request: SignedInRequest,
    template: str,
    person: Person,
    section: str,
    *,
    cases: Mapping[str, Case] | None = None,
    **context: Any,
) -> HttpResponse:
    """A page of a person's record, with their identity bar; the reading is written down."""
    now = timezone.now()
    name = f"{person.held_as}:{section.removeprefix('people:').replace('child', 'page')}"
    record_reading(name=name, by=request.user, at=now, children=[person.pk])
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
        offered.append({"text": "Record a contact", "href": contact})
    if user.can(Capability.RECORD_PERSON):
        family = picking.address_for("family", of=person.pk)
        offered.append({"text": "Add to this family", "href": family})
    return offered


def _relatives(
    request: SignedInRequest, person: Person
) -> tuple[list[presenters.Relative], Mapping[str, Case]]:
    """A person's family as a page shows it, and the open cases of all of them.

    It is written down who was shown.
    """
    others = presenters.relatives_of(person, families_of([person.pk]))
    now = timezone.now()
    if others:
        shown = [one.person_id for one in others]
        record_reading(name="people:family", by=request.user, at=now, children=shown)
    cases = open_cases_of([person.pk, *(one.person_id for one in others)])
    on = timezone.localdate(now)
    shown_as = [presenters.relative_of(one, cases.get(one.person_id), on) for one in others]
    return shown_as, cases


@requires(Capability.SEE_CHILDREN)
def see(request: SignedInRequest, person_id: str) -> HttpResponse:
    """A child's page: what is due and why, the case, and everything that leads from it."""
    person = _get(request, person_id)
    relatives, cases = _relatives(request, person)
    context: dict[str, Any] = {
        "cases": cases,
        "relatives": relatives,
        "may_correct": request.user.can(Capability.CORRECT_RECORD),
        "believed": believed_before(person, CorrectForm),
    }
    if person.held_as == Person.HeldAs.ADULT:
        return _page(request, "adult.html", person, "people:child", **context)
    now = timezone.now()
    as_at = ledger.london_time(now)
    entries = ledger.visible_to(request.user).filter(child_id=person.pk)
    context["clocks"] = [
        clock_of(entry, as_at)
        for entry in ledger.unmet(entries, as_at)
        if entry.declared.kind is not Kind.OCCURRENCE
    ]
    context["sections"] = sections_of(person, user=request.user, on=timezone.localdate(now))
    return _page(request, "child.html", person, "people:child", **context)


@requires(Capability.SEE_CHILDREN)
def standards(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Every standard that has applied to a child, met or not, and how each stands."""
    person = _get(request, person_id)
    as_at = ledger.london_time(timezone.now())
    entries = ledger.begun(ledger.visible_to(request.user), as_at)
    clocks = [clock_of(entry, as_at) for entry in ledger.of_children(entries, [person.pk])]
    return _page(request, "standards.html", person, "people:standards", clocks=clocks)


@requires(Capability.SEE_CHILDREN)
def see_chronology(request: SignedInRequest, person_id: str) -> HttpResponse:
    """What happened to a child, or to the children of a family together, the latest first."""
    person = _get(request, person_id)
    family = {person.pk: person.name} | {
        one.person_id: one.person.name
        for one in families_of([person.pk])
        if one.person.held_as == Person.HeldAs.CHILD
    }
    asked = request.GET.copy()
    if "child" not in asked:
        asked["child"] = person.pk
    form = ChronologyForm(
        asked,
        children=[*family.items()] if len(family) > 1 else (),
        kinds=[(kind.code, kind.label) for kind in kinds()],
    )
    form.is_valid()
    chosen = form.cleaned_data.get("child") or [person.pk]
    only = form.cleaned_data.get("kind") or []
    others = [one for one in chosen if one != person.pk]
    if others:
        at = timezone.now()
        record_reading(name="child:chronology", by=request.user, at=at, children=others)
    names = {child_id: family[child_id] for child_id in chosen}
    items = presenters.timeline_items(chronology(chosen, only), names)
    labels = family | {kind.code: kind.label for kind in kinds()}
    context: dict[str, Any] = {
        "items": items,
        "filter": form,
        "names": [*names.values()],
        "chosen": [
            {"text": labels[value], "href": address_without(request, name, value)}
            for name, values in (("child", others and chosen), ("kind", only))
            for value in values
        ],
        "clear": request.path,
    }
    return _page(request, "chronology.html", person, "people:chronology", **context)


@requires(Capability.SEE_CHILDREN)
def family(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Everyone recorded in a family with a person."""
    person = _get(request, person_id)
    relatives, cases = _relatives(request, person)
    may_correct = request.user.can(Capability.CORRECT_RECORD)
    return _page(
        request,
        "family.html",
        person,
        "people:family",
        cases=cases,
        relatives=relatives,
        may_correct=may_correct,
    )


@requires(Capability.CORRECT_RECORD)
def leave_family(request: SignedInRequest, person_id: str, member_id: str) -> HttpResponse:
    """Say that somebody was recorded in a family in error, with the reason."""
    person = _get(request, person_id)
    member = get_object_or_404(
        FamilyMember.objects.standing().filter(
            person__in=visible_to(request.user), family__members__person=person
        ),
        pk=member_id,
    )
    form = StrikeOutForm(request.POST or None)
    at, back = timezone.now(), reverse("people:family", args=[person.pk])

    def act(given: dict[str, Any]) -> str:
        actions.leave_family(member, by=request.user, at=at, because=given["because"])
        return back

    done = f"{member.person.name} is no longer recorded in this family."
    answer = answer_form(request, form, act, at=at, done=done)
    return answer or _page(
        request, "leave-family.html", person, "people:family", form=form, member=member, back=back
    )


@requires(Capability.CORRECT_RECORD)
def correct(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Correct what is held about a person, with the reason."""
    person = _get(request, person_id)
    form = CorrectForm(request.POST or None, row=person)
    back = reverse("people:child", args=[person.pk])
    answer = answer_correction(
        request, form, person, actions.correct_person, at=timezone.now(), address=back
    )
    believed = believed_before(person, CorrectForm)
    return answer or _page(
        request, "correct.html", person, "people:correct", form=form, back=back, believed=believed
    )

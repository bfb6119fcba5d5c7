"""The family: who is in it, how they are related, the genogram, and recording all that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.forms import StrikeOutForm
from harbourlight.record.people import actions, picking
from harbourlight.record.people.detail_presenters import section_of
from harbourlight.record.people.details import RELATIONSHIPS
from harbourlight.record.people.family_forms import RelateForm
from harbourlight.record.people.family_presenters import genogram_of, kin_rows, links_of
from harbourlight.record.people.genogram import Link
from harbourlight.record.people.identity import birth_in_words
from harbourlight.record.people.kinship import Kinship
from harbourlight.record.people.models import FamilyMember, Person, Relationship
from harbourlight.record.people.overview import open_cases_of
from harbourlight.record.people.selectors import (
    families_of,
    household_of,
    kin_of,
    people_known,
    relationships_among,
    visible_to,
)
from harbourlight.record.people.views.record import person_page, person_seen


@dataclass(frozen=True)
class _Family:
    """Everybody in a family whom somebody may know of, and how they are related."""

    people: dict[str, Person]
    members: Sequence[FamilyMember]
    relationships: Sequence[Relationship]
    links: Sequence[Link]
    kinship: Kinship


def _family_of(user: User, person: Person, on: date) -> _Family:
    members = [*families_of([person.pk])]
    recorded = {one.person_id for one in members}
    people = people_known(user, {*kin_of(person.pk), *recorded, person.pk})
    relationships = [*relationships_among(people)]
    for one in relationships:
        one.person, one.other = people[one.person_id], people[one.other_id]
    links = links_of(relationships, on)
    names = {key: one.name for key, one in people.items()}
    sexes = {key: one.sex for key, one in people.items()}
    kinship = Kinship(person.pk, links, sexes, names)
    # Whoever is reached only through somebody hidden is not there: they would give them away.
    reached = {key for key in people if key in recorded or kinship.reaches(key)}
    return _Family(
        {key: one for key, one in people.items() if key in reached},
        [one for one in members if one.person_id in reached],
        [one for one in relationships if {one.person_id, one.other_id} <= reached],
        [one for one in links if {one.person, one.other} <= reached],
        kinship,
    )


@requires(Capability.SEE_CHILDREN)
def see(request: SignedInRequest, person_id: str) -> HttpResponse:
    """A person's family: the genogram, the table that says the same, and their relationships."""
    person = person_seen(request, person_id)
    on, user = timezone.localdate(), request.user
    family = _family_of(user, person, on)
    others = [key for key in family.people if key != person.pk]
    cases = open_cases_of(family.people)
    household = household_of(user, person.pk, family.people, on) if others else set()
    mine = [one for one in family.relationships if person.pk in (one.person_id, one.other_id)]
    context: dict[str, Any] = {
        "genogram": genogram_of(
            person, family.people, family.links, family.kinship, household=household, on=on
        )
        if others
        else None,
        "kin": kin_rows(
            person,
            family.people,
            family.relationships,
            family.kinship,
            members=family.members,
            cases=cases,
            household=household,
            on=on,
        ),
        "relationships": section_of(RELATIONSHIPS, person, mine, user=user, on=on),
        "may_correct": user.can(Capability.CORRECT_RECORD),
        "may_record": user.can(Capability.RECORD_PERSON),
    }
    return person_page(
        request, "family.html", person, "people:family", cases=cases, beside=others, **context
    )


@requires(Capability.RECORD_PERSON)
def relate(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Record what each of a family, or somebody found by a search, is to a person."""
    person = person_seen(request, person_id)
    at = timezone.now()
    on = timezone.localdate(at)
    family = _family_of(request.user, person, on)
    related = set(family.kinship.direct)
    found = people_known(request.user, request.GET.getlist("child"))
    offered = [
        one
        for key, one in (found | family.people).items()
        if key != person.pk and key not in related
    ]
    back = reverse("people:family", args=[person.pk])
    search = picking.address_for("relation", of=person.pk)
    if not offered:
        messages.info(request, _("Everybody in this family is related already. Find somebody."))
        return redirect(search)
    others = [(one, birth_in_words(one, on)) for one in offered]
    form = RelateForm(request.POST or None, person=person, others=others)

    def act(given: dict[str, Any]) -> str:
        actions.relate(person, form.related, by=request.user, at=at)
        return back

    answer = answer_form(request, form, act, at=at, done=_("The relationships are recorded."))
    context: dict[str, Any] = {"form": form, "back": back, "search": search}
    context["beside"] = [one.pk for one in offered]
    return answer or person_page(request, "relate.html", person, "people:family", **context)


@requires(Capability.CORRECT_RECORD)
def leave(request: SignedInRequest, person_id: str, member_id: str) -> HttpResponse:
    """Say that somebody was recorded in a family in error, with the reason."""
    person = person_seen(request, person_id)
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

    done = _("%(name)s is no longer recorded in this family.") % {"name": member.person.name}
    answer = answer_form(request, form, act, at=at, done=done)
    return answer or person_page(
        request, "leave-family.html", person, "people:family", form=form, member=member, back=back
    )

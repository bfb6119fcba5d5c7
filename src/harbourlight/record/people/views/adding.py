"""Adding people: after a search, several in one go, asking first whether they are here already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.answering import answer_form
from harbourlight.record.people import actions
from harbourlight.record.people.actions import Joining, NewPerson
from harbourlight.record.people.forms import (
    IS_NEW,
    NEW_FAMILY,
    AddForm,
    AlikeForm,
    JoinForm,
    PersonForm,
    SearchForm,
    begun_with,
    next_in_family,
)
from harbourlight.record.people.models import Family, FamilyMember, Person
from harbourlight.record.people.picking import Picking
from harbourlight.record.people.presenters import (
    added_in_words,
    choice_hint,
    relatives_in_brief,
    relatives_of,
)
from harbourlight.record.people.search import Sought, alike
from harbourlight.record.people.selectors import families_of, visible_to
from harbourlight.record.people.views.finding import picking_of, shown
from harbourlight.ui.forms import Choice, Repeating, typed_in


@requires(Capability.RECORD_PERSON)
def add(request: SignedInRequest) -> HttpResponse:
    """Add people. It is reached from a search that did not find them, and only so."""
    picking = picking_of(request)
    if request.method != "POST":
        messages.info(request, gettext("Search first: the person may be here already."))
        return redirect(reverse("people:search") + (picking.query if picking else ""))
    offered = _families_offered(request, picking)
    group, form = _asked(request, offered)
    if not group.is_valid() or not form.is_valid():
        return _add_page(request, picking, group, form, offered)
    held = _held_already(request, [one.person for one in group.forms])
    asked = AlikeForm(
        request.POST if "asked" in request.POST else None,
        {number: (new, choices) for number, (new, choices, _) in held.items()},
    )
    if held and not asked.is_valid():
        return _alike_page(request, picking, asked)

    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        new, joining = _settled(group, asked, held)
        family, already = offered.chosen(given.get("family", ""))
        _, added = actions.add_people(
            by=request.user, at=at, people=new, family=family, joining=[*already, *joining]
        )
        joined = [one.person for one in joining]
        messages.success(request, added_in_words(added, joined))
        return _after(picking, [*added, *joined])

    answer = answer_form(request, form, act, at=at)
    return answer or _add_page(request, picking, group, form, offered)


def _asked(request: SignedInRequest, offered: "_Offered") -> tuple[Repeating, AddForm]:
    """The people and their family as they were sent; or, from a search, as it begins them."""
    if "begin" in request.POST:
        search = SearchForm(request.POST)
        sought = search.sought if search.is_valid() else Sought()
        group = _group(None, [begun_with(sought, on=timezone.localdate())])
        return group, AddForm(families=offered.choices)
    group = _group(request.POST, ())
    form = AddForm(request.POST, families=offered.choices)
    if group.acted:
        typed = {name: value for name, value in typed_in(form).items() if value is not None}
        form = AddForm(initial=typed, families=offered.choices)
    return group, form


def _group(data: Any, initial: Sequence[Mapping[str, Any]]) -> Repeating:
    return Repeating(
        PersonForm,
        prefix="person",
        item="person",
        data=data,
        initial=initial,
        following=next_in_family,
    )


def _add_page(
    request: SignedInRequest,
    picking: Picking | None,
    group: Repeating,
    form: AddForm,
    offered: "_Offered",
) -> HttpResponse:
    context = {"picking": picking, "form": group, "about": form, "family": offered.only}
    return render(request, "people/add.html", context)


def _after(picking: Picking | None, people: Sequence[Person]) -> str:
    """Where adding leads: on with its purpose, or to the first child's page."""
    children = [one for one in people if one.held_as == Person.HeldAs.CHILD]
    if picking:
        return picking.after_adding([child.pk for child in children])
    return reverse("people:child", args=[(children or people)[0].pk])


# ---- Which family -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Offered:
    """The families that those added may belong to, by the identifier of somebody in each."""

    people: Mapping[str, Person]
    families: Mapping[str, Family | None]
    choices: tuple[tuple[str, str], ...]
    only: str
    """The one family it can be, in words; empty where there is a choice, or a new one."""

    def chosen(self, key: str) -> tuple[Family | None, list[Joining]]:
        """The family chosen, and who joins it because they had none yet."""
        if self.only:
            (key,) = self.people
        if key not in self.people:
            return None, []
        family, person = self.families[key], self.people[key]
        return family, [] if family else [Joining(person, _first_place(person))]


def _first_place(person: Person) -> str:
    is_child = person.held_as == Person.HeldAs.CHILD
    return FamilyMember.Place.CHILD if is_child else FamilyMember.Place.PARENT


def _families_offered(request: SignedInRequest, picking: Picking | None) -> _Offered:
    ids = picking.families_of if picking else ()
    people = {one.pk: one for one in visible_to(request.user).filter(pk__in=ids)}
    members = [*families_of(people)] if people else []
    families: dict[str, Family | None] = {}
    words: list[tuple[str, str]] = []
    on = timezone.localdate()
    for key, person in people.items():
        family = next((one.family for one in members if one.person_id == key), None)
        if family and family in families.values():
            continue
        families[key] = family
        others = relatives_in_brief(relatives_of(person, members), on)
        words.append(
            (key, _("With %(names)s") % {"names": ", ".join(filter(None, [person.name, others]))})
        )
    kept = {key: people[key] for key in families}
    if picking and picking.purpose.joins_family and len(words) == 1:
        return _Offered(kept, families, (), words[0][1])
    if words:
        words.append((NEW_FAMILY, gettext("Another family")))
    return _Offered(kept, families, tuple(words), "")


# ---- Somebody alike -----------------------------------------------------------------------------

_Held = Mapping[int, tuple[NewPerson, Sequence[Choice], Mapping[str, Person]]]


def _held_already(request: SignedInRequest, people: Sequence[NewPerson]) -> _Held:
    """For each person who is like someone on the record: the person, and whom they may be."""
    held = {}
    for number, new in enumerate(people):
        sought = Sought(f"{new.forename} {new.surname}".strip(), new.born_on or new.expected_on)
        found = alike(request.user, sought, on=timezone.localdate())[:5]
        if found:
            choices = [
                Choice(one.id, one.name, hint=choice_hint(one)) for one in shown(request, found)
            ]
            held[number] = (new, choices, {one.person.pk: one.person for one in found})
    return held


def _alike_page(
    request: SignedInRequest, picking: Picking | None, asked: AlikeForm
) -> HttpResponse:
    answered = {*asked.fields, "asked", "csrfmiddlewaretoken"}
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in answered
        for value in values
    ]
    context = {"picking": picking, "form": asked, "carried": carried}
    return render(request, "people/alike.html", context)


def _settled(
    group: Repeating, asked: AlikeForm, held: _Held
) -> tuple[list[NewPerson], list[Joining]]:
    """Who is added, and who turned out to be on the record already."""
    new, joining = [], []
    for number, one in enumerate(group.forms):
        chosen = asked.cleaned_data[f"is-{number}"] if number in held else IS_NEW
        if chosen == IS_NEW:
            new.append(one.person)
        else:
            joining.append(Joining(held[number][2][chosen], one.person.place))
    return new, joining


# ---- Joining a family ---------------------------------------------------------------------------


@requires(Capability.RECORD_PERSON)
def join(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Say what place people already on the record take in a person's family."""
    person = get_object_or_404(visible_to(request.user), pk=person_id)
    members = [*families_of([person.pk])]
    there = {one.person_id for one in members}
    people = [
        one
        for one in visible_to(request.user).filter(pk__in=request.GET.getlist("child"))
        if one.pk not in there and one.pk != person.pk
    ]
    to_family = reverse("people:family", args=[person.pk])
    if not people:
        messages.info(request, gettext("They are in this family already."))
        return redirect(to_family)
    form = JoinForm(request.POST or None, people=people)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        joining = [Joining(one, form.place_of(one)) for one in people]
        family = next((one.family for one in members if one.person_id == person.pk), None)
        if family is None:
            joining.append(Joining(person, _first_place(person)))
        actions.add_people(by=request.user, at=at, people=(), family=family, joining=joining)
        return to_family

    done = added_in_words((), people)
    answer = answer_form(request, form, act, at=at, done=done)
    context = {"form": form, "person": person, "back": to_family}
    return answer or render(request, "people/join.html", context)

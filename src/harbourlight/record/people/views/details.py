"""A person's details: every kind of fact by the same five views, made from its declaration."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.correcting import answer_correction, believed_before, believed_of_each
from harbourlight.foundation.forms import StrikeOutForm
from harbourlight.record.people import actions
from harbourlight.record.people.detail_forms import (
    BirthForm,
    DeathForm,
    EndingForm,
    adding_form,
    believed_form,
    correcting_form,
    done_words,
)
from harbourlight.record.people.detail_presenters import about_lacks, about_rows, row_of, section_of
from harbourlight.record.people.details import BY_CODE, KINDS, DetailKind
from harbourlight.record.people.forms import CorrectForm
from harbourlight.record.people.models import Person, PersonFact
from harbourlight.record.people.selectors import families_of, visible_to
from harbourlight.record.people.views.record import person_page, person_seen


def _kind(code: str) -> DetailKind:
    if code not in BY_CODE:
        raise Http404
    return BY_CODE[code]


def _fact(request: SignedInRequest, kind: DetailKind, person: Person, fact_id: str) -> PersonFact:
    """A standing fact that this person may change. One kept from them is not there."""
    facts = kind.of(request.user, person).filter(struck_out_at=None)
    fact: PersonFact = get_object_or_404(facts, pk=fact_id)
    if kind.hides(request.user, fact):
        raise Http404
    return fact


def _back(person: Person, kind: DetailKind | None = None) -> str:
    if kind is None:
        return reverse("people:details", args=[person.pk])
    return f"{reverse(kind.page, args=[person.pk])}#{kind.code}"


def _form_page(
    request: SignedInRequest,
    person: Person,
    form: Any,
    *,
    title: str,
    submit: str,
    kind: DetailKind | None = None,
    **more: Any,
) -> HttpResponse:
    back = _back(person, kind)
    context = {"form": form, "title": title, "submit": submit, "back": back} | more
    return person_page(request, "detail-form.html", person, "people:details", **context)


@requires(Capability.SEE_CHILDREN)
def see(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Everything that is recorded of a person themselves."""
    person = person_seen(request, person_id)
    on, user = timezone.localdate(), request.user
    held = {
        kind.code: [*kind.of(user, person).filter(struck_out_at=None).select_related("recorded_by")]
        for kind in KINDS
    }
    upn_held = any(one.kind == "upn" and one.is_current_on(on) for one in held["identifiers"])
    about = about_rows(person, on, upn_held=upn_held)
    context: dict[str, Any] = {
        "about": about,
        "about_lacks": about_lacks(about),
        "sections": [section_of(kind, person, held[kind.code], user=user, on=on) for kind in KINDS],
        "may_correct": user.can(Capability.CORRECT_RECORD),
        "may_record": user.can(Capability.RECORD_PERSON),
        "believed": believed_before(person, CorrectForm),
    }
    return person_page(request, "details.html", person, "people:details", **context)


@requires(Capability.SEE_CHILDREN)
def history(request: SignedInRequest, person_id: str, kind: str) -> HttpResponse:
    """All there ever was of one kind: who recorded each, what was believed, what was in error."""
    person, of = person_seen(request, person_id), _kind(kind)
    on, user = timezone.localdate(), request.user
    facts = [
        *of.of(user, person)
        .select_related("recorded_by", *([of.also_about] if of.also_about else []))
        .order_by("-recorded_at", "-id")
    ]
    shown = [fact for fact in facts if not of.hides(user, fact)]
    believed = believed_of_each(shown, believed_form(of))
    rows = [
        row_of(of, fact, user=user, on=on, believed=believed.get(fact.pk, ())) for fact in facts
    ]
    context: dict[str, Any] = {"kind": of, "rows": rows, "back": _back(person, of)}
    return person_page(request, "detail-history.html", person, "people:details", **context)


@requires(Capability.RECORD_PERSON)
def add(request: SignedInRequest, person_id: str, kind: str) -> HttpResponse:
    """Record a fact about a person, and about others of the family of whom it is as true."""
    person, of = person_seen(request, person_id), _kind(kind)
    if of.added_at:
        raise Http404
    on, at = timezone.localdate(), timezone.now()
    held = {
        fact.pk: fact
        for fact in of.of(request.user, person).filter(struck_out_at=None, ended_on=None)
        if of.may_replace and not of.hides(request.user, fact)
    }
    said = [(key, of.say(fact, request.user, on)) for key, fact in held.items()]
    members = families_of([person.pk]) if of.may_be_shared else ()
    family = {one.person_id: one.person for one in members if one.person_id != person.pk}
    form = adding_form(
        of,
        request.POST or None,
        held=[(key, f"{one.title}: {', '.join(one.value.splitlines())}") for key, one in said],
        family=[(key, one.name) for key, one in family.items()],
    )

    def act(given: dict[str, Any]) -> str:
        actions.add_fact(
            of,
            person,
            {name: given[name] for name in of.columns},
            by=request.user,
            at=at,
            replaces=[held[key] for key in given.get("replaces", ())],
            also=[family[key] for key in given.get("also", ())],
        )
        return _back(person, of)

    answer = answer_form(request, form, act, at=at, done=done_words(of, "added"))
    title = _("Add to %(title)s") % {"title": str(of.title).lower()}
    return answer or _form_page(
        request, person, form, kind=of, title=title, submit=_("Save"), beside=[*family]
    )


@requires(Capability.RECORD_PERSON)
def correct(request: SignedInRequest, person_id: str, kind: str, fact_id: str) -> HttpResponse:
    """Correct a fact, with the reason."""
    person, of = person_seen(request, person_id), _kind(kind)
    fact = _fact(request, of, person, fact_id)
    form = correcting_form(of, request.POST or None, fact)

    def act(now: PersonFact, changes: dict[str, Any], **how: Any) -> None:
        actions.correct_fact(of, now, changes, **how)

    address = _back(person, of)
    answer = answer_correction(request, form, fact, act, at=timezone.now(), address=address)
    title = _("Correct this %(one)s") % {"one": of.one}
    believed = believed_before(fact, believed_form(of))
    said = of.say(fact, request.user, timezone.localdate())
    return answer or _form_page(
        request,
        person,
        form,
        kind=of,
        title=title,
        submit=_("Correct"),
        believed=believed,
        said=said,
    )


@requires(Capability.RECORD_PERSON)
def end(request: SignedInRequest, person_id: str, kind: str, fact_id: str) -> HttpResponse:
    """Say that a fact no longer holds."""
    person, of = person_seen(request, person_id), _kind(kind)
    fact = _fact(request, of, person, fact_id)
    form, at = EndingForm(request.POST or None), timezone.now()

    def act(given: dict[str, Any]) -> str:
        actions.end_fact(of, fact, on=given["ended_on"], by=request.user, at=at)
        return _back(person, of)

    answer = answer_form(request, form, act, at=at, done=done_words(of, "ended"))
    title = _("Does this %(one)s no longer hold?") % {"one": of.one}
    said = of.say(fact, request.user, timezone.localdate())
    return answer or _form_page(
        request, person, form, kind=of, title=title, submit=_("End it"), said=said
    )


@requires(Capability.CORRECT_RECORD)
def strike_out(request: SignedInRequest, person_id: str, kind: str, fact_id: str) -> HttpResponse:
    """Say that a fact was recorded in error, with the reason."""
    person, of = person_seen(request, person_id), _kind(kind)
    fact = _fact(request, of, person, fact_id)
    form, at = StrikeOutForm(request.POST or None), timezone.now()

    def act(given: dict[str, Any]) -> str:
        actions.strike_out_fact(of, fact, by=request.user, at=at, because=given["because"])
        return _back(person, of)

    answer = answer_form(request, form, act, at=at, done=done_words(of, "struck_out"))
    title = _("Was this %(one)s recorded in error?") % {"one": of.one}
    said = of.say(fact, request.user, timezone.localdate())
    return answer or _form_page(
        request, person, form, kind=of, title=title, submit=_("Strike it out"), said=said
    )


@requires(Capability.RECORD_PERSON)
def born(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Say that a child who was expected has been born."""
    unborn = visible_to(request.user).filter(born_on=None, expected_on__isnull=False)
    person = get_object_or_404(unborn, pk=person_id)
    form = BirthForm(request.POST or None, initial={"surname": person.surname})
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        birth = actions.Birth(given["born_on"], given["sex"], given["forename"], given["surname"])
        actions.record_birth(person, birth, by=request.user, at=at)
        return _back(person)

    done = _("The birth is recorded. What was expected is kept.")
    answer = answer_form(request, form, act, at=at, done=done)
    title = _("Record the birth")
    return answer or _form_page(request, person, form, title=title, submit=_("Record the birth"))


@requires(Capability.RECORD_PERSON)
def died(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Say that somebody died, or that a pregnancy ended without a birth."""
    living = visible_to(request.user).filter(died_on=None)
    person = get_object_or_404(living, pk=person_id)
    form, at = DeathForm(request.POST or None), timezone.now()

    def act(given: dict[str, Any]) -> str:
        actions.record_death(person, on=given["died_on"], by=request.user, at=at)
        return _back(person)

    answer = answer_form(request, form, act, at=at, done=_("The death is recorded."))
    title = _("Record a death")
    return answer or _form_page(request, person, form, title=title, submit=_("Record the death"))

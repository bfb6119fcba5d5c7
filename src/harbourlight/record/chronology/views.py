"""The chronology of a child, or of the children of a family together."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.actions import Refused
from harbourlight.foundation.documents.printing import (
    CannotPrint,
    pdf_response,
    printed,
    render_pdf,
)
from harbourlight.foundation.history.models import record_readings
from harbourlight.record.chronology import actions, presenters, selectors
from harbourlight.record.chronology.forms import ChronologyForm
from harbourlight.record.confidentiality.policy import read_whole
from harbourlight.record.people.chronology import Happening, kinds, said_once
from harbourlight.record.people.identity import identity_bar
from harbourlight.record.people.models import Person
from harbourlight.record.people.presenters import sub_navigation
from harbourlight.record.people.selectors import families_of
from harbourlight.ui.formats import date_in_words, in_list
from harbourlight.ui.listing import address_with, address_without, list_page
from harbourlight.ui.words import in_language


@dataclass(frozen=True)
class _Shown:
    """What a request asks to see: of whom, and how it is narrowed."""

    person: Person
    family: Mapping[str, str]
    names: Mapping[str, str]
    form: ChronologyForm
    found: list[Happening]


def _shown(request: SignedInRequest, person_id: str, reading: str) -> _Shown:
    """What happened, as asked for; who was read about is written down."""
    theirs = Q(pk=person_id) | Q(pk__in=families_of([person_id]).order_by().values("person_id"))
    read = read_whole(request.user, Person.objects.standing(), "pk")
    known = {one.pk: one for one in read.filter(theirs)}
    person = known.get(person_id)
    if person is None:
        raise Http404
    children = [one for one in known.values() if one.held_as == Person.HeldAs.CHILD]
    family = {person.pk: person.name} | {one.pk: one.name for one in children}
    given = request.GET.copy()
    if "child" not in given:
        given["child"] = person.pk
    form = ChronologyForm(
        given,
        children=[*family.items()] if len(family) > 1 else (),
        kinds=[(kind.code, in_language(kind.label)) for kind in kinds()],
    )
    form.is_valid()
    chosen = form.cleaned_data.get("child") or [person.pk]
    # The others of the family are named where one chooses whose chronology to read.
    named = family.keys() - {person.pk, *chosen}
    readings = {reading: {person.pk, *chosen}} | ({"people:family": named} if named else {})
    record_readings(by=request.user, at=timezone.now(), children=readings)
    names = {child_id: family[child_id] for child_id in chosen}
    return _Shown(person, family, names, form, selectors.happenings(chosen, form.asked))


@requires(Capability.SEE_CHILDREN)
def see(request: SignedInRequest, person_id: str) -> HttpResponse:
    """What happened to a child, or to the children of a family together, the latest first."""
    shown = _shown(request, person_id, "child:chronology")
    person, now = shown.person, timezone.now()
    listing = list_page(request, said_once(shown.found), one=_("entry"), many=_("entries"))
    context = {
        "person": person,
        "identity": identity_bar(person, on=timezone.localdate(now)),
        "navigation": sub_navigation(person, "chronology:page"),
        "listing": listing,
        "entries": presenters.entries_said_once(listing.items, shown.names),
        "filter": shown.form,
        "names": [*shown.names.values()],
        "chosen": _chosen(request, shown),
        "clear": request.path,
        "here": request.get_full_path(),
        "pdf": f"{reverse('chronology:pdf', args=[person.pk])}?{request.GET.urlencode()}",
        "may_mark": request.user.can(Capability.RECORD_PERSON)
        or request.user.can(Capability.CORRECT_RECORD),
    }
    return render(request, "chronology/page.html", context)


def _chosen(request: SignedInRequest, shown: _Shown) -> list[dict[str, str]]:
    """What the chronology is narrowed by, each with the address without it."""
    asked = shown.form.asked
    labels = {**shown.family, **{kind.code: in_language(kind.label) for kind in kinds()}}
    several = shown.names if len(shown.names) > 1 else ()
    chosen = [
        {"text": labels[value], "href": address_without(request, name, value)}
        for name, values in (("child", several), ("kind", asked.kinds))
        for value in values
    ]
    for name, text in (
        ("significant", _("Significant only") if asked.significant else ""),
        ("late", _("Recorded late only") if asked.late else ""),
        ("words", asked.words),
    ):
        if text:
            href = address_with(request, **{name: None, "page": None})
            chosen.append({"text": text, "href": href})
    for name, day, word in (("since", asked.since, _("From")), ("until", asked.until, _("To"))):
        if day:
            parts = {f"{name}-{part}": None for part in ("day", "month", "year")}
            href = address_with(request, **parts, page=None)
            chosen.append({"text": f"{word} {date_in_words(day)}", "href": href})
    return chosen


@requires(Capability.SEE_CHILDREN)
def pdf(request: SignedInRequest, person_id: str) -> HttpResponse:
    """The same chronology, all of it, as PDF. That it was made is written down."""
    shown = _shown(request, person_id, "child:chronology-printed")
    heading = _("Chronology of {names}").format(names=in_list(shown.names.values()))
    context = {
        "heading": heading,
        "entries": presenters.entries_of(shown.found, shown.names),
        "narrowed": [one["text"] for one in _chosen(request, shown)],
    }
    on_each_page = printed(heading, by=request.user, at=timezone.now())
    try:
        content = render_pdf(
            "chronology/printed.html", context, on_each_page=on_each_page, request=request
        )
    except CannotPrint as error:
        messages.warning(request, str(error))
        return redirect("chronology:page", person_id=person_id)
    return pdf_response(content, file_name="chronology")


@requires(Capability.SEE_CHILDREN)
@require_POST
def mark(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Say that something was significant, or that it was not, and go back where one was."""
    user = request.user
    if not (user.can(Capability.RECORD_PERSON) or user.can(Capability.CORRECT_RECORD)):
        from harbourlight.foundation.access import refusal

        raise refusal(Capability.RECORD_PERSON)
    read = read_whole(user, Person.objects.standing(), "pk")
    child = get_object_or_404(read, pk=request.POST.get("child", person_id))
    significant = request.POST.get("as") == "significant"
    try:
        actions.mark(
            by=user,
            at=timezone.now(),
            child=child,
            kind=request.POST.get("kind", ""),
            key=request.POST.get("key", ""),
            is_significant=significant,
        )
    except Refused as refused:
        messages.warning(request, refused.message)
    else:
        said = _("Marked as significant.") if significant else _("Marked as not significant.")
        messages.success(request, said)
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("chronology:page", args=[person_id])
    return redirect(back)

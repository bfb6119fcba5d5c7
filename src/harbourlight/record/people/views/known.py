"""A person's record as it was known on a past day: choosing the day, and reading it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.history.models import record_readings
from harbourlight.record.people.forms import KnownThenForm
from harbourlight.record.people.known_then import (
    CHRONOLOGY,
    DETAILS,
    OVERVIEW,
    first_known,
    known_then,
    when_changed,
)
from harbourlight.record.people.models import Person
from harbourlight.record.people.presenters import sub_navigation
from harbourlight.record.people.views.record import person_seen

_PARTS = (
    (OVERVIEW, gettext_lazy("Overview"), "people:known_then"),
    (DETAILS, gettext_lazy("Details"), "people:known_then_details"),
    (CHRONOLOGY, gettext_lazy("Chronology"), "people:known_then_chronology"),
)


@requires(Capability.SEE_CHILDREN)
def see(request: SignedInRequest, person_id: str, part: str = OVERVIEW) -> HttpResponse:
    """A part of a record as it was known at the end of a day, or at a time of it."""
    person = person_seen(request, person_id)
    form = KnownThenForm(request.GET or None)
    at = form.moment(timezone.now()) if form.is_valid() else None
    then = known_then(request.user, person.pk, part, at) if at else None
    read = {f"{person.held_as}:known-then": [person.pk]}
    if then and then.relatives:
        read["people:family"] = [one.id for one in then.relatives]
    record_readings(by=request.user, at=timezone.now(), children=read)
    context: dict[str, Any] = {
        "person": person,
        "identity": _who(person),
        "navigation": sub_navigation(person, "people:known_then"),
        "form": form,
        "at": at,
        "then": then,
        "part": part,
        "parts": _parts(request, person, part),
        "first_known": first_known(person.pk) if at is None or then is None else None,
        "changed": when_changed(person.pk) if at is None else (),
    }
    return render(request, "people/known-then.html", context)


def _who(person: Person) -> dict[str, Any]:
    """Whose record it is, and no more: a case or a warning of today does not belong to the past."""
    return {
        "name": person.name,
        "href": reverse("people:child", args=[person.pk]),
        "facts": [{"key": _("Identifier"), "value": person.pk}],
    }


def _parts(request: SignedInRequest, person: Person, part: str) -> dict[str, Any]:
    """The parts of the past, on the same day."""
    asked = f"?{request.GET.urlencode()}"
    return {
        "label": _("Parts of the record as it was known"),
        "items": [
            {
                "text": text,
                "href": reverse(name, args=[person.pk]) + asked,
                "current": code == part,
            }
            for code, text, name in _PARTS
            if code != CHRONOLOGY or person.held_as == Person.HeldAs.CHILD
        ],
    }

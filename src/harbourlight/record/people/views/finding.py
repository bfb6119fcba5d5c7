"""Finding a person. What is searched for is posted: a name must not be in an address."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from harbourlight.foundation.access import Capability, SignedInRequest, refusal, requires
from harbourlight.foundation.history.models import record_reading
from harbourlight.record.people.forms import SearchForm
from harbourlight.record.people.models import Person
from harbourlight.record.people.overview import open_cases_of
from harbourlight.record.people.picking import Picking, picking_from
from harbourlight.record.people.presenters import Found, counted_found, found_of
from harbourlight.record.people.search import MOST_RESULTS, said_back
from harbourlight.record.people.search import search as people_like
from harbourlight.record.people.selectors import families_of


def picking_of(request: SignedInRequest) -> Picking | None:
    """The purpose people are looked for, refused to those who may not do it."""
    picking = picking_from(request.GET)
    if picking and not request.user.can(picking.purpose.capability):
        raise refusal(picking.purpose.capability)
    return picking


@requires(Capability.SEE_CHILDREN)
def search(request: SignedInRequest) -> HttpResponse:
    """Find people, to open their record or, for a purpose, to go on with those ticked."""
    picking = picking_of(request)
    ticked = request.POST.getlist("person")
    if picking and "pick" in request.POST and ticked:
        return redirect(picking.onward(ticked))
    form = SearchForm(request.POST or None)
    found, on = None, timezone.localdate()
    if form.is_valid():
        found = shown(request, people_like(request.user, form.sought, on=on))
    if picking and "pick" in request.POST and form.is_valid():
        form.add_error(None, "Tick who it is, or add them if they are not here")
    context = {
        "form": form,
        "picking": picking,
        "found": found,
        "counted": counted_found(found, MOST_RESULTS) if found else "",
        "understood": said_back(form.sought, on=on) if found is not None else (),
        "may_add": request.user.can(Capability.RECORD_PERSON),
    }
    return render(request, "people/search.html", context)


def shown(request: SignedInRequest, people: Sequence[Person]) -> list[Found]:
    """People as a list shows them, with family and case; it is written down who was shown."""
    ids = [person.pk for person in people]
    now = timezone.now()
    if ids:
        record_reading(name="people:search", by=request.user, at=now, children=ids)
    members, cases = [*families_of(ids)], open_cases_of(ids)
    on = timezone.localdate(now)
    return [found_of(person, members, cases.get(person.pk), on) for person in people]

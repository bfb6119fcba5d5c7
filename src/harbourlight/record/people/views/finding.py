"""Finding a person. What is searched for is posted: a name must not be in an address."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability, SignedInRequest, refusal, requires
from harbourlight.foundation.history.models import record_reading
from harbourlight.record.people.forms import SearchForm
from harbourlight.record.people.overview import open_cases_of
from harbourlight.record.people.picking import Picking, picking_from
from harbourlight.record.people.presenters import Found, counted_found, found_of
from harbourlight.record.people.search import MOST_RESULTS, Match, can_find, said_back
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
    form = SearchForm(request.POST or _looked_for(request))
    found, on = None, timezone.localdate()
    if form.is_valid():
        if request.method == "POST" and "pick" not in request.POST:
            return redirect(_keep(request, picking))
        found = shown(request, people_like(request.user, form.sought, on=on))
    if picking and "pick" in request.POST and form.is_valid():
        form.add_error(None, _("Tick who it is, or add them if they are not here"))
    context = {
        "form": form,
        "picking": picking,
        "found": found,
        "counted": counted_found(found, MOST_RESULTS) if found else "",
        "understood": said_back(form.sought, on=on) if found is not None else (),
        "too_little": found is not None and not can_find(form.sought, on=on),
        "may_add": request.user.can(Capability.RECORD_PERSON),
    }
    return render(request, "people/search.html", context)


KEPT, MOST_KEPT = "searches", 5
"""Where the session keeps what was looked for, and how many times of it."""


def _keep(request: SignedInRequest, picking: Picking | None) -> str:
    """Keep what was looked for in the session, and say where it is shown.

    Going back from somebody's page then shows the list again, which a browser will not do with a
    page that was posted; and the address says a number and no name.
    """
    kept = request.session.get(KEPT, {})
    number = str(max(map(int, kept), default=0) + 1)
    sent = {name: value for name, value in request.POST.items() if name in _boxes()}
    kept = {**kept, number: sent}
    request.session[KEPT] = dict([*kept.items()][-MOST_KEPT:])
    query = f"{picking.query}&" if picking else "?"
    return f"{reverse('people:search')}{query}looked={number}"


def _boxes() -> set[str]:
    return {"name", *(f"born_on-{part}" for part in ("day", "month", "year"))}


def _looked_for(request: SignedInRequest) -> dict[str, str] | None:
    """What was looked for, by the number in the address; None for what is kept no longer."""
    kept: dict[str, dict[str, str]] = request.session.get(KEPT, {})
    return kept.get(request.GET.get("looked", ""))


def shown(request: SignedInRequest, matches: Sequence[Match]) -> list[Found]:
    """People found as a list shows them, with family, case and why they were found; it is written
    down who was shown."""
    ids = [match.person.pk for match in matches]
    now = timezone.now()
    if ids:
        record_reading(name="people:search", by=request.user, at=now, children=ids)
    members, cases = [*families_of(ids)], open_cases_of(ids)
    on = timezone.localdate(now)
    return [
        found_of(one.person, members, cases.get(one.person.pk), on, because=one.because)
        for one in matches
    ]

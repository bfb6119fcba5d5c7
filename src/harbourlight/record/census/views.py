"""The returns: the census as it would be submitted, what is found in it, and files to check."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harbourlight.foundation.access import (
    Capability,
    SignedInRequest,
    refusal,
    requires,
    roles_with,
)
from harbourlight.foundation.actions import Refused
from harbourlight.foundation.history.models import record_reading
from harbourlight.foundation.jobs.presenters import line_of as line_of_job
from harbourlight.insight.comma_separated import rows_as_bytes
from harbourlight.record.census import actions, folder, presenters, selectors
from harbourlight.record.census.forms import FindingsForm
from harbourlight.record.census.models import Census, CensusFinding
from harbourlight.record.census.years import made_on
from harbourlight.returns.cin.conditions import Census as CensusYear
from harbourlight.ui.listing import list_page, sorting_of
from harbourlight.ui.words import in_language

SORTS = {
    "child": ("child__surname", "child__forename", "child_id", "kind", "rule", "pk"),
    "kind": ("kind", "rule", "child_id", "pk"),
    "where": ("element", "kind", "rule", "child_id", "pk"),
    "worker": ("team__name", "worker__name", "kind", "rule", "child_id", "pk"),
}


# ---- The census as it would be submitted --------------------------------------------------------


@requires(Capability.SEE_RETURNS)
def page(request: SignedInRequest) -> HttpResponse:
    """The census that people work on now."""
    return _page(request, selectors.years_shown(timezone.localdate())[0])


@requires(Capability.SEE_RETURNS)
def page_of_year(request: SignedInRequest, year: int) -> HttpResponse:
    """The census of a year: how it stands, and what is found, by rule."""
    return _page(request, _shown_year(year))


def _page(request: SignedInRequest, year: int) -> HttpResponse:
    user, now = request.user, timezone.now()
    made, making = selectors.made_for(year), selectors.making(now)
    job = making.at_work
    context: dict[str, Any] = _sections(year, "census:year") | {
        "now": now,
        "years": _years(year),
        "job": line_of_job(job, making.run) if job else None,
        "is_worked": making.is_worked,
        "failed": line_of_job(making.failed, None) if making.failed else None,
        "census": made.now,
        "may_check": user.can(Capability.CHECK_FILE),
        "takers": [in_language(role.name) for role in roles_with(Capability.TAKE_CENSUS)],
    }
    if made.now is not None:
        context |= _summary(request, made)
    return render(request, "census/page.html", context)


def _summary(request: SignedInRequest, made: selectors.Made) -> dict[str, Any]:
    """What a census that was made holds, as one person may see it."""
    user, census = request.user, made.now
    assert census is not None
    counted = selectors.counts_of_parts(user, census)
    reads_all = selectors.reads_all(census, counted)
    rows = selectors.by_rule(selectors.findings_visible_to(user, census))
    before = None
    if made.before is not None:
        before = selectors.counts_by_rule(selectors.findings_visible_to(user, made.before))
    codes = [row["rule"] for row in rows] + [one["rule"] for one in census.whole]
    is_over = timezone.localdate() > census.of.reference_date
    notes = presenters.notes_of(codes, census) if is_over else {}
    href = reverse("census:findings", args=[census.year])
    return {
        "counted": presenters.counts_shown(counted),
        "reads_all": reads_all,
        "kinds": presenters.kinds_shown(rows, census.whole, href),
        "groups": presenters.groups_of(
            rows, year=census.year, href=href, before=before, notes=notes
        ),
        "whole": presenters.whole_shown(census.whole, census, notes, with_figures=reads_all),
        "before": made.before,
        "is_over": is_over,
        "change": presenters.change_in_all(rows, before),
        "has_number": bool(settings.AUTHORITY_NUMBER),
        "remarks": [*census.assumed, *census.left_out, *(census.remarks if reads_all else ())],
        "may_take": user.can(Capability.TAKE_CENSUS) and reads_all and bool(census.file),
    }


def _shown_year(year: int) -> int:
    if year not in made_on(timezone.localdate()):
        raise Http404(_("The census of that year is not made here."))
    return year


def _years(year: int) -> list[dict[str, Any]]:
    """The censuses to choose from."""
    return [
        {
            "text": CensusYear(one).name,
            "href": reverse("census:year", args=[one]),
            "current": one == year,
        }
        for one in sorted(made_on(timezone.localdate()))
    ]


def _sections(year: int, section: str) -> dict[str, Any]:
    names = (
        ("census:year", _("By rule")),
        ("census:teams", _("By team")),
        ("census:workers", _("By worker")),
        ("census:findings", _("Every finding")),
    )
    return {
        "year": CensusYear(year),
        "sections": [
            {"text": text, "href": reverse(name, args=[year]), "current": name == section}
            for name, text in names
        ],
    }


@requires(Capability.SEE_RETURNS)
@require_POST
def make_again(request: SignedInRequest) -> HttpResponse:
    """Have the censuses made now, without waiting for the night."""
    try:
        actions.make_again(by=request.user, at=timezone.now())
    except Refused as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, _("The census is being made again. It takes a minute or two."))
    return redirect("census:page")


# ---- Whose it is --------------------------------------------------------------------------------


@requires(Capability.SEE_RETURNS)
def teams(request: SignedInRequest, year: int) -> HttpResponse:
    """What each team has to mend."""
    return _holders(request, year, "team", one=_("team"), many=_("teams"))


@requires(Capability.SEE_RETURNS)
def workers(request: SignedInRequest, year: int) -> HttpResponse:
    """What each worker has to mend."""
    return _holders(request, year, "worker", one=_("worker"), many=_("workers"))


def _holders(
    request: SignedInRequest, year: int, column: str, *, one: str, many: str
) -> HttpResponse:
    census = _made(year)
    rows = selectors.by_holder(selectors.findings_visible_to(request.user, census), column)
    found = presenters.holder_rows(rows, column, reverse("census:findings", args=[year]))
    listing = list_page(request, found, one=one, many=many)
    context = _sections(year, f"census:{column}s") | {
        "census": census,
        "listing": listing,
        "of_teams": column == "team",
    }
    return render(request, "census/holders.html", context)


def _made(year: int) -> Census:
    """The census of a year, which has been made."""
    made = selectors.made_for(_shown_year(year)).now
    if made is None:
        raise Http404(_("That census has not been made yet."))
    return made


# ---- The findings -------------------------------------------------------------------------------


@requires(Capability.SEE_RETURNS)
def findings(request: SignedInRequest, year: int) -> HttpResponse:
    """What is found, of a rule, a kind, a team or a worker; each opens the child at the field."""
    census, user = _made(year), request.user
    everything = selectors.findings_visible_to(user, census)
    rules = selectors.by_rule(everything)
    form = FindingsForm(
        request.GET,
        rules=presenters.rules_to_choose(rules, census.year),
        teams=selectors.known_holders(everything, "team"),
        workers=selectors.known_holders(everything, "worker"),
    )
    asked = form.asked
    sorting = sorting_of(request, SORTS, default="kind")
    found = selectors.narrowed(everything, asked).order_by(*sorting.ordering)
    listing = list_page(request, selectors.with_names(found), one=_("finding"), many=_("findings"))
    _write_down(request, listing.items)
    context = _sections(year, "census:findings") | {
        "census": census,
        "form": form,
        "chosen": presenters.chosen_in(request, form),
        "sorting": sorting,
        "listing": listing,
        "lines": [presenters.line_of(one) for one in listing.items],
        "rule": presenters.rule_asked(rules, asked.get("rule", ""), census),
        "download": f"{reverse('census:download', args=[year])}?{request.GET.urlencode()}",
    }
    return render(request, "census/findings.html", context)


def _write_down(request: SignedInRequest, found: list[CensusFinding] | Any) -> None:
    """Write down which children the list names."""
    if children := {one.child_id for one in found}:
        record_reading(name="census:list", by=request.user, at=timezone.now(), children=children)


@requires(Capability.SEE_RETURNS)
def download(request: SignedInRequest, year: int) -> HttpResponse:
    """The same findings, all of them, as a file of comma-separated values."""
    census, user, now = _made(year), request.user, timezone.now()
    found = selectors.narrowed(selectors.findings_visible_to(user, census), request.GET.dict())
    listed = [*selectors.with_names(found.order_by("kind", "rule", "child_id", "pk"))]
    name = f"census-{year}-findings"
    record_reading(
        name="census:download",
        by=user,
        at=now,
        children={one.child_id for one in listed},
        subjects={"file": name, "as_at": census.made_at.isoformat()},
    )
    rows = (presenters.cells_of(one) for one in listed)
    response = HttpResponse(
        rows_as_bytes(presenters.COLUMNS, rows), content_type="text/csv; charset=utf-8"
    )
    made_on_day = timezone.localdate(census.made_at).isoformat()
    response["Content-Disposition"] = f'attachment; filename="{name}-{made_on_day}.csv"'
    return response


@requires(Capability.SEE_CHILDREN)
def mine(request: SignedInRequest) -> HttpResponse:
    """What a worker has to mend themselves, all of it."""
    found = selectors.findings_of_worker(request.user, timezone.localdate())
    listing = list_page(request, selectors.with_names(found), one=_("finding"), many=_("findings"))
    _write_down(request, listing.items)
    lines = [presenters.line_of(one) for one in listing.items]
    return render(request, "census/mine.html", {"listing": listing, "lines": lines})


# ---- The whole file -----------------------------------------------------------------------------


@requires(Capability.TAKE_CENSUS)
def take(request: SignedInRequest, year: int) -> HttpResponse:
    """The census as it would be submitted, for those who may know of every child of it."""
    census, user, now = _made(year), request.user, timezone.now()
    if not census.file:
        raise Http404(_("No child could be built into that census, so there is no file."))
    if not selectors.may_take_whole(user, census):
        raise refusal(Capability.TAKE_CENSUS)
    children = census.of_children.values_list("child_id", flat=True)
    record_reading(
        name="census:file",
        by=user,
        at=now,
        children={*children},
        subjects={"file": census.file, "as_at": census.made_at.isoformat()},
    )
    try:
        # Whole, within the transaction that writes down that it was taken: about 40 MB at most.
        content = folder.path_of(census.file).read_bytes()
    except FileNotFoundError as error:
        raise Http404(_("The file is gone. Make the census again.")) from error
    response = HttpResponse(content, content_type="application/xml")
    name = f"cin-census-{year}-{timezone.localdate(census.made_at).isoformat()}.xml"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

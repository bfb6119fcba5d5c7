"""Checking another system's census: giving the file, what is found in it, and removing it.

Only whoever gave a file sees it. Children in it are nobody of ours: nothing leads from them, and
nothing of them comes into the record.
"""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.jobs.presenters import line_of as line_of_job
from harbourlight.insight.comma_separated import rows_as_bytes
from harbourlight.record.census import actions, presenters, selectors
from harbourlight.record.census.forms import FileForm, FindingsForm
from harbourlight.record.census.models import CheckedFile
from harbourlight.ui.listing import list_page, sorting_of

SORTS = {
    "child": ("named", "kind", "rule", "pk"),
    "kind": ("kind", "rule", "line", "pk"),
    "where": ("element", "kind", "rule", "pk"),
}


def _given(request: SignedInRequest, file_id: str) -> CheckedFile:
    return get_object_or_404(selectors.files_of(request.user), pk=file_id)


@requires(Capability.CHECK_FILE)
def files(request: SignedInRequest) -> HttpResponse:
    """The files a person has given, the latest first."""
    listing = list_page(request, selectors.files_of(request.user), one=_("file"), many=_("files"))
    return render(request, "census/files.html", {"listing": listing})


@requires(Capability.CHECK_FILE)
def add(request: SignedInRequest) -> HttpResponse:
    """Give a file to be checked."""
    form, now = FileForm(request.POST or None, request.FILES or None), timezone.now()

    def act(given: dict[str, Any]) -> str:
        (census,), last = given["census_file"], given["last_file"]
        held = actions.give_file(
            _as_given(census),
            _as_given(last[0]) if last else None,
            year=int(given["year"]) if given["year"] else None,
            by=request.user,
            at=now,
        )
        return reverse("census:file", args=[held.pk])

    if request.method == "POST" and (answer := answer_form(request, form, act, at=now)):
        return answer
    return render(
        request,
        "census/add-file.html",
        {"title": _("Check a census file"), "form": form, "back": reverse("census:files"),
         "submit": _("Check it")},
    )  # fmt: skip


def _as_given(uploaded: UploadedFile) -> actions.Given:
    return actions.Given(uploaded.name or "", uploaded.size or 0, uploaded.chunks())


@requires(Capability.CHECK_FILE)
def see(request: SignedInRequest, file_id: str) -> HttpResponse:
    """How far a file has come, and what is found in it, by rule."""
    given, now = _given(request, file_id), timezone.now()
    job, run = (None, None) if given.state != CheckedFile.State.WAITING else selectors.job_of(given)
    context: dict[str, Any] = {
        "given": given,
        "now": now,
        "job": line_of_job(job, run) if job else None,
        "is_under_way": job is not None and job.status in ("todo", "doing"),
        "days_left": given.days_left(timezone.localdate(now)),
    }
    if given.is_checked:
        found = selectors.findings_of_file(given)
        rows = selectors.by_rule(found, "named")
        codes = [row["rule"] for row in rows] + [one["rule"] for one in given.whole]
        notes = presenters.notes_of(codes, given)
        href = reverse("census:file_findings", args=[given.pk])
        context |= {
            "year": given.of,
            "kinds": presenters.kinds_shown(rows, given.whole, href, is_built=False),
            "groups": presenters.groups_of(rows, year=given.rules_year, href=href, notes=notes),
            "whole": presenters.whole_shown(given.whole, given, notes, with_figures=True),
            "remarks": [*given.assumed, *given.left_out],
        }
    return render(request, "census/file.html", context)


@requires(Capability.CHECK_FILE)
def findings(request: SignedInRequest, file_id: str) -> HttpResponse:
    """What is found in a file, of a rule or a kind."""
    given = _given(request, file_id)
    everything = selectors.findings_of_file(given)
    rules = selectors.by_rule(everything, "named")
    form = FindingsForm(
        request.GET, rules=presenters.rules_to_choose(rules, given.rules_year), is_built=False
    )
    asked = form.asked
    sorting = sorting_of(request, SORTS, default="kind")
    found = selectors.narrowed(everything, asked).order_by(*sorting.ordering)
    listing = list_page(request, found, one=_("finding"), many=_("findings"))
    context = {
        "given": given,
        "form": form,
        "chosen": presenters.chosen_in(request, form),
        "sorting": sorting,
        "listing": listing,
        "lines": [presenters.line_of_file(one) for one in listing.items],
        "rule": presenters.rule_asked(rules, asked.get("rule", ""), given),
        "download": f"{reverse('census:file_download', args=[given.pk])}?{request.GET.urlencode()}",
    }
    return render(request, "census/file-findings.html", context)


@requires(Capability.CHECK_FILE)
def download(request: SignedInRequest, file_id: str) -> HttpResponse:
    """The same findings, all of them, as a file of comma-separated values."""
    given = _given(request, file_id)
    found = selectors.narrowed(selectors.findings_of_file(given), request.GET.dict())
    rows = (presenters.cells_of(one) for one in found.order_by("kind", "rule", "line", "pk"))
    response = HttpResponse(
        rows_as_bytes(presenters.FILE_COLUMNS, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="census-file-findings.csv"'
    return response


@requires(Capability.CHECK_FILE)
def remove(request: SignedInRequest, file_id: str) -> HttpResponse:
    """Ask whether to remove a file and what was found in it, and do it."""
    given = _given(request, file_id)
    if request.method == "POST":
        actions.remove_file(given, by=request.user, at=timezone.now())
        messages.success(request, _("The file and what was found in it are removed."))
        return redirect("census:files")
    context = {
        "title": _("Remove this file and what was found in it?"),
        "confirm": _("Remove it"),
        "cancel": reverse("census:file", args=[given.pk]),
        "given": given,
    }
    return render(request, "census/remove-file.html", context)

"""The page of background work, for those who look after the system. No child is named on it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.actions import Refused
from harbourlight.foundation.jobs import actions, presenters, selectors
from harbourlight.foundation.jobs.declaring import declared
from harbourlight.ui.listing import list_page

_SECTIONS = (("jobs:now", "Now"), ("jobs:regular", "Regular work"), ("jobs:ended", "Ended"))


def _page(request: SignedInRequest, template: str, section: str, **context: object) -> HttpResponse:
    sections = [
        {"text": _(text), "href": reverse(name), "current": name == section}
        for name, text in _SECTIONS
    ]
    return render(request, f"jobs/{template}", {"sections": sections, **context})


@requires(Capability.SEE_JOBS)
def now(request: SignedInRequest) -> HttpResponse:
    """What needs somebody, what is running and what waits."""
    at = timezone.now()
    return _page(
        request,
        "now.html",
        "jobs:now",
        at=at,
        is_worked=selectors.is_worked(at),
        failed=presenters.lines_of(selectors.in_state(*selectors.FAILED)[:50]),
        running=presenters.lines_of(selectors.in_state(*selectors.RUNNING)),
        waiting=presenters.lines_of(selectors.in_state(*selectors.WAITING)[:50]),
        waiting_count=selectors.in_state(*selectors.WAITING).count(),
    )


@requires(Capability.SEE_JOBS)
def regular(request: SignedInRequest) -> HttpResponse:
    """What is done regularly, when, and how it went the last time."""
    return _page(request, "regular.html", "jobs:regular", regular=presenters.regular_work())


@requires(Capability.SEE_JOBS)
def ended(request: SignedInRequest) -> HttpResponse:
    """What was done, failed or was cancelled, the latest first."""
    found = selectors.in_state(*selectors.DONE, *selectors.FAILED, *selectors.CANCELLED)
    listing = list_page(request, found, one=_("job"), many=_("jobs"))
    lines = presenters.lines_of(listing.items)
    return _page(request, "ended.html", "jobs:ended", listing=listing, lines=lines)


@requires(Capability.SEE_JOBS)
def see(request: SignedInRequest, job_id: int) -> HttpResponse:
    """One job: what it does, how it stands, and each time it was tried."""
    every = selectors.DONE + selectors.FAILED + selectors.CANCELLED
    found = selectors.in_state(*every, *selectors.RUNNING, *selectors.WAITING)
    job = get_object_or_404(found, pk=job_id)
    runs = [*selectors.runs_of(job_id)]
    known = declared().get(job.task_name)
    return _page(
        request,
        "job.html",
        "",
        job=presenters.line_of(job, runs[0] if runs else None),
        explanation=_(known.explanation) if known else "",
        identifiers={key: job.args[key] for key in sorted(job.args) if key != "timestamp"},
        runs=runs,
    )


def _do(request: SignedInRequest, act: Callable[[], None], done: str, address: str) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, done)
    return redirect(address)


@requires(Capability.SEE_JOBS)
@require_POST
def try_again(request: SignedInRequest, job_id: int) -> HttpResponse:
    """Put a job that failed back in the queue."""
    return _do(
        request,
        lambda: actions.try_again(job_id, by=request.user, at=timezone.now()),
        _("It will be tried again now."),
        reverse("jobs:job", args=[job_id]),
    )


@requires(Capability.SEE_JOBS)
@require_POST
def do_now(request: SignedInRequest, job_name: str) -> HttpResponse:
    """Do regular work without waiting for its time."""
    job = declared().get(job_name)
    if job is None or not job.regularly:
        raise Http404
    return _do(
        request,
        lambda: actions.do_now(job, by=request.user, at=timezone.now()),
        _("It will be done now."),
        reverse("jobs:now"),
    )


@requires(Capability.SEE_JOBS)
def cancel(request: SignedInRequest, job_id: int) -> HttpResponse:
    """Ask whether to cancel a job, and do it."""
    address = reverse("jobs:job", args=[job_id])
    if request.method == "POST":
        return _do(
            request,
            lambda: actions.cancel(job_id, by=request.user, at=timezone.now()),
            _("It is cancelled, or stops as soon as it can. It can be tried again."),
            address,
        )
    found = selectors.in_state(*selectors.RUNNING, *selectors.WAITING)
    job = found.filter(pk=job_id).first()
    if job is None:
        messages.warning(request, _("This job has ended, so there is nothing to cancel."))
        return redirect(address)
    line = presenters.line_of(job, None)
    return _page(request, "cancel.html", "", job=line, cancel=address)

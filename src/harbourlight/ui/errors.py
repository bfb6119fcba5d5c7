"""The pages for when something is refused, missing or broken, in plain words.

They must not ask the database anything: they are made when it may be the very thing that failed.
"""

from collections.abc import Sequence

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class NotAllowed(PermissionDenied):
    """A person may not do this. Carries what to tell them."""

    def __init__(self, what: str, *, who: Sequence[str] = (), instead: str = "") -> None:
        """
        what: a sentence saying what is not allowed, and why.
        who: those who may, each as it reads in a list ("team manager").
        instead: a sentence saying what to do, if there is something.
        """
        super().__init__(what)
        self.what = what
        self.who = tuple(who)
        self.instead = instead


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent cannot be understood; or 413: there was too much of it."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return render(request, "ui/errors/413.html", status=413)
    return render(request, "ui/errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: says what is refused and who may, when it was raised as `NotAllowed`."""
    refused = exception if isinstance(exception, NotAllowed) else None
    return render(request, "ui/errors/403.html", {"refused": refused}, status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same for what does not exist and for what a person may not know exists."""
    return render(request, "ui/errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault, and nothing was saved."""
    # Whoever is signed in may be what could not be read: a page that asked would fail as well, and
    # a lost connection would then be no answer at all, which nobody could try again.
    from django.contrib.auth.models import AnonymousUser  # what declares roles needs no settings

    request.user = AnonymousUser()
    return render(request, "ui/errors/500.html", status=500)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form sent without its token: mostly one opened before signing in again."""
    return render(request, "ui/errors/form-expired.html", status=403)

"""How long a person stays signed in, and when they must choose a password of their own.

It must not decide what a signed-in person may do: that is `foundation.access`.
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

TOUCHED = "touched_at"
SIGNED_IN = "signed_in_at"
TOUCH_EVERY = 60
"""Seconds: a session is written again at most so often, not with every page."""

Handler = Callable[[HttpRequest], HttpResponseBase]


class SessionLimitMiddleware:
    """Ends a session that has been idle too long, or has lasted longer than a shift.

    Idleness is the session's own expiry, pushed back each time it is saved; the length is counted
    from the first page after signing in.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = int(time.time())
            if now - request.session.setdefault(SIGNED_IN, now) >= settings.SESSION_LONGEST:
                logout(request)
            elif now - request.session.get(TOUCHED, 0) >= TOUCH_EVERY:
                request.session[TOUCHED] = now
        return self.get_response(request)


class TemporaryPasswordMiddleware:
    """Sends a person whose password someone else has seen to choose their own."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if getattr(request.user, "password_is_temporary", False):
            choose = reverse("account_change_password")
            if request.path not in {choose, reverse("account_logout")}:
                return HttpResponseRedirect(choose)
        return self.get_response(request)

"""An identifier once given leads somewhere for ever: from any page of a person retired by a merger
to the same page of the person they were found to be.

It must not tell anybody of a person they may not know of.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from harbourlight.record.matching.merging import successor_of
from harbourlight.record.people.selectors import visible_to


class SuccessorMiddleware:
    """Leads on from a page that is not there because its person was merged into another."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: Any, error: Exception) -> HttpResponseBase | None:
        """The way on, where there is one; what was typed waits there as a draft."""
        match = request.resolver_match
        if not isinstance(error, Http404) or "person_id" not in match.kwargs:
            return None
        successor = successor_of(match.kwargs["person_id"])
        if successor is None or not visible_to(request.user).filter(pk=successor).exists():
            return None
        messages.info(
            request, _("Two records were found to be of one person. This is the one kept.")
        )
        return redirect(match.view_name, **{**match.kwargs, "person_id": successor})

"""What every form page does with a draft, by the buttons its form carries: no view need know.

`draft-keep` saves what is typed and leads to the list of what was begun; `draft-continue` shows the
page again with what was typed before. A page's own view still decides who may see it.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from harbourlight.foundation.access import access_of
from harbourlight.foundation.drafts.models import Draft, keep_draft

KEEP, CONTINUE = "draft-keep", "draft-continue"
LONGEST_ADDRESS = 2000


class DraftMiddleware:
    """Keeps and brings back drafts, and tells a page which were begun at its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, arguments: Any, named: Any
    ) -> HttpResponse | None:
        """Do what a draft's button asks, before the page is made."""
        user = request.user
        if not user.is_authenticated:
            return None
        address = request.get_full_path()
        request.drafts_here = SimpleLazyObject(  # type: ignore[attr-defined]  # the form page's
            lambda: [*Draft.objects.of(user).begun_at(address)]
        )
        if request.method != "POST":
            return None
        if CONTINUE in request.POST:
            draft = Draft.objects.of(user).filter(pk=request.POST[CONTINUE]).first()
            if draft is None:
                raise Http404
            request.POST = draft.shown()  # type: ignore[assignment]  # Django lets it be given
        elif KEEP in request.POST and may_use(user, address):
            if keep_draft(request.POST, by=user, at=timezone.now(), address=address):
                messages.success(
                    request, gettext("What you typed is kept. Nobody else can see it.")
                )
            return redirect("drafts:begun")
        return None


def may_use(user: Any, address: str) -> bool:
    """Whether there is a page at an address of ours that this person's role may use."""
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    if not ours or len(address) > LONGEST_ADDRESS:
        return False
    try:
        access = access_of(resolve(urlsplit(address).path).func)
    except Resolver404:
        return False
    if access is None:
        return False
    return access.capability is None or user.can(access.capability)

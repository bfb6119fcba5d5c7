"""Telling PostgreSQL who asks, for the transaction of one request and no longer.

Everything beneath this middleware runs as the role that serves pages, which row-level security
binds, whoever connected. The account itself is loaded before the identity is known, which is why no
table of accounts has a policy.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from harbourlight.foundation.access import Reach, access_of
from harbourlight.foundation.accounts.models import User
from harbourlight.record.confidentiality.asking import Asker, page_of
from harbourlight.record.confidentiality.policy import (
    Shown,
    areas_of,
    asked_for,
    made,
    reach_of,
    sight_of,
)
from harbourlight.record.episodes.models import Episode
from harbourlight.record.live_ledger.models import Entry
from harbourlight.record.people.models import Person
from harbourlight.server.postgres import APP

Handler = Callable[[HttpRequest], HttpResponseBase]

_NAMES = ("user", "reach", "areas", "hidden", "hidden_contacts", "related")

# One statement: each costs a page a round trip.
_TAKE = (
    "SELECT hidden, hidden_contacts, related, opened, "
    "set_config('harbourlight.user', %s, true), set_config('harbourlight.reach', %s, true), "
    "set_config('harbourlight.areas', %s::text[]::text, true), "
    "set_config('harbourlight.hidden', hidden::text, true), "
    "set_config('harbourlight.hidden_contacts', hidden_contacts::text, true), "
    "set_config('harbourlight.related', related::text, true), "
    f"set_config('role', '{APP}', true) "
    "FROM confidentiality_sight(%s, %s, %s, %s, %s, %s)"
)
# Of whoever reads no record: what they typed is theirs all the same.
_READ_NOTHING = "SELECT set_config('role', %s, true), " + ", ".join(
    f"set_config('harbourlight.{name}', {'%s' if name == 'user' else repr('')}, true)"
    for name in _NAMES
)


def take(user: Any, at: Any) -> None:
    """Serve this transaction to somebody: their identity, what they see, and the web's role."""
    with connection.cursor() as cursor:
        if not isinstance(user, User) or reach_of(user) is Reach.NOBODY:
            cursor.execute(_READ_NOTHING, [APP, user.pk if isinstance(user, User) else ""])
            return
        reach = reach_of(user).name.lower()
        given = [user.pk, reach, sorted(areas_of(user)), *asked_for(user, at)]
        cursor.execute(_TAKE, given)
        row = cursor.fetchone()
        user.sight = made(user, row[:4])  # type: ignore[attr-defined]  # kept for this request alone


def give_back() -> None:
    """Be whoever connected again: for what goes on in an outer transaction, as a test does."""
    with connection.cursor() as cursor:
        cursor.execute(_READ_NOTHING, ["none", ""])


class IdentityMiddleware:
    """Takes the identity of whoever signed in, and the role of the web, for all beneath it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # `request.user` is lazy, and isinstance sees through it; a setting needs the row itself.
        asker = request.user if request.user.is_authenticated else None
        user, now = getattr(asker, "_wrapped", asker), timezone.now()
        take(user, now)
        with page_of(Asker(user, now) if user else None):
            response = self.get_response(request)
        if connection.savepoint_ids and not connection.needs_rollback:
            give_back()
        return response

    def process_view(
        self, request: Any, view: Any, arguments: Any, named: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        """Lead to the outline from any page of a record that is not theirs to read whole."""
        person_id = named.get("person_id", named.get("child_id"))
        if person_id is None or request.resolver_match.namespace in _OPEN_TO_OUTLINES:
            return None
        if not request.user.is_authenticated:
            return None
        access = access_of(view)
        if access is None or (access.capability and not request.user.can(access.capability)):
            return None  # refused by the view itself, in its own words
        return _to_outline(request, person_id)

    def process_exception(self, request: Any, error: Exception) -> HttpResponseBase | None:
        """The same from a page about something of such a record, which is not there for them.

        What a thing is about is told by what an outline may show: the case, or an entry.
        """
        held = getattr(request.user, "sight", None)
        if not isinstance(error, Http404) or held is None or held.reach is not Reach.RELATED:
            return None
        for row_id in request.resolver_match.kwargs.values():
            child = Entry.objects.filter(about_id=row_id).values_list("child_id").first()
            child = child or Episode.objects.filter(pk=row_id).values_list("child_id").first()
            if child:
                return _to_outline(request, child[0])
        return None


_OPEN_TO_OUTLINES = frozenset({"confidentiality"})


def _to_outline(request: Any, person_id: str) -> HttpResponseBase | None:
    if sight_of(request.user).of(person_id) is not Shown.OUTLINE:
        return None
    if not Person.objects.standing().filter(pk=person_id).exists():
        return None
    return redirect("confidentiality:outline", person_id=person_id)

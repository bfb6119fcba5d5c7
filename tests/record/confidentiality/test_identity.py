"""Whose identity a request has, when requests of many follow each other on the same connections."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from django.utils import timezone

from harbourlight.foundation.access import Capability, open_to_all_signed_in, requires
from harbourlight.record.confidentiality.actions import restrict
from harbourlight.record.people.actions import NewPerson, add_people
from harbourlight.record.people.models import Address, Person

THREADS, EACH = 4, 30


@open_to_all_signed_in
def seen(request: HttpRequest) -> JsonResponse:
    """Everybody, and every address, by a view without a filter."""
    people = [*Person.objects.order_by("pk").values_list("pk", flat=True)]
    return JsonResponse({"people": people, "addresses": Address.objects.count()})


@open_to_all_signed_in
def fails(request: HttpRequest) -> HttpResponse:
    """A view that reads and then fails."""
    raise RuntimeError(str(Person.objects.count()))


@requires(Capability.SEE_CHILDREN)
def streams(request: HttpRequest) -> StreamingHttpResponse:
    """A view whose answer would be read when its identity is gone."""
    return StreamingHttpResponse(str(pk) for pk in Person.objects.values_list("pk", flat=True))


urlpatterns = [
    path("seen/", seen),
    path("fails/", fails),
    path("streams/", streams),
    path("", include("harbourlight.urls")),
]


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF=__name__)
def test_no_identity_is_carried_to_the_next_request_on_a_connection(account, assured) -> None:
    """Four connections, each used by everybody in any order; pages fail and stream in between."""
    now, officer = timezone.now(), account("records_officer")
    reads_all, related = account("front_door_worker"), account("social_worker")
    _, (known, hidden) = add_people(
        by=reads_all, at=now, people=[NewPerson("Ivy", "Known"), NewPerson("Oak", "Hidden")]
    )
    for person in (known, hidden):
        Address.objects.create(person=person, recorded_at=now)
    restrict(hidden, by=officer, at=now, because="Adoption is planned.")
    both = sorted([known.pk, hidden.pk])
    expected = {
        officer: (both, 2),
        reads_all: ([known.pk], 1),
        related: ([known.pk], 0),  # an outline, without where she lives
        account("administrator"): ([], 0),
    }

    def ask(seed: int) -> tuple[int, list[str]]:
        chance, wrong, asked = random.Random(seed), [], 0
        clients: dict[Any, Client] = {None: Client(raise_request_exception=False)}
        for user in expected:
            clients[user] = Client(raise_request_exception=False)
            clients[user].force_login(user)
        try:
            for _ in range(EACH):
                who = chance.choice([*clients])
                page = chance.choice(["/seen/", "/seen/", "/seen/", "/fails/", "/streams/"])
                answer = clients[who].get(page)
                asked += 1
                if who is None and answer.status_code != 302:
                    wrong.append(f"{page} was answered to nobody")
                elif who and page == "/streams/" and answer.status_code not in (403, 500):
                    wrong.append(f"a stream was served: {answer.status_code}")
                elif who and page == "/seen/":
                    told = answer.json()
                    if (told["people"], told["addresses"]) != expected[who]:
                        wrong.append(f"{who.role} was shown {told}")
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT current_user = session_user, "
                        "coalesce(current_setting('harbourlight.user', true), '') || "
                        "coalesce(current_setting('harbourlight.hidden', true), '')"
                    )
                    if cursor.fetchone() != (True, ""):
                        wrong.append(f"something was left behind by {page}")
        finally:
            connections.close_all()
        return asked, wrong

    with ThreadPoolExecutor(THREADS) as pool:
        told = [*pool.map(ask, range(THREADS))]
    assert [one for _, wrong in told for one in wrong] == []
    assured(
        "identity-leaks",
        f"{sum(asked for asked, _ in told)} requests of 5 people on {THREADS} connections, "
        "failing and streaming among them: 0 carried over",
    )

"""The pages for when something is refused, missing or broken."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils.functional import SimpleLazyObject
from lxml import html

from harbourlight.foundation.content_security import HEADER
from harbourlight.ui.errors import NotAllowed, permission_denied, server_error


@pytest.mark.django_db
def test_a_form_sent_without_its_token_is_told_plainly_that_nothing_was_saved() -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "sam"})
    assert answer.status_code == 403
    assert "This form is out of date" in answer.text
    assert "Nothing was saved" in answer.text


@pytest.mark.django_db
def test_a_request_for_another_host_is_not_understood(client) -> None:
    answer = client.get("/sign-in/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "could not be understood" in answer.text


def test_a_refusal_says_what_who_and_what_to_do_instead(rf) -> None:
    refused = NotAllowed(
        "This assessment has been authorised.", who=["team manager", "director"], instead="Ask one."
    )
    page = permission_denied(rf.get("/"), refused).text
    assert "This assessment has been authorised." in page
    assert "Those who may: team manager or director." in page
    assert "Ask one." in page


def test_a_refusal_without_words_is_still_a_page(rf) -> None:
    assert "is not allowed" in permission_denied(rf.get("/"), Exception("Alex Example")).text


@pytest.mark.django_db
def test_what_is_too_large_for_one_page_is_told_so_and_what_to_do(client, settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client.post("/gallery/form/", {"note": "x" * 2000})
    assert answer.status_code == 413
    assert "Nothing was saved" in answer.text
    assert "smaller parts" in answer.text


def _no_token(settings: Any) -> Any:
    return Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "sam"})


def _another_host(settings: Any) -> Any:
    return Client().get("/sign-in/", headers={"host": "elsewhere.example"})


def _too_large(settings: Any) -> Any:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    return Client().post("/gallery/form/", {"note": "x" * 2000})


def _too_many_tries(settings: Any) -> Any:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    tries = [Client().post("/sign-in/", {"login": "sam", "password": "wrong"}) for _ in range(3)]
    return tries[-1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "ask"),
    [
        (400, _another_host),
        (403, _no_token),
        (404, lambda settings: Client().get("/nowhere/")),
        (413, _too_large),
        (429, _too_many_tries),
        (500, lambda settings: Client(raise_request_exception=False).get("/gallery/broken/")),
    ],
)
def test_a_refusal_of_every_kind_is_a_page_like_any_other(status, ask, settings) -> None:
    answer = ask(settings)
    assert answer.status_code == status
    assert answer.headers["Content-Security-Policy"] == HEADER
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    page = html.fromstring(answer.content)
    assert [one.text_content().strip() for one in page.xpath("//main[@id='main-content']//h1")]
    assert len(page.xpath("//h1")) == 1
    assert page.xpath("//a[@class='govuk-skip-link'][@href='#main-content']")
    assert page.findtext(".//title").strip() != "– Harbourlight"
    assert page.xpath("//script[not(@src)] | //style | //*[@style]") == []


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/sign-in/", "/nowhere/", "/gallery/"])
def test_every_page_carries_the_policy_of_what_it_may_load_and_nothing_inline(
    client, address
) -> None:
    answer = client.get(address)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "no-store" in answer.headers["Cache-Control"]
    assert " style=" not in answer.text
    assert " onclick=" not in answer.text
    assert answer.text.count("<script") == answer.text.count("<script src=") + answer.text.count(
        '<script type="module" src='
    )


def test_the_page_of_a_fault_asks_nobody_who_is_signed_in(rf) -> None:
    def lost() -> None:
        raise OperationalError("the connection is lost")

    request = rf.get("/")
    request.user = SimpleLazyObject(lost)
    page = server_error(request)
    assert page.status_code == 500
    assert "something went wrong" in page.content.decode()

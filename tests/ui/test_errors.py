"""The pages for when something is refused, missing or broken."""

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils.functional import SimpleLazyObject

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

"""Who may do what: the declarations, the addresses, and what a person is told when they may not."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, include, path, reverse

from harbourlight.foundation import access
from harbourlight.foundation.access import ROLES, Capability, Reach, access_of, roles_with

ACCOUNT = {"account_id": "NOSUCHACCOUNT"}


def addresses() -> Iterator[tuple[str, Any]]:
    """Every pattern of the URLconf with its view; the gallery is served to no one but builders."""

    def walk(patterns: Any, stem: str) -> Iterator[tuple[str, Any]]:
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, stem + str(one.pattern))
            elif isinstance(one, URLPattern):
                yield stem + str(one.pattern), one.callback

    for pattern, view in walk(get_resolver().url_patterns, "/"):
        if not view.__module__.startswith("harbourlight.ui.gallery"):
            yield pattern, view


def undeclared(request: Any) -> None:
    raise AssertionError("nobody is signed in")


# The URLconf of the test that asks for it.
urlpatterns = [
    path("undeclared/", undeclared),
    path("", include("harbourlight.foundation.accounts.urls")),
]


def test_every_capability_is_held_by_some_role_and_says_what_it_is() -> None:
    for capability in Capability:
        assert roles_with(capability), capability
        assert capability.value[0].islower()
    assert len({role.code for role in ROLES}) == len(ROLES)


def test_every_address_says_who_may_use_it() -> None:
    undeclared = [pattern for pattern, view in addresses() if access_of(view) is None]
    assert undeclared == []


def test_only_signing_in_and_out_needs_nobody_signed_in() -> None:
    public = {pattern for pattern, view in addresses() if access_of(view) == access.PUBLIC}
    assert public == {
        "/sign-in/",
        "/sign-in/inactive/",
        "/sign-in/code/",
        "/sign-in/passkey/",
        "/sign-in/work-account/",
        "/sign-in/work-account/return/",
        "/sign-in/work-account/stopped/",
        "/sign-out/",
        "/language/",
    }


def test_django_and_our_declarations_agree_on_what_is_public() -> None:
    for pattern, view in addresses():
        open_to_all = not getattr(view, "login_required", True)
        assert open_to_all == (access_of(view) == access.PUBLIC), pattern


@pytest.mark.urls(__name__)
def test_an_address_that_says_nothing_is_closed(client, db) -> None:
    assert client.get("/undeclared/").status_code == 302


@pytest.mark.parametrize("role", [role.code for role in ROLES])
def test_a_role_opens_the_administrators_pages_only_if_it_holds_the_capability(
    client, account, role
) -> None:
    client.force_login(account(role))
    expected = role == "administrator"
    for name, named, found in (
        ("accounts", {}, 200),
        ("account_add", {}, 200),
        ("account", ACCOUNT, 404),
        ("account_change", ACCOUNT, 404),
        ("account_deactivate", ACCOUNT, 404),
        ("account_reactivate", ACCOUNT, 404),
        ("account_password", ACCOUNT, 404),
        ("account_second_factors", ACCOUNT, 404),
        ("account_work_account", ACCOUNT, 404),
    ):
        for ask in (client.get, client.post):
            status = ask(reverse(name, kwargs=named)).status_code
            assert status == (found if expected else 403), (name, ask)


def test_a_refusal_says_in_plain_words_what_and_who(client, account) -> None:
    client.force_login(account("social_worker"))
    page = client.get("/accounts/").content.decode()
    assert "Your role does not allow you to add accounts and change what they may do." in page
    assert "Those who may: administrator." in page


def test_an_administrator_sees_no_childs_record() -> None:
    (administrator,) = (role for role in ROLES if role.code == "administrator")
    assert Capability.SEE_CHILDREN not in administrator.capabilities
    assert administrator.reach is Reach.NOBODY
    assert not any(
        Capability.MANAGE_ACCOUNTS in role.capabilities
        and Capability.SEE_CHILDREN in role.capabilities
        for role in ROLES
    )


def test_an_account_made_inactive_may_do_nothing(account) -> None:
    manager = account("team_manager")
    assert manager.can(Capability.ALLOCATE)
    manager.is_active = False
    assert not any(manager.can(capability) for capability in Capability)


@pytest.mark.parametrize("kind", ["function", "class"])
def test_a_view_of_either_kind_keeps_its_declaration(kind, rf, account) -> None:
    from django.http import HttpResponse
    from django.views import View

    if kind == "function":
        view = access.requires(Capability.ALLOCATE)(lambda request: HttpResponse("done"))
    else:

        class Allocate(View):
            def get(self, request: Any) -> HttpResponse:
                return HttpResponse("done")

        view = access.requires(Capability.ALLOCATE)(Allocate).as_view()
    assert access_of(view) == access.Access(Capability.ALLOCATE)
    request = rf.get("/")
    request.user = account("team_manager")
    assert view(request).content == b"done"
    request.user = account("social_worker")
    with pytest.raises(access.NotAllowed) as refused:
        view(request)
    assert refused.value.who == ("front door manager", "team manager")

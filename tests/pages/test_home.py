"""Where each role starts, and who may open what."""

from typing import Any

import pytest
from django.urls import reverse

from harbourlight.foundation.access import ROLES
from harbourlight.pages.views.home import STARTS

EVERYONE = tuple(role.code for role in ROLES)
MANAGERS = ("front_door_manager", "team_manager")
BOARD = (*MANAGERS, "performance_analyst", "exploitation_coordinator", "inspector")
SEES_CHILDREN = tuple(code for code in EVERYONE if code != "administrator")

# Each page, and the roles that may open it. 404 stands for "may, and there is no such thing".
PAGES: tuple[tuple[str, str, tuple[str, ...], int], ...] = (
    ("my work", "/my-work/", SEES_CHILDREN, 200),
    ("team", "/team/", MANAGERS, 200),
    ("one worker", "/team/NOBODY/", MANAGERS, 404),
    ("work with no worker", "/team/without-worker/", MANAGERS, 404),
    ("board", "/board/", BOARD, 200),
    ("one standard on the board", "/board/ASM-45/", BOARD, 200),
    ("what is unmet", "/board/ASM-45/unmet/", BOARD, 200),
    ("what has no date", "/board/ASM-45/undated/", BOARD, 200),
    ("the entries behind a point", "/board/ASM-45/2026-02/", BOARD, 200),
    ("the months to download", "/board/ASM-45/download/", ("performance_analyst",), 200),
    (
        "the entries to download",
        "/board/ASM-45/2026-02/download/",
        ("performance_analyst",),
        200,
    ),
    ("standards", "/standards/", EVERYONE, 200),
    ("one standard", "/standards/ASM-45/", EVERYONE, 200),
)


@pytest.mark.parametrize(
    ("role", "start"),
    [
        ("front_door_worker", "/my-work/"),
        ("front_door_manager", "/my-work/"),
        ("social_worker", "/my-work/"),
        ("team_manager", "/team/"),
        ("performance_analyst", "/board/"),
        ("administrator", "/accounts/"),
        ("records_officer", "/confidentiality/restricted/"),
        ("designated_officer", "/people/"),
        ("exploitation_coordinator", "/people/"),
        ("inspector", "/board/"),
    ],
)
def test_each_role_starts_where_its_work_is_and_may_open_it(
    client: Any, account: Any, role: str, start: str
) -> None:
    client.force_login(account(role))
    assert client.get("/").headers["Location"] == start
    assert client.get(start).status_code == 200


def test_no_role_is_without_a_start() -> None:
    assert set(STARTS) == set(EVERYONE)


@pytest.mark.parametrize("role", EVERYONE)
def test_a_page_opens_for_the_roles_it_is_for_and_no_other(
    client: Any, account: Any, role: str
) -> None:
    client.force_login(account(role))
    found = {name: client.get(address).status_code for name, address, _, _ in PAGES}
    assert found == {name: status if role in roles else 403 for name, _, roles, status in PAGES}


def test_every_page_of_ours_is_in_the_table() -> None:
    from harbourlight.pages.urls import urlpatterns

    named = {reverse(f"pages:{one.name}", kwargs=_example(one)) for one in urlpatterns}
    assert named - {"/"} == {address for _, address, _, _ in PAGES}


def _example(pattern: Any) -> dict[str, Any]:
    from datetime import date

    examples = {"worker_id": "NOBODY", "code": "ASM-45", "first": date(2026, 2, 1)}
    return {name: examples[name] for name in pattern.pattern.converters}


@pytest.mark.parametrize(
    "address",
    [
        "/board/NOT-ONE/",
        "/standards/NOT-ONE/",
        "/board/ASM-45/2026-13/",
        "/board/ASM-45/2999-01/",
        "/board/REREF-12M/unmet/",
        "/board/NOT-ONE/2026-02/download/",
    ],
)
def test_what_is_not_there_is_not_found(client: Any, account: Any, address: str) -> None:
    client.force_login(account("performance_analyst"))
    assert client.get(address).status_code == 404

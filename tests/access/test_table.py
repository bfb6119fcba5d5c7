"""Every address, for every role and class of record, answers as its reviewed cell decides."""

import datetime
import os
from typing import Any

import pytest
from django.test import Client

from harbourlight.foundation.access import ROLES
from tests.access import cells

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(service: Any) -> cells.Things:
    """What each address is asked with."""
    named = {"mine": "mine", "teams": "teams", "other": "other", "restricted": "hidden"}
    by_class = {}
    for of, held in named.items():
        known = service.things[held]
        by_class[of] = {
            "person_id": service.people[held].pk,
            "child_id": service.people[held].pk,
            "episode_id": known["episode"],
            "assessment_id": known["assessment"],
            "contact_id": known["contact"],
            "line_id": known["line"],
            **service.more_things(held),
        }
    others = {
        "code": "ASM-45",
        "first": datetime.date(2026, 2, 1),
        "worker_id": service.workers["Sol West"].pk,
        "account_id": service.users["Una East"].pk,
    }
    return cells.Things(by_class, others)


@pytest.fixture
def clients(service: Any) -> dict[str, Client]:
    """Somebody signed in with each role: a social worker and a manager of the Harbour team."""
    made = {}
    for role in ROLES:
        made[role.code] = Client(raise_request_exception=False)
        made[role.code].force_login(service.by_role[role.code])
    return made


def test_every_address_answers_each_role_as_decided(things, clients, at_now, assured) -> None:
    table, lacking, wrong, asked = cells.read(), [], [], 0
    expected = set()
    for address in sorted(cells.addresses(), key=lambda one: one.name):
        for of in cells.lines_of(address, things):
            expected.add((address.name, of))
            decided = table.get((address.name, of))
            observed = {}
            for role, client in clients.items():
                looking, sending = cells.answer(client, address, things.given(address, of))
                observed[role] = looking
                asked += 2
                if decided and not cells.agrees(decided[role], looking, sending):
                    wrong.append(
                        f"{address.name}, {of}, {role}: decided {decided[role]!r}, "
                        f"answered {looking!r} and, to an empty form, {sending!r}"
                    )
            if decided is None:
                lacking.append(cells.line(address.name, of, observed))
    gone = [key for key in table if key not in expected]
    if "ACCESS_LINES" in os.environ:  # where to write what is lacking, to be reviewed
        with open(os.environ["ACCESS_LINES"], "w", encoding="utf-8") as stream:
            stream.write("".join(f"{one}\n" for one in lacking))
    assert wrong == [], "\n".join(wrong)
    assert lacking == [], (
        "docs/access.csv lacks these lines, given here as they are answered now. Decide each cell, "
        "then put the line in:\n" + "\n".join(lacking)
    )
    assert gone == [], "docs/access.csv has lines for addresses that are gone"
    assured(
        "access-table",
        f"{len(table)} lines of {len(ROLES)} roles, {asked} requests: 0 mismatches",
    )

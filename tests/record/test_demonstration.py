"""The demonstration's sign-ins: one for each role, each of which opens, however often it starts."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from harbourlight.foundation.access import ROLES
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.history.models import Event
from harbourlight.record.demonstration import TIME_LIMITED_FOR, prepare
from tests.record.families import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("later", [timedelta(0), TIME_LIMITED_FOR + timedelta(days=1)])
def test_every_role_signs_in_with_what_is_printed_at_this_start_and_the_next(
    client: Any, tmp_path: Path, later: timedelta
) -> None:
    kept = tmp_path / "demonstration.json"
    prepare(kept, at=NOW)
    administrator = User.objects.get(role="administrator")
    added = Event.objects.filter(name="account:add")
    assert {event.by_id for event in added} == {administrator.pk}
    cards = prepare(kept, at=NOW + later)
    assert [card.role for card in cards] == [role.code for role in ROLES]
    assert [row["password"] for row in json.loads(kept.read_text())] == [
        card.password for card in cards
    ]
    with time_machine.travel(NOW + later, tick=False):
        for card in cards:
            given = {"login": card.username, "password": card.password}
            assert client.post("/sign-in/", given).headers["Location"] == "/", card.role
            client.logout()

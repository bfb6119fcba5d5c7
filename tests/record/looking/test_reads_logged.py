"""Every page that shows a child writes down that it did, in the request that showed it.

Walks every address there is, as somebody to whom it is shown, and looks in what is sent for the
names of children. A child who is named must be on a line of reading written by that request;
and every such line must be one that the page of who has looked has words for.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from harbourlight.foundation.history.models import Event
from harbourlight.record.looking.words import PAGES
from tests.access.cells import addresses
from tests.access.conftest import at_now, service
from tests.access.test_table import things

__all__ = ["at_now", "service", "things"]

pytestmark = pytest.mark.django_db

WHO_SEES_MOST = (
    "records_officer",
    "team_manager",
    "front_door_manager",
    "social_worker",
    "administrator",
)
"""Each address is asked for by these in turn, until it is shown to one."""


def test_every_address_that_shows_a_child_writes_down_whom_it_showed(
    service: Any, things: Any, at_now: None, assured: Callable[[str, str], None]
) -> None:
    names = {person.name: person.pk for person in service.people.values()}
    clients = {}
    for role in WHO_SEES_MOST:
        clients[role] = Client(raise_request_exception=False)
        clients[role].force_login(service.by_role[role])
    unwritten, unnamed, showing, children = [], set(), set(), 0
    search = {"name": "Mira Mine"}
    for address in addresses():
        path = reverse(address.name, kwargs=things.given(address, "mine"))
        for role in WHO_SEES_MOST:
            with transaction.atomic():
                last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
                posted = address.name == "people:search"
                client = clients[role]
                answer = client.post(path, search) if posted else client.get(path)
                body = b"".join(answer) if answer.streaming else answer.content
                written = Event.objects.filter(pk__gt=last, kind="read")
                lines = [*written.values_list("name", "children")]
                transaction.set_rollback(True)
            unnamed |= {name for name, _ in lines} - PAGES.keys()
            if answer.status_code != 200:
                continue
            shown = {pk for name, pk in names.items() if name in body.decode(errors="ignore")}
            read = {pk for _, of_line in lines for pk in of_line}
            if shown:
                showing.add(address.name)
                children += len(shown)
            if shown - read:
                unwritten.append(f"{address.name}, {role}: {sorted(shown - read)}")
            break
    assert unwritten == [], "\n".join(unwritten)
    assert unnamed == set(), "looking.words has no words for these lines of reading"
    assert len(showing) > 30, "the walk no longer finds the pages that show children"
    assured(
        "reads-logged",
        f"{len(showing)} addresses that show children, {children} children shown: all written down",
    )

"""Every page that shows a child writes down that it did, in the request that showed it.

Walks every address there is, as the role of each that is answered, and looks in what is sent for
the names of children. A child who is named must be on a line of reading written by that request;
and every such line must be one that the page of who has looked has words for.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from harbourlight.foundation.access import ROLES
from harbourlight.foundation.history.models import Event
from harbourlight.record.looking.words import PAGES
from tests.access.cells import addresses
from tests.access.conftest import at_now, service
from tests.access.test_table import things

__all__ = ["at_now", "service", "things"]

pytestmark = pytest.mark.django_db

SHOWN_TO_WHOEVER_CHOSE_THEM: dict[str, str] = {}
"""Addresses that name a child and write no reading, each with why. There is none."""


def test_every_address_that_shows_a_child_writes_down_whom_it_showed(
    service: Any, things: Any, at_now: None, assured: Callable[[str, str], None]
) -> None:
    names = {person.name: person.pk for person in service.people.values()}
    clients = {}
    for role in ROLES:
        clients[role.code] = Client(raise_request_exception=False)
        clients[role.code].force_login(service.by_role[role.code])
    unwritten, unnamed, showing, children = [], set(), set(), 0
    search = {"name": "Mira Mine"}
    for address in addresses():
        for of in things.by_class if address.given else ("mine",):
            path = reverse(address.name, kwargs=things.given(address, of))
            for role, client in clients.items():
                with transaction.atomic():
                    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
                    posted = address.name == "people:search"
                    answer = client.post(path, search) if posted else client.get(path)
                    body = b"".join(answer) if answer.streaming else answer.content
                    written = Event.objects.filter(pk__gt=last, kind="read")
                    lines = [*written.values_list("name", "children")]
                    transaction.set_rollback(True)
                if answer.status_code != 200:
                    continue
                text = body.decode(errors="ignore")
                shown = {pk for name, pk in names.items() if name in text}
                read = {pk for _, of_line in lines for pk in of_line}
                unnamed |= {name for name, _ in lines} - PAGES.keys()
                if shown:
                    showing.add(address.name)
                    children += len(shown)
                if shown - read:
                    unwritten.append(f"{address.name}, {of}, {role}: {sorted(shown - read)}")
    assert unwritten == [], "\n".join(unwritten)
    assert unnamed == set(), "looking.words has no words for these lines of reading"
    assert len(showing) > 30, "the walk no longer finds the pages that show children"
    assured(
        "reads-logged",
        f"{len(showing)} addresses that show children, {children} children shown: all written down",
    )

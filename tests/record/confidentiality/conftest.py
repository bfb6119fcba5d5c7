"""A service of two teams with children of every class, made once for each module that asks."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine


@pytest.fixture(scope="module")
def service(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """Two teams, and a child of each class; undone when the module is over."""
    from django.db import transaction

    from tests.record.confidentiality.classes import NOW, service_of_classes

    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        outer = transaction.atomic()
        outer.__enter__()
        try:
            yield service_of_classes()
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


@pytest.fixture
def at_now() -> Iterator[None]:
    """It is NOW."""
    from tests.record.confidentiality.classes import NOW

    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ask(service: Any, db: None, at_now: None) -> Callable[..., Any]:
    """Asks for a page as somebody, with a client of their own: `ask("Sol West", "/people/…/")`."""
    from django.test import Client

    clients: dict[str, Client] = {}

    def go(name: str, address: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        if name not in clients:
            clients[name] = Client()
            clients[name].force_login(service.users[name])
        client = clients[name]
        return client.get(address, **more) if data is None else client.post(address, data, **more)

    return go

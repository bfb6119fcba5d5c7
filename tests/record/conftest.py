"""The people of `tests.record.families`, and opening pages as one of them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine


@pytest.fixture
def record(account: Callable[..., Any]) -> Any:
    """A front door, a team and its worker."""
    from tests.record.families import Record

    return Record(account)


@pytest.fixture
def at_now() -> Iterator[None]:
    """It is NOW."""
    from tests.record.families import NOW

    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def at_desk(client: Any, record: Any, at_now: None) -> Callable[[str], Any]:
    """A browser without JavaScript, signed in as somebody with a role: `at_desk("analyst")`."""

    def sit(role: str) -> Any:
        client.force_login(record.user(role))
        return client

    return sit

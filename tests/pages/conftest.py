"""The small service of `tests.pages.service`, and opening its pages as the people in it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine


@pytest.fixture
def at_now() -> Iterator[None]:
    """It is NOW."""
    from tests.pages.service import NOW

    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def service(account: Callable[..., Any]) -> Any:
    """The front door, and two teams with a manager each."""
    from tests.pages.service import small_service

    return small_service(account)


@pytest.fixture
def see(client: Any, at_now: None) -> Callable[..., Any]:
    """Opens a page as somebody: `see(user, "/my-work/")`. The answer must be 200."""

    def go(user: Any, address: str) -> Any:
        client.force_login(user)
        answer = client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return answer

    return go

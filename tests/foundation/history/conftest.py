"""The people of `tests.record.families`: history is of a record, whatever it holds."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def record(account: Callable[..., Any]) -> Any:
    """A front door, a team and its worker."""
    from tests.record.families import Record

    return Record(account)

"""A folder of censuses for each test, and making one at NOW."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def folder_of_its_own(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Censuses lie where the test can see them all."""
    from django.conf import settings

    monkeypatch.setattr(settings, "CENSUSES", tmp_path / "censuses")


@pytest.fixture
def make() -> Callable[..., list[Any]]:
    """Makes the censuses of a day."""
    from tests.record.census import here
    from tests.record.families import NOW

    def make_them(at: datetime = NOW) -> list[Any]:
        return here.make(at)

    return make_them

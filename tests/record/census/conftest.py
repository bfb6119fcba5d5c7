"""A record with a census in it: a child whose record fails rules, and one whose does not."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest
from django.conf import settings
from django.db import connection

from harbourlight.dataset.engines import PostgreSQL
from harbourlight.dataset.tables import SOURCE_TABLES, Dataset


def tables_here() -> dict[str, pa.Table]:
    """What `published_tables` gives, read in the test's own transaction."""
    dataset, engine = Dataset(), PostgreSQL(connection.connection)
    return {table.name: engine.run(getattr(dataset, table.name)) for table in SOURCE_TABLES}


@pytest.fixture(autouse=True)
def folder_of_its_own(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Censuses lie where the test can see them all."""
    monkeypatch.setattr(settings, "CENSUSES", tmp_path / "censuses")


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """Makes the censuses of a day."""
    from harbourlight.record.census import making
    from tests.record.families import NOW

    monkeypatch.setattr(making, "published_tables", tables_here)

    def make_them(at: datetime = NOW) -> list[Any]:
        return making.make(at=at)

    return make_them

"""Making censuses, and checking files, within a test's own transaction."""

from datetime import datetime
from typing import Any
from unittest.mock import patch

import pyarrow as pa
from django.db import connection

from harbourlight.dataset.engines import PostgreSQL
from harbourlight.dataset.tables import SOURCE_TABLES, Dataset
from harbourlight.record.census import actions, making
from harbourlight.record.census.jobs import check_file
from harbourlight.record.census.models import Census, CheckedFile


def tables_here() -> dict[str, pa.Table]:
    """What `published_tables` gives, which asks for a transaction of its own."""
    dataset, engine = Dataset(), PostgreSQL(connection.connection)
    return {table.name: engine.run(getattr(dataset, table.name)) for table in SOURCE_TABLES}


def make(at: datetime, **more: Any) -> list[Census]:
    """The censuses of a day, as the job makes them."""
    with patch.object(making, "published_tables", tables_here):
        return making.make(at=at, **more)


def given(
    content: bytes, *, by: Any, at: datetime, name: str = "theirs.xml", check: bool = True
) -> CheckedFile:
    """A file that somebody gave, once it has been checked."""
    file = actions.Given(name, len(content), [content])
    held = actions.give_file(file, None, year=None, by=by, at=at)
    if check:
        check_file.here(at=at, file_id=held.pk)
        held.refresh_from_db()
    return held

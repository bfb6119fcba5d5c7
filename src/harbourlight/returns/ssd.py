"""The Standard Safeguarding Dataset as files, for whoever else reads it.

Every table the dataset holds, its columns in the specification's order and of its types; our own
tables (`hl_`) beside them, so that the files judged again give the same ledger. `ssd_version_log`
says which specification they follow.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from harbourlight import __version__
from harbourlight.dataset.files import Format, write_folder
from harbourlight.dataset.loaders.values import LONDON
from harbourlight.dataset.tables import BY_NAME, SSD_VERSION, VERSION_LOG


def build(tables: Mapping[str, pa.Table], folder: Path, format: Format, *, at: datetime) -> None:
    """Write the tables and the specification's version to `folder`, which is made if need be.

    `tables` gives rows by table name; a column they lack is written empty, because a reader of the
    SSD expects each. Files of those names are replaced, each only once its successor is whole.
    Raises `OSError` if the folder cannot be written.
    """
    whole = {name: _with_every_column(name, rows) for name, rows in tables.items()}
    write_folder({**whole, VERSION_LOG.name: _version(at)}, folder, format)


def _with_every_column(name: str, rows: pa.Table) -> pa.Table:
    for field in BY_NAME[name].arrow_schema():
        if field.name not in rows.column_names:
            rows = rows.append_column(field, pa.nulls(len(rows), field.type))
    return rows


def _version(at: datetime) -> pa.Table:
    row = {
        "version_number": SSD_VERSION,
        "description": "Standard Safeguarding Dataset, the specification of that month",
        "is_current": 1,
        "created_at": at.astimezone(LONDON).replace(tzinfo=None, microsecond=0),
        "created_by": f"Harbourlight {__version__}",
    }
    return pa.Table.from_pylist([row], schema=VERSION_LOG.arrow_schema())

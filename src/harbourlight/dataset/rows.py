"""Rows of the declared tables, in Arrow, as they travel between sources and engines.

It reads no file and knows no engine.
"""

import pyarrow as pa

from harbourlight.dataset.schema import Table
from harbourlight.dataset.tables import BY_NAME
from harbourlight.standards.calendar import calendar_days

CALENDAR = BY_NAME["hl_calendar"]


def conform(table: Table, rows: pa.Table) -> pa.Table:
    """The rows with their columns in declared order and of declared type.

    A column the rows lack is left out, not filled. Raises `ValueError` for a column that is not
    declared, and `pyarrow.ArrowInvalid` for a value that does not fit its type.
    """
    held = set(rows.column_names)
    if strange := held - {column.name for column in table.columns}:
        raise ValueError(f"{table.name} declares no column {', '.join(sorted(strange))}")
    fields = [(c.name, c.arrow_type) for c in table.columns if c.name in held]
    return rows.select([name for name, _ in fields]).cast(pa.schema(fields))


def calendar_rows() -> pa.Table:
    """The working-day calendar as rows of `hl_calendar`, one for each day."""
    days = list(calendar_days())
    return pa.table(
        {
            "hlca_day": [day.day for day in days],
            "hlca_is_working_day": ["Y" if day.is_working_day else "N" for day in days],
            "hlca_number": [day.number for day in days],
        },
        schema=CALENDAR.arrow_schema(),
    )

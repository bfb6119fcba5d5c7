"""Writing the dataset's tables as a folder of files, one for each table: what loaders read back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet

from harbourlight.dataset.rows import conform
from harbourlight.dataset.tables import BY_NAME

Format = Literal["csv", "parquet"]


def write_folder(tables: Mapping[str, pa.Table], folder: Path, format: Format) -> None:
    """Write each table to `folder/<table>.<format>`, in place of a file of that name.

    `tables` gives rows by table name; columns the rows lack are not written, so that the folder
    says no more than they do. A file takes its name only when it is whole. CSV is UTF-8 with a
    header; it cannot tell an empty text from none. Raises `KeyError` for a table, and `ValueError`
    for a column, that is not declared.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, given in tables.items():
        rows = conform(BY_NAME[name], given)
        unfinished = folder / f".{name}.unfinished"
        if format == "parquet":
            parquet.write_table(rows, unfinished, compression="zstd")
        else:
            arrow_csv.write_csv(_in_seconds(rows), unfinished)
        unfinished.replace(folder / f"{name}.{format}")


def _in_seconds(rows: pa.Table) -> pa.Table:
    """Instants in whole seconds, so that CSV shows no row of noughts after them."""
    fields = [
        (field.name, pa.timestamp("s") if pa.types.is_timestamp(field.type) else field.type)
        for field in rows.schema
    ]
    return rows.cast(pa.schema(fields))

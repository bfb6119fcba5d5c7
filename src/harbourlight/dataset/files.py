"""Writing the dataset's tables as a folder of files, one for each table: what loaders read back."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet

from harbourlight.dataset.formulas import BEGINS_A_FORMULA
from harbourlight.dataset.rows import conform
from harbourlight.dataset.tables import BY_NAME
from harbourlight.dataset.whole import written_whole

Format = Literal["csv", "parquet"]

_A_FORMULA = re.compile(rf"^('*{BEGINS_A_FORMULA.pattern})")
_APART = re.compile(rf"^'('*{BEGINS_A_FORMULA.pattern})")


def write_folder(tables: Mapping[str, pa.Table], folder: Path, format: Format) -> None:
    """Write each table to `folder/<table>.<format>`, in place of a file of that name.

    `tables` gives rows by table name; columns the rows lack are not written, so that the folder
    says no more than they do. A file takes its name only when it is whole. CSV is UTF-8 with a
    header; it cannot tell an empty text from none, and text that a spreadsheet would run is held
    apart by an apostrophe, which `without_apostrophe` takes off again. Raises `KeyError` for a
    table, and `ValueError` for a column, that is not declared.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, given in tables.items():
        rows = conform(BY_NAME[name], given)
        with written_whole(folder / f"{name}.{format}") as unfinished:
            if format == "parquet":
                parquet.write_table(rows, unfinished, compression="zstd")
            else:
                arrow_csv.write_csv(_as_cells(rows), unfinished)


def without_apostrophe(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text as it was before `write_folder` held it apart from formulas."""
    if not pc.any(pc.starts_with(text, "'")).as_py():
        return text
    return pc.replace_substring_regex(text, _APART.pattern, r"\1")


def _as_cells(rows: pa.Table) -> pa.Table:
    """Text held apart from formulas; instants in whole seconds, so that no row of noughts shows."""
    columns = {}
    for field, column in zip(rows.schema, rows.columns, strict=True):
        if pa.types.is_string(field.type):
            column = pc.replace_substring_regex(column, _A_FORMULA.pattern, r"'\1")
        elif pa.types.is_timestamp(field.type):
            column = column.cast(pa.timestamp("s"))
        columns[field.name] = column
    return pa.table(columns)

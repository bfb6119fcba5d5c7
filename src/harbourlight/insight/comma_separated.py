"""Comma-separated files that a spreadsheet may open without running what is in them."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TextIO

from harbourlight.dataset.formulas import inert

Cell = str | int | float | date | None
Row = Mapping[str, Cell]

_ENCODING = "utf-8-sig"


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows under a header, in UTF-8 with the mark that a spreadsheet knows it by.

    Days are written 2026-03-31, nothing as an empty cell, and shares to six places. Raises
    `ValueError` for a row with a column that is not in `columns`.
    """
    with path.open("w", encoding=_ENCODING, newline="") as file:
        _write(file, columns, rows)


def rows_as_bytes(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """What `write_rows` would write, for a download. Raises as it does."""
    file = io.StringIO(newline="")
    _write(file, columns, rows)
    return file.getvalue().encode(_ENCODING)


def _write(file: TextIO, columns: Sequence[str], rows: Iterable[Row]) -> None:
    writer = csv.DictWriter(file, columns)
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _cell(value: Cell) -> str | int | None:
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return value.isoformat() if isinstance(value, date) else value

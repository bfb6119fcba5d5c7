"""A census as tests look at it: built from rows, and read as plain lists."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from lxml import etree

from harbourlight.dataset.tables import BY_NAME
from harbourlight.returns.cin.building import Built, Header, build
from harbourlight.returns.cin.elements import ELEMENTS, Field, Holds

HEADER = Header("394", at=datetime(2026, 5, 1, 9, 0, tzinfo=UTC))

Flat = list[tuple[str, str]]

_FLAGS = {"true": "1", "false": "0"}


def tables_of(rows: Mapping[str, list[dict[str, Any]]]) -> dict[str, pa.Table]:
    """Tables of the dataset with these rows, what is not said of a row being empty."""
    return {
        name: pa.Table.from_pylist(given, schema=BY_NAME[name].arrow_schema())
        for name, given in rows.items()
    }


def built(
    tables: Mapping[str, pa.Table], out: Path, year: int = 2026, **how: Any
) -> tuple[dict[str, Flat], Built]:
    """The census built from tables, by child, and what was told of it."""
    told = build(tables, year=year, header=HEADER, out=out, **how)
    return (children(out) if told.counts["Child"] else {}), told


def children(path: Path) -> dict[str, Flat]:
    """Each child's elements with their values, in the order of the file."""
    root = etree.parse(str(path)).getroot()
    return {
        str(child.findtext("ChildIdentifiers/LAchildID")).strip(): [*_flat(child, "")]
        for child in root.iter("Child")
    }


def _flat(element: etree._Element, above: str) -> Flat:
    """A group stands with no value. A flag is 1 or 0, however it is spelt."""
    found: Flat = []
    for inner in element:
        path = f"{above}{inner.tag}"
        declared = ELEMENTS[str(inner.tag)]
        if isinstance(declared, Field):
            text = (inner.text or "").strip()
            found.append((path, _FLAGS.get(text, text) if declared.holds is Holds.FLAG else text))
        else:
            found.append((path, ""))
            found += _flat(inner, f"{path}/")
    return found

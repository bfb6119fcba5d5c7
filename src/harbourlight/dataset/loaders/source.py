"""What a loader gives: a source read whole, or the one reason why it could not be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from harbourlight.dataset.unreadable import UnreadableSource

__all__ = ["Source", "UnreadableSource"]


@dataclass(frozen=True, slots=True)
class Source:
    """A source, read whole.

    `tables` holds rows by table name, each with every declared column and type, for the tables the
    source supplies and no other. `held` names as `table.column` the columns it supplies: a standard
    that needs another cannot be answered from it. `remarks` are sentences on what was read and not
    used, and on what was assumed. `authority` is the department's number of whose the source is,
    where it says.
    """

    kind: Literal["CIN census", "SSD folder", "Annex A"]
    title: str
    tables: Mapping[str, pa.Table]
    held: frozenset[str]
    remarks: tuple[str, ...]
    authority: str = ""

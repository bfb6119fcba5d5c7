"""The declared tables as a page to read: `docs/dataset.md` is written from it.

A pure function of the declarations, for whoever fills the tables or asks questions of them.
"""

from collections.abc import Iterator

from harbourlight.dataset.schema import Column, Kind, Sensitivity, Table
from harbourlight.dataset.tables import SSD_VERSION, TABLES
from harbourlight.standards import code_sets

_KINDS = {
    Kind.TEXT: "text",
    Kind.DATE: "a day",
    Kind.INSTANT: "a day and time by the clock in London, to the second",
    Kind.INTEGER: "a whole number",
    Kind.NUMBER: "a number",
    Kind.FLAG: "`Y`, `N` or nothing",
    Kind.JSON: "a JSON object, as text",
}
_DISCLOSES = {
    Sensitivity.REFERENCE: "names a row, and says nothing on its own",
    Sensitivity.SYSTEM: "is about the source itself",
    Sensitivity.STAFF: "is about a member of staff",
    Sensitivity.PERSONAL: "is about a child's case",
    Sensitivity.IDENTIFYING: "says who the child is",
    Sensitivity.SPECIAL: "is of a special category: health, ethnicity and the like",
}


def dataset_dictionary() -> str:
    """Every table and column in declared order, as Markdown that ends with a newline."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# The dataset"
    yield ""
    yield (
        "The tables that every source is read into and every standard is asked of: those of the "
        f"Standard Safeguarding Dataset ({SSD_VERSION}) that we use, and our own, whose names "
        "begin `hl_`. This page is generated from `src/harbourlight/dataset/tables.py`: change "
        "that, not this."
    )
    yield ""
    yield "A kind of column holds:"
    yield ""
    for kind, holds in _KINDS.items():
        yield f"- *{kind.value}*: {holds}."
    yield ""
    yield "What a column would disclose:"
    yield ""
    for sensitivity, discloses in _DISCLOSES.items():
        yield f"- *{sensitivity.value}*: {discloses}."
    for table in TABLES:
        yield ""
        yield from _table(table)
    yield ""
    yield "# Code sets"
    yield ""
    yield "A column of a code set holds only its codes."
    used = dict.fromkeys(column.code_set for table in TABLES for column in table.columns)
    for name in filter(None, used):
        yield ""
        yield from _code_set(name)


def _table(table: Table) -> Iterator[str]:
    yield f"## {table.name}"
    yield ""
    yield f"{table.title}." + (" Ours, not part of the SSD." if table.is_extension else "")
    yield ""
    yield "| Column | What it is | Kind | SSD item | Codes | Refers to | Discloses | Needed |"
    yield "|---|---|---|---|---|---|---|---|"
    for column in table.columns:
        yield "| " + " | ".join(_cells(column)) + " |"


def _cells(column: Column) -> Iterator[str]:
    yield f"`{column.name}`" + (" (key)" if column.key else "")
    yield column.title
    yield column.kind.value
    yield column.item
    yield f"[{column.code_set}](#{column.code_set})" if column.code_set else ""
    yield f"`{column.references}`" if column.references else ""
    yield column.sensitivity.value
    yield "yes" if column.needed else ""


def _code_set(name: str) -> Iterator[str]:
    yield f"## {name}"
    yield ""
    yield "| Code | Means | From | To |"
    yield "|---|---|---|---|"
    for code in code_sets.listed(name):
        yield f"| `{code.code}` | {code.label} | {code.valid_from or ''} | {code.valid_to or ''} |"

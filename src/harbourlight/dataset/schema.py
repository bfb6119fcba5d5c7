"""How a table and a column of the dataset are declared, and what each kind of column holds."""

from dataclasses import dataclass
from enum import StrEnum

import ibis
import ibis.expr.types as ir
import pyarrow as pa

SCHEMA = "dataset"
"""The database schema the tables live in, on every engine."""


class Kind(StrEnum):
    """What a column holds. Each kind fixes the type on every engine."""

    TEXT = "text"
    DATE = "date"
    INSTANT = "instant"
    """A date and time by the clock on the wall in London, to the second, as the SSD holds it."""
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    """`Y`, `N` or nothing."""
    JSON = "json"
    """A JSON object kept as text: the SSD's many-valued outcomes."""


class Sensitivity(StrEnum):
    """What a column would disclose, from which who may see it is decided."""

    REFERENCE = "reference"  # identifiers of rows, which say nothing on their own
    SYSTEM = "system"  # about the source itself, not about anyone
    STAFF = "staff"  # about a member of staff
    PERSONAL = "personal"  # about a child's case
    IDENTIFYING = "identifying"  # who the child is
    SPECIAL = "special category"  # health, ethnicity and the like


_IBIS = {
    Kind.TEXT: "string",
    Kind.DATE: "date",
    Kind.INSTANT: "timestamp(0)",
    Kind.INTEGER: "int64",
    Kind.NUMBER: "float64",
    Kind.FLAG: "string",
    Kind.JSON: "string",
}
_SQL = {
    Kind.TEXT: "text",
    Kind.DATE: "date",
    Kind.INSTANT: "timestamp",
    Kind.INTEGER: "bigint",
    Kind.NUMBER: "double precision",
    Kind.FLAG: "text",
    Kind.JSON: "text",
}
_ARROW: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.DATE: pa.date32(),
    Kind.INSTANT: pa.timestamp("us"),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.string(),
    Kind.JSON: pa.string(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it holds, its SSD item reference, and what it would disclose.

    `item` is empty for a column of our extension. `references` names `table.column`. A column of a
    code set holds only that set's codes. `needed` columns are never empty in a source we accept.
    """

    name: str
    kind: Kind
    item: str
    title: str
    sensitivity: Sensitivity = Sensitivity.PERSONAL
    key: bool = False
    needed: bool = False
    references: str = ""
    code_set: str = ""

    @property
    def sql_type(self) -> str:
        """The column's type in both PostgreSQL and DuckDB."""
        return _SQL[self.kind]

    @property
    def arrow_type(self) -> pa.DataType:
        """The column's type in an Arrow table or a Parquet file."""
        return _ARROW[self.kind]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the dataset.

    `person` names the column that holds the child's identifier, by which the live ledger narrows a
    table to the children just written about; it is empty where rows are not about one child.
    `dated` names the column that says when a row happened, from which a source's reach is judged.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    person: str = ""
    dated: str = ""

    @property
    def is_extension(self) -> bool:
        """Whether the table is ours (`hl_*`) and not part of the SSD."""
        return self.name.startswith("hl_")

    @property
    def key(self) -> Column | None:
        """The column that names a row, if the table has one."""
        return next((column for column in self.columns if column.key), None)

    def column(self, name: str) -> Column:
        """The column called `name`. Raises `KeyError` if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    def expression(self) -> ir.Table:
        """The table as an unbound Ibis expression, the same for every engine."""
        return ibis.table(
            {column.name: _IBIS[column.kind] for column in self.columns},
            name=self.name,
            database=SCHEMA,
        )

    def arrow_schema(self) -> pa.Schema:
        """The table's Arrow schema, columns in declared order."""
        return pa.schema([(column.name, column.arrow_type) for column in self.columns])

    def ddl(self) -> str:
        """The statement that makes the table, in SQL that PostgreSQL and DuckDB both read."""
        columns = ", ".join(f'"{column.name}" {column.sql_type}' for column in self.columns)
        return f'CREATE TABLE {SCHEMA}."{self.name}" ({columns})'

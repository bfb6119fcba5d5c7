"""Keeping the stored ledger true: after every act, for the children it touched.

The expressions of every standard are compiled to one statement, once in the life of the process,
with each table narrowed to the touched children. Recomputing everything from nothing is the same
statement without the narrowing, and must give the same rows; a property test says so.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache

import ibis
import ibis.expr.types as ir
import sqlglot
from django.db import connection, transaction

from harbourlight.dataset.tables import BY_NAME, SOURCE_TABLES, Dataset
from harbourlight.ledger.entries import ENTRY_COLUMNS, all_entries
from harbourlight.record.live_ledger.models import Coverage, Entry
from harbourlight.standards.catalogue import CATALOGUE

_TABLE = Entry._meta.db_table
_COLUMNS = ", ".join(ENTRY_COLUMNS)


class _Touched(Dataset):
    """The dataset narrowed to the children in the relation `touched`."""

    def __getattr__(self, name: str) -> ir.Table:
        table = super().__getattr__(name)
        person = BY_NAME[name].person
        if not person:
            return table
        touched = ibis.table({"child_id": "string"}, name="touched")
        return table.filter(table[person].isin(touched.child_id))


@cache
def _statement(*, touched_only: bool) -> str:
    """The INSERT that computes entries; with `touched_only` it takes the parameter `children`."""
    entries = all_entries(CATALOGUE.values(), _Touched() if touched_only else Dataset())
    query = sqlglot.parse_one(str(ibis.to_sql(entries, dialect="postgres")), dialect="postgres")
    # Ids are compared in the query as text; the percent signs of LIKE must survive the driver.
    body = query.sql(dialect="postgres").replace("%", "%%")
    if touched_only:
        given = "SELECT unnest(%(children)s::text[]) AS child_id"
        body = (
            f"WITH touched AS MATERIALIZED ({given}), entries AS ({body}) "
            f"SELECT {_COLUMNS} FROM entries"
        )
    else:
        body = f"WITH entries AS ({body}) SELECT {_COLUMNS} FROM entries"
    return f"INSERT INTO {_TABLE} ({_COLUMNS}) {body}"


def prepare() -> None:
    """Compile the statement now, about a second's work, and not in somebody's first act."""
    _statement(touched_only=True)


def begin(on: date) -> None:
    """Say that an empty record holds everything from this day, and nothing before it.

    Without this a child's first referral here would pass for the first in their life. A record
    that was loaded from a source has what the source says of itself instead.
    """
    for table in SOURCE_TABLES:
        if table.dated:
            Coverage.objects.get_or_create(table=table.name, defaults={"complete_from": on})


def keep(children: Iterable[str]) -> None:
    """Recompute the entries of these children, in the transaction now open.

    Two acts on one child at once take turns: the second waits here until the first has committed,
    and then sees what it wrote, because each statement reads afresh. Locks are taken in one order.
    """
    ids = sorted(children)
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(id, 0)) "
            "FROM (SELECT unnest(%s::text[]) AS id ORDER BY 1) AS touched",
            [ids],
        )
        cursor.execute("SELECT live_ledger_keep(%s)", [ids])


def publish_statement() -> str:
    """The statement that makes the function `keep` calls.

    It runs as its owner, because what is true of a child does not depend on who may see them: the
    web's role has no right to the dataset's views, and no way to write an entry but this.
    """
    query = _statement(touched_only=True).replace("%(children)s", "$1").replace("%%", "%")
    return f"""
        CREATE OR REPLACE FUNCTION live_ledger_keep(children text[]) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $keep$
        BEGIN
            DELETE FROM {_TABLE} WHERE child_id = ANY (children);
            -- Planned afresh for the children given, which are one or fifty.
            EXECUTE $entries${query}$entries$ USING children;
        END
        $keep$
    """


def recompute() -> int:
    """Compute the whole ledger from nothing, and say how many entries it has."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {_TABLE}")
        cursor.execute(_statement(touched_only=False))
        count = cursor.rowcount
        cursor.execute(f"ANALYZE {_TABLE}")
    return count


def differences() -> list[tuple[str, ...]]:
    """Entries that differ between the stored ledger and one computed from nothing now.

    Each is the side it stands on (`stored` or `computed`) and its columns as text. Empty when the
    ledger is true.
    """
    computed = _statement(touched_only=False).split(f"({_COLUMNS}) ", 1)[1]
    stored = f"SELECT {_COLUMNS} FROM {_TABLE}"
    as_text = ", ".join(f"{column}::text" for column in ENTRY_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH computed AS ({computed}), stored AS ({stored}) "
            f"SELECT 'computed', {as_text} FROM (TABLE computed EXCEPT TABLE stored) a "
            f"UNION ALL SELECT 'stored', {as_text} FROM (TABLE stored EXCEPT TABLE computed) b "
            "ORDER BY 2, 3, 4, 1",
            {},
        )
        return cursor.fetchall()

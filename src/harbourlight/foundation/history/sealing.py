"""Sealing the rows of history, so that one changed, removed, forged or chopped off is found.

A seal is a digest over every row of history that a run of transactions wrote, and over the seal
before it. It is made in batches, never row by row, because a chain of rows would make every writer
wait for every other. What it covers is told by transaction: all whose numbers are below the oldest
still running have ended, so none can be missed and none be sealed twice. (Identifiers will not do:
they are given before and seen after one another.) A transaction of another database of the same
server is numbered with ours and may last all night: it writes nothing here, and is not waited for.

Each seal keeps a leaf for every row, so that `verify` says which row it was. Whoever owns the
database could still remove the newest rows and their seals, or make all seals again: so each digest
is also written to a file that is not in the database, and should go from there to somebody else
(`harbourlight history seal` prints it, fit for an e-mail or a log of another machine).

It must not be asked to seal or verify by the role that serves pages, which cannot see every row.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from harbourlight.foundation.history.models import Correction, Event, Seal, SealedTable
from harbourlight.foundation.history.rows import RowHistory

LEAF = 16
"""Bytes of SHA-256 kept for a row: enough that no other row can be made to match."""

_ONE_AT_A_TIME = 0x5EA1
"""The advisory lock of whoever seals."""

_TOLD_ONE_WAY = (
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'iso_8601'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL max_parallel_workers_per_gather = 0",
)
"""How a row is written as text depends on these, so they are the same at sealing and verifying."""


_ENDED_BEFORE = """
WITH elsewhere AS (
    SELECT held.transactionid::text::bigint AS xid
    FROM pg_locks held JOIN pg_stat_activity USING (pid)
    WHERE held.locktype = 'transactionid' AND held.mode = 'ExclusiveLock' AND held.granted
        AND datid <> (SELECT oid FROM pg_database WHERE datname = current_database())
), running AS (
    SELECT xid::text::bigint AS xid FROM pg_snapshot_xip(pg_current_snapshot()) AS xid
    UNION SELECT pg_current_xact_id_if_assigned()::text::bigint
)
SELECT coalesce(min(xid), pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
FROM running WHERE xid % 4294967296 NOT IN (TABLE elsewhere)
"""
"""The number below which every transaction of this database has ended.

The server numbers the transactions of all its databases together. One is passed over only where it
is known to be of another database, by the lock each holds on its own number (of 32 bits); one of
which that is not known, such as one that was prepared, is waited for.
"""


class TransactionsWentBack(RuntimeError):
    """The database gives transactions numbers it has given before; sealing on would hide rows."""

    def __init__(self) -> None:
        super().__init__(
            "This database numbers its transactions lower than those already sealed: it was "
            "restored from a dump into a new server. Stop that server, raise its transactions' "
            "epoch above the old one (pg_resetwal --epoch), start it, and seal again."
        )


# ---- What is sealed -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Table:
    """A table of history, as it is read for a seal."""

    name: str
    key: str
    transaction: str
    columns: tuple[str, ...]
    by_letter: bool

    @property
    def order(self) -> str:
        """The order of rows: the same in every database, however it sorts words."""
        return f'"{self.key}" COLLATE "C"' if self.by_letter else f'"{self.key}"'

    def leaf(self, columns: Sequence[str]) -> str:
        """A row's leaf, as SQL."""
        row = ", ".join(f'"{column}"' for column in columns)
        return f"substring(sha256(convert_to(ROW({row})::text, 'UTF8')) for {LEAF})"


def _tables() -> dict[str, _Table]:
    found = [_table_of(Event, "xid"), _table_of(Correction, "xid")]
    found += [
        _table_of(model, "pgh_xid") for model in apps.get_models() if issubclass(model, RowHistory)
    ]
    return {table.name: table for table in sorted(found, key=lambda table: table.name)}


def _table_of(model: type[models.Model], transaction_column: str) -> _Table:
    meta = model._meta
    return _Table(
        name=meta.db_table,
        key=str(meta.pk.column),
        transaction=transaction_column,
        columns=tuple(sorted(str(field.column) for field in meta.local_concrete_fields)),
        by_letter=isinstance(meta.pk, models.CharField),
    )


# ---- Sealing ------------------------------------------------------------------------------------


def seal(*, at: datetime) -> Seal | None:
    """Seal every row of the transactions that have ended since the last seal, and anchor it.

    Returns None where there was nothing to seal. Safe to call from several places at once: they
    take turns. Raises `TransactionsWentBack`.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        # A statement of its own, after the lock: what is read below is read after this.
        cursor.execute(_ENDED_BEFORE)
        (before,) = cursor.fetchone()
        last = Seal.objects.order_by("-number").first()
        since = last.before if last else 0
        if before < since:
            raise TransactionsWentBack
        for setting in _TOLD_ONE_WAY:
            cursor.execute(setting)
        sheets = [
            sheet
            for table in _tables().values()
            for sheet in [_read(cursor, table, since, before)]
            if sheet.rows
        ]
        made = None
        if sheets:
            made = Seal(
                number=last.number + 1 if last else 1,
                at=at,
                since=since,
                before=before,
                rows=sum(len(sheet.rows) for sheet in sheets),
            )
            made.digest = _digest(made, bytes(last.digest) if last else b"", sheets)
            made.save(force_insert=True)
            for sheet in sheets:
                sheet.seal = made
            SealedTable.objects.bulk_create(sheets)
        transaction.on_commit(_anchor)
    return made


def _read(cursor: Any, table: _Table, since: int, before: int) -> SealedTable:
    cursor.execute(
        f'SELECT array_agg("{table.key}"::text ORDER BY {table.order}), '
        f"string_agg({table.leaf(table.columns)}, ''::bytea ORDER BY {table.order}) "
        f'FROM "{table.name}" WHERE "{table.transaction}" >= %s AND "{table.transaction}" < %s',
        [since, before],
    )
    rows, leaves = cursor.fetchone()
    return SealedTable(
        table=table.name, columns=[*table.columns], rows=rows or [], leaves=bytes(leaves or b"")
    )


def _digest(made: Seal, previous: bytes, sheets: Iterable[SealedTable]) -> bytes:
    digest = hashlib.sha256(previous)
    at = made.at.astimezone(UTC).isoformat()
    digest.update(json.dumps([made.number, at, made.since, made.before, made.rows]).encode())
    for sheet in sorted(sheets, key=lambda sheet: sheet.table):
        digest.update(json.dumps([sheet.table, sheet.columns, sheet.rows]).encode())
        digest.update(bytes(sheet.leaves))
    return digest.digest()


# ---- The anchor ---------------------------------------------------------------------------------

_LINE = re.compile(r"(\d+) ([0-9a-f]{64}) (\S+) (\d+)")


def anchor_file() -> Path:
    """The file outside the database to which each seal's digest is added."""
    return Path(settings.HOME) / "seals.log"


def anchor_line(made: Seal) -> str:
    """A seal in one line: its number, digest, time and how many rows it covers."""
    return f"{made.number} {bytes(made.digest).hex()} {made.at.isoformat()} {made.rows}"


def _anchor() -> None:
    """Add to the file every seal it does not hold: also those a crash kept from it."""
    path = anchor_file()
    held = _anchored(path)
    lines = []
    for made in Seal.objects.order_by("-number").iterator(chunk_size=100):
        if bytes(made.digest).hex() in held.get(made.number, ()):
            break
        lines.append(anchor_line(made))
    if not lines:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and not path.read_bytes().endswith(b"\n"):
        lines.append("")  # after a line that a crash cut short
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, "".join(f"{line}\n" for line in reversed(lines)).encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def _anchored(path: Path) -> dict[int, list[str]]:
    """The digests of each seal in a file of anchors, by number. A line cut short is passed over.

    A number with two digests was sealed twice: the second time after the first was removed.
    """
    found: dict[int, list[str]] = {}
    if path.exists():
        for line in path.read_text(encoding="ascii", errors="replace").splitlines():
            if read := _LINE.fullmatch(line):
                found.setdefault(int(read[1]), []).append(read[2])
    return found


# ---- Verifying ----------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Tampering:
    """One thing that is not as it was sealed: which seal, which table, which row, and what."""

    seal: int
    table: str
    row: str
    what: str

    def __str__(self) -> str:
        where = f"{self.table} {self.row}: " if self.row else f"{self.table}: " * bool(self.table)
        return f"seal {self.seal}: {where}{self.what}"


@dataclass(frozen=True)
class Verified:
    """What was looked at, and what was found."""

    seals: int
    rows: int
    found: tuple[Tampering, ...]
    unanchored: int
    """Seals the file of anchors does not hold: what is newer could be removed with them."""


CHANGED = "the row was changed after it was sealed"
REMOVED = "the row was removed after it was sealed"
FORGED = "the row was not there when its transactions were sealed: it was put in afterwards"
COLUMN_GONE = "a column that was sealed is not there any more, so its rows cannot be checked"
TABLE_GONE = "the table was sealed and is not there any more"
SEAL_CHANGED = "the seal itself was changed, or the one before it was removed"
SEAL_MISSING = "the seal is anchored outside the database and is not in it: it was removed, with \
all that was newest, or an older copy of the database was restored"
SEAL_REMADE = "the seal is not the one anchored outside the database: it was made again"
SEAL_NUMBER = "the seal that comes before it is not there"


def verify(anchors: Path | None = None) -> Verified:
    """Compute every seal again from the rows, and say what is not as it was.

    `anchors` is the file to compare with, where it is not this installation's own: a copy kept by
    somebody else is worth more.
    """
    anchored = _anchored(anchors or anchor_file())
    with transaction.atomic(), connection.cursor() as cursor:
        # One picture of the whole, whatever is written and sealed meanwhile.
        if not _inside_an_outer_transaction():
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for setting in _TOLD_ONE_WAY:
            cursor.execute(setting)
        seals = [*Seal.objects.order_by("number")]
        found = [*_broken_chain(seals), *_not_as_anchored(seals, anchored)]
        rows = 0
        tables = _tables()
        names = {*SealedTable.objects.values_list("table", flat=True).distinct()}
        for gone in sorted(names - {*tables}):
            found.append(Tampering(0, gone, "", TABLE_GONE))
        for table in tables.values():
            looked_at, wrong = _check(table, seals)
            rows += looked_at
            found += wrong
    return Verified(
        seals=len(seals),
        rows=rows,
        found=tuple(sorted(found)),
        unanchored=sum(1 for made in seals if made.number not in anchored),
    )


def _inside_an_outer_transaction() -> bool:
    return len(connection.savepoint_ids) > 0


def _broken_chain(seals: Sequence[Seal]) -> Iterator[Tampering]:
    digest: bytes | None = b""
    before = number = 0
    sheets = groupby(
        SealedTable.objects.order_by("seal_id", "table").iterator(chunk_size=50),
        key=lambda sheet: sheet.seal_id,
    )
    of, own = next(sheets, (None, iter(())))
    for made in seals:
        if made.number != number + 1 or made.since != before:
            yield Tampering(made.number, "", "", SEAL_NUMBER)
            digest = None
        covered = []
        if of == made.number:
            covered = [*own]
            of, own = next(sheets, (None, iter(())))
        if digest is not None and bytes(made.digest) != _digest(made, digest, covered):
            yield Tampering(made.number, "", "", SEAL_CHANGED)
        digest, before, number = bytes(made.digest), made.before, made.number


def _not_as_anchored(
    seals: Sequence[Seal], anchored: Mapping[int, list[str]]
) -> Iterator[Tampering]:
    held = {made.number: bytes(made.digest).hex() for made in seals}
    for number, digests in anchored.items():
        if number not in held:
            yield Tampering(number, "", "", SEAL_MISSING)
        elif {held[number]} != {*digests}:
            yield Tampering(number, "", "", SEAL_REMADE)


def _check(table: _Table, seals: Sequence[Seal]) -> tuple[int, list[Tampering]]:
    """Compare one table's rows with every seal: those looked at, and what is wrong."""
    sealed_columns = dict(
        SealedTable.objects.filter(table=table.name).values_list("seal_id", "columns")
    )
    present = _columns_of(table.name)
    looked_at, wrong = 0, []
    columns = table.columns
    runs: list[tuple[tuple[str, ...], list[Seal]]] = []
    for made in seals:  # a seal without a sheet says that there were no rows, of any columns
        columns = tuple(sealed_columns.get(made.number, columns))
        if not runs or runs[-1][0] != columns:
            runs.append((columns, []))
        runs[-1][1].append(made)
    for columns, run in runs:
        if not {*columns} <= present:
            first = next(made.number for made in run if made.number in sealed_columns)
            wrong.append(Tampering(first, table.name, "", COLUMN_GONE))
            continue
        for number, sheet, now in _beside(_sheets(table, run), _rows_now(table, columns, run)):
            looked_at += len(now.rows)
            if sheet != now:
                wrong += _differences(table.name, number, sheet, now)
    return looked_at, wrong


@dataclass(frozen=True)
class _Sheet:
    """Rows of one table in one seal, and their leaves."""

    rows: list[str]
    leaves: bytes

    def by_row(self) -> dict[str, bytes]:
        """The leaf of each row."""
        cut = [self.leaves[at : at + LEAF] for at in range(0, len(self.leaves), LEAF)]
        return dict(zip(self.rows, cut, strict=False))  # a sheet cut short breaks the chain


_NOTHING = _Sheet([], b"")

Numbered = Iterator[tuple[int, _Sheet]]


def _beside(were: Numbered, are: Numbered) -> Iterator[tuple[int, _Sheet, _Sheet]]:
    """Each seal's rows as they were beside as they are, both given by the seals' numbers."""
    was, now = next(were, None), next(are, None)
    while was or now:
        number = min(one[0] for one in (was, now) if one)
        there, here = _NOTHING, _NOTHING
        if was and was[0] == number:
            there, was = was[1], next(were, None)
        if now and now[0] == number:
            here, now = now[1], next(are, None)
        yield number, there, here


def _sheets(table: _Table, run: Sequence[Seal]) -> Numbered:
    """What was sealed of a table in a run of seals."""
    within = SealedTable.objects.filter(
        table=table.name, seal__gte=run[0].number, seal__lte=run[-1].number
    )
    for sheet in within.order_by("seal_id").iterator(chunk_size=50):
        yield sheet.seal_id, _Sheet(sheet.rows, bytes(sheet.leaves))


def _rows_now(table: _Table, columns: Sequence[str], run: Sequence[Seal]) -> Numbered:
    """The rows there are now of the transactions of a run of seals."""
    own = f'"{table.transaction}"'
    with connection.connection.cursor(name=f"verify_{table.name}") as cursor:
        cursor.itersize = 50
        cursor.execute(
            f"SELECT width_bucket({own}, %s::bigint[]) AS which, "
            f'array_agg("{table.key}"::text ORDER BY {table.order}), '
            f"string_agg({table.leaf(columns)}, ''::bytea ORDER BY {table.order}) "
            f'FROM "{table.name}" WHERE {own} >= %s AND {own} < %s GROUP BY which ORDER BY which',
            [
                [end for made in run for end in (made.since, made.before)],
                run[0].since,
                run[-1].before,
            ],
        )
        for which, rows, leaves in cursor:
            if which % 2:  # an even one lies between two seals, where one has been removed
                yield run[which // 2].number, _Sheet(rows, bytes(leaves))


def _columns_of(table: str) -> set[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
    return {column.name for column in found}


def _differences(table: str, number: int, sheet: _Sheet, now: _Sheet) -> list[Tampering]:
    then, here = sheet.by_row(), now.by_row()
    return [
        Tampering(number, table, row, what)
        for row in then.keys() | here.keys()
        if (what := _what(then.get(row), here.get(row)))
    ]


def _what(was: bytes | None, now: bytes | None) -> str:
    if was == now:
        return ""
    if was is None:
        return FORGED
    return REMOVED if now is None else CHANGED

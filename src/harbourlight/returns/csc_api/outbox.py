"""What is to be sent and what was accepted, kept in one file so that nothing is sent twice or lost.

A batch is put here with what will be held of each of its children once it is accepted. Its bytes
never change: one whose answer was lost is sent again as it was, and says the same. When a batch is
accepted its receipt, and what is then held of its children, are written in one transaction; until
then its children wait, so that a change is always told against what was accepted.
"""

import json
import sqlite3
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from harbourlight.returns.csc_api.changes import change, restated
from harbourlight.returns.csc_api.shape import MOST_CHILDREN, faults

Child = Mapping[str, Any]

_TABLES = """
CREATE TABLE IF NOT EXISTS accepted (
    child text PRIMARY KEY, held text NOT NULL, receipt text NOT NULL, at text NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS batch (
    id text PRIMARY KEY, body blob NOT NULL, made_at text NOT NULL, state text NOT NULL
        CHECK (state IN ('waiting', 'in doubt', 'accepted', 'refused', 'split')),
    tried integer NOT NULL DEFAULT 0, told text NOT NULL DEFAULT '', receipt text
) STRICT;
CREATE TABLE IF NOT EXISTS item (
    batch text NOT NULL REFERENCES batch, place integer NOT NULL, child text NOT NULL,
    held text, PRIMARY KEY (batch, place)
) STRICT;
CREATE TABLE IF NOT EXISTS set_aside (
    child text PRIMARY KEY, tries text NOT NULL, why text NOT NULL, at text NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS purge (
    child text PRIMARY KEY, noticed_at text NOT NULL, approved_by text, approved_at text
) STRICT;
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """One submission: its name, its exact bytes, how many children in it, and how often tried."""

    id: str
    body: bytes
    children: int
    state: str
    tried: int


@dataclass(frozen=True, slots=True)
class _Refused:
    """What a child would have been had they not been refused, and why they were.

    `tries` are all that were refused since they were last accepted, the latest last, and None for a
    purge. Before any of them was refused it may have been accepted and its answer lost, so that it
    may be what is held. `why` is empty where they are to be tried again as they are.
    """

    tries: list[Child | None]
    why: str

    def still(self, now: Child) -> bool:
        """Whether there is nothing new to try."""
        return bool(self.why) and self.tries[-1] == now

    def held(self) -> list[Child]:
        """What may be held of them, besides what was accepted."""
        return [one for one in self.tries if one is not None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was put into the outbox."""

    batches: int
    children: int
    unchanged: int
    waiting: int
    """Children with something to say who are in a batch that is not settled yet."""
    set_aside: Mapping[str, str]
    """Children who cannot be sent, each with why."""
    to_approve: Sequence[str]
    """Children no longer held, whom somebody must name themselves to purge."""


class Outbox:
    """The outbox in a file, which is made if need be. To be used in a `with` statement.

    One process at a time: `sqlite3.OperationalError` is raised where another holds it.
    """

    def __init__(self, path: Path) -> None:
        path.touch(mode=0o600)
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=0.5)
        self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(_TABLES)
        self._connection.execute("BEGIN EXCLUSIVE")
        self._connection.execute("COMMIT")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    # ---- Putting in ----------------------------------------------------------------------------

    def prepare(self, now: Mapping[str, Child], held: set[str], *, at: datetime) -> Prepared:
        """Put into batches what is to be said of each child since what was last accepted.

        `now` is each child of the cohort as they are, by the name they are sent under, and `held`
        the names of all there are: one accepted before and not among these is to be purged.
        """
        accepted = self.accepted()
        unsettled = self._unsettled()
        refused = self._refused()
        maybe = {
            child: [*([accepted[child]] if child in accepted else []), *refused[child].held()]
            for child in refused
        }
        said: list[tuple[str, Child, Child | None]] = []
        unchanged, waiting, aside = 0, 0, {}
        for child, object_now in now.items():
            if child in unsettled:
                waiting += change(accepted.get(child), object_now) is not None
                continue
            if child in refused:
                said_now: Child | None = restated(maybe[child], object_now)
            else:
                said_now = change(accepted.get(child), object_now)
            if said_now is None:
                unchanged += 1
            elif wrong := faults(said_now):
                aside[child] = "; ".join(wrong)
            elif child in refused and refused[child].still(object_now):
                aside[child] = refused[child].why
            else:
                said.append((child, said_now, object_now))
        there = {*accepted, *(child for child in maybe if maybe[child])}
        gone = sorted(there - held - unsettled)
        with self._transaction() as database:
            database.execute(
                "DELETE FROM purge WHERE child NOT IN (SELECT value FROM json_each(?))",
                [json.dumps(gone)],
            )
            database.executemany(
                "INSERT INTO purge (child, noticed_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [(child, at.isoformat()) for child in gone],
            )
            approved = {
                child
                for (child,) in database.execute(
                    "SELECT child FROM purge WHERE approved_by IS NOT NULL"
                )
            }
            said += [
                (child, restated(maybe.get(child) or [accepted[child]], None), None)
                for child in sorted(approved)
            ]
            batches = [
                self._put(said[start : start + MOST_CHILDREN], at)
                for start in range(0, len(said), MOST_CHILDREN)
            ]
        return Prepared(
            batches=len(batches),
            children=len(said),
            unchanged=unchanged,
            waiting=waiting,
            set_aside=aside,
            to_approve=[child for child in gone if child not in approved],
        )

    def approve_purge(self, child: str, *, by: str, at: datetime) -> bool:
        """Let a child who is no longer held be purged. False where nobody asked for it."""
        with self._transaction() as database:
            done = database.execute(
                "UPDATE purge SET approved_by = ?, approved_at = ? WHERE child = ?",
                [by, at.isoformat(), child],
            )
            return done.rowcount == 1

    def try_again(self, child: str) -> bool:
        """Let a child who was refused be tried again as they are. False where they were not."""
        with self._transaction() as database:
            done = database.execute("UPDATE set_aside SET why = '' WHERE child = ?", [child])
            return done.rowcount == 1

    # ---- Sending -------------------------------------------------------------------------------

    def unsent(self) -> list[Batch]:
        """The batches that are to be sent, the earliest first; one in doubt before any other."""
        rows = self._connection.execute(
            "SELECT id, body, state, tried, (SELECT count(*) FROM item WHERE batch = id) "
            "FROM batch WHERE state IN ('waiting', 'in doubt') "
            "ORDER BY state <> 'in doubt', made_at, rowid"
        )
        return [Batch(id, body, count, state, tried) for id, body, state, tried, count in rows]

    def doubt(self, batch: Batch) -> None:
        """Say, before a batch is sent, that it is being: until it is answered nobody can know."""
        self._set(batch, "in doubt", "", tried=1)

    def wait(self, batch: Batch, told: str) -> None:
        """A batch that certainly was not accepted waits for another time."""
        self._set(batch, "waiting", told)

    def accept(self, batch: Batch, receipt: str, *, at: datetime) -> None:
        """Keep the receipt of a batch, and what is now held of each of its children."""
        with self._transaction() as database:
            for child, held in database.execute(
                "SELECT child, held FROM item WHERE batch = ?", [batch.id]
            ).fetchall():
                if held is None:
                    database.execute("DELETE FROM accepted WHERE child = ?", [child])
                    database.execute("DELETE FROM purge WHERE child = ?", [child])
                else:
                    database.execute(
                        "INSERT OR REPLACE INTO accepted VALUES (?, ?, ?, ?)",
                        [child, held, receipt, at.isoformat()],
                    )
                database.execute("DELETE FROM set_aside WHERE child = ?", [child])
            database.execute(
                "UPDATE batch SET state = 'accepted', receipt = ? WHERE id = ?",
                [receipt, batch.id],
            )

    def split(self, batch: Batch, told: str, *, at: datetime) -> None:
        """Put a refused batch back as two halves, so that one child does not stop the others."""
        with self._transaction() as database:
            items = self._items(batch)
            middle = len(items) // 2
            for half in (items[:middle], items[middle:]):
                self._put(half, at)
            database.execute(
                "UPDATE batch SET state = 'split', told = ? WHERE id = ?", [told, batch.id]
            )

    def refuse(self, batch: Batch, told: str, *, at: datetime) -> str:
        """Set aside the one child of a batch that was refused, until what is held of them changes.

        Gives the name they are sent under.
        """
        with self._transaction() as database:
            ((child, _, held),) = self._items(batch)
            before = self._refused().get(child)
            tries = [one for one in (before.tries if before else []) if one != held]
            database.execute(
                "INSERT OR REPLACE INTO set_aside VALUES (?, ?, ?, ?)",
                [child, _json([*tries, held]), told, at.isoformat()],
            )
            database.execute(
                "UPDATE batch SET state = 'refused', told = ? WHERE id = ?", [told, batch.id]
            )
        return str(child)

    # ---- What is kept --------------------------------------------------------------------------

    def accepted(self) -> dict[str, Child]:
        """What the department holds of each child, by what it has accepted."""
        rows = self._connection.execute("SELECT child, held FROM accepted")
        return {child: json.loads(held) for child, held in rows}

    def receipts(self) -> list[str]:
        """The receipt of every batch accepted, in the order they were made."""
        rows = self._connection.execute(
            "SELECT receipt FROM batch WHERE state = 'accepted' ORDER BY made_at, rowid"
        )
        return [receipt for (receipt,) in rows]

    def _unsettled(self) -> set[str]:
        rows = self._connection.execute(
            "SELECT child FROM item JOIN batch ON batch.id = item.batch "
            "WHERE state IN ('waiting', 'in doubt')"
        )
        return {child for (child,) in rows}

    def set_aside(self) -> dict[str, str]:
        """The children who were refused and have not been accepted since, each with why."""
        return {child: refused.why for child, refused in self._refused().items()}

    def _refused(self) -> dict[str, "_Refused"]:
        rows = self._connection.execute("SELECT child, tries, why FROM set_aside")
        return {child: _Refused(json.loads(tries), why) for child, tries, why in rows}

    def _items(self, batch: Batch) -> list[tuple[str, Child, Child | None]]:
        said = json.loads(batch.body)
        rows = self._connection.execute(
            "SELECT child, held FROM item WHERE batch = ? ORDER BY place", [batch.id]
        )
        return [
            (child, said[place], None if held is None else json.loads(held))
            for place, (child, held) in enumerate(rows)
        ]

    def _put(self, said: Sequence[tuple[str, Child, Child | None]], at: datetime) -> str:
        name = str(uuid.uuid4())
        body = _json([object_said for _, object_said, _ in said]).encode()
        self._connection.execute(
            "INSERT INTO batch (id, body, made_at, state) VALUES (?, ?, ?, 'waiting')",
            [name, body, at.isoformat()],
        )
        self._connection.executemany(
            "INSERT INTO item VALUES (?, ?, ?, ?)",
            [
                (name, place, child, None if held is None else _json(held))
                for place, (child, _, held) in enumerate(said)
            ],
        )
        return name

    def _set(self, batch: Batch, state: str, told: str, *, tried: int = 0) -> None:
        with self._transaction() as database:
            database.execute(
                "UPDATE batch SET state = ?, told = ?, tried = tried + ? WHERE id = ?",
                [state, told, tried, batch.id],
            )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


def _json(held: object) -> str:
    return json.dumps(held, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

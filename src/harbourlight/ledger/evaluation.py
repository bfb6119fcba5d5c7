"""Evaluating standards over a dataset in an engine: the ledger as it stood at one moment."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from harbourlight.dataset.tables import Dataset
from harbourlight.ledger.entries import all_entries, detail_in_words, outcome
from harbourlight.standards.expressions import APPLIES
from harbourlight.standards.standard import Outcome, Standard

LEDGER_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("standard", "about", "about_id")),
        *((name, pa.string()) for name in ("child_id", "worker_id", "team_id")),
        *((name, pa.timestamp("us")) for name in ("starts_at", "due_at", "met_at")),
        *((name, pa.string()) for name in ("outcome", "detail")),
    ]
)
"""The columns of `ledger.parquet`, an interface others rely on."""


class Runs(Protocol):
    """What evaluation asks of an engine: run an expression and give its rows."""

    def run(self, expression: ir.Table) -> pa.Table:
        """The expression's rows as an Arrow table."""
        ...


def ledger_at(standards: Sequence[Standard], as_at: datetime) -> ir.Table:
    """The ledger as it stood at `as_at`, as an expression with the columns of `LEDGER_SCHEMA`.

    What had not begun by then has no entry; what happened later is not yet known: it is as if
    unmet. In order of standard, subject.
    """
    stored = all_entries(standards, Dataset())
    now = ibis.literal(as_at, type="timestamp")
    stored = stored.filter(stored.starts_at.isnull() | (stored.starts_at <= now))
    rows = stored.mutate(outcome=outcome(stored, as_at))
    lapsed = (rows.standing == APPLIES) & (rows.outcome == str(Outcome.NOT_APPLICABLE))
    rows = rows.mutate(
        detail=ibis.ifelse(lapsed, ibis.literal("lapsed"), rows.detail),
        met_at=ibis.ifelse(rows.met_at <= now, rows.met_at, ibis.null("timestamp")),
    )
    rows = rows.mutate(detail=detail_in_words(standards, rows))
    return rows.select(*LEDGER_SCHEMA.names).order_by("standard", "about", "about_id")


def evaluate(engine: Runs, standards: Sequence[Standard], as_at: datetime) -> pa.Table:
    """The ledger of the engine's dataset at `as_at`, with `LEDGER_SCHEMA`."""
    return engine.run(ledger_at(standards, as_at)).cast(LEDGER_SCHEMA)

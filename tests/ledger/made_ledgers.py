"""Ledgers made up row by row, for tests of what is counted and shown from them."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

import pyarrow as pa

from harbourlight.ledger.evaluation import LEDGER_SCHEMA
from harbourlight.standards.clocks import END_OF_DAY
from harbourlight.standards.standard import Outcome


def entry(
    standard: str,
    outcome: Outcome,
    *,
    about_id: str = "1",
    about: str = "assessment",
    child_id: str = "child",
    team_id: str | None = None,
    began: date | None = None,
    due: date | None = None,
    met: date | None = None,
    detail: str | None = None,
) -> dict[str, Any]:
    """One entry: it begins at midnight and falls due in the last second of its day."""
    return {
        "standard": standard,
        "about": about,
        "about_id": about_id,
        "child_id": child_id,
        "worker_id": None,
        "team_id": team_id,
        "starts_at": began and datetime.combine(began, time.min),
        "due_at": due and datetime.combine(due, END_OF_DAY),
        "met_at": met and datetime.combine(met, time.min),
        "outcome": str(outcome),
        "detail": detail,
    }


def ledger_of(entries: Iterable[dict[str, Any]]) -> pa.Table:
    """The entries as a ledger."""
    return pa.Table.from_pylist(list(entries), schema=LEDGER_SCHEMA)

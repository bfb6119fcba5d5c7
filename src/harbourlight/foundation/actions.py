"""How anything is written: an act, by someone, at a time, whole or not at all.

Every write happens inside `acting`. The act opens the transaction, gathers which children it
touched, writes its line of history, and calls what must follow in the same transaction (keeping the
ledger true is one such; `foundation` does not know what it does). An act inside another is part of
it: one transaction, one line of history for each, and what follows happens once, at the end.

It must not be used for reading, and nothing here knows a domain noun.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from harbourlight.foundation.history.models import write_down
from harbourlight.foundation.history.origin import act_told

if TYPE_CHECKING:
    from harbourlight.foundation.accounts.models import User


class Refused(Exception):
    """The state of the record does not allow this act; nothing was saved.

    Carries what is wrong in words fit for the person who tried, and the field it belongs to where
    there is one.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


@dataclass
class Act:
    """One write in progress: its name (`noun:verb`), who, when, and the children it touched."""

    name: str
    by: "User"
    at: datetime
    touched: set[str] = field(default_factory=set)
    subjects: dict[str, str] = field(default_factory=dict)

    def touches(self, *child_ids: str) -> None:
        """Say that this act changed something about these children."""
        self.touched.update(child_ids)

    def on(self, **subjects: str) -> None:
        """Say which rows the act was on, by kind and identifier, for its line of history."""
        self.subjects.update(subjects)


Follower = Callable[[Iterable[str]], None]

_followers: list[Follower] = []
_outermost: ContextVar[Act | None] = ContextVar("outermost act", default=None)


def follow_with(follower: Follower) -> None:
    """Call `follower` with the touched children at the end of every act, in its transaction."""
    if follower not in _followers:
        _followers.append(follower)


@contextmanager
def acting(name: str, *, by: "User", at: datetime) -> Iterator[Act]:
    """Do the enclosed writes as one act.

    Raises `ValueError` for a time without a zone: two people's "half past one" must be one order.
    """
    if at.tzinfo is None:
        raise ValueError(f"{name}: the time of an act carries its zone")
    outer = _outermost.get()
    act = Act(name, by, at)
    if outer is not None:
        with act_told(name, by.pk):
            yield act
            _write_down(act)
        outer.touched |= act.touched
        return
    token = _outermost.set(act)
    try:
        with transaction.atomic(), act_told(name, by.pk):
            yield act
            _write_down(act)
            for follower in _followers:
                follower(frozenset(act.touched))
    finally:
        _outermost.reset(token)


def _write_down(act: Act) -> None:
    write_down(act.name, by=act.by, at=act.at, children=act.touched, subjects=act.subjects)

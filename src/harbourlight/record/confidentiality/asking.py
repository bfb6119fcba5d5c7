"""Whose request is in hand, and since when: for what every page of a person says of itself.

Known beneath the identity's middleware alone. Nothing may decide by it who may see: `policy` is
told who asks.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from harbourlight.foundation.accounts.models import User


@dataclass(frozen=True)
class Asker:
    """Somebody who asks for a page, and when."""

    user: User
    at: datetime


_asking: ContextVar[Asker | None] = ContextVar("asking", default=None)


def asking() -> Asker | None:
    """Whoever asks for the page in hand; None outside a page, and for nobody signed in."""
    return _asking.get()


@contextmanager
def page_of(asker: Asker | None) -> Iterator[None]:
    """What is done within is the page of somebody."""
    held = _asking.set(asker)
    try:
        yield
    finally:
        _asking.reset(held)

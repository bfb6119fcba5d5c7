"""Where a change or a reading came from: which request, which page, whose act.

Told to PostgreSQL in the transaction, where the triggers of history find it, and written on each
line of history. Identifiers and the names of pages only: never an address as typed, nor a name.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection


@dataclass
class Origin:
    """A request, by an identifier made for it alone, and the page it asked for once known."""

    request: str = ""
    page: str = ""


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)


def origin() -> Origin:
    """Where what is done now comes from; empty outside a request."""
    return _origin.get() or Origin()


@contextmanager
def from_request() -> Iterator[Origin]:
    """All that is done inside comes from one request. Its page is set when it is known."""
    token = _origin.set(Origin(request=secrets.token_hex(8)))
    try:
        yield origin()
    finally:
        _origin.reset(token)


@contextmanager
def act_told(act: str, by: str | None) -> Iterator[None]:
    """Tell PostgreSQL whose act the enclosed changes are, and after it whose they were before.

    Inside a transaction. Where it fails the transaction is undone, and what was told with it.
    """
    whence = origin()
    told = {"act": act, "by": by, "request": whence.request, "page": whence.page}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('pghistory.context_metadata', true), "
            "set_config('pghistory.context_metadata', %s, true)",
            [json.dumps({name: value for name, value in told.items() if value})],
        )
        before, _ = cursor.fetchone()
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_metadata', %s, true)", [before or ""])

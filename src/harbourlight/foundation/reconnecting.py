"""Doing a request again when the connection to the database was lost under it.

A request is one transaction, so that what was lost with the connection was kept nowhere: doing it
again is doing it for the first time. Only where the loss came as the transaction was being kept can
nobody tell; a form that carries the key of its act is done once for all that, and a page that is
only read may be read twice. What is neither is answered with the fault.

It must not hide a fault that would come again: a full disk, or an error of ours.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

from django.core.signals import got_request_exception
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

PATIENCE = 10.0
"""Seconds to wait for a database that was killed: it has been back in 1.2 to 2.6."""
LOOK_EVERY = 0.1

_GONE = ("08", "57P01", "57P02", "57P03")
"""Beginnings of the states PostgreSQL gives when it is going, gone or not there yet."""
_IN_EACH_OTHERS_WAY = ("40001", "40P01")
_OF_THE_REQUEST = ("_cached_user", "_acached_user", "_messages", "csrf_processing_done")
"""What the layers beneath put on a request, and would find there the second time."""


class ReconnectMiddleware:
    """Stands round the transaction, and does the request again in another."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        got_request_exception.connect(_note, dispatch_uid="harbourlight.reconnecting")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        until = time.monotonic() + PATIENCE
        while True:
            request.lost_database = False  # type: ignore[attr-defined]  # our own mark
            response = self.get_response(request)
            if not request.lost_database:  # type: ignore[attr-defined]
                return response
            if connection.in_atomic_block or not _may_be_repeated(request):
                return response
            if not _back(until):
                return response
            for name in _OF_THE_REQUEST:
                request.__dict__.pop(name, None)


def _note(*, request: HttpRequest | None = None, **_: Any) -> None:
    """Mark a request whose fault was the loss of its connection."""
    error = sys.exc_info()[1]
    while error is not None and request is not None:
        if isinstance(error, OperationalError | InterfaceError) and _is_loss(error):
            request.lost_database = True  # type: ignore[attr-defined]  # our own mark
            return
        error = error.__cause__ or error.__context__


def _is_loss(error: DatabaseError | InterfaceError) -> bool:
    state = getattr(error.__cause__, "sqlstate", None)
    if state is None:  # it was not PostgreSQL that said it: there was nobody at the other end
        return True
    return state.startswith(_GONE) or state in _IN_EACH_OTHERS_WAY


def _may_be_repeated(request: HttpRequest) -> bool:
    return request.method in {"GET", "HEAD"} or bool(request.POST.get("submission"))


def _back(until: float) -> bool:
    """Whether the database could be reached again in time."""
    while True:
        connection.close()
        try:
            connection.ensure_connection()
        except OperationalError:
            if time.monotonic() > until:
                return False
            time.sleep(LOOK_EVERY)
        else:
            return True

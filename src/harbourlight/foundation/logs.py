"""What may be logged: a status, which kind of page, how long it took, and where a fault lay.

No name, date of birth or note reaches a log. The words of an error may hold any of them (a
database says which value broke a rule), so an error is logged as its type and the lines of code it
passed through, never as what it said. What other libraries log is kept as their template, without
the values that would have filled it.
"""

import logging
import time
import traceback
from collections.abc import Callable
from types import TracebackType

from django.http import HttpRequest
from django.http.response import HttpResponseBase

OURS = "harbourlight"
requests = logging.getLogger(f"{OURS}.requests")

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PrivateFormatter(logging.Formatter):
    """Formats a record of a log so that nothing in it can be about a person."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """One line for the event, and one for each line of code of an error."""
        message = record.getMessage() if record.name.startswith(OURS) else str(record.msg)
        line = f"{self.formatTime(record)} {record.levelname} {record.name} {message}"
        if record.exc_info and record.exc_info[0]:
            line += "\n" + self.formatException(record.exc_info)
        return line

    def formatException(self, ei: Raised) -> str:  # noqa: N802 - the library's own name
        """The error's type and that of each error that led to it, with where each arose."""
        error = ei[1]
        told = []
        while error is not None:
            told.append(f"  {type(error).__module__}.{type(error).__qualname__}")
            told += [
                f"    {frame.filename}:{frame.lineno} in {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            error = error.__cause__ or error.__context__
        return "\n".join(told)


class RequestLogMiddleware:
    """Logs each request as method, status, the address's pattern and milliseconds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        requests.log(
            logging.ERROR if response.status_code >= 500 else logging.INFO,
            "%s %d /%s %.0fms",
            request.method,
            response.status_code,
            match.route if match else "(no such page)",
            (time.perf_counter() - started) * 1000,
        )
        return response

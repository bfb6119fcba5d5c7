"""One transaction for each request: what was read, what was written, and the record of both.

The log of reading is written in the same transaction as the page it is about. If it cannot be
written the page is not served, and if the page fails it is not written either.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from harbourlight.foundation.history.origin import from_request, origin


class StreamedOutsideTransaction(RuntimeError):
    """A view returned a response that would be read after its transaction had ended.

    Under row-level security it would come out silently short. Build it whole inside the view.
    """


class TransactionMiddleware:
    """Opens a transaction round everything beneath it, and keeps it only if the page is served.

    - A view that raises (a refusal and a page not found included) is undone as far as the view
      began; what the handling of the error writes, such as the record of a refusal, is kept.
    - A response of 500 or more undoes everything, the session included.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with from_request(), transaction.atomic():
            response = self.get_response(request)
            if response.streaming:
                raise StreamedOutsideTransaction(
                    f"{type(response).__name__} would be read after the transaction had ended."
                )
            if response.status_code >= 500:
                transaction.set_rollback(True)
            elif connection.needs_rollback:
                # An error in the database was swallowed on the way: nothing of this page was
                # kept, so it must not be shown as though it had been.
                raise transaction.TransactionManagementError(
                    "The page was made, but its transaction cannot be kept."
                )
        return response

    def process_view(
        self, request: HttpRequest, view: Any, arguments: Any, named: Any
    ) -> HttpResponse | None:
        """Mark the point to which a view that raises is undone."""
        match = request.resolver_match
        origin().page = match.view_name if match else ""
        request.before_view = transaction.savepoint()  # type: ignore[attr-defined]  # our own mark
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Undo the view. The transaction goes on, so that the error can be explained."""
        before_view = getattr(request, "before_view", None)
        if before_view is not None:
            transaction.savepoint_rollback(before_view)
            transaction.set_rollback(False)

"""Whether the service is well, for whoever watches it.

`/health/live/` says that a process answers: begin it again where it does not. `/health/` says that
it can serve: send people elsewhere where it cannot, and look. Both are answered outside the
request's transaction and before anybody is asked who they are, so that they answer when the
database does not. They say one word of each part, and nothing of the record.
"""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from harbourlight.foundation.room import room_left

READY, LIVE = "/health/", "/health/live/"
WORKER_SILENT_AFTER = "30 seconds"
"""Ten times as long as a worker that lives is ever silent."""


class HealthMiddleware:
    """Answers the two addresses, and passes on everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == LIVE:
            return JsonResponse({"process": "well"})
        if request.path != READY:
            return self.get_response(request)
        parts = health()
        well = parts["database"] == "well" and parts["disk"] != "full"
        return JsonResponse(parts, status=200 if well else 503)


def health() -> dict[str, str]:
    """How each part is: `database` well or gone; `disk` well, low or full; `jobs` well, stopped
    or unknown."""
    room = room_left()
    database, jobs = "gone", "unknown"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            database = "well"
            cursor.execute(
                "SELECT EXISTS (SELECT FROM procrastinate_workers"
                f" WHERE last_heartbeat > now() - interval '{WORKER_SILENT_AFTER}')"
            )
            jobs = "well" if cursor.fetchone()[0] else "stopped"
    except DatabaseError:
        connection.close()
    disk = "full" if room.is_spent else "low" if room.is_low else "well"
    return {"database": database, "disk": disk, "jobs": jobs}

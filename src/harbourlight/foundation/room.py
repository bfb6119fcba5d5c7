"""How much room is left where the record is kept, and what is done when there is little.

A full disk stops PostgreSQL: it shuts down rather than lose a line, and does not start again until
there is room. So people are told while there is still a tenth, and from a twentieth what is sent is
refused, in words, before it touches the database. Reading goes on.
"""

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

WARN_BELOW = 0.10
REFUSE_BELOW = 0.05
LOOK_EVERY = 1.0
"""Seconds for which an answer is kept."""

READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Room:
    """The share of the fullest volume that is free, from 0 to 1."""

    free: float

    @property
    def is_low(self) -> bool:
        """Whether people are told."""
        return self.free < WARN_BELOW

    @property
    def is_spent(self) -> bool:
        """Whether nothing more is taken in."""
        return self.free < REFUSE_BELOW

    @property
    def per_cent(self) -> int:
        """The share, as a whole number of hundredths that is never too high."""
        return int(self.free * 100)


_known: tuple[float, Room] | None = None


def room_left() -> Room:
    """How much room there is now, or was a moment ago."""
    global _known
    now = time.monotonic()
    if _known is None or now - _known[0] > LOOK_EVERY:
        _known = now, room_in(settings.DATA_FOLDERS)
    return _known[1]


def room_in(folders: Iterable[Path]) -> Room:
    """The room in the fullest of the volumes these folders are on; a folder closed to us is not
    counted, because we cannot tell."""
    return Room(min(map(_free, folders), default=1.0))


def _free(folder: Path) -> float:
    try:
        volume = os.statvfs(folder)
    except OSError:
        return 1.0
    # As `df` reckons: what is kept back for the system's own use is neither free nor ours.
    whole = volume.f_blocks - volume.f_bfree + volume.f_bavail
    return volume.f_bavail / whole if whole else 1.0


class RoomMiddleware:
    """Refuses what would be written when there is no room for it, and tells a page to say so.

    Signing in and out is let through, so that whoever can make room can get in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        room = room_left()
        if room.is_low:
            request.room = room  # type: ignore[attr-defined]  # the layout's
        if room.is_spent and request.method not in READING and request.path not in _let_through():
            return render(request, "ui/errors/no-room.html", status=503)
        return self.get_response(request)


def _let_through() -> set[str]:
    return {reverse("account_login"), reverse("account_logout")}

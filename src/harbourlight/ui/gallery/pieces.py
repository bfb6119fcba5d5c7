"""What other apps show in the gallery: pieces that know the domain, which this package does not.

An app with a component of its own says so when it is ready; the gallery draws it with what the app
invents. Nothing here reads a record.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Piece:
    """A section of the gallery: `template` is given what `invented` makes."""

    name: str
    template: str
    invented: Callable[[], dict[str, Any]]


_pieces: dict[str, Piece] = {}


def show(name: str, template: str, invented: Callable[[], dict[str, Any]]) -> None:
    """Put a component of an app in the gallery; call it from the app's `ready`."""
    _pieces[name] = Piece(name, template, invented)


def shown() -> list[Piece]:
    """Every piece, by name."""
    return [_pieces[name] for name in sorted(_pieces)]

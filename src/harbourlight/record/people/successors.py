"""Whom somebody retired was found to be, so that an identifier once given leads somewhere for ever.

People lies beneath the app that merges, which tells it here how to ask.
"""

from collections.abc import Callable

_successor: list[Callable[[str], str | None]] = []


def tell_successor(successor_of: Callable[[str], str | None]) -> None:
    """Say how the successor of a person is found. Call it from the app's `ready`."""
    _successor[:] = [successor_of]


def successor_of(person_id: str) -> str | None:
    """The identifier of the person this one was found to be; None for anybody else."""
    return _successor[0](person_id) if _successor else None

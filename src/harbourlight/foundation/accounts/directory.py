"""Where an account's team and worker are chosen from.

What a team or a worker is belongs to the record, which says here where to find them.
"""

from collections.abc import Callable, Iterable

Source = Callable[[], Iterable[tuple[str, str]]]
"""Gives each one's identifier and its name, in the order to offer them."""

_sources: dict[str, Source] = {}


def offer(*, teams: Source, workers: Source) -> None:
    """Say where teams and workers are found; call it from an app's `ready`."""
    _sources.update(teams=teams, workers=workers)


def offered(kind: str) -> list[tuple[str, str]]:
    """The `teams` or `workers` there are to choose from."""
    source = _sources.get(kind)
    return [*source()] if source else []


def name_of(kind: str, identifier: str | None) -> str:
    """The name of a team or a worker; its identifier if it is not offered; empty for none."""
    return dict(offered(kind)).get(identifier, identifier) if identifier else ""

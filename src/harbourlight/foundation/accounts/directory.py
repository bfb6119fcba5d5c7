"""Where an account's team and worker are chosen from.

What a team or a worker is belongs to the record, which says here where to find them. Until it does,
an account's are typed as identifiers.
"""

from collections.abc import Callable, Iterable

Source = Callable[[], Iterable[tuple[str, str]]]
"""Gives each one's identifier and its name, in the order to offer them."""

_sources: dict[str, Source] = {}


def offer(*, teams: Source, workers: Source) -> None:
    """Say where teams and workers are found; call it from an app's `ready`."""
    _sources.update(teams=teams, workers=workers)


def source_of(kind: str) -> Source | None:
    """Where `teams` or `workers` are found, if anyone has said."""
    return _sources.get(kind)


def name_of(kind: str, identifier: str | None) -> str:
    """The name of a team or a worker; its identifier if it is not offered; empty for none."""
    if not identifier:
        return ""
    source = _sources.get(kind)
    return dict(source()).get(identifier, identifier) if source else identifier

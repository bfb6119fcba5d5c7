"""Words that were typed before a session ended, put back in the form they were typed in.

While a page is made, `showing` holds what was typed in it; a form that is drawn unbound and has
one of those names takes its answers from there. It knows nothing of sessions or of people.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import QueryDict


@dataclass
class Kept:
    """What was typed, and whether a form of the page has taken it."""

    typed: QueryDict
    taken: bool = False

    def answers(self, name: str) -> bool:
        """Whether there is an answer to the field that is posted under this name."""
        return any(given == name or given.startswith(f"{name}-") for given in self.typed)


_kept: ContextVar[Kept | None] = ContextVar("words kept for this page", default=None)


def kept_words() -> Kept | None:
    """What was typed in the page being made, if it was kept."""
    return _kept.get()


@contextmanager
def showing(typed: QueryDict) -> Iterator[Kept]:
    """Put these words back in the forms of the page made meanwhile."""
    kept = Kept(typed)
    token = _kept.set(kept)
    try:
        yield kept
    finally:
        _kept.reset(token)

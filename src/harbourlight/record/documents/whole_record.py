"""The whole of a child's record on paper: what each app holds, in full, after the chronology.

    tell_part(assessments_in_full, order=30)

An app tells what it holds that a chronology only names, once, when it is ready. Each part is asked
for as the person who prints: what they may not see is not in it. This knows nothing of what the
parts hold, and draws them all alike.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from harbourlight.foundation.accounts.models import User
from harbourlight.record.people.models import Person


@dataclass(frozen=True)
class Entry:
    """One thing in full: what it is, when and by whom, and what is written in it."""

    title: str
    when: str
    said: tuple[tuple[str, str], ...]
    """Each question or heading with what is written under it; empty where nothing is."""


@dataclass(frozen=True)
class Part:
    """All of one kind."""

    title: str
    entries: tuple[Entry, ...]


PartOf = Callable[[Person, User], Part]

_parts: list[tuple[int, PartOf]] = []


def tell_part(part_of: PartOf, *, order: int) -> None:
    """Add a part to every child's whole record. Lower orders come first."""
    _parts.append((order, part_of))
    _parts.sort(key=lambda told: told[0])


def parts_of(child: Person, user: User) -> Iterable[Part]:
    """What there is in full of a child, as far as this person may see; no part that is empty."""
    every = (part_of(child, user) for _, part_of in _parts)
    return [part for part in every if part.entries]

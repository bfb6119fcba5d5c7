"""Which of a person's names is shown. Pure: given the names, it says which.

A person may have several names at a time. The one shown, and given to every return, is the legal
one; what they like to be called stands beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from harbourlight.record.people.models import PersonName

Kind = PersonName.Kind

ORDER = (Kind.LEGAL, Kind.KNOWN_AS, Kind.BIRTH, Kind.MAIDEN, Kind.PREVIOUS, Kind.ALIAS)
"""Which kind is shown for want of those before it."""


@dataclass(frozen=True)
class Shown:
    """The name shown, and what the person is known as where that is another."""

    forename: str = ""
    surname: str = ""
    known_as: str = ""


def name_now(names: Sequence[PersonName], on: date) -> PersonName | None:
    """The name shown on a day: of those that have not ended, the legal one, the latest of several.

    Where every name has ended, the one that ended last is still what the person is called. None
    for somebody with no name.
    """
    standing = sorted((one for one in names if not one.is_struck_out), key=_latest, reverse=True)
    current = [one for one in standing if one.is_current_on(on)]
    if not current:
        return max(standing, key=lambda one: one.ended_on or date.min, default=None)
    return min(current, key=lambda one: ORDER.index(Kind(one.kind)))


def name_shown(names: Sequence[PersonName], on: date) -> Shown:
    """What a person is shown as on a day, and what they are known as where that is another name."""
    now = name_now(names, on)
    if now is None:
        return Shown()
    known = [one for one in names if one.kind == Kind.KNOWN_AS and one.is_current_on(on)]
    latest = max(known, key=_latest, default=None)
    other = latest.full if latest and latest.full != now.full else ""
    return Shown(now.forename, now.surname, other)


def _latest(name: PersonName) -> tuple[date, datetime, str]:
    return (name.started_on or date.min, name.recorded_at, name.pk)

"""What happened to a child, in order: each app contributes what it holds.

    contribute("contact", "Contacts and decisions", contacts)

An app declares a kind of event and a function from children's identifiers to their events, once,
when it is ready. This knows nothing of what they hold; it puts them in order.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.timezone import localdate

from harbourlight.standards.calendar import OutsideCalendar, working_days_between

RECORDED_LATE_AFTER = 2
"""Working days after an event beyond which its recording is marked as late, unless its kind says
otherwise. Source: local target; no duty sets one."""


@dataclass(frozen=True)
class Happening:
    """One thing that happened to a child, on a day or at an instant, whichever is known.

    `more` is long text. `recorded_by` is empty for what came from another system: when that was
    written down is not known. `whole` is the same for what happened to several children at once,
    so that a family's chronology says it once.
    """

    child_id: str
    title: str
    on: date | None = None
    at: datetime | None = None
    by: str = ""
    text: str = ""
    more: str = ""
    href: str = ""
    recorded_at: datetime | None = None
    recorded_by: str = ""
    whole: str = ""
    key: str = ""
    """What it is, however it is worded: a row and which moment of it. It is what a mark is on."""
    is_significant: bool = False
    """Whether it is significant unless somebody says otherwise."""
    kind: str = ""
    """Filled in when it is gathered."""
    late_after: int = RECORDED_LATE_AFTER
    """Working days; filled in when it is gathered."""
    marked_by: str = ""
    """Who said whether it is significant, if anybody did; filled in when it is gathered."""

    @property
    def day(self) -> date | None:
        """The day in London."""
        return localdate(self.at) if self.at else self.on

    @property
    def is_recorded_late(self) -> bool:
        """Whether it was written down more than `late_after` working days afterwards."""
        if not (self.recorded_by and self.recorded_at and self.day):
            return False
        try:
            waited = working_days_between(self.day, localdate(self.recorded_at))
        except OutsideCalendar:
            return False
        return waited > self.late_after


@dataclass(frozen=True)
class Kind:
    """A kind of event, by which a chronology may be narrowed."""

    code: str
    label: str
    late_after: int = RECORDED_LATE_AFTER
    """Working days after which its recording is late. A local target."""


Contribution = Callable[[Collection[str]], Iterable[Happening]]

_contributions: dict[Kind, Contribution] = {}


def contribute(
    code: str, label: str, happenings_of: Contribution, *, late_after: int = RECORDED_LATE_AFTER
) -> None:
    """Add a kind of event to every chronology. Call it from the app's `ready`."""
    _contributions[Kind(code, label, late_after)] = happenings_of


def kinds() -> list[Kind]:
    """The kinds there are, in the order the apps are installed."""
    return [*_contributions]


def chronology(child_ids: Collection[str], only: Collection[str] = ()) -> list[Happening]:
    """What happened to these children, the latest first; what has no date at the end.

    `only` names kinds; all, if it is empty. On one day what has a time of day comes above what has
    none, and of two at one moment that which is told of later comes above.
    """
    found = [
        replace(one, kind=kind.code, late_after=kind.late_after)
        for kind, happenings_of in _contributions.items()
        if not only or kind.code in only
        for one in happenings_of(child_ids)
    ]
    return sorted(found, key=_order)[::-1]


def _order(one: Happening) -> tuple[date, bool, float]:
    return (one.day or date.min, one.at is not None, one.at.timestamp() if one.at else 0)


def said_once(happenings: Iterable[Happening]) -> list[tuple[Happening, list[str]]]:
    """Each happening with the children it is about, in order, what concerns several said once."""
    together: dict[str, tuple[Happening, list[str]]] = {}
    for number, one in enumerate(happenings):
        key = f"{one.kind} {one.whole}" if one.whole else str(number)
        together.setdefault(key, (one, []))[1].append(one.child_id)
    return [*together.values()]

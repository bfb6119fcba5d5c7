"""A chronology as a page and a print show it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from harbourlight.record.people.chronology import Happening, said_once
from harbourlight.ui.formats import date_in_words, in_list


@dataclass(frozen=True)
class Entry:
    """One thing that happened, said once where it concerns several children."""

    title: str
    who: str
    """The children it is about, where there are several in the chronology."""
    href: str
    on: date | None
    at: datetime | None
    by: str
    text: str
    more: str
    late: str
    is_significant: bool
    marked_by: str
    child_id: str
    kind: str
    key: str
    """Empty where it cannot be marked: it concerns several children, or has no key."""


def entries_of(happenings: Iterable[Happening], names: Mapping[str, str]) -> list[Entry]:
    """What happened, in order. `names` are the children of the chronology, by identifier."""
    return entries_said_once(said_once(happenings), names)


def entries_said_once(
    happenings: Iterable[tuple[Happening, Sequence[str]]], names: Mapping[str, str]
) -> list[Entry]:
    """The same of what was said once already, as of one page of it."""
    entries = []
    for one, children in happenings:
        named = in_list(name for child, name in names.items() if child in children)
        entries.append(
            Entry(
                title=one.title,
                who=named if len(names) > 1 else "",
                href=one.href,
                on=one.on,
                at=one.at,
                by=one.by,
                text=one.text,
                more=one.more,
                late=_late(one),
                is_significant=one.is_significant,
                marked_by=one.marked_by,
                child_id=one.child_id,
                kind=one.kind,
                key=one.key if len(children) == 1 else "",
            )
        )
    return entries


def _late(one: Happening) -> str:
    if not one.is_recorded_late or one.recorded_at is None:
        return ""
    return _(
        "Recorded late, on {day}, by {by}: more than {days} working days afterwards (local target)"
    ).format(day=date_in_words(one.recorded_at), by=one.recorded_by, days=one.late_after)

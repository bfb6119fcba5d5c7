"""One entry of the ledger as a row of a list: whose, what, when, and which duty says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harbourlight.pages.presenters.children import Child, child_of
from harbourlight.pages.selectors import Names
from harbourlight.pages.urgency import Urgency, urgency_of
from harbourlight.record.live_ledger.models import Entry
from harbourlight.record.live_ledger.presenters import Clock, clock_of
from harbourlight.standards.standard import Kind
from harbourlight.ui.formats import count_of
from harbourlight.ui.words import in_language

NO_NAME = gettext_lazy("No longer on the record")
"""In place of the name of a child whose record was struck out."""


@dataclass(frozen=True)
class Row:
    """An entry, for a list. `why` is what `whyDue` is given.

    `left_words` says how long is left where "late" is not the word: nobody is asked to end a plan
    in order to be on time.
    """

    child: Child
    clock: Clock
    left_words: str
    met: date | None
    worker: str
    team: str
    why: Mapping[str, Any]


@dataclass(frozen=True)
class Group:
    """Rows under one heading. `key` is its id on the page."""

    key: str
    heading: str
    rows: tuple[Row, ...]


def row_of(entry: Entry, names: Names, as_at: datetime) -> Row:
    """An entry as it stands at a moment."""
    child = child_of(entry.child_id, names.children.get(entry.child_id, str(NO_NAME)))
    clock = clock_of(entry, as_at, whose=child.name)
    return Row(
        child=child,
        clock=clock,
        left_words=_left_words(entry.declared.kind, clock.left),
        met=entry.met_at.date() if entry.met_at and entry.met_at <= as_at else None,
        worker=names.workers.get(entry.worker_id or "", _("No worker")),
        team=names.teams.get(entry.team_id or "", _("No team")),
        why={
            **clock.why,
            "summary": clock.title,
            "about": (_("for %(name)s: why is it due?") % {"name": child.name}),
            "more": {
                "text": _("More about this standard"),
                "href": reverse("pages:standard", args=[entry.standard]),
            },
        },
    )


def groups_of(entries: Iterable[Entry], names: Names, as_at: datetime) -> list[Group]:
    """Unmet entries under headings by how pressing they are, in the order they come."""
    rows: dict[Urgency, list[Row]] = {urgency: [] for urgency in Urgency}
    for entry in entries:
        rows[urgency_of(entry, as_at)].append(row_of(entry, names, as_at))
    return [
        Group(urgency.name.lower(), in_language(urgency.value), tuple(held))
        for urgency, held in rows.items()
        if held
    ]


def _left_words(kind: Kind, left: int | None) -> str:
    if kind is not Kind.DURATION or left is None:
        return ""
    days = count_of(abs(left), "working day")
    return (
        (_("%(days)s to the limit") % {"days": days})
        if left >= 0
        else (_("%(days)s past the limit") % {"days": days})
    )

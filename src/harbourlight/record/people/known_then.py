"""A person's record as it was known at a past moment, in words, with what was believed otherwise
since marked.

The same selectors and presenters that make the pages of today are asked inside `as_known`, so a
page of the past cannot fall behind them. What is kept from somebody is kept from them here too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Min
from django.utils.http import urlencode
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.history.models import Event
from harbourlight.foundation.history.past import as_known
from harbourlight.foundation.history.rows import history_of
from harbourlight.foundation.history.since import Change, What, changes_since
from harbourlight.record.people.chronology import Happening, chronology
from harbourlight.record.people.detail_presenters import Row, about_rows, row_of
from harbourlight.record.people.details import KINDS
from harbourlight.record.people.models import Person
from harbourlight.record.people.overview import Section, sections_of
from harbourlight.record.people.presenters import Relative, relative_of, relatives_of
from harbourlight.record.people.selectors import families_of, visible_to
from harbourlight.ui.formats import instant_in_words

OVERVIEW, DETAILS, CHRONOLOGY = "overview", "details", "chronology"

Changes = Mapping[tuple[type, str], Change]


@dataclass(frozen=True)
class Marked:
    """A detail as it was known, and what became of it since, in words."""

    row: Row
    since: str


@dataclass(frozen=True)
class Details:
    """Details of one kind."""

    title: str
    rows: tuple[Marked, ...]


@dataclass(frozen=True)
class Happened:
    """Something that had happened as it was known, and what became of it since, in words."""

    one: Happening
    since: str


@dataclass(frozen=True)
class KnownThen:
    """One part of a record as it was known. What another part shows is empty."""

    name: str
    about: Sequence[Mapping[str, str]] = ()
    about_since: str = ""
    relatives: Sequence[Relative] = ()
    sections: Sequence[Section] = ()
    details: Sequence[Details] = ()
    empty: Sequence[str] = ()
    """The kinds of detail of which nothing was known."""
    happenings: Sequence[Happened] = ()
    added: Sequence[str] = ()
    """What was recorded since: what it is, when and by whom."""


def known_then(user: User, person_id: str, part: str, at: datetime) -> KnownThen | None:
    """A part of somebody's record as it was known at a moment; None where they were not known of.

    Of somebody whom `user` may not know of now, None.
    """
    on = localdate(at)
    with as_known(at):
        person = visible_to(user).filter(pk=person_id).first()
        if person is None:
            return None
        shown = KnownThen(person.name)
        if part == OVERVIEW:
            others = relatives_of(person, families_of([person.pk]))
            shown = replace(
                shown,
                about=about_rows(person, on, upn_held=True),
                relatives=[relative_of(one, None, on) for one in others],
                sections=sections_of(person, user=user, on=on)
                if person.held_as == Person.HeldAs.CHILD
                else (),
            )
        held = {
            kind: [*kind.of(user, person).filter(struck_out_at=None).select_related("recorded_by")]
            for kind in (KINDS if part == DETAILS else ())
        }
        rows = {
            kind: [
                (fact, replace(row_of(kind, fact, user=user, on=on), acts=()))
                for fact in sorted(facts, key=lambda one: not one.is_current_on(on))
            ]
            for kind, facts in held.items()
        }
        happened = chronology([person.pk]) if part == CHRONOLOGY else []
    changes = changes_since(Person, person_id, at)
    return replace(
        shown,
        about_since=_since(changes.get((Person, person_id))),
        details=[
            Details(
                str(kind.title),
                tuple(
                    Marked(row, _since(changes.get((kind.model, fact.pk)))) for fact, row in facts
                ),
            )
            for kind, facts in rows.items()
            if facts
        ],
        empty=[str(kind.title) for kind, facts in rows.items() if not facts],
        happenings=[_happened(one, changes) for one in happened],
        added=_added(changes),
    )


def _happened(one: Happening, changes: Changes) -> Happened:
    row_id = one.key.partition(":")[0]
    change = next((made for (_model, key), made in changes.items() if key == row_id), None)
    return Happened(one, _since(change))


def _since(change: Change | None) -> str:
    """What became of something since, as a sentence; nothing where nothing did."""
    if change is None:
        return ""
    said = {
        What.CORRECTED: _("Changed since, on {when}{by}."),
        What.ENDED: _("Ended or changed since, on {when}{by}."),
        What.STRUCK_OUT: _("Found since to be recorded in error, on {when}{by}."),
        What.ADDED: _("Recorded since, on {when}{by}."),
    }[change.what]
    return said.format(when=instant_in_words(change.at), by=_by(change))


def _by(change: Change) -> str:
    return _(", by {name}").format(name=change.by) if change.by else ""


def _added(changes: Changes) -> list[str]:
    """What was recorded since, the first first; what one person did at one time said once."""
    added = sorted(
        (one for one in changes.values() if one.what is What.ADDED), key=lambda one: one.at
    )
    said = (
        _("{what}, recorded on {when}{by}").format(
            what=str(one.model._meta.verbose_name).capitalize(),
            when=instant_in_words(one.at),
            by=_by(one),
        )
        for one in added
    )
    return [*dict.fromkeys(said)]


# ---- Choosing a moment --------------------------------------------------------------------------


def first_known(person_id: str) -> datetime | None:
    """When a person was first recorded here; None where history does not say."""
    states = history_of(Person).objects.filter(id=person_id)
    found: datetime | None = states.aggregate(first=Min("pgh_created_at"))["first"]
    return found


@dataclass(frozen=True)
class Changed:
    """A time at which a record changed, to the minute, and the query that asks for it."""

    at: datetime
    query: str


def when_changed(person_id: str, most: int = 20) -> list[Changed]:
    """The times somebody changed something of a person, the latest first, each once."""
    acts = Event.objects.filter(kind=Event.Kind.WRITE, children__contains=[person_id])
    times = acts.order_by("-id").values_list("at", flat=True)[: most * 2]
    minutes = dict.fromkeys(localtime(at).replace(second=0, microsecond=0) for at in times)
    return [
        Changed(
            at,
            urlencode(
                {
                    "day-day": str(at.day),
                    "day-month": str(at.month),
                    "day-year": str(at.year),
                    "time": f"{at:%H:%M}",
                }
            ),
        )
        for at in [*minutes][:most]
    ]

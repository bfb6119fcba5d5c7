"""What the page of a person's details shows, ready to display. It asks the database nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.correcting import Believed
from harbourlight.record.people.details import DetailKind, Said
from harbourlight.record.people.models import Person, PersonFact
from harbourlight.standards import code_sets
from harbourlight.ui.formats import date_in_words, instant_in_words


@dataclass(frozen=True)
class Act:
    """Something that may be done, and where. `about` is for those who hear the words alone."""

    text: str
    href: str
    about: str


@dataclass(frozen=True)
class Row:
    """One fact as it is listed. `id` is what an address leads to, where it may be led to."""

    id: str
    said: Said
    days: str
    acts: tuple[Act, ...] = ()
    recorded: str = ""
    struck_out: str = ""
    believed: tuple[Believed, ...] = ()


@dataclass(frozen=True)
class Section:
    """A kind of fact: those that hold, those that have ended, and what may be done."""

    id: str
    title: str
    empty: str
    rows: tuple[Row, ...]
    ended: tuple[Row, ...]
    add: Act | None
    history: Act


def days_in_words(fact: PersonFact) -> str:
    """`From 3 March 2024 until 1 May 2025`; nothing where neither day is known."""
    started = date_in_words(fact.started_on) if fact.started_on else ""
    ended = date_in_words(fact.ended_on) if fact.ended_on else ""
    if started and ended:
        return _("From %(started)s until %(ended)s") % {"started": started, "ended": ended}
    if started:
        return _("From %(started)s") % {"started": started}
    return _("Until %(ended)s") % {"ended": ended} if ended else ""


def row_of(
    kind: DetailKind, fact: PersonFact, *, user: User, on: date, believed: Sequence[Believed] = ()
) -> Row:
    """A fact as somebody may see it. What is kept from them offers nothing and tells nothing."""
    said = kind.say(fact, user, on)
    place = f"{kind.code}-{fact.pk}"
    if said.is_hidden:
        return Row("", said, "")
    return Row(
        place,
        said,
        days_in_words(fact),
        _acts(kind, fact, said, user),
        _recorded(fact),
        fact.struck_out_because,
        tuple(believed),
    )


def _acts(kind: DetailKind, fact: PersonFact, said: Said, user: User) -> tuple[Act, ...]:
    if fact.is_struck_out:
        return ()
    about = f"{said.title}: {said.value.splitlines()[0] if said.value else ''}"
    offered = []
    if user.can(Capability.RECORD_PERSON):
        offered.append((_("Correct"), "people:correct_detail"))
        if fact.ended_on is None:
            offered.append((_("End"), "people:end_detail"))
    if user.can(Capability.CORRECT_RECORD):
        offered.append((_("Recorded in error"), "people:strike_out_detail"))
    where = {"person_id": fact.person_id, "kind": kind.code, "fact_id": fact.pk}
    return tuple(Act(text, reverse(name, kwargs=where), about) for text, name in offered)


def _recorded(fact: PersonFact) -> str:
    at = instant_in_words(fact.recorded_at)
    if fact.recorded_by is None:
        return _("Came from another system on %(at)s") % {"at": at}
    return _("Recorded by %(who)s on %(at)s") % {"who": fact.recorded_by, "at": at}


def section_of(
    kind: DetailKind, person: Person, facts: Iterable[PersonFact], *, user: User, on: date
) -> Section:
    """A kind of fact about a person: those that hold first, the latest first."""
    rows = sorted(
        facts, key=lambda one: (one.started_on or date.min, one.recorded_at), reverse=True
    )
    where = {"person_id": person.pk, "kind": kind.code}
    title, one = str(kind.title), str(kind.one)
    add = None
    if user.can(Capability.RECORD_PERSON):
        add = Act(_("Add"), kind.add_address(person.pk), one)
    return Section(
        kind.code,
        title,
        str(kind.empty),
        tuple(row_of(kind, row, user=user, on=on) for row in rows if row.is_current_on(on)),
        tuple(row_of(kind, row, user=user, on=on) for row in rows if not row.is_current_on(on)),
        add,
        Act(_("History"), reverse("people:detail_history", kwargs=where), title),
    )


MAY_LACK = ("about-expected", "about-died", "about-pupil-number")
"""Rows of what is settled about a person that are there only where there is something to say."""


def about_rows(person: Person, on: date, *, upn_held: bool) -> list[dict[str, str]]:
    """What is settled about a person, as `answers` shows it."""
    ethnicity = code_sets.label("ethnicity", person.ethnicity, on) if person.ethnicity else ""
    group = code_sets.label("ethnicity_group", person.ethnicity, on) if person.ethnicity else ""
    if ethnicity and group not in (ethnicity, person.ethnicity):
        ethnicity = f"{group}: {ethnicity}"
    rows = [
        ("", _("Name shown"), person.name),
        ("", _("Known as"), person.known_as),
        ("about-born", _("Date of birth"), date_in_words(person.born_on) if person.born_on else ""),
        ("about-sex", _("Sex"), code_sets.label("sex", person.sex)),
        ("", _("Gender"), person.gender),
        ("", _("Pronouns"), person.pronouns),
        ("about-ethnicity", _("Ethnicity"), ethnicity),
        ("", _("Country of origin or nationality"), person.nationality),
        ("", _("Religion or belief"), person.religion),
    ]
    if person.expected_on:
        rows.insert(
            2,
            (
                "about-expected",
                _("Birth was expected") if person.born_on else _("Birth is expected"),
                date_in_words(person.expected_on),
            ),
        )
    if person.died_on:
        died = _("Died") if person.born_on or not person.expected_on else _("Pregnancy ended")
        rows.insert(4, ("about-died", died, date_in_words(person.died_on)))
    if person.held_as == Person.HeldAs.CHILD and not upn_held:
        reason = (
            code_sets.label("upn_unknown", person.upn_unknown, on) if person.upn_unknown else ""
        )
        not_known = _("Not known. %(reason)s") % {"reason": reason}
        rows.append(("about-pupil-number", _("Unique pupil number"), not_known))
    if person.held_as == Person.HeldAs.CHILD:
        plan = {True: _("Yes"), False: _("No"), None: ""}[person.has_education_plan]
        rows.append(("", _("Education, health and care plan"), plan))
    may_be_blank = {_("Known as"), _("Gender"), _("Pronouns")}
    return [
        {"id": place, "key": key, "value": value or _("Not recorded")}
        for place, key, value in rows
        if value or key not in may_be_blank
    ]


def about_lacks(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """Rows that an address may lead to and that are not there: the heading stands for them."""
    shown = {row["id"] for row in rows}
    return [place for place in MAY_LACK if place not in shown]

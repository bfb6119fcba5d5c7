"""What the pages of possible duplicates show, ready to display."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.record.matching.models import Merger, Proposal
from harbourlight.record.people.detail_presenters import about_rows
from harbourlight.record.people.details import DetailKind, Said
from harbourlight.record.people.identity import birth_in_words
from harbourlight.record.people.models import Person, PersonFact
from harbourlight.ui.formats import in_list

SURE, LIKELY = 12.0, 7.0
"""Weights from which two records are said to be very likely, or likely, one person's."""


@dataclass(frozen=True)
class Row:
    """One thing that is held of both, and whether it differs."""

    name: str
    values: tuple[str, str]
    is_count: bool = False
    """Whether they are numbers of rows: that those differ says nothing."""

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same."""
        one, other = self.values
        return bool(one and other) and one != other and not self.is_count


def how_likely(weight: float) -> str:
    """A weight in words: never a score by itself."""
    if weight >= SURE:
        return _("Very likely one person")
    return _("Likely one person") if weight >= LIKELY else _("Perhaps one person")


def line_of(proposal: Proposal, on: date) -> dict[str, Any]:
    """A pair on the list: who, and why in a few words."""
    alike = [name.lower() for name, _says, weight in proposal.reasons if weight > 0]
    return {
        "href": reverse("matching:compare", args=[proposal.pk]),
        "names": f"{proposal.person.name} / {proposal.other.name}",
        "born": in_list(
            dict.fromkeys(birth_in_words(one, on) for one in (proposal.person, proposal.other))
        ),
        "alike": in_list(alike),
        "likely": how_likely(proposal.weight),
        "asked": proposal.decision == Proposal.Decision.ASKED,
    }


COMPARED = ("names", "identifiers", "addresses", "contact-details")
"""The kinds of fact that tell two people apart."""


def side_by_side(
    people: Sequence[Person],
    facts: Mapping[DetailKind, Iterable[PersonFact]],
    counts: Mapping[str, Counter[str]],
    *,
    user: User,
    on: date,
) -> list[Row]:
    """Everything held of two people, one row for each thing, in the words of their own pages."""
    one, other = people
    settled = [
        {row["key"]: row["value"] for row in about_rows(person, on, upn_held=True)}
        for person in people
    ]
    rows = [Row(_("Identifier here"), (one.pk, other.pk))]
    rows += [
        Row(key, (settled[0].get(key, ""), settled[1].get(key, "")))
        for key in dict.fromkeys([*settled[0], *settled[1]])
    ]
    for kind, held in facts.items():
        said = {person.pk: dict[str, None]() for person in people}
        for fact in held:
            said[fact.person_id][_said(kind.say(fact, user, on))] = None
        rows.append(Row(str(kind.title), (in_list(said[one.pk]), in_list(said[other.pk]))))
    rows += [
        Row(of, (str(by[one.pk]), str(by[other.pk])), is_count=True) for of, by in counts.items()
    ]
    return [row for row in rows if any(row.values)]


def _said(said: Said) -> str:
    value = ", ".join(said.value.splitlines())
    return f"{value} ({said.title.lower()})"


def merger_line(merger: Merger) -> dict[str, Any]:
    """A merger on the list: of whom, when, who decided, and how it stands."""
    if merger.undone_at:
        now = _("Two records again")
    else:
        now = _("Being undone") if merger.undone_by_id else _("One record")
    return {
        "href": reverse("matching:merger", args=[merger.pk]),
        "name": merger.person.name,
        "at": merger.at,
        "by": merger.by.full_name,
        "now": now,
    }

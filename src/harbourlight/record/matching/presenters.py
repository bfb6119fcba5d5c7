"""What the pages of possible duplicates show, ready to display."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log2
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.record.matching.model import MODEL
from harbourlight.record.matching.models import Merger, Proposal
from harbourlight.record.people.detail_presenters import about_rows
from harbourlight.record.people.details import DetailKind, Said
from harbourlight.record.people.identity import birth_in_words
from harbourlight.record.people.models import Person, PersonFact
from harbourlight.ui.formats import in_list, in_sentence

SURE, LIKELY = 12.0, 7.0
"""Weights from which two records are said to be very likely, or likely, one person's."""


@dataclass(frozen=True)
class Row:
    """One thing that is held of both, and whether it differs."""

    name: str
    values: tuple[str, str]

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same."""
        one, other = self.values
        return bool(one and other) and one != other


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
    *,
    user: User,
    on: date,
) -> list[Row]:
    """Everything held of two people, one row for each thing, in the words of their own pages."""
    one, other = people
    nothing = _("Not recorded")
    settled = [
        {
            row["key"]: row["value"]
            for row in about_rows(person, on, upn_held=True)
            if row["value"] != nothing
        }
        for person in people
    ]
    rows = [
        Row(key, (settled[0].get(key, ""), settled[1].get(key, "")))
        for key in dict.fromkeys([*settled[0], *settled[1]])
    ]
    for kind, held in facts.items():
        said = {person.pk: dict[str, None]() for person in people}
        for fact in held:
            said[fact.person_id][_said(kind.say(fact, user, on))] = None
        rows.append(Row(str(kind.title), (in_list(said[one.pk]), in_list(said[other.pk]))))
    return [row for row in rows if any(row.values)]


def hanging_on(people: Sequence[Person], counts: Mapping[str, Counter[str]]) -> list[Row]:
    """How much hangs on each of two records, by kind."""
    one, other = people
    return [Row(of, (str(by[one.pk]), str(by[other.pk]))) for of, by in counts.items()]


def weighed(proposal: Proposal) -> list[tuple[str, str, str]]:
    """Why two records were proposed: what was compared, how alike, and the weight of that. The
    weights begin with that of any two people, and their sum stands last."""
    start = log2(MODEL.two_at_random / (1 - MODEL.two_at_random))
    lines = [(_("Any two people"), _("before they are compared"), start)]
    lines += [(_(name), _(says), weight) for name, says, weight in proposal.reasons]
    lines.append((_("Together"), how_likely(proposal.weight), proposal.weight))
    return [(name, says, f"{weight:+.1f}".replace("-", "−")) for name, says, weight in lines]


def _said(said: Said) -> str:
    value = ", ".join(said.value.splitlines())
    return f"{value} ({in_sentence(said.title)})"


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

"""What the pages of possible duplicates show, ready to display."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harbourlight.record.matching.models import Proposal
from harbourlight.record.people.identity import birth_in_words
from harbourlight.record.people.models import Person
from harbourlight.ui.formats import in_list

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
        return bool(self.values[0] and self.values[1]) and self.values[0] != self.values[1]


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


_FIELDS = {
    "sex": gettext_lazy("Sex"),
    "gender": gettext_lazy("Gender"),
    "ethnicity": gettext_lazy("Ethnicity"),
    "nationality": gettext_lazy("Nationality"),
    "religion": gettext_lazy("Religion"),
    "pronouns": gettext_lazy("Pronouns"),
}


def side_by_side(
    people: Sequence[Person],
    facts: Mapping[str, Mapping[str, Iterable[str]]],
    counts: Mapping[str, Counter[str]],
    on: date,
) -> list[Row]:
    """Everything held of two people, one row for each thing, theirs beside each other."""
    one, other = people
    rows = [
        Row(_("Identifier here"), (one.pk, other.pk)),
        Row(_("Name"), (one.name, other.name)),
        Row(_("Born"), (birth_in_words(one, on), birth_in_words(other, on))),
    ]
    rows += [
        Row(str(label), (str(getattr(one, name) or ""), str(getattr(other, name) or "")))
        for name, label in _FIELDS.items()
    ]
    rows += [
        Row(name, (in_list(held.get(one.pk, ())), in_list(held.get(other.pk, ()))))
        for name, held in facts.items()
    ]
    rows += [
        Row(_("How many %(kind)s") % {"kind": kind}, (str(by[one.pk]), str(by[other.pk])))
        for kind, by in counts.items()
    ]
    return [row for row in rows if any(row.values)]

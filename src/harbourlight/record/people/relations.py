"""How people are related: every kind of relationship, declared once.

    Hazel is Maya's mother:   Relationship(person=Hazel, other=Maya, kind="parent_birth")

A kind is said from both sides, and drawn in one way on a genogram. Forms, pages, the genogram and
the words of how two people are related read this list. It knows no database and no page.
"""

import enum
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Tie(enum.Enum):
    """What a kind of relationship means to a genogram."""

    DESCENT = "descent"
    """A parent and their child: the child hangs below."""
    PARTNER = "partner"
    """A couple: side by side, joined below."""
    SIBLING = "sibling"
    """Children of the same parents, who may not be known: side by side, joined above."""
    OTHER = "other"
    """Joined by a thin line, with the words of what they are."""


class Line(enum.StrEnum):
    """How the line is drawn. The value names it in the style sheet and the key."""

    SOLID = "solid"
    DASHED = "dashed"
    DOTTED = "dotted"
    ONE_SLASH = "one-slash"
    TWO_SLASHES = "two-slashes"


@dataclass(frozen=True)
class Said:
    """One side of a relationship, as it is said of a woman, of a man, and of anybody."""

    anybody: Words
    female: Words = ""
    male: Words = ""

    def of(self, sex: str) -> Words:
        """The word for somebody of this sex (`F`, `M`, or not known)."""
        return {"F": self.female, "M": self.male}.get(sex) or self.anybody


@dataclass(frozen=True)
class RelationKind:
    """One kind of relationship, of a `person` to an `other`.

    `person` is what the person is to the other and `other` what the other is to the person; the two
    are the same object where the two sides are alike. `generations` is how many the person is above
    the other. `carries_responsibility`: whether it is asked if the person has parental
    responsibility for the other.
    """

    code: str
    person: Said
    other: Said
    tie: Tie
    line: Line = Line.SOLID
    generations: int = 0
    carries_responsibility: bool = False

    @property
    def is_same_both_ways(self) -> bool:
        """Whether both sides are said alike, so that who is named first says nothing."""
        return self.person is self.other


def _parent(code: str, line: Line, person: Said, other: Said) -> RelationKind:
    return RelationKind(code, person, other, Tie.DESCENT, line, 1, carries_responsibility=True)


def _both(
    code: str, said: Said, tie: Tie, line: Line = Line.SOLID, *, responsible: bool = False
) -> RelationKind:
    return RelationKind(code, said, said, tie, line, carries_responsibility=responsible)


KINDS: tuple[RelationKind, ...] = (
    _parent(
        "parent_birth",
        Line.SOLID,
        Said(_("Birth parent"), _("Birth mother"), _("Birth father")),
        Said(_("Child"), _("Daughter"), _("Son")),
    ),
    _parent(
        "parent_adoptive",
        Line.DASHED,
        Said(_("Adoptive parent"), _("Adoptive mother"), _("Adoptive father")),
        Said(_("Adopted child"), _("Adopted daughter"), _("Adopted son")),
    ),
    _parent(
        "parent_step",
        Line.DOTTED,
        Said(_("Step-parent"), _("Stepmother"), _("Stepfather")),
        Said(_("Stepchild"), _("Stepdaughter"), _("Stepson")),
    ),
    _parent(
        "parent_foster",
        Line.DOTTED,
        Said(_("Foster carer")),
        Said(_("Foster child")),
    ),
    _both("married", Said(_("Married to"), _("Wife"), _("Husband")), Tie.PARTNER),
    _both("civil_partner", Said(_("Civil partner")), Tie.PARTNER),
    _both("cohabiting", Said(_("Partner, living together")), Tie.PARTNER, Line.DASHED),
    _both("partner", Said(_("Partner, living apart")), Tie.PARTNER, Line.DASHED),
    _both("separated", Said(_("Separated partner")), Tie.PARTNER, Line.ONE_SLASH),
    _both(
        "divorced",
        Said(_("Divorced from"), _("Former wife"), _("Former husband")),
        Tie.PARTNER,
        Line.TWO_SLASHES,
    ),
    _both("former_partner", Said(_("Former partner")), Tie.PARTNER, Line.TWO_SLASHES),
    _both("sibling_full", Said(_("Full sibling"), _("Sister"), _("Brother")), Tie.SIBLING),
    _both(
        "sibling_half",
        Said(_("Half-sibling"), _("Half-sister"), _("Half-brother")),
        Tie.SIBLING,
        Line.DASHED,
    ),
    _both(
        "sibling_step",
        Said(_("Step-sibling"), _("Stepsister"), _("Stepbrother")),
        Tie.SIBLING,
        Line.DOTTED,
    ),
    RelationKind(
        "grandparent",
        Said(_("Grandparent"), _("Grandmother"), _("Grandfather")),
        Said(_("Grandchild"), _("Granddaughter"), _("Grandson")),
        Tie.OTHER,
        Line.DOTTED,
        2,
        carries_responsibility=True,
    ),
    RelationKind(
        "aunt_or_uncle",
        Said(_("Aunt or uncle"), _("Aunt"), _("Uncle")),
        Said(_("Niece or nephew"), _("Niece"), _("Nephew")),
        Tie.OTHER,
        Line.DOTTED,
        1,
        carries_responsibility=True,
    ),
    _both("cousin", Said(_("Cousin")), Tie.OTHER, Line.DOTTED),
    RelationKind(
        "special_guardian",
        Said(_("Special guardian")),
        Said(_("Child under special guardianship")),
        Tie.OTHER,
        Line.DOTTED,
        1,
        carries_responsibility=True,
    ),
    RelationKind(
        "guardian",
        Said(_("Guardian")),
        Said(_("Ward")),
        Tie.OTHER,
        Line.DOTTED,
        1,
        carries_responsibility=True,
    ),
    RelationKind(
        "carer",
        Said(_("Carer")),
        Said(_("Person cared for")),
        Tie.OTHER,
        Line.DOTTED,
        1,
        carries_responsibility=True,
    ),
    _both("other_relative", Said(_("Other relative")), Tie.OTHER, Line.DOTTED, responsible=True),
    _both("other", Said(_("Other connection")), Tie.OTHER, Line.DOTTED, responsible=True),
)

BY_CODE = {kind.code: kind for kind in KINDS}

INVERSE = "inverse."
"""What comes before a code when it is the other side of it that is meant."""


def sides() -> list[tuple[str, Words]]:
    """Every answer to "What is A to B?", with its words: `parent_birth`, `inverse.parent_birth`."""
    offered: list[tuple[str, Words]] = []
    for kind in KINDS:
        offered.append((kind.code, kind.person.anybody))
        if not kind.is_same_both_ways:
            offered.append((f"{INVERSE}{kind.code}", kind.other.anybody))
    return offered


def side_of(answer: str) -> tuple[RelationKind, bool]:
    """The kind an answer names, and whether it is its other side. Raises `KeyError`."""
    return BY_CODE[answer.removeprefix(INVERSE)], answer.startswith(INVERSE)

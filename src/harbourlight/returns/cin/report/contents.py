"""What the page says, worked out so that its template need only lay it out."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from harbourlight.returns.cin.causes import is_of_most, only_value
from harbourlight.returns.cin.findings import Checked, Finding
from harbourlight.returns.cin.notes import offered
from harbourlight.returns.cin.rule import Kind
from harbourlight.returns.cin.rules import BY_CODE
from harbourlight.returns.cin.structure import FAULTS, MOST_OFTEN
from harbourlight.returns.cin.writing import KINDS, counted, in_short

SHOWN_AT_ONCE = 20
"""Findings of a rule that stand open on the page; the others are behind a line that opens them."""
STEPS = 3
"""Rules that the page says to begin with."""
MOST_OF_A_RULE = 500
MOST_CHILDREN = 500
"""What the page lists of one rule, and how many children it lists, before it says how many more
there are: a page of a hundred thousand lines opens in no browser. The CSV has them all."""


@dataclass(frozen=True, slots=True)
class Section:
    """One rule: what is wrong, what it asks or what is behind it, and where it is broken."""

    code: str
    anchor: str
    kind: Kind
    title: str
    says: str
    is_provisional: bool
    count: int
    children: int
    first: tuple[Finding, ...]
    others: tuple[Finding, ...]
    unlisted: int
    note: str
    is_of_most: bool
    only_value: str
    """That every finding of it says the same, if it does."""

    @property
    def counted(self) -> str:
        """How many findings, of which kind."""
        return counted(self.count, self.kind)


@dataclass(frozen=True, slots=True)
class OneChild:
    """A child, and everything found of them."""

    name: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The rules of one kind."""

    kind: Kind
    title: str
    advice: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Contents:
    """The whole page."""

    checked: Checked
    groups: tuple[Group, ...]
    children: tuple[OneChild, ...]
    children_with_findings: int
    half: int
    """How many rules, the largest first, make up half of what must be put right."""

    @cached_property
    def anchors(self) -> dict[str, str]:
        """Where each listed child stands on the page."""
        return {child.name: f"child-{number}" for number, child in enumerate(self.children, 1)}

    @property
    def sections(self) -> list[Section]:
        """Every rule, in the order in which to mend them."""
        return [section for group in self.groups for section in group.sections]

    @property
    def steps(self) -> list[Section]:
        """What to begin with."""
        return self.sections[:STEPS]

    @property
    def of_most(self) -> list[Section]:
        """The rules that most children break: one cause each, and not the children's."""
        return [section for section in self.sections if section.is_of_most]

    @property
    def must_be_mended(self) -> int:
        """How many findings cannot be explained away."""
        kinds = (Kind.STRUCTURE, Kind.ERROR)
        return sum(section.count for section in self.sections if section.kind in kinds)


_ADVICE = {
    Kind.STRUCTURE: (
        "The collection does not take in a file that is not in its schema’s shape. These are most "
        "often one setting of the system that wrote the file."
    ),
    Kind.ERROR: "Each must be put right before the return is accepted.",
    Kind.QUERY: "Put right what is wrong. What is right as it stands is explained in a note.",
    Kind.YEAR_ON_YEAR: "Each figure is far from last year’s. Check it, and explain it in a note.",
}


def contents(checked: Checked) -> Contents:
    """The page for what was found."""
    notes = offered(checked)
    sections = [
        _section(checked, code, found, notes.get(code, "")) for code, found in checked.by_rule()
    ]
    groups = tuple(
        Group(
            kind,
            counted(sum(section.count for section in of_kind), kind),
            _ADVICE[kind],
            tuple(of_kind),
        )
        for kind in Kind
        if (of_kind := [section for section in sections if section.kind is kind])
    )
    by_child: dict[str, list[Finding]] = {}
    for finding in checked.findings:
        if finding.child is not None:
            by_child.setdefault(finding.child, []).append(finding)
    most_first = sorted(by_child.items(), key=lambda item: (-len(item[1]), item[0]))
    return Contents(
        checked=checked,
        groups=groups,
        children=tuple(OneChild(name, tuple(found)) for name, found in most_first[:MOST_CHILDREN]),
        children_with_findings=len(by_child),
        half=_half(sections),
    )


def _half(sections: list[Section]) -> int:
    counts = sorted(
        (section.count for section in sections if section.kind in (Kind.STRUCTURE, Kind.ERROR)),
        reverse=True,
    )
    reached = 0
    for number, count in enumerate(counts, start=1):
        reached += count
        if reached * 2 >= sum(counts):
            return number
    return 0


def _section(checked: Checked, code: str, found: list[Finding], note: str) -> Section:
    kind = found[0].kind
    title = in_short(found[0].message)
    says = ""
    if kind is Kind.STRUCTURE:
        if len({one.message for one in found}) > 1:  # else what is so of one is so of all
            title = FAULTS[code.removeprefix("schema-")]
        says = MOST_OFTEN[code.removeprefix("schema-")]
    elif rule := BY_CODE.get(code) or BY_CODE.get(f"{code}Q"):
        says = rule.says_in(checked.census.year)
    listed = found[:MOST_OF_A_RULE]
    return Section(
        code=code,
        anchor=f"rule-{code}",
        kind=kind,
        title=title,
        says=says,
        is_provisional=code in checked.provisional,
        count=len(found),
        children=len(Counter(one.child for one in found if one.child is not None)),
        first=tuple(listed[:SHOWN_AT_ONCE]),
        others=tuple(listed[SHOWN_AT_ONCE:]),
        unlisted=len(found) - len(listed),
        note=note,
        is_of_most=is_of_most(found, checked),
        only_value=only_value(found),
    )


__all__ = ["KINDS", "Contents", "contents"]

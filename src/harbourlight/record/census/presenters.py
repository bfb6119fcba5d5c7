"""Findings as a page shows them: where they lead, what is wrong, and whose they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harbourlight.record.census.fields import page_of
from harbourlight.record.census.forms import FindingsForm
from harbourlight.record.census.models import CensusFinding, FileFinding, Kind
from harbourlight.record.census.selectors import NOBODY, with_names
from harbourlight.returns.cin.building.problems import NOT_RECORDED
from harbourlight.returns.cin.notes import notes_for
from harbourlight.returns.cin.rules import BY_CODE
from harbourlight.returns.cin.structure import FAULTS, MOST_OFTEN
from harbourlight.ui.listing import address_with

COLOURS: Mapping[int, str] = {
    Kind.BUILD: "red",
    Kind.STRUCTURE: "red",
    Kind.ERROR: "orange",
    Kind.QUERY: "blue",
    Kind.YEAR_ON_YEAR: "grey",
}
"""Of the tag of each kind, as GOV.UK names it."""

ADVICE: Mapping[int, str | Promise] = {
    Kind.BUILD: gettext_lazy(
        "The census lacks these children, or parts of them. Each is mended in the record."
    ),
    Kind.STRUCTURE: gettext_lazy(
        "The collection does not take in a file that is not in its schema’s shape."
    ),
    Kind.ERROR: gettext_lazy("Each must be put right before the return is accepted."),
    Kind.QUERY: gettext_lazy(
        "Put right what is wrong. What is right as it stands is explained in a note."
    ),
    Kind.YEAR_ON_YEAR: gettext_lazy(
        "Each figure is far from last year’s. Check it, and explain it in a note."
    ),
}


@dataclass(frozen=True)
class Tag:
    """The kind of a finding."""

    text: str
    colour: str


def tag_of(kind: int) -> Tag:
    """A kind as a tag."""
    return Tag(str(Kind(kind).label), COLOURS[kind])


# ---- Rules --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RuleShown:
    """A rule in words: what is wrong, what it asks, and the note that explains what is right."""

    code: str
    kind: Tag
    title: str
    says: str
    is_provisional: bool
    note: str
    is_coded: bool
    """Whether its code is the guide's, and not ours."""


def rule_shown(
    code: str, kind: int, *, year: int | None, message: str, note: str = ""
) -> RuleShown:
    """A rule in words. `message` is what is said of one of its findings."""
    says, title = "", message
    if kind == Kind.STRUCTURE:
        fault = code.removeprefix("schema-")
        title, says = FAULTS.get(fault, message), MOST_OFTEN.get(fault, "")
    elif kind == Kind.BUILD:
        title = NOT_RECORDED.get(code.removeprefix("build-"), message)
    rule = BY_CODE.get(code) or BY_CODE.get(f"{code}Q")
    if rule is not None and year is not None:
        says = rule.says_in(year)
    return RuleShown(
        code=code,
        kind=tag_of(kind),
        title=title,
        says=says,
        is_provisional=rule is not None and rule.is_provisional,
        note=note,
        is_coded=kind not in (Kind.BUILD, Kind.STRUCTURE),
    )


@dataclass(frozen=True)
class RuleRow:
    """A rule in the list of rules: how often it is broken, and how often it was."""

    rule: RuleShown
    count: int
    children: int
    change: str
    href: str


@dataclass(frozen=True)
class Group:
    """The rules of one kind."""

    id: str
    title: str
    advice: str
    count: int
    rows: list[RuleRow]


_TITLES: Mapping[int, str | Promise] = {
    Kind.BUILD: gettext_lazy("What cannot be built"),
    Kind.STRUCTURE: gettext_lazy("Faults of structure"),
    Kind.ERROR: gettext_lazy("Errors"),
    Kind.QUERY: gettext_lazy("Queries"),
    Kind.YEAR_ON_YEAR: gettext_lazy("Year-on-year checks"),
}


def groups_of(
    rows: Iterable[Mapping[str, Any]],
    *,
    year: int | None,
    href: str,
    before: Mapping[str, int] | None = None,
    notes: Mapping[str, str] | None = None,
) -> list[Group]:
    """The rules that were broken, by kind, in the order in which to mend them."""
    held: dict[int, list[RuleRow]] = {}
    for row in rows:
        shown = rule_shown(
            row["rule"],
            row["kind"],
            year=year,
            message=row["message"],
            note=(notes or {}).get(row["rule"], ""),
        )
        held.setdefault(row["kind"], []).append(
            RuleRow(
                shown,
                row["count"],
                row["children"],
                _change(row["count"], (before or {}).get(row["rule"], 0)) if before is not None
                else "",
                f"{href}?{urlencode({'rule': row['rule']})}",
            )
        )  # fmt: skip
    return [
        Group(
            Kind(kind).code,
            str(_TITLES[kind]),
            str(ADVICE[kind]),
            sum(row.count for row in of),
            of,
        )
        for kind, of in sorted(held.items())
    ]


def _change(now: int, then: int) -> str:
    if now == then:
        return _("as before")
    difference = f"{abs(now - then):,}"
    return (
        _("%(number)s more") % {"number": difference}
        if now > then
        else _("%(number)s fewer") % {"number": difference}
    )


def notes_of(codes: Iterable[str], census: Any) -> dict[str, str]:
    """The notes that may explain what was found, by rule."""
    return notes_for(set(codes), now=census.totals, then=census.last_year)


# ---- One finding --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One finding in a list."""

    child_id: str
    child: str
    href: str
    kind: Tag
    rule: str
    is_provisional: bool
    wrong: str
    where: str
    value: str
    is_given: bool
    left_out: str
    worker: str
    team: str
    line: int | None


def line_of(finding: CensusFinding) -> Line:
    """A finding of a child of ours, and the way to the field."""
    return Line(
        child_id=finding.child_id,
        child=finding.child.name,
        href=address_of(finding),
        kind=tag_of(finding.kind),
        rule=finding.rule if finding.kind not in (Kind.BUILD, Kind.STRUCTURE) else "",
        is_provisional=_is_provisional(finding.rule),
        wrong=finding.message,
        where=finding.element,
        value=finding.value or "",
        is_given=bool(finding.value),
        left_out=finding.left_out,
        worker=finding.worker.name if finding.worker else "",
        team=finding.team.name if finding.team else "",
        line=finding.line,
    )


def line_of_file(finding: FileFinding) -> Line:
    """A finding of a child of another's file, who is nobody of ours."""
    return Line(
        child_id="",
        child=finding.named or _("A child without an identifier"),
        href="",
        kind=tag_of(finding.kind),
        rule=finding.rule if finding.kind != Kind.STRUCTURE else "",
        is_provisional=_is_provisional(finding.rule),
        wrong=finding.message,
        where=finding.element,
        value=finding.value or "",
        is_given=bool(finding.value),
        left_out="",
        worker="",
        team="",
        line=finding.line,
    )


def _is_provisional(code: str) -> bool:
    rule = BY_CODE.get(code)
    return rule is not None and rule.is_provisional


def address_of(finding: CensusFinding) -> str:
    """The page of the record on which a finding is mended."""
    return page_of(finding.child_id, finding.element, table=finding.table, row=finding.row)


LISTED_OF_MINE = 8
"""Findings that stand on a worker's own page; the rest are behind a link."""


@dataclass(frozen=True)
class Yours:
    """What is a worker's own to mend, in short."""

    total: int
    lines: list[Line]

    @property
    def unlisted(self) -> int:
        """How many more there are."""
        return self.total - len(self.lines)


def yours_of(found: QuerySet[CensusFinding]) -> Yours:
    """The first of a worker's own findings, and how many there are."""
    first = [line_of(one) for one in with_names(found)[:LISTED_OF_MINE]]
    return Yours(found.count() if len(first) == LISTED_OF_MINE else len(first), first)


# ---- Teams and workers --------------------------------------------------------------------------


@dataclass(frozen=True)
class HolderRow:
    """A team or a worker, and how much is theirs to mend."""

    name: str
    href: str
    must: int
    may: int
    children: int


def holder_rows(rows: Iterable[Mapping[str, Any]], column: str, href: str) -> list[HolderRow]:
    """Teams or workers, each leading to what is theirs."""
    return [
        HolderRow(
            row["name"] or _("Nobody"),
            f"{href}?{urlencode({column: row['holder'] or NOBODY})}",
            row["must"],
            row["may"],
            row["children"],
        )
        for row in rows
    ]


# ---- Downloads ----------------------------------------------------------------------------------

COLUMNS = ("rule", "type", "message", "child", "module", "element", "value", "line", "left_out",
           "worker", "team")  # fmt: skip
"""Of the file of findings: those of `cin validate --csv`, and whose each is."""

FILE_COLUMNS = COLUMNS[:8]
"""Of the file of findings in another's file, which is nobody's."""


def cells_of(finding: CensusFinding | FileFinding) -> dict[str, Any]:
    """A finding in a file: identifiers, and no name of a child."""
    held = {
        "rule": finding.rule,
        "type": str(Kind(finding.kind).label),
        "message": finding.message,
        "module": finding.module,
        "element": finding.element,
        "value": finding.value,
        "line": finding.line,
    }
    if isinstance(finding, FileFinding):
        return held | {"child": finding.named}
    return held | {
        "child": finding.child_id,
        "left_out": finding.left_out,
        "worker": finding.worker.name if finding.worker else "",
        "team": finding.team.name if finding.team else "",
    }


# ---- The page of a census -----------------------------------------------------------------------

_PARTS = {
    "children": gettext_lazy("Children"),
    "episodes": gettext_lazy("Episodes"),
    "assessments": gettext_lazy("Assessments"),
    "need_plans": gettext_lazy("Child in need plans"),
    "enquiries": gettext_lazy("Section 47 enquiries"),
    "protection_plans": gettext_lazy("Child protection plans"),
}


def counts_shown(counted: Mapping[str, int]) -> list[dict[str, str]]:
    """How many there are of each part, in words."""
    return [{"text": str(words), "value": f"{counted[name]:,}"} for name, words in _PARTS.items()]


_LINES = {
    Kind.BUILD: gettext_lazy("cannot be built"),
    Kind.STRUCTURE: gettext_lazy("faults of structure"),
    Kind.ERROR: gettext_lazy("errors"),
    Kind.QUERY: gettext_lazy("queries"),
    Kind.YEAR_ON_YEAR: gettext_lazy("year-on-year checks"),
}


def kinds_shown(
    rows: Iterable[Mapping[str, Any]],
    whole: Iterable[Mapping[str, Any]],
    href: str,
    *,
    is_built: bool = True,
) -> list[dict[str, Any]]:
    """How many findings there are of each kind, each leading to them."""
    count = {int(kind): 0 for kind in Kind}
    listed = dict(count)
    for row in rows:
        count[row["kind"]] += row["count"]
        listed[row["kind"]] += row["count"]
    for one in whole:
        count[one["kind"]] += 1
    return [
        {
            "value": f"{count[kind]:,}",
            "text": str(_LINES[kind]),
            "href": f"{href}?{urlencode({'kind': kind.code})}" if listed[kind] else "",
            "tone": "late" if kind <= Kind.ERROR and count[kind] else "",
        }
        for kind in Kind
        if count[kind]
        or kind in (Kind.ERROR, Kind.QUERY, Kind.BUILD if is_built else Kind.STRUCTURE)
    ]


def change_in_all(rows: Iterable[Mapping[str, Any]], before: Mapping[str, int] | None) -> str:
    """How many findings of children there are against the last time, in words."""
    return "" if before is None else _change(
        sum(row["count"] for row in rows), sum(before.values())
    )  # fmt: skip


@dataclass(frozen=True)
class WholeLine:
    """Something found of a return as a whole."""

    rule: RuleShown
    where: str
    figures: str


def whole_shown(
    found: Iterable[Mapping[str, Any]],
    census: Any,
    notes: Mapping[str, str],
    *,
    with_figures: bool,
) -> list[WholeLine]:
    """What is found of a return as a whole. Its figures count every child, so they are for those
    who read every child."""
    return [
        WholeLine(
            rule_shown(
                one["rule"],
                one["kind"],
                year=census.rules_year,
                message=one["message"],
                note=notes.get(one["rule"], ""),
            ),
            one["element"],
            str(one["value"] or "") if with_figures else "",
        )
        for one in sorted(found, key=lambda one: (one["kind"], one["rule"]))
    ]


def rules_to_choose(rows: Iterable[Mapping[str, Any]], year: int | None) -> list[tuple[str, str]]:
    """The rules that are broken, to choose from."""
    shown = [
        rule_shown(row["rule"], row["kind"], year=year, message=row["message"]) for row in rows
    ]
    return [(one.code, f"{one.code}: {one.title}" if one.is_coded else one.title) for one in shown]


def rule_asked(rows: Iterable[Mapping[str, Any]], code: str, census: Any) -> RuleShown | None:
    """The one rule that a list is narrowed to, in words."""
    for row in rows:
        if row["rule"] == code:
            notes = notes_of([code], census)
            return rule_shown(
                code,
                row["kind"],
                year=census.rules_year,
                message=row["message"],
                note=notes.get(code, ""),
            )
    return None


def chosen_in(request: HttpRequest, form: FindingsForm) -> list[dict[str, str]]:
    """What a list is narrowed by, each with the address without it."""
    return [
        {
            "text": str(dict(form.fields[name].choices).get(value, value)),
            "href": address_with(request, **{name: None}, page=None),
        }
        for name, value in form.asked.items()
    ]

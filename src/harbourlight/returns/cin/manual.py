"""The rules of the census as pages to read: `docs/cin-rules/` is written from them.

A page says what a rule's declaration says, and shows it by its situations, which are run as tests.
It must not say anything that those do not.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from harbourlight.returns.cin.conditions import year_name
from harbourlight.returns.cin.notes import EDITION, NOTES
from harbourlight.returns.cin.rule import Rule
from harbourlight.returns.cin.rules import BY_CODE, RULES, WITHDRAWN, YEAR_ON_YEAR
from harbourlight.returns.cin.structure import FAULTS, MOST_OFTEN

_SITUATIONS = Path(__file__).with_name("situations")

PARTS = {
    "whole_return": "The header, and the return as a whole",
    "children": "Children",
    "episodes": "Episodes of need",
    "assessments": "Assessments",
    "cin_plans": "Child in need plans",
    "section_47": "Section 47 enquiries and conferences",
    "protection_plans": "Child protection plans and reviews",
    "pre_proceedings": "Pre-proceedings and family group decision making (provisional)",
}
"""The pages, by the files of situations they show."""

_HOW_TO_READ = """Each row is a census in few words. What is not said is as in a child whose every \
rule is kept. `Child`, `CINdetails`, `Assessments` and the rest each begin one, within the last \
that can hold it; `Name=value` gives an element, `Name=` leaves it out; a repeated element is \
written with its value (`Disability LD`), and `-` says there is none. The year is 2025/26 but for \
`Census 2024`, which is 2023/24. *Found* is where the rule is broken; an empty cell is a census \
that keeps it."""


def pages() -> Mapping[str, Callable[[], str]]:
    """The path of each page from the project's root, and what gives its text."""
    made: dict[str, Callable[[], str]] = {"docs/cin-rules/README.md": _index}
    for part in PARTS:
        made[f"docs/cin-rules/{_page(part)}"] = partial(_part, part)
    return made


def _page(part: str) -> str:
    return f"{part.replace('_', '-')}.md"


def _sections(part: str) -> Iterator[tuple[str, str]]:
    """The code of each rule on a page, and its situations."""
    text = (_SITUATIONS / f"{part}.md").read_text(encoding="utf-8")
    for section in text.split("## ")[1:]:
        code, _, body = section.partition("\n")
        yield code, body.strip()


def _index() -> str:
    lines = [
        "# The rules of the children in need census",
        "",
        "What `harbourlight cin validate` checks, as declared in "
        "`src/harbourlight/returns/cin/rules/`. These pages are generated from the declarations "
        "and their situations: change those, not them. Where the sector's open validator departs "
        "from the same rules is in [Differences](../cin-differences.md).",
        "",
    ]
    for part, title in PARTS.items():
        lines += [
            f"## [{title}]({_page(part)})",
            "",
            "| Rule | Type | What it says |",
            "|---|---|---|",
        ]
        for code, _ in _sections(part):
            rule = BY_CODE[code]
            lines.append(
                f"| [{code}]({_page(part)}#{code.lower()}) | {rule.kind.value} | {rule.message} |"
            )
        lines.append("")
    lines += [
        "## Structure",
        "",
        "Found before any rule's, for a file that is not in its schema's shape is not taken in.",
        "",
    ]
    lines += ["| Finding | What it says | |", "|---|---|---|"]
    lines += [f"| `schema-{code}` | {says} | {MOST_OFTEN[code]} |" for code, says in FAULTS.items()]
    lines += [
        "",
        "## From year to year",
        "",
        "Made where last year's file is given (`--last-year`).",
        "",
    ]
    lines += ["| Check | Figure | Told where it differs by |", "|---|---|---|"]
    lines += [f"| {one.code} | {one.message} | {one.percent}% or more |" for one in YEAR_ON_YEAR]
    lines += ["", "## By year", "", "| Rule | From | Until |", "|---|---|---|"]
    for rule in RULES:
        if rule.since and not rule.is_provisional:
            lines.append(f"| {rule.code} | {year_name(rule.since)} | |")
        if rule.an_error_until:
            until = year_name(rule.an_error_until)
            lines.append(
                f"| {rule.code.removesuffix('Q')}, an error; then {rule.code} | | {until} |"
            )
        for edition in rule.editions:
            lines.append(f"| {rule.code} as it was | | {year_name(edition.until)} |")
    for code, until_year in WITHDRAWN.items():
        until = year_name(until_year)
        lines.append(
            f"| {code}, withdrawn; its text is not known and it is not checked | | {until} |"
        )
    lines.append("| Twelve provisional rules, 8995Q to 9015Q | 2026/27 | |")
    lines += [
        "",
        "## Return-level notes",
        "",
        f"The words, of {EDITION}, in which what is right as it stands is accepted.",
        "",
    ]
    lines += [f"- {note}" for note in NOTES.values()]
    return "\n".join(lines) + "\n"


def _part(part: str) -> str:
    lines = [f"# {PARTS[part]}", "", _HOW_TO_READ, ""]
    for code, situations in _sections(part):
        lines += [f"## {code}", "", *_facts(BY_CODE[code]), situations, ""]
    return "\n".join(lines)


def _facts(rule: Rule) -> Iterator[str]:
    yield f"> {rule.message}"
    yield ""
    yield rule.says
    yield ""
    about = f"{rule.kind.value.capitalize()} of the {rule.level}; {rule.module}"
    if rule.fields:
        about += f": {', '.join(rule.fields)}"
    if rule.since:
        about += f". Since {year_name(rule.since)}"
    if rule.an_error_until:
        number = rule.code.removesuffix("Q")
        about += f". Until {year_name(rule.an_error_until)} it was {number}, an error"
    if rule.is_provisional:
        about += ". Provisional: it may change before it is published"
    yield f"{about}."
    yield ""
    for edition in rule.editions:
        yield f"Until {year_name(edition.until)}: {edition.says or rule.says}"
        yield ""

"""The catalogue of standards as a page to read: `docs/standards.md` is written from it.

A pure function of the declarations. It must not say anything that a declaration does not: the page
is for people, and the declarations are what runs.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.clocks import Limit
from harbourlight.standards.sources import Mark, Source
from harbourlight.standards.standard import COMMON_DETAILS, Kind, Standard

_KINDS = {
    Kind.DEADLINE: "A deadline: something must be done by a day. It is on work lists.",
    Kind.DURATION: (
        "A duration: something should have ended by a day. It is shown and measured; nobody is "
        "asked to end it in order to be on time."
    ),
    Kind.OCCURRENCE: "An occurrence: something should not happen. It is settled when it begins.",
}


def standards_manual() -> str:
    """Every standard in the catalogue's order, as Markdown that ends with a newline."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Standards"
    yield ""
    yield (
        "Every duty that Harbourlight holds a record to, as it is declared in "
        "`src/harbourlight/standards/catalogue/`. This page is generated from those declarations: "
        "change them, not it. Worked situations for each are in `tests/standards/situations/`, and "
        "are run on every engine."
    )
    yield ""
    yield "| Code | Standard | Limit | Area |"
    yield "|---|---|---|---|"
    for standard in CATALOGUE.values():
        yield (
            f"| [{standard.code}](#{_anchor(standard)}) | {standard.title} | {standard.limit} "
            f"| {standard.area} |"
        )
    yield ""
    yield "A source bears the mark of how it was read:"
    yield ""
    for mark in Mark:
        yield f"- `{mark.value}`: {mark.meaning}."
    for standard in CATALOGUE.values():
        yield ""
        yield from _section(standard)
    yield ""
    yield "## What any entry may say"
    yield ""
    yield from _details(COMMON_DETAILS)


def _section(standard: Standard) -> Iterator[str]:
    yield f"## {standard.code}: {standard.title}"
    yield ""
    yield standard.duty
    yield ""
    yield _KINDS[standard.kind]
    yield ""
    yield f"- Starts: {standard.starts}"
    yield f"- Met by: {standard.met_by}"
    for limit in standard.limits:
        yield f"- Limit: {_limit(limit)}"
        yield f"- Counted in: {limit.unit.calendar}"
    yield f"- Measure: {standard.measure} ({standard.met_label} / {standard.unmet_label})"
    yield "- Needs: " + ", ".join(f"`{column}`" for column in standard.needs)
    for source in dict.fromkeys((*standard.sources, *(held.source for held in standard.limits))):
        yield f"- Source: {_source(source)}"
    if standard.note:
        yield ""
        yield standard.note
    if standard.details:
        yield ""
        yield "An entry may say:"
        yield ""
        yield from _details(standard.details)


def _details(details: Mapping[str, str]) -> Iterator[str]:
    for code, sentence in details.items():
        yield f"- `{code}`: {sentence}"


def _limit(limit: Limit) -> str:
    until = f" to {_day(limit.in_force_to)}" if limit.in_force_to else ""
    began = f"for what begins from {_day(limit.in_force_from)}{until}"
    return f"{limit}, {began} ({limit.in_force_mark.meaning}), by {limit.source}"


def _source(source: Source) -> str:
    note = f" {source.note}" if source.note else ""
    return f"{source} (`{source.mark.value}`, {source.mark.meaning}).{note}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _anchor(standard: Standard) -> str:
    """The heading's anchor, as GitHub makes it."""
    heading = f"{standard.code}: {standard.title}".lower()
    kept = (letter for letter in heading if letter.isalnum() or letter in " -")
    return "".join(kept).replace(" ", "-")

"""Writes what was found: as JSON, as CSV, and as a few lines to read.

The page for a browser is `report`'s.
"""

import json
from collections.abc import Iterator
from typing import IO

from harbourlight.dataset.formulas import inert
from harbourlight.returns.cin.findings import Checked, Finding
from harbourlight.returns.cin.notes import EDITION, offered
from harbourlight.returns.cin.rule import Kind

FIELDS = ("rule", "type", "message", "child", "module", "element", "value", "line")

KINDS = {
    Kind.STRUCTURE: ("fault of structure", "faults of structure", "mend first"),
    Kind.ERROR: ("error", "errors", "must be put right"),
    Kind.QUERY: ("query", "queries", "put right, or explain in a return-level note"),
    Kind.YEAR_ON_YEAR: ("year-on-year check", "year-on-year checks", "explain in a note"),
}
"""What findings of each kind are called, one and several, and what is to be done about them."""


def counted(number: int, kind: Kind) -> str:
    """`1 error`, `2,140 queries`."""
    one, several, _ = KINDS[kind]
    return f"{number:,} {one if number == 1 else several}"


def write(checked: Checked, form: str, out: IO[str]) -> None:
    """Write in one of the forms: json, csv, html or text."""
    match form:
        case "json":
            write_json(checked, out)
        case "csv":
            write_csv(checked, out)
        case "html":
            from harbourlight.returns.cin.report import write_html

            write_html(checked, out)
        case _:
            out.writelines(f"{line}\n" for line in summary(checked))


def write_json(checked: Checked, out: IO[str]) -> None:
    """One object: the findings, and beside them what was checked."""
    head = {
        "file": checked.file,
        "year": checked.census.year,
        "authority": checked.authority or None,
        "provisional": sorted(checked.provisional),
        "notes": offered(checked),
        "remarks": [*checked.assumed, *checked.left_out],
    }
    out.write(json.dumps(head, ensure_ascii=False, indent=1)[:-2])
    out.write(',\n "findings": [')
    for place, finding in enumerate(checked.findings):
        out.write(",\n  " if place else "\n  ")
        out.write(json.dumps(finding.fields(), ensure_ascii=False))
    out.write("\n ]\n}\n")


def write_csv(checked: Checked, out: IO[str]) -> None:
    """A row for each finding. No cell begins as a formula does."""
    import csv

    rows = csv.DictWriter(out, FIELDS, lineterminator="\n")
    rows.writeheader()
    for finding in checked.findings:
        rows.writerow(
            {
                name: inert(value) if isinstance(value, str) else value
                for name, value in finding.fields().items()
            }
        )


def summary(checked: Checked) -> Iterator[str]:
    """What to mend first, in lines to read."""
    whose = f" of authority {checked.authority}" if checked.authority else ""
    yield f"{checked.file}: children in need census {checked.census.name}{whose}"
    yield f"{checked.totals['children']:,} children were checked."
    yield from checked.assumed
    if not checked.findings:
        yield "Nothing was found."
    shown: Kind | None = None
    for code, found in checked.by_rule():
        kind = found[0].kind
        if kind is not shown:
            of_kind = sum(finding.kind is kind for finding in checked.findings)
            yield ""
            yield f"{counted(of_kind, kind)}: {KINDS[kind][2]}"
            shown = kind
        provisional = " (provisional)" if code in checked.provisional else ""
        yield f"{len(found):>8,}  {code:<8} {found[0].message}{provisional}"
        yield f"{'':>8}  {'':<8} {_first(found[0])}"
    if notes := offered(checked):
        yield ""
        yield (
            "What is right as it stands can be explained in these words, which must be used "
            f"exactly. They are those of {EDITION}: check the current guide."
        )
        yield from (f"  {note}" for note in notes.values())
    yield ""
    yield from checked.left_out


def _first(finding: Finding) -> str:
    """Where the first finding of a rule is."""
    parts = []
    if finding.line is not None:
        parts.append(f"line {finding.line:,}")
    if finding.child is not None:
        parts.append(f"child {finding.child}")
    value = f" {finding.value}" if finding.value is not None else ""
    parts.append(f"{finding.element}{value}")
    return "first: " + ", ".join(parts)

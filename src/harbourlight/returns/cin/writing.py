"""Writes what was found: as JSON, as CSV, and as a few lines to read.

The page for a browser is `report`'s.
"""

import json
import re
import shutil
import textwrap
from collections.abc import Iterator
from typing import IO

from harbourlight.dataset.formulas import inert
from harbourlight.returns.cin.causes import OF_MOST, is_of_most, only_value
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


_ASKED = re.compile(r"Please check and either amend(?: data)? or provide a reason: *")
_WIDEST = 100


def in_short(message: str) -> str:
    """A rule's message without the words with which every query's begins."""
    said = _ASKED.sub("", message)
    return said[:1].upper() + said[1:]


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
            width = min(shutil.get_terminal_size().columns, _WIDEST)
            out.writelines(f"{_visible(line)}\n" for line in summary(checked, width))


def _visible(line: str) -> str:
    """A line as a terminal shows it and does not obey it."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line)


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


def summary(checked: Checked, width: int = 80) -> Iterator[str]:
    """What to mend first, in lines to read. Only the notes may be wider: those are to copy."""
    whose = f" of authority {checked.authority}" if checked.authority else ""
    yield f"{checked.file}: children in need census {checked.census.name}{whose}"
    yield f"{checked.totals['children']:,} children were checked."
    by_rule = list(checked.by_rule())
    of_most = [OF_MOST] if any(is_of_most(found, checked) for _, found in by_rule) else []
    for remark in (*checked.assumed, *of_most):
        yield from textwrap.wrap(remark, width)
    if not checked.findings:
        yield "Nothing was found."
    shown: Kind | None = None
    for code, found in by_rule:
        kind = found[0].kind
        if kind is not shown:
            of_kind = sum(finding.kind is kind for finding in checked.findings)
            yield ""
            yield f"{counted(of_kind, kind)}: {KINDS[kind][2]}"
            shown = kind
        provisional = " (provisional)" if code in checked.provisional else ""
        begun = f"{len(found):>8,}  {code:<8} "
        for paragraph in (f"{in_short(found[0].message)}{provisional}", _where(found, checked)):
            # An identifier is never broken: somebody will search for it.
            yield from textwrap.wrap(
                paragraph,
                width,
                initial_indent=begun,
                subsequent_indent=" " * _INDENT,
                break_long_words=False,
                break_on_hyphens=False,
            )
            begun = " " * _INDENT
    if notes := offered(checked):
        yield ""
        yield from textwrap.wrap(
            "What is right as it stands can be explained in these words, which must be used "
            f"exactly. They are those of {EDITION}: check the current guide.",
            width,
        )
        yield from (f"  {note}" for note in notes.values())
    yield ""
    for remark in checked.left_out:
        yield from textwrap.wrap(remark, width)


_INDENT = 19


def _where(found: list[Finding], checked: Checked) -> str:
    """Of how many children the findings of a rule are, and where the first of them is."""
    first, parts = found[0], []
    if first.line is not None:
        parts.append(f"line {first.line:,}")
    if first.child is not None:
        parts.append(f"child {first.child}")
    value = f" {first.value}" if first.value is not None else ""
    parts.append(f"{first.element}{value}")
    if len(found) == 1:
        return ", ".join(parts)
    said = []
    children = len({one.child for one in found if one.child is not None})
    if is_of_most(found, checked):
        everyone = checked.totals["children"]
        of = "all" if children == everyone else f"{children:,} of the"
        said.append(f"of {of} {everyone:,} children")
    elif children > 1:
        said.append(f"of {children:,} children")
    if only := only_value(found):
        said.append(f"each {only}")
    return "; ".join([*said, f"first: {', '.join(parts)}"])

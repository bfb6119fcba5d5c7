"""What is likely behind many findings at once, so that it is told once and mended once.

It is judged from the findings and from how many children there are, and says what to look at first.
It leaves no finding out.
"""

from collections.abc import Sequence

from harbourlight.returns.cin.conditions import year_name
from harbourlight.returns.cin.elements import ELEMENTS
from harbourlight.returns.cin.findings import Checked, Finding

FEWEST = 20
"""Findings, below which what they have in common may be chance."""


OF_MOST = (
    "What is so of most children has one cause: look at what the system that made the file writes "
    "there, before you look at any child."
)


def is_of_most(found: Sequence[Finding], checked: Checked) -> bool:
    """Whether the findings of one rule are of half the children or more, and more than chance."""
    children = len({finding.child for finding in found if finding.child is not None})
    return children >= FEWEST and children * 2 >= checked.totals.get("children", 0)


def only_value(found: Sequence[Finding]) -> str:
    """That every finding of one rule says the same, as `ReferralNFA says true`; empty where not."""
    values = {(finding.element, finding.value) for finding in found}
    if len(found) < FEWEST or len(values) > 1:
        return ""
    ((element, value),) = values
    return f"{element} says {value}" if value is not None else ""


def shape_of_another_year(checked: Checked) -> str:
    """That most children have an element of another year's census; empty where they have not."""
    having: dict[str, set[str | None]] = {}
    for finding in checked.findings:
        if finding.rule == "schema-year":
            having.setdefault(finding.element, set()).add(finding.child)
    everyone = checked.totals.get("children", 0)
    names = [name for name, children in having.items() if len(children) * 2 >= everyone]
    if not names or not everyone:
        return ""
    name, year = names[0], checked.census.name
    element = ELEMENTS[name]
    if element.until is not None and element.until < checked.census.year:
        last, another = year_name(element.until), "an earlier"
        known = f"which the census has not had since {last}"
    else:
        first, another = year_name(element.since or checked.census.year), "a later"
        known = f"which the census does not have before {first}"
    return (
        f"Most children have {name}, {known}: the file has the shape of {another} year’s. If it is "
        f"of {another} year, give --year to check it as that. If it is of {year}, the system that "
        "made it is set to another year: put that right first, and make the file again."
    )

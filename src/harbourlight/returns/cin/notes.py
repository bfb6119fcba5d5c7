"""The wordings with which the department accepts what a query or a year-on-year check is left with.

A return-level note must have exactly these words. They are those of the 2023/24 guide (sections
1.9 and 1.10, version 1.0; Crown copyright, Open Government Licence v3.0) and may change by year:
look at the current one before relying on them.
"""

from collections.abc import Collection

from harbourlight.returns.cin.findings import Checked
from harbourlight.returns.cin.rule import Totals

EDITION = "2023/24"

_CHECKED = (
    "{code}: All records have been checked and can confirm that the data has been amended "
    "(where required)"
)
_REVIEWED = (
    "The validation YonY {number} has been reviewed and the {what} from the previous return to "
    "this is as expected"
)

_ALL_CORRECT = f"{_CHECKED} and the data is now correct in all instances."

_QUERIES = {
    "2991Q": _ALL_CORRECT,
    "8530Q": _ALL_CORRECT,
    "8535Q": (
        f"{_CHECKED}. All remaining queries relate to pregnancies that did not proceed to full "
        "term or the child died before or during birth."
    ),
    "8670Q": (
        f"{_CHECKED}. All remaining queries relate to open assessments longer than 45 working days."
    ),
    "8675Q": (
        f"{_CHECKED}. All remaining queries relate to initial child protection conferences that "
        "took place after the year end."
    ),
    "8775Q": (
        f"{_CHECKED}. All remaining queries relate to individuals aged over 25 years and the data "
        "is now correct in all instances."
    ),
    "8825Q": (
        f"{_CHECKED}. All remaining queries relate to assessments that were completed in the "
        "previous reporting period or where an assessment was not required."
    ),
}
_CHECKS = {
    "YonY01": "decrease in number of child records",
    "YonY02": "change in referrals",
    "YonY03": "change in assessments",
    "YonY04": "change in S47 enquiries",
    "YonY05": "change in CPP",
    "YonY06": "change in CPP starting",
    "YonY07": "change in CPP ending",
}

NOTES = {code: words.format(code=code) for code, words in _QUERIES.items()} | {
    code: _REVIEWED.format(number=code.removeprefix("YonY"), what=what)
    for code, what in _CHECKS.items()
}
"""The note for each code that has one."""


def offered(checked: Checked) -> dict[str, str]:
    """The notes that what was found may be explained with, by code."""
    codes = {finding.rule for finding in checked.findings}
    return notes_for(codes, now=checked.totals, then=checked.last_year)


def notes_for(codes: Collection[str], *, now: Totals, then: Totals) -> dict[str, str]:
    """The notes for codes that were found, given what the return counts to, and last year's did."""
    left = set(codes)
    if now.get("children", 0) >= then.get("children", 0):
        left.discard("YonY01")  # its words are of a decrease
    return {code: note for code, note in NOTES.items() if code in left}

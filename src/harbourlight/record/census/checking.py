"""Checking a file that another system made. Nothing of it is matched to the record, or kept in it.

The file itself is let go of once it has been checked.
"""

from collections.abc import Callable
from datetime import datetime
from itertools import islice

from django.db import transaction

from harbourlight.dataset.unreadable import UnreadableSource
from harbourlight.foundation.notices import actions as notices
from harbourlight.record.census import folder
from harbourlight.record.census.models import KINDS, CheckedFile, FileFinding
from harbourlight.returns.cin.checking import check
from harbourlight.returns.cin.findings import Checked, Finding

TOLD = "census-file:checked"
"""The notice that a file has been checked, or cannot be."""

_STEPS = 100
_CHECKED = 80
_AT_ONCE = 2_000
"""Rows written by one statement."""


def check_given(given: CheckedFile, *, at: datetime, tell: Callable[[int, int], None]) -> None:
    """Check a file that was given and keep what is found, or why it cannot be read.

    The file is let go of once it has been checked: what is kept is what was found.
    """
    try:
        checked = check(
            folder.path_of(given.file),
            year=given.asked_year,
            last_year=folder.path_of(given.last_file) if given.last_file else None,
            progress=lambda share: tell(int(share * _CHECKED), _STEPS),
        )
    except UnreadableSource as error:
        given.state, given.refused = CheckedFile.State.REFUSED, _in_words(error, given)
        with transaction.atomic():
            _let_go(given, at)
        return
    found = ((one, _row_of(one, given)) for one in checked.findings)
    with transaction.atomic():
        done = 0
        of_children = (row for one, row in found if one.is_of_a_child or one.child)
        while rows := [*islice(of_children, _AT_ONCE)]:
            FileFinding.objects.bulk_create(rows)
            done += len(rows)
            left = _STEPS - _CHECKED
            tell(_CHECKED + left * done // max(1, len(checked.findings)), _STEPS)
        _say(given, checked)
        _let_go(given, at)


def _row_of(finding: Finding, given: CheckedFile) -> FileFinding:
    return FileFinding(
        checked_file=given,
        named=finding.child or "",
        kind=KINDS[finding.kind],
        rule=finding.rule,
        message=finding.message,
        module=finding.module,
        element=finding.element,
        value=finding.value,
        line=finding.line,
    )


def _say(given: CheckedFile, checked: Checked) -> None:
    given.state = CheckedFile.State.CHECKED
    given.year, given.rules_year = checked.census.year, checked.rules_of.year
    given.authority = checked.authority[:20]
    given.children = checked.totals["children"]
    given.totals, given.last_year = dict(checked.totals), dict(checked.last_year)
    given.assumed, given.left_out = checked.assumed, checked.left_out
    given.whole = [
        one.fields() | {"kind": KINDS[one.kind]}
        for one in checked.findings
        if not (one.is_of_a_child or one.child)
    ]


def _let_go(given: CheckedFile, at: datetime) -> None:
    names = given.file, given.last_file
    given.checked_at, given.file, given.last_file = at, "", ""
    given.save()
    notices.tell(given.by, TOLD, at=at, file_id=given.pk)
    transaction.on_commit(lambda: folder.forget(*names))


def _in_words(error: UnreadableSource, given: CheckedFile) -> str:
    """Why it cannot be read. Its own name is on the page; the one it was kept under is nobody's."""
    where = f"Line {error.line:,}: " if error.line is not None else ""
    whose = "Last year’s file. " if error.file == given.last_file else ""
    return f"{whose}{where}{error.wrong} {error.remedy}"

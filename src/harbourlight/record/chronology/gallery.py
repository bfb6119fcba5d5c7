"""What a chronology looks like in the gallery of components. All of it is invented."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from harbourlight.record.chronology.presenters import Entry

_PLAIN = Entry(
    title="Contact from a school",
    who="",
    href="",
    on=None,
    at=None,
    by="",
    text="",
    more="",
    late="",
    is_significant=False,
    marked_by="",
    child_id="",
    kind="",
    key="",
)


def happenings() -> dict[str, Any]:
    """Something with no date; something significant, told of late and of several; a long text."""
    return {
        "entries": [
            _PLAIN,
            replace(
                _PLAIN,
                title="Visit",
                who="Alex Example and Blake Example",
                href="#visit",
                at=datetime(2026, 11, 23, 14, 5, tzinfo=UTC),
                by="Sam Social-Worker",
                text="Both were seen alone.",
                late="Recorded 41 days afterwards.",
                is_significant=True,
                marked_by="Tam Over",
            ),
            replace(_PLAIN, title="Referral", on=date(2026, 6, 1), more="A long account.\n" * 20),
        ]
    }

"""Which censuses are made on a day, and which is shown first."""

from datetime import date

from harbourlight.returns.cin.conditions import Census

_COLLECTION_CLOSES = (7, 31)
"""The day of the year on which the collection of the census that ended in March closes
(`domain.md` 10)."""


def running(on: date) -> int:
    """The census whose year a day is in, by the year in which it ends."""
    return on.year if on <= Census(on.year).reference_date else on.year + 1


def made_on(on: date) -> tuple[int, int]:
    """The censuses made on a day, the earlier first: the one last ended, and the one running."""
    year = running(on)
    return year - 1, year


def shown_first(on: date) -> int:
    """The one people work on: that which ended in March until its collection closes, then the one
    that is running."""
    ended, year = made_on(on)
    closes = date(ended, *_COLLECTION_CLOSES)
    return ended if on <= closes else year

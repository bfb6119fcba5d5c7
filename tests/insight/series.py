"""Months made up from a few numbers, for tests of charts and what they say."""

from datetime import date

from harbourlight.insight.process_behaviour import Month
from harbourlight.standards.clocks import add_months

FIRST = date(2024, 4, 1)
LATER = date(2034, 3, 31)
"""A day by which every month made up here is over."""


def months(numerators, of=100, first=FIRST):
    """Consecutive months; None is a month with nothing to count."""
    return [
        Month(add_months(first, place), count or 0, 0 if count is None else of)
        for place, count in enumerate(numerators)
    ]


ORDINARY = (80, 84, 78, 82, 86, 80, 77, 83, 81, 85, 79, 82)
"""Ordinary months: mean 81.42, average moving range 48/11 = 4.364, limits 69.81 and 93.02."""

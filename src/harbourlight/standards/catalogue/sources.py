"""The documents that more than one standard cites."""

from datetime import date

from harbourlight.standards.sources import Mark, Source

WORKING_TOGETHER_2013 = date(2013, 4, 15)
"""The edition of *Working together* that brought the single assessment and its 45 working days came
into force on 15 April 2013 [general knowledge, not yet checked against the text]. Later editions,
2026 among them, are taken to keep the limits until someone has read them and says otherwise. Limits
of earlier editions are not held, so what began before this day is not judged."""

NATIONAL_INDICATORS_2008 = date(2008, 4, 1)
"""The national indicator set, from which the measures of repeat and long plans descend, began in
April 2008 [general knowledge]."""


def census_guide(place: str) -> Source:
    """A place in the census guide, which restates statutory guidance on the clocks."""
    return Source(
        "DfE, Children in need census 2023 to 2024 guide v1.0",
        place,
        Mark.VERIFIED,
        "The guide restates Working together; no paragraph of Working together was read.",
    )


def review_procedures() -> Source:
    """Where the intervals between conferences were read."""
    return Source(
        "Local safeguarding procedures restating Working together",
        "North Yorkshire SCP; tri.x; NYAS",
        Mark.SECONDARY,
    )

"""Every rule of the children in need census, by the part of the census it is about."""

from functools import cache

from harbourlight.returns.cin.rule import Applied, Kind, Rule
from harbourlight.returns.cin.rules import (
    assessments,
    children,
    cin_plans,
    episodes,
    pre_proceedings,
    protection_plans,
    section_47,
    whole_return,
    year_on_year,
)

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            *whole_return.RULES,
            *children.RULES,
            *episodes.RULES,
            *assessments.RULES,
            *cin_plans.RULES,
            *section_47.RULES,
            *protection_plans.RULES,
            *pre_proceedings.RULES,
        ),
        key=lambda rule: (rule.is_provisional, int(rule.code.removesuffix("Q"))),
    )
)
"""Every rule there has been since 2022/23 whose text is known, in the order of their codes."""

YEAR_ON_YEAR = year_on_year.CHECKS

WITHDRAWN = {"8617": 2023, "8899Q": 2023}
"""Rules whose text is not known to us, with the last census that had them. They are not checked,
and a report on a census of those years says so."""

BY_CODE = {rule.code: rule for rule in RULES}

FIRST_YEAR, LAST_YEAR = 2023, 2027
"""The censuses whose rules are known. An earlier one is checked by the rules of the first."""


@cache
def rules_of(year: int) -> tuple[Applied, ...]:
    """The rules of the census of a year, as they stood in it."""
    return tuple(rule.in_year(year) for rule in RULES if rule.is_in(year))


__all__ = ["BY_CODE", "RULES", "WITHDRAWN", "YEAR_ON_YEAR", "Kind", "rules_of"]

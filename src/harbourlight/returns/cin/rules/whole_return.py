"""Rules about the header and about the return as a whole."""

from datetime import date

from harbourlight.returns.cin.rule import Edition, Kind, Rule, Totals


def _reference_date_is_wrong(totals: Totals) -> bool:
    year, day = totals.get("header_year"), totals.get("header_reference_date")
    if not year or not day:
        return True
    given = date.fromordinal(day)
    return (given.year, given.month, given.day) != (year, 3, 31)


def _share_without_sex(totals: Totals) -> str:
    return _share(totals["children_without_sex"], totals["children"])


def _share_without_gender(totals: Totals) -> str:
    return _share(totals["children_without_gender"], totals["children"])


def _share(some: int, of: int) -> str:
    return f"{some:,} of {of:,} children"


def _conferences(totals: Totals) -> int:
    return totals["conferences_on_transfer"] + totals["conferences_after_enquiry"]


RULES = (
    Rule(
        code="100",
        kind=Kind.ERROR,
        module="Header",
        fields=("ReferenceDate", "Year"),
        message="Reference Date is incorrect",
        says="The header's ReferenceDate is 31 March of its Year.",
        over=None,
        fails=_reference_date_is_wrong,
    ),
    Rule(
        code="2883",
        kind=Kind.ERROR,
        module="ChildProtectionPlans",
        fields=("CPPstartDate", "DateOfInitialCPC"),
        message=(
            "There are more child protection plans starting than initial conferences taking place"
        ),
        says=(
            "No more child protection plans start in the year than initial conferences are held in "
            "it, after an enquiry or on a transfer in."
        ),
        over=None,
        fails=lambda totals: totals["plans_started"] > _conferences(totals),
        figures=lambda totals: (
            f"{totals['plans_started']:,} plans, {_conferences(totals):,} conferences"
        ),
    ),
    Rule(
        code="2886Q",
        kind=Kind.QUERY,
        module="ChildIdentifiers",
        fields=("Sex", "PersonBirthDate", "ExpectedPersonBirthDate"),
        message=(
            "Please check and either amend or provide a reason: Percentage of children with no sex "
            "recorded is more than 2% (excluding unborns)"
        ),
        says=(
            "Of all children, no more than 2% have a Sex that is missing or U and no "
            "ExpectedPersonBirthDate."
        ),
        over=None,
        fails=lambda totals: totals["children_without_sex"] * 50 > totals["children"],
        figures=_share_without_sex,
        editions=(
            Edition(
                until=2024,
                fails=lambda totals: totals["children_without_gender"] * 50 > totals["children"],
                fields=("GenderCurrent", "PersonBirthDate", "ExpectedPersonBirthDate"),
                message=(
                    "Please check and either amend or provide a reason: Percentage of children "
                    "with no gender recorded is more than 2% (excluding unborns)"
                ),
                says=(
                    "Of all children, no more than 2% have a GenderCurrent that is missing or 0 "
                    "and no ExpectedPersonBirthDate."
                ),
                figures=_share_without_gender,
            ),
        ),
    ),
    Rule(
        code="2887Q",
        kind=Kind.QUERY,
        module="Disabilities",
        fields=("Disability",),
        message=(
            "Please check and either amend or provide a reason: Less than 8 disability codes have "
            "been used in your return"
        ),
        says="At least eight different Disability codes are used in the return, besides NONE.",
        over=None,
        fails=lambda totals: totals["disability_codes"] < 8,
        figures=lambda totals: f"{totals['disability_codes']} codes",
    ),
    Rule(
        code="2888Q",
        kind=Kind.QUERY,
        module="Disabilities",
        fields=("Disability",),
        message=(
            "Please check and either amend or provide a reason: Only one disability code is "
            "recorded per child and multiple disabilities should be recorded where possible."
        ),
        says="At least one child has more than one Disability code, besides NONE.",
        over=None,
        fails=lambda totals: not totals["children_with_several_disabilities"],
        figures=lambda totals: (
            f"{totals['children_with_several_disabilities']:,} children with several"
        ),
    ),
)

"""Rules about child in need plans, and about such a plan beside a child protection plan."""

from harbourlight.returns.cin.conditions import (
    REFERENCE_DATE,
    child,
    cin_plan,
    episode,
    how_many,
    protection_plan,
    review,
    some,
)
from harbourlight.returns.cin.rule import Kind, Rule

_another = cin_plan.again()

RULES = (
    Rule(
        code="4000",
        kind=Kind.ERROR,
        module="CINplanDates",
        fields=("ReferralNFA", "CINPlanStartDate"),
        message="CIN Plan details provided for a referral with no further action",
        says="A referral with no further action has no CINPlanDates.",
        over=episode,
        fails=episode.ReferralNFA.is_true & some(cin_plan, within=episode),
    ),
    Rule(
        code="4001",
        kind=Kind.ERROR,
        module="CINplanDates",
        fields=("CINPlanEndDate", "CPPendDate"),
        message="A CIN Plan cannot run concurrently with a Child Protection Plan",
        says=(
            "An episode with a child protection plan that has not ended has no CIN plan that "
            "has not ended."
        ),
        over=cin_plan,
        fails=cin_plan.CINPlanEndDate.is_missing
        & some(protection_plan, within=episode, where=protection_plan.CPPendDate.is_missing),
    ),
    Rule(
        code="4003",
        kind=Kind.ERROR,
        module="Reviews",
        fields=("CPPreviewDate", "CPPendDate", "CINPlanStartDate", "CINPlanEndDate"),
        message=("A CPP review date is shown as being held at the same time as an open CIN Plan."),
        says=(
            "No CPPreviewDate falls from the start of a CIN plan of the same episode to its end "
            "(or to the reference date where it has none), but for a review on the day the "
            "child protection plan ended."
        ),
        over=review,
        fails=some(
            cin_plan,
            within=episode,
            where=review.CPPreviewDate.is_from(
                cin_plan.CINPlanStartDate, to=cin_plan.CINPlanEndDate.or_else(REFERENCE_DATE)
            ),
        )
        & ~review.CPPreviewDate.is_same_as(protection_plan.CPPendDate),
    ),
    Rule(
        code="4004",
        kind=Kind.ERROR,
        module="CINplanDates",
        fields=("CINPlanEndDate",),
        message="This child is showing more than one open CIN Plan, i.e. with no End Date",
        says="A child has at most one CIN plan that has not ended.",
        over=cin_plan,
        fails=cin_plan.CINPlanEndDate.is_missing
        & how_many(_another, within=child, where=_another.CINPlanEndDate.is_missing).is_more_than(
            1
        ),
    ),
    Rule(
        code="4008",
        kind=Kind.ERROR,
        module="ChildIdentifiers",
        fields=("PersonDeathDate", "CINPlanStartDate"),
        message="CIN Plan shown as starting after the child’s Date of Death.",
        says="No CIN plan starts after PersonDeathDate.",
        over=cin_plan,
        fails=cin_plan.CINPlanStartDate.is_after(child.PersonDeathDate),
    ),
    Rule(
        code="4009Q",
        kind=Kind.QUERY,
        module="ChildIdentifiers",
        fields=("PersonDeathDate", "CINPlanEndDate"),
        message="CIN Plan cannot end after the child’s Date of Death",
        says="No CIN plan ends after PersonDeathDate.",
        over=cin_plan,
        fails=cin_plan.CINPlanEndDate.is_after(child.PersonDeathDate),
        an_error_until=2023,
    ),
    Rule(
        code="4010",
        kind=Kind.ERROR,
        module="CINplanDates",
        fields=("CINPlanStartDate",),
        message="CIN Plan start date is missing or out of data collection period",
        says="CINPlanStartDate is given, and is not after the reference date.",
        over=cin_plan,
        fails=cin_plan.CINPlanStartDate.is_missing
        | cin_plan.CINPlanStartDate.is_after(REFERENCE_DATE),
    ),
    Rule(
        code="4011",
        kind=Kind.ERROR,
        module="CINplanDates",
        fields=("CINPlanEndDate", "CINPlanStartDate"),
        message="CIN Plan End Date earlier than Start Date",
        says="No CIN plan ends before it starts.",
        over=cin_plan,
        fails=cin_plan.CINPlanEndDate.is_before(cin_plan.CINPlanStartDate),
    ),
    Rule(
        code="4012Q",
        kind=Kind.QUERY,
        module="CINplanDates",
        fields=("CINPlanStartDate", "CINPlanEndDate"),
        message=(
            "Please check and either amend or provide a reason: CIN Plan shown as starting and "
            "ending on the same day"
        ),
        says="No CIN plan starts and ends on one day.",
        over=cin_plan,
        fails=cin_plan.CINPlanStartDate.is_same_as(cin_plan.CINPlanEndDate),
    ),
    Rule(
        code="4013",
        kind=Kind.ERROR,
        module="CINplanDates",
        fields=("CINPlanEndDate", "ReferenceDate"),
        message="CIN Plan end date must fall within the census year",
        says="A CINPlanEndDate is in the census year.",
        over=cin_plan,
        fails=cin_plan.CINPlanEndDate.is_present & ~cin_plan.CINPlanEndDate.is_in_the_year,
    ),
    Rule(
        code="4014",
        kind=Kind.ERROR,
        module="CINplanDates",
        fields=("CINPlanStartDate", "CINPlanEndDate", "ReferenceDate"),
        message="CIN Plan data contains overlapping dates",
        says=(
            "No CIN plan of a child starts from the day another starts to the day it ends, or "
            "to the reference date where it has not."
        ),
        over=cin_plan,
        fails=some(
            _another,
            within=child,
            where=_another.is_not(cin_plan)
            & cin_plan.CINPlanStartDate.is_from(
                _another.CINPlanStartDate, to=_another.CINPlanEndDate.or_else(REFERENCE_DATE)
            ),
        ),
    ),
    Rule(
        code="4015",
        kind=Kind.ERROR,
        module="CINplanDates",
        fields=("CINPlanStartDate", "CINreferralDate"),
        message="The CIN Plan start date cannot be before the referral date",
        says="A CIN plan does not start before its episode's CINreferralDate.",
        over=cin_plan,
        fails=cin_plan.CINPlanStartDate.is_before(episode.CINreferralDate),
    ),
    Rule(
        code="4016",
        kind=Kind.ERROR,
        module="CINplanDates",
        fields=("CINPlanStartDate", "CPPstartDate", "CPPendDate"),
        message=(
            "A CIN Plan has been reported as open at the same time as a Child Protection Plan."
        ),
        says=(
            "No CIN plan starts from the day a child protection plan of the child starts to the "
            "day before it ends, or to the reference date where it has not."
        ),
        over=cin_plan,
        fails=some(
            protection_plan,
            within=child,
            where=cin_plan.CINPlanStartDate.is_from(
                protection_plan.CPPstartDate, to=protection_plan.CPPendDate.or_else(REFERENCE_DATE)
            )
            & ~cin_plan.CINPlanStartDate.is_same_as(protection_plan.CPPendDate),
        ),
    ),
    Rule(
        code="4017",
        kind=Kind.ERROR,
        module="CINplanDates",
        fields=("CINPlanStartDate", "CINPlanEndDate", "CPPstartDate"),
        message=(
            "A CIN Plan has been reported as open at the same time as a Child Protection Plan."
        ),
        says=(
            "No child protection plan starts from the day a CIN plan of the child starts to the "
            "day before it ends, or to the reference date where it has not."
        ),
        over=protection_plan,
        fails=some(
            cin_plan,
            within=child,
            where=protection_plan.CPPstartDate.is_from(
                cin_plan.CINPlanStartDate, to=cin_plan.CINPlanEndDate.or_else(REFERENCE_DATE)
            )
            & ~protection_plan.CPPstartDate.is_same_as(cin_plan.CINPlanEndDate),
        ),
    ),
)

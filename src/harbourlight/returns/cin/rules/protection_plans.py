"""Rules about child protection plans and their reviews."""

from harbourlight.returns.cin.conditions import (
    REFERENCE_DATE,
    child,
    enquiry,
    episode,
    how_many,
    none,
    protection_plan,
    review,
    reviews,
    some,
)
from harbourlight.returns.cin.rule import Kind, Rule

_another = protection_plan.again()

RULES = (
    Rule(
        code="1105",
        kind=Kind.ERROR,
        module="ChildProtectionPlans",
        fields=("CPPstartDate", "CINreferralDate"),
        message="The child protection plan start date cannot be before the referral date",
        says=("A child protection plan does not start before its episode's CINreferralDate."),
        over=protection_plan,
        fails=protection_plan.CPPstartDate.is_before(episode.CINreferralDate),
    ),
    Rule(
        code="2885",
        kind=Kind.ERROR,
        module="ChildProtectionPlans",
        fields=("CPPstartDate", "DateOfInitialCPC"),
        message=(
            "Child protection plan shown as starting a different day to the initial child "
            "protection conference."
        ),
        says=(
            "A child protection plan that starts in the census year starts on the day of a "
            "conference after an enquiry of its episode or, where the episode has no enquiry, "
            "on its DateOfInitialCPC."
        ),
        over=protection_plan,
        fails=protection_plan.CPPstartDate.is_in_the_year
        & none(
            enquiry,
            within=episode,
            where=enquiry.DateOfInitialCPC.is_same_as(protection_plan.CPPstartDate),
        )
        & ~(
            none(enquiry, within=episode)
            & episode.DateOfInitialCPC.is_same_as(protection_plan.CPPstartDate)
        ),
    ),
    Rule(
        code="8720",
        kind=Kind.ERROR,
        module="ChildProtectionPlans",
        fields=("CPPstartDate", "ReferenceDate"),
        message="Child Protection Plan Start Date missing or out of data collection period",
        says="CPPstartDate is given, and is not after the reference date.",
        over=protection_plan,
        fails=protection_plan.CPPstartDate.is_missing
        | protection_plan.CPPstartDate.is_after(REFERENCE_DATE),
    ),
    Rule(
        code="8730",
        kind=Kind.ERROR,
        module="ChildProtectionPlans",
        fields=("NumberOfPreviousCPP",),
        message="Total Number of previous Child Protection Plans missing",
        says="NumberOfPreviousCPP is given, and is nought or more.",
        over=protection_plan,
        fails=protection_plan.NumberOfPreviousCPP.is_missing,
    ),
    Rule(
        code="8832",
        kind=Kind.ERROR,
        module="ChildProtectionPlans",
        fields=("ReferralNFA", "CPPstartDate"),
        message="Child Protection details provided for a referral with no further action.",
        says="A referral with no further action has no ChildProtectionPlans.",
        over=episode,
        fails=episode.ReferralNFA.is_true & some(protection_plan, within=episode),
    ),
    Rule(
        code="8840",
        kind=Kind.ERROR,
        module="ChildProtectionPlans",
        fields=("CPPstartDate", "CPPendDate"),
        message="Child Protection Plan cannot start and end on the same day",
        says="No child protection plan starts and ends on one day.",
        over=protection_plan,
        fails=protection_plan.CPPstartDate.is_same_as(protection_plan.CPPendDate),
    ),
    Rule(
        code="8841",
        kind=Kind.ERROR,
        module="ChildProtectionPlans",
        fields=("CPPstartDate", "CPPreviewDate"),
        message=(
            "The review date cannot be on the same day or before the Child protection Plan "
            "start date."
        ),
        says="Every review is after the day its plan starts.",
        over=review,
        fails=~review.CPPreviewDate.is_after(protection_plan.CPPstartDate)
        & review.CPPreviewDate.is_present
        & protection_plan.CPPstartDate.is_present,
        element="CPPreviewDate",
    ),
    Rule(
        code="8842Q",
        kind=Kind.QUERY,
        module="Reviews",
        fields=("CPPreviewDate",),
        message=(
            "Please check and either amend or provide a reason: Review Record has a missing date"
        ),
        says="Every review has a date.",
        over=review,
        fails=review.CPPreviewDate.is_missing,
        also=((reviews, none(review, within=reviews)),),
    ),
    Rule(
        code="8905",
        kind=Kind.ERROR,
        module="ChildProtectionPlans",
        fields=("InitialCategoryOfAbuse",),
        message=(
            "Initial Category of Abuse code missing or invalid (see Category of Abuse table in "
            "CIN Census code set)"
        ),
        says="InitialCategoryOfAbuse is given, and is one of its codes.",
        over=protection_plan,
        fails=~protection_plan.InitialCategoryOfAbuse.is_a_code_of("category_of_abuse"),
    ),
    Rule(
        code="8910",
        kind=Kind.ERROR,
        module="ChildProtectionPlans",
        fields=("LatestCategoryOfAbuse",),
        message=(
            "Latest Category of Abuse code missing or invalid (see Category of Abuse table in "
            "CIN Census code set)"
        ),
        says="LatestCategoryOfAbuse is given, and is one of its codes.",
        over=protection_plan,
        fails=~protection_plan.LatestCategoryOfAbuse.is_a_code_of("category_of_abuse"),
    ),
    Rule(
        code="8915",
        kind=Kind.ERROR,
        module="ChildProtectionPlans",
        fields=("CPPstartDate", "PersonDeathDate"),
        message="Child Protection Plan shown as starting after the child’s Date of Death",
        says="No child protection plan starts after PersonDeathDate.",
        over=protection_plan,
        fails=protection_plan.CPPstartDate.is_after(child.PersonDeathDate),
    ),
    Rule(
        code="8920",
        kind=Kind.ERROR,
        module="ChildProtectionPlans",
        fields=("PersonDeathDate", "CPPendDate"),
        message="Child Protection Plan cannot end after the child’s Date of Death",
        says="No child protection plan ends after PersonDeathDate.",
        over=protection_plan,
        fails=protection_plan.CPPendDate.is_after(child.PersonDeathDate),
    ),
    Rule(
        code="8925",
        kind=Kind.ERROR,
        module="ChildProtectionPlans",
        fields=("CPPstartDate", "CPPendDate"),
        message="Child Protection Plan End Date earlier than Start Date",
        says="No child protection plan ends before it starts.",
        over=protection_plan,
        fails=protection_plan.CPPendDate.is_before(protection_plan.CPPstartDate),
        element="CPPendDate",
    ),
    Rule(
        code="8930",
        kind=Kind.ERROR,
        module="ChildProtectionPlans",
        fields=("CPPendDate", "ReferenceDate"),
        message="Child Protection Plan End Date must fall within the census year",
        says="A CPPendDate is in the census year.",
        over=protection_plan,
        fails=protection_plan.CPPendDate.is_present & ~protection_plan.CPPendDate.is_in_the_year,
    ),
    Rule(
        code="8935",
        kind=Kind.ERROR,
        module="ChildProtectionPlans",
        fields=("CPPendDate",),
        message=(
            "This child is showing more than one open Child Protection plan, i.e. with no End Date"
        ),
        says="A child has at most one child protection plan that has not ended.",
        over=protection_plan,
        fails=protection_plan.CPPendDate.is_missing
        & how_many(_another, within=child, where=_another.CPPendDate.is_missing).is_more_than(1),
    ),
    Rule(
        code="8940",
        kind=Kind.ERROR,
        module="ChildProtectionPlans",
        fields=("CPPstartDate", "CPPendDate"),
        message="Child Protection Plan data contains overlapping dates",
        says=(
            "No child protection plan of a child starts from the day another starts to the day "
            "it ends, or to the reference date where it has not."
        ),
        over=protection_plan,
        fails=some(
            _another,
            within=child,
            where=_another.is_not(protection_plan)
            & protection_plan.CPPstartDate.is_from(
                _another.CPPstartDate, to=_another.CPPendDate.or_else(REFERENCE_DATE)
            ),
        ),
    ),
)

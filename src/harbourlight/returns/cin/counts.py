"""What is counted over a whole return, for the rules and the year-on-year checks that ask it."""

from dataclasses import dataclass

from harbourlight.returns.cin.conditions import (
    ALWAYS,
    REFERENCE_DATE,
    Condition,
    Relation,
    Value,
    assessment,
    child,
    disability,
    enquiry,
    episode,
    how_many,
    pre_proceedings,
    protection_plan,
    some,
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of a relation fulfil a condition; or how many different values they have."""

    over: Relation
    where: Condition = ALWAYS
    different: tuple[Value, ...] = ()


_IS_A_DISABILITY = disability.Disability.is_a_code_of("disability") & ~(
    disability.Disability.is_one_of("NONE")
)

COUNTS = {
    "children": Count(child),
    "children_without_sex": Count(
        child,
        (child.Sex.is_missing | child.Sex.is_one_of("U"))
        & child.ExpectedPersonBirthDate.is_missing,
    ),
    "children_without_gender": Count(
        child,
        (child.GenderCurrent.is_missing | child.GenderCurrent.is_one_of("0"))
        & child.ExpectedPersonBirthDate.is_missing,
    ),
    "plans_started": Count(protection_plan, protection_plan.CPPstartDate.is_in_the_year),
    "conferences_on_transfer": Count(episode, episode.DateOfInitialCPC.is_in_the_year),
    "conferences_after_enquiry": Count(enquiry, enquiry.DateOfInitialCPC.is_in_the_year),
    "disability_codes": Count(disability, _IS_A_DISABILITY, (disability.Disability,)),
    "children_with_several_disabilities": Count(
        child, how_many(disability, within=child, where=_IS_A_DISABILITY).is_more_than(1)
    ),
    "children_with_pre_proceedings": Count(child, some(pre_proceedings, within=child)),
    "referrals": Count(episode, episode.CINreferralDate.is_in_the_year),
    "assessments": Count(assessment, assessment.AssessmentAuthorisationDate.is_in_the_year),
    "enquiries": Count(
        enquiry,
        enquiry.S47ActualStartDate.is_in_the_year,
        (child.LAchildID, enquiry.S47ActualStartDate),
    ),
    "plans_at_the_end": Count(
        protection_plan,
        ~protection_plan.CPPstartDate.is_after(REFERENCE_DATE)
        & protection_plan.CPPstartDate.is_present
        & (
            protection_plan.CPPendDate.is_missing
            | protection_plan.CPPendDate.is_after(REFERENCE_DATE)
        ),
    ),
    "plans_ended": Count(protection_plan, protection_plan.CPPendDate.is_in_the_year),
}

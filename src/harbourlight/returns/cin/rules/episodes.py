"""Rules about an episode of need: the referral, and how and when it was closed."""

from harbourlight.returns.cin.conditions import (
    REFERENCE_DATE,
    assessment,
    child,
    cin_plan,
    day,
    enquiry,
    episode,
    how_many,
    none,
    protection_plan,
    some,
    working_days_before_the_start,
)
from harbourlight.returns.cin.rule import Kind, Rule

_CLOSED = episode.CINclosureDate
_FORTY_WEEKS_ON = episode.CINreferralDate.plus(days=280)

_another = episode.again()
_IS_OPEN = episode.CINclosureDate.is_missing & episode.ReferralNFA.is_false
_ANOTHER_IS_OPEN = _another.CINclosureDate.is_missing & _another.ReferralNFA.is_false

RULES = (
    Rule(
        code="8555Q",
        kind=Kind.QUERY,
        module="CINdetails",
        fields=("PersonDeathDate", "CINreferralDate"),
        message="Child cannot be referred after its recorded date of death",
        says="No CINreferralDate is after PersonDeathDate.",
        over=episode,
        fails=episode.CINreferralDate.is_after(child.PersonDeathDate),
        an_error_until=2023,
    ),
    Rule(
        code="2990",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=(
            "ReasonForClosure",
            "S47ActualStartDate",
            "CPPstartDate",
            "DateOfInitialCPC",
            "CINPlanStartDate",
        ),
        message=(
            "Activity is recorded against a case marked as ‘Case closed after assessment, no "
            "further action’ or 'case closed after assessment, referred to early help'."
        ),
        says=(
            "An episode closed as RC8 or RC9 has no Section47, ChildProtectionPlans, "
            "CINPlanDates or DateOfInitialCPC."
        ),
        over=episode,
        fails=episode.ReasonForClosure.is_one_of("RC8", "RC9")
        & (
            some(enquiry, within=episode)
            | some(protection_plan, within=episode)
            | some(cin_plan, within=episode)
            | episode.DateOfInitialCPC.is_present
        ),
    ),
    Rule(
        code="2991Q",
        kind=Kind.QUERY,
        module="CINdetails",
        fields=("S47ActualStartDate", "AssessmentActualStartDate"),
        message=(
            "Please check and either amend data or provide a reason: A Section 47 module is "
            "recorded and there is no assessment on the episode"
        ),
        says="An episode with a Section47 also has an Assessments.",
        over=episode,
        fails=some(enquiry, within=episode) & none(assessment, within=episode),
    ),
    Rule(
        code="8565",
        kind=Kind.ERROR,
        module="ChildProtectionPlans",
        fields=(
            "CINclosureDate",
            "DateOfInitialCPC",
            "AssessmentActualStartDate",
            "AssessmentAuthorisationDate",
            "S47ActualStartDate",
            "CPPendDate",
            "CINPlanStartDate",
            "CINPlanEndDate",
        ),
        message="Activity shown after a case has been closed",
        says=(
            "Nothing in an episode is dated after its CINclosureDate: no assessment's start or "
            "authorisation, no enquiry's start, no conference, no end of a child protection "
            "plan, no start or end of a CIN plan."
        ),
        over=episode,
        fails=episode.CINclosureDate.is_before(episode.DateOfInitialCPC)
        | some(
            assessment,
            within=episode,
            where=_CLOSED.is_before(assessment.AssessmentActualStartDate)
            | _CLOSED.is_before(assessment.AssessmentAuthorisationDate),
        )
        | some(
            enquiry,
            within=episode,
            where=_CLOSED.is_before(enquiry.S47ActualStartDate)
            | _CLOSED.is_before(enquiry.DateOfInitialCPC),
        )
        | some(protection_plan, within=episode, where=_CLOSED.is_before(protection_plan.CPPendDate))
        | some(
            cin_plan,
            within=episode,
            where=_CLOSED.is_before(cin_plan.CINPlanStartDate)
            | _CLOSED.is_before(cin_plan.CINPlanEndDate),
        ),
    ),
    Rule(
        code="8568",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=("ReferralNFA",),
        message="RNFA flag is missing or invalid",
        says="ReferralNFA is given, and is true or false (1 or 0).",
        over=episode,
        fails=episode.ReferralNFA.is_missing,
    ),
    Rule(
        code="8569Q",
        kind=Kind.QUERY,
        module="CINdetails",
        fields=("ReferralNFA",),
        message=(
            "A case with referral date before one working day prior to the collection start "
            "date must not be flagged as a no further action case"
        ),
        says=(
            "A referral before the last working day before 1 April has ReferralNFA false: it is "
            "not one with no further action."
        ),
        over=episode,
        fails=episode.CINreferralDate.is_before(working_days_before_the_start(1))
        & ~episode.ReferralNFA.is_false,
        an_error_until=2023,
    ),
    Rule(
        code="8585Q",
        kind=Kind.QUERY,
        module="CINdetails",
        fields=("ReasonForClosure", "PersonDeathDate"),
        message=(
            "Please check and either amend or provide a reason: CIN episode shows Died as the "
            "Closure Reason, however child has no recorded Date of Death"
        ),
        says="Where ReasonForClosure is RC2 (died) there is a PersonDeathDate.",
        over=episode,
        fails=episode.ReasonForClosure.is_one_of("RC2") & child.PersonDeathDate.is_missing,
    ),
    Rule(
        code="8600",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=("CINreferralDate",),
        message="Child referral date missing or after data collection period",
        says="CINreferralDate is given, and is not after the reference date.",
        over=episode,
        fails=episode.CINreferralDate.is_missing | episode.CINreferralDate.is_after(REFERENCE_DATE),
    ),
    Rule(
        code="8606",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=("CINreferralDate", "PersonBirthDate", "ExpectedPersonBirthDate"),
        message="Child referral date is more than 40 weeks before DOB or expected DOB",
        says=(
            "CINreferralDate is not more than 280 days before PersonBirthDate or "
            "ExpectedPersonBirthDate."
        ),
        over=episode,
        fails=_FORTY_WEEKS_ON.is_before(child.PersonBirthDate)
        | _FORTY_WEEKS_ON.is_before(child.ExpectedPersonBirthDate),
    ),
    Rule(
        code="8610",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=("ReferralNFA", "PrimaryNeedCode"),
        message="Primary Need code is missing for a referral which led to further action.",
        says="A referral that led to further action has a PrimaryNeedCode.",
        over=episode,
        fails=episode.ReferralNFA.is_false & episode.PrimaryNeedCode.is_missing,
        element="PrimaryNeedCode",
    ),
    Rule(
        code="8620",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=("CINclosureDate",),
        message="CIN Closure Date present and does not fall within the Census year",
        says="A CINclosureDate is in the census year.",
        over=episode,
        fails=episode.CINclosureDate.is_present & ~episode.CINclosureDate.is_in_the_year,
    ),
    Rule(
        code="8630",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=("CINreferralDate", "CINclosureDate"),
        message="CIN Closure Date is before CIN Referral Date for the same CIN episode",
        says="CINclosureDate is not before the CINreferralDate of its episode.",
        over=episode,
        fails=episode.CINclosureDate.is_before(episode.CINreferralDate),
        element="CINclosureDate",
    ),
    Rule(
        code="8640",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=("ReasonForClosure",),
        message=(
            "CIN Reason for closure code invalid (see Reason for Closure table in CIN Census "
            "code set)"
        ),
        says="A ReasonForClosure is one of its codes.",
        over=episode,
        fails=episode.ReasonForClosure.is_present
        & ~episode.ReasonForClosure.is_a_code_of("closure_reason"),
    ),
    Rule(
        code="8650",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=("PrimaryNeedCode",),
        message="Primary Need Code invalid (see Primary Need table in CIN census code set)",
        says="A PrimaryNeedCode is one of its codes.",
        over=episode,
        fails=episode.PrimaryNeedCode.is_present
        & ~episode.PrimaryNeedCode.is_a_code_of("primary_need"),
    ),
    Rule(
        code="8805",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=("CINclosureDate", "ReasonForClosure"),
        message="A CIN case cannot have a CIN closure date without a Reason for Closure",
        says="An episode with a CINclosureDate has a ReasonForClosure.",
        over=episode,
        fails=episode.CINclosureDate.is_present & episode.ReasonForClosure.is_missing,
    ),
    Rule(
        code="8810",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=("ReasonForClosure", "CINclosureDate"),
        message="A CIN case cannot have a Reason for Closure without a CIN Closure Date",
        says="An episode with a ReasonForClosure has a CINclosureDate.",
        over=episode,
        fails=episode.ReasonForClosure.is_present & episode.CINclosureDate.is_missing,
    ),
    Rule(
        code="8815",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=("ReferralNFA", "CINclosureDate"),
        message=(
            "More than one open CIN Details episode (a module with no CIN Closure Date) has "
            "been provided for this child and case is not a referral with no further action."
        ),
        says=(
            "A child has at most one open episode (no CINclosureDate) that is not a referral "
            "with no further action."
        ),
        over=episode,
        fails=_IS_OPEN & how_many(_another, within=child, where=_ANOTHER_IS_OPEN).is_more_than(1),
    ),
    Rule(
        code="8816",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=("CINreferralDate", "ReferralNFA"),
        message=(
            "An open CIN episode is shown and case is not a referral with no further action, "
            "but it is not the latest episode."
        ),
        says=(
            "An open episode that is not a referral with no further action is the child's latest."
        ),
        over=episode,
        fails=_IS_OPEN
        & some(
            _another, within=child, where=_another.CINreferralDate.is_after(episode.CINreferralDate)
        ),
    ),
    Rule(
        code="8820",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=("CINreferralDate", "CINclosureDate"),
        message="The dates on the CIN episodes for this child overlap",
        says=(
            "No referral falls from another CINreferralDate of the child to before its "
            "CINclosureDate, or to the reference date where that episode is open and not a "
            "referral with no further action. A referral on the day the one before was closed "
            "is right."
        ),
        over=episode,
        fails=some(
            _another,
            within=child,
            where=_another.is_not(episode)
            & ~episode.CINreferralDate.is_before(_another.CINreferralDate)
            & _another.CINreferralDate.is_present
            & (
                episode.CINreferralDate.is_before(_another.CINclosureDate)
                | (
                    _ANOTHER_IS_OPEN
                    & ~episode.CINreferralDate.is_after(REFERENCE_DATE)
                    & episode.CINreferralDate.is_present
                )
            ),
        ),
    ),
    Rule(
        code="8825Q",
        kind=Kind.QUERY,
        module="CINdetails",
        fields=("ReasonForClosure", "AssessmentActualStartDate"),
        message=(
            "Please check and either amend data or provide a reason: Reason for Closure code "
            "RC8 (case closed after assessment) or RC9 (case closed after assessment, referred "
            "to early help) has been returned but there is no assessment present for the "
            "episode."
        ),
        says="An episode closed as RC8 or RC9 has an Assessments.",
        over=episode,
        fails=episode.ReasonForClosure.is_one_of("RC8", "RC9") & none(assessment, within=episode),
    ),
    Rule(
        code="8831",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=(
            "ReferralNFA",
            "AssessmentActualStartDate",
            "AssessmentAuthorisationDate",
            "S47ActualStartDate",
            "DateOfInitialCPC",
        ),
        message=("Activity is recorded against a case marked as a referral with no further action"),
        says=(
            "A referral with no further action has no assessment, Section 47 enquiry or conference."
        ),
        over=episode,
        fails=episode.ReferralNFA.is_true
        & (
            episode.DateOfInitialCPC.is_present
            | some(
                assessment,
                within=episode,
                where=assessment.AssessmentActualStartDate.is_present
                | assessment.AssessmentAuthorisationDate.is_present,
            )
            | some(
                enquiry,
                within=episode,
                where=enquiry.S47ActualStartDate.is_present | enquiry.DateOfInitialCPC.is_present,
            )
        ),
    ),
    Rule(
        code="8866",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=("CINreferralDate", "ReferralSource"),
        message="Source of Referral is missing or an invalid code",
        says=(
            "A referral on or after 1 April 2013 has a ReferralSource, which is one of its codes."
        ),
        over=episode,
        fails=~episode.CINreferralDate.is_before(day(2013, 4, 1))
        & episode.CINreferralDate.is_present
        & ~episode.ReferralSource.is_a_code_of("referral_source"),
        element="ReferralSource",
    ),
)

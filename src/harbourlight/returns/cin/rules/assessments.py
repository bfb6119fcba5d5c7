"""Rules about assessments, and the factors found at them."""

from harbourlight.returns.cin.conditions import (
    PERIOD_START,
    REFERENCE_DATE,
    Constant,
    assessment,
    episode,
    factor,
    how_many,
    none,
    some,
    working_days_before_the_end,
)
from harbourlight.returns.cin.rule import Kind, Rule

_another = assessment.again()
_another_factor = factor.again()

RULES = (
    Rule(
        code="1103",
        kind=Kind.ERROR,
        module="Assessments",
        fields=("AssessmentActualStartDate", "CINreferralDate"),
        message="The assessment start date cannot be before the referral date",
        says="An assessment does not start before its episode's CINreferralDate.",
        over=assessment,
        fails=assessment.AssessmentActualStartDate.is_before(episode.CINreferralDate),
    ),
    Rule(
        code="8608",
        kind=Kind.ERROR,
        module="Assessments",
        fields=("AssessmentActualStartDate", "AssessmentAuthorisationDate"),
        message="Assessment Start Date cannot be later than its End Date",
        says="An assessment is not authorised before it starts.",
        over=assessment,
        fails=assessment.AssessmentAuthorisationDate.is_before(
            assessment.AssessmentActualStartDate
        ),
    ),
    Rule(
        code="8614",
        kind=Kind.ERROR,
        module="Assessments",
        fields=("AssessmentAuthorisationDate", "AssessmentFactors"),
        message=(
            "Parental or child factors at assessment should only be present for a completed "
            "assessment."
        ),
        says=("An assessment without an AssessmentAuthorisationDate has no AssessmentFactors."),
        over=assessment,
        fails=assessment.AssessmentAuthorisationDate.is_missing
        & some(factor, within=assessment, where=factor.AssessmentFactors.is_present),
    ),
    Rule(
        code="8670Q",
        kind=Kind.QUERY,
        module="Assessments",
        fields=("AssessmentActualStartDate",),
        message=(
            "Please check and either amend data or provide a reason: Assessment started more "
            "than 45 working days before the end of the census year. However, there is no "
            "Assessment end date."
        ),
        says=(
            "An assessment that is not authorised started no more than 45 working days before "
            "the reference date, which is day 0."
        ),
        over=assessment,
        fails=assessment.AssessmentAuthorisationDate.is_missing
        & assessment.AssessmentActualStartDate.is_before(working_days_before_the_end(45)),
    ),
    Rule(
        code="8696",
        kind=Kind.ERROR,
        module="Assessments",
        fields=("AssessmentAuthorisationDate", "ReferenceDate"),
        message="Assessment end date must fall within the census year",
        says="An AssessmentAuthorisationDate is in the census year.",
        over=assessment,
        fails=assessment.AssessmentAuthorisationDate.is_present
        & ~assessment.AssessmentAuthorisationDate.is_in_the_year,
    ),
    Rule(
        code="8736",
        kind=Kind.ERROR,
        module="Assessments",
        fields=("AssessmentAuthorisationDate", "AssessmentActualStartDate"),
        message=(
            "For an Assessment that has not been completed, the start date must fall within the "
            "census year"
        ),
        says="An assessment that is not authorised started in the census year.",
        over=assessment,
        fails=assessment.AssessmentAuthorisationDate.is_missing
        & ~assessment.AssessmentActualStartDate.is_in_the_year,
        element="AssessmentActualStartDate",
    ),
    Rule(
        code="8863Q",
        kind=Kind.QUERY,
        module="Assessments",
        fields=("AssessmentActualStartDate", "AssessmentAuthorisationDate"),
        message=("An Assessment is shown as starting when there is another Assessment ongoing."),
        says=(
            "Within an episode no assessment starts from the day another starts to the day it "
            "is authorised, or to the reference date where it is not."
        ),
        over=assessment,
        fails=some(
            _another,
            within=episode,
            where=_another.is_not(assessment)
            & assessment.AssessmentActualStartDate.is_from(
                _another.AssessmentActualStartDate,
                to=_another.AssessmentAuthorisationDate.or_else(REFERENCE_DATE),
            ),
        ),
        an_error_until=2023,
    ),
    Rule(
        code="8867",
        kind=Kind.ERROR,
        module="CINdetails",
        fields=("CINclosureDate", "AssessmentAuthorisationDate"),
        message=("CIN episode is shown as closed, however Assessment is not shown as completed"),
        says="Every assessment of an episode that is closed is authorised.",
        over=assessment,
        fails=episode.CINclosureDate.is_present & assessment.AssessmentAuthorisationDate.is_missing,
    ),
    Rule(
        code="8869",
        kind=Kind.ERROR,
        module="Assessments",
        fields=("AssessmentFactors",),
        message=(
            "The assessment factors code “21” cannot be used in conjunction with any other "
            "assessment factors."
        ),
        says="Where an assessment has the factor 21 (none identified) it has no other.",
        over=factor,
        fails=factor.AssessmentFactors.is_one_of("21")
        & how_many(_another_factor, within=assessment).is_more_than(1),
    ),
    Rule(
        code="8873Q",
        kind=Kind.QUERY,
        module="Assessments",
        fields=("ReasonForClosure", "AssessmentFactors"),
        message=(
            "Please check and either amend data or provide a reason: When there is only one "
            "assessment on the episode and the factors code “21 No factors identified” has been "
            "used for the completed assessment, the reason for closure ‘RC8’ or 'RC9' should be "
            "used."
        ),
        says=("An episode with one assessment, whose one factor is 21, is closed as RC8 or RC9."),
        over=factor,
        fails=factor.AssessmentFactors.is_one_of("21")
        & how_many(_another_factor, within=assessment).is_same_as(Constant(1))
        & how_many(_another, within=episode).is_same_as(Constant(1))
        & ~episode.ReasonForClosure.is_one_of("RC8", "RC9"),
        an_error_until=2023,
    ),
    Rule(
        code="8896",
        kind=Kind.ERROR,
        module="Assessments",
        fields=("AssessmentAuthorisationDate",),
        message="Within one CINDetails group there are 2 or more open Assessments groups",
        says="An episode has at most one assessment that is not authorised.",
        over=assessment,
        fails=assessment.AssessmentAuthorisationDate.is_missing
        & how_many(
            _another, within=episode, where=_another.AssessmentAuthorisationDate.is_missing
        ).is_more_than(1),
    ),
    Rule(
        code="8897Q",
        kind=Kind.QUERY,
        module="Assessments",
        fields=("AssessmentAuthorisationDate", "AssessmentFactors"),
        message=(
            "Parental or child factors at assessment information is missing from a completed "
            "assessment"
        ),
        says=(
            "An assessment authorised on or after 1 April at the start of the census year has "
            "at least one of the AssessmentFactors codes."
        ),
        over=assessment,
        fails=~assessment.AssessmentAuthorisationDate.is_before(PERIOD_START)
        & assessment.AssessmentAuthorisationDate.is_present
        & none(
            factor,
            within=assessment,
            where=factor.AssessmentFactors.is_a_code_of("assessment_factor"),
        ),
        an_error_until=2023,
    ),
    Rule(
        code="8898",
        kind=Kind.ERROR,
        module="Assessments",
        fields=("AssessmentFactors",),
        message=("The assessment has more than one parental or child factors with the same code"),
        says="No AssessmentFactors code is given twice in an assessment.",
        over=factor,
        fails=some(
            _another_factor,
            within=assessment,
            where=_another_factor.AssessmentFactors.is_same_as(factor.AssessmentFactors)
            & _another_factor.is_not(factor),
        ),
    ),
    Rule(
        code="8945Q",
        kind=Kind.QUERY,
        module="Assessments",
        fields=("AssessmentFactors",),
        message=(
            "Please check and either amend data or provide a reason: the assessment factors "
            "code '18A' should not be used ('18B' or '18C' should be used instead)"
        ),
        says="The factor 18A is not used: 18B or 18C is.",
        over=factor,
        fails=factor.AssessmentFactors.is_one_of("18A"),
        since=2025,
    ),
    Rule(
        code="8950Q",
        kind=Kind.QUERY,
        module="Assessments",
        fields=("AssessmentFactors",),
        message=(
            "Please check and either amend data or provide a reason: the assessment factors "
            "code '19A' should not be used ('19B' or '19C' should be used instead)"
        ),
        says="The factor 19A is not used: 19B or 19C is.",
        over=factor,
        fails=factor.AssessmentFactors.is_one_of("19A"),
        since=2025,
    ),
)

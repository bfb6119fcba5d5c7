"""Every standard we hold, by its code, in the order people read them.

Add a standard by declaring it in its area's module and naming it here; lists, boards, measures and
reports follow.
"""

from collections.abc import Mapping

from harbourlight.standards.catalogue.assessment import ASSESSMENT_IN_45_WORKING_DAYS
from harbourlight.standards.catalogue.front_door import DECISION_IN_ONE_WORKING_DAY, RE_REFERRAL
from harbourlight.standards.catalogue.protection import (
    CONFERENCE_IN_15_WORKING_DAYS,
    FIRST_REVIEW_IN_3_MONTHS,
    NEXT_REVIEW_IN_6_MONTHS,
    PLAN_UNDER_2_YEARS,
    REPEAT_PLAN,
)
from harbourlight.standards.standard import Standard

CATALOGUE: Mapping[str, Standard] = {
    standard.code: standard
    for standard in (
        DECISION_IN_ONE_WORKING_DAY,
        RE_REFERRAL,
        ASSESSMENT_IN_45_WORKING_DAYS,
        CONFERENCE_IN_15_WORKING_DAYS,
        FIRST_REVIEW_IN_3_MONTHS,
        NEXT_REVIEW_IN_6_MONTHS,
        PLAN_UNDER_2_YEARS,
        REPEAT_PLAN,
    )
}

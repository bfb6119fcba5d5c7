"""What fails which standard: known from the due days kept while the dates were made.

Each duty is the day (or second) it fell due, the one it was met, and the one it ceased to bind. It
fails if, as far as was known at the end of the last day, the due day had gone by first. Nothing is
read back from the tables, and the ledger is not asked.

Three duties are met by a row of another table: a decision, a review. `hl_coverage` does not claim
that those of before the first recorded day are all held, so a reader of the tables could not tell,
and what began before that day is not counted as failing them.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from harbourlight.simulate.columns import identifiers
from harbourlight.simulate.days import (
    NEVER,
    SECONDS_IN_DAY,
    Flags,
    Ints,
    add_months,
    add_working_days,
    date_of,
    day_of,
)
from harbourlight.simulate.journeys import LATE_ASSESSMENTS, LATE_ASSESSMENTS_STRAINED
from harbourlight.simulate.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Failing:
    """One standard and the subjects of one kind that fail it at the end of the last day.

    `about` is the word a ledger entry has for that kind of subject.
    """

    standard: str
    about: str
    means: str
    subjects: pa.Array

    def as_json(self) -> dict[str, Any]:
        """As it stands in the truth file."""
        return {
            "standard": self.standard,
            "about": self.about,
            "means": self.means,
            "subjects": self.subjects.to_pylist(),
        }


def make_truth(recorded: Recorded, *, children: int, years: int, seed: int) -> dict[str, Any]:
    """How the trust was made, what fails in it, what was not recorded, what truly changed."""
    period = recorded.story.period
    failings = [
        _late_contacts(recorded),
        _late_referrals(recorded),
        _re_referrals(recorded),
        _late_assessments(recorded),
        _late_conferences(recorded),
        _late_first_reviews(recorded),
        _late_next_reviews(recorded),
        _long_plans(recorded),
        _repeat_plans(recorded),
    ]
    return {
        "children": children,
        "years": years,
        "seed": seed,
        "first_day": date_of(period.first).isoformat(),
        "until": date_of(period.last).isoformat(),
        "failings": [failing.as_json() for failing in failings],
        "unrecorded": [
            {
                "rule": "8540",
                "about": "child",
                "means": "In need, and whether there is a disability was recorded by nobody.",
                "subjects": recorded.person_id(
                    recorded.people[recorded.disability_unrecorded]
                ).to_pylist(),
            }
        ],
        "changes": [
            {
                "standard": "ASM-45",
                "from": date_of(period.strained_from).isoformat(),
                "to": date_of(period.strained_to).isoformat(),
                "what": (
                    "Permanent workers left the assessment teams and agency workers came. Of the "
                    "assessments whose clock began in these months, more than twice as many as "
                    "before or after were late."
                ),
                "late_before_and_after": LATE_ASSESSMENTS,
                "late_meanwhile": LATE_ASSESSMENTS_STRAINED,
            }
        ],
    }


def _overran(due: Ints, met: Ints, last: int) -> Flags:
    """Whether the due day went by before the duty was met or ceased, or by `last` if neither."""
    return np.minimum(met, last) > due


def _decision_due(received_at: Ints) -> Ints:
    """The last second of the first working day after receipt."""
    return (add_working_days(day_of(received_at), 1) + 1) * SECONDS_IN_DAY - 1


def _late_contacts(recorded: Recorded) -> Failing:
    contacts, rows = recorded.story.contacts, recorded.contacts
    due = _decision_due(contacts.received_at[contacts.event[rows]])
    late = _overran(due, recorded.story.histories.decided_at[rows], recorded.last_second)
    late &= day_of(contacts.received_at[contacts.event[rows]]) >= recorded.story.period.first
    return Failing(
        "REF-DEC",
        "contact",
        "Received in the recorded period and not decided on by the end of the first working day "
        "after.",
        identifiers("C", np.flatnonzero(late)),
    )


def _late_referrals(recorded: Recorded) -> Failing:
    journeys, rows = recorded.story.histories.journeys, recorded.journeys
    due = _decision_due(journeys.received_at[rows])
    late = _overran(due, journeys.decided_at[rows], recorded.last_second)
    late &= journeys.referred_on[rows] >= recorded.story.period.first
    return Failing(
        "REF-DEC",
        "referral",
        "Received in the recorded period and not decided on by the end of the first working day "
        "after.",
        recorded.referral_id(rows[late]),
    )


def _re_referrals(recorded: Recorded) -> Failing:
    journeys, rows = recorded.story.histories.journeys, recorded.journeys
    order = np.lexsort((journeys.received_at[rows], journeys.child[rows]))
    child, day = journeys.child[rows[order]], journeys.referred_on[rows[order]]
    again = np.zeros(len(rows), bool)
    again[order[1:]] = (child[1:] == child[:-1]) & (day[:-1] > add_months(day[1:], -12))
    return Failing(
        "REREF-12M",
        "referral",
        "The child was referred before within twelve months, in the rows kept.",
        recorded.referral_id(rows[again]),
    )


def _late_assessments(recorded: Recorded) -> Failing:
    journeys, stack = recorded.story.histories.journeys, recorded.assessments
    due = stack.pick(journeys.first.due, journeys.later.due)
    met = stack.pick(journeys.first.authorised, journeys.later.authorised)
    return Failing(
        "ASM-45",
        "assessment",
        "Not authorised within 45 working days of the referral or, for a later assessment of the "
        "same episode, of its own start.",
        identifiers("A", np.flatnonzero(_overran(due, met, recorded.last))),
    )


def _late_conferences(recorded: Recorded) -> Failing:
    journeys, stack = recorded.story.histories.journeys, recorded.enquiries
    first, later = journeys.first_enquiry, journeys.later_enquiry
    held = stack.pick(first.conference, later.conference)
    required = np.where(
        stack.is_first, first.required[stack.journey], later.required[stack.journey]
    )
    due = stack.pick(first.conference_due, later.conference_due)
    late = required & _overran(due, held, recorded.last)
    return Failing(
        "S47-ICPC-15",
        "s47_enquiry",
        "A conference was required and not held within 15 working days.",
        recorded.enquiry_id(stack).filter(pa.array(late)),
    )


def _late_first_reviews(recorded: Recorded) -> Failing:
    rows = recorded.protection_plans
    plans = recorded.story.histories.journeys.protection
    met = np.minimum(plans.review_held[rows, 0], plans.end[rows])
    late = _overran(plans.review_due[rows, 0], met, recorded.last)
    late &= plans.start[rows] >= recorded.story.period.first
    return Failing(
        "RCPC-3M",
        "cp_plan",
        "Began in the recorded period; first review not held within three months.",
        recorded.plan_id(rows[late]),
    )


def _late_next_reviews(recorded: Recorded) -> Failing:
    reviews = recorded.reviews
    plans = recorded.story.histories.journeys.protection
    rows = reviews.journey
    none = np.full((len(plans.start), 1), NEVER)
    due = np.concatenate([plans.review_due, none], axis=1)[rows, reviews.place + 1]
    held = np.concatenate([plans.review_held, none], axis=1)[rows, reviews.place + 1]
    met = np.minimum(held, plans.end[rows])
    late = reviews.was_held & _overran(due, met, recorded.last)
    late &= plans.review_held[rows, reviews.place] >= recorded.story.period.first
    return Failing(
        "RCPC-6M",
        "cp_review",
        "Held in the recorded period; the next was not held within six months while the plan "
        "went on.",
        identifiers("CR", np.flatnonzero(late)),
    )


def _long_plans(recorded: Recorded) -> Failing:
    rows = recorded.protection_plans
    plans = recorded.story.histories.journeys.protection
    due = add_months(plans.start[rows], 24)
    return Failing(
        "CPP-2Y",
        "cp_plan",
        "The plan lasted, or has lasted, longer than two years.",
        recorded.plan_id(rows[_overran(due, plans.end[rows], recorded.last)]),
    )


def _repeat_plans(recorded: Recorded) -> Failing:
    rows = recorded.protection_plans
    return Failing(
        "CPP-REPEAT",
        "cp_plan",
        "The child had an earlier plan here, whether or not its row is kept.",
        recorded.plan_id(rows[recorded.earlier_plans[rows] > 0]),
    )

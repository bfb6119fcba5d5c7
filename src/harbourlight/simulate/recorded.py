"""What of a story had been recorded by the end of its last day, and the identifier of each row.

Rows are numbered in the order they began, so identifiers are stable for a seed. Of what came before
the first recorded day only the episodes still open on it are kept, whole, with the contacts that
began them. Nothing after the last day is kept.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from harbourlight.simulate.columns import identifiers
from harbourlight.simulate.contacts import Contacts
from harbourlight.simulate.days import NEVER, SECONDS_IN_DAY, Flags, Ints, Period, day_of
from harbourlight.simulate.families import MOST_CHILDREN, Families
from harbourlight.simulate.journeys import Histories
from harbourlight.simulate.workforce import Service, Workforce

_OLD_ENOUGH_DAYS = 500
"""How old a child is, at least, to have had a plan before the simulation."""

_DISABILITY_UNRECORDED = 41
"""One child in need in so many, of whom nobody recorded whether there is a disability."""


@dataclass(frozen=True, slots=True)
class Story:
    """All that was simulated, before anything is written down."""

    period: Period
    families: Families
    contacts: Contacts
    histories: Histories
    workforce: Workforce


@dataclass(frozen=True, slots=True)
class Stack:
    """Rows of something a journey has at most two of, in order of start."""

    journey: Ints
    is_first: Flags

    def pick(self, first: Ints, later: Ints) -> Ints:
        """For each row, the value of the first or of the later one of its journey."""
        return np.where(self.is_first, first[self.journey], later[self.journey])


@dataclass(frozen=True, slots=True)
class Reviews:
    """Review conferences by row, in order of due day; those put off and never held among them."""

    journey: Ints
    place: Ints
    was_held: Flags


def _numbers(kept: Ints, count: int) -> Ints:
    """For each of `count` things its place among those kept, or -1."""
    numbers = np.full(count, -1)
    numbers[kept] = np.arange(len(kept))
    return numbers


class Recorded:
    """A story as it stood when the last day ended.

    `journeys`, `contacts` and the like are places in the story's own arrays, of the rows kept and
    in the order they are numbered.
    """

    def __init__(self, story: Story) -> None:
        self.story = story
        self.last = story.period.last
        self.last_second = (story.period.last + 1) * SECONDS_IN_DAY - 1

    @cached_property
    def journeys(self) -> Ints:
        """The referrals kept, in order of receipt."""
        every, first = self.story.histories.journeys, self.story.period.first
        made = every.accepted_at <= self.last_second
        still_open = ~every.no_action & (every.close >= first)
        kept = np.flatnonzero(made & ((every.referred_on >= first) | still_open))
        return kept[np.lexsort((every.child[kept], every.received_at[kept]))]

    @cached_property
    def contacts(self) -> Ints:
        """The rows of contacts kept, in order of receipt."""
        every = self.story.contacts
        received_at = every.received_at[every.event]
        kept = received_at >= self.story.period.first * SECONDS_IN_DAY
        kept[self.story.histories.contact_row[self.journeys]] = True
        rows = np.flatnonzero(kept)
        return rows[np.lexsort((every.child[rows], received_at[rows]))]

    @cached_property
    def known_from(self) -> Ints:
        """For every child, the day of the first contact kept, or `NEVER`."""
        every, rows = self.story.contacts, self.contacts
        days = np.full(len(self.story.families.born), NEVER)
        np.minimum.at(days, every.child[rows], day_of(every.received_at[every.event[rows]]))
        return days

    @cached_property
    def people(self) -> Ints:
        """Children who were contacted about, and their brothers and sisters under 18 since."""
        families = self.story.families
        of_family = self.known_from.reshape(-1, MOST_CHILDREN).min(axis=1).repeat(MOST_CHILDREN)
        sibling = (families.born <= self.last) & (families.until >= of_family)
        return np.flatnonzero((self.known_from < NEVER) | (sibling & (of_family < NEVER)))

    @cached_property
    def in_need(self) -> Flags:
        """Of `people`, who is born and was taken on after a referral: who must be asked about."""
        every = self.story.histories.journeys
        taken_on = np.zeros(len(self.story.families.born), bool)
        rows = self.journeys
        decided = every.decided_at[rows] <= self.last_second
        taken_on[every.child[rows[decided & ~every.no_action[rows]]]] = True
        taken_on &= self.story.families.born <= self.last
        among: Flags = taken_on[self.people]
        return among

    @cached_property
    def disability_unrecorded(self) -> Flags:
        """Of `people`, the children in need of whom a disability, or none, was not recorded."""
        among: Flags = self.in_need & (self.people % _DISABILITY_UNRECORDED == 0)
        return among

    @cached_property
    def involvements(self) -> Ints:
        """Who worked with whom, in order of start."""
        every = self.story.workforce.involvements
        number = self._journey_number[every.journey]
        rows = np.flatnonzero((number >= 0) & (every.start <= self.last))
        return rows[np.lexsort((number[rows], every.start[rows]))]

    @cached_property
    def workers(self) -> Ints:
        """Everyone in post in the recorded period or named in a row, in order of start."""
        work = self.story.workforce
        every = work.workers
        kept = every.end >= self.story.period.first
        for named in (
            work.contact_decider[self.contacts],
            work.referral_decider[self.journeys],
            work.referral_worker[self.journeys],
            work.involvements.worker[self.involvements],
        ):
            kept[named] = True
        rows = np.flatnonzero(kept & (every.start <= self.last))
        return rows[np.lexsort((every.post[rows], every.start[rows]))]

    def _stacked(self, first: Ints, later: Ints) -> Stack:
        """The rows that had begun, of the first and the later of something."""
        journey = np.concatenate([self.journeys, self.journeys])
        is_first = np.arange(len(journey)) < len(self.journeys)
        start = np.concatenate([first[self.journeys], later[self.journeys]])
        rows = np.flatnonzero(start <= self.last)
        rows = rows[np.argsort(start[rows], kind="stable")]
        return Stack(journey[rows], is_first[rows])

    @cached_property
    def assessments(self) -> Stack:
        """The assessments begun."""
        every = self.story.histories.journeys
        return self._stacked(every.first.start, every.later.start)

    @cached_property
    def enquiries(self) -> Stack:
        """The section 47 enquiries begun."""
        every = self.story.histories.journeys
        return self._stacked(every.first_enquiry.start, every.later_enquiry.start)

    @cached_property
    def conferences(self) -> Stack:
        """The initial conferences held."""
        every = self.story.histories.journeys
        return self._stacked(every.first_enquiry.conference, every.later_enquiry.conference)

    @cached_property
    def need_plans(self) -> Stack:
        """The child in need plans begun: the first, and the one a protection plan steps down to."""
        every = self.story.histories.journeys
        return self._stacked(every.need_start, every.step_down_start)

    @cached_property
    def protection_plans(self) -> Ints:
        """The journeys whose child protection plan had begun, in order of start."""
        start = self.story.histories.journeys.protection.start[self.journeys]
        rows = np.flatnonzero(start <= self.last)
        return self.journeys[rows[np.argsort(start[rows], kind="stable")]]

    @cached_property
    def earlier_plans(self) -> Ints:
        """For every journey with a protection plan, how many the child had here before it."""
        every = self.story.histories.journeys
        start = every.protection.start
        planned = np.flatnonzero(start < NEVER)
        planned = planned[np.lexsort((start[planned], every.child[planned]))]
        child = every.child[planned]
        begins = np.concatenate([[True], child[1:] != child[:-1]])
        place = np.arange(len(planned))
        first = np.maximum.accumulate(np.where(begins, place, 0))
        families = self.story.families
        old_enough = start[planned][first] - families.born[child] >= _OLD_ENOUGH_DAYS
        before = np.where(old_enough, families.earlier_plans[child // MOST_CHILDREN], 0)
        counts = np.zeros(len(start), np.int64)
        counts[planned] = place - first + before
        return counts

    @cached_property
    def reviews(self) -> Reviews:
        """The reviews held, and those put off, once their due day had come."""
        plans = self.story.histories.journeys.protection
        journey = self.protection_plans
        due, held = plans.review_due[journey], plans.review_held[journey]
        held_row, held_place = np.nonzero(held <= self.last)
        off_row, off_place = np.nonzero(plans.review_cancelled[journey] & (due <= self.last))
        row = np.concatenate([off_row, held_row])
        place = np.concatenate([off_place, held_place])
        was_held = np.arange(len(row)) >= len(off_row)
        when = np.where(was_held, held[row, place], due[row, place])
        order = np.lexsort((row, when))
        return Reviews(journey[row][order], place[order], was_held[order])

    # Identifiers.

    @cached_property
    def _journey_number(self) -> Ints:
        return _numbers(self.journeys, len(self.story.histories.journeys.child))

    @cached_property
    def _person_number(self) -> Ints:
        return _numbers(self.people, len(self.story.families.born))

    @cached_property
    def _worker_number(self) -> Ints:
        return _numbers(self.workers, len(self.story.workforce.workers.post))

    def _plan_number(self) -> Ints:
        return _numbers(self.protection_plans, len(self.story.histories.journeys.child))

    def _stack_number(self, stack: Stack) -> Ints:
        """By journey, then by whether it is the later of the two."""
        numbers = np.full((len(self.story.histories.journeys.child), 2), -1)
        numbers[stack.journey, (~stack.is_first).astype(np.int64)] = np.arange(len(stack.journey))
        return numbers

    def person_id(self, child: Ints) -> pa.Array:
        """The identifier of each child."""
        return identifiers("P", self._person_number[child])

    def referral_id(self, journey: Ints) -> pa.Array:
        """The identifier of each referral."""
        return identifiers("R", self._journey_number[journey])

    def plan_id(self, journey: Ints) -> pa.Array:
        """The identifier of each journey's child protection plan; null where it has none."""
        return identifiers("CP", self._plan_number()[journey])

    def enquiry_id(self, stack: Stack) -> pa.Array:
        """The identifier of the enquiry in the same place as each row of another stack."""
        numbers = self._stack_number(self.enquiries)
        return identifiers("S", numbers[stack.journey, (~stack.is_first).astype(np.int64)])

    def conference_id(self, journey: Ints) -> pa.Array:
        """The identifier of the conference that made each journey's plan."""
        numbers = self._stack_number(self.conferences)[journey]
        every = self.story.histories.journeys
        made_first = every.first_enquiry.conference == every.protection.start
        return identifiers("IC", np.where(made_first[journey], numbers[:, 0], numbers[:, 1]))

    def worker_id(self, worker: Ints) -> pa.Array:
        """The identifier of each worker."""
        return identifiers("W", self._worker_number[worker])

    def team_id(self, team: Ints) -> pa.Array:
        """The identifier of each team; teams follow the trust itself and its services."""
        return identifiers("T", team + 1 + len(Service))

    def working(self, journey: Ints, day: Ints) -> tuple[pa.Array, pa.Array]:
        """The team and worker with each journey's child on each day, or on the last if later."""
        work = self.story.workforce
        rows = work.involvements.working(journey, np.minimum(day, self.last))
        team = work.posts.team[work.involvements.post[rows]]
        return self.team_id(team), self.worker_id(work.involvements.worker[rows])

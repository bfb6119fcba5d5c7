"""What follows a referral: the decision on it, assessment, enquiry, conference, plans and closure.

Every date is made together with the due day that applies to it, so that the simulator knows which
standard each of its own dates fails. Dates run on past the last day simulated; whoever makes the
tables leaves out what has not happened yet.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

from harbourlight.simulate import outcomes
from harbourlight.simulate.contacts import Contacts, office_time
from harbourlight.simulate.days import (
    NEVER,
    SECONDS_IN_DAY,
    Flags,
    Floats,
    Ints,
    Period,
    add_months,
    add_working_days,
    day_of,
    on_the_clock,
    working_day_from,
    working_day_to,
    working_number,
)
from harbourlight.simulate.families import Families

MOST_REVIEWS = 8

LATE_ASSESSMENTS = 0.155
LATE_ASSESSMENTS_STRAINED = 0.36
"""Share of assessments that pass 45 working days, ordinarily and in the strained months."""

_NFA = 0.08
_ROOM_TO_REFER = 45
"""Days under 18 left at the least for a child to be referred: an assessment is begun by then."""
_ROOM_TO_ENQUIRE = 120
_ROOM_TO_ASSESS_AGAIN = 200

_SIBLING_APART = 0.12
"""Children whose path through an episode is drawn apart from their siblings'."""
_ENDS_AT_REVIEW = (0.10, 0.42, 0.62, 0.80, 0.55, 0.60, 0.70, 1.0)
"""Plans that end at each review reached: about 3% of plans pass two years."""
_ENDS_BETWEEN_REVIEWS = 0.045


class _Chance:
    """Random draws for a batch of children, shared by siblings who go the same way."""

    def __init__(self, rng: np.random.Generator, event: Ints) -> None:
        self.count = len(event)
        self._rng = rng
        _, first, place = np.unique(event, return_index=True, return_inverse=True)
        apart = rng.random(self.count) < _SIBLING_APART
        self._leader = np.where(apart, np.arange(self.count), first[place])

    def share(self) -> Floats:
        """A number from 0 to 1."""
        return self._rng.random(self.count)[self._leader]

    def under(self, chance: Floats | float) -> Flags:
        """True with this chance."""
        return self.share() < chance

    def between(self, least: int, most: int) -> Ints:
        """A whole number, both ends included."""
        return least + (self.share() * (most - least + 1)).astype(np.int64)

    def about(self, middle: float, spread: float, least: int, most: int) -> Ints:
        """A whole number with a long right tail: log-normal, cut at both ends."""
        drawn = middle * np.exp(spread * self._rng.standard_normal(self.count)[self._leader])
        return np.clip(drawn, least, most).astype(np.int64)

    def tail(self, scale: float, most: int) -> Ints:
        """A whole number from 0, exponential, cut at `most`."""
        return np.minimum(-scale * np.log1p(-self.share()), most).astype(np.int64)

    def office_time(self) -> Ints:
        """Seconds into a day, in working hours."""
        return office_time(self._rng, self.count)[self._leader]


@dataclass
class Assessments:
    """One possible assessment for each referral; `NEVER` where there is none."""

    start: Ints
    due: Ints
    authorised: Ints


@dataclass
class Enquiries:
    """One possible section 47 enquiry for each referral, with the conference it asks for."""

    start: Ints
    end: Ints
    conference_due: Ints
    required: Flags
    """Whether the enquiry calls for a conference."""
    conference: Ints
    planned: Flags
    """Whether the conference makes a plan."""


@dataclass
class Plans:
    """One possible child protection plan for each referral, and its reviews by place."""

    start: Ints
    end: Ints
    review_due: Ints
    """By referral and place; due once the one before was held and the plan went on."""
    review_held: Ints
    review_cancelled: Flags
    """Whether a review was set for the due day and not held; the one held came later."""


@dataclass
class Journeys:
    """What becomes of each referral, one row each; `NEVER` for what does not happen."""

    event: Ints
    child: Ints
    received_at: Ints
    accepted_at: Ints
    """When the contact was decided on, and the referral made."""
    decided_at: Ints
    """When the referral itself was decided on."""
    no_action: Flags
    first: Assessments
    later: Assessments
    first_enquiry: Enquiries
    later_enquiry: Enquiries
    protection: Plans
    need_start: Ints
    need_end: Ints
    step_down_start: Ints
    step_down_end: Ints
    close: Ints
    closure: Ints  # a place in `outcomes.CLOSURES`

    @property
    def referred_on(self) -> Ints:
        """The day each was received."""
        return day_of(self.received_at)

    @property
    def decided_on(self) -> Ints:
        """The day each was decided on."""
        return day_of(self.decided_at)


Rows = TypeVar("Rows", Assessments, Enquiries, Plans, Journeys)


def kept(rows: Rows, which: Flags | Ints) -> Rows:
    """Some of the rows, by mask or by place."""
    return _rebuilt([rows], lambda arrays: arrays[0][which])


def joined(parts: list[Rows]) -> Rows:
    """Several batches end to end."""
    return _rebuilt(parts, np.concatenate)


def _rebuilt(parts: list[Rows], make: Callable[..., Ints]) -> Rows:
    kind = type(parts[0])
    values: dict[str, Any] = {}
    for field in fields(kind):
        each = [getattr(part, field.name) for part in parts]
        values[field.name] = make(each) if isinstance(each[0], np.ndarray) else _rebuilt(each, make)
    return kind(**values)


@dataclass
class Histories:
    """What each contact came to, by row of the contacts, and the journeys that began."""

    outcome: Ints  # a place in `outcomes.CONTACT_OUTCOMES`
    decided_at: Ints
    journeys: Journeys
    contact_row: Ints
    """The row of the contacts that each journey began with."""


def make_journeys(
    rng: np.random.Generator,
    families: Families,
    contacts: Contacts,
    period: Period,
    progress: Callable[[float], None],
) -> Histories:
    """What every contact came to, in order, so that no child has two episodes open at once.

    The contacts of one family follow one another, and every family takes its next contact in the
    same turn of the loop: at most `contacts.MOST_CONTACTS` turns, each over many families.
    """
    children = len(families.born)
    open_until = np.full(children, -NEVER * SECONDS_IN_DAY)
    accepted_at = np.full(children, -NEVER * SECONDS_IN_DAY)
    referred_on = np.full(children, -NEVER)
    outcome = _unreferred(rng, len(contacts.event))
    decided_at = contacts.decided_at[contacts.event]
    turn = contacts.turn[contacts.event]
    by_turn = np.argsort(turn, kind="stable")
    edges = np.searchsorted(turn[by_turn], np.arange(turn.max() + 2))
    parts, rows_of_parts = [], []
    for begin, end in pairwise(edges):
        rows = by_turn[begin:end]
        child, event = contacts.child[rows], contacts.event[rows]
        received_at = contacts.received_at[event]
        known = open_until[child] >= received_at
        outcome[rows[known]] = outcomes.ALREADY_OPEN
        # A contact about a child whose referral is not yet decided on is decided with it.
        decided_at[rows] = np.where(
            known, np.maximum(decided_at[rows], accepted_at[child]), decided_at[rows]
        )
        room = families.until[child] - day_of(received_at) >= _ROOM_TO_REFER
        # A second referral on the day of one that led to nothing would be the first one again.
        anew = ~known & (referred_on[child] != day_of(received_at))
        referred = np.flatnonzero(anew & room & contacts.referred[event])
        rows, child, event = rows[referred], child[referred], event[referred]
        outcome[rows] = outcomes.REFERRED
        part = _unfold(
            rng, families, event, child, contacts.received_at[event], decided_at[rows], period
        )
        closes_at = (part.close + 1) * SECONDS_IN_DAY - 1
        open_until[child] = np.where(part.no_action, part.decided_at, closes_at)
        accepted_at[child] = part.accepted_at
        referred_on[child] = part.referred_on
        parts.append(part)
        rows_of_parts.append(rows)
        progress(end / len(by_turn))
    return Histories(outcome, decided_at, joined(parts), np.concatenate(rows_of_parts))


def _unreferred(rng: np.random.Generator, count: int) -> Ints:
    kinds = [outcomes.EARLY_HELP, outcomes.ADVICE, outcomes.NO_FURTHER_ACTION]
    return np.array(kinds)[rng.choice(3, size=count, p=(0.22, 0.33, 0.45))]


def _unfold(
    rng: np.random.Generator,
    families: Families,
    event: Ints,
    child: Ints,
    received_at: Ints,
    accepted_at: Ints,
    period: Period,
) -> Journeys:
    chance = _Chance(rng, event)
    day = day_of(received_at)
    cap = families.until[child]
    no_action = chance.under(_NFA)
    decided_at = _decide(chance, accepted_at, no_action)
    decided_on = day_of(decided_at)

    first_enquiry = _enquire(
        chance,
        np.maximum(day + (chance.share() ** 2 * 14).astype(np.int64), decided_on),
        ~no_action & chance.under(0.225) & (cap - day >= _ROOM_TO_ENQUIRE),
        0.37,
    )
    first = _assess(chance, day, decided_on, first_enquiry, cap, period)
    held = _last(first_enquiry.conference)
    in_plan = (held > 0) & first_enquiry.planned

    enquired = first_enquiry.start < NEVER
    helped = chance.under(np.where(enquired, 0.62, 0.34)) | (held > 0)
    ready = np.maximum.reduce([first.authorised, _last(first_enquiry.end), held])
    need_start = working_day_from(ready + chance.between(0, 7))
    helped &= ~no_action & ~in_plan & (need_start + 14 <= cap)
    need_end = need_start + chance.about(135, 0.6, 28, 620)

    again = helped & (need_end - need_start > 90) & chance.under(0.42)
    wait = 20 + (chance.share() * (need_end - need_start - 80)).astype(np.int64)
    asked = np.where(again, need_start + wait, NEVER)
    again &= asked + _ROOM_TO_ASSESS_AGAIN <= cap
    later_enquiry = _enquire(chance, asked, again & chance.under(0.55), 0.42)
    later = _assess_again(chance, np.where(again, asked, NEVER), period)
    later_in_plan = (later_enquiry.conference < NEVER) & later_enquiry.planned

    busy_until = np.maximum.reduce(
        [
            need_end,
            _last(later.authorised),
            _last(later_enquiry.end),
            _last(later_enquiry.conference),
        ]
    )
    need_end = np.where(later_in_plan, later_enquiry.conference, np.minimum(busy_until, cap))

    protection = _protect(
        chance,
        np.select(
            [in_plan, later_in_plan], [first_enquiry.conference, later_enquiry.conference], NEVER
        ),
        cap,
    )
    ended = protection.end
    steps_down = (ended < NEVER) & (ended + 60 <= cap) & chance.under(0.66)
    step_down_end = np.minimum(ended + chance.about(110, 0.4, 35, 400), cap)

    need_start = np.where(helped, need_start, NEVER)
    need_end = np.where(helped, need_end, NEVER)
    step_down_start = np.where(steps_down, ended, NEVER)
    step_down_end = np.where(steps_down, step_down_end, NEVER)
    finished = np.maximum.reduce(
        [
            first.authorised,
            *(
                _last(days)
                for days in (
                    later.authorised,
                    first_enquiry.end,
                    first_enquiry.conference,
                    later_enquiry.end,
                    later_enquiry.conference,
                    need_end,
                    ended,
                    step_down_end,
                )
            ),
        ]
    )
    close = np.minimum(finished + chance.tail(1.6, 12), cap)
    in_need = enquired | helped | (ended < NEVER)
    journeys = Journeys(
        event=event,
        child=child,
        received_at=received_at,
        accepted_at=accepted_at,
        decided_at=decided_at,
        no_action=no_action,
        first=first,
        later=later,
        first_enquiry=first_enquiry,
        later_enquiry=later_enquiry,
        protection=protection,
        need_start=need_start,
        need_end=need_end,
        step_down_start=step_down_start,
        step_down_end=step_down_end,
        close=close,
        closure=_closure(chance, close, in_need, cap, families.died[child]),
    )
    _forget(journeys, no_action)
    return journeys


def _last(days: Ints) -> Ints:
    """Days to take the latest of: what does not happen counts as long ago."""
    return np.where(days < NEVER, days, -NEVER)


def _forget(journeys: Journeys, no_action: Flags) -> None:
    """A referral with no further action carries no activity and, like a census, no closure."""
    for days in (journeys.first.start, journeys.first.due, journeys.first.authorised):
        days[no_action] = NEVER
    journeys.close[no_action] = NEVER


def _decide(chance: _Chance, accepted_at: Ints, no_action: Flags) -> Ints:
    """When the referral is decided on: with the contact, soon after, or some days later."""
    end_of_day = (day_of(accepted_at) + 1) * SECONDS_IN_DAY - 1
    soon = np.minimum(accepted_at + chance.between(0, 90) * 60, end_of_day)
    waits = ~no_action & chance.under(0.11)
    later_on = add_working_days(day_of(accepted_at), 1 + chance.tail(0.9, 4))
    later = later_on * SECONDS_IN_DAY + chance.office_time()
    return on_the_clock(np.where(waits, later, soon))


def _working_days_taken(chance: _Chance, begun: Ints, period: Period) -> Ints:
    """How long an assessment takes: broad, with a crowd just before 45 and a tail after it."""
    strained = (begun >= period.strained_from) & (begun <= period.strained_to)
    late = chance.under(np.where(strained, LATE_ASSESSMENTS_STRAINED, LATE_ASSESSMENTS))
    steady = 4 + (37 * np.sqrt(chance.share() * chance.share() ** 0.4)).astype(np.int64)
    crowded = 45 - chance.tail(1.9, 5)
    in_time = np.where(chance.under(0.36), crowded, steady)
    return np.where(late, 46 + chance.tail(13, 85), in_time)


def _assess(
    chance: _Chance, day: Ints, decided_on: Ints, enquiry: Enquiries, cap: Ints, period: Period
) -> Assessments:
    """The first assessment of an episode, which runs from the referral."""
    start = working_day_from(np.maximum(decided_on, day) + chance.between(0, 2))
    number = working_number(day)
    least = working_number(start) - number + 1
    taken = _working_days_taken(chance, day, period)
    # Where a conference is called, most assessments are finished in the days before it.
    before = working_number(_last(enquiry.conference)) - number - chance.between(1, 3)
    hurried = (enquiry.conference < NEVER) & chance.under(0.75)
    taken = np.maximum(np.where(hurried, np.minimum(taken, before), taken), least)
    authorised = np.minimum(add_working_days(day, taken), working_day_to(cap))
    return Assessments(start, add_working_days(day, 45), authorised)


def _assess_again(chance: _Chance, asked: Ints, period: Period) -> Assessments:
    """A later assessment of the same episode, which runs from its own start."""
    start = working_day_from(asked)
    taken = np.maximum(_working_days_taken(chance, start, period), 5)
    none = asked == NEVER
    return Assessments(
        np.where(none, NEVER, start),
        np.where(none, NEVER, add_working_days(start, 45)),
        np.where(none, NEVER, add_working_days(start, taken)),
    )


def _enquire(chance: _Chance, start: Ints, happens: Flags, conferences: float) -> Enquiries:
    """A section 47 enquiry; none lasts past the day by which a conference would be due."""
    late = chance.under(0.19)
    on_time = 15 - np.minimum(chance.tail(3.2, 9), 9)
    wait = np.where(late, 16 + chance.tail(4.5, 22), on_time)
    lasts = 3 + (chance.share() ** 0.7 * 12).astype(np.int64)
    required = happens & chance.under(conferences)
    lasts = np.where(required, np.minimum(lasts, np.minimum(wait, 15) - 1), lasts)
    planned = required & chance.under(0.87)
    return Enquiries(
        start=np.where(happens, start, NEVER),
        end=np.where(happens, add_working_days(start, lasts), NEVER),
        conference_due=np.where(happens, add_working_days(start, 15), NEVER),
        required=required,
        conference=np.where(required, add_working_days(start, wait), NEVER),
        planned=planned,
    )


def _protect(chance: _Chance, start: Ints, cap: Ints) -> Plans:
    """A child protection plan from a conference, with its reviews, until it ends."""
    count = len(start)
    due = np.full((count, MOST_REVIEWS), NEVER)
    held = np.full((count, MOST_REVIEWS), NEVER)
    cancelled = np.zeros((count, MOST_REVIEWS), bool)
    end = np.full(count, NEVER)
    running = start < NEVER
    last = np.where(running, start, 0)
    for place in range(MOST_REVIEWS):
        due_on = add_months(last, 6 if place else 3)
        put_off = chance.under(0.03)
        late = chance.under(0.09)
        in_time = working_day_to(due_on - chance.between(0, 30 if place else 21))
        late_day = working_day_from(due_on + chance.between(1, 35))
        put_off_day = working_day_from(due_on + chance.between(14, 70))
        held_on = np.select([put_off, late], [put_off_day, late_day], in_time)
        # Some plans end between reviews: the child moves, is looked after, or is of age.
        early = chance.under(_ENDS_BETWEEN_REVIEWS)
        ends_on = last + 15 + (chance.share() * (held_on - last - 30)).astype(np.int64)
        ends_on = np.minimum(np.where(early, ends_on, held_on), cap)
        reviewed = running & (ends_on >= held_on)
        due[running, place] = due_on[running]
        held[reviewed, place] = held_on[reviewed]
        cancelled[reviewed, place] = put_off[reviewed]
        ends = running & (~reviewed | chance.under(_ENDS_AT_REVIEW[place]))
        end[ends] = ends_on[ends]
        running &= ~ends
        last = np.where(running, held_on, last)
    return Plans(start, end, due, held, cancelled)


def _closure(chance: _Chance, close: Ints, in_need: Flags, cap: Ints, died: Flags) -> Ints:
    early_help = chance.under(0.3) & outcomes.in_use("closure_reason", "RC9", close)
    not_in_need = np.where(early_help, outcomes.TO_EARLY_HELP, outcomes.NOT_IN_NEED)
    ways = [
        outcomes.TRANSFERRED,
        outcomes.GUARDIANSHIP,
        outcomes.ARRANGEMENTS_ORDER,
        outcomes.ADOPTED,
        outcomes.SERVICES_CEASED,
    ]
    edges = np.array([0.035, 0.048, 0.06, 0.063])
    other = np.array(ways)[np.searchsorted(edges, chance.share(), "right")]
    of_age = np.where(chance.under(0.3), outcomes.ADULT_SERVICES, outcomes.SERVICES_CEASED)
    at_the_end = close == cap
    return np.select(
        [at_the_end & died, ~in_need, at_the_end],
        [np.full(len(close), outcomes.DIED), not_in_need, of_age],
        other,
    )

"""Teams, the posts in them, the workers who come and go, and who works with which child when.

A case belongs to a post, and a post to whoever holds it: when a worker leaves, the successor takes
the cases on the same day. Siblings referred together share a post.
"""

from dataclasses import dataclass, fields
from enum import IntEnum
from math import ceil

import numpy as np

from harbourlight.simulate import outcomes
from harbourlight.simulate.days import NEVER, Flags, Ints, Period, day_of, working_day_to
from harbourlight.simulate.journeys import Journeys

CASELOAD = 16
"""Children held for each worker, on average."""
_POSTS_IN_TEAM = 7

_PERMANENT_TENURE = 1500.0
_AGENCY_TENURE = 260.0
"""Mean days in post."""
_AGENCY_AT_FIRST = 0.18
_AGENCY_AMONG_STARTERS = 0.56
"""So that, with the tenures above, about 18% of those in post are agency workers."""
_STRAINED_LEAVERS = 0.40
"""Permanent workers of the assessment teams who leave as the strained months begin."""
_STRAINED_AGENCY = 0.95
_STRAIN_BUILDS_DAYS = 60
_RECOVERY_DAYS = 120
_RECOVERY_AGENCY = 0.15
"""After the strained months, posts are filled for good."""
_RELIEF_ENDS_DAYS = 40.0

_ANOTHER_WORKER = 0.13
"""Cases that pass to a colleague in the team for a reason other than the first one leaving."""
_ANOTHER_WORKER_DAYS = 130.0

CONTACTS_DECIDED = 4_500
"""Contacts one front door manager decides in a year."""


class Service(IntEnum):
    """Parts of the trust that have teams. The number orders them."""

    FRONT_DOOR = 0
    ASSESSMENT = 1
    LONG_TERM = 2


SERVICE_NAMES = {
    Service.FRONT_DOOR: "Front door service",
    Service.ASSESSMENT: "Assessment service",
    Service.LONG_TERM: "Family safeguarding service",
}


@dataclass
class Posts:
    """Posts by row."""

    team: Ints
    service: Ints
    manages: Flags


@dataclass
class Workers:
    """Everyone who has held a post, in order of post and start, by row.

    A worker holds the post from `start` up to, and not on, the day `end` that the next one starts.
    """

    post: Ints
    start: Ints
    end: Ints
    agency: Flags

    def holding(self, post: Ints, day: Ints) -> Ints:
        """Who holds each post on each day. Every post is held from before the first day."""
        return np.searchsorted(_key(self.post, self.start), _key(post, day), "right") - 1


@dataclass
class Involvements:
    """Who worked with the child of each journey, from when to when, in that order."""

    journey: Ints
    worker: Ints
    post: Ints
    start: Ints
    end: Ints
    reason: Ints  # a place in `outcomes.CHANGE_REASONS`

    def working(self, journey: Ints, day: Ints) -> Ints:
        """The row of whoever was working with each journey's child on each day.

        The first, for a day before any; each journey must have one.
        """
        keys = _key(self.journey, self.start)
        found = np.searchsorted(keys, _key(journey, day), "right") - 1
        return np.maximum(found, np.searchsorted(self.journey, journey, "left"))


@dataclass
class Workforce:
    """The trust's posts and workers, and their work."""

    posts: Posts
    teams: list[tuple[Service, str]]
    workers: Workers
    involvements: Involvements
    contact_decider: Ints  # by contact: the worker who decided on it
    referral_decider: Ints  # by journey
    referral_worker: Ints  # by journey: who took the referral at the front door


@dataclass
class _Phases:
    """Stretches of a journey with one post, in no order."""

    journey: Ints
    post: Ints
    start: Ints
    end: Ints
    reason: Ints


_DAY_SPAN = 1 << 20


def _key(major: Ints, day: Ints) -> Ints:
    """One number that sorts by `major`, then by day."""
    return major * _DAY_SPAN + np.clip(day, 0, _DAY_SPAN - 1)


def make_workforce(
    rng: np.random.Generator,
    journeys: Journeys,
    contact_event: Ints,
    contact_decided_at: Ints,
    period: Period,
) -> Workforce:
    """Teams large enough for the work there is, and who did it.

    `contact_event` and `contact_decided_at` are by row of the contacts.
    """
    accepted = np.flatnonzero(~journeys.no_action)
    _, group = np.unique(journeys.event[accepted], return_inverse=True)
    begins = day_of(journeys.accepted_at[accepted])
    decided = journeys.decided_on[accepted]
    close = journeys.close[accepted]
    onward = np.minimum(_handed_on(rng, journeys)[accepted], close)

    posts = _Establishment()
    managers = posts.open_team(
        Service.FRONT_DOOR,
        max(2, ceil(len(contact_event) / period.years / CONTACTS_DECIDED)),
        manages=True,
    )
    duty = posts.open_posts(max(2, len(managers)))
    assessing = posts.open_service(Service.ASSESSMENT, _load(decided, onward, period))
    long_term = posts.open_service(Service.LONG_TERM, _load(onward, close, period))
    made = posts.made()

    where = [
        rng.choice(duty, size=group.max() + 1)[group],
        _share_out(group, decided, assessing),
        _share_out(group, onward, long_term),
    ]
    phases = _Phases(
        np.concatenate([accepted] * 3),
        np.concatenate(where),
        np.concatenate([begins, decided, onward]),
        np.concatenate([decided, onward, close]),
        np.repeat([outcomes.FIRST_WORKER, outcomes.HANDED_ON, outcomes.HANDED_ON], len(accepted)),
    )
    phases = _with_colleagues(rng, phases, np.concatenate([group] * 3), made)
    workers = _occupy(rng, made, period)
    decider = rng.choice(managers, size=int(contact_event.max()) + 1)
    taker = rng.choice(duty, size=len(decider))
    accepted_on = day_of(journeys.accepted_at)
    return Workforce(
        posts=made,
        teams=posts.teams,
        workers=workers,
        involvements=_involve(phases, workers),
        contact_decider=workers.holding(decider[contact_event], day_of(contact_decided_at)),
        referral_decider=workers.holding(decider[journeys.event], journeys.decided_on),
        referral_worker=workers.holding(taker[journeys.event], accepted_on),
    )


def _handed_on(rng: np.random.Generator, journeys: Journeys) -> Ints:
    """When a case leaves the assessment team: soon after the plan that needs a longer-term one."""
    begins = np.minimum(journeys.need_start, journeys.protection.start)
    wait = rng.integers(1, 11, int(journeys.event.max()) + 1)[journeys.event]
    return np.minimum(begins + wait, NEVER)


def _load(start: Ints, end: Ints, period: Period) -> float:
    """How many stretches were under way on an average day of the recorded period."""
    inside = np.minimum(end, period.last + 1) - np.maximum(start, period.first)
    return float(np.maximum(inside, 0).sum() / (period.last - period.first + 1))


class _Establishment:
    """Posts as they are opened."""

    def __init__(self) -> None:
        self.teams: list[tuple[Service, str]] = []
        self._posts: list[tuple[int, Service, bool]] = []

    def open_posts(self, count: int, *, manages: bool = False) -> Ints:
        """More posts in the team opened last."""
        team = len(self.teams) - 1
        first = len(self._posts)
        self._posts += [(team, self.teams[team][0], manages)] * count
        return np.arange(first, first + count)

    def open_team(self, service: Service, count: int, *, manages: bool = False) -> Ints:
        """A team with its first posts."""
        number = 1 + sum(one is service for one, _ in self.teams)
        name = SERVICE_NAMES[service].removesuffix(" service") + " team"
        if service is not Service.FRONT_DOOR:
            name = f"{name} {number}"
        self.teams.append((service, name))
        return self.open_posts(count, manages=manages)

    def open_service(self, service: Service, load: float) -> Ints:
        """Teams for a load of children, each with a manager's post besides; the workers' posts."""
        needed = max(2, ceil(load / CASELOAD))
        sizes = [
            len(part) for part in np.array_split(np.arange(needed), ceil(needed / _POSTS_IN_TEAM))
        ]
        opened = []
        for size in sizes:
            opened.append(self.open_team(service, size))
            self.open_posts(1, manages=True)
        return np.concatenate(opened)

    def made(self) -> Posts:
        """The posts opened."""
        team, service, manages = zip(*self._posts, strict=True)
        return Posts(np.array(team), np.array(service, np.int64), np.array(manages))


def _share_out(group: Ints, start: Ints, posts: Ints) -> Ints:
    """A post for each row, the same for a group: turn by turn in order of the groups' starts."""
    begins = np.full(group.max() + 1, NEVER)
    np.minimum.at(begins, group, start)
    turn = np.empty(len(begins), np.int64)
    turn[np.argsort(begins, kind="stable")] = np.arange(len(begins))
    return posts[turn[group] % len(posts)]


def _with_colleagues(
    rng: np.random.Generator, phases: _Phases, group: Ints, posts: Posts
) -> _Phases:
    """The same stretches, some of them divided where a colleague in the team takes over."""
    real = phases.end > phases.start
    phases, group = _some(phases, real), group[real]
    groups = int(group.max()) + 1
    after = 10 + rng.exponential(_ANOTHER_WORKER_DAYS, groups).astype(np.int64)
    passed_on = phases.start + after[group]
    divided = (rng.random(groups) < _ANOTHER_WORKER)[group] & (passed_on + 10 < phases.end)
    colleague = _colleagues(posts)[phases.post]
    divided &= colleague != phases.post
    second = _some(phases, divided)
    second.start, second.post = passed_on[divided], colleague[divided]
    reasons = rng.choice(
        len(outcomes.OTHER_CHANGE_SHARES), size=groups, p=outcomes.OTHER_CHANGE_SHARES
    )
    second.reason = outcomes.CASELOADS + reasons[group][divided]
    phases.end = np.where(divided, passed_on, phases.end)
    return _Phases(
        *(
            np.concatenate([getattr(phases, field.name), getattr(second, field.name)])
            for field in fields(_Phases)
        )
    )


def _some(phases: _Phases, which: Flags) -> _Phases:
    return _Phases(*(getattr(phases, field.name)[which] for field in fields(_Phases)))


def _colleagues(posts: Posts) -> Ints:
    """For each post, the next one in its team that also holds cases."""
    place = np.arange(len(posts.team))
    following = place.copy()
    for team in range(int(posts.team.max()) + 1):
        here = place[(posts.team == team) & ~posts.manages]
        following[here] = np.roll(here, -1)
    return following


def _occupy(rng: np.random.Generator, posts: Posts, period: Period) -> Workers:
    """Workers one after another in every post, from before the first day to after the last."""
    count = len(posts.team)
    post, start, end, agency = [], [], [], []
    open_posts = np.arange(count)
    # Day 0 of a post falls before any work is done.
    begins = np.full(count, period.opens - 30)
    first = True
    while len(open_posts):
        here = len(open_posts)
        assessing = (posts.service[open_posts] == Service.ASSESSMENT) & ~posts.manages[open_posts]
        strained = assessing & (begins >= period.strained_from - 1) & (begins <= period.strained_to)
        recovering = assessing & (begins > period.strained_to)
        recovering &= begins <= period.strained_to + _RECOVERY_DAYS
        usual = _AGENCY_AT_FIRST if first else _AGENCY_AMONG_STARTERS
        by_agency = rng.random(here) < np.select(
            [strained, recovering], [_STRAINED_AGENCY, _RECOVERY_AGENCY], usual
        )
        by_agency &= ~posts.manages[open_posts]
        mean = np.where(by_agency, _AGENCY_TENURE, _PERMANENT_TENURE)
        stays = 30 + rng.exponential(mean).astype(np.int64)
        relief = period.strained_to - begins + rng.exponential(_RELIEF_ENDS_DAYS, here)
        stays = np.where(strained & by_agency, relief.astype(np.int64) + 1, stays)
        leaves = begins + stays
        goes = period.strained_from + rng.integers(0, _STRAIN_BUILDS_DAYS, here)
        weary = assessing & ~by_agency & (begins < period.strained_from) & (leaves > goes)
        weary &= rng.random(here) < _STRAINED_LEAVERS
        leaves = np.maximum(working_day_to(np.where(weary, goes, leaves)), begins + 1)
        post.append(open_posts)
        start.append(begins)
        end.append(leaves)
        agency.append(by_agency)
        going_on = leaves <= period.last
        open_posts, begins = open_posts[going_on], leaves[going_on]
        first = False
    made = [np.concatenate(part) for part in (post, start, end)]
    agencies = np.concatenate(agency)
    made[2][made[2] > period.last] = NEVER
    order = np.lexsort((made[1], made[0]))
    return Workers(made[0][order], made[1][order], made[2][order], agencies[order])


def _involve(phases: _Phases, workers: Workers) -> Involvements:
    """The stretches divided among the workers who held the post meanwhile."""
    keys = _key(workers.post, workers.start)
    first = np.searchsorted(keys, _key(phases.post, phases.start), "right") - 1
    last = np.searchsorted(keys, _key(phases.post, phases.end), "left") - 1
    length = np.maximum(last - first, 0) + 1
    row = np.repeat(np.arange(len(length)), length)
    place = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length)
    worker = first[row] + place
    start = np.maximum(phases.start[row], np.where(place, workers.start[worker], -NEVER))
    end = np.minimum(phases.end[row], workers.end[worker])
    order = np.lexsort((start, phases.journey[row]))
    journey = phases.journey[row][order]
    reason = np.where(place, outcomes.WORKER_LEFT, phases.reason[row])[order]
    reason[np.concatenate([[True], journey[1:] != journey[:-1]])] = outcomes.FIRST_WORKER
    return Involvements(
        journey, worker[order], phases.post[row][order], start[order], end[order], reason
    )

"""Contacts: who tells the authority about which children, when, and how soon it is decided.

What comes of a contact that is not already known (an episode of need) is for `journeys`.
"""

from dataclasses import dataclass

import numpy as np

from harbourlight.simulate.days import (
    HOUR,
    SECONDS_IN_DAY,
    Flags,
    Floats,
    Ints,
    Period,
    add_working_days,
    day_of,
    is_school_day,
    is_working,
    month_of,
    on_the_clock,
)
from harbourlight.simulate.families import MOST_CHILDREN, UNBORN_DAYS, Families
from harbourlight.simulate.outcomes import in_use

_ARRIVALS_PER_CHILD = 0.70
"""Contacts drawn a year for each child known, before families with no child under 18 are left out
and siblings and further contacts are added: one row a year for each comes of it (measured 0.99)."""

_MONTHS = (1.02, 1.03, 1.09, 0.96, 1.04, 1.08, 1.04, 0.78, 0.97, 1.06, 1.07, 0.90)
"""How busy each month is, January first: August is the trough, when schools are shut."""
_SCHOOL_DAY, _WEEKDAY, _REST_DAY = 1.0, 0.86, 0.40

_MORE_CONTACTS = 0.42
"""Further contacts that each brings, on average, before the quiet days take their share."""
_MORE_CONTACTS_DAYS = 75.0
_GENERATIONS = 5
MOST_CONTACTS = 60
"""No family is contacted about more often than this: each needs a turn of the loop."""


@dataclass(frozen=True, slots=True)
class _Source:
    """One source of contacts: when it makes them and how often they become referrals."""

    code: str
    share: tuple[float, float, float]
    """On a school day, on another weekday, on a day of rest."""
    hours: tuple[int, ...]
    """Weights by hour, from midnight."""
    referred: float


_NIGHT_AND_DAY = (5, 5, 4, 4, 3, 2, 2, 3, 4, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 7, 6)
_SCHOOL = (0, 0, 0, 0, 0, 0, 0, 1, 5, 9, 11, 10, 8, 10, 13, 15, 10, 4, 1, 0, 0, 0, 0, 0)
_OFFICE = (0, 0, 0, 0, 0, 0, 0, 1, 5, 11, 13, 13, 9, 10, 12, 12, 10, 4, 1, 0, 0, 0, 0, 0)
_WARD = (2, 2, 2, 1, 1, 1, 1, 2, 4, 6, 7, 7, 6, 6, 7, 7, 7, 6, 5, 4, 4, 4, 4, 3)
_HOME = (1, 1, 0, 0, 0, 0, 1, 2, 4, 6, 7, 7, 6, 6, 6, 7, 7, 7, 7, 6, 6, 5, 4, 2)

_SOURCES: tuple[_Source, ...] = (
    _Source("6", (0.27, 0.35, 0.55), _NIGHT_AND_DAY, 0.52),
    _Source("2A", (0.21, 0.005, 0.0), _SCHOOL, 0.55),
    _Source("2B", (0.035, 0.02, 0.0), _SCHOOL, 0.52),
    _Source("3A", (0.02, 0.025, 0.005), _OFFICE, 0.49),
    _Source("3B", (0.035, 0.045, 0.0), _OFFICE, 0.57),
    _Source("3C", (0.015, 0.002, 0.0), _SCHOOL, 0.55),
    _Source("3D", (0.02, 0.025, 0.01), _OFFICE, 0.54),
    _Source("3E", (0.035, 0.05, 0.09), _WARD, 0.59),
    _Source("3F", (0.045, 0.06, 0.04), _WARD, 0.56),
    _Source("1A", (0.055, 0.08, 0.10), _HOME, 0.47),
    _Source("1B", (0.02, 0.03, 0.04), _HOME, 0.39),
    _Source("1C", (0.006, 0.008, 0.012), _HOME, 0.55),
    _Source("1D", (0.012, 0.016, 0.02), _HOME, 0.35),
    _Source("4", (0.02, 0.026, 0.004), _OFFICE, 0.43),
    _Source("5A", (0.045, 0.06, 0.02), _OFFICE, 0.65),
    _Source("5B", (0.03, 0.04, 0.01), _OFFICE, 0.59),
    _Source("5C", (0.025, 0.033, 0.012), _OFFICE, 0.61),
    _Source("5D", (0.045, 0.055, 0.0), _OFFICE, 0.71),
    _Source("7", (0.02, 0.025, 0.006), _OFFICE, 0.49),
    _Source("8", (0.03, 0.04, 0.025), _HOME, 0.46),
    _Source("9", (0.03, 0.04, 0.05), _HOME, 0.32),
    _Source("10", (0.005, 0.006, 0.006), _HOME, 0.39),
)
SOURCE_CODES: tuple[str, ...] = tuple(source.code for source in _SOURCES)
"""The codes by the numbers that `Contacts.source` holds."""

_OTHER_INTERNAL = "5B"
"""The source given before the authority's early help had a code of its own (5D)."""
_OUT_OF_HOURS_DECIDED = 0.2
"""Contacts out of hours that the duty team decides there and then."""
_DELAYS = (0.60, 0.305, 0.045, 0.02, 0.012, 0.007, 0.005, 0.003, 0.002, 0.001)
"""Working days to the decision, from the same day on: the tail is the failing."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contacts in order of family and instant; rows in the same order, one for each child.

    `event`, `child` are by row; the rest are by contact, of which `event` gives the place.
    """

    event: Ints
    child: Ints
    family: Ints
    received_at: Ints
    decided_at: Ints
    """When it would be decided if nothing else were known of the family."""
    source: Ints
    turn: Ints
    """How many contacts about the family came before."""
    referred: Flags
    """Whether it is grave enough to refer every child not already open."""


def make_contacts(
    rng: np.random.Generator, families: Families, children: int, period: Period
) -> Contacts:
    """Every contact in the period, warm-up included, at an authority that knows `children`."""
    family, day = _arrivals(rng, families, children, period)
    concerned = _concerned(rng, families, family, day)
    heard = concerned.any(axis=1)
    family, day, concerned = family[heard], day[heard], concerned[heard]
    source = _sources(rng, day)
    received_at = _received(rng, day, source)

    order = np.lexsort((received_at, family))
    family, received_at = family[order], received_at[order]
    source, concerned = source[order], concerned[order]
    distinct = np.ones(len(family), bool)
    distinct[1:] = (family[1:] != family[:-1]) | (received_at[1:] != received_at[:-1])
    turn = _turns(family)
    kept = distinct & (turn < MOST_CONTACTS)
    family, received_at = family[kept], received_at[kept]
    source, concerned = source[kept], concerned[kept]

    event, place = np.nonzero(concerned)
    likely = np.array([one.referred for one in _SOURCES])
    return Contacts(
        event=event,
        child=family[event] * MOST_CHILDREN + place,
        family=family,
        received_at=received_at,
        decided_at=_decided(rng, received_at),
        source=source,
        turn=_turns(family),
        referred=rng.random(len(family)) < likely[source],
    )


def _arrivals(
    rng: np.random.Generator, families: Families, children: int, period: Period
) -> tuple[Ints, Ints]:
    """The family and day of each contact: some arrive of themselves, and each may bring more."""
    busy = _busy(period)
    count = rng.poisson(_ARRIVALS_PER_CHILD * children * period.years)
    family = _weighted(rng, families.weight, count)
    day = period.opens + _weighted(rng, busy, count)
    made = [(family, day)]
    peak = busy.max()
    for _ in range(_GENERATIONS):
        more = rng.poisson(_MORE_CONTACTS, len(family))
        family = np.repeat(family, more)
        day = np.repeat(day, more) + rng.exponential(_MORE_CONTACTS_DAYS, len(family)).astype(int)
        within = day <= period.last
        family, day = family[within], day[within]
        heard = rng.random(len(day)) < busy[day - period.opens] / peak
        family, day = family[heard], day[heard]
        made.append((family, day))
    return np.concatenate([one for one, _ in made]), np.concatenate([one for _, one in made])


def _busy(period: Period) -> Floats:
    days = np.arange(period.opens, period.last + 1)
    months: Floats = np.array(_MONTHS)[month_of(days) - 1]
    return months * np.where(
        is_school_day(days), _SCHOOL_DAY, np.where(is_working(days), _WEEKDAY, _REST_DAY)
    )


def _weighted(rng: np.random.Generator, weights: Floats, count: int) -> Ints:
    edges = np.cumsum(weights)
    places: Ints = np.searchsorted(edges, rng.random(count) * edges[-1], "right")
    return np.minimum(places, len(weights) - 1)


def _concerned(rng: np.random.Generator, families: Families, family: Ints, day: Ints) -> Flags:
    """Which of a family's children each contact is about: one, and often the others too."""
    places = family[:, None] * MOST_CHILDREN + np.arange(MOST_CHILDREN)
    born, until = families.born[places], families.until[places]
    when = day[:, None]
    unborn = when < born
    there = (when >= born - UNBORN_DAYS) & (when <= until)
    age = (when - born) // 365
    interest = np.select(
        [unborn, age < 1, age < 5, age < 10, age < 16], [0.3, 1.3, 1.0, 0.95, 1.15], 0.9
    )
    scores = np.where(there, np.log(interest) + rng.gumbel(size=there.shape), -np.inf)
    chosen = np.arange(MOST_CHILDREN) == scores.argmax(axis=1)[:, None]
    whole_family = rng.random((len(family), 1)) < 0.55
    others = whole_family & (rng.random(there.shape) < np.where(unborn, 0.35, 0.92))
    concerned: Flags = there & (chosen | others)
    return concerned


def _sources(rng: np.random.Generator, day: Ints) -> Ints:
    kind = np.where(is_school_day(day), 0, np.where(is_working(day), 1, 2))
    shares = np.array([source.share for source in _SOURCES])
    edges = np.cumsum(shares / shares.sum(axis=0), axis=0)
    drawn = (rng.random(len(day))[:, None] > edges.T[kind]).sum(axis=1)
    source: Ints = np.minimum(drawn, len(_SOURCES) - 1)
    for place, code in enumerate(SOURCE_CODES):
        here = np.flatnonzero(source == place)
        unused = here[~in_use("referral_source", code, day[here])]
        source[unused] = SOURCE_CODES.index(_OTHER_INTERNAL)
    return source


def _received(rng: np.random.Generator, day: Ints, source: Ints) -> Ints:
    weights = np.array([one.hours for one in _SOURCES], float)
    edges = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    hour = (rng.random(len(day))[:, None] > edges[source]).sum(axis=1)
    second = rng.integers(0, HOUR, len(day))
    return on_the_clock(day * SECONDS_IN_DAY + np.minimum(hour, 23) * HOUR + second)


def _turns(family: Ints) -> Ints:
    """How many rows of the same family come before each, in an array sorted by family."""
    place = np.arange(len(family))
    starts = np.ones(len(family), bool)
    starts[1:] = family[1:] != family[:-1]
    return place - np.maximum.accumulate(np.where(starts, place, 0))


def office_time(rng: np.random.Generator, count: int) -> Ints:
    """Seconds into a day at which something is decided in working hours."""
    return (8.5 * HOUR + rng.random(count) * 9.5 * HOUR).astype(np.int64)


def _decided(rng: np.random.Generator, received_at: Ints) -> Ints:
    count = len(received_at)
    day, second = day_of(received_at), received_at % SECONDS_IN_DAY
    worked = is_working(day)
    closes = 18 * HOUR + HOUR // 2
    in_hours = worked & (second < 17 * HOUR)
    wait = rng.choice(len(_DELAYS), size=count, p=np.array(_DELAYS) / sum(_DELAYS))
    wait = np.where((wait == 0) & ~in_hours, 1, wait)
    later = add_working_days(day, wait) * SECONDS_IN_DAY + office_time(rng, count)
    opens = np.maximum(second + 600, 8 * HOUR + HOUR // 2)
    same_day = day * SECONDS_IN_DAY + opens
    same_day += (rng.random(count) ** 1.4 * (closes - opens)).astype(np.int64)
    decided = np.where(wait == 0, same_day, later)
    at_once = ~in_hours & (rng.random(count) < _OUT_OF_HOURS_DECIDED)
    decided = np.where(at_once, received_at + rng.integers(900, 3 * HOUR, count), decided)
    return on_the_clock(decided)

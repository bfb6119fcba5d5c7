"""Process-behaviour (XmR) charts: which months are ordinary, and which ask to be looked into.

The rules are those of *Making Data Count* as `reference/intelligence.md` section 1 sets them out:
limits at 2.66 average moving ranges about the mean, and four signals. It says what is unusual, and
must not say why, set a target, or compare one team or worker with another.

Arithmetic is in exact fractions: numerators and denominators are whole numbers, and a month that
equals the mean must be seen to equal it, which sums of floats do not promise.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from harbourlight.standards.clocks import add_months
from harbourlight.standards.standard import Kind

LIMIT_RANGES = Fraction("2.66")
"""Average moving ranges from the mean to a limit: 3 standard deviations over 1.128. Every moving
range counts, as in the NHS's Excel tool; its R package sets the widest aside, which for shares of
few children strips the limits to nothing (measured: at 95% of 5 a month, 50% of months flagged)."""
NEAR_RANGES = LIMIT_RANGES * 2 / 3
"""Average moving ranges from the mean to the outer third."""
RUN = 7
"""Months on one side of the mean, or rising or falling without a pause, that make a signal."""
FIRM_FROM = 12
"""Months from which limits are firm; with fewer they are trial limits."""
LIMITS_FROM = 6
"""Months from which limits are drawn at all: five moving ranges."""
SMALL_NUMBER = 5
"""Where the rarer outcome comes to fewer than this a month on average, shares move in leaps, and
the signals alone cry wolf: at 95% of 5 a month in 36 months they flag 42% of ordinary ones."""
CHANCE = 0.01
"""With such small numbers a signal also has to be this unlikely by counting alone, at the measure's
own overall rate. Measured on ordinary months of 2 to 30 each (rates of 85% to 98%, 12 and 36
months): at most 2.3% are then flagged, against up to 80% without; a fall of 30 points over the last
seven of 36 months, at 10 a month, is still seen in 77% of series, against 82%."""


class Direction(StrEnum):
    """Which way is good."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Signal(StrEnum):
    """Why a month is out of the ordinary. Where several hold, the first in this order is shown."""

    OUTSIDE = "outside"
    TREND = "trend"
    NEAR_LIMIT = "near_limit"
    SHIFT = "shift"


class Variation(StrEnum):
    """What a month's signal means for children."""

    ORDINARY = "ordinary"
    CONCERN = "concern"
    IMPROVEMENT = "improvement"
    CHANGE = "change"
    """A signal in a measure of which neither way is good."""


@dataclass(frozen=True, slots=True)
class Month:
    """One month's count: `month` is its first day."""

    month: date
    numerator: int
    denominator: int
    cannot_tell: int = 0

    @property
    def value(self) -> Fraction | None:
        """The share, or None where nothing was counted: a gap, not a zero."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None


@dataclass(frozen=True, slots=True)
class Change:
    """A known change to the process, from the month it took effect: limits start afresh there."""

    month: date
    name: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The mean and the limits within which ordinary months fall."""

    mean: Fraction
    lower: Fraction
    upper: Fraction
    near_lower: Fraction
    near_upper: Fraction


@dataclass(frozen=True, slots=True)
class Segment:
    """The months between two known changes, with the limits they share.

    `limits` is None where there are too few months; `is_trial` where there are fewer than twelve.
    """

    begins: date
    ends: date
    count: int
    limits: Limits | None
    change: Change | None = None

    @property
    def is_trial(self) -> bool:
        """Whether the limits rest on too few months to be firm."""
        return self.limits is not None and self.count < FIRM_FROM


@dataclass(frozen=True, slots=True)
class Point:
    """One month of a chart.

    `is_partial` marks the running month, which is drawn but bears on no limit and no signal.
    `is_above` says which way its signal points: above the mean, or rising.
    """

    month: Month
    signal: Signal | None = None
    variation: Variation = Variation.ORDINARY
    is_above: bool = False
    is_partial: bool = False

    @property
    def value(self) -> Fraction | None:
        """The month's share, or None for a gap."""
        return self.month.value


@dataclass(frozen=True, slots=True)
class ProcessBehaviour:
    """A measure's months in order, gaps included, with what is ordinary for them."""

    points: tuple[Point, ...]
    segments: tuple[Segment, ...]
    direction: Direction

    @property
    def counted(self) -> tuple[Point, ...]:
        """The points that bear on limits and signals: whole months in which something counted."""
        return tuple(p for p in self.points if p.value is not None and not p.is_partial)

    @property
    def segment(self) -> Segment | None:
        """The latest segment, whose limits are the ones in force."""
        return self.segments[-1] if self.segments else None

    @property
    def has_small_numbers(self) -> bool:
        """Whether the months hold too few for signals to be taken on their shape alone."""
        return _are_small([point.month for point in self.counted])

    def segment_of(self, month: date) -> Segment | None:
        """The segment that holds a month."""
        return next((s for s in self.segments if s.begins <= month <= s.ends), None)


def good_direction(kind: Kind) -> Direction:
    """Which way is good for a standard: more kept in time, or fewer of what should not happen."""
    return Direction.LOWER if kind is Kind.OCCURRENCE else Direction.HIGHER


def behaviour(
    months: Iterable[Month],
    direction: Direction,
    *,
    as_at: date,
    changes: Sequence[Change] = (),
) -> ProcessBehaviour:
    """How a measure has behaved, month by month, to the end of `as_at`.

    `months` may come in any order and leave months out; later ones than `as_at` are ignored. A
    month with nothing counted is a gap, and the months either side of it are taken as neighbours.
    Limits start afresh at each of `changes` that falls among the months, and at nothing else.
    """
    held = {month.month: month for month in months if month.month <= as_at}
    if not held:
        return ProcessBehaviour((), (), direction)
    line = [held.get(month) or Month(month, 0, 0) for month in _from_to(min(held), max(held))]
    starts = {change.month: change for change in changes if line[0].month < change.month}
    groups: list[tuple[Change | None, list[Month]]] = []
    for month in line:
        if not groups or month.month in starts:
            groups.append((starts.get(month.month), []))
        groups[-1][1].append(month)
    points: list[Point] = []
    segments: list[Segment] = []
    for change, group in groups:
        segment = _segment(group, change, as_at)
        segments.append(segment)
        points.extend(_points(group, segment.limits, direction, as_at))
    return ProcessBehaviour(tuple(points), tuple(segments), direction)


def limits(values: Sequence[Fraction]) -> Limits:
    """The mean of the values and 2.66 average moving ranges either side, unclipped.

    Raises `ValueError` for fewer than two values, which have no moving range.
    """
    ranges = [abs(later - earlier) for earlier, later in pairwise(values)]
    if not ranges:
        raise ValueError("limits need at least two values")
    average = _mean(ranges)
    mean = _mean(values)
    return Limits(
        mean=mean,
        lower=mean - LIMIT_RANGES * average,
        upper=mean + LIMIT_RANGES * average,
        near_lower=mean - NEAR_RANGES * average,
        near_upper=mean + NEAR_RANGES * average,
    )


def signals(
    values: Sequence[Fraction],
    within: Limits,
    is_chance: Callable[[Sequence[int], bool], bool] = lambda _places, _is_above: False,
) -> list[tuple[Signal, bool] | None]:
    """For each value its signal, and whether that points up; None for an ordinary one.

    `is_chance` is asked of each unbroken run of a signal, by its places and its way, whether
    counting alone would explain it; if so the run is ordinary. A trend is not asked of: seven
    steps one way say something whatever their size.
    """
    found: list[tuple[Signal, bool] | None] = [None] * len(values)
    # The weakest first: each stronger signal then takes the label.
    for signal, marked in (
        (Signal.SHIFT, _shifts(values, within)),
        (Signal.NEAR_LIMIT, _near_limits(values, within)),
        (Signal.TREND, _trends(values)),
        (Signal.OUTSIDE, _outside(values, within)),
    ):
        for places, is_above in _unbroken(marked):
            if signal is Signal.TREND or not is_chance(places, is_above):
                for place in places:
                    found[place] = (signal, is_above)
    return found


def _outside(values: Sequence[Fraction], within: Limits) -> dict[int, bool]:
    return {
        place: value > within.upper
        for place, value in enumerate(values)
        if not within.lower <= value <= within.upper
    }


def _shifts(values: Sequence[Fraction], within: Limits) -> dict[int, bool]:
    """Each month of a run of seven strictly on one side; one on the mean itself breaks the run."""
    return _runs([_sign(value - within.mean) for value in values], RUN)


def _trends(values: Sequence[Fraction]) -> dict[int, bool]:
    """Each month of seven, every one strictly above (or below) the one before."""
    steps = [_sign(later - earlier) for earlier, later in pairwise(values)]
    return {
        place + offset: is_up
        for place, is_up in _runs(steps, RUN - 1).items()
        # A month both ends one trend and begins another: the later step, written last, decides.
        for offset in (0, 1)
    }


def _runs(signs: Sequence[int], length: int) -> dict[int, bool]:
    marked: dict[int, bool] = {}
    for end in range(length, len(signs) + 1):
        window = signs[end - length : end]
        if window[0] and all(sign == window[0] for sign in window):
            marked.update(dict.fromkeys(range(end - length, end), window[0] > 0))
    return marked


def _near_limits(values: Sequence[Fraction], within: Limits) -> dict[int, bool]:
    """Two of three neighbours, all on one side of the mean, in the outer third by their limit."""
    near = [
        within.lower <= value < within.near_lower or within.near_upper < value <= within.upper
        for value in values
    ]
    marked: dict[int, bool] = {}
    for start in range(len(values) - 2):
        window = range(start, start + 3)
        sides = {_sign(values[place] - within.mean) for place in window}
        if sides in ({1}, {-1}) and sum(near[place] for place in window) >= 2:
            marked.update({place: sides == {1} for place in window if near[place]})
    return marked


def _unbroken(marked: Mapping[int, bool]) -> Iterator[tuple[list[int], bool]]:
    """Marked places in runs of neighbours that point the same way."""
    run: list[int] = []
    for place in sorted(marked):
        if run and (place != run[-1] + 1 or marked[place] != marked[run[-1]]):
            yield run, marked[run[-1]]
            run = []
        run.append(place)
    if run:
        yield run, marked[run[-1]]


def _segment(group: Sequence[Month], change: Change | None, as_at: date) -> Segment:
    values = _values(_whole(group, as_at))
    found = limits(values) if len(values) >= LIMITS_FROM else None
    return Segment(group[0].month, group[-1].month, len(values), found and _clip(found), change)


def _points(
    group: Sequence[Month], clipped: Limits | None, direction: Direction, as_at: date
) -> Iterator[Point]:
    whole = _whole(group, as_at)
    found: dict[date, tuple[Signal, bool]] = {}
    if clipped is not None:
        values = _values(whole)
        # The outer third is measured on the limits as computed, not as drawn.
        marked = signals(values, limits(values), _chance(whole))
        found = {month.month: signal for month, signal in zip(whole, marked, strict=True) if signal}
    for month in group:
        if not _is_over(month.month, as_at):
            yield Point(month, is_partial=True)
        elif month.month not in found:
            yield Point(month)
        else:
            signal, is_above = found[month.month]
            yield Point(month, signal, _variation(is_above, direction), is_above)


def _whole(group: Sequence[Month], as_at: date) -> list[Month]:
    """The months that are over and in which something counted."""
    return [month for month in group if month.denominator and _is_over(month.month, as_at)]


def _values(months: Sequence[Month]) -> list[Fraction]:
    return [Fraction(month.numerator, month.denominator) for month in months]


def _are_small(months: Sequence[Month]) -> bool:
    met = sum(month.numerator for month in months)
    unmet = sum(month.denominator for month in months) - met
    return min(met, unmet) < SMALL_NUMBER * len(months)


def _chance(months: Sequence[Month]) -> Callable[[Sequence[int], bool], bool]:
    """Whether counting alone explains a run of months, where their numbers are small."""
    if not _are_small(months):
        return lambda _places, _is_above: False
    met = sum(month.numerator for month in months)
    total = sum(month.denominator for month in months)
    unmet = total - met

    def is_chance(places: Sequence[int], is_above: bool) -> bool:
        run_met = sum(months[place].numerator for place in places)
        run_total = sum(months[place].denominator for place in places)
        # Counted by the rarer outcome, whose tail has few terms whatever the size of the run.
        if met <= unmet:
            count, rate, is_many = run_met, met / total, is_above
        else:
            count, rate, is_many = run_total - run_met, unmet / total, not is_above
        likely = (
            1 - _at_most(count - 1, run_total, rate)
            if is_many
            else _at_most(count, run_total, rate)
        )
        return likely >= CHANCE

    return is_chance


def _at_most(count: int, total: int, rate: float) -> float:
    """The chance of at most `count` of `total`, each happening at `rate` (under a half)."""
    each = (1 - rate) ** total
    chance = 0.0
    for happened in range(count + 1):
        chance += each
        each *= (total - happened) / (happened + 1) * rate / (1 - rate)
    return chance


def _variation(is_above: bool, direction: Direction) -> Variation:
    if direction is Direction.NEITHER:
        return Variation.CHANGE
    is_good = is_above == (direction is Direction.HIGHER)
    return Variation.IMPROVEMENT if is_good else Variation.CONCERN


def _clip(found: Limits) -> Limits:
    """Limits drawn for a share, which cannot go below nothing or above everything."""
    nothing, everything = Fraction(0), Fraction(1)
    return Limits(
        mean=found.mean,
        lower=max(nothing, found.lower),
        upper=min(everything, found.upper),
        near_lower=max(nothing, found.near_lower),
        near_upper=min(everything, found.near_upper),
    )


def _is_over(month: date, as_at: date) -> bool:
    return add_months(month, 1) - timedelta(days=1) <= as_at


def _from_to(first: date, last: date) -> Iterable[date]:
    count = (last.year - first.year) * 12 + last.month - first.month
    return (add_months(first, place) for place in range(count + 1))


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction()) / len(values)


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)

import random
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbourlight.insight.process_behaviour import (
    Change,
    Direction,
    Limits,
    Month,
    Signal,
    Variation,
    behaviour,
    good_direction,
    limits,
    signals,
)
from harbourlight.standards.clocks import add_months
from harbourlight.standards.standard import Kind
from tests.insight.series import FIRST, LATER, ORDINARY, months

HIGHER, LOWER, NEITHER = Direction.HIGHER, Direction.LOWER, Direction.NEITHER
# fmt: off
NORMAL = (
    "-0.56047565", "-0.23017749", "1.55870831", "0.07050839", "0.12928774",
    "1.71506499", "0.46091621", "-1.26506123", "-0.68685285", "-0.44566197",
    "1.22408180", "0.35981383", "0.40077145", "0.11068272", "-0.55584113",
    "1.78691314", "0.49785048", "-1.96661716", "0.70135590", "-0.47279141",
)
# fmt: on


def exactly(values):
    return [Fraction(str(value)) for value in values]


# The figures that the NHS's own tools give, from the reference on these charts.
@pytest.mark.parametrize(
    ("values", "mean", "lower", "upper"),
    [
        ([1, 2, 1, 2, 10, *[1, 2] * 6, 1], 1.94, -3.06, 6.95),
        (NORMAL, 0.1416238, -3.01138, 3.294627),
        ([*NORMAL[:14], "10", *NORMAL[15:]], 0.6694159, -4.596625, 5.935457),
    ],
)
def test_limits_are_those_of_the_published_examples(values, mean, lower, upper):
    found = limits(exactly(values))
    digits = 2 if mean == 1.94 else 6
    assert (float(found.mean), float(found.lower), float(found.upper)) == pytest.approx(
        (mean, lower, upper), abs=0.6 * 10**-digits
    )


def test_limits_worked_by_hand():
    # 60, 70, 50, 60: mean 60; moving ranges 10, 20, 10, average 13 1/3; 2.66 of them is 35 7/15.
    found = limits(exactly(["0.6", "0.7", "0.5", "0.6"]))
    assert found.mean == Fraction(60, 100)
    assert found.upper == Fraction(60, 100) + Fraction(266, 100) * Fraction(4, 30)
    assert found.lower == Fraction(60, 100) - Fraction(266, 100) * Fraction(4, 30)
    # The outer third begins two thirds of the way to the limit.
    assert found.near_upper - found.mean == (found.upper - found.mean) * 2 / 3


def within(mean="0", near="2", limit="3"):
    centre, near, limit = Fraction(mean), Fraction(near), Fraction(limit)
    return Limits(centre, centre - limit, centre + limit, centre - near, centre + near)


S, T, N, X = Signal.SHIFT, Signal.TREND, Signal.NEAR_LIMIT, Signal.OUTSIDE


# Each signal planted, and beside it the nearest thing that is not one. The mean is 0, the outer
# third begins at 2 and the limit is 3.
@pytest.mark.parametrize(
    ("why", "values", "expected"),
    [
        ("above the limit", [0, 3.01], [None, X]),
        ("on the limit", [0, 3], [None, None]),
        ("below the limit", [0, -3.01], [None, X]),
        ("seven above the mean", [1] * 7 + [-1], [S] * 7 + [None]),
        ("six above the mean", [1] * 6 + [-1, 1], [None] * 8),
        ("one on the mean breaks the run", [1, 1, 1, 0, 1, 1, 1, 1], [None] * 8),
        ("eight below", [-1] * 8, [S] * 8),
        ("seven rising", [-1.5, -1, -0.5, 0, 0.5, 1, 1.5], [T] * 7),
        ("six rising", [-1.5, -1, -0.5, 0, 0.5, 1, 1], [None] * 7),
        ("a pause breaks the rise", [-1.5, -1, -0.5, -0.5, 0, 0.5, 1, 1.5], [None] * 8),
        ("seven falling", [1.5, 1, 0.5, 0, -0.5, -1, -1.5, 1], [T] * 7 + [None]),
        ("two of three near the limit", [2.5, 1, 2.5, -1], [N, None, N, None]),
        ("one of three near the limit", [2.5, 1, 1, -1], [None] * 4),
        ("on the edge of the outer third", [2, 1, 2, -1], [None] * 4),
        ("near opposite limits", [2.5, 1, -2.5], [None] * 3),
        ("the three not on one side", [2.5, -0.1, 2.5], [None] * 3),
        ("two of three need a third", [2.5, 2.5], [None] * 2),
        ("outside takes the label of a run", [1, 1, 1, 3.5, 1, 1, 1], [S, S, S, X, S, S, S]),
    ],
)
def test_a_signal_is_seen_where_it_is_planted_and_not_beside_it(why, values, expected):
    found = signals(exactly(values), within())
    assert [signal and signal[0] for signal in found] == expected


def test_a_month_that_ends_one_trend_and_begins_another_points_the_way_of_the_later():
    values = [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1, 0.8, 0.6, 0.4, 0.2, 0]
    found = signals(exactly(values), within(mean="0.5"))
    assert [signal and signal[1] for signal in found] == [True] * 6 + [False] * 7


# The same, through the chart, as a failing in a service would show it.
def planted(tail, direction=HIGHER, of=100):
    return behaviour(months([*ORDINARY, *tail], of), direction, as_at=LATER)


@pytest.mark.parametrize(
    ("tail", "signal"),
    [
        ((50,), Signal.OUTSIDE),
        ((76, 77, 75, 77, 76, 77, 76), Signal.SHIFT),
        ((88, 86, 84, 82, 80, 78, 76), Signal.TREND),
        ((71, 72, 71), Signal.NEAR_LIMIT),
    ],
)
def test_a_failing_planted_in_an_ordinary_service_is_a_concern(tail, signal):
    latest = planted(tail).points[-1]
    assert (latest.signal, latest.variation) == (signal, Variation.CONCERN)


def test_an_ordinary_service_shows_nothing():
    chart = planted(())
    assert {point.signal for point in chart.points} == {None}
    assert chart.segment.limits.mean == Fraction(sum(ORDINARY), 1200)
    assert not chart.segment.is_trial


@pytest.mark.parametrize(
    ("direction", "down", "up"),
    [
        (HIGHER, Variation.CONCERN, Variation.IMPROVEMENT),
        (LOWER, Variation.IMPROVEMENT, Variation.CONCERN),
        (NEITHER, Variation.CHANGE, Variation.CHANGE),
    ],
)
def test_which_way_is_good_decides_what_a_signal_means(direction, down, up):
    assert planted((50,), direction).points[-1].variation is down
    assert planted((100,), direction).points[-1].variation is up


def test_more_kept_in_time_is_good_and_less_of_what_should_not_happen():
    assert good_direction(Kind.DEADLINE) is good_direction(Kind.DURATION) is HIGHER
    assert good_direction(Kind.OCCURRENCE) is LOWER


def test_the_ordinary_months_have_the_limits_worked_by_hand():
    held = behaviour(months(ORDINARY), HIGHER, as_at=LATER).segment.limits
    assert float(held.lower) == pytest.approx(0.6981, abs=5e-5)
    assert float(held.upper) == pytest.approx(0.9302, abs=5e-5)


def test_limits_of_a_share_are_held_between_nothing_and_everything():
    chart = behaviour(
        months([90, 100, 20, 100, 10, 95, 100, 5, 90, 100, 0, 80]), HIGHER, as_at=LATER
    )
    held = chart.segment.limits
    assert held.lower == held.near_lower == 0
    assert held.upper == held.near_upper == 1


@pytest.mark.parametrize(
    ("count", "has_limits", "is_trial"),
    [(5, False, False), (6, True, True), (11, True, True), (12, True, False)],
)
def test_few_months_have_no_limits_then_trial_ones(count, has_limits, is_trial):
    segment = behaviour(months(ORDINARY[:count]), HIGHER, as_at=LATER).segment
    assert (segment.limits is not None, segment.is_trial) == (has_limits, is_trial)


def test_without_limits_nothing_is_called_unusual():
    chart = behaviour(months([90, 91, 0, 90, 91]), HIGHER, as_at=LATER)
    assert {point.signal for point in chart.points} == {None}


def test_a_month_with_nothing_to_count_is_a_gap_and_not_a_nought():
    whole = behaviour(months([*ORDINARY[:6], *ORDINARY[6:]]), HIGHER, as_at=LATER)
    gapped = behaviour(months([*ORDINARY[:6], None, None, *ORDINARY[6:]]), HIGHER, as_at=LATER)
    assert gapped.segment.limits == whole.segment.limits
    assert [point.value is None for point in gapped.points[5:9]] == [False, True, True, False]


def test_months_that_are_missing_are_gaps_too():
    held = months(ORDINARY)
    chart = behaviour([held[0], *held[4:]], HIGHER, as_at=LATER)
    assert len(chart.points) == 12
    assert [point.value is None for point in chart.points[:5]] == [False, True, True, True, False]


def test_the_running_month_is_shown_and_bears_on_nothing():
    whole = behaviour(months(ORDINARY), HIGHER, as_at=LATER)
    running = add_months(FIRST, 12)
    chart = behaviour(months([*ORDINARY, 0]), HIGHER, as_at=running.replace(day=2))
    assert chart.points[-1].is_partial
    assert chart.points[-1].signal is None
    assert chart.segment.limits == whole.segment.limits
    last_day = date(2025, 4, 30)
    assert not behaviour(months([*ORDINARY, 0]), HIGHER, as_at=last_day).points[-1].is_partial


def test_later_months_than_the_day_asked_about_are_not_known():
    chart = behaviour(months(ORDINARY), HIGHER, as_at=date(2024, 8, 31))
    assert chart.points[-1].month.month == date(2024, 8, 1)


def test_limits_start_afresh_at_a_known_change_and_nowhere_else():
    held = months([*ORDINARY, *(count - 40 for count in ORDINARY)])
    change = Change(add_months(FIRST, 12), "A new front door opened")
    unknown = behaviour(held, HIGHER, as_at=LATER)
    known = behaviour(held, HIGHER, as_at=LATER, changes=[change])
    assert len(unknown.segments) == 1
    assert unknown.points[-1].variation is Variation.CONCERN
    assert [segment.change for segment in known.segments] == [None, change]
    first, second = (segment.limits for segment in known.segments)
    assert first.mean - second.mean == Fraction(40, 100)
    assert {point.signal for point in known.points} == {None}


def test_a_change_before_the_first_month_or_after_the_last_changes_nothing():
    outside = [Change(add_months(FIRST, place), "Elsewhere") for place in (-1, 0, 12)]
    assert behaviour(months(ORDINARY), HIGHER, as_at=LATER, changes=outside) == behaviour(
        months(ORDINARY), HIGHER, as_at=LATER
    )


def test_no_months_at_all_make_an_empty_chart():
    chart = behaviour([], HIGHER, as_at=LATER)
    assert (chart.points, chart.segments, chart.segment) == ((), (), None)


def test_one_child_missed_in_a_small_service_is_not_called_a_failing():
    # Five a month, all in time but one: the limits are so close that one child lies outside them.
    chart = behaviour(months([5] * 20 + [4], of=5), HIGHER, as_at=LATER)
    assert chart.points[-1].value < chart.segment.limits.lower
    assert {point.signal for point in chart.points} == {None}
    assert chart.has_small_numbers


def test_a_small_service_that_fails_is_still_seen():
    chart = behaviour(months([5] * 20 + [2], of=5), HIGHER, as_at=LATER)
    assert chart.points[-1].variation is Variation.CONCERN


def test_small_ordinary_services_are_seldom_called_unusual():
    chance = random.Random(20260331)
    flagged = total = 0
    for _ in range(60):
        counts = [sum(chance.random() < 0.95 for _ in range(5)) for _ in range(36)]
        chart = behaviour(months(counts, of=5), HIGHER, as_at=LATER)
        flagged += sum(point.signal is not None for point in chart.points)
        total += len(chart.points)
    assert flagged / total < 0.025


made_months = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted), min_size=1, max_size=30
).map(
    lambda counts: [
        Month(add_months(FIRST, place), met, of) for place, (met, of) in enumerate(counts)
    ]
)


@given(made_months, st.randoms(use_true_random=False))
def test_the_order_months_arrive_in_makes_no_difference(held, chance):
    shuffled = list(held)
    chance.shuffle(shuffled)
    assert behaviour(shuffled, HIGHER, as_at=LATER) == behaviour(held, HIGHER, as_at=LATER)


@given(made_months)
def test_limits_stand_either_side_of_the_mean_and_within_a_share(held):
    for segment in behaviour(held, HIGHER, as_at=LATER).segments:
        if (found := segment.limits) is not None:
            assert 0 <= found.lower <= found.near_lower <= found.mean
            assert found.mean <= found.near_upper <= found.upper <= 1


@given(made_months)
def test_counting_the_missed_instead_of_the_kept_says_the_same(held):
    kept = behaviour(held, HIGHER, as_at=LATER)
    missed = behaviour(
        [Month(m.month, m.denominator - m.numerator, m.denominator) for m in held],
        LOWER,
        as_at=LATER,
    )
    assert [(p.signal, p.variation) for p in kept.points] == [
        (p.signal, p.variation) for p in missed.points
    ]


@given(
    st.lists(st.fractions(0, 1, max_denominator=50), min_size=2, max_size=30),
    st.fractions(-3, 3, max_denominator=7),
    st.fractions(Fraction(1, 9), 9, max_denominator=9),
)
def test_limits_move_and_stretch_with_the_values(values, shift, scale):
    plain = limits(values)
    moved = limits([value * scale + shift for value in values])
    assert moved.mean == plain.mean * scale + shift
    assert moved.upper == plain.upper * scale + shift
    assert moved.lower == plain.lower * scale + shift

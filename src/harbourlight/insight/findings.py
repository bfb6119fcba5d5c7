"""What a process-behaviour chart says, in words: the title it carries and the sentence beneath.

It says what is unusual and since when. It must not say why, for no chart knows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise

from harbourlight.insight.process_behaviour import (
    FIRM_FROM,
    LIMITS_FROM,
    SMALL_NUMBER,
    Point,
    ProcessBehaviour,
    Segment,
    Signal,
    Variation,
)
from harbourlight.insight.wording import counted, month, number, percent, period
from harbourlight.standards.standard import Kind, Standard

RECENT_MONTHS = 12
"""How many of the latest whole months the sentence counts over."""

VARIATION_LABELS = {
    Variation.ORDINARY: "Ordinary",
    Variation.CONCERN: "Concern",
    Variation.IMPROVEMENT: "Improvement",
    Variation.CHANGE: "Unusual",
}
"""What each sort of month is called, in a chart's key and in tables."""

_JUDGED = {
    Variation.CONCERN: "worse than ordinary",
    Variation.IMPROVEMENT: "better than ordinary",
    Variation.CHANGE: "out of the ordinary",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A chart's title, its sentences, and what its latest whole month means for children."""

    title: str
    sentences: tuple[str, ...]
    variation: Variation

    @property
    def text(self) -> str:
        """The sentences as one paragraph."""
        return " ".join(self.sentences)


def find(chart: ProcessBehaviour, standard: Standard) -> Finding:
    """What a standard's chart shows.

    The title states the finding in about ten words. The sentences give the latest twelve whole
    months' count, how they vary, and what to beware of in reading them.
    """
    points = chart.counted
    if not points:
        return Finding("No whole month to show yet", (), Variation.ORDINARY)
    latest = points[-1]
    said = [_total(points[-RECENT_MONTHS:], standard), _variation(chart), _before(points)]
    said += _cautions(chart)
    return Finding(_title(chart), tuple(filter(None, said)), latest.variation)


def label(standard: Standard) -> str:
    """What a standard's numerator counts: those met in time, or those that happened."""
    return standard.unmet_label if standard.kind is Kind.OCCURRENCE else standard.met_label


def signal_words(point: Point) -> str:
    """Why a month is out of the ordinary, for a table; empty for an ordinary one."""
    if point.signal is None:
        return ""
    way = {
        Signal.OUTSIDE: "above the upper limit" if point.is_above else "below the lower limit",
        Signal.TREND: "rising month by month" if point.is_above else "falling month by month",
        Signal.NEAR_LIMIT: f"near the {'upper' if point.is_above else 'lower'} limit",
        Signal.SHIFT: f"a run {'above' if point.is_above else 'below'} the mean",
    }[point.signal]
    return f"{VARIATION_LABELS[point.variation]}: {way}"


def _title(chart: ProcessBehaviour) -> str:
    points = chart.counted
    segment = chart.segment
    if segment is None or segment.limits is None:
        return "Too few months to say what is ordinary"
    latest = points[-1]
    if latest.signal is not None:
        block = _spells(points)[-1]
        judged = _JUDGED[latest.variation].capitalize()
        if len(block) == 1:
            return f"{judged} in {month(latest.month.month)}"
        return f"{judged} since {month(block[0].month.month)}"
    spells = _spells(points)
    if spells and spells[-1][-1] in points[-RECENT_MONTHS:]:
        last = spells[-1]
        when = "in" if len(last) == 1 else "until"
        return f"Ordinary now; {_JUDGED[last[-1].variation]} {when} {month(last[-1].month.month)}"
    return f"Ordinary month-to-month variation around {percent(segment.limits.mean)}"


def _total(points: Sequence[Point], standard: Standard) -> str:
    numerator = sum(point.month.numerator for point in points)
    denominator = sum(point.month.denominator for point in points)
    cannot_tell = sum(point.month.cannot_tell for point in points)
    said = (
        f"{label(standard)}: {number(numerator)} of {number(denominator)} "
        f"({percent(numerator / denominator)}), "
        f"{period(points[0].month.month, points[-1].month.month)}."
    )
    if cannot_tell:
        said += f" For {number(cannot_tell)} more it cannot be told."
    return said


def _variation(chart: ProcessBehaviour) -> str:
    segment = chart.segment
    if segment is None or segment.limits is None:
        return (
            f"With fewer than {LIMITS_FROM} whole months no limits are drawn, and no month is "
            "called ordinary or not."
        )
    latest = chart.counted[-1]
    if latest.signal is not None:
        return _special(chart.counted, segment)
    return (
        "The latest month is ordinary variation: unless something changes, expect between "
        f"{percent(segment.limits.lower)} and {percent(segment.limits.upper)} in a month."
    )


def _special(points: Sequence[Point], segment: Segment) -> str:
    assert segment.limits is not None
    within = [point for point in points if point.month.month >= segment.begins]
    latest = within[-1]
    mean = percent(segment.limits.mean)
    bound = percent(segment.limits.upper if latest.is_above else segment.limits.lower)
    side, edge, than = (
        ("above", "upper", "higher") if latest.is_above else ("below", "lower", "lower")
    )
    till = month(latest.month.month)
    match latest.signal:
        case Signal.OUTSIDE:
            fact = f"{till}, at {percent(latest.value)}, is {side} the {edge} limit of {bound}"
        case Signal.TREND:
            run = _run(within, lambda later, earlier: _is_beyond(latest, later, earlier.value))
            fact = (
                f"Each month from {month(run[1].month.month)} to {till} is {than} than the one "
                "before"
            )
        case Signal.NEAR_LIMIT:
            fact = f"Two or more of the three months to {till} are close to the {edge} limit "
            fact += f"of {bound}"
        case _:
            middle = segment.limits.mean
            run = _run(within, lambda _, earlier: _is_beyond(latest, earlier, middle))
            fact = f"Every month from {month(run[0].month.month)} to {till} is {side} the mean "
            fact += f"of {mean}"
    meaning = {
        Variation.CONCERN: "this is more than chance, and for the worse",
        Variation.IMPROVEMENT: "this is more than chance, and for the better",
    }.get(latest.variation, "this is more than chance")
    return f"{fact}: {meaning}. Ask what changed."


def _run(points: Sequence[Point], goes_on: Callable[[Point, Point], bool]) -> list[Point]:
    """The latest points, back for as long as each goes on from the one before it."""
    run = [points[-1]]
    for later, earlier in pairwise(reversed(points)):
        if not goes_on(later, earlier):
            break
        run.insert(0, earlier)
    return run


def _is_beyond(latest: Point, point: Point, value: Fraction | None) -> bool:
    """Whether a point lies on the side of a value that the latest point's signal points to."""
    assert point.value is not None
    assert value is not None
    return point.value > value if latest.is_above else point.value < value


def _before(points: Sequence[Point]) -> str:
    """The unusual spells before the latest month's own, the latest first, so that none is lost."""
    spells = _spells(points)
    if spells and spells[-1][-1] is points[-1]:
        spells = spells[:-1]
    if not spells:
        return ""
    named = [
        f"{_JUDGED[spell[0].variation]} {period(spell[0].month.month, spell[-1].month.month)}"
        for spell in reversed(spells)
    ]
    return f"Earlier: {'; '.join(named)}."


def _spells(points: Sequence[Point]) -> list[list[Point]]:
    """The unusual months, in runs of neighbours that mean the same."""
    return [
        list(run)
        for variation, run in groupby(points, key=lambda point: point.variation)
        if variation is not Variation.ORDINARY
    ]


def _cautions(chart: ProcessBehaviour) -> list[str]:
    said = []
    segment = chart.segment
    if segment is not None and segment.is_trial:
        said.append(
            f"These are trial limits: they rest on {counted(segment.count, 'month')}, and "
            f"{FIRM_FROM} make them firm."
        )
    said.extend(
        f"Limits start afresh in {month(changed.change.month)}: {changed.change.name}."
        for changed in chart.segments
        if changed.change is not None
    )
    if chart.has_small_numbers and segment is not None and segment.limits is not None:
        said.append(
            f"Numbers are small (one outcome or the other comes to fewer than {SMALL_NUMBER} a "
            "month), so a month is called unusual only where chance alone would seldom give it: "
            "read the counts, and the children behind them."
        )
    gaps = sum(point.value is None and not point.is_partial for point in chart.points)
    if gaps:
        said.append(
            f"In {counted(gaps, 'month')} there was nothing to count: a gap in the line, not a "
            "nought."
        )
    return said

"""Draws a process-behaviour chart as an SVG that stands on its own in a page.

Altair says what to draw and vl-convert draws it, here on the server: no script, no font and no
style sheet is asked for, so a strict content security policy has nothing to forbid. It draws what
`process_behaviour` found and decides nothing.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from typing import Any

import altair as alt
import vl_convert
from lxml import etree

from harbourlight.insight.findings import VARIATION_LABELS, Finding, signal_words
from harbourlight.insight.process_behaviour import Point, ProcessBehaviour, Segment, Variation
from harbourlight.insight.wording import month, number, percent

INK = "#1d2a33"
"""Text, and the line. All these colours but the grid's have 3:1 contrast or more with white."""
GREY = "#5f6b73"
"""Limits, axes, and an ordinary month."""
RULE = "#d9dee1"
COLOURS = {
    Variation.ORDINARY: GREY,
    Variation.CONCERN: "#F46A25",
    Variation.IMPROVEMENT: "#12436D",
    Variation.CHANGE: "#801650",
}
SHAPES = {
    Variation.ORDINARY: "circle",
    Variation.CONCERN: "square",
    Variation.IMPROVEMENT: "diamond",
    Variation.CHANGE: "triangle-up",
}
FONT = "Atkinson Hyperlegible, Arial, sans-serif"
TARGET = "target:"
"""What marks, in the picture as drawn, the discs that become links. Vega reads a bare day as a time
and writes it otherwise."""
KEY_ROOM = 24
"""Height that the key to the marks takes, where there is one."""
HEADROOM = 1.1
"""How far above the highest thing drawn an axis goes that does not run to 100%."""

_SVG = "http://www.w3.org/2000/svg"


@dataclass(frozen=True, slots=True)
class _Layout:
    """Sizes in the units of the view box, which are pixels at the chart's natural width."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    font: int
    limit_names: tuple[str, str, str]
    trial_names: tuple[str, str, str]

    @property
    def plot_width(self) -> int:
        return self.width - self.left - self.right

    @property
    def plot_height(self) -> int:
        return self.height - self.top - self.bottom


class Size(Enum):
    """How wide the chart's page is. A narrow one keeps its words legible at 320 pixels."""

    WIDE = _Layout(
        width=720,
        height=280,
        left=48,
        right=128,
        top=12,
        bottom=44,
        font=14,
        limit_names=("Upper limit", "Mean", "Lower limit"),
        trial_names=("Trial upper", "Mean", "Trial lower"),
    )
    NARROW = _Layout(
        width=340,
        height=250,
        left=42,
        right=80,
        top=12,
        bottom=44,
        font=13,
        limit_names=("Upper", "Mean", "Lower"),
        trial_names=("Upper", "Mean", "Lower"),
    )


def draw(
    chart: ProcessBehaviour,
    finding: Finding,
    *,
    name: str,
    full_scale: bool = True,
    size: Size = Size.WIDE,
    link: Callable[[date], str] | None = None,
) -> str:
    """The chart as an SVG element with a title and a description; empty where nothing counted.

    `name` is what the chart is of: it opens the title, and makes the chart's identifiers unlike
    any other's in the page. `full_scale` draws 0 to 100%; without it the axis ends a little above
    the highest point or limit. With `link`, every month that counted something opens the address
    it gives for the month's first day.
    """
    if not any(point.value is not None for point in chart.points):
        return ""
    # Room for the key, which is only wanted where there is something to tell apart.
    layout = size.value
    if _has_key(chart):
        layout = replace(layout, top=layout.top + KEY_ROOM, height=layout.height + KEY_ROOM)
    specification = _specification(chart, full_scale, layout, with_targets=link is not None)
    picture = etree.fromstring(_draw(json.dumps(specification, sort_keys=True)).encode())
    _detach(picture, layout)
    if link is None:
        picture.set("role", "img")
    else:
        # An image hides what is in it from a screen reader, links and all; a group does not.
        picture.set("role", "group")
        _open_months(picture, chart, link)
    _describe(picture, f"{name}. {finding.title}", finding.text, f"{size.name}:{name}")
    return etree.tostring(picture, encoding="unicode")


@lru_cache(maxsize=512)
def _draw(specification: str) -> str:
    """The picture for a specification, kept by its content: about 70 ms when it is not held."""
    return vl_convert.vegalite_to_svg(specification)


def _specification(
    chart: ProcessBehaviour, full_scale: bool, layout: _Layout, *, with_targets: bool
) -> dict[str, Any]:
    top = _top(chart, full_scale)
    x = _month_axis(chart, layout)
    y = alt.Y(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(values=_levels(top), format=".0%", domain=False, ticks=False, gridColor=RULE),
    )
    layers: list[alt.Chart] = []
    for segment in chart.segments:
        layers += _limits(segment, x, y)
    layers += [_line(chart, x, y), *_marks(chart, x, y), *_limit_names(chart, top, layout)]
    if with_targets:
        layers.append(_targets(chart, x, y))
    plot = (
        alt.layer(*layers)
        .properties(
            width=layout.plot_width,
            height=layout.plot_height,
            background="transparent",
            autosize=alt.AutoSizeParams(type="none"),
            padding={
                "left": layout.left,
                "right": layout.right,
                "top": layout.top,
                "bottom": layout.bottom,
            },
        )
        .configure(font=FONT)
        .configure_axis(labelFontSize=layout.font, labelColor=INK, labelPadding=6)
        .configure_legend(labelFontSize=layout.font, labelColor=INK)
        .configure_view(stroke=None)
    )
    return dict(plot.to_dict())


def _month_axis(chart: ProcessBehaviour, layout: _Layout) -> alt.X:
    months = [point.month.month for point in chart.points]
    return alt.X(
        "month:T",
        title=None,
        # The world's clock and not the machine's: a month must not slip a day by where it is drawn.
        scale=alt.Scale(
            type="utc", domain=[months[0].isoformat(), months[-1].isoformat()], padding=12
        ),
        axis=alt.Axis(
            values=_named_months(months, layout),
            labelExpr=(
                "[utcFormat(datum.value, '%b'), utcmonth(datum.value) == 0 || datum.index == 0"
                " ? utcFormat(datum.value, '%Y') : '']"
            ),
            labelOverlap=False,
            labelFlush=False,
            grid=False,
            domainColor=GREY,
            tickColor=GREY,
        ),
    )


def _named_months(months: list[date], layout: _Layout) -> list[str]:
    """The months that are named: as many as there is room for, and always each January."""
    room = layout.plot_width // (3 * layout.font)
    step = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 240) if len(months) <= step * room)
    named = [held for held in months if (held.year * 12 + held.month - 1) % step == 0]
    return [held.isoformat() for held in named or months[:1]]


def _top(chart: ProcessBehaviour, full_scale: bool) -> float:
    """Where the axis ends: 100%, or a little above the highest thing drawn."""
    drawn = [float(point.value) for point in chart.points if point.value is not None]
    drawn += [float(held.limits.upper) for held in chart.segments if held.limits is not None]
    highest = max(drawn)
    if full_scale or not highest:
        return 1.0
    return min(1.0, highest * HEADROOM)


def _levels(top: float) -> list[float]:
    """The marks of the axis: round percentages, six at the most."""
    step = next(step for step in (0.01, 0.02, 0.05, 0.1, 0.2) if top <= 5 * step)
    return [round(step * place, 2) for place in range(int(top / step + 1e-9) + 1)]


def _rows(points: Iterable[Point]) -> list[dict[str, Any]]:
    return [
        {
            "month": point.month.month.isoformat(),
            "target": TARGET + point.month.month.isoformat(),
            "value": None if point.value is None else float(point.value),
            "kind": VARIATION_LABELS[point.variation],
        }
        for point in points
    ]


def _plot(rows: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=rows))


def _line(chart: ProcessBehaviour, x: alt.X, y: alt.Y) -> alt.Chart:
    """The whole months joined; a month with nothing to count breaks the line."""
    whole = [point for point in chart.points if not point.is_partial]
    joined: alt.Chart = (
        _plot(_rows(whole))
        .mark_line(color=INK, strokeWidth=1.5, invalid="break-paths-show-domains")
        .encode(x=x, y=y)
    )
    return joined


def _marks(chart: ProcessBehaviour, x: alt.X, y: alt.Y) -> Iterator[alt.Chart]:
    """A mark for each month, whose shape says as much as its colour; the running month hollow."""
    shown = [
        variation
        for variation in Variation
        if any(point.variation is variation for point in chart.counted)
    ]
    labels = [VARIATION_LABELS[variation] for variation in shown]
    key = (
        alt.Legend(title=None, orient="top", direction="horizontal", symbolSize=80, offset=8)
        if _has_key(chart)
        else None
    )
    if chart.counted:
        yield (
            _plot(_rows(chart.counted))
            .mark_point(filled=True, size=80, opacity=1)
            .encode(
                x=x,
                y=y,
                color=alt.Color(
                    "kind:N",
                    legend=key,
                    scale=alt.Scale(domain=labels, range=[COLOURS[held] for held in shown]),
                ),
                shape=alt.Shape(
                    "kind:N",
                    legend=key,
                    scale=alt.Scale(domain=labels, range=[SHAPES[held] for held in shown]),
                ),
            )
        )
    running = [point for point in chart.points if point.is_partial and point.value is not None]
    if running:
        yield (
            _plot(_rows(running))
            .mark_point(filled=True, size=64, fill="white", stroke=GREY, opacity=1)
            .encode(x=x, y=y)
        )


def _has_key(chart: ProcessBehaviour) -> bool:
    return any(point.signal is not None for point in chart.points)


def _limits(segment: Segment, x: alt.X, y: alt.Y) -> Iterator[alt.Chart]:
    """A segment's mean, and its limits dashed; trial limits are dotted."""
    if segment.limits is None:
        return
    dash = [2, 4] if segment.is_trial else [7, 4]
    held = segment.limits
    for value, pattern in ((held.mean, [1, 0]), (held.lower, dash), (held.upper, dash)):
        ends = [
            {"month": end.isoformat(), "value": float(value)}
            for end in (segment.begins, segment.ends)
        ]
        yield (
            _plot(ends).mark_line(color=GREY, strokeWidth=1.25, strokeDash=pattern).encode(x=x, y=y)
        )


def _limit_names(chart: ProcessBehaviour, top: float, layout: _Layout) -> Iterator[alt.Chart]:
    """The mean and limits in force, named at the right-hand end of their lines."""
    if chart.segment is None or chart.segment.limits is None:
        return
    held = chart.segment.limits
    names = layout.trial_names if chart.segment.is_trial else layout.limit_names
    values = (held.upper, held.mean, held.lower)
    heights = [layout.plot_height * (1 - float(value) / top) for value in values]
    for label, value, height in zip(
        names, values, _apart(heights, layout.font + 4, layout.plot_height), strict=True
    ):
        yield (
            _plot([{}])
            .mark_text(align="left", baseline="middle", color=INK, fontSize=layout.font)
            .encode(
                x=alt.value(layout.plot_width + 8),
                y=alt.value(height),
                text=alt.value(f"{label} {percent(value)}"),
            )
        )


def _apart(heights: list[float], gap: float, lowest: float) -> list[float]:
    """Heights from top to bottom, moved no further than keeps them `gap` apart and in the plot."""
    placed = list(heights)
    for place in range(1, len(placed)):
        placed[place] = max(placed[place], placed[place - 1] + gap)
    placed[-1] = min(placed[-1], lowest)
    for place in range(len(placed) - 2, -1, -1):
        placed[place] = min(placed[place], placed[place + 1] - gap)
    return placed


def _targets(chart: ProcessBehaviour, x: alt.X, y: alt.Y) -> alt.Chart:
    """An unseen disc round each month, large enough to touch, that `_open_months` makes a link."""
    reached = [point for point in chart.points if point.value is not None]
    targets: alt.Chart = (
        _plot(_rows(reached))
        .mark_point(filled=True, size=24 * 24, opacity=0)
        .encode(x=x, y=y, description="target:N")
    )
    return targets


def _detach(picture: etree._Element, layout: _Layout) -> None:
    """Leave the picture nothing but its drawing: no fixed size, and no words for its parts."""
    for name in ("width", "height", "version", "class"):
        picture.attrib.pop(name, None)
    picture.set("viewBox", f"0 0 {layout.width} {layout.height}")
    picture.set("class", "chart")
    for part in picture.iter():
        for name in ("role", "aria-roledescription", "aria-hidden", "class"):
            if part is not picture:
                part.attrib.pop(name, None)
        if not part.get("aria-label", "").startswith(TARGET):
            part.attrib.pop("aria-label", None)


def _open_months(
    picture: etree._Element, chart: ProcessBehaviour, link: Callable[[date], str]
) -> None:
    """Wrap each target in a link that says which month it opens and what was counted in it."""
    points = {TARGET + point.month.month.isoformat(): point for point in chart.points}
    for target in picture.findall(".//*[@aria-label]"):
        point = points[target.attrib.pop("aria-label")]
        parent = target.getparent()
        assert parent is not None
        opened = etree.Element(f"{{{_SVG}}}a", href=link(point.month.month))
        said = signal_words(point)
        opened.set(
            "aria-label",
            f"{month(point.month.month)}: {percent(point.value)}, "
            f"{number(point.month.numerator)} of {number(point.month.denominator)}"
            + (f". {said}" if said else ""),
        )
        parent.replace(target, opened)
        opened.append(target)


def _describe(picture: etree._Element, title: str, description: str, name: str) -> None:
    """Give the picture a title and a description under identifiers of its own."""
    identifier = "chart-" + sha256(name.encode()).hexdigest()[:10]
    picture.set("aria-labelledby", f"{identifier}-title")
    picture.set("aria-describedby", f"{identifier}-description")
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = etree.Element(f"{{{_SVG}}}{tag}")
        element.set("id", f"{identifier}-{'title' if tag == 'title' else 'description'}")
        element.text = text
        picture.insert(place, element)

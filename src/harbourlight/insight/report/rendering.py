"""Lays a report out as one HTML page, with its style and its charts inside it."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harbourlight import __version__
from harbourlight.dataset.formulas import inert
from harbourlight.dataset.tables import BY_NAME, SSD_VERSION
from harbourlight.insight import findings, process_behaviour, wording
from harbourlight.insight.charts import Size, draw
from harbourlight.insight.process_behaviour import Point
from harbourlight.insight.report.contents import Report, Section
from harbourlight.standards.clocks import Unit
from harbourlight.standards.standard import ABOUT, Kind, Standard


def render(report: Report) -> str:
    """The report as HTML that stands alone."""
    return _environment().get_template("report.html").render(report=report)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "column": wording.column,
        "day": wording.day,
        "inert": inert,
        "month": wording.month,
        "number": wording.number,
        "percent": wording.percent,
        "sentence": wording.sentence,
    }
    environment.globals |= {
        "about": lambda code: ABOUT.get(code, code),
        "chart": _chart,
        "clock": _clock,
        "counted": wording.counted,
        "months_of": _months_of,
        "period": wording.period,
        "rules": process_behaviour,
        "ssd_version": SSD_VERSION,
        "table_title": lambda name: BY_NAME[name].title,
        "variation": _variation,
        "version": __version__,
    }
    return environment


def _chart(section: Section, size: str) -> Markup:
    """A section's chart for a wide or a narrow page; empty where there is nothing to draw."""
    drawn = draw(
        section.chart,
        section.finding,
        name=section.standard.title,
        full_scale=not section.is_occurrence,
        size=Size[size],
    )
    # The picture is ours, and its every word was escaped as it was made.
    return Markup(drawn)


def _clock(standard: Standard) -> str:
    """A standard's limit, and from what to what it runs."""
    if standard.kind is Kind.OCCURRENCE:
        return f"Judged on the day {standard.starts}. Kept where there was {standard.met_by}."
    limit = standard.limit
    counted_on = f" ({limit.unit.calendar})" if limit.unit is Unit.WORKING_DAY else ""
    return (
        f"{limit}, from the day {standard.starts} until {standard.met_by}{counted_on}. In force "
        f"for what began on or after {wording.day(limit.in_force_from)} "
        f"({limit.in_force_mark.meaning})."
    )


def _variation(point: Point, section: Section) -> str:
    """How a month stands against the limits, for a table."""
    segment = section.chart.segment_of(point.month.month)
    if point.is_partial:
        return "Not over"
    if point.value is None:
        return "Nothing to count"
    if segment is None or segment.limits is None:
        return "Too few months to say"
    return findings.signal_words(point) or "Ordinary"


def _months_of(standard: Standard) -> str:
    """Which month an entry is counted in."""
    if standard.kind is Kind.OCCURRENCE:
        return f"By the month {standard.starts}"
    if standard.kind is Kind.DURATION:
        return "By the month the limit was reached"
    return "By the month it fell due"

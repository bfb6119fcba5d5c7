"""A standard as a page says it: what is promised, by when, where that comes from, how it counts."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from harbourlight.insight.wording import sentence
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.clocks import Limit, Unit
from harbourlight.standards.sources import Source
from harbourlight.standards.standard import COMMON_DETAILS, Kind, Standard
from harbourlight.ui.formats import date_in_words
from harbourlight.ui.words import in_language


@dataclass(frozen=True)
class LimitShown:
    """A limit, the clocks it is for, and who says so."""

    allows: str
    in_force: str
    source: "SourceShown"


@dataclass(frozen=True)
class SourceShown:
    """A source in words, and how it was read."""

    text: str
    mark: str
    note: str


@dataclass(frozen=True)
class Duty:
    """A standard, in words."""

    code: str
    title: str
    area: str
    duty: str
    href: str
    allows: str
    clock: str
    measure: str
    month: str
    numerator: str
    limits: tuple[LimitShown, ...]
    sources: tuple[SourceShown, ...]
    says: tuple[str, ...]
    note: str


def duty_of(standard: Standard) -> Duty:
    """All that a page says of a standard."""
    return Duty(
        code=standard.code,
        title=standard.title,
        area=standard.area,
        duty=standard.duty,
        href=reverse("pages:standard", args=[standard.code]),
        allows=_allows(standard, standard.limit),
        clock=_clock(standard),
        measure=standard.measure,
        month=_month(standard),
        numerator=standard.unmet_label if standard.kind is Kind.OCCURRENCE else standard.met_label,
        limits=tuple(
            LimitShown(_allows(standard, limit), _in_force(limit), _source(limit.source))
            for limit in reversed(standard.limits)
        ),
        sources=tuple(_source(source) for source in standard.sources),
        says=(*standard.details.values(), *COMMON_DETAILS.values()),
        note=standard.note,
    )


def duties_by_area() -> dict[str, list[Duty]]:
    """Every standard, by area, in the order people read them."""
    areas: dict[str, list[Duty]] = {}
    for standard in CATALOGUE.values():
        areas.setdefault(standard.area, []).append(duty_of(standard))
    return areas


def _allows(standard: Standard, limit: Limit) -> str:
    if standard.kind is Kind.OCCURRENCE:
        within = (
            "" if limit.unit is Unit.NONE else (_(", looking back %(limit)s") % {"limit": limit})
        )
        return _("Judged at once%(within)s") % {"within": within}
    return str(limit).capitalize()


def _clock(standard: Standard) -> str:
    if standard.kind is Kind.OCCURRENCE:
        return _("It is judged on the day %(starts)s. It is kept to by: %(met_by)s.") % {
            "starts": standard.starts,
            "met_by": standard.met_by,
        }
    return _(
        "The clock starts when %(starts)s and stops when %(met_by)s. It counts %(calendar)s."
    ) % {
        "starts": standard.starts,
        "met_by": standard.met_by,
        "calendar": standard.limit.unit.calendar,
    }


def _month(standard: Standard) -> str:
    match standard.kind:
        case Kind.DEADLINE:
            return _("Each is counted in the month it fell due, once its due day has passed.")
        case Kind.DURATION:
            return _(
                "Each is counted in the month the limit was reached, once that day has passed."
            )
        case Kind.OCCURRENCE:
            return _("Each is counted in the month %(starts)s.") % {"starts": standard.starts}


def _in_force(limit: Limit) -> str:
    until = (
        (_(", up to and on %(in_force_to)s") % {"in_force_to": date_in_words(limit.in_force_to)})
        if limit.in_force_to
        else ""
    )
    began = _("Clocks that start on or after %(in_force_from)s%(until)s") % {
        "in_force_from": date_in_words(limit.in_force_from),
        "until": until,
    }
    return f"{began} ({in_language(limit.in_force_mark.meaning)})"


def _source(source: Source) -> SourceShown:
    return SourceShown(str(source), sentence(in_language(source.mark.meaning)), source.note)

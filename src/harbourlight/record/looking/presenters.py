"""Who looked, and what was unusual, ready to display."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from harbourlight.foundation.access import role_for
from harbourlight.foundation.history.models import Event
from harbourlight.record.confidentiality.models import Opening
from harbourlight.record.looking.models import AccessReview, UnusualAccess
from harbourlight.record.looking.rules import BY_CODE, Rule
from harbourlight.record.looking.words import page_in_words
from harbourlight.ui.formats import count_of
from harbourlight.ui.words import in_language


@dataclass(frozen=True)
class Line:
    """One time somebody was shown a page."""

    at: datetime
    who: str
    page: str
    others: str
    """How many others were on the same page, in words; empty where it was of one."""


@dataclass(frozen=True)
class Reader:
    """Somebody who looked: how often, and when last. `href` shows theirs alone."""

    who: str
    times: int
    last_at: datetime
    href: str


@dataclass(frozen=True)
class Unusual:
    """Unusual access in a list."""

    href: str
    day: date
    who: str
    rule: str
    what: str
    decision: str
    colour: str


@dataclass(frozen=True)
class BehindLine:
    """One reading behind unusual access."""

    at: datetime
    page: str
    people: tuple[tuple[str, str], ...]
    """Name, and the way to their page."""
    unnamed: int
    """How many more are not named: the reader of this page may not know of them."""


@dataclass(frozen=True)
class Opened:
    """An opening of a record, and what was made of it."""

    href: str
    at: datetime
    who: str
    because: str
    review: str


COLOURS = {"": "blue", "seen": "grey", "asked": "yellow", "concern": "red"}


def person_and_role(name: str | None, role: str | None) -> str:
    """Who an account is and what they do; the service itself where nobody asked."""
    if name is None or role is None:
        return _("The service itself")
    return f"{name}, {in_language(role_for(role).name)}"


def line_of(event: Event) -> Line:
    """A line of reading about one person."""
    others = len(event.children) - 1
    by = event.by
    return Line(
        event.at,
        person_and_role(by.full_name if by else None, by.role if by else None),
        page_in_words(event.name),
        _("with %(count)s") % {"count": count_of(others, _("other"))} if others > 0 else "",
    )


def reader_of(row: Mapping[str, Any], href: str) -> Reader:
    """A row of `selectors.by_reader`."""
    who = person_and_role(row["by__full_name"], row["by__role"])
    return Reader(who, row["times"], row["last_at"], href)


def decision_in_words(code: str | None) -> str:
    """What was decided; that nothing has been yet."""
    return str(AccessReview.Decision(code).label) if code else _("To decide")


def rule_of(access: UnusualAccess) -> Rule | None:
    """The rule that found it; None where that rule is there no more."""
    return BY_CODE.get(access.rule)


def unusual_of(access: UnusualAccess) -> Unusual:
    """Unusual access in a list, with what was last decided (annotated by the selector)."""
    rule, decision = rule_of(access), getattr(access, "decision", None)
    if access.person is not None:
        what = access.person.name
    else:
        what = count_of(len(access.children), _("person"), _("people"))
    return Unusual(
        href=reverse("looking:access", args=[access.pk]),
        day=access.day,
        who=person_and_role(access.user.full_name, access.user.role),
        rule=str(rule.title) if rule else access.rule,
        what=what,
        decision=decision_in_words(decision),
        colour=COLOURS[decision or ""],
    )


def behind_of(event: Event, access: UnusualAccess, names: Mapping[str, str]) -> BehindLine:
    """A reading behind unusual access, with those whose record it was."""
    theirs = [one for one in event.children if one in access.children]
    people = [(names[one], reverse("people:child", args=[one])) for one in theirs if one in names]
    return BehindLine(event.at, page_in_words(event.name), tuple(people), len(theirs) - len(people))


def opened_of(opening: Opening) -> Opened:
    """An opening of a record. Its reviews are fetched with it."""
    reviews = [one for one in opening.reviews.all() if not one.is_struck_out]
    return Opened(
        href=reverse("confidentiality:opening", args=[opening.pk]),
        at=opening.recorded_at,
        who=str(opening.recorded_by or ""),
        because=opening.because,
        review=str(reviews[0].get_found_display()) if reviews else "",
    )

"""Openings and grants, ready to display."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.record.confidentiality.models import Grant, Opening
from harbourlight.record.confidentiality.policy import sight_of
from harbourlight.record.confidentiality.selectors import (
    is_review_late,
    may_know_now,
    opened_now,
)
from harbourlight.record.people.models import Person
from harbourlight.ui.formats import date_in_words, instant_in_words


@dataclass(frozen=True)
class OpeningLine:
    """An opening that waits for a review."""

    href: str
    child: str
    by: str
    at: datetime
    because: str
    is_late: bool


@dataclass(frozen=True)
class GrantLine:
    """Somebody who may know of a person, or might."""

    who: str
    because: str
    given_by: str
    until: str
    holds: bool
    end_href: str


def open_until(user: User, person: Person, at: datetime) -> list[dict[str, str]]:
    """For the identity bar: until when a record opened with a reason stays open to somebody."""
    if person.pk not in sight_of(user).opened:
        return []
    opening = opened_now(user, person, at)
    if opening is None:
        return []
    return [{"key": _("Open to you until"), "value": instant_in_words(opening.ends_at)}]


def opening_line(opening: Opening, at: datetime) -> OpeningLine:
    """An opening in a list."""
    return OpeningLine(
        href=reverse("confidentiality:opening", args=[opening.pk]),
        child=opening.person.name,
        by=str(opening.recorded_by or ""),
        at=opening.recorded_at,
        because=opening.because,
        is_late=is_review_late(opening, at),
    )


def grant_line(grant: Grant, at: datetime) -> GrantLine:
    """A grant in a list."""
    holds = may_know_now(grant, at)
    if grant.ended_at is not None:
        until = _("Ended on %(day)s") % {"day": date_in_words(localdate(grant.ended_at))}
    elif grant.ends_at is not None:
        # It ends as the day after begins.
        day = date_in_words(localdate(grant.ends_at - timedelta(seconds=1)))
        until = _("To the end of %(day)s") % {"day": day}
    else:
        until = _("Until it is ended")
    return GrantLine(
        who=f"{grant.user.full_name}, {grant.user.role_held.name}",
        because=grant.because,
        given_by=str(grant.recorded_by or ""),
        until=until,
        holds=holds,
        end_href=reverse("confidentiality:end_grant", args=[grant.pk]) if holds else "",
    )

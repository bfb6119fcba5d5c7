"""Openings and grants, ready to display."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from harbourlight.record.confidentiality.asking import asking
from harbourlight.record.confidentiality.models import Grant, Opening, OpeningReview
from harbourlight.record.confidentiality.policy import sight_of
from harbourlight.record.confidentiality.selectors import (
    is_review_late,
    may_know_now,
    opened_now,
)
from harbourlight.record.people.models import Person
from harbourlight.ui.formats import count_of, date_in_words, time_in_words
from harbourlight.ui.words import in_language


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
class ReviewedLine:
    """An opening that was reviewed, and what was made of it."""

    href: str
    child: str
    by: str
    at: datetime
    found: str
    is_to_follow_up: bool
    reviewed: str


@dataclass(frozen=True)
class GrantLine:
    """Somebody who may know of a person, or might."""

    who: str
    because: str
    given_by: str
    until: str
    holds: bool
    end_href: str


def open_until(person: Person) -> list[dict[str, str]]:
    """For the identity bar: until when a record opened with a reason stays open to whoever asks."""
    asker = asking()
    if asker is None or person.pk not in sight_of(asker.user).opened:
        return []
    opening = opened_now(asker.user, person, asker.at)
    if opening is None:
        return []
    left = ceil((opening.ends_at - asker.at) / timedelta(minutes=1))
    until = _("%(time)s, %(left)s left") % {
        "time": time_in_words(opening.ends_at),
        "left": count_of(left, _("minute"), _("minutes")),
    }
    return [{"key": _("Open to you until"), "value": until}]


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


def reviewed_line(review: OpeningReview) -> ReviewedLine:
    """A reviewed opening in a list."""
    opening = review.opening
    return ReviewedLine(
        href=reverse("confidentiality:opening", args=[opening.pk]),
        child=opening.person.name,
        by=str(opening.recorded_by or ""),
        at=opening.recorded_at,
        found=review.get_found_display(),
        is_to_follow_up=review.found == OpeningReview.Found.TO_FOLLOW_UP,
        reviewed=f"{review.recorded_by or ''}, {date_in_words(localdate(review.recorded_at))}",
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
        who=f"{grant.user.full_name}, {in_language(grant.user.role_held.name)}",
        because=grant.because,
        given_by=str(grant.recorded_by or ""),
        until=until,
        holds=holds,
        end_href=reverse("confidentiality:end_grant", args=[grant.pk]) if holds else "",
    )

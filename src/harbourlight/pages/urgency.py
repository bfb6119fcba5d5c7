"""Late, soon or later: how pressing an unmet entry is, for lists and for the counts above them."""

from datetime import datetime
from enum import Enum

from django.db.models import Q
from django.utils.translation import gettext_noop

from harbourlight.record.live_ledger.models import Entry
from harbourlight.standards.calendar import add_working_days
from harbourlight.standards.clocks import END_OF_DAY

SOON_WORKING_DAYS = 5
"""A working week."""


class Urgency(Enum):
    """How pressing it is. The value is the heading of its part of a list."""

    LATE = gettext_noop("Late")
    SOON = gettext_noop("Due in the next 5 working days")
    LATER = gettext_noop("Due later")


def soon_until(as_at: datetime) -> datetime:
    """The last moment that is soon."""
    return datetime.combine(add_working_days(as_at.date(), SOON_WORKING_DAYS), END_OF_DAY)


def is_late(as_at: datetime) -> Q:
    """Entries whose due day has passed."""
    return Q(due_at__lt=as_at)


def is_soon(as_at: datetime) -> Q:
    """Entries due from now until `soon_until`."""
    return Q(due_at__gte=as_at, due_at__lte=soon_until(as_at))


def is_later(as_at: datetime) -> Q:
    """Entries due after that, or with no due date that can be worked out."""
    return Q(due_at__gt=soon_until(as_at)) | Q(due_at__isnull=True)


def urgency_of(entry: Entry, as_at: datetime) -> Urgency:
    """The same of one entry."""
    if entry.due_at is None or entry.due_at > soon_until(as_at):
        return Urgency.LATER
    return Urgency.LATE if entry.due_at < as_at else Urgency.SOON

"""Saying that something was significant in a child's life, or was not."""

from datetime import datetime

from django.utils.translation import gettext

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused, acting
from harbourlight.record.chronology.models import Mark
from harbourlight.record.people.chronology import chronology
from harbourlight.record.people.models import Person


def mark(
    *, by: User, at: datetime, child: Person, kind: str, key: str, is_significant: bool
) -> Mark:
    """Mark something that happened to a child as significant, or take that back.

    Raises `Refused` where nothing of that kind and key happened to the child.
    """
    if not key or not any(one.key == key for one in chronology([child.pk], [kind])):
        raise Refused(
            gettext("It is not in this chronology any more: it was struck out or corrected.")
        )
    with acting("chronology:mark", by=by, at=at) as act:
        act.touches(child.pk)
        act.on(child=child.pk, kind=kind, key=key)
        made, _ = Mark.objects.update_or_create(
            child=child,
            kind=kind,
            key=key,
            defaults={"is_significant": is_significant, "recorded_by": by, "recorded_at": at},
        )
    return made

"""Looking through a day for unusual access, and deciding about what was found."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused, acting
from harbourlight.record.looking.models import AccessReview, UnusualAccess
from harbourlight.record.looking.rules import RULES
from harbourlight.record.looking.selectors import day_of, reviews_of
from harbourlight.record.people.models import Person


def look_through(day: date, *, at: datetime) -> int:
    """Write down what is unusual in the readings of a day that is over. Gives how many are new.

    Doing it again finds the same, and adds nothing. For a job, which sees every row.
    """
    held = {(one.rule, one.user_id, one.person_id) for one in UnusualAccess.objects.filter(day=day)}
    read = day_of(day)
    there = set(
        Person.objects.filter(
            pk__in={person for one in read.readings for person in one.people}
        ).values_list("pk", flat=True)
    )
    fresh = [
        UnusualAccess(
            rule=rule.code,
            user_id=found.user_id,
            person_id=found.person,
            day=day,
            first_at=min(one.at for one in found.readings),
            last_at=max(one.at for one in found.readings),
            lines=[one.line for one in found.readings],
            children=sorted(found.people),
            found_at=at,
        )
        for rule in RULES
        for found in rule.finds(read)
        if (rule.code, found.user_id, found.person) not in held
        and (found.person is None or found.person in there)
    ]
    UnusualAccess.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def review(
    access: UnusualAccess, *, by: User, at: datetime, decision: str, words: str, after: str = ""
) -> AccessReview:
    """Decide about unusual access, in words.

    `after` is the last decision that was read, by identifier. Raises `Refused` about one's own
    access, and where somebody else has decided since.
    """
    if access.user_id == by.pk:
        raise Refused(_("Somebody else decides about what you looked at"))
    with acting("looking:review", by=by, at=at) as act:
        held = UnusualAccess.objects.select_for_update().get(pk=access.pk)
        last = reviews_of(held).first()
        if (last.pk if last else "") != after:
            raise Refused(_("Somebody else has decided about this since you opened the page"))
        made = AccessReview.objects.create(
            access=held, decision=decision, words=words, recorded_at=at, recorded_by=by
        )
        act.on(unusual_access=held.pk, **({"person": held.person_id} if held.person_id else {}))
    return made

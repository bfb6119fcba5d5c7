"""Reminding administrators of accounts that end soon, while there is time to do something."""

from django.utils.timezone import localdate

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import REMIND_BEFORE, User
from harbourlight.foundation.jobs import Work, job, nightly
from harbourlight.foundation.notices.actions import tell
from harbourlight.foundation.notices.models import Notice

ENDS_SOON = "account:ends-soon"


@job("Remind administrators of accounts that end soon", every=nightly(6, 30))
def remind(work: Work) -> None:
    """Tell each administrator once of each account whose last day is near."""
    today = localdate(work.at)
    managing = [
        user for user in User.objects.open_on(today) if user.can(Capability.MANAGE_ACCOUNTS)
    ]
    for account in User.objects.ending_between(today, today + REMIND_BEFORE):
        # One that was told of longer ago had its last day moved since.
        before = Notice.objects.filter(
            kind=ENDS_SOON, about__account_id=account.pk, at__gt=work.at - REMIND_BEFORE
        )
        told = set(before.values_list("to_id", flat=True))
        tell(
            [user for user in managing if user.pk not in told],
            ENDS_SOON,
            at=work.at,
            account_id=account.pk,
        )

"""E-mail: that there is something to read, and never a word of what it is about."""

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harbourlight.foundation.jobs import Work, job, nightly
from harbourlight.foundation.notices.declaring import ByEmail
from harbourlight.foundation.notices.models import Address
from harbourlight.foundation.notices.selectors import to_send


@job("Send somebody an e-mail that there is something to read")
def send_now(work: Work, *, user_id: str) -> None:
    """Sends one e-mail for all that a person wants to be told of at once."""
    _send(user_id, how=ByEmail.AT_ONCE, at=work.at)


@job("Send the day's e-mails that there is something to read", every=nightly(7))
def send_daily(work: Work) -> None:
    """Sends one e-mail to each person who wants one a day and has something to read."""
    people = [*Address.objects.filter(confirmed_at__isnull=False, user__is_active=True)]
    for done, address in enumerate(people, start=1):
        _send(address.user_id, how=ByEmail.DAILY, at=work.at)
        work.tell(done, len(people))


@job("Send the link that confirms an e-mail address")
def send_link(work: Work, *, user_id: str) -> None:
    """Sends somebody who gave an address for notices a link, to show that it is theirs."""
    address = Address.objects.filter(user_id=user_id, confirmed_at__isnull=True).first()
    if address is None:
        return
    link = settings.ADDRESS + reverse("notices:confirm", kwargs={"token": address.token})
    body = _(
        "This address was given in Harbourlight for notices. If that was you, sign in and follow "
        "this link:\n\n{link}\n\nIf it was not, do nothing: no more will be sent."
    ).format(link=link)
    send_mail(_("Confirm your e-mail address"), body, None, [address.email])


def _send(user_id: str, *, how: ByEmail, at: datetime) -> None:
    # Marked before it is sent, in a transaction that a failure to send undoes: a job that is done
    # twice sends twice only if its worker died in between.
    with transaction.atomic():
        address = (
            Address.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(user_id=user_id, confirmed_at__isnull=False, user__is_active=True)
            .first()
        )
        if address is None:
            return
        count = to_send(address.user, how=how).update(emailed_at=at)
        if not count:
            return
        said = ngettext(
            "You have {count} new notice in Harbourlight.",
            "You have {count} new notices in Harbourlight.",
            count,
        ).format(count=count)
        link = settings.ADDRESS + reverse("notices:list")
        read = ngettext("Sign in to read it:", "Sign in to read them:", count)
        change = _("You can change what you are sent there too.")
        send_mail(
            ngettext("A new notice", "New notices", count),
            f"{said} {read}\n\n{link}\n\n{change}",
            None,
            [address.email],
        )

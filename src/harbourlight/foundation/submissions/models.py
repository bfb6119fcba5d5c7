"""Forms that were acted on, so that a second sending does nothing and leads to the same place."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import IntegrityError, models, transaction

if TYPE_CHECKING:
    from harbourlight.foundation.accounts.models import User


class Submission(models.Model):
    """A form that was acted on, by the key its page carried, and the address it led to."""

    key = models.UUIDField(primary_key=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.CharField(max_length=2000)

    def __str__(self) -> str:
        return str(self.key)


def act_once(key: str, *, by: "User", at: datetime, act: Callable[[], str]) -> str:
    """Do what a sent form asks, once, and return the address to go to.

    `act` writes and returns that address. The same form sent again, by a second press or a retry
    on a bad line, does nothing and leads to the same place; if the first is still being done, the
    second waits for it. Whatever `act` raises is raised, and then nothing was sent. Raises
    `SuspiciousOperation` for a key that somebody else has used.
    """
    with transaction.atomic():
        try:
            with transaction.atomic():
                sent = Submission.objects.create(key=key, by=by, at=at, answer="")
        except IntegrityError:
            before = Submission.objects.filter(key=key, by=by).first()
            if before is None:
                raise SuspiciousOperation("a form was sent with another person's key") from None
            return before.answer
        sent.answer = act()
        sent.save(update_fields=["answer"])
        # What was typed has been said: the draft of it ends with the same act.
        apps.get_model("drafts", "Draft").objects.filter(owner=by, submission=key).delete()
    return sent.answer

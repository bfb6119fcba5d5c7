"""A sign-in for each session, and the words kept when one ended while a form was open.

Words are sealed with a token only the browser holds, for one account: neither the database nor
another person at the same machine can read them. It must not decide who may sign in.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from harbourlight.foundation.ids import new_id

if TYPE_CHECKING:
    from harbourlight.foundation.accounts.models import User

WORDS_KEPT_FOR = timedelta(hours=12)


class SignInQuerySet(models.QuerySet["SignIn"]):
    """Sign-ins, by whose they are and whether they go on."""

    def going_on(self, user: "User", *, at: datetime) -> "SignInQuerySet":
        """This person's sign-ins whose session has not ended, the last seen first."""
        idle_since = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
        begun_since = at - timedelta(seconds=settings.SESSION_LONGEST)
        return self.filter(
            user=user, ended_at=None, seen_at__gt=idle_since, at__gt=begun_since
        ).order_by("-seen_at", "id")


class SignIn(models.Model):
    """One session of one person on one device. Holds no secret in the clear but the session's."""

    id = models.CharField(primary_key=True, max_length=48, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    session_key = models.CharField(max_length=40)
    browser_hash = models.CharField(max_length=64)
    form_secret_hash = models.CharField(max_length=64, blank=True, default="")
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=100)
    means = models.CharField(max_length=100)

    objects = SignInQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-seen_at"], name="sign_ins_of_user"),
            models.Index(fields=["browser_hash", "form_secret_hash"], name="sign_ins_of_form"),
        ]

    def __str__(self) -> str:
        return f"sign-in {self.pk}"


class KeptWords(models.Model):
    """What one person had typed in one page when their session ended."""

    id = models.CharField(primary_key=True, max_length=48, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    browser_hash = models.CharField(max_length=64)
    submission = models.UUIDField(null=True)
    """The key of the form they were typed in, if it has one: what was sent again is kept once."""
    at = models.DateTimeField()
    sealed = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["user", "browser_hash"], name="sign_ins_words_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "browser_hash", "submission"], name="sign_ins_words_one_a_form"
            )
        ]

    def __str__(self) -> str:
        return f"kept words {self.pk}"

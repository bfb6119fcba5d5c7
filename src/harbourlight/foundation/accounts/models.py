"""One account for each person who signs in.

An account knows a person's role, team and worker by code and identifier only: what a team or a
worker is belongs to the record. It must not hold anything about a child.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from harbourlight.foundation.access import ROLES, Capability, Role, role_for
from harbourlight.foundation.ids import new_id

REMIND_BEFORE = timedelta(days=14)
"""Administrators are reminded of an account so long before its last day."""
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._%+@-]*", re.ASCII)


def username_is_plain(username: str) -> None:
    """Refuse a username that two people could read as the same. Raises `ValidationError`."""
    if not _USERNAME.fullmatch(username):
        raise ValidationError(
            gettext(
                "Username must have only letters, numbers and . _ - + @, such as a work e-mail "
                "address"
            )
        )


def role_is_ours(code: str) -> None:
    """Refuse a role that is not declared. Raises `ValidationError`."""
    if code not in {role.code for role in ROLES}:
        raise ValidationError(f"Role must be one of {', '.join(role.code for role in ROLES)}")


class UserQuerySet(models.QuerySet["User"]):
    """Accounts, by whether they may sign in."""

    def active(self) -> "UserQuerySet":
        """Accounts that may sign in."""
        return self.filter(is_active=True)

    def open_on(self, day: date) -> "UserQuerySet":
        """Accounts that may sign in on a day."""
        return self.active().filter(
            models.Q(starts_on=None) | models.Q(starts_on__lte=day),
            models.Q(ends_on=None) | models.Q(ends_on__gte=day),
        )

    def ending_between(self, first: date, last: date) -> "UserQuerySet":
        """Active accounts whose last day is one of these, the soonest first."""
        return self.active().filter(ends_on__range=(first, last)).order_by("ends_on", "full_name")


class UserStore(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # made at run time
    """What Django and allauth ask of a store of accounts. Accounts are added by `actions`."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account with a username, however its letters were typed."""
        return self.get(username=(username or "").lower())


class User(AbstractBaseUser):
    """Someone who signs in."""

    id = models.CharField(primary_key=True, max_length=48, default=new_id, editable=False)
    username = models.CharField(max_length=150, unique=True, validators=[username_is_plain])
    full_name = models.CharField(max_length=200)
    job_title = models.CharField(max_length=200, blank=True, default="")
    role = models.CharField(max_length=40, validators=[role_is_ours])
    # Null, as its neighbour below must be to be unique: one word for "none".
    team_id = models.CharField(max_length=48, null=True, blank=True)  # noqa: DJ001 - none, not an empty one
    professional_id = models.CharField(max_length=48, null=True, blank=True, unique=True)
    # The first and the last day on which this person may sign in; none is no limit.
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    password_is_temporary = models.BooleanField(default=False)
    session_stamp = models.CharField(max_length=48, default=new_id, editable=False)

    written_down_as = "account"
    """What an act calls it in its line of history."""
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name", "role"]

    objects = UserStore()

    class Meta:
        ordering = ["full_name", "id"]
        constraints = [
            models.CheckConstraint(
                name="accounts_user_role_is_one_of_ours",
                condition=models.Q(role__in=[role.code for role in ROLES]),
            ),
            models.CheckConstraint(
                name="accounts_user_username_in_small_letters",
                condition=models.Q(username=Lower("username")),
            ),
            models.CheckConstraint(
                name="accounts_user_ends_after_it_starts",
                condition=models.Q(starts_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
            ),
            models.CheckConstraint(
                name="accounts_user_time_limited_roles_end",
                condition=models.Q(ends_on__isnull=False)
                | ~models.Q(role__in=[role.code for role in ROLES if role.time_limited]),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        """The name, as Django and allauth ask for it."""
        return self.full_name

    @property
    def role_held(self) -> Role:
        """The role, with its name, description and capabilities."""
        return role_for(self.role)

    def is_open_on(self, day: date) -> bool:
        """Whether this person may sign in on a day: active, begun, and not ended."""
        begun = self.starts_on is None or self.starts_on <= day
        return self.is_active and begun and (self.ends_on is None or day <= self.ends_on)

    def days_left(self, today: date) -> int | None:
        """How many days until the last one, negative after it; None without an end."""
        return None if self.ends_on is None else (self.ends_on - today).days

    def can(self, capability: Capability) -> bool:
        """Whether this person's role lets them do this. Never for an account made inactive."""
        return self.is_active and capability in self.role_held.capabilities

    def end_sessions(self) -> None:
        """Make every session of this person end at its next request. The caller saves the row."""
        self.session_stamp = new_id()

    # A session is good while this stays the same: it changes with the password, as Django has it,
    # and with the stamp, so that a session can be ended without touching the password.

    def get_session_auth_hash(self) -> str:
        """What a session must hold to be this person's."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under each signing key that was in use before."""
        return (self._session_hash(secret) for secret in settings.SECRET_KEY_FALLBACKS)

    def _session_hash(self, secret: str | bytes | None) -> str:
        return salted_hmac(
            "harbourlight.accounts.session",
            f"{self.password}:{self.session_stamp}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

"""Whose role must have a second factor, and whether they have one.

It must not add or remove one: that is allauth's, through our views and actions.
"""

from typing import TYPE_CHECKING

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

if TYPE_CHECKING:
    from harbourlight.foundation.accounts.models import User

HELD = "second_factor_held"
ELSEWHERE = "second_factor_elsewhere"
"""In the session: whoever keeps the person's work account asked for a second factor."""


def is_required_of(user: "User") -> bool:
    """Whether this person's role must have one."""
    required = settings.SECOND_FACTOR_REQUIRED_OF
    return required == "everyone" or user.role in required


def has_one(user: "User") -> bool:
    """Whether this person has an authenticator app or a passkey. A recovery code is neither."""
    return (
        Authenticator.objects.filter(user=user.pk)
        .exclude(type=Authenticator.Type.RECOVERY_CODES)
        .exists()
    )


def must_set_up(request: HttpRequest) -> bool:
    """Whether whoever asks must set one up before anything else."""
    if not request.user.is_authenticated or not is_required_of(request.user):
        return False
    signed_in_by = {
        record["method"] for record in get_authentication_records(request, request.user)
    }
    if "socialaccount" in signed_in_by and request.session.get(ELSEWHERE):
        return False
    if not request.session.get(HELD):
        request.session[HELD] = has_one(request.user)
    return not request.session[HELD]


def is_on_the_way(path: str) -> bool:
    """Whether a page is part of setting one up, or of leaving."""
    return path.startswith(
        (
            reverse("mfa_index"),
            reverse("account_reauthenticate"),
            reverse("account_change_password"),
            reverse("account_logout"),
        )
    )

"""How allauth behaves here: nobody signs themselves up, and passwords are kept by our own act."""

import math
import time
from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from harbourlight.foundation.accounts import actions
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.sealing import seal, unseal


class AccountAdapter(DefaultAccountAdapter):
    """allauth's questions, answered for this service."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "The username or the password is not right. "
            "After five wrong tries you have to wait five minutes."
        ),
        "too_many_login_attempts": _(
            "There have been too many tries. Wait five minutes, "
            "or ask an administrator for a new password."
        ),
        "incorrect_password": _("The password is not right"),
        "enter_current_password": _("Your current password is not right"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are added by an administrator."""
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Refuse, whatever they signed in with, whose account is not active today."""
        if user.is_active and not user.is_open_on(timezone.localdate()):
            return HttpResponseRedirect(reverse("account_inactive"))
        return super().pre_login(request, user, **kwargs)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse while there have been too many wrong passwords, saying how long that lasts."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as refused:
            key = self._get_login_attempts_cache_key(request, **credentials)
            minutes = max(1, math.ceil(_seconds_left(request, key) / 60))
            raise ValidationError(
                gettext("There have been too many tries. %s, or ask an administrator.")
                % ngettext("Wait %d minute", "Wait %d minutes", minutes)
                % minutes,
                code=refused.code,
            ) from refused

    def set_password(self, user: User, password: str) -> None:
        """Keep a password the person chose, through the act that writes it down."""
        now: datetime = timezone.now()
        actions.choose_password(user, password=password, at=now)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing of one's own: the page that follows shows what happened."""


def _seconds_left(request: HttpRequest, key: str) -> float:
    """How long until a try is let through again, of the rates that stand in the way."""
    left = 0.0
    for rate in ratelimit.get_rates(app="allauth.account", action="login_failed"):
        tries = cache.get(
            ratelimit.get_cache_key(
                request, app="allauth.account", action="login_failed", rate=rate, key=key
            ),
            [],
        )
        if len(tries) >= rate.amount:
            left = max(left, tries[-1] + rate.duration - time.time())
    return left


class SecondFactorAdapter(DefaultMFAAdapter):
    """How second factors are named and kept."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is not right"),
    }

    def encrypt(self, text: str) -> str:
        """Seal the secret behind codes, so that the database alone cannot make one."""
        return seal(text, purpose="second-factor")

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return unseal(encrypted_text, purpose="second-factor")

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        """What a passkey is called until its owner names it."""
        from allauth.mfa.models import Authenticator

        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %d") % (count + 1)

    def _get_site_name(self) -> str:
        return "Harbourlight"

"""How allauth behaves here: nobody signs themselves up, and passwords are kept by our own act."""

from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import timezone

from harbourlight.foundation.accounts import actions
from harbourlight.foundation.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """allauth's questions, answered for this service."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "The username or the password is not right. "
        "After five wrong tries you have to wait five minutes.",
        "too_many_login_attempts": "There have been too many tries. Wait five minutes, "
        "or ask an administrator for a new password.",
        "incorrect_password": "The password is not right",
        "enter_current_password": "Your current password is not right",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are added by an administrator."""
        return False

    def set_password(self, user: User, password: str) -> None:
        """Keep a password the person chose, through the act that writes it down."""
        now: datetime = timezone.now()
        actions.choose_password(user, password=password, at=now)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing of one's own: the page that follows shows what happened."""

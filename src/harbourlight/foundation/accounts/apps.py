"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts and signing in."""

    name = "harbourlight.foundation.accounts"
    label = "accounts"

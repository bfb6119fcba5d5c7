"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts and signing in."""

    name = "harbourlight.foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Put the administrator's page in the navigation."""
        from harbourlight.foundation.access import Capability
        from harbourlight.ui import navigation

        navigation.register("Accounts", "accounts", Capability.MANAGE_ACCOUNTS, order=900)

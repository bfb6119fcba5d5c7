"""The accounts app."""

from collections.abc import Mapping

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts and signing in."""

    name = "harbourlight.foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Put the administrator's page in the navigation, and say what administrators are told."""
        from django.db.models import QuerySet
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from harbourlight.foundation.access import Capability
        from harbourlight.foundation.accounts.jobs import ENDS_SOON
        from harbourlight.foundation.accounts.models import User
        from harbourlight.foundation.notices import declaring as notices
        from harbourlight.ui import navigation

        navigation.register("Accounts", "accounts", Capability.MANAGE_ACCOUNTS, order=900)

        def to_account(about: Mapping[str, str]) -> str:
            return reverse("account", args=[about["account_id"]])

        def managed_by(user: User) -> QuerySet[User]:
            all_: QuerySet[User] = User.objects.all()
            return all_ if user.can(Capability.MANAGE_ACCOUNTS) else all_.none()

        notices.tell_subject("account_id", managed_by)
        notices.declare(ENDS_SOON, str(_("An account will soon end")), link=to_account)

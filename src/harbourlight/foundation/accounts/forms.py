"""Signing in, and adding and changing accounts."""

from typing import Any

from allauth.account import forms as allauth_forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from harbourlight.foundation.access import ROLES
from harbourlight.foundation.accounts import directory
from harbourlight.foundation.accounts.models import User, username_is_plain
from harbourlight.ui import forms


class SignInForm(forms.FormBehaviour, allauth_forms.LoginForm):
    """A username and a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {
            "login": forms.TextField(
                label="Username", width="20", autocomplete="username", spellcheck=False
            ),
            "password": forms.PasswordField(label="Password", autocomplete="current-password"),
        }


class ChangePasswordForm(forms.FormBehaviour, allauth_forms.ChangePasswordForm):
    """The password a person has, and the one they choose instead, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {
            "oldpassword": forms.PasswordField(
                label="Current password", autocomplete="current-password"
            ),
            "password1": forms.PasswordField(
                label="New password",
                hint="At least 12 characters. Three words that do not belong together are good.",
                autocomplete="new-password",
            ),
            "password2": forms.PasswordField(
                label="New password again", autocomplete="new-password"
            ),
        }

    def clean(self) -> dict[str, Any]:
        """Both must be the same and strong enough for this person."""
        cleaned = super().clean()
        if password := cleaned.get("password1"):
            try:
                validate_password(password, self.user)
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned


class ConfirmPasswordForm(forms.FormBehaviour, allauth_forms.ReauthenticateForm):
    """The password again, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {
            "password": forms.PasswordField(label="Password", autocomplete="current-password"),
        }


class AccountForm(forms.Form):
    """Who a person is and what they may do."""

    full_name = forms.TextField(label="Full name", width="20", max_length=200)
    job_title = forms.TextField(label="Job title", width="20", max_length=200, required=False)
    role = forms.RadiosField(
        label="Role",
        choices=[
            forms.Choice(role.code, role.name.capitalize(), hint=role.description) for role in ROLES
        ],
    )
    team_id = forms.TextField(
        label="Team", hint="Whose work they see first.", width="20", max_length=48, required=False
    )
    professional_id = forms.TextField(
        label="Worker",
        hint="Who they are among the authority’s workers, so that their own work is found.",
        width="20",
        max_length=48,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kind in (("team_id", "teams"), ("professional_id", "workers")):
            if source := directory.source_of(kind):
                was = self.fields[name]
                self.fields[name] = forms.SelectField(
                    label=was.label, hint=was.hint, choices=source, required=False, blank="None"
                )

    @classmethod
    def initial_of(cls, account: User) -> dict[str, Any]:
        """What an account says now."""
        return {name: getattr(account, name) for name in cls.base_fields if hasattr(account, name)}

    def given(self) -> dict[str, Any]:
        """What was given, as the acts take it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "submission"}


class NewAccountForm(AccountForm):
    """An account to be added."""

    username = forms.TextField(
        label="Username",
        hint="What they sign in with, such as a work e-mail address. It cannot be changed.",
        width="20",
        max_length=150,
        spellcheck=False,
    )
    field_order = ["username"]

    def clean_username(self) -> str:
        """In small letters, and of the characters a username may have."""
        username = str(self.cleaned_data["username"]).lower()
        username_is_plain(username)
        return username

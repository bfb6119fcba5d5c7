"""Signing in, and adding and changing accounts."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms as django_forms
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from harbourlight.foundation.access import ROLES
from harbourlight.foundation.accounts import directory
from harbourlight.foundation.accounts.models import User, username_is_plain
from harbourlight.foundation.changing import ChangingForm
from harbourlight.foundation.sign_ins.actions import hash_of
from harbourlight.ui import forms

CODE_GOOD_FOR = 120
"""Seconds: longer than a code of an authenticator app is taken for, one step either side."""


class SignInForm(forms.FormBehaviour, allauth_forms.LoginForm):
    """A username and a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {
            "login": forms.TextField(
                label=_("Username"), width="20", autocomplete="username", spellcheck=False
            ),
            "password": forms.PasswordField(label=_("Password"), autocomplete="current-password"),
        }


class ChangePasswordForm(forms.FormBehaviour, allauth_forms.ChangePasswordForm):
    """The password a person has, and the one they choose instead, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {
            "oldpassword": forms.PasswordField(
                label=_("Current password"), autocomplete="current-password"
            ),
            "password1": forms.PasswordField(
                label=_("New password"),
                hint=_("At least 12 characters. Three words that do not belong together are good."),
                autocomplete="new-password",
            ),
            "password2": forms.PasswordField(
                label=_("New password again"), autocomplete="new-password"
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
            "password": forms.PasswordField(label=_("Password"), autocomplete="current-password"),
        }


class AccountForm(forms.Form):
    """Who a person is and what they may do."""

    full_name = forms.TextField(label=_("Full name"), width="20", max_length=200)
    job_title = forms.TextField(label=_("Job title"), width="20", max_length=200, required=False)
    role = forms.RadiosField(
        label=_("Role"),
        choices=[
            forms.Choice(role.code, role.name.capitalize(), hint=role.description) for role in ROLES
        ],
    )
    team_id = forms.SelectField(
        label=_("Team"),
        hint=_("Whose work they see first."),
        choices=lambda: directory.offered("teams"),
        required=False,
        blank=gettext_noop("None"),
    )
    professional_id = forms.SelectField(
        label=_("Worker"),
        hint=_("Who they are among the authority’s workers, so that their own work is found."),
        choices=lambda: directory.offered("workers"),
        required=False,
        blank=gettext_noop("None"),
    )
    starts_on = forms.DateField(
        label=_("First day"), hint=_("If they must not sign in before it."), required=False
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        hint=_("For agency staff and inspectors. They cannot sign in after it."),
        required=False,
    )

    def given(self) -> dict[str, Any]:
        """What was given, as the acts take it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "submission"}


class ChangeAccountForm(AccountForm, ChangingForm):
    """What an account says, to be changed; never blindly over another administrator's change."""

    def __init__(self, data: Any = None, *, row: User, **more: Any) -> None:
        """`row` is the account. A team no longer offered is kept until another is chosen."""
        super().__init__(data, row=row, **more)
        for name in ("team_id", "professional_id"):
            held, field = getattr(row, name), self.fields[name]
            if held and held not in dict(field.choices):
                field.choices = [*field.choices, (held, held)]


class _CodeForm(forms.FormBehaviour):
    """A code that is good once, from an authenticator app or the list of recovery codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {
            "code": forms.TextField(
                label=_("Code"),
                hint=_("The 6 figures your authenticator app shows now, or a recovery code."),
                missing=_("Enter the code"),
                width="10",
                inputmode="numeric",
                autocomplete="one-time-code",
                spellcheck=False,
            )
        }

    def clean_code(self) -> str:
        """Not one that was used before: it stays good for a while after the app moves on."""
        typed = "".join(self.cleaned_data["code"].split())
        used = f"harbourlight.code:{self.user.pk}:{hash_of(typed)}"  # type: ignore[attr-defined]  # allauth's
        if cache.get(used):
            raise ValidationError(gettext("This code has been used. Wait for the next one"))
        self.cleaned_data["code"] = typed
        code: str = super().clean_code()  # type: ignore[misc]  # allauth's
        cache.set(used, True, CODE_GOOD_FOR)
        return code


class SignInCodeForm(_CodeForm, AuthenticateForm):
    """The second step of signing in."""


class ConfirmCodeForm(_CodeForm, ReauthenticateForm):
    """A code again, before something that matters."""


class SetUpAppForm(forms.FormBehaviour, ActivateTOTPForm):
    """The first code of an authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {
            "code": forms.TextField(
                label=_("Code"),
                hint=_("The 6 figures the app shows now."),
                missing=_("Enter the code the app shows"),
                width="10",
                inputmode="numeric",
                autocomplete="one-time-code",
                spellcheck=False,
            )
        }


class AddPasskeyForm(forms.FormBehaviour, AddWebAuthnForm):
    """A passkey: what the browser made, and what its owner calls it."""

    passwordless = django_forms.BooleanField(required=False, widget=django_forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.TextField(
            label=_("Name"),
            hint=_("So that you can tell it from others, such as “work laptop”."),
            width="20",
            max_length=60,
            required=False,
        )
        self.fields["name"].marks_optional = False


class RenamePasskeyForm(forms.FormBehaviour, EditWebAuthnForm):
    """What a passkey is called."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"name": forms.TextField(label=_("Name"), width="20", max_length=60)}


class NewAccountForm(AccountForm):
    """An account to be added."""

    username = forms.TextField(
        label=_("Username"),
        hint=_("What they sign in with, such as a work e-mail address. It cannot be changed."),
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

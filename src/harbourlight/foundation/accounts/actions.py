"""Adding and changing accounts. Each is one act with its line of history."""

import secrets
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from harbourlight.foundation.access import Capability, role_for, roles_with
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Act, Refused, acting
from harbourlight.foundation.ids import ALPHABET
from harbourlight.ui.words import in_language


def make_password() -> str:
    """A password nobody chose: sixteen characters in fours, 80 bits, easy to read out."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def add_account(
    *,
    username: str,
    full_name: str,
    role: str,
    by: User | None,
    at: datetime,
    job_title: str = "",
    team_id: str | None = None,
    professional_id: str | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    password: str | None = None,
) -> tuple[User, str]:
    """Add an account, and return it with its password, which is kept nowhere in the clear.

    Without `password` one is made, which the person must change when they first sign in.
    `by` is None only for the first account of an installation, which is then its own author.
    Raises `Refused` if the username is taken, and `ValidationError` for a field or password that
    breaks a rule.
    """
    user = User(
        username=username.strip().lower(),
        full_name=full_name.strip(),
        job_title=job_title.strip(),
        role=role,
        team_id=team_id or None,
        professional_id=professional_id or None,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    told = password or make_password()
    if password is not None:
        validate_password(password, user)
    user.password_is_temporary = password is None
    user.set_password(told)
    user.clean_fields()
    _days_make_sense(user)
    with acting("account:add", by=by or user, at=at) as act:
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError as error:
            raise Refused(
                gettext("There is already an account with this username."), field="username"
            ) from error
        act.on(account=user.pk)
    return user, told


def change_account(
    user: User,
    *,
    full_name: str,
    job_title: str,
    role: str,
    team_id: str | None,
    professional_id: str | None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    by: User,
    at: datetime,
) -> User:
    """Change who a person is and what they may do. A new role takes effect at their next request.

    Raises `Refused` if it would leave no one able to manage accounts, and `ValidationError` for a
    field that breaks a rule.
    """
    with acting("account:change", by=by, at=at) as act:
        user = _locked(user, act)
        if user.role != role:
            user.end_sessions()
        user.full_name, user.job_title, user.role = full_name.strip(), job_title.strip(), role
        user.team_id, user.professional_id = team_id or None, professional_id or None
        user.starts_on, user.ends_on = starts_on, ends_on
        user.clean_fields()
        _days_make_sense(user)
        user.save()
        _someone_manages_accounts()
    return user


def deactivate(user: User, *, by: User, at: datetime) -> User:
    """Stop a person signing in, and end the sessions they have.

    Raises `Refused` for one's own account, or if it would leave no one to manage accounts.
    """
    if user.pk == by.pk:
        raise Refused(gettext("You cannot deactivate your own account. Ask another administrator."))
    with acting("account:deactivate", by=by, at=at) as act:
        user = _locked(user, act)
        user.is_active = False
        user.end_sessions()
        user.save(update_fields=["is_active", "session_stamp"])
        _someone_manages_accounts()
    return user


def reactivate(user: User, *, by: User, at: datetime) -> User:
    """Let a person sign in again, with the password they had."""
    with acting("account:reactivate", by=by, at=at) as act:
        user = _locked(user, act)
        user.is_active = True
        user.save(update_fields=["is_active"])
    return user


def set_new_password(user: User, *, by: User, at: datetime) -> tuple[User, str]:
    """Give a person a password nobody chose, which they must change when they next sign in.

    Returns it, to be shown once. Their sessions end.
    """
    told = make_password()
    with acting("account:set-password", by=by, at=at) as act:
        user = _locked(user, act)
        user.set_password(told)
        user.password_is_temporary = True
        user.end_sessions()
        user.save(update_fields=["password", "password_is_temporary", "session_stamp"])
    return user, told


def remove_second_factors(user: User, *, by: User, at: datetime) -> User:
    """Take away a person's authenticator app, passkeys and recovery codes, for one who lost them.

    Their sessions end; where their role must have a second factor they set one up again next time.
    Raises `Refused` for one's own, which is done from one's own page.
    """
    if user.pk == by.pk:
        raise Refused(gettext("Remove your own from the page of your account."))
    with acting("account:remove-second-factors", by=by, at=at) as act:
        user = _locked(user, act)
        Authenticator.objects.filter(user=user.pk).delete()
        user.end_sessions()
        user.save(update_fields=["session_stamp"])
    return user


def link_work_account(user: User, *, provider: str, subject: str, at: datetime) -> None:
    """Keep which work account is this person's, from the first time they sign in with it.

    Raises `Refused` if another is kept already: names are given again to other people, the
    provider's own identifier is not.
    """
    with acting("account:link-work-account", by=user, at=at) as act:
        user = _locked(user, act)
        if SocialAccount.objects.filter(user=user.pk, provider=provider).exists():
            raise Refused(gettext("Another work account is kept for this account."))
        SocialAccount.objects.create(user_id=user.pk, provider=provider, uid=subject)


def forget_work_account(user: User, *, by: User, at: datetime) -> None:
    """Forget which work account is this person's, so that another may take its place."""
    with acting("account:forget-work-account", by=by, at=at) as act:
        user = _locked(user, act)
        SocialAccount.objects.filter(user=user.pk).delete()
        user.end_sessions()
        user.save(update_fields=["session_stamp"])


def choose_password(user: User, *, password: str, at: datetime) -> User:
    """Keep the password a person chose. Raises `ValidationError` if it is too weak."""
    validate_password(password, user)
    with acting("account:choose-password", by=user, at=at) as act:
        act.on(account=user.pk)
        user.set_password(password)
        user.password_is_temporary = False
        user.save(update_fields=["password", "password_is_temporary"])
    return user


def _days_make_sense(user: User) -> None:
    role = role_for(user.role)
    if role.time_limited and user.ends_on is None:
        raise Refused(
            gettext("Enter the last day: the account of an %s ends.") % in_language(role.name),
            field="ends_on",
        )
    if user.starts_on and user.ends_on and user.ends_on < user.starts_on:
        raise Refused(gettext("Last day must be on or after the first day"), field="ends_on")


def _locked(user: User, act: Act) -> User:
    act.on(account=user.pk)
    return User.objects.select_for_update().get(pk=user.pk)


def _someone_manages_accounts() -> None:
    codes = [role.code for role in roles_with(Capability.MANAGE_ACCOUNTS)]
    if not User.objects.active().filter(role__in=codes, ends_on=None).exists():
        raise Refused(gettext("This would leave no one who can manage accounts."), field="role")

"""Telling people, and what they do with what they were told."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from harbourlight.foundation.actions import Refused, acting
from harbourlight.foundation.jobs import NotAnIdentifier
from harbourlight.foundation.notices.declaring import ByEmail, kind_of, subjects
from harbourlight.foundation.notices.models import Address, Choice, Notice
from harbourlight.foundation.notices.selectors import choices_of, visible_to

if TYPE_CHECKING:
    from harbourlight.foundation.accounts.models import User


def tell(users: "User | Iterable[User]", kind: str, *, at: datetime, **about: str) -> None:
    """Tell one or several people that something happened. Call it inside the act that did it.

    `about` says what it is about by identifiers: `person_id`, `contact_id`. A person is told once,
    and never where their account is not active. The e-mail, if they want one, follows by a job.
    Raises `KeyError` for a kind nobody declared, and `NotAnIdentifier` for anything but an
    identifier of a sort of which it was said who may know (`declaring.tell_subject`).
    """
    from harbourlight.foundation.accounts.models import User
    from harbourlight.foundation.notices.jobs import send_now

    if kind_of(kind) is None:
        raise KeyError(f"no app has declared a notice {kind}")
    if wrong := [name for name in about if name not in subjects()]:
        raise NotAnIdentifier(f"nobody has said who may know of {wrong}: a notice is not about it")
    told = {user.pk: user for user in ([users] if isinstance(users, User) else users)}
    told = {pk: user for pk, user in told.items() if user.is_active}
    Notice.objects.bulk_create(
        Notice(to_id=pk, kind=kind, about=about, at=at) for pk in sorted(told)
    )
    reached = Address.objects.filter(user_id__in=told, confirmed_at__isnull=False)
    for user_id in reached.values_list("user_id", flat=True):
        if choices_of(user_id)[kind] is ByEmail.AT_ONCE:
            send_now.later(user_id=user_id)


def mark_read(user: "User", ids: Iterable[int], *, at: datetime) -> int:
    """Say that a person has read these of their notices; how many that changed."""
    return visible_to(user).unread().filter(pk__in=list(ids)).update(read_at=at)


def mark_all_read(user: "User", *, at: datetime) -> int:
    """Say that a person has read all their notices; how many that changed."""
    return visible_to(user).unread().update(read_at=at)


def mark_unread(user: "User", ids: Iterable[int]) -> int:
    """Take back that a person has read these; how many that changed."""
    return visible_to(user).filter(pk__in=list(ids)).update(read_at=None)


def choose(user: "User", *, email: str, by_email: Mapping[str, ByEmail], at: datetime) -> bool:
    """Keep a person's choice, and return whether a link was sent to a new address to confirm it."""
    from harbourlight.foundation.notices.jobs import send_link

    with acting("notices:choose", by=user, at=at):
        for kind, how in by_email.items():
            Choice.objects.update_or_create(user=user, kind=kind, defaults={"by_email": how.value})
        held = Address.objects.filter(user=user).first()
        if not email:
            Address.objects.filter(user=user).delete()
            return False
        if held is not None and held.email == email:
            return False
        token = secrets.token_urlsafe(32)
        defaults = {"email": email, "token": token, "confirmed_at": None}
        Address.objects.update_or_create(user=user, defaults=defaults)
        send_link.later(user_id=user.pk)
        return True


def confirm(user: "User", token: str, *, at: datetime) -> None:
    """Say that a person's address is theirs. Raises `Refused` if the link is not of it."""
    held = Address.objects.filter(user=user).first()
    if held is None or not secrets.compare_digest(held.token, token):
        raise Refused(_("This link is not for the e-mail address you have given most recently."))
    if held.confirmed_at is None:
        with acting("notices:confirm-address", by=user, at=at):
            held.confirmed_at = at
            held.save(update_fields=["confirmed_at"])

"""Kinds of notice: each app declares its own, once, when it is ready.

    notices.declare("opening:told", "Somebody opened a record with a reason", link=...)

    notices.tell_subject("opening_id", openings_visible_to)

A kind's words name nobody: whom it is about is behind its link, where who may see is decided again.
A notice itself is shown, counted and sent only while its reader may know of what it is about: that
is said once for each sort of identifier, and nothing can be told by one of which it was not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from harbourlight.foundation.accounts.models import User


class ByEmail(StrEnum):
    """When a person is sent an e-mail of a kind of notice."""

    NO = "no"
    AT_ONCE = "at-once"
    DAILY = "daily"


@dataclass(frozen=True)
class NoticeKind:
    """One kind of notice."""

    code: str
    label: str
    """What happened, in words that name nobody: it is what the notice says."""
    link: Callable[[Mapping[str, str]], str]
    """The address it leads to, from the identifiers it is about."""
    by_email: ByEmail
    """What a person who has not chosen is sent, once they have given an address."""


_kinds: dict[str, NoticeKind] = {}


def declare(
    code: str,
    label: str,
    *,
    link: Callable[[Mapping[str, str]], str],
    by_email: ByEmail = ByEmail.DAILY,
) -> None:
    """Add a kind of notice. Call it from the app's `ready`."""
    _kinds[code] = NoticeKind(code, label, link, by_email)


def kinds() -> list[NoticeKind]:
    """Every kind there is, by what it says."""
    return sorted(_kinds.values(), key=lambda kind: kind.label)


def kind_of(code: str) -> NoticeKind | None:
    """The kind with this code; None where this version does not know it."""
    return _kinds.get(code)


# ---- Who may still know of what a notice is about -----------------------------------------------

KnownTo = Callable[["User"], "QuerySet[Any]"]
"""The rows a person may know of, by their primary keys."""

_subjects: dict[str, KnownTo] = {}


def tell_subject(identifier: str, known_to: KnownTo) -> None:
    """Say which rows of a sort a person may know of. Call it from the app's `ready`.

    `identifier` is how notices name one: `person_id`.
    """
    _subjects[identifier] = known_to


def subjects() -> Mapping[str, KnownTo]:
    """Every sort of identifier a notice may be about, and who may know of what it names."""
    return _subjects

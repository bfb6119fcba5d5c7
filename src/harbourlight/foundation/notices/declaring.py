"""Kinds of notice: each app declares its own, once, when it is ready.

    notices.declare("opening:told", "Somebody opened a record with a reason", link=...)

A kind's words name nobody: whom it is about is behind its link, where who may see is decided again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum


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

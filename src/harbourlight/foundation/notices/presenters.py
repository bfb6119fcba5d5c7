"""Notices as a page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from harbourlight.foundation.notices.declaring import kind_of
from harbourlight.foundation.notices.models import Notice


@dataclass(frozen=True)
class Line:
    """One notice: what it says, where it leads and whether it was read."""

    id: int
    says: str
    href: str
    at: datetime
    is_read: bool


def lines_of(notices: Iterable[Notice]) -> list[Line]:
    """Notices in words. One of a kind this version does not know leads nowhere."""
    found = []
    for notice in notices:
        kind = kind_of(notice.kind)
        found.append(
            Line(
                id=notice.pk,
                says=_(kind.label) if kind else _("Something happened that is no longer told of"),
                href=kind.link(notice.about) if kind else "",
                at=notice.at,
                is_read=notice.read_at is not None,
            )
        )
    return found

"""A person's own notices. Nobody reads another's."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from harbourlight.foundation.notices.declaring import ByEmail, kinds
from harbourlight.foundation.notices.models import Address, Choice, Notice, NoticeQuerySet

if TYPE_CHECKING:
    from harbourlight.foundation.accounts.models import User


def visible_to(user: "User") -> NoticeQuerySet:
    """What this person was told, the latest first."""
    return Notice.objects.filter(to=user)


def unread_count(user: "User") -> int:
    """How many of this person's notices are not read."""
    return visible_to(user).unread().count()


def choices_of(user_id: str) -> dict[str, ByEmail]:
    """How a person is told of each kind by e-mail: as they chose, or as the kind has it."""
    chosen = dict(Choice.objects.filter(user_id=user_id).values_list("kind", "by_email"))
    return {kind.code: ByEmail(chosen.get(kind.code, kind.by_email)) for kind in kinds()}


def address_of(user_id: str) -> Address | None:
    """Where a person's e-mail is to go, confirmed or not."""
    return Address.objects.filter(user_id=user_id).first()


def to_send(user_id: str, *, how: ByEmail) -> QuerySet[Notice]:
    """Unread notices of which a person has not had an e-mail, of the kinds they want it of so."""
    wanted = [code for code, chosen in choices_of(user_id).items() if chosen is how]
    found = Notice.objects.filter(to_id=user_id, kind__in=wanted, emailed_at__isnull=True)
    return found.unread()

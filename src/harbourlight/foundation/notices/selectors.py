"""A person's own notices, of what they may still know of. Nobody reads another's."""

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT

from harbourlight.foundation.notices.declaring import ByEmail, kinds, subjects
from harbourlight.foundation.notices.models import Address, Choice, Notice, NoticeQuerySet

if TYPE_CHECKING:
    from harbourlight.foundation.accounts.models import User


def visible_to(user: "User") -> NoticeQuerySet:
    """What this person was told, the latest first, of what they may still know of.

    One that is about somebody they may no longer know of is kept and not shown; it is there again
    when they may.
    """
    found = Notice.objects.filter(to=user)
    for identifier, known_to in subjects().items():
        named = f"about_{identifier}"
        there = known_to(user).order_by().filter(pk=OuterRef(named))
        found = found.alias(**{named: KT(f"about__{identifier}")})
        found = found.filter(~Q(about__has_key=identifier) | Exists(there))
    return found


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


def to_send(user: "User", *, how: ByEmail) -> QuerySet[Notice]:
    """Unread notices of which a person has not had an e-mail, of the kinds they want it of so."""
    wanted = [code for code, chosen in choices_of(user.pk).items() if chosen is how]
    return visible_to(user).unread().filter(kind__in=wanted, emailed_at__isnull=True)

"""What every recorded fact carries: who wrote it down and when, and whether it was struck out.

Nothing is deleted. What was recorded in error is struck out, with a reason: it stays readable in
history and leaves every list, count, standard and extract.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from harbourlight.foundation.history.models import Correction
from harbourlight.foundation.ids import new_id

if TYPE_CHECKING:
    from harbourlight.foundation.accounts.models import User


class FactQuerySet(models.QuerySet):
    """Facts, with those that stand told from those struck out."""

    def standing(self) -> Self:
        """Facts that have not been struck out."""
        return self.filter(struck_out_at__isnull=True)


class Fact(models.Model):
    """A row somebody recorded. `recorded_by` is empty for what came from another system.

    Each kind of fact names its own manager, `FactQuerySet.as_manager()` or one made from it: the
    types of relations are lost where a manager is inherited and then replaced.
    """

    id = models.CharField(primary_key=True, max_length=48, default=new_id, editable=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    struck_out_at = models.DateTimeField(null=True, editable=False)
    struck_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    struck_out_because = models.TextField(default="", blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_struck_out_whole",
                condition=models.Q(
                    struck_out_at__isnull=True,
                    struck_out_by__isnull=True,
                    struck_out_because="",
                )
                | (
                    models.Q(struck_out_at__isnull=False, struck_out_by__isnull=False)
                    & ~models.Q(struck_out_because="")
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_struck_out(self) -> bool:
        """Whether this was recorded in error."""
        return self.struck_out_at is not None


def strike_out(fact: Fact, *, by: "User", at: datetime, because: str) -> None:
    """Say that a fact was recorded in error, and why. Call inside an act."""
    fact.struck_out_at, fact.struck_out_by, fact.struck_out_because = at, by, because
    fact.save(update_fields=["struck_out_at", "struck_out_by", "struck_out_because"])


def correct(
    row: models.Model, changes: Mapping[str, Any], *, by: "User", at: datetime, because: str
) -> list[str]:
    """Change fields of a row, keeping what each said before. Call inside an act.

    Returns the names of the fields that differed; a value that is already there is no correction.
    """
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    encode = DjangoJSONEncoder().default
    for name in changed:
        was, now = getattr(row, name), changes[name]
        Correction.objects.create(
            row_kind=row._meta.label_lower,
            row_id=str(row.pk),
            field=name,
            was=was if _is_plain(was) else encode(was),
            now=now if _is_plain(now) else encode(now),
            because=because,
            by=by,
            at=at,
        )
        setattr(row, name, now)
    if changed:
        row.save(update_fields=changed)
    return changed


def corrections_of(row: models.Model) -> models.QuerySet[Correction]:
    """What was corrected in a row, the latest first."""
    return (
        Correction.objects.filter(row_kind=row._meta.label_lower, row_id=str(row.pk))
        .select_related("by")
        .order_by("-at", "-id")
    )


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool | list | dict)

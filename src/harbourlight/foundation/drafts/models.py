"""Drafts. Each is one person's and nobody else can reach it.

A draft is not part of the record: nothing is counted, exported or decided from it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from harbourlight.foundation.ids import new_id

if TYPE_CHECKING:
    from harbourlight.foundation.accounts.models import User


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts, by whose they are."""

    def of(self, user: "User", kind: str) -> "DraftQuerySet":
        """This person's drafts of a kind, the one saved last first."""
        return self.filter(by=user, kind=kind).order_by("-saved_at", "id")


class Draft(models.Model):
    """What one person has typed and not yet sent."""

    id = models.CharField(primary_key=True, max_length=48, default=new_id, editable=False)
    kind = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    typed = models.JSONField(default=dict)

    objects = DraftQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["by", "kind"], name="drafts_draft_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


def keep_draft(
    draft: Draft | None, *, kind: str, by: "User", at: datetime, typed: Mapping[str, Any]
) -> Draft:
    """Save what was typed, over `draft` or as a new one."""
    draft = draft or Draft(kind=kind, by=by)
    draft.saved_at, draft.typed = at, dict(typed)
    draft.save()
    return draft

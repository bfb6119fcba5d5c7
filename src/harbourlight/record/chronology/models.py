"""Marks on what happened: that it was significant, or was not, and who says so."""

from django.conf import settings
from django.db import models

from harbourlight.foundation.ids import new_id


class Mark(models.Model):
    """What somebody said of one thing that happened to one child. A later one stands instead."""

    id = models.CharField(primary_key=True, max_length=48, default=new_id, editable=False)
    child = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=100)
    is_significant = models.BooleanField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "kind", "key"], name="chronology_mark_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

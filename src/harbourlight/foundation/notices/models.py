"""Notices, and how each person has chosen to be told. A notice holds identifiers alone."""

from typing import Self

from django.conf import settings
from django.db import models

from harbourlight.foundation.notices.declaring import ByEmail


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices, by whether they were read."""

    def unread(self) -> Self:
        """Those not read yet."""
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One thing one person was told."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    about = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    emailed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["to", "-at"], name="notices_notice_to"),
            models.Index(
                fields=["to"],
                condition=models.Q(read_at__isnull=True),
                name="notices_notice_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Address(models.Model):
    """Where a person's e-mail goes: nowhere until they have followed the link sent there."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    email = models.EmailField()
    token = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Address of {self.user_id}"


class Choice(models.Model):
    """How one person has chosen to be told of one kind of notice by e-mail."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    by_email = models.CharField(max_length=8, choices=[(one.value, one.name) for one in ByEmail])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notices_choice_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}: {self.by_email}"

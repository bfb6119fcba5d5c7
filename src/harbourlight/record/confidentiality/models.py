"""Restricted children, who may know of them, and records opened by those who gave a reason.

Nothing here is deleted: a restriction is lifted, a grant ended and an opening reviewed, and each
row stays as the account of it. Who may see what follows from these rows is decided in `policy`.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from harbourlight.foundation.facts import Fact, FactQuerySet


class Restriction(Fact):
    """A person's record is restricted, from when it was recorded until it is lifted.

    A restricted record leaves no trace for anyone who holds no grant and does not work with the
    person: see `policy`.
    """

    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="restrictions"
    )
    because = models.TextField()
    lifted_at = models.DateTimeField(null=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    lifted_because = models.TextField(default="", blank=True)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ("-recorded_at", "-id")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(lifted_at__isnull=True, struck_out_at__isnull=True),
                name="confidentiality_restricted_once",
            ),
        ]


class Grant(Fact):
    """Somebody may know of a restricted person, until a moment or until it is ended."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="grants")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants"
    )
    because = models.TextField()
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ("-recorded_at", "-id")


class Opening(Fact):
    """Somebody opened the record of a child they do not work with, saying why.

    Who and when are `recorded_by` and `recorded_at`. `worker` held the case then, if anybody did.
    """

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="openings")
    because = models.TextField()
    ends_at = models.DateTimeField()
    worker = models.ForeignKey(
        "workforce.Professional", on_delete=models.PROTECT, related_name="+", null=True
    )
    team = models.ForeignKey(
        "workforce.Team", on_delete=models.PROTECT, related_name="+", null=True
    )

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ("-recorded_at", "-id")
        indexes = [
            models.Index(fields=["recorded_by", "ends_at"], name="confidentiality_opening_by")
        ]


class OpeningReview(Fact):
    """What a reviewer made of an opening, in words."""

    class Found(models.TextChoices):
        """Whether the reason was a good one."""

        IN_ORDER = "in_order", gettext_lazy("There was a good reason")
        TO_FOLLOW_UP = "follow_up", gettext_lazy("It has to be followed up")

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="reviews")
    found = models.CharField(max_length=10, choices=Found)
    words = models.TextField()

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ("-recorded_at", "-id")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["opening"],
                condition=models.Q(struck_out_at__isnull=True),
                name="confidentiality_reviewed_once",
            ),
        ]

"""Access that was found to be unusual, and what was decided about it. Nothing here is deleted."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from harbourlight.foundation.facts import Fact, FactQuerySet
from harbourlight.foundation.ids import new_id


class UnusualAccess(models.Model):
    """What one rule found of one account on one day, in London.

    `person` is whose record it was where the rule is about one record; else `children` alone says
    whose they were. `lines` are the readings it was found from, by their number in history.
    """

    id = models.CharField(primary_key=True, max_length=48, default=new_id, editable=False)
    rule = models.CharField(max_length=20)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="unusual_access", null=True
    )
    day = models.DateField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    lines = ArrayField(models.BigIntegerField())
    children = ArrayField(models.CharField(max_length=48))
    found_at = models.DateTimeField()

    class Meta:
        ordering = ("-day", "rule", "id")
        verbose_name = "unusual access"
        verbose_name_plural = "unusual access"
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "user", "person", "day"],
                nulls_distinct=False,
                name="looking_found_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.day}"


class AccessReview(Fact):
    """What somebody decided about unusual access, in words. The latest is what holds."""

    class Decision(models.TextChoices):
        """What came of looking at it."""

        SEEN = "seen", _("Seen: there is nothing to ask")
        ASKED = "asked", _("The person has been asked about it")
        CONCERN = "concern", _("Of concern: it is being followed up")

    access = models.ForeignKey(UnusualAccess, on_delete=models.PROTECT, related_name="reviews")
    decision = models.CharField(max_length=7, choices=Decision)
    words = models.TextField()

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ("-recorded_at", "-id")

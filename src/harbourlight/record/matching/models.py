"""People who may be one, what was decided of them, and mergers that can be undone exactly."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from harbourlight.foundation.ids import new_id
from harbourlight.record.people.models import Person


class Proposal(models.Model):
    """Two people who may be one, why, and what a person decided. `person` has the lower id."""

    class Decision(models.TextChoices):
        """What was decided, if anything."""

        OPEN = "open", gettext_lazy("To decide")
        SAME = "same", gettext_lazy("The same person")
        DIFFERENT = "different", gettext_lazy("Different people")
        ASKED = "asked", gettext_lazy("Not sure, being asked about")

    id = models.CharField(primary_key=True, max_length=48, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    weight = models.FloatField()
    """How many times likelier they are one than two, as a power of two."""
    reasons = models.JSONField(default=list)
    """What was compared: its name, how alike in words, and the weight that gives."""
    compared = models.CharField(max_length=64)
    """A digest of what was compared: another decision is asked for only when it changes."""
    decision = models.CharField(max_length=9, choices=Decision, default=Decision.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(null=True)
    because = models.TextField(blank=True)

    class Meta:
        ordering = ("-weight", "id")
        constraints = [
            models.UniqueConstraint(fields=["person", "other"], name="matching_proposal_once"),
            models.CheckConstraint(
                name="matching_proposal_decided_whole",
                condition=models.Q(
                    decision="open", decided_by__isnull=True, decided_at__isnull=True
                )
                | (~models.Q(decision="open") & models.Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="matching_proposal_in_order",
                condition=models.Q(person__lt=models.F("other")),
            ),
        ]

    def __str__(self) -> str:
        return f"Proposal {self.pk}"


class Merger(models.Model):
    """Two people made one: `retired` was found to be `person`, whose record is kept.

    `manifest` lists every row that was changed, field by field, with what it said before: undoing
    puts those back, and nothing else.
    """

    id = models.CharField(primary_key=True, max_length=48, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    retired = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    because = models.TextField()
    manifest = models.JSONField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    undone_because = models.TextField(blank=True)

    class Meta:
        ordering = ("-at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["retired"],
                condition=models.Q(undone_at__isnull=True),
                name="matching_merger_once",
            ),
            models.CheckConstraint(
                name="matching_merger_of_two", condition=~models.Q(person=models.F("retired"))
            ),
        ]

    def __str__(self) -> str:
        return f"Merger {self.pk}"

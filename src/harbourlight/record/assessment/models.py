"""Assessments and the steps they go through.

Where an assessment has got to is not a column: it is the latest of its steps, each a row with who,
when and why.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy

from harbourlight.foundation.facts import Fact, FactQuerySet


class Stage(models.TextChoices):
    """Where an assessment has got to."""

    WRITING = "writing", gettext_lazy("Being written")
    SENT = "sent", gettext_lazy("With the manager")
    RETURNED = "returned", gettext_lazy("Returned")
    AUTHORISED = "authorised", gettext_lazy("Authorised")


class Assessment(Fact):
    """An assessment of one child's needs, on one episode."""

    child = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="assessments")
    episode = models.ForeignKey(
        "episodes.Episode", on_delete=models.PROTECT, related_name="assessments"
    )
    started_on = models.DateField(null=True)
    internal_review_on = models.DateField("internal review point", null=True, blank=True)
    authorised_on = models.DateField(null=True, blank=True)
    worker = models.ForeignKey("workforce.Professional", on_delete=models.PROTECT, null=True)
    team = models.ForeignKey("workforce.Team", on_delete=models.PROTECT, null=True)
    child_seen = models.BooleanField(null=True)
    history = models.TextField("chronology and history", blank=True)
    child_words = models.TextField("the child's own words", blank=True)
    family_views = models.TextField("family's views, fathers and wider family", blank=True)
    analysis = models.TextField(blank=True)
    next_steps = models.TextField("decision and next steps", blank=True)
    factors = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    outcomes = models.JSONField(null=True)
    no_further_action = models.BooleanField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ("-started_on", "-id")
        indexes = [
            # The few that wait for somebody: 13 ms to find one's own of 138,000, against 28.
            models.Index(
                fields=["team"],
                name="assessment_unauthorised",
                condition=models.Q(authorised_on__isnull=True, struck_out_at__isnull=True),
            )
        ]


class AssessmentStep(models.Model):
    """A stage an assessment entered, with who, when and what they said."""

    id = models.BigAutoField(primary_key=True)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="steps")
    stage = models.CharField(max_length=10, choices=Stage)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.stage}"

"""Child in need plans."""

from django.db import models

from harbourlight.foundation.facts import Fact, FactQuerySet


class NeedPlan(Fact):
    """A child in need plan: who provides what, and what is to change for the child."""

    child = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="need_plans")
    episode = models.ForeignKey(
        "episodes.Episode", on_delete=models.PROTECT, related_name="need_plans", null=True
    )
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    team = models.ForeignKey("workforce.Team", on_delete=models.PROTECT, null=True)
    worker = models.ForeignKey("workforce.Professional", on_delete=models.PROTECT, null=True)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ("-started_on", "-id")

"""Section 47 enquiries, conferences, child protection plans and reviews."""

from django.db import models

from harbourlight.foundation.facts import Fact, FactQuerySet


class Enquiry(Fact):
    """A section 47 enquiry. It starts on the day of the strategy discussion that began it."""

    child = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="enquiries")
    episode = models.ForeignKey(
        "episodes.Episode", on_delete=models.PROTECT, related_name="enquiries", null=True
    )
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    no_further_action = models.BooleanField(null=True)
    outcomes = models.JSONField(null=True)
    conference_required = models.BooleanField(null=True)
    worker = models.ForeignKey("workforce.Professional", on_delete=models.PROTECT, null=True)
    team = models.ForeignKey("workforce.Team", on_delete=models.PROTECT, null=True)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name_plural = "enquiries"
        ordering = ("-started_on", "-id")


class Conference(Fact):
    """An initial child protection conference."""

    child = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="conferences")
    episode = models.ForeignKey(
        "episodes.Episode", on_delete=models.PROTECT, related_name="conferences", null=True
    )
    enquiry = models.ForeignKey(
        Enquiry, on_delete=models.PROTECT, related_name="conferences", null=True
    )
    meeting_id = models.CharField(max_length=48, blank=True)
    transfer_in = models.BooleanField(null=True)
    target_on = models.DateField(null=True, blank=True)
    held_on = models.DateField(null=True, blank=True)
    made_plan = models.BooleanField(null=True)
    outcomes = models.JSONField(null=True)
    worker = models.ForeignKey("workforce.Professional", on_delete=models.PROTECT, null=True)
    team = models.ForeignKey("workforce.Team", on_delete=models.PROTECT, null=True)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ("-held_on", "-id")


class ProtectionPlan(Fact):
    """A child protection plan. `previous_plans` counts earlier ones in this authority, ever."""

    child = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="protection_plans"
    )
    episode = models.ForeignKey(
        "episodes.Episode", on_delete=models.PROTECT, related_name="protection_plans", null=True
    )
    conference = models.ForeignKey(
        Conference, on_delete=models.PROTECT, related_name="plans", null=True
    )
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    initial_category = models.CharField(max_length=100, blank=True)
    latest_category = models.CharField(max_length=100, blank=True)
    of_another_authority = models.BooleanField(null=True)
    previous_plans = models.PositiveIntegerField(null=True)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ("-started_on", "-id")


class Review(Fact):
    """A review child protection conference."""

    child = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="reviews")
    plan = models.ForeignKey(ProtectionPlan, on_delete=models.PROTECT, related_name="reviews")
    meeting_id = models.CharField(max_length=48, blank=True)
    due_on = models.DateField(null=True, blank=True)
    held_on = models.DateField(null=True, blank=True)
    plan_continues = models.BooleanField(null=True)
    quorate = models.CharField(max_length=100, blank=True)
    participation = models.CharField(max_length=100, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ("-held_on", "-id")

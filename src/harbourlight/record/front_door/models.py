"""Contacts and decisions.

A contact is what somebody told us; it may concern several children, and each has a line of their
own with a decision of their own, because what one child needs another may not.
"""

from django.db import models
from django.utils.translation import gettext_lazy

from harbourlight.foundation.facts import Fact, FactQuerySet


class Contact(Fact):
    """What was received, from whom and when. Its clock starts at the instant `received_at`."""

    received_at = models.DateTimeField()
    source_code = models.CharField(max_length=48)
    agency = models.CharField("name of the agency or person", max_length=255, blank=True)
    contact_person = models.CharField("who to reply to", max_length=255, blank=True)
    what_was_said = models.TextField(blank=True)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ("-received_at", "id")
        indexes = [models.Index(fields=["received_at"], name="front_door_contact_received")]


class ContactChild(Fact):
    """One child whom a contact concerns."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="children")
    child = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="contacts")

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ("id",)
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["contact", "child"],
                condition=models.Q(struck_out_at__isnull=True),
                name="front_door_contactchild_once",
            ),
        ]


class Decision(Fact):
    """A manager's decision: on which contact or referral of which child, what, and why.

    A decision is never edited; a later one stands beside it. The first is the one whose time
    counts.
    """

    class About(models.TextChoices):
        """What was decided on."""

        CONTACT = "contact", gettext_lazy("Contact")
        REFERRAL = "referral", gettext_lazy("Referral")

    about = models.CharField(max_length=8, choices=About)
    about_id = models.CharField(max_length=48)
    child = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "workforce.Professional", on_delete=models.PROTECT, related_name="decisions", null=True
    )
    level = models.CharField(max_length=1, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    reasons = models.TextField(blank=True)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ("decided_at", "id")
        indexes = [
            models.Index(fields=["about", "about_id"], name="front_door_decision_about"),
        ]

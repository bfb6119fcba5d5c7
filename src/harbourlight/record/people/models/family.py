"""Families: who is recorded together, and how they are related."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from harbourlight.foundation.facts import Fact, FactQuerySet
from harbourlight.foundation.ids import new_id
from harbourlight.record.people.models.details import PersonFact, PersonFactQuerySet
from harbourlight.record.people.models.person import Person


class Family(models.Model):
    """People who are recorded together. A person may belong to more than one over time."""

    id = models.CharField(primary_key=True, max_length=48, default=new_id, editable=False)
    people = models.ManyToManyField(Person, through="FamilyMember", related_name="families")

    class Meta:
        verbose_name_plural = "families"

    def __str__(self) -> str:
        return f"Family {self.pk}"


class FamilyMember(Fact):
    """A person's place in a family."""

    class Place(models.TextChoices):
        """What the person is in the family."""

        CHILD = "child", _("Child")
        PARENT = "parent", _("Parent or carer")
        OTHER = "other", _("Other adult")

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    place = models.CharField(max_length=6, choices=Place)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["family", "person"],
                condition=models.Q(struck_out_at__isnull=True),
                name="people_familymember_once",
            ),
        ]


class Relationship(PersonFact):
    """How `person` is related to `other`: the person is the other's parent, grandparent, partner.

    Each is written once, from the elder's side where the two sides differ (`relations.KINDS` says
    which). It names two people: whoever may not know of either must not be shown it, so a rule
    that hides the rows of a person by `person` must look at `other` too.
    """

    class Responsibility(models.TextChoices):
        """Whether the person has parental responsibility for the other."""

        YES = "yes", _("Yes")
        NO = "no", _("No")
        NOT_KNOWN = "not_known", _("Not known")

    class AcquiredBy(models.TextChoices):
        """How parental responsibility came about (Children Act 1989, sections 2, 4, 12 and 14C)."""

        BIRTH_MOTHER = "birth_mother", _("Gave birth to the child")
        MARRIAGE = "marriage", _("Married to, or a civil partner of, the mother at the birth")
        REGISTRATION = "registration", _("Registered as the parent")
        AGREEMENT = "agreement", _("Parental responsibility agreement")
        COURT_ORDER = "court_order", _("Court order")
        SPECIAL_GUARDIANSHIP = "special_guardianship", _("Special guardianship order")
        ADOPTION = "adoption", _("Adoption order")
        APPOINTED = "appointed", _("Appointed as guardian")
        NOT_KNOWN = "not_known", _("Not known")

    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relationships_to")
    kind = models.CharField(max_length=30)
    parental_responsibility = models.CharField(max_length=9, choices=Responsibility, blank=True)
    responsibility_by = models.CharField(max_length=20, choices=AcquiredBy, blank=True)
    note = models.TextField(blank=True)

    objects = PersonFactQuerySet.as_manager()

    class Meta(PersonFact.Meta):
        constraints = [
            *PersonFact.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(person=models.F("other")),
                name="people_relationship_of_two",
            ),
        ]

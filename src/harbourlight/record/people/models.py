"""People, and the families they belong to."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat

from harbourlight.foundation.facts import Fact, FactQuerySet
from harbourlight.foundation.ids import new_id


class Plain(models.Func):
    """A name as it is compared: small letters, no accents, apostrophes or hyphens."""

    function = "people_plain"
    output_field = models.TextField()


class Sounds(models.Func):
    """How each word of a name sounds (double metaphone); a word of one sound is left out."""

    function = "people_sounds"
    output_field = ArrayField(models.TextField())


def _full_name() -> Concat:
    return Concat(F("forename"), Value(" "), F("surname"))


class Person(Fact):
    """A child or an adult. An unborn child has an expected date and no date of birth."""

    class HeldAs(models.TextChoices):
        """Whether the person has a child's record of their own."""

        CHILD = "child", "Child"
        ADULT = "adult", "Adult"

    held_as = models.CharField(max_length=5, choices=HeldAs, default=HeldAs.CHILD)
    forename = models.CharField(max_length=100, blank=True)
    surname = models.CharField(max_length=255, blank=True)
    sex = models.CharField(max_length=20, default="U")
    gender = models.CharField(max_length=10, blank=True)
    ethnicity = models.CharField(max_length=48, blank=True)
    born_on = models.DateField("date of birth", null=True, blank=True)
    expected_on = models.DateField("expected date of birth", null=True, blank=True)
    died_on = models.DateField("date of death", null=True, blank=True)
    nhs_number = models.CharField("NHS number", max_length=20, blank=True)
    earlier_system_id = models.CharField(max_length=48, blank=True)
    upn_unknown = models.CharField("reason the UPN is unknown", max_length=6, blank=True)
    has_education_plan = models.BooleanField("has an EHC plan", null=True)
    is_mother = models.BooleanField(null=True)
    nationality = models.CharField(max_length=48, blank=True)

    # Kept by PostgreSQL, for search: comparing thousands of names must not work these out afresh.
    name_plain = models.GeneratedField(
        expression=Plain(_full_name()), output_field=models.TextField(), db_persist=True
    )
    name_sounds = models.GeneratedField(
        expression=Sounds(_full_name()),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ("surname", "forename", "id")
        indexes = [
            GinIndex(
                fields=["name_plain"], opclasses=["gin_trgm_ops"], name="people_person_name_plain"
            ),
            GinIndex(fields=["name_sounds"], name="people_person_name_sounds"),
            models.Index(fields=["born_on"], name="people_person_born"),
            models.Index(
                fields=["expected_on"],
                condition=models.Q(expected_on__isnull=False),
                name="people_person_expected",
            ),
            models.Index(
                fields=["nhs_number"],
                condition=~models.Q(nhs_number=""),
                name="people_person_nhs",
            ),
            models.Index(
                fields=["earlier_system_id"],
                condition=~models.Q(earlier_system_id=""),
                name="people_person_earlier",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Forename then surname; an unborn or unnamed child is called so."""
        full = f"{self.forename} {self.surname}".strip()
        if self.expected_on and not (self.born_on or self.forename):
            return f"Unborn child {full}".strip()
        return full or "Name not recorded"

    def age_on(self, day: date) -> int | None:
        """Whole years of age on `day`; None if unborn or the date of birth is not known."""
        if self.born_on is None or self.born_on > day:
            return None
        had_birthday = (day.month, day.day) >= (self.born_on.month, self.born_on.day)
        return day.year - self.born_on.year - (0 if had_birthday else 1)


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

        CHILD = "child", "Child"
        PARENT = "parent", "Parent or carer"
        OTHER = "other", "Other adult"

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

"""People: a child or an adult, by the name that is shown and what is settled about them."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harbourlight.foundation.facts import Fact, FactQuerySet


class Plain(models.Func):
    """A name as it is compared: small letters, no accents, apostrophes or hyphens."""

    function = "people_plain"
    output_field = models.TextField()


class Sounds(models.Func):
    """How each word of a name sounds (double metaphone); a word of one sound is left out."""

    function = "people_sounds"
    output_field = ArrayField(models.TextField())


def full_name() -> Concat:
    """Forename and surname as one text, in SQL."""
    return Concat(F("forename"), Value(" "), F("surname"))


class Person(Fact):
    """A child or an adult. An unborn child has an expected date and no date of birth."""

    class HeldAs(models.TextChoices):
        """Whether the person has a child's record of their own."""

        CHILD = "child", gettext_lazy("Child")
        ADULT = "adult", gettext_lazy("Adult")

    held_as = models.CharField(max_length=5, choices=HeldAs, default=HeldAs.CHILD)
    # The name that is shown, and what they like to be called: both worked out from their names by
    # `actions.names.keep_name_shown` alone, so that a list need not ask for names.
    forename = models.CharField(max_length=100, blank=True)
    surname = models.CharField(max_length=255, blank=True)
    known_as = models.CharField(max_length=356, blank=True, editable=False)
    sex = models.CharField(max_length=20, default="U")
    gender = models.CharField(max_length=10, blank=True)
    pronouns = models.CharField(max_length=40, blank=True)
    ethnicity = models.CharField(max_length=48, blank=True)
    born_on = models.DateField("date of birth", null=True, blank=True)
    expected_on = models.DateField("expected date of birth", null=True, blank=True)
    died_on = models.DateField("date of death", null=True, blank=True)
    upn_unknown = models.CharField("reason the UPN is unknown", max_length=6, blank=True)
    has_education_plan = models.BooleanField("has an EHC plan", null=True)
    is_mother = models.BooleanField(null=True)
    nationality = models.CharField(max_length=48, blank=True)
    religion = models.CharField("religion or belief", max_length=100, blank=True)

    # Kept by PostgreSQL, for search: comparing thousands of names must not work these out afresh.
    name_plain = models.GeneratedField(
        expression=Plain(full_name()), output_field=models.TextField(), db_persist=True
    )
    name_sounds = models.GeneratedField(
        expression=Sounds(full_name()),
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
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Forename then surname; an unborn or unnamed child is called so."""
        full = f"{self.forename} {self.surname}".strip()
        if self.expected_on and not (self.born_on or self.forename):
            return _("Unborn child %(surname)s") % {"surname": full} if full else _("Unborn child")
        return full or _("Name not recorded")

    def age_on(self, day: date) -> int | None:
        """Whole years of age on `day`; None if unborn or the date of birth is not known."""
        if self.born_on is None or self.born_on > day:
            return None
        had_birthday = (day.month, day.day) >= (self.born_on.month, self.born_on.day)
        return day.year - self.born_on.year - (0 if had_birthday else 1)

"""What is kept of a census that was built and checked: counts, and what was found.

All of it is worked out from the record, or from a file, and worked out again: it is never changed.
A census is kept whole or not at all, beside the one before it, so that a page never shows half of
one, and can say what has changed.
"""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from harbourlight.foundation.ids import new_id
from harbourlight.returns.cin.conditions import Census as CensusYear
from harbourlight.returns.cin.rule import Kind as RuleKind


class Kind(models.IntegerChoices):
    """How a finding is to be met, in the order in which to mend them."""

    BUILD = 1, _("Cannot be built")
    STRUCTURE = 2, _("Structure")
    ERROR = 3, _("Error")
    QUERY = 4, _("Query")
    YEAR_ON_YEAR = 5, _("Year-on-year check")

    @property
    def code(self) -> str:
        """Its name in an address."""
        return self.name.lower().replace("_", "-")


KINDS = {
    RuleKind.STRUCTURE: Kind.STRUCTURE,
    RuleKind.ERROR: Kind.ERROR,
    RuleKind.QUERY: Kind.QUERY,
    RuleKind.YEAR_ON_YEAR: Kind.YEAR_ON_YEAR,
}
"""What each kind of rule is here."""


class Checked(models.Model):
    """What is said of a census as a whole, whether it was built or given.

    `whole` holds the findings that are of no child: each an object with the fields of `Found`.
    `assumed`, `left_out` and `remarks` are sentences. `rules_year` is the census whose rules were
    used, and `totals` what was counted.
    """

    year = models.PositiveSmallIntegerField(null=True)
    rules_year = models.PositiveSmallIntegerField(null=True)
    children = models.PositiveIntegerField(default=0)
    totals = models.JSONField(default=dict)
    last_year = models.JSONField(default=dict)
    whole = models.JSONField(default=list)
    assumed = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    remarks = models.JSONField(default=list)

    class Meta:
        abstract = True

    @property
    def of(self) -> CensusYear:
        """The census it is: its days and its name."""
        assert self.year is not None
        return CensusYear(self.year)


class Found(models.Model):
    """One thing that was found of a child: which rule, where, and what is so.

    `line` is that of the file on which it begins. `value` is None where nothing is given.
    """

    kind = models.PositiveSmallIntegerField(choices=Kind)
    rule = models.CharField(max_length=60)
    message = models.TextField()
    module = models.CharField(max_length=60)
    element = models.CharField(max_length=60)
    value = models.TextField(null=True)  # noqa: DJ001 - nothing given is not an empty text
    line = models.PositiveIntegerField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.rule} {self.element}"


# ---- Of the live record -------------------------------------------------------------------------


class Census(Checked):
    """The census of a year as the record stood at a moment.

    `file` is the name of what would be submitted, in the folder of censuses; empty where no child
    could be built.
    """

    id = models.CharField(primary_key=True, max_length=48, default=new_id, editable=False)
    made_at = models.DateTimeField()
    file = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name_plural = "censuses"
        constraints = [
            models.UniqueConstraint(fields=["year", "made_at"], name="census_of_a_moment")
        ]

    def __str__(self) -> str:
        return f"{self.year}, {self.made_at:%Y-%m-%d %H:%M}"


class CensusChild(models.Model):
    """A child in a census, and how many of each part it has."""

    census = models.ForeignKey(
        Census, on_delete=models.CASCADE, related_name="of_children", db_index=False
    )
    child = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    episodes = models.PositiveSmallIntegerField(_("episodes"), default=0)
    assessments = models.PositiveSmallIntegerField(_("assessments"), default=0)
    need_plans = models.PositiveSmallIntegerField(_("child in need plans"), default=0)
    enquiries = models.PositiveSmallIntegerField(_("enquiries"), default=0)
    protection_plans = models.PositiveSmallIntegerField(_("child protection plans"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["census", "child"], name="census_child_once")
        ]

    def __str__(self) -> str:
        return self.child_id


class CensusFinding(Found):
    """One thing found of a child of ours, the row it lies in, and whose it is to mend.

    `beside` is another child of whom it tells, where it does: who shares this child's pupil number.
    `left_out` is what the census lacks for it, where something cannot be built.
    """

    census = models.ForeignKey(
        Census, on_delete=models.CASCADE, related_name="findings", db_index=False
    )
    child = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    beside = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", null=True, db_index=False
    )
    table = models.CharField(max_length=60, blank=True)
    row = models.CharField(max_length=48, blank=True)
    left_out = models.CharField(max_length=80, blank=True)
    worker = models.ForeignKey(
        "workforce.Professional",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        db_index=False,
    )
    team = models.ForeignKey(
        "workforce.Team", on_delete=models.SET_NULL, related_name="+", null=True, db_index=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["census", "kind", "rule"], name="census_finding_rule"),
            models.Index(fields=["census", "child"], name="census_finding_child"),
            models.Index(fields=["census", "worker"], name="census_finding_worker"),
            models.Index(fields=["census", "team"], name="census_finding_team"),
        ]


# ---- Of another system's file -------------------------------------------------------------------


class CheckedFile(Checked):
    """Another system's census, given to be checked, and seen by whoever gave it alone.

    Nothing of it is matched to the record. It is removed on `removed_on`, or before.
    `file` and `last_file` are names in the folder of given files, and are empty once they are gone.
    """

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "waiting", _("Waiting to be checked")
        CHECKED = "checked", _("Checked")
        REFUSED = "refused", _("Cannot be read")

    id = models.CharField(primary_key=True, max_length=48, default=new_id, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    given_at = models.DateTimeField()
    removed_on = models.DateField()
    name = models.CharField(_("name of the file"), max_length=255)
    size = models.PositiveBigIntegerField()
    last_name = models.CharField(_("name of last year’s file"), max_length=255, blank=True)
    asked_year = models.PositiveSmallIntegerField(null=True)
    file = models.CharField(max_length=80, blank=True)
    last_file = models.CharField(max_length=80, blank=True)
    job = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    refused = models.TextField(blank=True)
    authority = models.CharField(max_length=20, blank=True)
    checked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.id

    @cached_property
    def is_checked(self) -> bool:
        """Whether there is something to show."""
        return self.state == self.State.CHECKED

    def days_left(self, on: date) -> int:
        """For how many days more it is kept."""
        return max(0, (self.removed_on - on).days)


class FileFinding(Found):
    """One thing found of a child of a file that was given. `named` is the file's LAchildID."""

    checked_file = models.ForeignKey(
        CheckedFile, on_delete=models.CASCADE, related_name="findings", db_index=False
    )
    named = models.CharField(max_length=255, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["checked_file", "kind", "rule"], name="census_file_finding_rule")
        ]

"""Instruments as they were put to people, an authority's changes to them, and what was answered.

Nothing here says of whom anything was answered.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from harbourlight.foundation.ids import new_id
from harbourlight.foundation.instruments.file_format import from_definition
from harbourlight.foundation.instruments.instrument import Instrument


class Edition(models.Model):
    """An instrument exactly as it was put to somebody, by its digest.

    An answer is read, for ever, by the edition it was given to, whatever becomes of the files. It
    is written once and never changed: another wording has another digest.
    """

    digest = models.CharField(primary_key=True, max_length=64)
    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    local = models.PositiveIntegerField("local changes", default=0)
    definition = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ("code", "version", "local")

    def __str__(self) -> str:
        return f"{self.code} {self.version}.{self.local}"

    @property
    def instrument(self) -> Instrument:
        """The instrument it holds."""
        if self.digest not in _read:
            _read[self.digest] = from_definition(self.definition)
        return _read[self.digest]


_read: dict[str, Instrument] = {}
"""Editions read before: what a digest stands for never changes."""


class LocalChange(models.Model):
    """An authority's changes to one instrument: a draft, or in force from a day until the next."""

    id = models.CharField(primary_key=True, max_length=48, default=new_id, editable=False)
    code = models.CharField(max_length=60)
    number = models.PositiveIntegerField(null=True)
    text = models.TextField()
    in_force_from = models.DateField(null=True)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    put_in_force_at = models.DateTimeField(null=True)
    put_in_force_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("code", "-number")
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="instruments_change_number"),
            # One draft of an instrument at a time: two people change the same one, in sight.
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(number__isnull=True),
                name="instruments_change_one_draft",
            ),
            models.CheckConstraint(
                name="instruments_change_in_force_whole",
                condition=models.Q(
                    number__isnull=True, in_force_from__isnull=True, put_in_force_at__isnull=True
                )
                | models.Q(
                    number__isnull=False,
                    in_force_from__isnull=False,
                    put_in_force_at__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number or 'draft'}"


class Tally(models.Model):
    """Which questions one finished set of answers left unanswered, and which it did not ask.

    Whose answers they are is not held here: they are counted by whoever keeps the instruments,
    who may see no record of anybody.
    """

    id = models.BigAutoField(primary_key=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="tallies")
    group = models.CharField(max_length=48, blank=True)
    finished_on = models.DateField()
    unanswered = ArrayField(models.CharField(max_length=60), default=list)
    not_asked = ArrayField(models.CharField(max_length=60), default=list)
    counts = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["edition", "finished_on"], name="instruments_tally_of")]

    def __str__(self) -> str:
        return f"{self.edition_id[:8]} {self.finished_on}"

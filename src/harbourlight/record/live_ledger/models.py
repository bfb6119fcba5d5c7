"""The stored entries of the live record, and from when it holds everything."""

from datetime import date, datetime

from django.contrib.postgres.indexes import BTreeIndex
from django.db import models

from harbourlight.standards.calendar import OutsideCalendar, working_days_between
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.standard import Outcome, Standard, Standing, outcome_at


class WallClockField(models.Field):
    """A date and time by the clock in London, with no zone: a `timestamp`, as the dataset holds."""

    def db_type(self, connection: object) -> str:
        """The PostgreSQL type."""
        return "timestamp without time zone"


class Entry(models.Model):
    """One standard for one subject, with all that no passing of time can change.

    Written only by `keeping`. It never says "overdue": how it stands is asked with an `as_at`.
    Times are by the clock in London, as the dataset's are, so that the stored ledger and one
    computed from files are the same rows.
    """

    pk = models.CompositePrimaryKey("standard", "about", "about_id")
    standard = models.CharField(max_length=20)
    about = models.CharField(max_length=20)
    about_id = models.CharField(max_length=48)
    child_id = models.CharField(max_length=48)
    worker_id = models.CharField(max_length=48, null=True)  # noqa: DJ001 - the dataset's null
    team_id = models.CharField(max_length=48, null=True)  # noqa: DJ001 - the dataset's null
    starts_at = WallClockField(null=True)
    due_at = WallClockField(null=True)
    met_at = WallClockField(null=True)
    lapsed_at = WallClockField(null=True)
    standing = models.CharField(max_length=20)
    detail = models.CharField(max_length=40, null=True)  # noqa: DJ001 - the dataset's null

    class Meta:
        verbose_name_plural = "entries"
        indexes = [
            BTreeIndex(fields=["child_id"], name="live_ledger_entry_child"),
            BTreeIndex(fields=["worker_id", "due_at"], name="live_ledger_entry_worker"),
            BTreeIndex(fields=["team_id", "due_at"], name="live_ledger_entry_team"),
            BTreeIndex(fields=["standard", "due_at"], name="live_ledger_entry_standard"),
            # What is waiting at a moment: 3 ms a team and 16 ms an authority of 610,000 entries,
            # against 12 and 54 without it.
            BTreeIndex(
                fields=["met_at"],
                name="live_ledger_entry_unmet",
                condition=models.Q(standing=Standing.APPLIES),
            ),
            BTreeIndex(
                fields=["standard"],
                name="live_ledger_entry_cannot_tell",
                condition=models.Q(standing=Standing.CANNOT_TELL),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard} {self.about} {self.about_id}"

    @property
    def declared(self) -> Standard:
        """The standard this is an entry of."""
        return CATALOGUE[self.standard]

    @property
    def says(self) -> str:
        """What the detail means, in a sentence; empty where there is none."""
        return self.declared.says(self.detail)

    def outcome_at(self, as_at: datetime) -> Outcome:
        """How the entry stands at a moment by the clock in London."""
        return outcome_at(
            standing=self.standing,
            due_at=self.due_at,
            met_at=self.met_at,
            lapsed_at=self.lapsed_at,
            as_at=as_at,
        )

    def working_days_left(self, day: date) -> int | None:
        """Working days from `day` to the due day: 0 on it, less than 0 after it; None without one.

        None too where the working-day calendar does not reach.
        """
        if self.due_at is None:
            return None
        try:
            return working_days_between(day, self.due_at.date())
        except OutsideCalendar:
            return None


class Coverage(models.Model):
    """From which day the record holds every row of a table of the dataset.

    A record loaded from another system begins somewhere; a standard that looks back beyond that
    day says so instead of guessing. A table with no row here was always complete.
    """

    table = models.CharField(primary_key=True, max_length=60)
    complete_from = models.DateField(null=True)
    last_before_held = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.table} from {self.complete_from}"

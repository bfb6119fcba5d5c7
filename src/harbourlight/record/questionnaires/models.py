"""What was answered about a child in a questionnaire.

Children answered for together, on one visit, each have a response of their own; `occasion` is the
same for all. What was said once for them all is kept in each, so that each child's record is whole
and can be read without another's.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy, gettext_noop

from harbourlight.foundation.facts import Fact, FactQuerySet
from harbourlight.foundation.instruments.instrument import Instrument


class Area(models.TextChoices):
    """The walled areas of the record, and the rest of it."""

    OPEN = "", gettext_lazy("The record")
    ALLEGATIONS = "allegations", gettext_lazy("Allegations")
    INTELLIGENCE = "intelligence", gettext_lazy("Intelligence")


class Response(Fact):
    """One child's answers to one instrument, on one occasion.

    It is being written until it is finished; after that it is only corrected. `reasons` says, by
    question, why one that was wanted has no answer.
    """

    child = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="responses")
    edition = models.ForeignKey("instruments.Edition", on_delete=models.PROTECT, related_name="+")
    code = models.CharField("instrument", max_length=60)
    occasion = models.CharField(max_length=48, db_index=True)
    on = models.DateField("date")
    worker = models.ForeignKey(
        "workforce.Professional", on_delete=models.PROTECT, related_name="+", null=True
    )
    area = models.CharField(max_length=20, choices=Area, blank=True, default=Area.OPEN)
    own = models.JSONField("answers about this child", default=dict)
    shared = models.JSONField("answers said once for all", default=dict)
    reasons = models.JSONField("why a question is not answered", default=dict)
    finished_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    tally = models.OneToOneField(
        "instruments.Tally", on_delete=models.PROTECT, related_name="+", null=True
    )

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        ordering = ("-on", "-recorded_at", "id")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="questionnaires_response_finished_whole",
                condition=models.Q(
                    finished_at__isnull=True, finished_by__isnull=True, tally__isnull=True
                )
                | models.Q(
                    finished_at__isnull=False, finished_by__isnull=False, tally__isnull=False
                ),
            ),
            models.UniqueConstraint(
                fields=["occasion", "child"],
                condition=models.Q(struck_out_at__isnull=True),
                name="questionnaires_response_once",
            ),
        ]
        indexes = [models.Index(fields=["child", "code", "-on"], name="questionnaires_response_of")]

    @property
    def instrument(self) -> Instrument:
        """The instrument as it was put, in the very words."""
        return self.edition.instrument

    @property
    def answers(self) -> dict[str, object]:
        """Every answer: this child's own, and those said once for all."""
        return self.shared | self.own

    @property
    def is_finished(self) -> bool:
        """Whether it has been finished."""
        return self.finished_at is not None

    @property
    def state_in_words(self) -> str:
        """`Being written`, `Finished`, or `Finished, with reasons`."""
        if not self.is_finished:
            return gettext_noop("Being written")
        return gettext_noop("Finished, with reasons") if self.reasons else gettext_noop("Finished")

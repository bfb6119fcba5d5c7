"""Assessments in a child's whole record on paper."""

from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.record.assessment.models import Assessment, Stage
from harbourlight.record.assessment.selectors import visible_to, with_stage
from harbourlight.record.documents.whole_record import Entry, Part
from harbourlight.record.people.models import Person
from harbourlight.standards import code_sets
from harbourlight.ui.formats import date_in_words

WRITTEN = ("history", "child_words", "family_views", "analysis", "next_steps")


def assessments_in_full(child: Person, user: User) -> Part:
    """What was written in each assessment of a child, the latest first."""
    held = with_stage(visible_to(user).filter(child=child).select_related("worker", "team"))
    return Part(_("Assessments"), tuple(_entry(one) for one in held))


def _entry(assessment: Assessment) -> Entry:
    stage = str(Stage(getattr(assessment, "stage", Stage.WRITING)).label)
    started = date_in_words(assessment.started_on) if assessment.started_on else ""
    when = ", ".join(filter(None, [started, str(assessment.worker or ""), stage]))
    written = [one for one in Assessment._meta.fields if one.name in WRITTEN]
    said = [
        (str(one.verbose_name).capitalize(), str(getattr(assessment, one.name))) for one in written
    ]
    factors = [code_sets.label("assessment_factor", one) for one in assessment.factors]
    said.append((_("Factors identified"), "\n".join(factors)))
    return Entry(_("Assessment"), when, tuple(said))

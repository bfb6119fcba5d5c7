"""Assessments on a child's page."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.record.assessment.models import Stage
from harbourlight.record.assessment.presenters import TAG_COLOURS
from harbourlight.record.assessment.selectors import visible_to, with_stage
from harbourlight.record.people.models import Person
from harbourlight.record.people.overview import Section
from harbourlight.ui.formats import date_in_words


@dataclass(frozen=True)
class AssessmentShown:
    """An assessment in words."""

    href: str
    started: str
    worker: str
    authorised: str
    stage: str
    colour: str


def assessments_of(child: Person, user: User, on: date) -> Section:
    """A child's assessments, the latest first, with where each has got to."""
    found = with_stage(visible_to(user).filter(child=child)).select_related("worker")
    shown = [
        AssessmentShown(
            href=reverse("assessment:assessment", args=[one.pk]),
            started=date_in_words(one.started_on) if one.started_on else _("on a day not recorded"),
            worker=str(one.worker or ""),
            authorised=date_in_words(one.authorised_on) if one.authorised_on else "",
            stage=str(Stage(one.stage).label),
            colour=TAG_COLOURS[Stage(one.stage)],
        )
        for one in found
    ]
    return Section("assessments", _("Assessments"), "assessment/assessments-section.html", shown)

"""Assessments in a child's chronology."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from harbourlight.record.assessment.models import Assessment, AssessmentStep, Stage
from harbourlight.record.people.chronology import Happening
from harbourlight.ui.words import in_language

_TITLES = {
    Stage.SENT: gettext_noop("Assessment sent to the manager"),
    Stage.RETURNED: gettext_noop("Assessment returned to the worker"),
    Stage.AUTHORISED: gettext_noop("Assessment authorised"),
}


def assessments(child_ids: Collection[str]) -> Iterator[Happening]:
    """When assessments of these children started, and each move between worker and manager."""
    held = {
        one.pk: one
        for one in Assessment.objects.standing()
        .filter(child_id__in=child_ids)
        .select_related("recorded_by", "worker")
    }
    steps = AssessmentStep.objects.filter(assessment_id__in=held).select_related("by")
    moved = [step for step in steps if step.stage in _TITLES]
    told = {step.assessment_id for step in moved if step.stage == Stage.AUTHORISED}
    for one in held.values():
        by, href = str(one.recorded_by or ""), reverse("assessment:assessment", args=[one.pk])
        yield Happening(
            child_id=one.child_id,
            title=_("Assessment started"),
            key=f"{one.pk}:started",
            on=one.started_on,
            text=_("By %(name)s") % {"name": one.worker} if one.worker else "",
            href=href,
            recorded_at=one.recorded_at,
            recorded_by=by,
            by=by,
        )
        if one.authorised_on and one.pk not in told:
            yield Happening(
                child_id=one.child_id,
                title=in_language(_TITLES[Stage.AUTHORISED]),
                key=f"{one.pk}:authorised",
                on=one.authorised_on,
                href=href,
            )
    for step in moved:
        one = held[step.assessment_id]
        yield Happening(
            child_id=one.child_id,
            title=in_language(_TITLES[Stage(step.stage)]),
            key=f"{step.pk}:step",
            at=step.at,
            by=str(step.by or ""),
            more=step.comment,
            href=reverse("assessment:assessment", args=[one.pk]),
        )

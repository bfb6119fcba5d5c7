"""What the state of an assessment allows, and why not."""

from django.utils.translation import gettext as _

from harbourlight.foundation.actions import Refused
from harbourlight.record.assessment.models import Assessment, AssessmentStep, Stage

MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.WRITING: frozenset({Stage.WRITING, Stage.SENT}),
    Stage.RETURNED: frozenset({Stage.WRITING, Stage.SENT}),
    Stage.SENT: frozenset({Stage.RETURNED, Stage.AUTHORISED}),
    Stage.AUTHORISED: frozenset(),
}
"""From each stage, what may come next. `WRITING` again means: save what is written."""

_WHY_NOT = {
    Stage.WRITING: "it is still being written",
    Stage.RETURNED: "it has been returned to the worker",
    Stage.SENT: "it is with the manager",
    Stage.AUTHORISED: "it has been authorised",
}


def stage_of(assessment: Assessment) -> Stage:
    """The latest stage; an assessment loaded from elsewhere has no steps: its date tells."""
    step: AssessmentStep | None = assessment.steps.order_by("-at", "-id").first()
    if step is not None:
        return Stage(step.stage)
    return Stage.AUTHORISED if assessment.authorised_on else Stage.WRITING


def may_move(assessment: Assessment, stage: Stage) -> bool:
    """Whether the assessment may enter `stage` now."""
    return not assessment.is_struck_out and stage in MOVES[stage_of(assessment)]


def check_may_move(assessment: Assessment, stage: Stage) -> None:
    """Raise `Refused`, with the reason, unless the assessment may enter `stage` now."""
    if assessment.is_struck_out:
        raise Refused(_("This assessment was struck out as recorded in error"))
    now = stage_of(assessment)
    if stage not in MOVES[now]:
        raise Refused(
            _("This assessment cannot be changed in that way: %(now)s") % {"now": _WHY_NOT[now]}
        )

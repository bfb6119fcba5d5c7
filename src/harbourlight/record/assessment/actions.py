"""Starting, writing, sending, returning and authorising an assessment."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused, acting
from harbourlight.foundation.facts import correct, strike_out
from harbourlight.record.assessment.models import Assessment, AssessmentStep, Stage
from harbourlight.record.assessment.policies import check_may_move
from harbourlight.record.episodes.models import Episode
from harbourlight.record.workforce.models import Professional, Team

WRITTEN = (
    "child_seen",
    "history",
    "child_words",
    "family_views",
    "analysis",
    "next_steps",
    "factors",
)
"""What a worker writes, and so what a saved page may change."""


def start_assessment(
    *,
    by: User,
    at: datetime,
    episode: Episode,
    on: date,
    worker: Professional | None,
    team: Team | None,
    internal_review_on: date | None = None,
) -> Assessment:
    """Start an assessment of the child on an episode.

    Raises `Refused` for a day before the referral or still to come, or on a closed case.
    """
    if on < localdate(episode.referred_at):
        raise Refused(_("An assessment cannot start before the referral"), field="started_on")
    if on > localdate(at):
        raise Refused(_("The start of an assessment cannot be in the future"), field="started_on")
    if not episode.is_open:
        raise Refused(_("This case is not open: a new referral opens it again"))
    with acting("assessment:start", by=by, at=at) as act:
        assessment = Assessment.objects.create(
            child_id=episode.child_id,
            episode=episode,
            started_on=on,
            internal_review_on=internal_review_on,
            worker=worker,
            team=team,
            recorded_at=at,
            recorded_by=by,
        )
        _step(assessment, Stage.WRITING, by=by, at=at)
        act.on(assessment=assessment.pk)
        act.touches(episode.child_id)
    return assessment


def write_assessment(
    assessment: Assessment, written: Mapping[str, Any], *, by: User, at: datetime
) -> Assessment:
    """Save what a worker has written. Raises `Refused` when it is with the manager or authorised.

    Whether anybody wrote meanwhile is for the form to ask (`foundation.changing`).
    """
    with acting("assessment:write", by=by, at=at) as act:
        now = Assessment.objects.select_for_update().get(pk=assessment.pk)
        check_may_move(now, Stage.WRITING)
        for name in WRITTEN:
            if name in written:
                setattr(now, name, written[name])
        now.version += 1
        now.save(update_fields=[*WRITTEN, "version"])
        act.on(assessment=now.pk)
        act.touches(now.child_id)
    return now


def send_for_authorisation(assessment: Assessment, *, by: User, at: datetime) -> None:
    """Send an assessment to the manager. Raises `Refused` if it is not being written."""
    with acting("assessment:send", by=by, at=at) as act:
        _move(assessment, Stage.SENT, by=by, at=at)
        act.on(assessment=assessment.pk)
        act.touches(assessment.child_id)


def return_assessment(assessment: Assessment, *, by: User, at: datetime, comment: str) -> None:
    """Return an assessment to the worker, saying what is wanted. Raises `Refused` without that."""
    if not comment.strip():
        raise Refused(_("Say what the worker should do before sending it again"), field="comment")
    with acting("assessment:return", by=by, at=at) as act:
        _move(assessment, Stage.RETURNED, by=by, at=at, comment=comment)
        act.on(assessment=assessment.pk)
        act.touches(assessment.child_id)


def authorise_assessment(
    assessment: Assessment, *, by: User, at: datetime, comment: str = ""
) -> None:
    """Authorise an assessment: it is complete on this day (census guide s4.9.3)."""
    with acting("assessment:authorise", by=by, at=at) as act:
        _move(assessment, Stage.AUTHORISED, by=by, at=at, comment=comment)
        assessment.authorised_on = localdate(at)
        assessment.save(update_fields=["authorised_on"])
        act.on(assessment=assessment.pk)
        act.touches(assessment.child_id)


def correct_assessment(
    assessment: Assessment, changes: Mapping[str, Any], *, by: User, at: datetime, because: str
) -> None:
    """Correct the dates, factors or outcome of an assessment, keeping what was believed before."""
    with acting("assessment:correct", by=by, at=at) as act:
        act.on(assessment=assessment.pk)
        if correct(assessment, changes, by=by, at=at, because=because):
            act.touches(assessment.child_id)


def strike_out_assessment(assessment: Assessment, *, by: User, at: datetime, because: str) -> None:
    """Say that an assessment was recorded in error."""
    with acting("assessment:strike_out", by=by, at=at) as act:
        strike_out(assessment, by=by, at=at, because=because)
        act.on(assessment=assessment.pk)
        act.touches(assessment.child_id)


def _move(
    assessment: Assessment, stage: Stage, *, by: User, at: datetime, comment: str = ""
) -> None:
    Assessment.objects.select_for_update().get(pk=assessment.pk)
    check_may_move(assessment, stage)
    _step(assessment, stage, by=by, at=at, comment=comment)


def _step(
    assessment: Assessment, stage: Stage, *, by: User, at: datetime, comment: str = ""
) -> None:
    AssessmentStep.objects.create(assessment=assessment, stage=stage, at=at, by=by, comment=comment)

"""Reading assessments: one, a child's, and those waiting for somebody."""

from typing import Any

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from harbourlight.foundation.accounts.models import User
from harbourlight.record.assessment.models import Assessment, AssessmentStep, Stage
from harbourlight.record.confidentiality.policy import read_whole
from harbourlight.record.episodes.selectors import open_allocations


def visible_to(user: User) -> QuerySet[Assessment]:
    """The assessments a user may open: of children whose whole record they read."""
    return read_whole(user, Assessment.objects.standing())


def with_stage(assessments: QuerySet[Assessment]) -> QuerySet[Any]:
    """Assessments with `stage`, and the latest step's `stage_at` and `stage_comment`.

    The same rule as `policies.stage_of`, for a list: one that came without steps is told by its
    date.
    """
    latest = AssessmentStep.objects.filter(assessment=OuterRef("pk")).order_by("-at", "-id")
    return assessments.annotate(
        latest_stage=Subquery(latest.values("stage")[:1]),
        stage_at=Subquery(latest.values("at")[:1]),
        stage_comment=Subquery(latest.values("comment")[:1]),
    ).annotate(
        stage=Coalesce(
            F("latest_stage"),
            Case(
                When(authorised_on__isnull=False, then=Value(Stage.AUTHORISED.value)),
                default=Value(Stage.WRITING.value),
            ),
        )
    )


def waiting_for_authorisation(user: User, team_id: str | None) -> QuerySet[Any]:
    """Assessments sent to the manager of a team, the longest waiting first.

    The team that holds the case now; where nobody does, the team the assessment was started in.
    """
    holding = open_allocations().filter(episode=OuterRef("episode")).values("team_id")[:1]
    unauthorised = visible_to(user).filter(authorised_on__isnull=True)
    return (
        with_stage(
            unauthorised.annotate(
                held_in=Coalesce(Subquery(holding), F("team_id"), output_field=CharField())
            )
        )
        .filter(stage=Stage.SENT, held_in=team_id)
        .select_related("child", "worker")
        .order_by("stage_at", "id")
    )


def returned_to(user: User) -> QuerySet[Any]:
    """Assessments a manager has returned to this worker, the first returned first.

    Those they are named as the worker of, or that are on an episode allocated to them now.
    """
    mine = Q(worker_id=user.professional_id) | Q(
        episode__allocations__worker_id=user.professional_id,
        episode__allocations__ended_on__isnull=True,
        episode__allocations__struck_out_at__isnull=True,
    )
    if not user.professional_id:
        return Assessment.objects.none()
    return (
        with_stage(visible_to(user).filter(mine, authorised_on__isnull=True))
        .filter(stage=Stage.RETURNED)
        .select_related("child")
        .distinct()
        .order_by("stage_at", "id")
    )

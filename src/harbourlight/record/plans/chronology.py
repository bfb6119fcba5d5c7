"""Child in need plans in a child's chronology."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from harbourlight.record.people.chronology import Happening
from harbourlight.record.plans.models import NeedPlan


def need_plans(child_ids: Collection[str]) -> Iterator[Happening]:
    """When these children's child in need plans began and ended."""
    held = NeedPlan.objects.standing().filter(child_id__in=child_ids)
    for plan in held.select_related("recorded_by"):
        by = str(plan.recorded_by or "")
        yield Happening(
            child_id=plan.child_id,
            title=_("Child in need plan began"),
            key=f"{plan.pk}:began",
            on=plan.started_on,
            recorded_at=plan.recorded_at,
            recorded_by=by,
            by=by,
        )
        if plan.ended_on:
            yield Happening(
                plan.child_id,
                _("Child in need plan ended"),
                on=plan.ended_on,
                key=f"{plan.pk}:ended",
            )

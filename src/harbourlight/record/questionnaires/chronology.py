"""Questionnaires in a child's chronology. Those of walled areas are not among them: a chronology
is read by everyone who may see the child."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from harbourlight.record.people.chronology import Happening
from harbourlight.record.questionnaires.models import Area, Response


def questionnaires(child_ids: Collection[str]) -> Iterator[Happening]:
    """What was finished about these children, on the day it is about."""
    found = (
        Response.objects.standing()
        .filter(child_id__in=child_ids, finished_at__isnull=False, area=Area.OPEN)
        .select_related("edition", "worker", "finished_by")
    )
    for one in found:
        yield Happening(
            child_id=one.child_id,
            title=one.instrument.title,
            key=f"{one.pk}:finished",
            on=one.on,
            text=_("By %(name)s") % {"name": one.worker} if one.worker else "",
            href=reverse("questionnaires:response", args=[one.pk]),
            recorded_at=one.finished_at,
            recorded_by=str(one.finished_by or ""),
            by=str(one.finished_by or ""),
        )

"""Documents in a child's chronology."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from harbourlight.record.documents.models import Document
from harbourlight.record.people.chronology import Happening


def documents(child_ids: Collection[str]) -> Iterator[Happening]:
    """Documents received of these children, but for those behind a wall."""
    held = Document.objects.standing().filter(child_id__in=child_ids, area="")
    for one in held.select_related("recorded_by"):
        by = str(one.recorded_by or "")
        yield Happening(
            child_id=one.child_id,
            title=f"{one.get_kind_display()}: {one.title}",
            on=one.received_on,
            text=_("From %(name)s") % {"name": one.from_whom} if one.from_whom else "",
            href=reverse("documents:document", args=[one.pk]),
            recorded_at=one.recorded_at,
            recorded_by=by,
            by=by,
            whole=one.together,
            key=f"{one.pk}:received",
            is_significant=one.is_significant,
        )

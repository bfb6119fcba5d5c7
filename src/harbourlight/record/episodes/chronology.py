"""Referrals, allocations and closures in a child's chronology."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import DateTimeField, F, Value
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from harbourlight.record.episodes.models import Allocation, Episode
from harbourlight.record.people.chronology import Happening
from harbourlight.standards import code_sets

_COLUMNS = ("pk", "child_id", "recorded_at")
_MOMENT = DateTimeField()


def episodes(child_ids: Collection[str]) -> Iterator[Happening]:
    """When these children were referred, who was given the case, and when and why it closed.

    Episodes and allocations are asked for as one: a chronology is of many kinds of row.
    """
    held = Episode.objects.standing().filter(child_id__in=child_ids).order_by()
    allocated = Allocation.objects.standing().filter(
        child_id__in=child_ids, started_on__isnull=False
    )
    rows = held.values(
        *_COLUMNS,
        by=F("recorded_by__full_name"),
        case=F("pk"),
        at=F("referred_at"),
        on=F("closed_on"),
        first=F("primary_need"),
        second=F("close_reason"),
    ).union(
        allocated.order_by().values(
            *_COLUMNS,
            by=F("recorded_by__full_name"),
            case=F("episode_id"),
            at=Value(None, _MOMENT),
            on=F("started_on"),
            first=F("worker__name"),
            second=F("team__name"),
        ),
        all=True,
    )
    for row in rows:
        yield from _of_episode(row) if row["at"] else _of_allocation(row)


def _of_episode(row: dict[str, Any]) -> Iterator[Happening]:
    by, href = row["by"] or "", reverse("episodes:episode", args=[row["pk"]])
    need = code_sets.label("primary_need", row["first"], localdate(row["at"]))
    yield Happening(
        child_id=row["child_id"],
        title=_("Referral"),
        key=f"{row['pk']}:referred",
        is_significant=True,
        at=row["at"],
        text=(_("Primary need: %(need)s") % {"need": need}) if need else "",
        href=href,
        recorded_at=row["recorded_at"],
        recorded_by=by,
        by=by,
    )
    if row["on"]:
        yield Happening(
            child_id=row["child_id"],
            title=_("Case closed"),
            key=f"{row['pk']}:closed",
            is_significant=True,
            on=row["on"],
            text=code_sets.label("closure_reason", row["second"], row["on"]),
            href=href,
        )


def _of_allocation(row: dict[str, Any]) -> Iterator[Happening]:
    by = row["by"] or ""
    yield Happening(
        child_id=row["child_id"],
        title=(_("Allocated to %(row)s") % {"row": row["first"]}),
        key=f"{row['pk']}:allocated",
        on=row["on"],
        text=row["second"] or "",
        href=reverse("episodes:episode", args=[row["case"]]) if row["case"] else "",
        recorded_at=row["recorded_at"],
        recorded_by=by,
        by=by,
    )

"""Enquiries, conferences, protection plans and reviews in a child's chronology."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.db.models import BooleanField, CharField, DateField, F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_noop

from harbourlight.record.people.chronology import Happening
from harbourlight.record.protection.models import Conference, Enquiry, ProtectionPlan, Review
from harbourlight.standards import code_sets
from harbourlight.ui.words import in_language

_TITLES = {
    "enquiry": (gettext_noop("Section 47 enquiry began"), gettext_noop("Section 47 enquiry ended")),
    "conference": (gettext_noop("Initial child protection conference"), ""),
    "plan": (
        gettext_noop("Child protection plan began"),
        gettext_noop("Child protection plan ended"),
    ),
    "review": (gettext_noop("Review conference"), ""),
}
_CONTINUES: dict[bool | None, str] = {
    True: gettext_noop("The plan continues"),
    False: gettext_noop("The plan ends"),
}
_MADE: dict[bool | None, str] = {
    True: gettext_noop("Made a child protection plan"),
    False: gettext_noop("Made no child protection plan"),
}

_NO_DAY = Value(None, DateField())
_NO_WORD = Value("", CharField())
_NOT_SAID = Value(None, BooleanField())


def protection(child_ids: Collection[str]) -> Iterator[Happening]:
    """What was done to protect these children. The four kinds of row are asked for as one."""
    theirs = {"child_id__in": list(child_ids)}
    enquiries = _rows("enquiry", Enquiry.objects.standing().filter(**theirs), on=F("started_on"),
                      until=F("ended_on"))  # fmt: skip
    held = Conference.objects.standing().filter(**theirs, held_on__isnull=False)
    conferences = _rows("conference", held, on=F("held_on"), said=F("made_plan"),
                        meeting=F("meeting_id"))  # fmt: skip
    plans = _rows("plan", ProtectionPlan.objects.standing().filter(**theirs), on=F("started_on"),
                  until=F("ended_on"), category=F("initial_category"))  # fmt: skip
    reviewed = Review.objects.standing().filter(**theirs, held_on__isnull=False)
    reviews = _rows("review", reviewed, on=F("held_on"), said=F("plan_continues"),
                    meeting=F("meeting_id"))  # fmt: skip
    for row in enquiries.union(conferences, plans, reviews, all=True):
        yield from _happenings(row)


def _rows(
    what: str,
    rows: QuerySet[Any],
    *,
    on: Combinable,
    until: Combinable = _NO_DAY,
    said: Combinable = _NOT_SAID,
    category: Combinable = _NO_WORD,
    meeting: Combinable = _NO_WORD,
) -> QuerySet[Any]:
    """Rows of one kind, in columns that all the kinds have."""
    return rows.order_by().values(
        "pk",
        "child_id",
        "recorded_at",
        by=F("recorded_by__full_name"),
        what=Value(what, CharField()),
        began=on,
        until=until,
        said=said,
        category=category,
        meeting=meeting,
    )


def _happenings(row: dict[str, Any]) -> Iterator[Happening]:
    what, began, by = row["what"], row["began"], row["by"] or ""
    title, ended = _TITLES[what]
    yield Happening(
        child_id=row["child_id"],
        title=in_language(title),
        on=began,
        text=_text(what, row, began),
        whole=row["meeting"],
        key=f"{row['pk']}:began",
        is_significant=True,
        recorded_at=row["recorded_at"],
        recorded_by=by,
        by=by,
    )
    if row["until"]:
        yield Happening(
            row["child_id"],
            in_language(ended),
            on=row["until"],
            key=f"{row['pk']}:ended",
            is_significant=what == "plan",
        )


def _text(what: str, row: dict[str, Any], day: date) -> str:
    if what == "plan":
        return code_sets.label("category_of_abuse", row["category"], day)
    if what == "conference":
        return in_language(_MADE.get(row["said"], ""))
    return in_language(_CONTINUES.get(row["said"], "")) if what == "review" else ""

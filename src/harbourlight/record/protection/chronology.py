"""Enquiries, conferences, protection plans and reviews in a child's chronology."""

from collections.abc import Collection, Iterator
from datetime import date

from harbourlight.record.people.chronology import Happening
from harbourlight.record.protection.models import Conference, Enquiry, ProtectionPlan, Review
from harbourlight.standards import code_sets

_CONTINUES: dict[bool | None, str] = {True: "The plan continues", False: "The plan ends"}
_MADE: dict[bool | None, str] = {
    True: "Made a child protection plan",
    False: "Made no child protection plan",
}


def protection(child_ids: Collection[str]) -> Iterator[Happening]:
    """What was done to protect these children."""
    theirs = {"child_id__in": list(child_ids)}
    for enquiry in Enquiry.objects.standing().filter(**theirs).select_related("recorded_by"):
        yield _happening(enquiry, "Section 47 enquiry began", on=enquiry.started_on)
        if enquiry.ended_on:
            yield Happening(enquiry.child_id, "Section 47 enquiry ended", on=enquiry.ended_on)
    held = Conference.objects.standing().filter(**theirs, held_on__isnull=False)
    for conference in held.select_related("recorded_by"):
        yield _happening(
            conference,
            "Initial child protection conference",
            on=conference.held_on,
            text=_MADE.get(conference.made_plan, ""),
            whole=conference.meeting_id,
        )
    for plan in ProtectionPlan.objects.standing().filter(**theirs).select_related("recorded_by"):
        category = code_sets.label("category_of_abuse", plan.initial_category, plan.started_on)
        yield _happening(plan, "Child protection plan began", on=plan.started_on, text=category)
        if plan.ended_on:
            yield Happening(plan.child_id, "Child protection plan ended", on=plan.ended_on)
    reviews = Review.objects.standing().filter(**theirs, held_on__isnull=False)
    for review in reviews.select_related("recorded_by"):
        yield _happening(
            review,
            "Review conference",
            on=review.held_on,
            text=_CONTINUES.get(review.plan_continues, ""),
            whole=review.meeting_id,
        )


def _happening(
    fact: Enquiry | Conference | ProtectionPlan | Review,
    title: str,
    *,
    on: date | None,
    text: str = "",
    whole: str = "",
) -> Happening:
    by = str(fact.recorded_by or "")
    return Happening(
        child_id=fact.child_id,
        title=title,
        on=on,
        text=text,
        whole=whole,
        recorded_at=fact.recorded_at,
        recorded_by=by,
        by=by,
    )

"""Enquiries, conferences, protection plans and reviews in a child's chronology."""

from collections.abc import Collection, Iterator

from harbourlight.foundation.facts import Fact
from harbourlight.record.people.chronology import Happening
from harbourlight.record.protection.models import Conference, Enquiry, ProtectionPlan, Review
from harbourlight.standards import code_sets

_CONTINUES = {True: "The plan continues", False: "The plan ends"}
_MADE = {True: "Made a child protection plan", False: "Made no child protection plan"}


def protection(child_ids: Collection[str]) -> Iterator[Happening]:
    """What was done to protect these children."""
    for enquiry in _held(Enquiry, child_ids):
        yield _happening(enquiry, "Section 47 enquiry began", on=enquiry.started_on)
        if enquiry.ended_on:
            yield Happening(enquiry.child_id, "Section 47 enquiry ended", on=enquiry.ended_on)
    for conference in _held(Conference, child_ids):
        if conference.held_on:
            yield _happening(
                conference,
                "Initial child protection conference",
                on=conference.held_on,
                text=_MADE.get(conference.made_plan, ""),
                whole=conference.meeting_id,
            )
    for plan in _held(ProtectionPlan, child_ids):
        category = code_sets.label("category_of_abuse", plan.initial_category, plan.started_on)
        yield _happening(plan, "Child protection plan began", on=plan.started_on, text=category)
        if plan.ended_on:
            yield Happening(plan.child_id, "Child protection plan ended", on=plan.ended_on)
    for review in _held(Review, child_ids):
        if review.held_on:
            yield _happening(
                review,
                "Review conference",
                on=review.held_on,
                text=_CONTINUES.get(review.plan_continues, ""),
                whole=review.meeting_id,
            )


def _held(model: type, child_ids: Collection[str]) -> Iterator:
    return iter(
        model.objects.standing().filter(child_id__in=child_ids).select_related("recorded_by")
    )


def _happening(fact: Fact, title: str, **more: object) -> Happening:
    by = str(fact.recorded_by or "")
    return Happening(
        child_id=fact.child_id,
        title=title,
        recorded_at=fact.recorded_at,
        recorded_by=by,
        by=by,
        **more,
    )

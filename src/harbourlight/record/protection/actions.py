"""Recording enquiries, conferences, child protection plans and reviews."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused, acting
from harbourlight.foundation.facts import Fact, correct, strike_out
from harbourlight.record.episodes.models import Episode
from harbourlight.record.protection.models import Conference, Enquiry, ProtectionPlan, Review
from harbourlight.standards.calendar import add_working_days
from harbourlight.standards.catalogue import CATALOGUE


def begin_enquiry(*, by: User, at: datetime, episode: Episode, on: date) -> Enquiry:
    """Record that a strategy discussion began a section 47 enquiry on a day."""
    with acting("enquiry:begin", by=by, at=at) as act:
        enquiry = Enquiry.objects.create(
            child_id=episode.child_id,
            episode=episode,
            started_on=on,
            team=episode.team,
            worker=episode.worker,
            recorded_at=at,
            recorded_by=by,
        )
        act.on(enquiry=enquiry.pk)
        act.touches(episode.child_id)
    return enquiry


def end_enquiry(
    enquiry: Enquiry, *, by: User, at: datetime, on: date, conference_required: bool
) -> None:
    """Record how an enquiry ended: with a conference to follow, or none needed."""
    if on < enquiry.started_on:
        raise Refused(_("An enquiry cannot end before it began"), field="on")
    with acting("enquiry:end", by=by, at=at) as act:
        enquiry.ended_on, enquiry.conference_required = on, conference_required
        enquiry.save(update_fields=["ended_on", "conference_required"])
        act.on(enquiry=enquiry.pk)
        act.touches(enquiry.child_id)


def hold_conference(
    enquiry: Enquiry,
    *,
    by: User,
    at: datetime,
    on: date,
    category: str = "",
    previous_plans: int | None = None,
) -> tuple[Conference, ProtectionPlan | None]:
    """Record an initial conference, and the plan it made where a category of harm is given.

    The plan starts on the day of the conference (census rule 2885). `previous_plans` is how many
    the child has had in this authority, ever, where somebody has looked it up; None is not known,
    and then only the plans this record holds can tell.
    """
    with acting("conference:hold", by=by, at=at) as act:
        limit = CATALOGUE["S47-ICPC-15"].limit_on(enquiry.started_on)
        conference = Conference.objects.create(
            child_id=enquiry.child_id,
            episode=enquiry.episode,
            enquiry=enquiry,
            target_on=add_working_days(enquiry.started_on, limit.count) if limit else None,
            held_on=on,
            made_plan=bool(category),
            team=enquiry.team,
            worker=enquiry.worker,
            recorded_at=at,
            recorded_by=by,
        )
        plan = None
        if category:
            plan = ProtectionPlan.objects.create(
                child_id=enquiry.child_id,
                episode=enquiry.episode,
                conference=conference,
                started_on=on,
                initial_category=category,
                latest_category=category,
                of_another_authority=False,
                previous_plans=previous_plans,
                recorded_at=at,
                recorded_by=by,
            )
        act.on(conference=conference.pk)
        act.touches(enquiry.child_id)
    return conference, plan


def hold_review(
    plan: ProtectionPlan, *, by: User, at: datetime, on: date, continues: bool
) -> Review:
    """Record a review conference; where the plan does not continue it ends that day."""
    with acting("review:hold", by=by, at=at) as act:
        review = Review.objects.create(
            child_id=plan.child_id,
            plan=plan,
            held_on=on,
            plan_continues=continues,
            recorded_at=at,
            recorded_by=by,
        )
        if not continues:
            plan.ended_on = on
            plan.save(update_fields=["ended_on"])
        act.on(review=review.pk)
        act.touches(plan.child_id)
    return review


def correct_protection(
    fact: Enquiry | Conference | ProtectionPlan | Review,
    changes: Mapping[str, Any],
    *,
    by: User,
    at: datetime,
    because: str,
) -> None:
    """Correct what was recorded, keeping what was believed before."""
    with acting("protection:correct", by=by, at=at) as act:
        act.on(**{fact._meta.model_name or "fact": fact.pk})
        if correct(fact, changes, by=by, at=at, because=because):
            act.touches(fact.child_id)


def strike_out_protection(
    fact: Enquiry | Conference | ProtectionPlan | Review,
    *,
    by: User,
    at: datetime,
    because: str,
) -> None:
    """Say that a fact was recorded in error. What was made of it stays, and says so by itself."""
    with acting("protection:strike_out", by=by, at=at) as act:
        struck: Fact = fact
        strike_out(struck, by=by, at=at, because=because)
        act.on(**{fact._meta.model_name or "fact": fact.pk})
        act.touches(fact.child_id)

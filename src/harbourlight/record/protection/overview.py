"""Enquiries, conferences, protection plans and reviews on a child's page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, Value
from django.utils.translation import gettext

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.record.people.models import Person
from harbourlight.record.people.overview import Section
from harbourlight.record.protection.models import Conference, Enquiry, ProtectionPlan
from harbourlight.standards import code_sets
from harbourlight.ui.formats import count_of, date_in_words


@dataclass(frozen=True)
class Reviewed:
    """A review that was held. `id` is what an address leads to."""

    id: str
    day: str


@dataclass(frozen=True)
class Step:
    """One step of protecting a child: what it was, when, and what came of it.

    `id` is what an address leads to. `counted` says how many `reviews` there are of a plan.
    """

    id: str
    title: str
    when: str
    came: tuple[str, ...]
    is_open: bool
    reviews: tuple[Reviewed, ...] = ()
    counted: str = ""


def protection_of(child: Person, user: User, on: date) -> Section:
    """A child's enquiries, conferences and plans with their reviews, the latest first."""
    steps: list[tuple[date, Step]] = []
    if user.can(Capability.SEE_CHILDREN):
        for one in _enquiries_and_conferences(child):
            if isinstance(one, Enquiry):
                steps.append((one.started_on, _enquiry(one)))
            else:
                steps.append((one.held_on or one.target_on or date.min, _conference(one)))
        plans = ProtectionPlan.objects.standing().filter(child=child)
        with_reviews = plans.annotate(
            review_ids=_of_reviews_held("id"),
            review_days=_of_reviews_held("held_on"),
        )
        steps += [
            (one.started_on, _plan(one, dict(zip(one.review_ids, one.review_days, strict=True))))
            for one in with_reviews
        ]
    steps.sort(key=lambda step: step[0], reverse=True)
    return Section(
        "protection",
        gettext("Protection"),
        "protection/protection-section.html",
        [step for _, step in steps],
    )


_OF_ENQUIRY = ("id", "started_on", "ended_on", "conference_required", "no_further_action")
_OF_CONFERENCE = ("id", "held_on", "target_on", "made_plan", "transfer_in")
"""Two days and two answers of each, so that both are asked for at once."""


def _enquiries_and_conferences(child: Person) -> Iterator[Enquiry | Conference]:
    """What stands of both, each with those of its columns that are shown."""
    enquiries, conferences = (
        model.objects.standing()
        .filter(child=child)
        .annotate(is_enquiry=Value(model is Enquiry))
        .order_by()
        .values_list("is_enquiry", *columns)
        for model, columns in ((Enquiry, _OF_ENQUIRY), (Conference, _OF_CONFERENCE))
    )
    for is_enquiry, *held in enquiries.union(conferences, all=True):
        if is_enquiry:
            yield Enquiry(**dict(zip(_OF_ENQUIRY, held, strict=True)))
        else:
            yield Conference(**dict(zip(_OF_CONFERENCE, held, strict=True)))


def _of_reviews_held(column: str) -> ArrayAgg:
    """A column of each review of a plan that was held, in the order in which they were."""
    return ArrayAgg(
        f"reviews__{column}",
        filter=Q(reviews__held_on__isnull=False, reviews__struck_out_at__isnull=True),
        order_by=("reviews__held_on", "reviews__id"),
        default=[],
    )


def _enquiry(one: Enquiry) -> Step:
    required = {
        True: gettext("A conference is required"),
        False: gettext("A conference is not required"),
        None: gettext("Whether a conference is required is not recorded"),
    }[one.conference_required]
    ended = gettext("Ended %(day)s") % {"day": date_in_words(one.ended_on)} if one.ended_on else ""
    return Step(
        f"enquiry-{one.pk}",
        gettext("Section 47 enquiry"),
        date_in_words(one.started_on),
        (ended, required) if ended else (required,),
        one.ended_on is None,
    )


def _conference(one: Conference) -> Step:
    due = date_in_words(one.target_on) if one.target_on else ""
    came = []
    if one.transfer_in:
        came.append(gettext("Held as the child moved in with a plan"))
    if one.held_on is None:
        if due:
            came.append(gettext("Due by %(target_on)s") % {"target_on": due})
    else:
        if one.made_plan is not None:
            came.append(
                gettext("Made a child protection plan")
                if one.made_plan
                else gettext("Made no child protection plan")
            )
        if due:
            came.append(gettext("It was due by %(target_on)s") % {"target_on": due})
    return Step(
        f"conference-{one.pk}",
        gettext("Initial child protection conference"),
        date_in_words(one.held_on) if one.held_on else gettext("Not yet held"),
        tuple(came),
        one.held_on is None,
    )


def _plan(one: ProtectionPlan, held: Mapping[str, date]) -> Step:
    at_first, latest = (
        code_sets.label("category_of_abuse", code, one.started_on)
        for code in (one.initial_category, one.latest_category)
    )
    came = [latest or at_first] if latest or at_first else []
    if at_first and latest and at_first != latest:
        came.append(gettext("At first: %(category)s") % {"category": at_first})
    if one.previous_plans is not None:
        came.append(gettext("Earlier plans: %(number)s") % {"number": f"{one.previous_plans:,}"})
    if not held:
        came.append(gettext("No review held yet"))
    if one.ended_on:
        came.append(gettext("Ended %(day)s") % {"day": date_in_words(one.ended_on)})
    return Step(
        f"protection-plan-{one.pk}",
        gettext("Child protection plan"),
        gettext("Since %(day)s") % {"day": date_in_words(one.started_on)}
        if one.ended_on is None
        else date_in_words(one.started_on),
        tuple(came),
        one.ended_on is None,
        tuple(Reviewed(f"review-{name}", date_in_words(day)) for name, day in held.items()),
        count_of(len(held), "review"),
    )

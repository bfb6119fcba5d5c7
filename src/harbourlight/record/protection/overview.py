"""Enquiries, conferences, protection plans and reviews on a child's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q
from django.utils.translation import gettext

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.record.people.models import Person
from harbourlight.record.people.overview import Section
from harbourlight.record.protection.models import Conference, Enquiry, ProtectionPlan
from harbourlight.standards import code_sets
from harbourlight.ui.formats import count_of, date_in_words, in_list


@dataclass(frozen=True)
class Step:
    """One step of protecting a child: what it was, when, and what came of it."""

    title: str
    when: str
    came: str
    is_open: bool


def protection_of(child: Person, user: User, on: date) -> Section:
    """A child's enquiries, conferences and plans with their reviews, the latest first."""
    steps: list[tuple[date, Step]] = []
    if user.can(Capability.SEE_CHILDREN):
        mine = {"child": child}
        steps += [
            (one.started_on, _enquiry(one)) for one in Enquiry.objects.standing().filter(**mine)
        ]
        steps += [
            (one.held_on or one.target_on or date.min, _conference(one))
            for one in Conference.objects.standing().filter(**mine)
        ]
        held = Q(reviews__held_on__isnull=False, reviews__struck_out_at__isnull=True)
        plans = ProtectionPlan.objects.standing().filter(**mine)
        with_reviews = plans.annotate(
            held=ArrayAgg("reviews__held_on", filter=held, order_by="reviews__held_on", default=[])
        )
        steps += [(one.started_on, _plan(one, one.held)) for one in with_reviews]
    steps.sort(key=lambda step: step[0], reverse=True)
    return Section(
        "protection",
        gettext("Protection"),
        "protection/protection-section.html",
        [step for _, step in steps],
    )


def _enquiry(one: Enquiry) -> Step:
    came = ""
    if one.ended_on:
        came = gettext("Ended %(day)s") % {"day": date_in_words(one.ended_on)}
        if one.conference_required is not None:
            required = (
                gettext("is required") if one.conference_required else gettext("is not required")
            )
            came += gettext(": a conference %(required)s") % {"required": required}
    return Step(
        gettext("Section 47 enquiry"), date_in_words(one.started_on), came, one.ended_on is None
    )


def _conference(one: Conference) -> Step:
    if one.held_on is None:
        due = (
            (gettext("Due by %(target_on)s") % {"target_on": date_in_words(one.target_on)})
            if one.target_on
            else ""
        )
        return Step(
            gettext("Initial child protection conference"), gettext("Not yet held"), due, True
        )
    made = {
        True: gettext("Made a child protection plan"),
        False: gettext("Made no child protection plan"),
    }
    came = made.get(one.made_plan, "") if one.made_plan is not None else ""
    return Step(
        gettext("Initial child protection conference"), date_in_words(one.held_on), came, False
    )


def _plan(one: ProtectionPlan, held: Sequence[date]) -> Step:
    category = code_sets.label(
        "category_of_abuse", one.latest_category or one.initial_category, one.started_on
    )
    came = [category] if category else []
    if held:
        days = in_list(date_in_words(day) for day in held[-3:])
        came.append(
            gettext("%(number)s, the latest %(days)s")
            % {"number": count_of(len(held), "review"), "days": days}
        )
    else:
        came.append(gettext("No review held yet"))
    if one.ended_on:
        came.append(gettext("Ended %(day)s") % {"day": date_in_words(one.ended_on)})
    return Step(
        gettext("Child protection plan"),
        gettext("Since %(day)s") % {"day": date_in_words(one.started_on)}
        if one.ended_on is None
        else date_in_words(one.started_on),
        ". ".join(came),
        one.ended_on is None,
    )

"""The outline of a child's record, opening it with a reason, reviewing that, and restricting.

An outline is not a record: who the child is, who works with them, and their family. What is not
there is not said to be there.
"""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability, SignedInRequest, refusal, requires
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.history.models import record_reading
from harbourlight.record.confidentiality import actions, presenters, selectors
from harbourlight.record.confidentiality.forms import (
    GrantForm,
    LiftForm,
    OpenForm,
    RestrictForm,
    ReviewForm,
)
from harbourlight.record.confidentiality.models import Grant
from harbourlight.record.confidentiality.policy import Shown, known, shown_to
from harbourlight.record.people.identity import identity_bar
from harbourlight.record.people.models import Person
from harbourlight.record.people.overview import open_cases_of
from harbourlight.record.people.presenters import relative_of, relatives_of
from harbourlight.record.people.selectors import families_of
from harbourlight.ui.listing import list_page

REVIEWED_SHOWN_FOR = timedelta(days=28)
MOST_REVIEWED_SHOWN = 50


def _person(request: SignedInRequest, person_id: str) -> Person:
    return get_object_or_404(selectors.people_visible_to(request.user), pk=person_id)


def _page(request: SignedInRequest, template: str, person: Person, **context: Any) -> HttpResponse:
    now = timezone.now()
    name = f"confidentiality:{template.removesuffix('.html')}"
    record_reading(name=name, by=request.user, at=now, children=[person.pk])
    context |= {"person": person, "identity": identity_bar(person, on=timezone.localdate(now))}
    return render(request, f"confidentiality/{template}", context)


# ---- Records one does not work with -------------------------------------------------------------


@requires(Capability.SEE_CHILDREN)
def outline(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Who a child is, who works with them and their family, for somebody who does not."""
    person = _person(request, person_id)
    if shown_to(request.user, person.pk) is Shown.WHOLE:
        return redirect("people:child", person_id=person.pk)
    members = relatives_of(person, families_of([person.pk]))
    cases, on = (
        open_cases_of([person.pk, *(one.person_id for one in members)]),
        timezone.localdate(),
    )
    if members:
        shown = [one.person_id for one in members]
        record_reading(name="people:family", by=request.user, at=timezone.now(), children=shown)
    return _page(
        request,
        "outline.html",
        person,
        case=cases.get(person.pk),
        relatives=[relative_of(one, cases.get(one.person_id), on) for one in members],
        may_open=request.user.can(Capability.OPEN_WITH_REASON),
    )


@requires(Capability.OPEN_WITH_REASON)
def open_record(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Open the whole record of a child for a quarter of an hour, saying why."""
    person = _person(request, person_id)
    if shown_to(request.user, person.pk) is Shown.WHOLE:
        return redirect("people:child", person_id=person.pk)
    form = OpenForm(request.POST or None)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        actions.open_record(person, by=request.user, at=at, because=given["because"])
        return reverse("people:child", args=[person.pk])

    done = _("You can read this record for 15 minutes. Whoever holds the case has been told.")
    answer = answer_form(request, form, act, at=at, done=done)
    back = reverse("confidentiality:outline", args=[person.pk])
    return answer or _page(request, "open.html", person, form=form, back=back)


@requires(Capability.REVIEW_OPENINGS)
def openings(request: SignedInRequest) -> HttpResponse:
    """Openings that wait for a review, the first first; then those reviewed in the last weeks."""
    now = timezone.now()
    waiting = list_page(request, selectors.openings_to_review(request.user), one=_("opening"))
    reviewed = selectors.openings_reviewed(request.user, since=now - REVIEWED_SHOWN_FOR)
    shown = [*reviewed[:MOST_REVIEWED_SHOWN]]
    children = [one.person_id for one in (*waiting.items, *(one.opening for one in shown))]
    if children:
        record_reading(name="confidentiality:openings", by=request.user, at=now, children=children)
    context = {
        "listing": waiting,
        "lines": [presenters.opening_line(one, now) for one in waiting.items],
        "reviewed": [presenters.reviewed_line(one) for one in shown],
    }
    return render(request, "confidentiality/openings.html", context)


@requires(Capability.SEE_CHILDREN)
def opening(request: SignedInRequest, opening_id: str) -> HttpResponse:
    """One opening: who, when and why; and what a reviewer makes of it."""
    found = get_object_or_404(selectors.openings_visible_to(request.user), pk=opening_id)
    review = selectors.reviews_of(found).first()
    reviews = request.user.can(Capability.REVIEW_OPENINGS)
    may_review = reviews and review is None and found.recorded_by_id != request.user.pk
    if request.method == "POST" and not reviews:
        raise refusal(Capability.REVIEW_OPENINGS)
    form = ReviewForm(request.POST or None)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        actions.review_opening(
            found, by=request.user, at=at, found=given["found"], words=given["words"]
        )
        return reverse("confidentiality:openings")

    answer = None
    if request.method == "POST":
        answer = answer_form(request, form, act, at=at, done=_("Your review has been kept."))
    return answer or _page(
        request,
        "opening.html",
        found.person,
        opening=found,
        is_over=found.ends_at <= at,
        review=review,
        form=form,
        may_review=may_review,
        back=reverse("confidentiality:openings") if reviews else reverse("pages:home"),
    )


# ---- Restricted records -------------------------------------------------------------------------


@requires(Capability.RESTRICT_RECORD)
def restricted(request: SignedInRequest) -> HttpResponse:
    """Every restricted record, with how many may know of it."""
    now = timezone.now()
    listing = list_page(
        request, selectors.restrictions_in_force(request.user), one=_("restricted record")
    )
    children = [one.person_id for one in listing.items]
    if children:
        record_reading(
            name="confidentiality:restricted", by=request.user, at=now, children=children
        )
    return render(request, "confidentiality/restricted.html", {"listing": listing})


@requires(Capability.RESTRICT_RECORD)
def who_may_know(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Whether a person's record is restricted, why, and who may know of it."""
    person, now = _person(request, person_id), timezone.now()
    return _page(
        request,
        "who-may-know.html",
        person,
        restriction=selectors.restriction_of(person),
        grants=[presenters.grant_line(one, now) for one in selectors.grants_of(person)],
        back=reverse("people:child", args=[person.pk]),
    )


def _to_who_may_know(person: Person) -> str:
    return reverse("confidentiality:who_may_know", args=[person.pk])


@requires(Capability.RESTRICT_RECORD)
def restrict(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Restrict a person's record."""
    person = _person(request, person_id)
    form = RestrictForm(request.POST or None)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        actions.restrict(person, by=request.user, at=at, because=given["because"])
        return _to_who_may_know(person)

    done = _("The record is restricted. Say now who else may know of it.")
    answer = answer_form(request, form, act, at=at, done=done)
    back = _to_who_may_know(person)
    return answer or _page(request, "restrict.html", person, form=form, back=back)


@requires(Capability.RESTRICT_RECORD)
def lift(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Lift the restriction of a person's record."""
    person = _person(request, person_id)
    restriction = selectors.restriction_of(person)
    if restriction is None:
        raise Http404
    form = LiftForm(request.POST or None)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        actions.lift(restriction, by=request.user, at=at, because=given["because"])
        return _to_who_may_know(person)

    done = _("The restriction has been lifted.")
    answer = answer_form(request, form, act, at=at, done=done)
    back = _to_who_may_know(person)
    return answer or _page(request, "lift.html", person, form=form, back=back)


@requires(Capability.RESTRICT_RECORD)
def grant(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Say who may know of a restricted person."""
    person = _person(request, person_id)
    if selectors.restriction_of(person) is None:
        raise Http404
    users = {one.pk: one for one in User.objects.active() if one.can(Capability.SEE_CHILDREN)}
    form = GrantForm(request.POST or None, users=users.values())
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        until = given["ends_on"]
        ends_at = until and timezone.make_aware(
            datetime.combine(until + timedelta(days=1), time.min)
        )
        actions.grant(
            person,
            user=users[given["user"]],
            by=request.user,
            at=at,
            because=given["because"],
            ends_at=ends_at or None,
        )
        return _to_who_may_know(person)

    answer = answer_form(request, form, act, at=at, done=_("They may now know of this record."))
    back = _to_who_may_know(person)
    return answer or _page(request, "grant.html", person, form=form, back=back)


@requires(Capability.RESTRICT_RECORD)
def end_grant(request: SignedInRequest, grant_id: str) -> HttpResponse:
    """Ask whether somebody is to know of a person no longer, and do it."""
    grants = known(request.user, Grant.objects.standing(), "person_id")
    found = get_object_or_404(grants.select_related("person", "user"), pk=grant_id)
    if request.method == "POST":
        try:
            actions.end_grant(found, by=request.user, at=timezone.now())
        except Refused as refused:
            messages.info(request, refused.message)
        else:
            messages.success(request, _("They may no longer know of this record."))
        return redirect(_to_who_may_know(found.person))
    back = _to_who_may_know(found.person)
    return _page(request, "end-grant.html", found.person, grant=found, cancel=back)

"""Pages of an assessment. A view asks what time it is and hands it to the act."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.changing import answer_change
from harbourlight.foundation.correcting import answer_correction, believed_before
from harbourlight.foundation.forms import StrikeOutForm
from harbourlight.foundation.history.models import record_reading
from harbourlight.record.assessment import actions, presenters
from harbourlight.record.assessment.forms import (
    AUTHORISE,
    CorrectForm,
    DecideForm,
    StartForm,
    WriteForm,
)
from harbourlight.record.assessment.models import Assessment
from harbourlight.record.assessment.policies import stage_of
from harbourlight.record.assessment.selectors import visible_to
from harbourlight.record.episodes import selectors as episodes
from harbourlight.record.live_ledger import selectors as entries
from harbourlight.record.live_ledger.presenters import clock_of
from harbourlight.record.people.identity import identity_bar
from harbourlight.record.people.models import Person
from harbourlight.record.workforce.models import Professional
from harbourlight.standards.catalogue.assessment import ASSESSMENT_IN_45_WORKING_DAYS
from harbourlight.ui.forms import Form


def _get(request: SignedInRequest, assessment_id: str) -> Assessment:
    found = visible_to(request.user).select_related("child", "episode", "worker", "team")
    return get_object_or_404(found, pk=assessment_id)


def _address(assessment: Assessment) -> str:
    return reverse("assessment:assessment", args=[assessment.pk])


def _page(
    request: SignedInRequest, template: str, child: Person, **context: object
) -> HttpResponse:
    now = timezone.now()
    record_reading(name="assessment:page", by=request.user, at=now, children=[child.pk])
    identity = identity_bar(child, on=timezone.localdate(now))
    return render(request, f"assessment/{template}", {"identity": identity, **context})


def _page_of(
    request: SignedInRequest, template: str, assessment: Assessment, **context: object
) -> HttpResponse:
    back = _address(assessment)
    return _page(request, template, assessment.child, assessment=assessment, back=back, **context)


@requires(Capability.WRITE_ASSESSMENT)
def start(request: SignedInRequest, episode_id: str) -> HttpResponse:
    """Start an assessment on an episode."""
    found = episodes.visible_to(request.user).select_related("child", "team")
    episode = get_object_or_404(found, pk=episode_id)
    holder = episodes.holder_of(episode)
    usual = holder.worker_id if holder else request.user.professional_id
    form = StartForm(request.POST or None, initial={"worker": usual})
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        worker = get_object_or_404(Professional, pk=given["worker"])
        return _address(
            actions.start_assessment(
                by=request.user,
                at=at,
                episode=episode,
                on=given["started_on"],
                worker=worker,
                team=worker.team or episode.team,
                internal_review_on=given["internal_review_on"],
            )
        )

    answer = answer_form(request, form, act, at=at, done=_("The assessment has been started."))
    return answer or _page(request, "start.html", episode.child, form=form, episode=episode)


@requires(Capability.SEE_CHILDREN)
def see(request: SignedInRequest, assessment_id: str) -> HttpResponse:
    """One assessment: where it has got to, what is due, and what is written."""
    assessment = _get(request, assessment_id)
    entry = (
        entries.visible_to(request.user)
        .filter(
            standard=ASSESSMENT_IN_45_WORKING_DAYS.code, about="assessment", about_id=assessment.pk
        )
        .first()
    )
    return _page_of(
        request,
        "assessment.html",
        assessment,
        stage=stage_of(assessment),
        stage_colours=presenters.TAG_COLOURS,
        steps=assessment.steps.select_related("by"),
        sections=presenters.sections(assessment),
        factors=presenters.factors(assessment),
        may=presenters.may_do(request.user, assessment),
        clock=clock_of(entry, entries.london_time(timezone.now())) if entry else None,
    )


@requires(Capability.WRITE_ASSESSMENT)
def write(request: SignedInRequest, assessment_id: str) -> HttpResponse:
    """Write an assessment; where somebody else saved meanwhile, show both."""
    assessment = _get(request, assessment_id)
    form = WriteForm(request.POST or None, row=assessment)
    at = timezone.now()

    def change(now: Assessment, changes: dict[str, Any]) -> str:
        actions.write_assessment(now, changes, by=request.user, at=at)
        return (
            reverse("assessment:send", args=[now.pk]) if "send" in request.POST else _address(now)
        )

    done = _("What you wrote has been saved.")
    answer = answer_change(request, form, assessment, change, at=at, done=done)
    return answer or _page_of(request, "write.html", assessment, form=form)


@requires(Capability.WRITE_ASSESSMENT)
def send(request: SignedInRequest, assessment_id: str) -> HttpResponse:
    """Say what a manager would miss, and send the assessment for authorisation."""
    assessment = _get(request, assessment_id)
    form = Form(request.POST if request.method == "POST" else None)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        actions.send_for_authorisation(assessment, by=request.user, at=at)
        return _address(assessment)

    done = _("The assessment has been sent to the manager.")
    answer = answer_form(request, form, act, at=at, done=done)
    worth_saying = presenters.worth_saying(assessment)
    return answer or _page_of(
        request, "send.html", assessment, worth_saying=worth_saying, form=form
    )


@requires(Capability.AUTHORISE_ASSESSMENT)
def decide(request: SignedInRequest, assessment_id: str) -> HttpResponse:
    """Authorise an assessment, or return it to the worker."""
    assessment = _get(request, assessment_id)
    form = DecideForm(request.POST or None)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        authorised = given["decision"] == AUTHORISE
        do = actions.authorise_assessment if authorised else actions.return_assessment
        do(assessment, by=request.user, at=at, comment=given["comment"])
        return _address(assessment)

    answer = answer_form(request, form, act, at=at, done=_("Your decision has been recorded."))
    return answer or _page_of(
        request,
        "decide.html",
        assessment,
        form=form,
        sections=presenters.sections(assessment),
        factors=presenters.factors(assessment),
        worth_saying=presenters.worth_saying(assessment),
    )


@requires(Capability.CORRECT_RECORD)
def correct(request: SignedInRequest, assessment_id: str) -> HttpResponse:
    """Correct what was recorded of an assessment, with the reason."""
    assessment = _get(request, assessment_id)
    form = CorrectForm(request.POST or None, row=assessment)
    answer = answer_correction(
        request,
        form,
        assessment,
        actions.correct_assessment,
        at=timezone.now(),
        address=_address(assessment),
    )
    believed = believed_before(assessment, CorrectForm)
    return answer or _page_of(request, "correct.html", assessment, form=form, believed=believed)


@requires(Capability.CORRECT_RECORD)
def strike_out(request: SignedInRequest, assessment_id: str) -> HttpResponse:
    """Say that an assessment was recorded in error, with the reason."""
    assessment = _get(request, assessment_id)
    form = StrikeOutForm(request.POST or None)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        because = given["because"]
        actions.strike_out_assessment(assessment, by=request.user, at=at, because=because)
        return reverse("episodes:episode", args=[assessment.episode_id])

    answer = answer_form(request, form, act, at=at, done=_("The assessment has been struck out."))
    return answer or _page_of(request, "strike-out.html", assessment, form=form)

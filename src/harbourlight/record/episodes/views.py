"""Pages of an episode of need."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.correcting import answer_correction, believed_before
from harbourlight.foundation.forms import StrikeOutForm
from harbourlight.foundation.history.models import record_reading
from harbourlight.record.assessment.models import Assessment
from harbourlight.record.episodes import actions
from harbourlight.record.episodes.forms import AllocateForm, CloseForm, CorrectForm
from harbourlight.record.episodes.models import Allocation, Episode
from harbourlight.record.episodes.selectors import holder_of, visible_to
from harbourlight.record.people.identity import identity_bar
from harbourlight.record.referrers import referrer_in_words
from harbourlight.record.workforce.models import Professional
from harbourlight.standards import code_sets


def _get(request: SignedInRequest, episode_id: str) -> Episode:
    found = visible_to(request.user).select_related("child", "team", "worker", "contact__contact")
    return get_object_or_404(found, pk=episode_id)


def _address(episode: Episode) -> str:
    return reverse("episodes:episode", args=[episode.pk])


def _page(
    request: SignedInRequest, template: str, episode: Episode, **context: object
) -> HttpResponse:
    now = timezone.now()
    record_reading(name="episode:page", by=request.user, at=now, children=[episode.child_id])
    context = {
        "episode": episode,
        "child": episode.child,
        "identity": identity_bar(episode.child, on=timezone.localdate(now)),
        "back": _address(episode),
        **context,
    }
    return render(request, f"episodes/{template}", context)


@requires(Capability.SEE_CHILDREN)
def see(request: SignedInRequest, episode_id: str) -> HttpResponse:
    """One episode: the referral, who holds it, and what has been done."""
    episode = _get(request, episode_id)
    can = request.user.can
    referred_on = timezone.localdate(episode.referred_at)
    return _page(
        request,
        "episode.html",
        episode,
        source=referrer_in_words(episode.source_code, episode.source_name, episode.referred_at),
        need=code_sets.label("primary_need", episode.primary_need, referred_on),
        close_reason=code_sets.label("closure_reason", episode.close_reason, episode.closed_on),
        holder=holder_of(episode),
        allocations=Allocation.objects.standing()
        .filter(episode=episode)
        .select_related("worker", "team"),
        assessments=Assessment.objects.standing().filter(episode=episode).select_related("worker"),
        may_allocate=can(Capability.ALLOCATE) and episode.is_open,
        may_assess=can(Capability.WRITE_ASSESSMENT) and episode.is_open,
        may_close=can(Capability.ALLOCATE) and episode.is_open,
        may_correct=can(Capability.CORRECT_RECORD),
    )


@requires(Capability.ALLOCATE)
def allocate(request: SignedInRequest, episode_id: str) -> HttpResponse:
    """Give an episode to a worker."""
    episode = _get(request, episode_id)
    form = AllocateForm(request.POST or None)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        worker = get_object_or_404(Professional, pk=given["worker"])
        actions.allocate(
            by=request.user,
            at=at,
            episode=episode,
            team=worker.team or episode.team,
            worker=worker,
            on=given["on"],
            change_reason=given["change_reason"],
        )
        return _address(episode)

    answer = answer_form(request, form, act, at=at, done=_("The case has been allocated."))
    return answer or _page(request, "allocate.html", episode, form=form, holder=holder_of(episode))


@requires(Capability.ALLOCATE)
def close(request: SignedInRequest, episode_id: str) -> HttpResponse:
    """Close a case, with the reason."""
    episode = _get(request, episode_id)
    form = CloseForm(request.POST or None)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        actions.close_episode(
            by=request.user,
            at=at,
            episode=episode,
            on=given["on"],
            reason=given["reason"],
        )
        return _address(episode)

    answer = answer_form(request, form, act, at=at, done=_("The case has been closed."))
    return answer or _page(request, "close.html", episode, form=form)


@requires(Capability.CORRECT_RECORD)
def correct(request: SignedInRequest, episode_id: str) -> HttpResponse:
    """Correct what was recorded of a referral, with the reason."""
    episode = _get(request, episode_id)
    form = CorrectForm(request.POST or None, row=episode)
    answer = answer_correction(
        request,
        form,
        episode,
        actions.correct_episode,
        at=timezone.now(),
        address=_address(episode),
    )
    believed = believed_before(episode, CorrectForm)
    return answer or _page(request, "correct.html", episode, form=form, believed=believed)


@requires(Capability.CORRECT_RECORD)
def strike_out(request: SignedInRequest, episode_id: str) -> HttpResponse:
    """Say that a referral was recorded in error, with the reason."""
    episode = _get(request, episode_id)
    form = StrikeOutForm(request.POST or None)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        actions.strike_out_episode(episode, by=request.user, at=at, because=given["because"])
        return reverse("people:child", args=[episode.child_id])

    answer = answer_form(request, form, act, at=at, done=_("The referral has been struck out."))
    return answer or _page(request, "strike-out.html", episode, form=form)

"""Saving a draft as it is typed, the list of what was begun, and throwing one away."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from harbourlight.foundation.access import SignedInRequest, open_to_all_signed_in
from harbourlight.foundation.drafts.middleware import may_use
from harbourlight.foundation.drafts.models import Draft, keep_draft
from harbourlight.ui.formats import time_in_words


@open_to_all_signed_in
@require_POST
def save(request: SignedInRequest) -> HttpResponse:
    """Save what is typed in a form, and say when; 409 where the form has been sent already."""
    address = request.POST.get("draft-address", "")
    if not may_use(request.user, address):
        return JsonResponse({}, status=400)
    now = timezone.now()
    if keep_draft(request.POST, by=request.user, at=now, address=address) is None:
        return JsonResponse({}, status=409)
    return JsonResponse({"saved": time_in_words(now)})


@open_to_all_signed_in
def token(request: SignedInRequest) -> HttpResponse:
    """Who is signed in now, and the token their forms carry: it changes with each signing in."""
    return JsonResponse({"user": str(request.user.pk), "token": get_token(request)})


@open_to_all_signed_in
def begun(request: SignedInRequest) -> HttpResponse:
    """Everything this person has begun and not sent."""
    return render(request, "drafts/begun.html", {"drafts": Draft.objects.of(request.user)})


@open_to_all_signed_in
def throw_away(request: SignedInRequest, draft_id: str) -> HttpResponse:
    """Ask whether to throw away what was typed, and do it."""
    draft = get_object_or_404(Draft.objects.of(request.user), pk=draft_id)
    if request.method == "POST":
        draft.delete()
        messages.success(request, gettext("What you typed has been thrown away."))
        return redirect("drafts:begun")
    return render(request, "drafts/throw-away.html", {"draft": draft})

"""A person's own notices, and their choice of how to be told. There is nobody else's to see."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from harbourlight.foundation.access import SignedInRequest, open_to_all_signed_in
from harbourlight.foundation.actions import Refused
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.notices import actions, presenters, selectors
from harbourlight.foundation.notices.forms import ChoiceForm
from harbourlight.ui.listing import list_page


@open_to_all_signed_in
def list_notices(request: SignedInRequest) -> HttpResponse:
    """What this person was told, the latest first; or what of it is unread."""
    found = selectors.visible_to(request.user)
    only_unread = request.GET.get("show") == "unread"
    listing = list_page(
        request,
        found.unread() if only_unread else found,
        one=_("notice"),
        many=_("notices"),
        per_page=25,
    )
    context = {
        "listing": listing,
        "lines": presenters.lines_of(listing.items),
        "only_unread": only_unread,
        "unread": selectors.unread_count(request.user),
    }
    return render(request, "notices/list.html", context)


@open_to_all_signed_in
@require_POST
def open_notice(request: SignedInRequest, notice_id: int) -> HttpResponse:
    """Go where a notice leads; it is read from then on."""
    notice = get_object_or_404(selectors.visible_to(request.user), pk=notice_id)
    actions.mark_read(request.user, [notice.pk], at=timezone.now())
    [line] = presenters.lines_of([notice])
    return redirect(line.href or reverse("notices:list"))


@open_to_all_signed_in
@require_POST
def mark(request: SignedInRequest) -> HttpResponse:
    """Mark notices read or unread, and offer to take it back where all were marked."""
    now = timezone.now()
    chosen = [int(one) for one in request.POST.getlist("notice") if one.isdigit()]
    if request.POST.get("as") == "unread":
        count = actions.mark_unread(request.user, chosen)
        said = ngettext("{count} notice marked unread.", "{count} notices marked unread.", count)
    elif "all" in request.POST:
        count = actions.mark_all_read(request.user, at=now)
        said = ngettext("{count} notice marked read.", "{count} notices marked read.", count)
    else:
        count = actions.mark_read(request.user, chosen, at=now)
        said = ngettext("{count} notice marked read.", "{count} notices marked read.", count)
    if chosen or "all" in request.POST:
        messages.success(request, said.format(count=count))
    else:
        messages.warning(request, _("Choose at least one notice first."))
    return redirect("notices:list")


@open_to_all_signed_in
def choose(request: SignedInRequest) -> HttpResponse:
    """Choose what to be sent an e-mail of, and where."""
    held, now = selectors.address_of(request.user.pk), timezone.now()
    chosen = selectors.choices_of(request.user.pk)
    initial = {f"kind-{code}": how.value for code, how in chosen.items()}
    form = ChoiceForm(request.POST or None, initial=initial | {"email": held.email if held else ""})

    def act(given: dict[str, Any]) -> str:
        by_email = form.by_email
        sent = actions.choose(request.user, email=given["email"], by_email=by_email, at=now)
        if sent:
            messages.success(request, _("Saved. Follow the link in the e-mail we are sending you."))
        else:
            messages.success(request, _("Saved."))
        return reverse("notices:list")

    answer = answer_form(request, form, act, at=now)
    return answer or render(request, "notices/choose.html", {"form": form, "held": held})


@open_to_all_signed_in
def confirm(request: SignedInRequest, token: str) -> HttpResponse:
    """Confirm one's address, by the link that was sent there and a press of a button.

    Not by opening it alone: some mail systems open every link.
    """
    refusal = None
    if request.method == "POST":
        try:
            actions.confirm(request.user, token, at=timezone.now())
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, _("Your e-mail address is confirmed."))
            return redirect("notices:choose")
    return render(request, "notices/confirm.html", {"refusal": refusal})


def notices_link(request: SignedInRequest) -> dict[str, str]:
    """The link in the header of every page, with how many are unread."""
    count = selectors.unread_count(request.user)
    unread = ngettext("{count} unread", "{count} unread", count).format(count=count)
    return {
        "href": reverse("notices:list"),
        "text": _("Notices"),
        "count": str(count) if count else "",
        "count_in_words": unread if count else "",
    }

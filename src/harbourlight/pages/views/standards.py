"""Every standard: what is promised, by when, and who says so."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability, SignedInRequest, open_to_all_signed_in
from harbourlight.pages.presenters.standards import duties_by_area, duty_of
from harbourlight.standards.catalogue import CATALOGUE


@open_to_all_signed_in
def standards(request: SignedInRequest) -> HttpResponse:
    """Every standard, by area."""
    return render(request, "pages/standards.html", {"areas": duties_by_area()})


@open_to_all_signed_in
def standard(request: SignedInRequest, code: str) -> HttpResponse:
    """One standard."""
    if code not in CATALOGUE:
        raise Http404(_("There is no such standard."))
    return render(
        request,
        "pages/standard.html",
        {
            "duty": duty_of(CATALOGUE[code]),
            "may_see_board": request.user.can(Capability.SEE_BOARD),
        },
    )

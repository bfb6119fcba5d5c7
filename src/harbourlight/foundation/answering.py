"""Answering a posted form: once, with a refusal put where the person can mend it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from harbourlight.foundation.access import SignedInRequest
from harbourlight.foundation.actions import Refused
from harbourlight.foundation.submissions.models import act_once
from harbourlight.ui.forms import Form


def answer_form(
    request: SignedInRequest,
    form: Form,
    act: Callable[[dict[str, Any]], str],
    *,
    at: datetime,
    done: str = "",
) -> HttpResponse | None:
    """Do what a valid form asks, once, and go to the address that `act` returns.

    `act` is given the form's cleaned data. `done` is said on the next page. Returns None when the
    form is not valid or the act was `Refused`: the reason is then among the form's errors, nothing
    was saved, and the same form may be sent again.
    """
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        address = act_once(given["submission"], by=request.user, at=at, act=lambda: act(given))
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return None
    if done:
        messages.success(request, done)
    return redirect(address)

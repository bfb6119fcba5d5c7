"""A person's own account: second factors, signed-in devices, kept words, and what roles may do.

allauth makes and checks the factors; here each change is one act with its line of history.
"""

from contextlib import AbstractContextManager
from typing import Any

from allauth.mfa.base import views as factor_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as passkey_views
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from harbourlight.foundation.access import (
    ROLES,
    Capability,
    SignedInRequest,
    open_to_all_signed_in,
)
from harbourlight.foundation.accounts import second_factor
from harbourlight.foundation.actions import Act, acting
from harbourlight.foundation.sessions import BROWSER_COOKIE, KEPT, SIGN_IN
from harbourlight.foundation.sign_ins import actions as sign_ins
from harbourlight.foundation.sign_ins.models import WORDS_KEPT_FOR, KeptWords, SignIn


def _written(request: Any, name: str) -> AbstractContextManager[Act]:
    return acting(f"account:{name}", by=request.user, at=timezone.now())


def _factor_changed(request: Any, words: str) -> None:
    request.session.pop(second_factor.HELD, None)
    messages.success(request, words)


@open_to_all_signed_in
def see_own_account(request: SignedInRequest) -> HttpResponse:
    """Everything about one's own account, and where to change it."""
    factors = Authenticator.objects.filter(user=request.user.pk)
    context = {
        "account": request.user,
        "role": request.user.role_held,
        "capabilities": [one for one in Capability if one in request.user.role_held.capabilities],
        "factors": [factor.type for factor in factors],
        "devices": SignIn.objects.going_on(request.user, at=timezone.now()),
        "this_device": (request.session.get(SIGN_IN) or [None])[0],
        "notices": _address("notice_choices"),
        "days_left": request.user.days_left(timezone.localdate()),
    }
    return render(request, "accounts/your-account.html", context)


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@open_to_all_signed_in
def see_roles(request: SignedInRequest) -> HttpResponse:
    """What each role may do and whose records it reads."""
    return render(request, "accounts/roles.html", {"roles": ROLES, "capabilities": Capability})


@open_to_all_signed_in
def end_others(request: SignedInRequest) -> HttpResponse:
    """Ask whether to sign out everywhere else, and do it."""
    if request.method != "POST":
        return render(request, "accounts/end-others.html")
    with _written(request, "end-other-sign-ins") as act:
        act.on(account=request.user.pk)
        ended = sign_ins.end_other_sign_ins(
            request.user,
            keeping=(request.session.get(SIGN_IN) or [None])[0],
            at=act.at,
        )
    messages.success(
        request,
        ngettext("Signed out on %d other device.", "Signed out on %d other devices.", ended)
        % ended,
    )
    return redirect("your_account")


@open_to_all_signed_in
@require_POST
def end_one(request: SignedInRequest, sign_in_id: str) -> HttpResponse:
    """End the session on one other device."""
    sign_in = get_object_or_404(SignIn, pk=sign_in_id, user=request.user, ended_at=None)
    with _written(request, "end-sign-in") as act:
        act.on(account=request.user.pk, sign_in=sign_in.pk)
        sign_ins.end_sign_in(sign_in, at=act.at)
    messages.success(request, gettext("Signed out on that device."))
    return redirect("your_account")


@open_to_all_signed_in
@require_POST
def stay_signed_in(request: SignedInRequest) -> HttpResponse:
    """Somebody is there: begin the idle time again, and say how long is left."""
    request.session["touched_at"] = int(timezone.now().timestamp())
    left = settings.SESSION_COOKIE_AGE
    begun = request.session.get("signed_in_at", 0)
    longest = begun + settings.SESSION_LONGEST - int(timezone.now().timestamp())
    return JsonResponse({"ends_in": min(left, longest)})


@open_to_all_signed_in
def see_kept_words(request: SignedInRequest) -> HttpResponse:
    """Everything one had typed when sessions ended, to copy; and to throw away."""
    browser = request.COOKIES.get(BROWSER_COOKIE, "")
    if request.method == "POST":
        KeptWords.objects.filter(user=request.user, browser_hash=sign_ins.hash_of(browser)).delete()
        request.session.pop(KEPT, None)
        messages.success(request, gettext("What you had typed was thrown away."))
        return redirect("your_account")
    kept = [
        {
            "at": words.at,
            "page": page,
            "rows": [
                {"name": name.replace("_", " "), "text": text}
                for name, values in typed.lists()
                for text in values
                if text.strip() and name not in sign_ins.NOT_TYPED
            ],
        }
        for words, page, typed in sign_ins.words_of(
            request.user, browser=browser, at=timezone.now()
        )
    ]
    context = {"kept": kept, "hours": WORDS_KEPT_FOR.seconds // 3600}
    return render(request, "accounts/kept-words.html", context)


# ---- Second factors -----------------------------------------------------------------------------


class SecondFactors(factor_views.IndexView):
    """What a person has, and what they can add."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With whether their role must have one."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user: Any = self.request.user
        return context | {"required": second_factor.is_required_of(user)}


class SetUpApp(app_views.ActivateTOTPView):
    """Setting up an authenticator app."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, as one act."""
        with _written(self.request, "add-authenticator-app") as act:
            act.on(account=str(self.request.user.pk))
            response = super().form_valid(form)
        _factor_changed(self.request, gettext("Your authenticator app is set up."))
        return response


class RemoveApp(app_views.DeactivateTOTPView):
    """Removing the authenticator app."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, as one act."""
        with _written(self.request, "remove-authenticator-app") as act:
            act.on(account=str(self.request.user.pk))
            response = super().form_valid(form)
        _factor_changed(self.request, gettext("Your authenticator app was removed."))
        return response


class AddPasskey(passkey_views.AddWebAuthnView):
    """Adding a passkey."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, as one act."""
        with _written(self.request, "add-passkey") as act:
            act.on(account=str(self.request.user.pk))
            response = super().form_valid(form)
        _factor_changed(self.request, gettext("Your passkey was added."))
        return response


class RemovePasskey(passkey_views.RemoveWebAuthnView):
    """Removing a passkey."""

    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, as one act."""
        with _written(self.request, "remove-passkey") as act:
            act.on(account=str(self.request.user.pk))
            response = super().form_valid(form)
        _factor_changed(self.request, gettext("Your passkey was removed."))
        return response


class RenamePasskey(passkey_views.EditWebAuthnView):
    """Naming a passkey."""

    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the name."""
        with _written(self.request, "rename-passkey") as act:
            act.on(account=str(self.request.user.pk))
            response = super().form_valid(form)
        messages.success(self.request, gettext("The passkey was renamed."))
        return response


class NewRecoveryCodes(recovery_views.GenerateRecoveryCodesView):
    """Making new recovery codes, which ends the old ones."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Make them, as one act."""
        with _written(self.request, "make-recovery-codes") as act:
            act.on(account=str(self.request.user.pk))
            response = super().form_valid(form)
        messages.success(self.request, gettext("New codes were made. The old ones no longer work."))
        return response

"""The administrator's pages, and choosing one's own password.

A view asks what time it is and hands it to the act; what an act may do is decided there.
"""

from typing import Any
from urllib.parse import urlencode

from allauth.account import views as allauth_views
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as passkey_views
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.accounts import actions, directory
from harbourlight.foundation.accounts.forms import ChangeAccountForm, NewAccountForm
from harbourlight.foundation.accounts.models import REMIND_BEFORE, User
from harbourlight.foundation.actions import Refused
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.changing import answer_change


class SignIn(allauth_views.LoginView):
    """Signing in: by password, passkey or work account."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With where the other ways lead, and back to which page."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        after = self.get_next_url()
        work = f"{reverse('work_account')}?{urlencode({'next': after or '/'})}"
        return context | {
            "passkey": f"{reverse('mfa_login_webauthn')}?{urlencode({'next': after or '/'})}",
            "work_account": work if settings.OIDC_ISSUER else "",
            "work_account_name": settings.OIDC_NAME,
        }


class SignInByPasskey(passkey_views.LoginWebAuthnView):
    """Signing in with a passkey alone, and going on to where one was going."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in whoever holds the passkey."""
        passkey = form.cleaned_data["credential"]
        after = get_next_redirect_url(self.request)
        login = Login(user=passkey.user, redirect_url=after)
        return perform_passwordless_login(self.request, passkey, login)


class ChangePassword(allauth_views.PasswordChangeView):
    """Choosing a password of one's own."""

    success_url = "/"

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, stay signed in, and say so."""
        response = super().form_valid(form)
        messages.success(self.request, gettext("Your password has been changed."))
        return response


@requires(Capability.MANAGE_ACCOUNTS)
def list_accounts(request: SignedInRequest) -> HttpResponse:
    """Everyone with an account, those who may sign in first."""
    today = timezone.localdate()
    context = {
        "accounts": User.objects.order_by("-is_active", "full_name"),
        "ending": User.objects.ending_between(today, today + REMIND_BEFORE),
        "days": REMIND_BEFORE.days,
        "today": today,
    }
    return render(request, "accounts/list.html", context)


@requires(Capability.MANAGE_ACCOUNTS)
def see_account(request: SignedInRequest, account_id: str) -> HttpResponse:
    """One account, and what its role allows."""
    account = get_object_or_404(User, pk=account_id)
    context = {
        "account": account,
        "capabilities": Capability,
        "team": directory.name_of("teams", account.team_id),
        "worker": directory.name_of("workers", account.professional_id),
        "days_left": account.days_left(timezone.localdate()),
        "factors": [
            factor.get_type_display() for factor in Authenticator.objects.filter(user=account.pk)
        ],
        "work_account": SocialAccount.objects.filter(user=account.pk).exists(),
    }
    return render(request, "accounts/account.html", context)


@requires(Capability.MANAGE_ACCOUNTS)
def add_account(request: SignedInRequest) -> HttpResponse:
    """Add an account, and show its password once: a form sent again leads to the account."""
    form = NewAccountForm(request.POST or None)
    at, made = timezone.now(), []

    def add(given: dict[str, Any]) -> str:
        made.append(actions.add_account(**form.given(), by=request.user, at=at))
        return reverse("account", kwargs={"account_id": made[0][0].pk})

    answer = answer_form(request, form, add, at=at)
    if answer and made:
        return _show_password(request, *made[0])
    return answer or render(request, "accounts/add.html", {"form": form})


@requires(Capability.MANAGE_ACCOUNTS)
def change_account(request: SignedInRequest, account_id: str) -> HttpResponse:
    """Change who someone is and what they may do."""
    account = get_object_or_404(User, pk=account_id)
    form = ChangeAccountForm(request.POST or None, row=account)
    at = timezone.now()

    def change(now: User, changes: dict[str, Any]) -> str:
        held = {name: getattr(now, name) for name in form.changeable}
        actions.change_account(now, **held | changes, by=request.user, at=at)
        return reverse("account", kwargs={"account_id": account_id})

    done = gettext("The account was changed.")
    answer = answer_change(request, form, account, change, at=at, done=done)
    return answer or render(request, "accounts/change.html", {"form": form, "account": account})


@requires(Capability.MANAGE_ACCOUNTS)
def deactivate(request: SignedInRequest, account_id: str) -> HttpResponse:
    """Ask whether to stop someone signing in, and do it."""
    account = get_object_or_404(User, pk=account_id)
    refusal = None
    if request.method == "POST":
        try:
            actions.deactivate(account, by=request.user, at=timezone.now())
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, gettext("%s can no longer sign in.") % account.full_name)
            return redirect("account", account_id=account_id)
    context = {"account": account, "refusal": refusal}
    return render(request, "accounts/deactivate.html", context)


@requires(Capability.MANAGE_ACCOUNTS)
def reactivate(request: SignedInRequest, account_id: str) -> HttpResponse:
    """Ask whether to let someone sign in again, and do it."""
    account = get_object_or_404(User, pk=account_id)
    if request.method == "POST":
        actions.reactivate(account, by=request.user, at=timezone.now())
        messages.success(request, gettext("%s can sign in again.") % account.full_name)
        return redirect("account", account_id=account_id)
    return render(request, "accounts/reactivate.html", {"account": account})


@requires(Capability.MANAGE_ACCOUNTS)
def new_password(request: SignedInRequest, account_id: str) -> HttpResponse:
    """Ask whether to give someone a new password, and show it once."""
    account = get_object_or_404(User, pk=account_id)
    if request.method == "POST":
        account, password = actions.set_new_password(account, by=request.user, at=timezone.now())
        return _show_password(request, account, password)
    return render(request, "accounts/new-password.html", {"account": account})


@requires(Capability.MANAGE_ACCOUNTS)
def remove_second_factors(request: SignedInRequest, account_id: str) -> HttpResponse:
    """Ask whether to take away the second factors someone has lost, and do it."""
    account = get_object_or_404(User, pk=account_id)
    refusal = None
    if request.method == "POST":
        try:
            actions.remove_second_factors(account, by=request.user, at=timezone.now())
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(
                request, gettext("%s has no second factor any more.") % account.full_name
            )
            return redirect("account", account_id=account_id)
    context = {"account": account, "refusal": refusal}
    return render(request, "accounts/second-factors.html", context)


@requires(Capability.MANAGE_ACCOUNTS)
def forget_work_account(request: SignedInRequest, account_id: str) -> HttpResponse:
    """Ask whether to forget which work account is someone's, and do it."""
    account = get_object_or_404(User, pk=account_id)
    if request.method == "POST":
        actions.forget_work_account(account, by=request.user, at=timezone.now())
        messages.success(
            request, gettext("The work account of %s was forgotten.") % account.full_name
        )
        return redirect("account", account_id=account_id)
    return render(request, "accounts/work-account.html", {"account": account})


def _show_password(request: SignedInRequest, account: User, password: str) -> HttpResponse:
    # In the answer itself and nowhere else: neither session nor message keeps it.
    return render(request, "accounts/password.html", {"account": account, "password": password})

"""The administrator's pages, and choosing one's own password.

A view asks what time it is and hands it to the act; what an act may do is decided there.
"""

from typing import Any

from allauth.account import views as allauth_views
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.accounts import actions, directory
from harbourlight.foundation.accounts.forms import AccountForm, NewAccountForm
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused
from harbourlight.foundation.answering import answer_form


class ChangePassword(allauth_views.PasswordChangeView):
    """Choosing a password of one's own."""

    success_url = "/"

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, stay signed in, and say so."""
        response = super().form_valid(form)
        messages.success(self.request, "Your password has been changed.")
        return response


@requires(Capability.MANAGE_ACCOUNTS)
def list_accounts(request: SignedInRequest) -> HttpResponse:
    """Everyone with an account, those who may sign in first."""
    everyone = User.objects.order_by("-is_active", "full_name")
    return render(request, "accounts/list.html", {"accounts": everyone})


@requires(Capability.MANAGE_ACCOUNTS)
def see_account(request: SignedInRequest, account_id: str) -> HttpResponse:
    """One account, and what its role allows."""
    account = get_object_or_404(User, pk=account_id)
    context = {
        "account": account,
        "capabilities": Capability,
        "team": directory.name_of("teams", account.team_id),
        "worker": directory.name_of("workers", account.professional_id),
    }
    return render(request, "accounts/account.html", context)


@requires(Capability.MANAGE_ACCOUNTS)
def add_account(request: SignedInRequest) -> HttpResponse:
    """Add an account, and show its password once."""
    form = NewAccountForm(request.POST or None)
    if form.is_valid():
        given = form.given()
        try:
            account, password = actions.add_account(**given, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(refused.field, refused.message)
        else:
            return _show_password(request, account, password)
    return render(request, "accounts/add.html", {"form": form})


@requires(Capability.MANAGE_ACCOUNTS)
def change_account(request: SignedInRequest, account_id: str) -> HttpResponse:
    """Change who someone is and what they may do."""
    account = get_object_or_404(User, pk=account_id)
    form = AccountForm(request.POST or None, initial=AccountForm.initial_of(account))
    now = timezone.now()

    def change(given: dict[str, Any]) -> str:
        actions.change_account(account, **form.given(), by=request.user, at=now)
        return reverse("account", kwargs={"account_id": account_id})

    answer = answer_form(request, form, change, at=now, done="The account was changed.")
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
            messages.success(request, f"{account.full_name} can no longer sign in.")
            return redirect("account", account_id=account_id)
    context = {"account": account, "refusal": refusal}
    return render(request, "accounts/deactivate.html", context)


@requires(Capability.MANAGE_ACCOUNTS)
def reactivate(request: SignedInRequest, account_id: str) -> HttpResponse:
    """Ask whether to let someone sign in again, and do it."""
    account = get_object_or_404(User, pk=account_id)
    if request.method == "POST":
        actions.reactivate(account, by=request.user, at=timezone.now())
        messages.success(request, f"{account.full_name} can sign in again.")
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


def _show_password(request: SignedInRequest, account: User, password: str) -> HttpResponse:
    # In the answer itself and nowhere else: neither session nor message keeps it.
    return render(request, "accounts/password.html", {"account": account, "password": password})

"""The administrator's pages, and choosing one's own password.

A view asks what time it is and hands it to the act; what an act may do is decided there.
"""

from typing import Any

from allauth.account import views as allauth_views
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from harbourlight.foundation.access import Capability, requires
from harbourlight.foundation.accounts import actions
from harbourlight.foundation.accounts.forms import AccountForm, NewAccountForm
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused


class ChangePassword(allauth_views.PasswordChangeView):
    """Choosing a password of one's own."""

    success_url = "/"

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, stay signed in, and say so."""
        response = super().form_valid(form)
        messages.success(self.request, "Your password has been changed.")
        return response


@requires(Capability.MANAGE_ACCOUNTS)
def list_accounts(request: HttpRequest) -> HttpResponse:
    """Everyone with an account, those who may sign in first."""
    everyone = User.objects.order_by("-is_active", "full_name")
    return render(request, "accounts/list.html", {"accounts": everyone})


@requires(Capability.MANAGE_ACCOUNTS)
def see_account(request: HttpRequest, account_id: str) -> HttpResponse:
    """One account, and what its role allows."""
    account = get_object_or_404(User, pk=account_id)
    return render(
        request, "accounts/account.html", {"account": account, "capabilities": Capability}
    )


@requires(Capability.MANAGE_ACCOUNTS)
def add_account(request: HttpRequest) -> HttpResponse:
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
def change_account(request: HttpRequest, account_id: str) -> HttpResponse:
    """Change who someone is and what they may do."""
    account = get_object_or_404(User, pk=account_id)
    form = AccountForm(request.POST or None, initial=AccountForm.initial_of(account))
    if form.is_valid():
        try:
            actions.change_account(account, **form.given(), by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(refused.field, refused.message)
        else:
            messages.success(request, f"{form.cleaned_data['full_name']}’s account was changed.")
            return redirect("account", account_id=account_id)
    return render(request, "accounts/change.html", {"form": form, "account": account})


@requires(Capability.MANAGE_ACCOUNTS)
def deactivate(request: HttpRequest, account_id: str) -> HttpResponse:
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
def reactivate(request: HttpRequest, account_id: str) -> HttpResponse:
    """Ask whether to let someone sign in again, and do it."""
    account = get_object_or_404(User, pk=account_id)
    if request.method == "POST":
        actions.reactivate(account, by=request.user, at=timezone.now())
        messages.success(request, f"{account.full_name} can sign in again.")
        return redirect("account", account_id=account_id)
    return render(request, "accounts/reactivate.html", {"account": account})


@requires(Capability.MANAGE_ACCOUNTS)
def new_password(request: HttpRequest, account_id: str) -> HttpResponse:
    """Ask whether to give someone a new password, and show it once."""
    account = get_object_or_404(User, pk=account_id)
    if request.method == "POST":
        account, password = actions.set_new_password(account, by=request.user, at=timezone.now())
        return _show_password(request, account, password)
    return render(request, "accounts/new-password.html", {"account": account})


def _show_password(request: HttpRequest, account: User, password: str) -> HttpResponse:
    # In the answer itself and nowhere else: neither session nor message keeps it.
    return render(request, "accounts/password.html", {"account": account, "password": password})

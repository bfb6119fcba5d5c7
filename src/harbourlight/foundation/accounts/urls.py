"""Signing in and out, one's own password, and the administrator's pages.

Of allauth's pages only these are offered: no one signs themselves up, and no e-mail is sent.
"""

from allauth.account import views as allauth_views
from django.urls import path

from harbourlight.foundation.access import open_to_all_signed_in, public
from harbourlight.foundation.accounts import views

urlpatterns = [
    path("sign-in/", public(allauth_views.login), name="account_login"),
    path("sign-in/inactive/", public(allauth_views.account_inactive), name="account_inactive"),
    path("sign-out/", public(allauth_views.logout), name="account_logout"),
    path(
        "your-account/password/",
        open_to_all_signed_in(views.ChangePassword.as_view()),
        name="account_change_password",
    ),
    path(
        "your-account/confirm/",
        open_to_all_signed_in(allauth_views.reauthenticate),
        name="account_reauthenticate",
    ),
    path("accounts/", views.list_accounts, name="accounts"),
    path("accounts/add/", views.add_account, name="account_add"),
    path("accounts/<str:account_id>/", views.see_account, name="account"),
    path("accounts/<str:account_id>/change/", views.change_account, name="account_change"),
    path("accounts/<str:account_id>/deactivate/", views.deactivate, name="account_deactivate"),
    path("accounts/<str:account_id>/reactivate/", views.reactivate, name="account_reactivate"),
    path("accounts/<str:account_id>/password/", views.new_password, name="account_password"),
]

"""Signing in and out, one's own account, and the administrator's pages.

Of allauth's pages only these are offered: no one signs themselves up, and no e-mail is sent.
"""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as factor_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.webauthn import views as passkey_views
from django.urls import path
from django.views.generic import TemplateView

from harbourlight.foundation.access import open_to_all_signed_in, public
from harbourlight.foundation.accounts import openid, own_views, views

_mine = open_to_all_signed_in

urlpatterns = [
    path("sign-in/", public(views.SignIn.as_view()), name="account_login"),
    path("sign-in/inactive/", public(allauth_views.account_inactive), name="account_inactive"),
    path("sign-in/code/", public(factor_views.authenticate), name="mfa_authenticate"),
    path("sign-in/passkey/", public(views.SignInByPasskey.as_view()), name="mfa_login_webauthn"),
    path("sign-in/work-account/", public(openid.begin), name="work_account"),
    path("sign-in/work-account/return/", public(openid.finish), name="work_account_return"),
    path(
        "sign-in/work-account/stopped/",
        public(TemplateView.as_view(template_name="socialaccount/login_cancelled.html")),
        name="socialaccount_login_cancelled",
    ),
    path("sign-out/", public(allauth_views.logout), name="account_logout"),
    path("your-account/", own_views.see_own_account, name="your_account"),
    path("your-account/roles/", own_views.see_roles, name="roles"),
    path("your-account/stay/", own_views.stay_signed_in, name="stay_signed_in"),
    path("your-account/kept-words/", own_views.see_kept_words, name="kept_words"),
    path("your-account/devices/end/", own_views.end_others, name="end_other_sign_ins"),
    path("your-account/devices/<str:sign_in_id>/end/", own_views.end_one, name="end_sign_in"),
    path(
        "your-account/password/",
        _mine(views.ChangePassword.as_view()),
        name="account_change_password",
    ),
    path(
        "your-account/confirm/", _mine(allauth_views.reauthenticate), name="account_reauthenticate"
    ),
    path(
        "your-account/confirm/code/", _mine(factor_views.reauthenticate), name="mfa_reauthenticate"
    ),
    path(
        "your-account/confirm/passkey/",
        _mine(passkey_views.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("your-account/second-factor/", _mine(own_views.SecondFactors.as_view()), name="mfa_index"),
    path(
        "your-account/second-factor/app/",
        _mine(own_views.SetUpApp.as_view()),
        name="mfa_activate_totp",
    ),
    path(
        "your-account/second-factor/app/remove/",
        _mine(own_views.RemoveApp.as_view()),
        name="mfa_deactivate_totp",
    ),
    path(
        "your-account/second-factor/passkeys/add/",
        _mine(own_views.AddPasskey.as_view()),
        name="mfa_add_webauthn",
    ),
    path(
        "your-account/second-factor/passkeys/<int:pk>/rename/",
        _mine(own_views.RenamePasskey.as_view()),
        name="mfa_edit_webauthn",
    ),
    path(
        "your-account/second-factor/passkeys/<int:pk>/remove/",
        _mine(own_views.RemovePasskey.as_view()),
        name="mfa_remove_webauthn",
    ),
    path(
        "your-account/second-factor/codes/",
        _mine(recovery_views.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "your-account/second-factor/codes/new/",
        _mine(own_views.NewRecoveryCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
    path("accounts/", views.list_accounts, name="accounts"),
    path("accounts/add/", views.add_account, name="account_add"),
    path("accounts/<str:account_id>/", views.see_account, name="account"),
    path("accounts/<str:account_id>/change/", views.change_account, name="account_change"),
    path("accounts/<str:account_id>/deactivate/", views.deactivate, name="account_deactivate"),
    path("accounts/<str:account_id>/reactivate/", views.reactivate, name="account_reactivate"),
    path("accounts/<str:account_id>/password/", views.new_password, name="account_password"),
    path(
        "accounts/<str:account_id>/second-factors/",
        views.remove_second_factors,
        name="account_second_factors",
    ),
    path(
        "accounts/<str:account_id>/work-account/",
        views.forget_work_account,
        name="account_work_account",
    ),
]

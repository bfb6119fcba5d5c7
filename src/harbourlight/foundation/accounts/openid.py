"""Signing in with a work account, by OpenID Connect, through one provider named in the settings.

allauth runs the flow; here it is held to the standard where it is looser: the token's signature,
issuer, audience and nonce are always checked. A person is matched to an account that exists. It
must not add an account nor change a role.
"""

import hashlib
from typing import Any

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from harbourlight.foundation.accounts import actions, second_factor
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused

PROVIDER = "work"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
"""Those with a public key: a token signed with the client's own secret proves less."""
LEEWAY = 30
"""Seconds that the provider's clock may differ from ours."""


def _nonce(verifier: str) -> str:
    return hashlib.sha256(f"harbourlight.nonce:{verifier}".encode()).hexdigest()


class WorkAccounts(OpenIDConnectProvider):
    """The provider, asked with a nonce that follows from the secret kept in the session."""

    pkce_enabled_default = True

    def get_pkce_params(self) -> dict[str, str]:
        """The challenge, and a nonce that only the same session can foretell."""
        params: dict[str, str] = super().get_pkce_params()
        return params | {"nonce": _nonce(params["code_verifier"])}

    def get_oauth2_adapter(self, request: HttpRequest) -> "WorkAccountFlow":
        """The flow below."""
        return WorkAccountFlow(request, self.app.provider_id)


class WorkAccountFlow(OpenIDConnectOAuth2Adapter):
    """The exchange with the provider."""

    nonce = ""

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Where the provider sends people back to."""
        return request.build_absolute_uri(reverse("work_account_return"))

    def get_access_token_data(self, *args: Any, pkce_code_verifier: str = "") -> Any:
        """Ask for the tokens, and remember which nonce they must carry."""
        self.nonce = _nonce(pkce_code_verifier)
        return super().get_access_token_data(*args, pkce_code_verifier=pkce_code_verifier)

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> Any:
        """Who signed in, of a token that is checked whole. Raises `OAuth2Error`."""
        claims = self._checked(app, kwargs["response"].get("id_token") or "")
        if settings.OIDC_CLAIM not in claims and "userinfo_endpoint" in self.openid_config:
            more = self._fetch_user_info(token.token)
            if more.get("sub") != claims["sub"]:
                raise OAuth2Error("the provider spoke of two people")
            claims = more | claims
        request.session[second_factor.ELSEWHERE] = "mfa" in (claims.get("amr") or [])
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    def _checked(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        from allauth.socialaccount.adapter import get_adapter

        issuer = str(self.openid_config["issuer"])
        if issuer.rstrip("/") != settings.OIDC_ISSUER.rstrip("/"):
            raise OAuth2Error("the provider calls itself something else")
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        try:
            named = jwt.get_unverified_header(id_token).get("kid")
            keys = jwt.PyJWKSet.from_dict(answer.json()).keys
            key = next(key for key in keys if named is None or key.key_id == named)
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key,
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, StopIteration, ValueError) as error:
            raise OAuth2Error("the token is not good") from error
        if claims.get("nonce") != self.nonce:
            raise OAuth2Error("the token was made for another sign-in")
        return claims


class WorkAccountAdapter(DefaultSocialAccountAdapter):
    """Which of our accounts a work account is."""

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> Any:
        """The one provider. Raises `SocialApp.DoesNotExist` where the settings name none."""
        return WorkAccounts(request, app=self.get_app(request, provider="openid_connect"))

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the account, or say whom to ask."""
        claims = sociallogin.account.extra_data.get("id_token", {})
        sociallogin.account.extra_data = {}  # what the provider says of a person stays there
        if sociallogin.account.pk:
            SocialAccount.objects.filter(pk=sociallogin.account.pk).update(extra_data={})
            return
        user = _matched(claims)
        try:
            if user is None:
                raise Refused("")
            if user.is_open_on(timezone.localdate()):
                actions.link_work_account(
                    user, provider=PROVIDER, subject=sociallogin.account.uid, at=timezone.now()
                )
        except Refused as refused:
            page = render(request, "accounts/work-account-unknown.html", status=403)
            raise ImmediateHttpResponse(page) from refused
        sociallogin.user = user


def _matched(claims: dict[str, Any]) -> User | None:
    """The account whose username is the claim that the settings name."""
    if settings.OIDC_CLAIM == "email" and claims.get("email_verified") is False:
        return None
    said = claims.get(settings.OIDC_CLAIM)
    if not isinstance(said, str) or not said:
        return None
    return User.objects.filter(username=said.strip().lower()).first()


def begin(request: HttpRequest) -> HttpResponseBase:
    """Send a person to the provider. Nothing in the address but where to go after has any say."""
    flow = WorkAccountFlow(request, PROVIDER)
    try:
        provider = flow.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    there = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()})
    return provider.redirect(request, process="login", next_url=there if safe else None)


def finish(request: HttpRequest) -> HttpResponseBase:
    """What the provider sends a person back with."""
    flow = WorkAccountFlow(request, PROVIDER)
    try:
        flow.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return OAuth2CallbackView.adapter_view(flow)(request)

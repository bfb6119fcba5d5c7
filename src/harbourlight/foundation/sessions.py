"""How long a person stays signed in, what becomes of their words when that ends, and what they
must do before anything else.

It must not decide what a signed-in person may do: that is `foundation.access`.
"""

import secrets
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware import csrf
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from harbourlight.foundation.accounts import second_factor
from harbourlight.foundation.sign_ins import actions
from harbourlight.foundation.sign_ins.devices import device_in_words, means_in_words
from harbourlight.foundation.sign_ins.models import SignIn
from harbourlight.foundation.submissions.models import Submission
from harbourlight.ui.forms.kept import showing

TOUCHED = "touched_at"
SIGNED_IN = "signed_in_at"
SIGN_IN = "sign_in"
KEPT = "words_kept"
TOUCH_EVERY = 60
"""Seconds: a session is written again at most so often, not with every page."""
BROWSER_COOKIE = "harbourlight_browser"
BROWSER_COOKIE_AGE = 30 * 24 * 60 * 60

Handler = Callable[[HttpRequest], HttpResponseBase]


class SessionLimitMiddleware:
    """Ends a session that has been idle too long, or has lasted longer than a shift, or whose
    account has ended; and writes down where the others are.

    Idleness is the session's own expiry, pushed back each time it is saved; the length is counted
    from the first page after signing in.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        browser = ""
        if request.user.is_authenticated:
            now = int(time.time())
            begun = request.session.setdefault(SIGNED_IN, now)
            if not request.user.is_open_on(timezone.localdate()):
                logout(request)
                return HttpResponseRedirect(reverse("account_inactive"))
            if now - begun >= settings.SESSION_LONGEST:
                logout(request)
            else:
                browser = request.COOKIES.get(BROWSER_COOKIE) or secrets.token_urlsafe(32)
                touched = now - request.session.get(TOUCHED, 0) >= TOUCH_EVERY
                if touched:
                    request.session[TOUCHED] = now
                _write_down(request, browser, seen=touched)
                left = request.session[TOUCHED] + settings.SESSION_COOKIE_AGE - now
                request.session_ends_in = min(left, begun + settings.SESSION_LONGEST - now)  # type: ignore[attr-defined]  # the layout's
        response = self.get_response(request)
        if browser and request.COOKIES.get(BROWSER_COOKIE) != browser:
            response.set_cookie(
                BROWSER_COOKIE,
                browser,
                max_age=BROWSER_COOKIE_AGE,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response


def _write_down(request: Any, browser: str, *, seen: bool) -> None:
    """Keep the line that says where this session is, and whose forms its pages are."""
    form_secret = actions.hash_of(_plain(request.META.get("CSRF_COOKIE", "")))
    now = timezone.now()
    held = request.session.get(SIGN_IN)
    is_now = [request.session.session_key, form_secret, actions.hash_of(browser)]
    if held and held[1:] == is_now and not seen:
        return
    where = {
        "session_key": is_now[0] or "",
        "form_secret_hash": form_secret,
        "browser_hash": is_now[2],
        "seen_at": now,
    }
    if not held or not SignIn.objects.filter(pk=held[0], user=request.user.pk).update(**where):
        sign_in = SignIn.objects.create(
            user=request.user,
            at=now,
            address=request.META.get("REMOTE_ADDR") or None,
            device=device_in_words(request.headers.get("User-Agent", "")),
            means=means_in_words(get_authentication_records(request, request.user)),
            **where,
        )
        held = [sign_in.pk]
        if browser and request.COOKIES.get(BROWSER_COOKIE):
            request.session[KEPT] = {
                page: words.pk
                for words, page, _ in reversed(
                    actions.words_of(request.user, browser=browser, at=now)
                )
            }
    request.session[SIGN_IN] = [held[0], *is_now]


def _plain(token: str) -> str:
    """The secret behind the token of a form or a cookie, which may be masked."""
    masked = len(token) == csrf.CSRF_TOKEN_LENGTH
    return str(csrf._unmask_cipher_token(token)) if masked else token  # type: ignore[attr-defined]  # Django's own, untyped


# ---- Words typed before a session ended ---------------------------------------------------------


class SignInFirstMiddleware(LoginRequiredMiddleware):
    """Sends whoever is not signed in to sign in, with what they had just typed kept for them."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        """Keep the words of a form whose session has ended, and lead back to its page."""
        if request.method != "POST":
            if _wants_json(request):
                return JsonResponse({"signed_in": False}, status=401)
            return super().handle_no_permission(request, view_func)
        page = _page_of(request)
        kept = _keep(request, page)
        if _wants_json(request):
            return JsonResponse({"signed_in": False, "kept": kept}, status=401)
        if kept:
            messages.warning(
                request,
                gettext("You were signed out. What you typed has been kept: sign in to go on."),
            )
        return HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': page})}")


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """A form drawn in an earlier sign-in: kept for whoever it was drawn for, and shown to them.

    A page elsewhere cannot get this far with words of its own: browsers send none of our cookies
    with another site's form, and the form must carry the secret of a sign-in in this browser.
    """
    owner = _owner(request)
    if request.method == "POST" and owner is not None and _is_ours(request):
        page = _page_of(request)
        if _keep(request, page):
            if request.user.is_authenticated and request.user.pk == owner.pk:
                return HttpResponseRedirect(page)
            if not request.user.is_authenticated:
                return HttpResponseRedirect(
                    f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': page})}"
                )
    return render(request, "ui/errors/form-expired.html", status=403)


class KeptWordsMiddleware:
    """Puts words that were kept back in the page they were typed in, until they are sent again."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        page = request.get_full_path()
        waiting = request.session.get(KEPT) or {} if request.user.is_authenticated else {}
        if request.method == "POST" and waiting:
            response = self.get_response(request)
            drafted = request.path == reverse("drafts:save") and response.status_code == 200
            led = response.status_code in (302, 303) and not hasattr(request, "kept_just_now")
            if led or drafted:
                self._sent(request, waiting)
            return response
        if request.method != "GET" or page not in waiting:
            return self.get_response(request)
        browser = request.COOKIES.get(BROWSER_COOKIE, "")
        for words, at_page, typed in actions.words_of(
            request.user, browser=browser, at=timezone.now()
        ):
            if at_page == page and words.pk == waiting[page]:
                request.words_kept = words.pk  # the layout's
                sent = words.submission
                if sent and Submission.objects.filter(key=sent).exists():
                    # The form was sent from elsewhere meanwhile: these words are another sending.
                    words.submission = uuid.uuid4()
                    words.save(update_fields=["submission"])
                if words.submission is not None:
                    typed["submission"] = str(words.submission)
                with showing(typed) as kept:
                    response = self.get_response(request)
                if not kept.taken:
                    return HttpResponseRedirect(reverse("kept_words"))
                return response
        return self.get_response(request)

    def _sent(self, request: HttpRequest, waiting: dict[str, str]) -> None:
        """Keep no longer what was sent now, or is saved as a draft: the words of that form."""
        page = next((p for p in (_page_of(request), request.get_full_path()) if p in waiting), "")
        words = actions.KeptWords.objects.filter(pk=waiting.get(page), user=request.user.pk).first()
        if words is None or words.submission not in (None, actions.key_of(request.POST)):
            return
        words.delete()
        request.session[KEPT] = {p: pk for p, pk in waiting.items() if p != page}


def _keep(request: HttpRequest, page: str) -> bool:
    owner = _owner(request)
    browser = request.COOKIES.get(BROWSER_COOKIE, "")
    if owner is None or page.startswith(reverse("your_account")):
        return False
    words = actions.keep_words(
        request.POST, page=page, user=owner, browser=browser, at=timezone.now()
    )
    if words and request.user.is_authenticated and request.user.pk == owner.pk:
        request.session[KEPT] = (request.session.get(KEPT) or {}) | {page: words.pk}
        request.kept_just_now = True  # type: ignore[attr-defined]  # so that it is not thought sent
    return words is not None


def _owner(request: HttpRequest) -> Any:
    """Whoever was signed in, in this browser, when the form that was sent was drawn."""
    token = request.POST.get("csrfmiddlewaretoken") or request.headers.get("X-CSRFToken", "")
    browser = request.COOKIES.get(BROWSER_COOKIE)
    if not token or not browser:
        return None
    drawn_in = (
        SignIn.objects.filter(
            browser_hash=actions.hash_of(browser), form_secret_hash=actions.hash_of(_plain(token))
        )
        .select_related("user")
        .order_by("-at")
        .first()
    )
    return drawn_in.user if drawn_in else None


def _page_of(request: HttpRequest) -> str:
    """The page the form was on, to come back to."""
    there = urlsplit(request.headers.get("Referer", ""))
    if there.netloc != request.get_host():
        return request.get_full_path()
    return f"{there.path}?{there.query}" if there.query else there.path


def _is_ours(request: HttpRequest) -> bool:
    said = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(said).netloc == request.get_host()


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


# ---- What comes before anything else ------------------------------------------------------------


class TemporaryPasswordMiddleware:
    """Sends a person whose password someone else has seen to choose their own."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if getattr(request.user, "password_is_temporary", False) and not any(
            record["method"] == "socialaccount"
            for record in get_authentication_records(request, request.user)
        ):
            choose = reverse("account_change_password")
            if request.path not in {choose, reverse("account_logout")}:
                return HttpResponseRedirect(choose)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Sends a person whose role must have a second factor, and who has none, to set one up."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if second_factor.must_set_up(request) and not second_factor.is_on_the_way(request.path):
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)

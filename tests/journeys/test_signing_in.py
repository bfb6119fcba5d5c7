"""Signing in, and staying so, in a browser: codes, a passkey, a work account, and after a break."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from harbourlight.foundation.environment import openid_connect_from
from harbourlight.foundation.history.models import Event
from harbourlight.foundation.sign_ins.models import KeptWords
from tests.browsing import arrive_by, follow, press
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser


def code_for(secret: str, step: int = 1) -> str:
    """What an authenticator app shows: the last, this or the next half minute's code."""
    return format_hotp_value(hotp_value(secret, [*yield_hotp_counters_from_time()][step]))


def confirm(page) -> None:
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Continue")


def sign_out(page) -> None:
    press(page, "Sign out", exact=True)


def end_sessions() -> None:
    """As an hour with nothing done ends them."""
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))


def test_an_authenticator_app_and_recovery_codes(
    open_page, account, sign_in, look, assured
) -> None:
    sam = account("social_worker", username="sam")
    page = open_page(javascript=False)
    sign_in(page, sam)
    page.goto("/your-account/second-factor/app/")
    check = open_page()
    confirm(page)
    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_label("Code").fill("000000")
    press(page, "Set up")
    expect(page.get_by_role("alert")).to_contain_text("not right")
    assert page.locator("code").inner_text().replace(" ", "") == secret, (
        "the picture is still the same"
    )
    page.get_by_label("Code").fill(code_for(secret))
    press(page, "Set up")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    recovery = page.locator("code").all_inner_texts()
    assert len(set(recovery)) == 10
    sign_out(page)

    sign_in(page, sam)
    assert urlsplit(page.url).path == "/sign-in/code/"
    page.goto("/your-account/")
    assert urlsplit(page.url).path == "/sign-in/code/", "half signed in is not signed in"
    used = code_for(secret, step=2)
    page.get_by_label("Code").fill(used)
    press(page, "Continue")
    page.goto("/your-account/")
    expect(page.get_by_text("with password and authenticator app")).to_be_visible()
    sign_out(page)

    sign_in(page, sam)
    for code, works in ((used, False), (recovery[0], True)):
        page.get_by_label("Code").fill(code)
        press(page, "Continue")
        expect(page.get_by_role("button", name="Sign out")).to_have_count(1 if works else 0)
    sign_out(page)
    sign_in(page, sam)
    page.get_by_label("Code").fill(recovery[0])
    press(page, "Continue")
    expect(page.get_by_role("alert")).to_contain_text("has been used")

    sign_in(check, sam)
    look(check, "Show that it is you")
    check.get_by_label("Code").fill(recovery[1])
    press(check, "Continue")
    for address, heading in {
        "": "Your account",
        "second-factor/": "Second factors",
        "second-factor/codes/": "Recovery codes",
        "roles/": "What each role may do",
        "devices/end/": "Sign out everywhere else?",
        "kept-words/": "What you had typed",
    }.items():
        check.goto(f"/your-account/{address}")
        if "confirm" in check.url:
            look(check, "Confirm that it is you")
            confirm(check)
        look(check, heading)
    assured("sign-in-app", "set up, used, used twice refused; a recovery code worked once of twice")


def test_a_passkey_signs_in_by_itself_and_as_the_second_step(
    page, account, sign_in, look, assured
) -> None:
    sam = account("social_worker", username="sam")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )["authenticatorId"]
    sign_in(page, sam)
    page.goto("/your-account/second-factor/passkeys/add/")
    confirm(page)
    look(page, "Add a passkey")
    page.get_by_label("Name").fill("Work laptop")
    press(page, "Add passkey")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(page)

    page.goto("/your-account/")
    expect(page.get_by_role("button", name="Use a passkey")).to_be_visible()
    expect(page.get_by_text("The passkey was not used")).to_be_hidden()
    press(page, "Use a passkey")
    expect(page.get_by_text("with passkey")).to_be_visible()
    sign_out(page)

    sign_in(page, sam)
    assert urlsplit(page.url).path == "/sign-in/code/"
    press(page, "Use a passkey")
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()

    page.goto("/your-account/second-factor/")
    follow(page, "Rename Work laptop")
    confirm(page)
    page.get_by_label("Name").fill("Old laptop")
    press(page, "Save")
    follow(page, "Remove Old laptop")
    look(page, "Remove the passkey “Old laptop”?")
    press(page, "Remove passkey")
    expect(page.get_by_text("Your passkey was removed")).to_be_visible()
    sign_out(page)
    press(page, "Use a passkey")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/your-account/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})
    kinds = {*Event.objects.values_list("name", flat=True)}
    assert {"account:add-passkey", "account:rename-passkey", "account:remove-passkey"} <= kinds
    assured("sign-in-passkey", "added, alone, as second step, renamed; refused once removed")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_what_was_typed_when_a_session_ended_comes_back_to_whoever_typed_it(
    open_page, account, sign_in, javascript, assured, look
) -> None:
    ada, eve = account("administrator", username="ada"), account("administrator", username="eve")
    page = open_page(javascript=javascript)
    sign_in(page, ada)
    page.goto("/accounts/add/")
    page.get_by_label("Full name").fill("Somebody Newly Come")
    page.get_by_label("Job title").fill("Clerk")
    page.get_by_label("Social worker").check()
    page.get_by_role("group", name="Last day").get_by_label("Day").fill("31")
    end_sessions()
    press(page, "Add account")
    expect(page.get_by_text("What you typed has been kept")).to_be_visible()
    kept = KeptWords.objects.get()
    assert "Somebody" not in kept.sealed
    assert kept.user == ada

    sign_in(page, eve)
    page.goto("/accounts/add/")
    assert page.get_by_label("Full name").input_value() == "", "another person sees nothing of it"
    page.goto("/your-account/kept-words/")
    expect(page.get_by_text("Nothing is kept")).to_be_visible()
    sign_out(page)

    sign_in(page, ada)
    page.goto("/accounts/add/")
    assert page.get_by_label("Full name").input_value() == "Somebody Newly Come"
    assert page.get_by_label("Social worker").is_checked()
    assert page.get_by_role("group", name="Last day").get_by_label("Day").input_value() == "31"
    expect(page.get_by_text("is not saved yet")).to_be_visible()
    if javascript:
        look(page, "Add an account")
    page.goto("/your-account/kept-words/")
    expect(page.get_by_text("Somebody Newly Come")).to_be_visible()
    assured(
        "words-kept", "with and without JavaScript: all back for their writer, none for another"
    )


def test_signing_in_again_leads_straight_back_to_the_form_and_sending_it_ends_the_keeping(
    page, account
) -> None:
    ada = account("administrator", username="ada")
    page.goto("/sign-in/")
    page.get_by_label("Username").fill(ada.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in", exact=True)
    page.goto("/accounts/add/")
    other = page.context.new_page()
    other.route("**/begun/**", lambda route: route.abort())
    other.goto("/accounts/add/")
    for tab in (page, other):
        tab.get_by_label("Full name").fill("Somebody Newly Come")
        tab.get_by_label("Social worker").check()
    end_sessions()
    press(page, "Add account")
    page.get_by_label("Username").fill(ada.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in", exact=True)
    expect(page.get_by_label("Full name")).to_have_value("Somebody Newly Come")
    # A second tab, still as it was before the session ended: its token is out of date, and its
    # script could not fetch another.
    other.get_by_label("Full name").fill("Another Newly Come")
    press(other, "Add account")
    expect(other.get_by_text("is not saved yet")).to_be_visible()
    expect(other.get_by_label("Full name")).to_have_value("Another Newly Come")


def test_somebody_is_warned_before_a_session_ends_and_can_stay(
    page, account, sign_in, settings, check_access
) -> None:
    settings.SESSION_COOKIE_AGE = 122
    sign_in(page, account("social_worker", username="sam"))
    page.goto("/your-account/")
    dialog = page.get_by_role("dialog", name="Are you still there?")
    expect(dialog).to_be_visible()
    check_access(page)
    settings.SESSION_COOKIE_AGE = 3600
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()


# ---- A work account -----------------------------------------------------------------------------


@pytest.fixture
def provider(settings):
    people = [
        oidc_provider_mock.User(sub="s-1", claims={"preferred_username": "Sam@Example.org"}),
        oidc_provider_mock.User(sub="s-2", claims={"preferred_username": "nobody@example.org"}),
        oidc_provider_mock.User(sub="s-3", claims={"preferred_username": "sam@example.org"}),
        oidc_provider_mock.User(sub="s-4", claims={"preferred_username": "gone@example.org"}),
    ]
    with oidc_provider_mock.run_server_in_thread(user_claims=people) as server:
        issuer = f"http://localhost:{server.server_port}"
        settings.OIDC_ISSUER, settings.OIDC_NAME = issuer, "the council’s sign-in"
        settings.SOCIALACCOUNT_PROVIDERS = openid_connect_from(
            issuer, client_id="harbourlight", secret="kept", name="Work", production=False
        )
        yield issuer


def test_a_work_account_signs_in_whoever_has_an_account_here_and_nobody_else(
    open_page, account, provider, look, assured
) -> None:
    sam = account("social_worker", username="sam@example.org")
    today = timezone.localdate()
    account("inspector", username="gone@example.org", ends_on=today - timedelta(days=1))
    situations = (
        ("s-2", "No account for you here"),
        ("s-1", "Your account"),
        ("s-3", "No account for you here"),  # the name given again to somebody else
        ("s-4", "Your account is not active"),
        ("s-1", "Your account"),
    )
    seen = {"Your account"}  # gone through elsewhere
    for subject, heading in situations:
        page = open_page()
        page.goto("/sign-in/?next=/your-account/")
        follow(page, "Sign in with the council’s sign-in")
        asked = parse_qs(urlsplit(page.url).query)
        assert {"state", "nonce", "code_challenge"} <= asked.keys()
        arrive_by(page.locator(f"button[value='{subject}']"))
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        if heading not in seen:
            look(page, heading)
        seen.add(heading)
    expect(page.get_by_text("with work account").first).to_be_visible()
    sam.refresh_from_db()
    assert sam.role == "social_worker"
    assured(
        "sign-in-work-account",
        "2 let in; refused: unknown, name given again, ended; 4 forged tokens refused",
    )

"""Accounts that end, second factors that must be, guessing in two processes, and forged tokens."""

import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from harbourlight.foundation.access import ROLES
from harbourlight.foundation.accounts import actions, jobs, openid
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused
from harbourlight.foundation.environment import openid_connect_from, second_factor_from
from harbourlight.foundation.history.models import Event
from harbourlight.foundation.notices.models import Notice
from harbourlight.foundation.sign_ins.actions import clear_ended_sessions, keep_words, words_of
from harbourlight.foundation.sign_ins.models import KeptWords, SignIn
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
HOME = reverse("your_account")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def sign_in(client, username: str = "sam", password: str = PASSWORD):
    return client.post("/sign-in/", {"login": username, "password": password})


# ---- Accounts that end --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "ends", "open_"),
    [
        (None, None, True),
        ("2026-11-23", "2026-11-23", True),
        ("2026-11-24", None, False),
        (None, "2026-11-22", False),
        (None, "2026-11-23", True),
        ("2026-11-22", "2026-11-24", True),
    ],
)
def test_an_account_is_open_from_its_first_day_to_its_last(starts, ends, open_, account) -> None:
    day = date(2026, 11, 23)
    limits = {
        "starts_on": starts and date.fromisoformat(starts),
        "ends_on": ends and date.fromisoformat(ends),
    }
    sam = account("social_worker", username="sam", **limits)
    assert sam.is_open_on(day) is open_
    assert User.objects.open_on(day).filter(pk=sam.pk).exists() is open_


def test_the_very_next_request_after_the_last_day_is_refused(client, account, assured) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 23, 58, tzinfo=UTC), tick=False) as clock:
        sam = account("social_worker", username="sam", ends_on=date(2026, 11, 23))
        sign_in(client)
        assert client.get(HOME).status_code == 200
        clock.shift(timedelta(minutes=2))
        assert client.get(HOME).headers["Location"] == reverse("account_inactive")
        assert client.get(HOME).headers["Location"].startswith("/sign-in/?")
        assert sign_in(client).headers["Location"] == reverse("account_inactive")
        assert "_auth_user_id" not in client.session
    assert not Session.objects.filter(session_data__contains=sam.pk).exists()
    assured("accounts-end", "2 minutes after the last page served: 0 pages, 0 sign-ins")


def test_an_inspector_must_have_a_last_day_in_the_form_and_in_the_database(client, account) -> None:
    client.force_login(account("administrator"))
    given = {"username": "ins", "full_name": "I", "role": "inspector"}
    assert "the account of an inspector ends" in client.post("/accounts/add/", given).text
    inspector = account("inspector", username="inspector")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=inspector.pk).update(ends_on=None)
    with pytest.raises(Refused, match="on or after the first day"):
        account("social_worker", starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 1))


def test_the_list_says_what_ends_and_reminds_an_administrator(client, account) -> None:
    today = timezone.localdate()
    for name, days in (("soon", 5), ("later", 60), ("last", 0), ("gone", -1)):
        account("social_worker", username=name, ends_on=today + timedelta(days=days))
    client.force_login(account("administrator"))
    page = client.get("/accounts/").text
    assert all(words in page for words in ("Ends in 5 days", "Ends in 60 days", "Ends today"))
    reminded = page.split("Ending within 14 days")[1].split("</ul>")[0]
    assert [name in reminded for name in ("Soon", "Last", "Later", "Gone")] == [1, 1, 0, 0]
    assert "Ended" in page


def test_each_administrator_is_told_once_of_an_account_that_ends_soon(client, account) -> None:
    ada, eve = account("administrator", username="ada"), account("administrator", username="eve")
    day = NOW.date()
    for name, days in (("soon", 14), ("later", 15), ("gone", -1)):
        account("social_worker", username=name, ends_on=day + timedelta(days=days))
    soon = User.objects.get(username="soon")
    for days in (0, 0, 1):
        jobs.remind.here(at=NOW + timedelta(days=days))
    told = {(one.to, one.about["account_id"]) for one in Notice.objects.all()}
    later = User.objects.get(username="later")
    assert told == {(who, whom.pk) for who in (ada, eve) for whom in (soon, later)}
    assert Notice.objects.count() == 4, "once each"
    # Its last day was moved, and comes near again.
    User.objects.filter(pk=soon.pk).update(ends_on=day + timedelta(days=60))
    jobs.remind.here(at=NOW + timedelta(days=50))
    assert Notice.objects.filter(to=ada, about__account_id=soon.pk).count() == 2
    client.force_login(ada)
    assert "An account will soon end" in client.get("/notices/").text
    client.force_login(soon)
    assert "An account will soon end" not in client.get("/notices/").text


# ---- Second factors -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "held_up"),
    [("required", True), ("social_worker,inspector", True), ("inspector", False), ("off", False)],
)
def test_whose_role_must_have_a_second_factor_sets_one_up_first(
    client, account, settings, setting, held_up
) -> None:
    sam = account("social_worker", username="sam")
    settings.SECOND_FACTOR_REQUIRED_OF = second_factor_from(setting)
    sign_in(client)
    answer = client.get(HOME)
    assert (answer.status_code == 302) is held_up
    if held_up:
        assert answer.headers["Location"] == reverse("mfa_index")
        assert "Your role must have one" in client.get(reverse("mfa_index")).text
        TOTP.activate(sam, "JBSWY3DPEHPK3PXP")
        assert client.get(HOME).status_code == 200


def test_an_administrator_removes_what_somebody_lost_and_that_is_written_down(
    client, account
) -> None:
    ada, sam = account("administrator", username="ada"), account("social_worker", username="sam")
    TOTP.activate(sam, "JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in str(Authenticator.objects.get().data), "kept sealed"
    stamp = sam.session_stamp
    client.force_login(ada)
    client.post(reverse("account_second_factors", kwargs={"account_id": sam.pk}))
    sam.refresh_from_db()
    assert not Authenticator.objects.exists()
    assert sam.session_stamp != stamp
    event = Event.objects.get(name="account:remove-second-factors")
    assert (event.by, event.subjects) == (ada, {"account": sam.pk})
    with pytest.raises(Refused, match="your account"):
        actions.remove_second_factors(ada, by=ada, at=NOW)


def test_codes_are_limited_as_passwords_are(client, account, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key"}
    sam = account("social_worker", username="sam")
    TOTP.activate(sam, "JBSWY3DPEHPK3PXP")
    sign_in(client)
    pages = [client.post("/sign-in/code/", {"code": f"{n:06}"}).text for n in range(6)]
    assert "The code is not right" in pages[4]
    assert "too many tries" in pages[5]


GUESS = """
import django; django.setup()
from django.conf import settings
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key"}
settings.ALLOWED_HOSTS = ["testserver"]
from django.test import Client
client = Client()
for n in range(5):
    client.post("/sign-in/", {"login": "sam", "password": f"guess {n}"})
"""


@pytest.mark.django_db(transaction=True)
def test_guessing_in_another_process_is_counted_here(client, account, settings, assured) -> None:
    account("social_worker", username="sam")
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key"}
    there = connection.get_connection_params()
    url = " ".join(
        f"{name}='{there[name]}'"
        for name in ("dbname", "user", "password", "host")
        if there.get(name)
    )
    subprocess.run(
        [sys.executable, "-c", GUESS], env=os.environ | {"DATABASE_URL": url}, check=True
    )
    refused = sign_in(client)
    assert "There have been too many tries. Wait 5 minutes" in refused.text
    assert "_auth_user_id" not in client.session
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        assert "Wait 2 minutes" in sign_in(client).text
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert sign_in(client).status_code == 302
    assured("sign-in-slowed", "5 tries in one process: the right password refused in another")


# ---- Sessions and kept words --------------------------------------------------------------------


def test_a_device_is_signed_out_from_another_and_everywhere_else(client, account) -> None:
    account("social_worker", username="sam")
    others = [Client(), Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10) Firefox/140"})]
    for one in (client, *others):
        sign_in(one)
        assert one.get(HOME).status_code == 200
    assert "Firefox on Windows" in client.get(HOME).text
    third = SignIn.objects.order_by("id")[2]
    client.post(reverse("end_sign_in", kwargs={"sign_in_id": third.pk}))
    assert [one.get(HOME).status_code for one in (client, *others)] == [200, 200, 302]
    client.post(reverse("end_other_sign_ins"))
    assert [one.get(HOME).status_code for one in (client, *others)] == [200, 302, 302]


def test_kept_words_open_for_their_writer_in_their_browser_for_twelve_hours(account) -> None:
    sam, eve = account("social_worker", username="sam"), account("social_worker", username="eve")
    secrets = "password1=s&oldpassword=s&code=1&csrfmiddlewaretoken=x&draft-title=t"
    typed = QueryDict(f"note=a+long+note&postcode=M1+1AA&source_code=2A&submission=y&{secrets}")
    keep_words(typed, page="/people/", user=sam, browser="mine", at=NOW)
    assert keep_words(QueryDict("submission=y"), page="/", user=sam, browser="b", at=NOW) is None
    ((_, page, back),) = words_of(sam, browser="mine", at=NOW + timedelta(hours=11))
    assert (page, {*back}) == (
        "/people/",
        {"note", "postcode", "source_code", "submission"},
    )
    for user, browser, hours in ((eve, "mine", 1), (sam, "other", 1), (sam, "mine", 12)):
        assert words_of(user, browser=browser, at=NOW + timedelta(hours=hours)) == []
    KeptWords.objects.update(user=eve)  # somebody who may write to the database
    assert words_of(eve, browser="mine", at=NOW) == []


def test_ended_sessions_and_old_words_are_cleared(client, account) -> None:
    sam = account("social_worker", username="sam")
    with time_machine.travel(NOW, tick=False):
        client.force_login(sam)
        client.get(HOME)
        keep_words(QueryDict("note=n"), page="/", user=sam, browser="b", at=NOW)
    assert clear_ended_sessions(at=NOW + timedelta(minutes=59))["sessions"] == 0
    cleared = clear_ended_sessions(at=NOW + timedelta(hours=12))
    assert cleared == {"sessions": 1, "kept words": 1, "sign-ins": 0}
    assert clear_ended_sessions(at=NOW + timedelta(days=366))["sign-ins"] == 1


def test_every_role_is_described_with_what_it_may_do(client, account) -> None:
    client.force_login(account("social_worker"))
    page = client.get(reverse("roles")).text.replace("&#39;", "'")
    for role in ROLES:
        assert role.description.replace("'", "'") in page
        assert role.reach.value in page
        assert all(capability.value in page for capability in role.capabilities)


# ---- Work accounts ------------------------------------------------------------------------------

KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
ISSUER = "https://issuer.example"


@pytest.fixture
def come_back(settings, monkeypatch):
    """Sends somebody to a provider and back with a token; `wrong` of it, where it is forged."""
    settings.OIDC_ISSUER = ISSUER
    settings.SOCIALACCOUNT_PROVIDERS = openid_connect_from(
        ISSUER, client_id="harbourlight", secret="kept", name="Work", production=True
    )
    public = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "k"}
    documents = {
        "issuer": ISSUER,
        "jwks_uri": f"{ISSUER}/keys",
        "authorization_endpoint": f"{ISSUER}/authorize",
        "token_endpoint": f"{ISSUER}/token",
        "keys": [public],
    }
    made = []

    class Answer:
        status_code = 200
        headers: ClassVar = {"content-type": "application/json"}
        text = "{"

        def __init__(self, told):
            self.told = told

        def json(self):
            return self.told

        def raise_for_status(self):
            pass

    class Provider:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def get(self, url, **_):
            return Answer(documents)

        def request(self, method, url, **_):
            return Answer({"access_token": "a", "id_token": made[-1], "token_type": "Bearer"})

    monkeypatch.setattr(openid.WorkAccountAdapter, "get_requests_session", lambda self: Provider())

    def come(client, **wrong):
        asked = parse_qs(urlsplit(client.get("/sign-in/work-account/").headers["Location"]).query)
        assert asked["code_challenge_method"] == ["S256"]
        claims = {
            "iss": ISSUER,
            "aud": "harbourlight",
            "sub": "s-1",
            "iat": int(time.time()),
            "exp": int(time.time()) + 60,
            "nonce": asked["nonce"][0],
            "preferred_username": "SAM",
        } | {
            name: told for name, told in wrong.items() if name not in ("key", "algorithm", "state")
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        algorithm = wrong.get("algorithm", "RS256")
        key = {"none": None, "HS256": "kept-by-the-client-and-the-provider"}.get(
            algorithm, wrong.get("key", KEY)
        )
        made.append(jwt.encode(claims, key, algorithm=algorithm, headers={"kid": "k"}))
        state = wrong.get("state", asked["state"][0])
        return client.get("/sign-in/work-account/return/", {"code": "c", "state": state})

    return come


@pytest.mark.parametrize(
    ("wrong", "let_in"),
    [
        ({}, True),
        ({"aud": "somebody else"}, False),
        ({"iss": "https://elsewhere.example"}, False),
        ({"exp": 1}, False),
        ({"nonce": "of another sign-in"}, False),
        ({"key": OTHER_KEY}, False),
        ({"algorithm": "none"}, False),
        ({"algorithm": "HS256"}, False),
        ({"sub": None}, False),
        ({"state": "not ours"}, False),
    ],
    ids=lambda value: str(next(iter(value), "right")) if isinstance(value, dict) else "",
)
def test_a_forged_token_lets_nobody_in(client, account, come_back, wrong, let_in) -> None:
    account("social_worker", username="sam")
    answer = come_back(client, **wrong)
    assert ("_auth_user_id" in client.session) is let_in
    assert answer.status_code == (302 if let_in else 401)


@pytest.mark.parametrize(
    ("means", "held_up"), [(["pwd", "mfa"], False), (["pwd"], True), ([], True)]
)
def test_a_second_factor_that_the_work_account_asked_for_is_enough(
    client, account, settings, come_back, means, held_up
) -> None:
    account("social_worker", username="sam")
    settings.SECOND_FACTOR_REQUIRED_OF = "everyone"
    come_back(client, amr=means)
    answer = client.get(HOME)
    assert (answer.status_code == 302) is held_up
    assert not held_up or answer.headers["Location"] == reverse("mfa_index")
    # It was enough for that sign-in alone.
    client.logout()
    sign_in(client)
    assert client.get(HOME).headers["Location"] == reverse("mfa_index")


def test_a_work_account_that_is_forgotten_ends_its_sessions_and_makes_room_for_another(
    client, account, come_back
) -> None:
    ada, sam = account("administrator", username="ada"), account("social_worker", username="sam")
    desk, other = Client(), Client()
    come_back(desk)
    assert desk.get(HOME).status_code == 200
    assert come_back(other, sub="s-2").status_code == 403, "the name was given to somebody else"
    client.force_login(ada)
    forget = reverse("account_work_account", kwargs={"account_id": sam.pk})
    assert "Forget the work account of" in client.get(forget).text
    client.post(forget)
    assert desk.get(HOME).status_code == 302
    event = Event.objects.get(name="account:forget-work-account")
    assert (event.by, event.subjects) == (ada, {"account": sam.pk})
    assert come_back(other, sub="s-2").status_code == 302
    assert come_back(desk).status_code == 403, "the one that was forgotten is nobody's"


def test_a_provider_half_described_or_without_https_is_refused_at_the_start() -> None:
    assert openid_connect_from("", client_id="", secret="", name="", production=True) == {}
    for issuer, client_id in (("https://i.example", ""), ("http://i.example", "c")):
        with pytest.raises(ImproperlyConfigured):
            openid_connect_from(issuer, client_id=client_id, secret="", name="", production=True)

"""Adding and changing accounts, and how long a person stays signed in."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import NoReverseMatch, reverse

from harbourlight.foundation.accounts import actions, directory
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused
from harbourlight.foundation.history.models import Event
from tests.record.people.test_adding import sent_by

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WHO_AM_I = reverse("account_change_password")

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(account) -> User:
    return account("administrator", username="ada")


@pytest.fixture
def sam(account) -> User:
    return account("social_worker", username="sam")


def fields(user: User, **changes: object) -> dict:
    return {
        "full_name": user.full_name,
        "job_title": user.job_title,
        "role": user.role,
        "team_id": user.team_id,
        "professional_id": user.professional_id,
    } | changes


def events(name: str) -> list[Event]:
    return [*Event.objects.filter(name=name).order_by("id")]


def test_an_account_is_added_with_a_password_nobody_chose(ada) -> None:
    user, password = actions.add_account(
        username=" Sam@Example.ORG ", full_name="Sam", role="social_worker", by=ada, at=NOW
    )
    assert user.username == "sam@example.org"
    assert user.check_password(password)
    assert user.password_is_temporary
    event = events("account:add")[-1]
    assert (event.by, event.at, event.subjects) == (ada, NOW, {"account": user.pk})


def test_the_first_account_is_added_by_itself() -> None:
    first, _ = actions.add_account(
        username="ada", full_name="Ada", role="administrator", by=None, at=NOW
    )
    assert events("account:add")[0].by == first


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"username": "sam"}, Refused),
        ({"username": "SAM"}, Refused),
        ({"username": "s m"}, ValidationError),
        ({"username": "sаm2"}, ValidationError),  # the second letter is Cyrillic
        ({"role": "king"}, ValidationError),
        ({"full_name": " "}, ValidationError),
        ({"password": "short"}, ValidationError),
        ({"password": "password1234"}, ValidationError),
    ],
)
def test_a_wrong_account_is_refused_and_leaves_nothing(sam, ada, wrong, error) -> None:
    right = {"username": "new", "full_name": "New", "role": "social_worker"}
    before = User.objects.count(), Event.objects.count()
    with pytest.raises(error):
        actions.add_account(**right | wrong, by=ada, at=NOW)
    assert (User.objects.count(), Event.objects.count()) == before


def test_the_database_holds_no_role_we_do_not_know_nor_a_username_in_capitals(sam) -> None:
    for wrong in ({"role": "king"}, {"username": "SAM"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=sam.pk).update(**wrong)


@pytest.mark.parametrize(
    ("change", "stays"),
    [
        (lambda sam, ada: actions.deactivate(sam, by=ada, at=NOW), False),
        (lambda sam, ada: actions.set_new_password(sam, by=ada, at=NOW), False),
        (
            lambda sam, ada: actions.change_account(
                sam, **fields(sam, role="team_manager"), by=ada, at=NOW
            ),
            False,
        ),
        (
            lambda sam, ada: actions.change_account(
                sam, **fields(sam, full_name="Sam Worker"), by=ada, at=NOW
            ),
            True,
        ),
    ],
    ids=["deactivated", "given a new password", "given another role", "renamed"],
)
def test_a_session_ends_at_the_next_request_after(client, sam, ada, change, stays) -> None:
    client.force_login(sam)
    assert client.get(WHO_AM_I).status_code == 200
    change(sam, ada)
    assert client.get(WHO_AM_I).status_code == (200 if stays else 302)


def test_a_session_that_ended_stays_ended_when_the_account_is_active_again(
    client, sam, ada
) -> None:
    client.force_login(sam)
    actions.deactivate(sam, by=ada, at=NOW)
    actions.reactivate(sam, by=ada, at=NOW)
    assert client.get(WHO_AM_I).status_code == 302
    client.force_login(User.objects.get(pk=sam.pk))
    assert client.get(WHO_AM_I).status_code == 200


def test_an_inactive_person_is_told_so_only_with_the_right_password(client, sam, ada) -> None:
    actions.deactivate(sam, by=ada, at=NOW)
    wrong = client.post("/sign-in/", {"login": "sam", "password": "wrong"})
    assert "is not right" in wrong.content.decode()
    right = client.post("/sign-in/", {"login": "sam", "password": "three small blue boats"})
    assert right.headers["Location"] == reverse("account_inactive")


def test_someone_can_always_manage_accounts(ada, account) -> None:
    with pytest.raises(Refused, match="your own account"):
        actions.deactivate(ada, by=ada, at=NOW)
    with pytest.raises(Refused, match="no one who can manage accounts"):
        actions.change_account(ada, **fields(ada, role="social_worker"), by=ada, at=NOW)
    ada.refresh_from_db()
    assert ada.role == "administrator"
    eve = account("administrator", username="eve")
    actions.deactivate(ada, by=eve, at=NOW)
    with pytest.raises(Refused):
        actions.deactivate(eve, by=ada, at=NOW)


def test_every_act_on_an_account_is_written_down_without_a_name(sam, ada) -> None:
    actions.change_account(sam, **fields(sam, full_name="Sam Renamed"), by=ada, at=NOW)
    actions.set_new_password(sam, by=ada, at=NOW)
    actions.choose_password(sam, password="a lantern and a kipper", at=NOW)
    actions.deactivate(sam, by=ada, at=NOW)
    actions.reactivate(sam, by=ada, at=NOW)
    written = Event.objects.filter(at=NOW).order_by("id")
    assert [event.name for event in written] == [
        "account:change",
        "account:set-password",
        "account:choose-password",
        "account:deactivate",
        "account:reactivate",
    ]
    assert all(event.subjects == {"account": sam.pk} for event in written)


# ---- Pages --------------------------------------------------------------------------------------


def test_a_person_with_a_password_someone_saw_chooses_their_own_before_anything_else(
    client, sam, ada
) -> None:
    _, password = actions.set_new_password(sam, by=ada, at=NOW)
    client.post("/sign-in/", {"login": "sam", "password": password})
    for address in ("/", "/accounts/", "/no/such/page/"):
        assert client.get(address).headers["Location"] == WHO_AM_I
    chosen = "a lantern and a kipper"
    client.post(WHO_AM_I, {"oldpassword": password, "password1": chosen, "password2": chosen})
    assert client.get(WHO_AM_I).status_code == 200
    assert client.get("/accounts/").status_code == 403
    sam.refresh_from_db()
    assert sam.check_password(chosen)
    assert not sam.password_is_temporary


def test_a_new_password_is_in_its_page_and_nowhere_else(client, sam, ada) -> None:
    client.force_login(ada)
    page = client.post(reverse("account_password", kwargs={"account_id": sam.pk}))
    password = page.content.decode().split('<code class="hl-password">')[1].split("<")[0]
    sam.refresh_from_db()
    assert sam.check_password(password)
    assert password not in str(dict(client.session))
    assert password not in client.get(reverse("account", kwargs={"account_id": sam.pk})).text
    assert page.headers["Cache-Control"] == "no-store"


def test_an_account_is_changed_and_added_through_its_form(client, sam, ada, monkeypatch) -> None:
    monkeypatch.setattr(directory, "_sources", {})
    directory.offer(teams=lambda: [("T1", "East")], workers=lambda: [("W1", "Sam Worker")])
    client.force_login(ada)
    address = reverse("account_change", kwargs={"account_id": sam.pk})
    typed = sent_by(client.get(address), "Save")
    refused = client.post(address, typed | {"full_name": "", "team_id": "T9"})
    assert "Enter full name" in refused.text
    assert "Select team from the list" in refused.text
    client.post(address, typed | {"full_name": "Sam", "role": "team_manager", "team_id": "T1"})
    sam.refresh_from_db()
    assert (sam.role, sam.team_id, sam.professional_id) == ("team_manager", "T1", None)
    assert "East" in client.get(reverse("account", kwargs={"account_id": sam.pk})).text
    taken = client.post(
        reverse("account_add"),
        {"username": "SAM", "full_name": "Sam", "role": "social_worker"},
    )
    assert "There is already an account with this username." in taken.text


def test_no_one_signs_themselves_up_and_no_password_is_sent_by_e_mail(client) -> None:
    for address in ("signup/", "sign-in/signup/", "password/reset/", "email/", "confirm-email/"):
        assert client.get(f"/{address}").status_code == 404
    for name in ("account_signup", "account_reset_password", "account_email"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_guessing_is_slowed_down(client, sam, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key"}
    for _ in range(5):
        client.post("/sign-in/", {"login": "sam", "password": "guess"})
    right = client.post("/sign-in/", {"login": "Sam", "password": "three small blue boats"})
    assert "too many tries" in right.text
    assert "_auth_user_id" not in client.session
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    assert client.post("/sign-in/", {}).status_code == 200
    refused = client.post("/sign-in/", {})
    assert (refused.status_code, "Wait a few minutes" in refused.text) == (429, True)


def test_a_session_ends_after_an_idle_hour_and_after_a_long_shift(client, sam) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client.force_login(sam)
        for _ in range(12):
            assert client.get(WHO_AM_I).status_code == 200
            clock.shift(timedelta(minutes=59))
        assert client.get(WHO_AM_I).status_code == 200
        clock.shift(timedelta(minutes=59))
        assert client.get(WHO_AM_I).status_code == 302, "twelve hours have passed"
        client.force_login(sam)
        assert client.get(WHO_AM_I).status_code == 200
        clock.shift(timedelta(minutes=61))
        assert client.get(WHO_AM_I).status_code == 302, "an hour has passed with nothing done"

"""Notices: told once, read by their own reader alone, and by e-mail without a word of anybody."""

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from harbourlight.foundation.actions import Refused
from harbourlight.foundation.environment import email_from
from harbourlight.foundation.instruments.models import Edition
from harbourlight.foundation.jobs import NotAnIdentifier
from harbourlight.foundation.notices import actions, declaring, jobs, selectors
from harbourlight.foundation.notices.declaring import ByEmail
from harbourlight.foundation.notices.models import Address, Notice

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
SECRET = "CANARY0123456789"


@pytest.fixture(autouse=True)
def known(monkeypatch, db):
    """What may be known of; a thing stands for anybody."""
    Edition.objects.create(pk=SECRET, code="any", version=1, definition={}, kept_at=NOW)
    known = {SECRET}
    of_those = {"thing_id": lambda user: Edition.objects.filter(pk__in=known)}
    monkeypatch.setattr(declaring, "_subjects", of_those)
    return known


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    monkeypatch.setattr(declaring, "_kinds", dict(declaring._kinds))
    declaring.declare(
        "test:happened",
        "Something you should know of happened",
        link=lambda about: f"/people/{about['thing_id']}/",
        by_email=ByEmail.AT_ONCE,
    )
    return "test:happened"


@pytest.fixture
def sam(account):
    return account("social_worker", username="sam")


def reach(user, email="sam@example.gov.uk"):
    return Address.objects.create(user=user, email=email, token="t" * 40, confirmed_at=NOW)


def test_a_person_is_told_once_and_nobody_else_sees_it(account, sam, kind, client):
    other = account("team_manager")
    actions.tell([sam, sam], kind, at=NOW, thing_id=SECRET)
    assert Notice.objects.count() == 1
    assert selectors.unread_count(other) == 0
    client.force_login(other)
    [notice] = Notice.objects.all()
    assert client.post(reverse("notices:open", args=[notice.pk])).status_code == 404
    assert "Something you should know" not in client.get(reverse("notices:list")).text


def test_an_account_that_is_not_active_is_told_nothing(sam, kind):
    sam.is_active = False
    sam.save()
    actions.tell(sam, kind, at=NOW)
    assert not Notice.objects.exists()


def test_a_notice_is_about_identifiers_alone(sam, kind):
    with pytest.raises(NotAnIdentifier):
        actions.tell(sam, kind, at=NOW, name="Ottoline")
    with pytest.raises(NotAnIdentifier):  # nobody has said who may know of one
        actions.tell(sam, kind, at=NOW, other_id=SECRET)
    with pytest.raises(KeyError):
        actions.tell(sam, "nobody:declared", at=NOW)


def test_opening_reads_it_and_it_can_be_made_unread_again(sam, kind, client):
    client.force_login(sam)
    assert "You have no notices" in client.get(reverse("notices:list")).text
    actions.tell(sam, kind, at=NOW, thing_id=SECRET)
    home = client.get(reverse("notices:list")).text
    assert "1 unread" in home
    [notice] = Notice.objects.all()
    opened = client.post(reverse("notices:open", args=[notice.pk]))
    assert opened.url == f"/people/{SECRET}/"
    assert selectors.unread_count(sam) == 0
    client.post(reverse("notices:mark"), {"notice": notice.pk, "as": "unread"})
    assert selectors.unread_count(sam) == 1
    client.post(reverse("notices:mark"), {"all": "1"})
    assert "You have read everything" in client.get(reverse("notices:list") + "?show=unread").text


def test_who_may_no_longer_know_is_shown_counted_and_sent_nothing(
    sam, kind, client, known, assured
):
    reach(sam)
    client.force_login(sam)
    actions.tell(sam, kind, at=NOW, thing_id=SECRET)
    [notice] = Notice.objects.all()
    known.clear()
    for address in (reverse("notices:list"), reverse("notices:list") + "?show=unread"):
        page = client.get(address).text
        assert "Something you should know" not in page
        assert "1 unread" not in page
    assert client.post(reverse("notices:open", args=[notice.pk])).status_code == 404
    client.post(reverse("notices:mark"), {"all": "1"})
    jobs.send_now.here(at=NOW, user_id=sam.pk)
    assert mail.outbox == []
    known.add(SECRET)  # and it was not read, nor sent, meanwhile
    assert selectors.unread_count(sam) == 1
    jobs.send_now.here(at=NOW, user_id=sam.pk)
    assert len(mail.outbox) == 1
    assured("notices-known", "list, count, link and e-mail: in none")


def test_an_e_mail_says_that_there_is_something_and_not_a_word_more(sam, kind, assured):
    reach(sam)
    for _ in range(2):
        actions.tell(sam, kind, at=NOW, thing_id=SECRET)
    for one in ProcrastinateJob.objects.all():
        assert set(one.args) == {"user_id"}
        jobs.send_now.here(at=NOW, **one.args)
    [sent] = mail.outbox  # one e-mail for both, however many jobs there were
    whole = sent.message().as_string()
    for secret in (SECRET, sam.full_name, "Something you should know"):
        assert secret not in whole
    assert "You have 2 new notices in Harbourlight. Sign in to read them" in whole
    jobs.send_now.here(at=NOW, user_id=sam.pk)
    assert len(mail.outbox) == 1
    assured("notices-email", "2 notices, 1 e-mail; no identifier, name or subject in it")


def test_each_person_is_told_as_they_chose(sam, kind):
    reach(sam)
    actions.choose(sam, email="sam@example.gov.uk", by_email={kind: ByEmail.NO}, at=NOW)
    actions.tell(sam, kind, at=NOW)
    jobs.send_now.here(at=NOW, user_id=sam.pk)
    jobs.send_daily.here(at=NOW)
    assert mail.outbox == []
    actions.choose(sam, email="sam@example.gov.uk", by_email={kind: ByEmail.DAILY}, at=NOW)
    jobs.send_now.here(at=NOW, user_id=sam.pk)
    assert mail.outbox == []
    jobs.send_daily.here(at=NOW)
    assert len(mail.outbox) == 1


def test_nothing_is_sent_to_an_address_until_the_link_sent_there_is_followed(sam, kind, client):
    client.force_login(sam)
    form = client.get(reverse("notices:choose"))
    assert form.status_code == 200
    chosen = {f"kind-{code.code}": "at-once" for code in declaring.kinds()}
    answer = client.post(
        reverse("notices:choose"),
        chosen
        | {
            "email": "sam@example.gov.uk",
            "submission": "7d9f2f6a-0000-4000-8000-000000000001",
        },
    )
    assert answer.status_code == 302
    actions.tell(sam, kind, at=NOW)
    jobs.send_now.here(at=NOW, user_id=sam.pk)
    assert mail.outbox == []
    jobs.send_link.here(at=NOW, user_id=sam.pk)
    [link] = mail.outbox
    token = Address.objects.get().token
    assert token in link.body
    with pytest.raises(Refused):
        actions.confirm(sam, "another", at=NOW)
    assert client.get(reverse("notices:confirm", args=[token])).status_code == 200
    assert Address.objects.get().confirmed_at is None  # opening is not enough
    client.post(reverse("notices:confirm", args=[token]))
    jobs.send_now.here(at=NOW, user_id=sam.pk)
    assert len(mail.outbox) == 2


def test_e_mail_goes_into_files_unless_a_server_is_named(tmp_path):
    assert email_from(None, tmp_path)["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    named = email_from("smtp://me:a%40b@mail.example:587?tls=1", tmp_path)
    assert named["EMAIL_HOST_PASSWORD"] == "a@b"
    assert named["EMAIL_USE_TLS"]
    assert not named["EMAIL_USE_SSL"]

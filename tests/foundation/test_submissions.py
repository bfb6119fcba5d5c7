"""A form sent twice acts once."""

import threading
import uuid

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import connection, transaction
from django.utils import timezone

from harbourlight.foundation.actions import Refused
from harbourlight.foundation.submissions.models import Submission, act_once


def test_a_form_sent_again_does_nothing_and_leads_where_it_led(account) -> None:
    worker, done = account("front_door_worker"), []
    key = str(uuid.uuid4())

    def act() -> str:
        done.append("acted")
        return "/contacts/1/"

    led = [act_once(key, by=worker, at=timezone.now(), act=act) for _ in range(3)]
    assert led == ["/contacts/1/"] * 3
    assert done == ["acted"]


def test_nobody_is_led_where_another_person_s_form_led(account) -> None:
    key, done = str(uuid.uuid4()), []
    act_once(key, by=account("team_manager"), at=timezone.now(), act=lambda: "/theirs/")
    with pytest.raises(SuspiciousOperation):
        act_once(
            key,
            by=account("social_worker"),
            at=timezone.now(),
            act=lambda: done.append("acted") or "/mine/",
        )
    assert done == []


def test_a_form_that_was_refused_can_be_put_right_and_sent_again(account) -> None:
    worker = account("front_door_worker")
    key = str(uuid.uuid4())

    def refuse() -> str:
        raise Refused("Not like this")

    with pytest.raises(Refused):
        act_once(key, by=worker, at=timezone.now(), act=refuse)
    assert not Submission.objects.exists()
    assert act_once(key, by=worker, at=timezone.now(), act=lambda: "/there/") == "/there/"


@pytest.mark.django_db(transaction=True)
def test_two_sendings_at_once_act_once_and_lead_to_the_same_place(account) -> None:
    worker, done, led = account("front_door_worker"), [], []
    key = str(uuid.uuid4())

    def act() -> str:
        done.append("acted")
        return f"/contacts/{len(done)}/"

    def send_again() -> None:
        try:
            with transaction.atomic():
                led.append(act_once(key, by=worker, at=timezone.now(), act=act))
        finally:
            connection.close()

    with transaction.atomic():
        led.append(act_once(key, by=worker, at=timezone.now(), act=act))
        second = threading.Thread(target=send_again)
        second.start()
        second.join(0.3)
        assert second.is_alive(), "the second waits until the first is settled"
    second.join(10)
    assert (done, led) == (["acted"], ["/contacts/1/", "/contacts/1/"])

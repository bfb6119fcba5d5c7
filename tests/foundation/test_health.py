"""Whoever watches is told whether the service lives and can serve, and nothing of the record."""

import pytest
from django.db import OperationalError
from django.test import Client

from harbourlight.foundation import health


@pytest.mark.django_db
def test_it_answers_when_the_database_does_not(client: Client, monkeypatch) -> None:
    ready = client.get("/health/")
    assert ready.json()["database"] == "well"
    assert (ready.status_code, ready.cookies) == (200, {})

    def gone(*_):
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(health.connection, "cursor", gone)
    assert client.get("/health/").status_code == 503
    assert client.get("/health/").json()["database"] == "gone"
    live = client.get("/health/live/")
    assert (live.status_code, live.json(), live.cookies) == (200, {"process": "well"}, {})

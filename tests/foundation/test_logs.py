"""No name, date of birth or note reaches a log."""

import logging
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from harbourlight.foundation.access import public
from harbourlight.foundation.logs import PrivateFormatter

NAME = "Alexandra-Planted"


def breaks(request: HttpRequest, child: str) -> HttpResponse:
    raise ValueError(f"{NAME} cannot be saved")


def breaks_in_the_database(request: HttpRequest, child: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::date", [NAME])
    return HttpResponse("never")


urlpatterns = [
    path("child/<str:child>/", public(breaks)),
    path("database/<str:child>/", public(breaks_in_the_database)),
    path("", include("harbourlight.foundation.accounts.urls")),
]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "told"),
    [
        (f"/child/{NAME}/?name={NAME}", ["GET 500 /child/<str:child>/", "builtins.ValueError"]),
        (f"/database/{NAME}/", ["GET 500 /database/<str:child>/", "django.db.utils.DataError"]),
        (f"/nowhere/{NAME}/", ["GET 404 /(no such page)"]),
        (f"/sign-in/?next=/{NAME}/", ["GET 200 /sign-in/"]),
    ],
)
def test_a_request_is_logged_without_what_it_was_about(client, caplog, address, told) -> None:
    client.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        client.get(address)
    heard = "\n".join(
        PrivateFormatter().format(record)
        for record in caplog.records
        if logging.getLogger(record.name).isEnabledFor(record.levelno)
        and not record.name.startswith("django.db")  # never switched on: see the next test
    )
    for line in told:
        assert line in heard
    assert NAME not in heard


def test_statements_with_their_values_are_never_logged() -> None:
    assert not logging.getLogger("django.db.backends").isEnabledFor(logging.DEBUG)


def record(name: str, message: str, *arguments: Any, **options: Any) -> logging.LogRecord:
    return logging.LogRecord(name, logging.ERROR, __file__, 1, message, arguments, None, **options)


def test_a_librarys_message_is_kept_without_its_values() -> None:
    line = PrivateFormatter().format(record("some.library", "Could not read %s", NAME))
    assert line.endswith("ERROR some.library Could not read %s")


def test_an_error_is_told_by_its_kind_its_cause_and_its_lines_alone() -> None:
    told = ""
    try:
        try:
            raise KeyError(NAME)
        except KeyError as error:
            raise ValueError(NAME) from error
    except ValueError as error:
        told = PrivateFormatter().formatException((type(error), error, error.__traceback__))
    assert "builtins.ValueError" in told
    assert "builtins.KeyError" in told
    assert f"{__file__}:" in told
    assert NAME not in told

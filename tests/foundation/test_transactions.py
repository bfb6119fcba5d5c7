"""One transaction for each request: what a page writes is kept only if the page is served."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import include, path

from harbourlight.foundation.access import public
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.transactions import StreamedOutsideTransaction
from harbourlight.ui import errors

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]


def write(username: str) -> None:
    User.objects.create(username=username, full_name="Written", role="social_worker")


def serves(request: HttpRequest) -> HttpResponse:
    write("kept")
    request.session["seen"] = True
    return HttpResponse("served")


def refuses(request: HttpRequest) -> HttpResponse:
    write("undone")
    raise PermissionDenied


def misses(request: HttpRequest) -> HttpResponse:
    write("undone")
    raise Http404


def fails(request: HttpRequest) -> HttpResponse:
    write("undone")
    request.session["seen"] = True
    raise RuntimeError


def answers_500(request: HttpRequest) -> HttpResponse:
    write("undone")
    return HttpResponse(status=503)


def breaks_a_rule(request: HttpRequest) -> HttpResponse:
    write("undone")
    write("undone")
    return HttpResponse("never")


def swallows(request: HttpRequest) -> HttpResponse:
    write("undone")
    try:
        with transaction.atomic(savepoint=False):
            write("undone")
    except IntegrityError:
        pass
    return HttpResponse("as though nothing had happened")


def streams(request: HttpRequest) -> StreamingHttpResponse:
    write("undone")
    return StreamingHttpResponse(iter(["late"]))


def reads(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(connection.in_atomic_block))


urlpatterns = [
    *(
        path(f"{view.__name__}/", public(view))
        for view in (
            serves,
            refuses,
            misses,
            fails,
            answers_500,
            breaks_a_rule,
            swallows,
            streams,
            reads,
        )
    ),
    path("", include("harbourlight.foundation.accounts.urls")),
]


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Whoever explains a refusal finds the view undone, and may write the refusal down."""
    assert not User.objects.filter(username="undone").exists()
    write("refusal")
    return HttpResponse(status=403)


handler404 = errors.page_not_found
handler500 = errors.server_error


@pytest.mark.parametrize(
    ("address", "status", "kept"),
    [
        ("serves", 200, ["kept"]),
        ("refuses", 403, ["refusal"]),
        ("misses", 404, []),
        ("fails", 500, []),
        ("answers_500", 503, []),
        ("breaks_a_rule", 500, []),
        ("swallows", 500, []),
        ("streams", 500, []),
    ],
)
def test_what_a_page_wrote_is_kept_only_if_it_was_served(client, address, status, kept) -> None:
    client.raise_request_exception = False
    assert client.get(f"/{address}/").status_code == status
    assert [*User.objects.values_list("username", flat=True)] == kept


def test_a_failed_page_keeps_nothing_in_the_session_either(client) -> None:
    client.raise_request_exception = False
    client.get("/fails/")
    assert "seen" not in client.session
    client.get("/serves/")
    assert client.session["seen"]


def test_reading_too_is_in_a_transaction(client) -> None:
    assert client.get("/reads/").content == b"True"


def test_an_answer_that_would_be_read_too_late_says_so_to_whoever_wrote_it(client) -> None:
    with pytest.raises(StreamedOutsideTransaction, match="StreamingHttpResponse"):
        client.get("/streams/")

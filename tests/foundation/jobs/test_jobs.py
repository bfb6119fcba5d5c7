"""Jobs: declared once, enqueued with the act, done at least once, told of nobody."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from harbourlight.foundation.actions import Refused
from harbourlight.foundation.jobs import NotAnIdentifier, actions, declared, job
from harbourlight.foundation.jobs.declaring import _declared, nightly
from harbourlight.foundation.jobs.models import Run
from harbourlight.foundation.jobs.worker import work

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
SECRET = "Ottoline Canary, born 2017-02-03"


def work_until_empty():
    """Do what is waiting with procrastinate's own worker, which has connections of its own."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(work, until_empty=True).result(timeout=60)


@pytest.fixture
def made(request):
    """Declares jobs for one test, and takes them away again."""
    from procrastinate.contrib.django import app

    before = set(_declared)
    yield job
    for name in set(_declared) - before:
        del _declared[name]
        del app.tasks[name]


@pytest.fixture
def quiet(transactional_db, monkeypatch):
    """An empty queue, and no regular work that falls due while a test's own jobs are done."""
    from django.db import connection
    from procrastinate.contrib.django import app

    with connection.cursor() as cursor:  # its tables are not Django's, which leaves them full
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", {})


@pytest.mark.parametrize(
    "value",
    ["Sam Smith", "2017-02-03", "3/2/2017", "", "x" * 65, 7, None, "note: seen today"],
)
def test_a_job_is_told_nothing_but_identifiers(made, value):
    @made("Do something")
    def something(work, *, child_id): ...

    with pytest.raises(NotAnIdentifier) as refused:
        something.check({"child_id": value})
    assert str(value) not in str(refused.value) or value in {"", None, 7}
    something.check({"child_id": "01JXA2B3C4D5E6F7G8"})


def test_a_job_cannot_be_declared_to_be_told_a_name(made):
    with pytest.raises(TypeError, match="identifiers alone"):

        @made("Do something")
        def something(work, *, name): ...


def test_every_job_there_is_says_what_it_does_in_words():
    assert "jobs.clear_old_jobs" in declared()
    for one in declared().values():
        assert one.label[0].isupper(), one.name
        assert not one.label.endswith("."), one.name
        assert one.explanation, f"{one.name} has no docstring"


@pytest.mark.django_db(transaction=True)
def test_a_job_enqueued_in_an_act_that_fails_was_never_enqueued(made, quiet):
    done = []

    @made("Do something")
    def something(work, *, child_id):
        done.append(child_id)

    with transaction.atomic():
        something.later(child_id="undone")
        transaction.set_rollback(True)
    with transaction.atomic():
        something.later(child_id="kept")
    work_until_empty()
    assert done == ["kept"]


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_while_the_jobs_own_transaction_is_open(made, quiet):
    seen = []

    @made("Do something long")
    def something(work):
        with transaction.atomic():
            Run.objects.count()
            work.tell(3, 3)
            with ThreadPoolExecutor(1) as other:
                seen.append(other.submit(_told).result())

    something.later()
    work_until_empty()
    assert seen == [(3, 3)]


def _told():
    from django.db import connection

    try:
        return Run.objects.values_list("done", "total").get()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_failure_is_written_down_as_its_kind_and_place_never_its_words(
    made, quiet, account, client, caplog
):
    @made("Do what fails", attempts=1)
    def something(work):
        raise LookupError(SECRET)

    something.later()
    work_until_empty()
    run = Run.objects.get()
    assert run.error == "builtins.LookupError"
    assert run.place.endswith(".py:" + run.place.rpartition(":")[2])
    assert run.ended_at is not None
    client.force_login(account("administrator"))
    [failed] = ProcrastinateJob.objects.all()
    assert failed.status == "failed"
    for page in (reverse("jobs:now"), reverse("jobs:job", args=[failed.pk]), reverse("jobs:ended")):
        answer = client.get(page)
        assert answer.status_code == 200
        assert "Do what fails" in answer.text
        assert "Canary" not in answer.text
    assert "LookupError" in client.get(reverse("jobs:now")).text


@pytest.mark.django_db(transaction=True)
def test_what_failed_is_tried_again_once_however_often_it_is_asked(made, quiet, account):
    tries = []

    @made("Do what fails at first", attempts=1)
    def something(work):
        tries.append(1)
        if len(tries) == 1:
            raise LookupError

    number = something.later()
    work_until_empty()
    administrator = account("administrator")
    actions.try_again(number, by=administrator, at=NOW)
    with pytest.raises(Refused):
        actions.try_again(number, by=administrator, at=NOW)
    work_until_empty()
    assert len(tries) == 2
    assert ProcrastinateJob.objects.get().status == "succeeded"


@pytest.mark.django_db(transaction=True)
def test_what_a_worker_that_died_was_at_is_done_by_the_next(made, quiet, assured):
    done = []

    @made("Do something")
    def something(work, *, child_id):
        done.append(child_id)

    number = something.later(child_id="X")
    from django.db import connection

    with connection.cursor() as cursor:  # as a worker that was killed leaves it
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
            " RETURNING id"
        )
        worker = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s",
            [worker, number],
        )
    work_until_empty()
    assert done == ["X"]
    assured("jobs-stalled", "a job whose worker had died: done by the next worker, once")


@pytest.mark.django_db(transaction=True)
def test_a_job_that_is_waiting_is_cancelled_and_is_not_done(made, quiet, account):
    done = []

    @made("Do something")
    def something(work):
        done.append(1)

    number = something.later()
    actions.cancel(number, by=account("administrator"), at=NOW)
    work_until_empty()
    assert done == []
    assert ProcrastinateJob.objects.get().status == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_the_page_says_when_regular_work_was_last_done_and_when_nobody_does_it(
    made, quiet, account, client
):
    from django.db import connection
    from procrastinate.contrib.django import app

    @made("Count the boats", every=nightly(3))
    def count_boats(work):
        pass

    app.periodic_registry.periodic_tasks.clear()  # it is not to fall due of itself here
    client.force_login(account("administrator"))
    row = r"Count the boats.*?every day at 3am, Greenwich time.*?{}.*?Do it now"
    regular = client.get(reverse("jobs:regular")).text
    assert re.search(row.format("Not yet, or long ago"), regular, re.DOTALL)
    assert "Nothing is doing this work" in client.get(reverse("jobs:now")).text
    count_boats.later()
    work_until_empty()
    cancelled = count_boats.later()
    actions.cancel(cancelled, by=account("administrator", username="ada"), at=NOW)
    regular = client.get(reverse("jobs:regular")).text
    assert re.search(row.format("2026 at.*?Done"), regular, re.DOTALL), "not the one cancelled"
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert "Nothing is doing this work" not in client.get(reverse("jobs:now")).text


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["now", "regular", "ended"])
def test_the_pages_are_for_those_who_look_after_the_system(account, client, name):
    client.force_login(account("social_worker", username="sam"))
    assert client.get(reverse(f"jobs:{name}")).status_code == 403
    client.force_login(account("administrator"))
    answer = client.get(reverse(f"jobs:{name}"))
    assert answer.status_code == 200

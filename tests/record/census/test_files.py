"""Checking another system's census: nothing of it comes into the record, and one person sees it."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TestCase
from procrastinate.contrib.django.models import ProcrastinateJob

from harbourlight.foundation.notices.models import Notice
from harbourlight.record.census import jobs
from harbourlight.record.census.models import CheckedFile, FileFinding
from harbourlight.record.confidentiality import identity
from harbourlight.returns.cin.checking import check
from tests.pages.reading import main_of, text_of
from tests.record.census import here
from tests.record.families import MOST_QUERIES, NOW, Record, queries_of
from tests.record.people.test_adding import sent_by

pytestmark = pytest.mark.django_db

CHILD = "ZEBEDEE1"
THEIRS = f"""<?xml version="1.0" encoding="utf-8"?>
<Message>
  <Header><CollectionDetails><Collection>CIN</Collection><Year>2026</Year>
  <ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails></Header>
  <Children>
    <Child>
      <ChildIdentifiers><LAchildID>{CHILD}</LAchildID><Sex>Q</Sex></ChildIdentifiers>
      <ChildCharacteristics><Ethnicity>=1+1</Ethnicity></ChildCharacteristics>
    </Child>
  </Children>
</Message>
""".encode()
BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>
<Message><Header/><Children><Child>&c;</Child></Children></Message>"""


def words(answer: Any) -> str:
    return text_of(main_of(answer))


def uploaded(content: bytes, name: str = "their names.xml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def send(desk: Any, content: bytes, **more: Any) -> Any:
    form = sent_by(desk.get("/returns/files/add/"), "Check it")
    return desk.post("/returns/files/add/", form | {"census_file": uploaded(content)} | more)


def do_its_job() -> CheckedFile:
    """What the worker does with the file that was given last."""
    given = CheckedFile.objects.latest("given_at")
    with TestCase.captureOnCommitCallbacks(execute=True):
        jobs.check_file.here(at=NOW, file_id=given.pk)
    given.refresh_from_db()
    return given


def rows_of_the_record() -> dict[str, int]:
    """How many rows every table has, but those that uploading is about."""
    mine = (
        "census_",
        "procrastinate",
        "jobs_",
        "submissions_",
        "history_",
        "django_",
        "drafts_",
        "notices_",
    )
    tables = connection.introspection.table_names()
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.db_table in tables and not model._meta.db_table.startswith(mine)
    }


def test_a_file_is_checked_as_from_the_command_line_and_nothing_of_it_is_in_the_record(
    record: Record, at_desk: Any, tmp_path: Path, caplog: Any, assured: Any
) -> None:
    desk = at_desk("performance_analyst")
    desk.get("/returns/files/")  # writes down where they signed in, once
    before = rows_of_the_record()
    with caplog.at_level(logging.DEBUG):
        answer = send(desk, THEIRS)
        assert answer.status_code == 302
        assert "about to be checked" in words(desk.get(answer.url))
        given = do_its_job()
        page = desk.get(answer.url)
    whole = words(page)
    assert "1 child, checked as the census of 2025/26" in whole
    assert queries_of(desk, answer.url) <= MOST_QUERIES

    file = tmp_path / "theirs.xml"
    file.write_bytes(THEIRS)
    by_command = sorted((one.rule, one.child, one.value) for one in check(file).findings)
    shown = [(one.rule, one.named or None, one.value) for one in given.findings.all()]
    shown += [(one["rule"], None, one["value"]) for one in given.whole]
    assert sorted(shown, key=str) == sorted(by_command, key=str)
    for rule in {one for one, child, _ in by_command if child}:
        listed = main_of(desk.get(f"{answer.url}findings/?rule={rule}"))
        assert CHILD in text_of(listed)
        assert not listed.xpath(f'.//a[contains(., "{CHILD}")]'), "a child of theirs leads nowhere"
    file_of_findings = desk.get(f"{answer.url}download/").content.decode("utf-8-sig")
    assert "'=1+1" in file_of_findings

    assert rows_of_the_record() == before
    assured("foreign-file", f"{len(before)} tables: 0 rows added, changed in number or removed")
    assert not [*Path(settings.CENSUSES).iterdir()], "the file is let go of once it is checked"
    (notice,) = Notice.objects.filter(to=given.by)
    assert notice.about == {"file_id": given.pk}
    told = caplog.text + str([*ProcrastinateJob.objects.values_list("args")]) + answer.url
    for word in ("their names", CHILD, "ZEBEDEE"):
        assert word not in told, word


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n", "The file is not XML, and so is no census"),
        (b"name,born\nAsh,2018-05-01\n", "The file is not XML, and so is no census"),
        (b"", "The file is not XML, and so is no census"),
    ],
)
def test_what_is_no_census_at_all_is_refused_at_once(
    record: Record, at_desk: Any, content: bytes, said: str
) -> None:
    answer = send(at_desk("performance_analyst"), content)
    assert said in words(answer)
    assert not CheckedFile.objects.exists()
    folder = Path(settings.CENSUSES)
    assert not folder.exists() or not [*folder.iterdir()]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><body>A page</body></html>", "census"),
        (THEIRS[:-30], "Line"),
        (BOMB, "document type declaration"),
    ],
)
def test_what_cannot_be_read_gets_one_clear_message(
    record: Record, at_desk: Any, content: bytes, said: str
) -> None:
    desk = at_desk("performance_analyst")
    answer = send(desk, content)
    given = do_its_job()
    assert given.state == CheckedFile.State.REFUSED
    told = words(desk.get(answer.url))
    assert "The file cannot be read as a census" in told
    assert said.lower() in told.lower()
    assert not FileFinding.objects.exists()
    assert not [*Path(settings.CENSUSES).iterdir()]


def test_last_years_file_gives_the_year_on_year_checks(record: Record, at_desk: Any) -> None:
    desk = at_desk("records_officer")
    two = THEIRS.replace(
        b"  </Children>", b"<Child><ChildIdentifiers/></Child><Child/></Children>"
    ).replace(b"2026", b"2025")
    answer = send(desk, THEIRS, last_file=uploaded(two, "last.xml"))
    do_its_job()
    told = words(desk.get(answer.url))
    assert "YonY01: Number of children" in told
    assert "1, last year 3" in told
    assert "decrease in number of child records" in told
    given = CheckedFile.objects.get()
    assert not given.file
    assert not given.last_file


def test_nobody_else_sees_a_file_by_any_way(record: Record, at_desk: Any) -> None:
    given = here.given(THEIRS, by=record.user("performance_analyst"), at=NOW)
    officer = at_desk("records_officer")
    for page in ("", "findings/", "download/", "remove/"):
        address = f"/returns/files/{given.pk}/{page}"
        assert officer.get(address).status_code == 404
        assert officer.post(address).status_code == 404
    assert "theirs.xml" not in words(officer.get("/returns/files/"))
    for role, seen in (("performance_analyst", True), ("records_officer", False)):
        identity.take(record.user(role), NOW)
        assert CheckedFile.objects.exists() is seen, role
        assert FileFinding.objects.exists() is seen, role
        identity.give_back()


def test_a_file_is_removed_when_its_giver_says_so_or_after_thirty_days(
    record: Record, at_desk: Any
) -> None:
    analyst = record.user("performance_analyst")
    kept = here.given(THEIRS, by=analyst, at=NOW)
    gone = here.given(THEIRS, by=analyst, at=NOW)
    desk = at_desk("performance_analyst")
    address = f"/returns/files/{gone.pk}/remove/"
    assert "What was found in it goes too" in words(desk.get(address))
    assert "removed" in words(desk.post(address, follow=True))
    assert [*CheckedFile.objects.all()] == [kept]
    jobs.remove_old.here(at=NOW + timedelta(days=29))
    assert CheckedFile.objects.exists()
    jobs.remove_old.here(at=NOW + timedelta(days=30))
    assert not CheckedFile.objects.exists()
    assert not FileFinding.objects.exists()


def test_a_file_whose_checking_was_cut_short_is_checked_when_it_is_tried_again(
    record: Record, monkeypatch: Any
) -> None:
    given = here.given(THEIRS, by=record.user("performance_analyst"), at=NOW, check=False)
    with monkeypatch.context() as cut:
        cut.setattr(FileFinding.objects, "bulk_create", stopped)
        with pytest.raises(KeyboardInterrupt):
            jobs.check_file.here(at=NOW, file_id=given.pk)
    given.refresh_from_db()
    assert given.state == CheckedFile.State.WAITING
    for _ in range(2):  # a job may be done more than once
        jobs.check_file.here(at=NOW, file_id=given.pk)
    given.refresh_from_db()
    assert given.state == CheckedFile.State.CHECKED
    assert given.findings.filter(rule="4180").count() == 1


def stopped(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt

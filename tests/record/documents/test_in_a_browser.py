"""Documents, notices, background work and the chronology in a real browser, looked at with axe."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from harbourlight.foundation.jobs.models import Run
from harbourlight.foundation.notices import actions as notices
from harbourlight.foundation.notices import declaring
from harbourlight.record.documents.jobs import check_files
from tests.browsing import arrive_by, follow, press
from tests.record.families import Record, moment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PDF = b"%PDF-1.7\n" + b"words " * 50


# The same without JavaScript, by what each form sends, is in the tests of each app.


def test_a_letter_is_added_found_in_the_chronology_and_marked(
    record: Record, open_page: Any, sign_in: Any, look: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(settings, "DOCUMENTS", tmp_path / "documents")
    children = record.rowans(2)
    record.contact(*children, at=moment(9))
    letter = tmp_path / "School_letter.pdf"
    letter.write_bytes(PDF)
    bad = tmp_path / "page.html"
    bad.write_bytes(b"<html><script>x()</script>")
    page = open_page()
    sign_in(page, record.user("front_door_worker"))

    page.goto(f"/people/{children[0].pk}/")
    follow(page, "Documents", exact=True)
    expect(page.get_by_text("No document has been added to this record.")).to_be_visible()
    press(page, "Add documents")
    page.locator("input[type=file]").set_input_files([bad])
    page.get_by_label("What kind of document is it?").select_option(label="School paper")
    for part, value in (("Day", "2"), ("Month", "3"), ("Year", "2026")):
        page.get_by_role("textbox", name=part).fill(value)
    press(page, "Add", exact=True)
    expect(page.get_by_text("page.html: This file is a web page").first).to_be_visible()
    look(page, "Add documents")
    page.locator("input[type=file]").set_input_files([letter])
    press(page, "Add", exact=True)
    look(page, "Documents")
    follow(page, "School letter", exact=True)
    expect(page.get_by_role("heading", name="School letter")).to_be_visible()
    look(page, "School letter")

    follow(page, "Chronology", exact=True)
    expect(page.get_by_role("link", name="School paper: School letter")).to_be_visible()
    press(page, "Mark as significant : School paper")
    expect(page.get_by_text("Marked as significant.")).to_be_visible()
    look(page, "Chronology")
    page.get_by_text("Choose what to show").click()
    expect(page.get_by_label("Significant only")).to_be_visible()
    page.get_by_label("Significant only").check()
    press(page, "Apply")
    expect(page.get_by_role("heading", name="School paper: School letter")).to_be_visible()
    expect(page.get_by_role("heading", name="Contact from")).to_have_count(0)

    page.goto(f"/documents/of/{children[0].pk}/letter/")
    look(page, "Write a letter")


def test_a_person_reads_what_they_were_told_and_chooses_how(
    record: Record, open_page: Any, sign_in: Any, look: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(declaring, "_kinds", dict(declaring._kinds))
    declaring.declare("test:one", "Somebody opened a record", link=lambda about: "/people/")
    user = record.user("front_door_worker")
    page = open_page()
    sign_in(page, user)
    page.goto("/notices/")
    expect(page.get_by_text("You have no notices.")).to_be_visible()
    for _ in range(2):
        notices.tell(user, "test:one", at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    page.goto("/notices/")
    expect(page.get_by_role("link", name="2 unread")).to_be_visible()
    look(page, "Notices")
    arrive_by(page.get_by_role("button", name="Somebody opened a record", exact=True).first)
    expect(page).to_have_url(re.compile("/people/$"))
    page.goto("/notices/?show=unread")
    arrive_by(page.get_by_role("button", name="Mark as read").first)
    expect(page.get_by_text("1 notice marked read.")).to_be_visible()
    follow(page, "Choose what is sent to you by e-mail")
    look(page, "How do you want to be told?")


def test_background_work_is_seen_failing_and_tried_again(
    record: Record, open_page: Any, sign_in: Any, look: Any
) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
    failed, running = check_files.later(), 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed', queueing_lock = NULL")
        cursor.execute("UPDATE procrastinate_jobs SET lock = NULL")
    running = check_files.later()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [running])
    at = datetime(2026, 3, 2, 4, tzinfo=UTC)
    Run.objects.create(job_id=failed, attempt=1, started_at=at, ended_at=at,
                       error="builtins.OSError", place="record/documents/jobs.py:41")  # fmt: skip
    Run.objects.create(job_id=running, attempt=1, started_at=at, done=30, total=120)
    page = open_page()
    sign_in(page, record.user("administrator"))
    page.goto("/jobs/")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "30")
    look(page, "Background work")
    Run.objects.filter(job_id=running).update(done=60)
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "60")  # by itself
    arrive_by(page.get_by_role("link", name="Check every document's file").first)
    expect(page.get_by_text("OSError").first).to_be_visible()
    look(page, "Check every document's file against its checksum")
    press(page, "Try again")
    expect(page.get_by_text("It will be tried again now.")).to_be_visible()
    press(page, "Cancel this job")
    look(page, "Cancel this job?")
    press(page, "Cancel the job")
    expect(page.get_by_text("It is cancelled, or stops as soon as it can.")).to_be_visible()
    for name in ("regular", "ended"):
        page.goto(f"/jobs/{name}/")
        look(page, "Background work")

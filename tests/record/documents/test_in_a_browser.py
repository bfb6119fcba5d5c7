"""Documents, notices, background work and the chronology in a real browser, looked at with axe."""

import os
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
from tests.record.families import Record, moment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PDF = b"%PDF-1.7\n" + b"words " * 50


@pytest.fixture
def look(check_access: Any) -> Any:
    """Looks at a page with axe in a hand, and whether it is too wide at a desk and at 320 pixels.

    Pictures go to the folder PICTURES names.
    """
    folder = os.environ.get("PICTURES")

    def look(page: Any, name: str) -> None:
        was = page.viewport_size
        check_access(page, widths=(375,))
        for width in (320, 375, 1280) if folder else (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert over <= 0, f"{page.url} is {over} pixels too wide for {width}"
            if folder:
                page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size(was)

    return look


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
    page.get_by_role("link", name="Documents", exact=True).click()
    expect(page.get_by_text("No document has been added to this record.")).to_be_visible()
    page.get_by_role("button", name="Add documents").click()
    page.locator("input[type=file]").set_input_files([bad])
    page.get_by_label("What kind of document is it?").select_option(label="School paper")
    for part, value in (("Day", "2"), ("Month", "3"), ("Year", "2026")):
        page.get_by_role("textbox", name=part).fill(value)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("page.html: This file is a web page").first).to_be_visible()
    look(page, "documents-add")
    page.locator("input[type=file]").set_input_files([letter])
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("link", name="School letter", exact=True).wait_for()
    look(page, "documents-list")
    page.get_by_role("link", name="School letter", exact=True).click()
    expect(page.get_by_role("heading", name="School letter")).to_be_visible()
    look(page, "document")

    page.get_by_role("link", name="Chronology", exact=True).click()
    page.get_by_role("link", name="School paper: School letter").wait_for()
    page.get_by_role("button", name="Mark as significant : School paper").click()
    expect(page.get_by_text("Marked as significant.")).to_be_visible()
    look(page, "chronology")
    page.get_by_text("Choose what to show").click()
    page.get_by_label("Significant only").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("heading", name="School paper: School letter")).to_be_visible()
    expect(page.get_by_role("heading", name="Contact from")).to_have_count(0)

    page.goto(f"/documents/of/{children[0].pk}/letter/")
    look(page, "letter")


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
    look(page, "notices")
    page.get_by_role("button", name="Somebody opened a record", exact=True).first.click()
    page.wait_for_url("**/people/")
    page.goto("/notices/?show=unread")
    page.get_by_role("button", name="Mark as read").first.click()
    expect(page.get_by_text("1 notice marked read.")).to_be_visible()
    page.get_by_role("link", name="Choose what is sent to you by e-mail").click()
    look(page, "notices-choose")


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
    look(page, "jobs")
    Run.objects.filter(job_id=running).update(done=60)
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "60")  # by itself
    page.get_by_role("link", name="Check every document's file").first.click()
    expect(page.get_by_text("OSError").first).to_be_visible()
    look(page, "job")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("It will be tried again now.")).to_be_visible()
    page.get_by_role("button", name="Cancel this job").click()
    look(page, "job-cancel")
    page.get_by_role("button", name="Cancel the job").click()
    expect(page.get_by_text("It is cancelled, or stops as soon as it can.")).to_be_visible()
    for name in ("regular", "ended"):
        page.goto(f"/jobs/{name}/")
        look(page, f"jobs-{name}")

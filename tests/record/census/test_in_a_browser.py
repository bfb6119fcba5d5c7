"""The returns in a browser: the button, a finding opened at its field, and another's file."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from harbourlight.record.census import jobs
from harbourlight.record.census.models import CheckedFile
from tests.browsing import follow, press
from tests.record.census.test_files import CHILD, THEIRS
from tests.record.families import Record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_finding_is_opened_at_the_field_where_it_is_mended(
    record: Record, page: Any, sign_in: Any, look: Any
) -> None:
    child = record.child("Ash Sorrel", sex="F")
    record.referred(child, at=timezone.now())
    sign_in(page, record.user("team_manager"))
    follow(page, "Returns")
    expect(page.get_by_text("This census has not been made yet.")).to_be_visible()
    press(page, "Make it now")
    expect(page.get_by_role("heading", name="The census is about to be made")).to_be_visible()
    look(page, "Returns")

    jobs.make.here(at=timezone.now())
    follow(page, "Look again")
    follow(page, "The child's ethnicity is not recorded.")
    look(page, "The child's ethnicity is not recorded.")
    follow(page, "Ash Sorrel")
    expect(page).to_have_url(re.compile(rf"/people/{child.pk}/details/#about-ethnicity$"))
    expect(page.locator("#about-ethnicity")).to_be_in_viewport()


@pytest.mark.parametrize("javascript", [True, False])
def test_anothers_file_is_given_watched_read_and_removed(
    record: Record, open_page: Any, sign_in: Any, look: Any, tmp_path: Path, javascript: bool
) -> None:
    page = open_page(javascript=javascript)
    sign_in(page, record.user("performance_analyst"))
    follow(page, "Returns")
    follow(page, "Check a file of another system")
    press(page, "Check a file")
    picture, census = tmp_path / "picture.xml", tmp_path / "theirs.xml"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    census.write_bytes(THEIRS)
    page.get_by_label("Census file", exact=True).set_input_files(picture)
    press(page, "Check it")
    expect(page.get_by_role("alert")).to_contain_text("The file is not XML")
    page.get_by_label("Census file", exact=True).set_input_files(census)
    press(page, "Check it")
    expect(page.get_by_role("heading", name="The file is about to be checked")).to_be_visible()

    given = CheckedFile.objects.get()
    jobs.check_file.here(at=timezone.now(), file_id=given.pk)
    if not javascript:
        follow(page, "Look again")
    expect(page.get_by_text("1 child, checked as the census of 2025/26")).to_be_visible()
    if javascript:
        look(page, "theirs.xml")
    follow(page, "4180: Sex must be provided and equal M, F, or U")
    expect(page.get_by_role("rowheader", name=CHILD)).to_be_visible()
    follow(page, "The file")
    press(page, "Remove it now")
    press(page, "Remove it")
    expect(page.get_by_text("You have given no file.")).to_be_visible()
    assert not CheckedFile.objects.exists()
    assert not [*Path(settings.CENSUSES).iterdir()]

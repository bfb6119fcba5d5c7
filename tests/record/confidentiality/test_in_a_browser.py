"""Opening a record with a reason, and restricting one, in a real browser, looked at with axe."""

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from harbourlight.record.people.models import Person
from tests.pages.service import small_service

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASON = "The school rang: she has not been collected and nobody answers the telephone."


@pytest.fixture
def look(check_access: Any) -> Any:
    """Looks at a page with axe; pictures go to the folder PICTURES names."""
    folder = os.environ.get("PICTURES")

    def look(page: Any, name: str) -> None:
        check_access(page, widths=(320, 1280))
        was = page.viewport_size
        for width in (320, 375, 1280) if folder else ():
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder or "") / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size(was)

    return look


@pytest.fixture
def service(account: Any) -> Any:
    """Two teams, and a child of the other."""
    made = small_service(account)
    made.joins("Rae Cord", "records_officer", None)
    made.referred(
        "Otto Fotheringay-Featherstonehaugh", date(2026, 3, 9), team="Lantern", to="Ned North"
    )
    return made


def test_a_record_is_opened_with_a_reason_and_reviewed(
    service: Any, open_page: Any, sign_in: Any, look: Any
) -> None:
    child = Person.objects.get(forename="Otto")
    page = open_page()
    sign_in(page, service.users["Sol West"])
    page.goto(f"/people/{child.pk}/")
    assert "You do not work with" in page.locator("h1").inner_text()
    look(page, "outline")
    page.get_by_role("button", name="Open this record").click()
    page.get_by_role("button", name="Open for 15 minutes").click()
    assert "There is a problem" in page.content()
    look(page, "open")
    page.get_by_label("Why do you need to read this record?").fill(REASON)
    page.get_by_role("button", name="Open for 15 minutes").click()
    page.wait_for_url(f"**/people/{child.pk}/")
    bar = page.get_by_role("region", name="Whose record this is")
    assert "15 minutes left" in bar.inner_text()
    look(page, "opened")

    manager = open_page()
    sign_in(manager, service.users["Lou Lamp"])
    manager.goto("/notices/")
    look(manager, "notices")
    manager.goto("/confidentiality/openings/")
    look(manager, "openings")
    manager.get_by_role("link", name=child.name).click()
    look(manager, "opening")
    manager.get_by_label("There was a good reason").check()
    manager.get_by_label("What did you look at").fill("The call is there, at ten past four.")
    manager.get_by_role("button", name="Keep the review").click()
    manager.wait_for_url("**/openings/")
    assert "Nothing waits for a review." in manager.content()
    look(manager, "openings-reviewed")


def test_a_record_is_restricted_somebody_named_and_the_restriction_lifted(
    service: Any, open_page: Any, sign_in: Any, look: Any
) -> None:
    child = Person.objects.get(forename="Otto")
    page = open_page()
    sign_in(page, service.users["Rae Cord"])
    page.goto("/confidentiality/restricted/")
    assert "No record is restricted." in page.content()
    look(page, "restricted-none")
    page.goto(f"/people/{child.pk}/")
    page.get_by_role("button", name="Who may know of this record").click()
    look(page, "who-may-know")
    page.get_by_role("button", name="Restrict this record").click()
    look(page, "restrict")
    page.get_by_label("Why is this record being restricted?").fill("Adoption is planned.")
    page.get_by_role("button", name="Restrict the record").click()
    page.get_by_role("button", name="Let somebody know of it").click()
    page.get_by_label("Who may know of this record?").select_option(
        label="Fay Door, front door worker"
    )
    page.get_by_label("Why?").fill("She answers the adopters, who ring the front door.")
    look(page, "grant")
    page.get_by_role("button", name="Let them know of it").click()
    page.get_by_role("link", name=re.compile("End.*Fay Door")).wait_for()
    look(page, "who-may-know-named")
    page.get_by_role("link", name=re.compile("End.*Fay Door")).click()
    look(page, "end-grant")
    page.get_by_role("button", name="They may know of it no longer").click()
    page.get_by_text("Over", exact=True).wait_for()
    page.goto("/confidentiality/restricted/")
    look(page, "restricted")
    page.get_by_role("link", name=child.name).click()
    page.get_by_role("button", name="Lift the restriction").click()
    look(page, "lift")
    page.get_by_label("Why is the restriction being lifted?").fill("The order was made.")
    page.get_by_role("button", name="Lift the restriction").click()
    page.get_by_text("This record is not restricted").wait_for()

"""Opening a record with a reason, and restricting one, in a real browser, looked at with axe."""

import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from harbourlight.record.people.models import Person
from tests.browsing import follow, press
from tests.pages.service import small_service

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASON = "The school rang: she has not been collected and nobody answers the telephone."


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
    look(page, f"You do not work with {child.name}")
    press(page, "Open this record")
    press(page, "Open for 15 minutes")
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    look(page, "Open this record")
    page.get_by_label("Why do you need to read this record?").fill(REASON)
    press(page, "Open for 15 minutes")
    expect(page).to_have_url(re.compile(f"/people/{child.pk}/$"))
    bar = page.get_by_role("region", name="Whose record this is")
    expect(bar).to_contain_text("15 minutes left")
    look(page, f"{child.name}: overview")

    manager = open_page()
    sign_in(manager, service.users["Lou Lamp"])
    manager.goto("/notices/")
    look(manager, "Notices")
    manager.goto("/confidentiality/openings/")
    look(manager, "Records opened with a reason")
    follow(manager, child.name)
    look(manager, "A record opened with a reason")
    manager.get_by_label("There was a good reason").check()
    manager.get_by_label("What did you look at").fill("The call is there, at ten past four.")
    press(manager, "Keep the review")
    expect(manager.get_by_role("main")).to_contain_text("Nothing waits for a review.")
    look(manager, "Records opened with a reason")


def test_a_record_is_restricted_somebody_named_and_the_restriction_lifted(
    service: Any, open_page: Any, sign_in: Any, look: Any
) -> None:
    child = Person.objects.get(forename="Otto")
    page = open_page()
    sign_in(page, service.users["Rae Cord"])
    page.goto("/confidentiality/restricted/")
    expect(page.get_by_role("main")).to_contain_text("No record is restricted.")
    look(page, "Restricted records")
    page.goto(f"/people/{child.pk}/")
    press(page, "Who may know of this record")
    look(page, "Who may know of this record")
    press(page, "Restrict this record")
    look(page, "Restrict this record")
    page.get_by_label("Why is this record being restricted?").fill("Adoption is planned.")
    press(page, "Restrict the record")
    press(page, "Let somebody know of it")
    page.get_by_label("Who may know of this record?").select_option(
        label="Fay Door, front door worker"
    )
    page.get_by_label("Why?").fill("She answers the adopters, who ring the front door.")
    look(page, "Let somebody know of this record")
    press(page, "Let them know of it")
    look(page, "Who may know of this record")
    follow(page, re.compile("End.*Fay Door"))
    look(page, "Let them know of this record no longer?")
    press(page, "They may know of it no longer")
    expect(page.get_by_text("Over", exact=True)).to_be_visible()
    page.goto("/confidentiality/restricted/")
    look(page, "Restricted records")
    follow(page, child.name)
    press(page, "Lift the restriction")
    look(page, "Lift the restriction")
    page.get_by_label("Why is the restriction being lifted?").fill("The order was made.")
    press(page, "Lift the restriction")
    expect(page.get_by_text("This record is not restricted")).to_be_visible()

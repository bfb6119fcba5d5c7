"""An address that leads to part of a page: it is marked, and read and worked on from there."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from harbourlight.record.census.fields import page_of
from harbourlight.record.people.models import Disability, Identifier, Person
from harbourlight.record.protection.models import ProtectionPlan, Review
from tests.record.families import NOW, Record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MARKED = "rgb(255, 247, 191)"


@pytest.fixture
def child(record: Record) -> Person:
    """A child with a pupil number that has ended, and a plan that was reviewed five times."""
    child = record.child("Wren Ash", date(2015, 3, 12), sex="F")
    who = {"recorded_at": NOW, "recorded_by": record.user("front_door_worker")}
    Identifier.objects.create(
        pk="ended", person=child, kind="upn", value="A1", ended_on=date(2025, 1, 1), **who
    )
    Disability.objects.create(person=child, code="MOB", **who)
    plan = ProtectionPlan.objects.create(child=child, started_on=date(2025, 1, 1), **who)
    for month in range(4, 9):
        Review.objects.create(
            pk=f"r{month}", child=child, plan=plan, held_on=date(2025, month, 1), **who
        )
    return child


def test_a_field_is_marked_and_the_keyboard_goes_on_from_it_though_it_stood_in_something_closed(
    child: Person, record: Record, page: Page, sign_in: Any, look: Any
) -> None:
    sign_in(page, record.user("front_door_manager"))
    for element, table, row, says in (
        ("UPN", "ssd_linked_identifiers", "ended", "A1"),
        ("CPPreviewDate", "ssd_cp_reviews", "r4", "1 April 2025"),
        ("Sex", "ssd_person", child.pk, "Female"),
    ):
        page.goto(page_of(child.pk, element, table=table, row=row))
        field = page.locator(":target")
        expect(field).to_be_visible()
        expect(field).to_contain_text(says)
        expect(field).to_be_focused()
        expect(field).to_be_in_viewport()
        expect(field).to_have_css("background-color", MARKED)
    page.keyboard.press("Tab")
    after = f"/people/{child.pk}/details/warnings/add/"
    expect(page.locator(":focus")).to_have_attribute("href", after)


def test_what_is_not_held_is_marked_at_what_stands_for_it(
    child: Person, record: Record, page: Page, sign_in: Any, look: Any
) -> None:
    sign_in(page, record.user("front_door_manager"))
    page.goto(page_of(child.pk, "PersonDeathDate", table="ssd_person", row=child.pk))
    heading = page.get_by_role("heading", name="About")
    expect(heading).to_be_in_viewport()
    expect(heading).to_have_css("background-color", MARKED)
    look(page, "Details")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Record a death")

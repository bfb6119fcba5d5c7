"""The pages of people and contacts in a real browser: for everyone, and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from harbourlight.record.episodes.actions import close_episode
from harbourlight.record.front_door.models import Decision
from harbourlight.record.people.actions import NewPerson
from harbourlight.record.people.models import Person
from tests.browsing import press
from tests.record.families import Record, moment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Chukwuemeka-Bartholomew"


@pytest.fixture
def family(record: Record) -> Person:
    """A child with a long name and a long record, an open contact, and a family of many."""
    children = record.add(
        NewPerson(LONG, "Featherstonehaugh-Okafor", born_on=moment(1).date()),
        *(NewPerson(forename, "Okafor") for forename in ("Ashley", "Bea", "Calum", "Dotty")),
        NewPerson("Grace", "Okafor", place="parent"),
    )
    child = children[0]
    told = record.contact(*children[:5], at=moment(2), said="A long account.\n" * 20)
    record.decide(told, at=moment(3), outcome="referral", reasons="Because of this.\n" * 10)
    close_episode(
        by=record.user("team_manager"),
        at=moment(10),
        episode=child.episodes.get(),
        on=moment(10).date(),
        reason="RC9",
    )
    record.contact(*children[:5], at=moment(12))
    return child


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_family_is_found_added_to_told_of_and_decided_by_keyboard_and_button_alone(
    family: Person,
    record: Record,
    open_page: Any,
    sign_in: Any,
    look: Any,
    javascript: bool,
) -> None:
    page: Page = open_page(javascript=javascript)
    sign_in(page, record.user("front_door_manager"))
    # A contact is begun from nothing: first, who is it about?
    page.goto("/contacts/")
    press(page, "Record a contact")
    page.get_by_label("Name, and anything else you know").fill("Doty Okafur")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_label("Dotty Okafor").check()
    if javascript:
        look(page, "Who is the contact about?")
    press(page, "Continue with those ticked")
    page.get_by_label("What was said").fill("A new baby, cold at night.")
    # There is a baby nobody knew of.
    press(page, "Find somebody else it is about")
    page.get_by_label("Name, and anything else you know").fill("Baby Okafor")
    press(page, "Find")
    press(page, "Add a person who is not on the record")
    page.get_by_label("With Dotty Okafor").check()
    page.get_by_label("Not known").first.check()
    page.get_by_label("Female").check()
    if javascript:
        look(page, "Add people")
    press(page, "Add", exact=True)
    if page.get_by_role("heading", name="Are they here already?").is_visible():
        page.get_by_label("None of these").check()
        press(page, "Continue")
    expect(page.get_by_label("What was said")).to_have_value("A new baby, cold at night.")
    expect(page.get_by_role("checkbox", name="Baby Okafor")).to_be_checked()
    page.get_by_label("Who made contact").select_option(label="Police")
    press(page, "Record the contact")
    expect(page.get_by_role("main")).to_contain_text("Waiting for a manager’s decision")
    # And it is decided, the same for both but for the reasons.
    press(page, "Decide")
    baby = page.get_by_role("region", name="Baby Okafor")
    other = page.get_by_role("region", name="Dotty Okafor")
    first = baby if page.locator("section h2").first.inner_text().startswith("Baby") else other
    first.get_by_label("Universal").check()
    first.get_by_label("Information or advice given").check()
    press(page, "Answer the same for every child")
    page.get_by_label("Reasons for every child").fill("The health visitor calls today.")
    press(page, "Record the decision")
    expect(page.get_by_role("heading", name="Decision recorded")).to_be_visible()
    made = Decision.objects.filter(reasons="The health visitor calls today.")
    assert {one.child.forename for one in made} == {"Baby", "Dotty"}
    assert "kafor" not in page.url.lower()

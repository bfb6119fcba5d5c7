"""Finding somebody, going back, and deciding on two records: by keyboard, in a real browser."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from harbourlight.record.matching import jobs
from harbourlight.record.matching.models import Merger, Proposal
from harbourlight.record.matching.proposing import propose_duplicates
from harbourlight.record.people.models import Address, PersonName
from tests.record.families import NOW, Record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pair(record: Record) -> Proposal:
    """One child held twice, with another name and an address."""
    first = record.child("William Penhalwick", date(2015, 3, 12), sex="M", ethnicity="WBRI")
    record.child("Bill Penhalwick", date(2015, 3, 12), sex="M")
    record.referred(first, at=NOW)
    who = {"recorded_at": NOW, "recorded_by": record.user("front_door_worker")}
    PersonName.objects.create(
        person=first, kind="previous", forename="William", surname="Vellan", **who
    )
    Address.objects.create(
        person=first, kind="home", lines="1 Quay Street", postcode="QA14 5BD", **who
    )
    propose_duplicates(at=NOW)
    return Proposal.objects.get()


def press_on(page: Page, name: str, *, most: int = 60) -> None:
    """Go on with the Tab key to what has these words, and press Enter there."""
    for _ in range(most):
        page.keyboard.press("Tab")
        words = page.evaluate("document.activeElement.textContent.trim()")
        if words.startswith(name):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"nothing that says {name!r} is reached by the Tab key")


def test_two_records_are_found_compared_decided_on_and_parted_by_keyboard(
    pair: Proposal, record: Record, page: Page, sign_in: Any, look: Any
) -> None:
    sign_in(page, record.user("records_officer"))
    page.goto("/people/")
    page.get_by_label("Name, and anything else you know").focus()
    page.keyboard.type("will vellan qa14")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    found = page.get_by_role("row").filter(has_text="William Penhalwick")
    for because in ("William Vellan", "“Will” is a form of “William”", "Lives in QA14"):
        expect(found).to_contain_text(because)
    look(page, "Find a person")
    press_on(page, "William Penhalwick")
    expect(page.get_by_role("heading", name="William Penhalwick")).to_be_visible()
    page.go_back()  # a posted page would not be shown again
    expect(found).to_be_visible()
    assert not any(name in page.url.lower() for name in ("vellan", "penhal", "will"))

    page.goto("/duplicates/")
    look(page, "People who may be held twice")
    press_on(page, f"{pair.person.name} / ")
    expect(page.get_by_role("heading", name="Are these the same person?")).to_be_visible()
    look(page, "Are these the same person?")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("The school knows one boy")
    press_on(page, "Keep this decision")
    expect(page.get_by_role("main")).to_contain_text("No two records look like one person’s")
    pair.refresh_from_db()
    assert (pair.decision, pair.because) == ("same", "The school knows one boy")

    jobs.make_one.here(at=NOW, proposal_id=pair.pk, kept_id=pair.person_id)
    press_on(page, "Records that were made one")
    look(page, "Records that were made one")
    press_on(page, pair.person.name)
    look(page, "Two records made one")
    page.get_by_label("Why are they two people?").focus()
    page.keyboard.type("They are cousins")
    press_on(page, "Make them two again")
    expect(page.get_by_role("main")).to_contain_text("Being undone")
    jobs.make_two.here(at=NOW, merger_id=Merger.objects.get().pk)
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Two records again")

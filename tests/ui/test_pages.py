"""Pages in a browser: what everyone meets, with and without JavaScript, on a desk and in a hand."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browsing import arrive_by, follow, press

pytestmark = pytest.mark.browser


def test_a_form_with_errors_leads_to_them(page) -> None:
    page.goto(reverse("gallery_form"))
    assert not page.title().startswith("Error")
    press(page, "Continue")
    expect(page).to_have_title(re.compile("^Error: Every field"))
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Enter date of birth").click()
    expect(page.locator("#id_born_on-day")).to_be_focused()
    page.keyboard.type("27/3/2019")
    page.get_by_label("No", exact=True).check()
    expect(page.get_by_label("Why not")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_another_group_is_added_and_removed(open_page, javascript) -> None:
    page = open_page(javascript=javascript)
    page.goto(reverse("gallery_repeating"))
    first = page.get_by_role("group", name="Child 1")
    first.get_by_label("First name").fill("Alex")
    first.get_by_label("Day").fill("27/3/2019")
    for name in ("Blake", "Charlie"):
        add = page.get_by_role("button", name="Add another child")
        if not javascript:
            arrive_by(add)
        groups = page.get_by_role("group", name="Child").filter(has=page.get_by_label("First name"))
        if javascript:  # the new group takes the focus a moment later, and the page moves under it
            add.click()
            expect(groups.last).to_be_focused()
        groups.last.get_by_label("First name").fill(name)
        groups.last.get_by_label("Day").fill("2/4/2021")
    remove = page.get_by_role("button", name="Remove child 2")
    if javascript:
        remove.click()
        expect(page.get_by_label("First name")).to_have_count(2)
    else:
        arrive_by(remove)
    arrive_by(page.get_by_role("button", name="Continue").last)
    expect(page.get_by_role("main")).to_contain_text("Added: Alex, Charlie.")


def test_the_enter_key_sends_the_form_and_removes_nothing(open_page) -> None:
    page = open_page(javascript=False)
    page.goto(reverse("gallery_repeating"))
    press(page, "Add another child")
    page.get_by_label("First name").first.fill("Alex")
    page.get_by_label("Day").first.fill("27/3/2019")
    with page.expect_navigation():
        page.get_by_label("Day").first.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Added: Alex.")


def test_a_refusal_and_a_missing_page_are_pages_like_any_other(
    page, account, sign_in, look
) -> None:
    sign_in(page, account("social_worker"))
    for address, heading in (
        ("/nothing/here/", "Page not found"),
        ("/accounts/", "You cannot do this"),
    ):
        page.goto(address)
        look(page, heading)


def test_a_failure_is_a_page_that_says_nothing_was_saved(page, look) -> None:
    page.goto(reverse("gallery_broken"))
    expect(page.get_by_role("main")).to_contain_text("Nothing from this page was saved")
    look(page, "Sorry, something went wrong")


def test_a_new_worker_is_added_and_chooses_a_password(page, account, sign_in) -> None:
    sign_in(page, account("administrator", full_name="Ada Admin"))
    page.goto(reverse("accounts"))
    press(page, "Add an account")
    page.get_by_label("Username").fill("Sam@Example.org")
    page.get_by_label("Full name").fill("Sam Social-Worker")
    page.get_by_label("Social worker", exact=True).check()
    press(page, "Add account")
    password = page.locator("code").inner_text()
    follow(page, "Go to the account of Sam Social-Worker")
    press(page, "Sign out")

    page.get_by_label("Username").fill("sam@example.org")
    page.get_by_label("Password", exact=True).fill(password)
    press(page, "Sign in")
    expect(page.get_by_role("heading", name="Choose a password")).to_be_visible()
    page.get_by_label("Current password").fill(password)
    page.get_by_label("New password", exact=True).fill("password1234")
    page.get_by_label("New password again").fill("password1234")
    press(page, "Change password")
    expect(page.get_by_role("alert").first).to_contain_text("too common")
    for label in ("New password", "New password again"):
        page.get_by_label(label, exact=True).fill("a lantern and a kipper")
    page.get_by_label("Current password").fill(password)
    press(page, "Change password")
    expect(page.get_by_text("Your password has been changed.")).to_be_visible()
    page.goto(reverse("account_change_password"))
    expect(page.get_by_role("heading", name="Change your password")).to_be_visible()

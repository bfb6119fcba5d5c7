"""Pages in a browser: what everyone meets, with and without JavaScript, on a desk and in a hand."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_form_with_errors_leads_to_them(page) -> None:
    page.goto(reverse("gallery_form"))
    assert not page.title().startswith("Error")
    page.get_by_role("button", name="Continue").click()
    assert page.title().startswith("Error: Every field")
    summary = page.get_by_role("alert")
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    summary.get_by_role("link", name="Enter date of birth").click()
    assert page.evaluate("document.activeElement.id") == "id_born_on-day"
    page.keyboard.type("27/3/2019")
    page.get_by_label("No", exact=True).check()
    assert page.get_by_label("Why not").is_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_another_group_is_added_and_removed(open_page, javascript) -> None:
    page = open_page(javascript=javascript)
    page.goto(reverse("gallery_repeating"))
    first = page.get_by_role("group", name="Child 1")
    first.get_by_label("First name").fill("Alex")
    first.get_by_label("Day").fill("27/3/2019")
    for name in ("Blake", "Charlie"):
        page.get_by_role("button", name="Add another child").click()
        groups = page.get_by_role("group", name="Child").filter(has=page.get_by_label("First name"))
        if javascript:  # the new group takes the focus a moment later, and the page moves under it
            expect(groups.last).to_be_focused()
        groups.last.get_by_label("First name").fill(name)
        groups.last.get_by_label("Day").fill("2/4/2021")
    page.get_by_role("button", name="Remove child 2").click()
    page.get_by_role("button", name="Continue").last.click()
    assert "Added: Alex, Charlie." in page.get_by_role("main").inner_text()


def test_the_enter_key_sends_the_form_and_removes_nothing(open_page) -> None:
    page = open_page(javascript=False)
    page.goto(reverse("gallery_repeating"))
    page.get_by_role("button", name="Add another child").click()
    page.get_by_label("First name").first.fill("Alex")
    page.get_by_label("Day").first.fill("27/3/2019")
    page.get_by_label("Day").first.press("Enter")
    assert "Added: Alex." in page.get_by_role("main").inner_text()


def test_a_refusal_and_a_missing_page_are_pages_like_any_other(
    page, account, sign_in, check_access
) -> None:
    sign_in(page, account("social_worker"))
    for address, heading in (("/nothing/here/", "Page not found"), ("/accounts/", "You cannot")):
        page.goto(address)
        assert page.get_by_role("heading", level=1, name=heading).is_visible()
        check_access(page)


def test_a_failure_is_a_page_that_says_nothing_was_saved(page, check_access) -> None:
    page.goto(reverse("gallery_broken"))
    assert "Nothing from this page was saved" in page.get_by_role("main").inner_text()
    check_access(page)


def test_a_new_worker_is_added_and_chooses_a_password(page, account, sign_in) -> None:
    sign_in(page, account("administrator", full_name="Ada Admin"))
    page.goto(reverse("accounts"))
    page.get_by_role("button", name="Add an account").click()
    page.get_by_label("Username").fill("Sam@Example.org")
    page.get_by_label("Full name").fill("Sam Social-Worker")
    page.get_by_label("Social worker", exact=True).check()
    page.get_by_role("button", name="Add account").click()
    password = page.locator("code").inner_text()
    page.get_by_role("link", name="Go to the account of Sam Social-Worker").click()
    page.get_by_role("button", name="Sign out").click()

    page.get_by_label("Username").fill("sam@example.org")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    assert page.get_by_role("heading", name="Choose a password").is_visible()
    page.get_by_label("Current password").fill(password)
    page.get_by_label("New password", exact=True).fill("password1234")
    page.get_by_label("New password again").fill("password1234")
    page.get_by_role("button", name="Change password").click()
    assert "too common" in page.get_by_role("alert").first.inner_text()
    for label in ("New password", "New password again"):
        page.get_by_label(label, exact=True).fill("a lantern and a kipper")
    page.get_by_label("Current password").fill(password)
    page.get_by_role("button", name="Change password").click()
    page.get_by_text("Your password has been changed.").wait_for()
    page.goto(reverse("account_change_password"))
    assert page.get_by_role("heading", name="Change your password").is_visible()

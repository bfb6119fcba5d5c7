"""Signing in, in a browser."""

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_person_signs_in_and_out(open_page, account, sign_in, javascript) -> None:
    administrator = account("administrator", full_name="Ada Admin")
    page = open_page(javascript=javascript)
    sign_in(page, administrator, password="not the password")
    assert "There is a problem" in page.get_by_role("alert").inner_text()
    sign_in(page, administrator)
    page.goto("/accounts/")
    assert page.get_by_role("heading", name="Accounts").is_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    page.goto("/accounts/")
    assert page.get_by_role("heading", name="Sign in").is_visible()

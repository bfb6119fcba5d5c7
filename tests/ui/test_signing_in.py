"""Signing in, in a browser."""

import pytest
from playwright.sync_api import expect

from tests.browsing import press

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_person_signs_in_and_out(open_page, account, sign_in, javascript) -> None:
    administrator = account("administrator", full_name="Ada Admin")
    page = open_page(javascript=javascript)
    sign_in(page, administrator, password="not the password")
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    sign_in(page, administrator)
    page.goto("/accounts/")
    expect(page.get_by_role("heading", name="Accounts")).to_be_visible()
    press(page, "Sign out")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/accounts/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

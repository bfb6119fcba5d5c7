"""Going from page to page in a browser: press a button or follow a link, and arrive.

Playwright's click returns when the click is made, and whatever does not wait (`assert`, an address,
the database, axe, `page.goto`) would meet the page before, or cut short what was sent. So whatever
leads to another page is pressed and followed here; `test_browsing` finds a click elsewhere that
nothing waits for. What a script changes on the same page is clicked, and then expected.
"""

from re import Pattern

from playwright.sync_api import Locator, Page


def press(within: Page | Locator, name: str | Pattern[str], *, exact: bool = False) -> None:
    """Press the button of this name, and arrive at the page it leads to."""
    arrive_by(within.get_by_role("button", name=name, exact=exact))


def follow(within: Page | Locator, name: str | Pattern[str], *, exact: bool = False) -> None:
    """Follow the link of this name, and arrive at the page it leads to."""
    arrive_by(within.get_by_role("link", name=name, exact=exact))


def arrive_by(way: Locator) -> None:
    """Click what leads to another page, and arrive: what was sent is answered, the page loaded."""
    with way.page.expect_navigation():
        way.click()

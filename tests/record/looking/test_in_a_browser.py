"""The past of a record, who looked, and unusual access, in a browser: with axe, at each width."""

import os
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from harbourlight.foundation.history.models import record_reading
from harbourlight.record.looking.actions import look_through
from harbourlight.record.people import actions
from harbourlight.record.people.details import BY_CODE
from harbourlight.record.people.models import Address
from tests.record.families import Record

pytestmark = pytest.mark.django_db(transaction=True)


def look(page: Any, name: str, check_access: Any) -> None:
    """Axe on a desk and in a hand, and no sideways scroll on the narrowest."""
    check_access(page)
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, name
    if folder := os.environ.get("SCREENSHOTS"):
        for width in (1280, 375, 320):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_the_pages_of_the_past_and_of_who_looked_stand_up_to_reading(
    record: Record, page: Any, sign_in: Any, check_access: Any
) -> None:
    officer, manager = record.user("records_officer"), record.user("front_door_manager")
    children = record.rowans(3)
    child, now = children[0], timezone.now()
    given = {"kind": "home", "lines": "1 Harbour Street\nHarbourmouth", "postcode": "NE1 4XX"}
    actions.add_fact(BY_CODE["addresses"], child, given, by=manager, at=now)
    record.referred(child, at=now)
    record.contact(*children, at=now - timedelta(minutes=2), said="They came cold to school.")
    known = timezone.localtime()
    address = Address.objects.get(person=child)
    actions.correct_fact(
        BY_CODE["addresses"], address, {"lines": "2 Harbour Street"},
        by=manager, at=timezone.now(), because="Misheard.",
    )  # fmt: skip
    record.contact(child, at=timezone.now(), said="And again.")
    yesterday = now - timedelta(days=1)
    for number in range(3):
        record_reading(
            name="child:page",
            by=record.user("inspector"),
            at=yesterday + timedelta(minutes=number),
            children=[child.pk],
        )
    look_through(timezone.localdate(yesterday), at=now)

    page.set_default_timeout(60_000)  # it is what is shown that is asked about, not how soon
    page.set_default_navigation_timeout(60_000)
    sign_in(page, officer)
    page.goto(f"/people/{child.pk}/")
    page.get_by_role("link", name="This record as it was known on another day").click()
    look(page, "choose", check_access)
    page.get_by_role("button", name="Show that day").click()
    assert page.get_by_role("alert").is_visible()
    moment = known.strftime("?day-day=%d&day-month=%m&day-year=%Y")
    page.goto(f"/people/{child.pk}/known-then/{moment}")
    for part in ("Details", "Chronology", "Overview"):
        parts = page.get_by_role("navigation", name="Parts of the record as it was known")
        parts.get_by_role("link", name=part).click()
        look(page, f"then-{part}", check_access)
    page.goto(f"/people/{child.pk}/")
    page.get_by_role("button", name="Who has looked at this record").click()
    look(page, "who", check_access)
    page.get_by_role("link", name="When it was opened with a reason").click()
    look(page, "openings", check_access)
    page.get_by_role("link", name="Unusual access").click()
    look(page, "unusual", check_access)
    page.get_by_role("link", name="No relationship").click()
    page.get_by_role("button", name="Keep the decision").click()
    look(page, "access", check_access)
    page.get_by_label("Seen: there is nothing to ask").check()
    page.get_by_role("textbox").fill("The inspection of this week.")
    page.get_by_role("button", name="Keep the decision").click()
    assert page.get_by_text("Your decision has been kept.").is_visible()

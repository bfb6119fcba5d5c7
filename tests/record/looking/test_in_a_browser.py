"""The past of a record, who looked, and unusual access, in a browser: with axe, at each width."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from harbourlight.foundation.history.models import record_reading
from harbourlight.record.looking.actions import look_through
from harbourlight.record.people import actions
from harbourlight.record.people.details import BY_CODE
from harbourlight.record.people.models import Address
from tests.browsing import follow, press
from tests.record.families import Record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_pages_of_the_past_and_of_who_looked_stand_up_to_reading(
    record: Record, page: Any, sign_in: Any, look: Any
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
    follow(page, "This record as it was known on another day")
    look(page, "As known on another day")
    press(page, "Show that day")
    expect(page.get_by_role("alert")).to_be_visible()
    moment = known.strftime("?day-day=%d&day-month=%m&day-year=%Y")
    page.goto(f"/people/{child.pk}/known-then/{moment}")
    for part in ("Details", "Chronology", "Overview"):
        parts = page.get_by_role("navigation", name="Parts of the record as it was known")
        follow(parts, part)
        expect(parts.get_by_role("link", name=part)).to_have_attribute("aria-current", "page")
        look(page, re.compile("^As known at "))
    page.goto(f"/people/{child.pk}/")
    press(page, "Who has looked at this record")
    look(page, "Who has looked at this record")
    follow(page, "When it was opened with a reason")
    look(page, "When this record was opened with a reason")
    follow(page, "Unusual access")
    look(page, "Unusual access")
    follow(page, "No relationship")
    press(page, "Keep the decision")
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "No relationship: Inspector, inspector")
    page.get_by_label("Seen: there is nothing to ask").check()
    page.get_by_role("textbox").fill("The inspection of this week.")
    press(page, "Keep the decision")
    expect(page.get_by_text("Your decision has been kept.")).to_be_visible()

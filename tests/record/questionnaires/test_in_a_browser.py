"""A visit to two children, and an authority's own questions, in a real browser."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from harbourlight.foundation.instruments.models import LocalChange
from harbourlight.record.people.models import Person
from harbourlight.record.questionnaires.models import Response
from tests.record.families import Record, moment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def siblings(record: Record) -> list[Person]:
    """Two children of a family, both given to Sol Westing."""
    children = record.rowans(2)
    told = record.contact(*children, at=moment(10))
    record.decide(told, at=moment(10), outcome="referral")
    return children


@pytest.fixture
def look(check_access: Any) -> Any:
    """Looks at a page with axe in a hand, and whether it is too wide at a desk and at 320 pixels.

    Pictures go to the folder PICTURES names.
    """
    folder = os.environ.get("PICTURES")

    def look(page: Page, name: str) -> None:
        check_access(page, widths=(375,))
        for width in (320, 375, 1280) if folder else (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert over <= 0, f"{page.url} is {over} pixels too wide for {width}"
            if folder:
                page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)

    return look


# The same without JavaScript, by what each form sends, is in `test_questionnaires`.


def test_a_visit_to_two_children_is_begun_answered_checked_finished_and_read(
    siblings: list[Person], record: Record, open_page: Any, sign_in: Any, look: Any
) -> None:
    one, two = siblings
    page: Page = open_page()
    sign_in(page, record.user("social_worker"))
    page.goto(f"/people/{one.pk}/")
    page.get_by_role("button", name="Start a questionnaire").click()
    page.get_by_label("Visit to a child").check()
    page.get_by_label(two.name).check()
    page.get_by_label("Whose work it is").select_option(label="Sol Westing, Harbour Team")
    look(page, "start")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("heading", name=two.name)).to_be_visible()
    look(page, "together")
    # Said once for both.
    page.get_by_role("link", name="The visit").click()
    page.get_by_label("At home", exact=True).check()
    page.get_by_label("Hazel Rowan").check()
    page.get_by_label("Somebody else").check()
    page.get_by_label("Who else?").fill("A man who did not give his name")
    look(page, "shared")
    page.get_by_role("button", name="Save and continue").click()
    # The first was not seen, and what that asks for is there.
    expect(page.get_by_text(f"These answers are about {one.name} alone")).to_be_visible()
    expect(page.get_by_label("Why was the child not seen?")).to_be_hidden()
    page.locator("input[name=seen][value=no]").check()
    page.get_by_label("Why was the child not seen?").fill("At a friend’s house.")
    look(page, "not-seen")
    page.get_by_role("button", name="Save and continue").click()
    # The second was, alone.
    expect(page.get_by_text(f"These answers are about {two.name} alone")).to_be_visible()
    page.locator("input[name=seen][value=yes]").check()
    page.locator("input[name=seen_alone][value=yes]").check()
    words = "The stairs are dark and I count them every night."
    page.get_by_label("The child’s own words").fill(words)
    look(page, "seen")
    page.get_by_role("button", name="Save and go to the list").click()
    expect(page.get_by_role("alert").or_(page.get_by_text("Your answers are kept"))).to_be_visible()
    # Those words get into the other's part, and that is told.
    page.get_by_role("link", name="Key questions").first.click()
    page.get_by_label("What is a day like for this child?").fill(f"Much as before. {words}")
    page.get_by_role("button", name="Save and go to the list").click()
    page.get_by_role("button", name="Check your answers").click()
    told = page.get_by_role("region", name="Look at this first")
    expect(told).to_contain_text(two.name)
    look(page, "check")
    told.get_by_role("link").click()
    page.get_by_label("What is a day like for this child?").fill("Much as before.")
    page.get_by_role("button", name="Save and go to the list").click()
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_role("region", name="Look at this first")).to_have_count(0)
    page.get_by_label(f"When will the child be seen instead? ({one.name})").fill("Her aunt says.")
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("Visit to a child: finished.")).to_be_visible()
    page.get_by_role("link", name="Visit to a child").click()
    expect(page.get_by_text("Her aunt says.")).to_be_visible()
    expect(page.get_by_text("A man who did not give his name")).to_be_visible()
    assert words not in page.content()
    look(page, "read")
    page.goto("/questionnaires/blank/visit/")
    look(page, "blank")
    first, second = Response.objects.order_by("child__born_on")
    assert first.own == {"seen": "no", "not_seen_because": "At a friend’s house."} | {
        "day_to_day": "Much as before."
    }
    assert second.own == {"seen": "yes", "seen_alone": "yes", "own_words": words}


def test_an_authority_adds_and_rewords_questions_without_code(
    record: Record, open_page: Any, sign_in: Any, look: Any
) -> None:
    page: Page = open_page()
    sign_in(page, record.user("administrator"))
    page.goto("/instruments/")
    look(page, "instruments")
    page.get_by_role("link", name="Visit to a child").click()
    expect(page.get_by_role("heading", name="Your changes")).to_be_visible()
    look(page, "instrument")
    page.get_by_role("button", name="Change it").click()
    # What a standard rests on can be put in other words, and is not offered for leaving out.
    page.get_by_role("link", name="Was the child seen?").click()
    expect(page.get_by_text("It cannot be left out")).to_be_visible()
    expect(page.get_by_label("Do not ask this any more")).to_have_count(0)
    page.get_by_label("The question").fill("Did you see the child?")
    look(page, "question")
    page.get_by_role("button", name="Save in the draft").click()
    # What nothing rests on can be left out.
    page.get_by_role("link", name="Did the family know you were coming?").click()
    page.get_by_label("Do not ask this any more").check()
    page.get_by_role("button", name="Save in the draft").click()
    # A question of our own, asked only if.
    page.get_by_role("link", name="Add a question to Where the child lives").click()
    page.get_by_label("The question").fill("Is there damp in the bedroom?")
    page.get_by_label("What kind of answer").select_option(label="Yes or no")
    page.get_by_label("Ask only if").select_option(label="“Was the child’s bedroom seen?” is “Yes”")
    look(page, "add")
    page.get_by_role("button", name="Add it to the draft").click()
    page.get_by_role("button", name=re.compile("^Up.*damp")).click()
    expect(page.get_by_role("heading", name="Change a questionnaire")).to_be_visible()
    look(page, "changes")
    # An error in the file is told by its line, and what is in force stays in force.
    page.get_by_role("link", name="Write it as a file").click()
    good = page.get_by_label("The file").input_value()
    page.get_by_label("The file").fill(good + "\n[question.seen_alone]\nretired = true\n")
    page.get_by_role("button", name="Save the draft").click()
    line = len(good.splitlines()) + 3
    expect(page.get_by_text(f"line {line}: “seen_alone” cannot be retired")).to_be_visible()
    look(page, "file")
    page.get_by_role("link", name="Back", exact=True).click()
    page.get_by_role("button", name="Put it in force").click()
    page.get_by_role("button", name="Put in force").click()
    expect(page.get_by_role("alert")).to_contain_text("What is in force stays in force")
    assert not LocalChange.objects.filter(number__isnull=False).exists()
    page.get_by_role("link", name="Back", exact=True).click()
    page.get_by_role("link", name="Write it as a file").click()
    page.get_by_label("The file").fill(good)
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("link", name="Back", exact=True).click()
    page.get_by_role("link", name="See it as it would be asked").click()
    expect(page.get_by_text("Did you see the child?").first).to_be_visible()
    look(page, "preview")
    page.get_by_role("link", name="The draft").click()
    page.get_by_role("button", name="Put it in force").click()
    today = localdate()
    for part, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        page.get_by_label(part).fill(str(value))
    look(page, "put-in-force")
    page.get_by_role("button", name="Put in force").click()
    expect(page.get_by_text("Version 1 with local changes 1").first).to_be_visible()
    page.get_by_role("link", name="Compare versions").click()
    expect(page.get_by_text("Is there damp in the bedroom?")).to_be_visible()
    look(page, "compare")
    page.goto("/instruments/visit/answered/")
    expect(page.get_by_text("Nothing was finished in that time.")).to_be_visible()
    look(page, "answered")

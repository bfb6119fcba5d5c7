"""A visit to two children, and an authority's own questions, in a real browser."""

import re
from typing import Any

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from harbourlight.foundation.instruments.models import LocalChange
from harbourlight.record.people.models import Person
from harbourlight.record.questionnaires.models import Response
from tests.browsing import arrive_by, follow, press
from tests.record.families import Record, moment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def siblings(record: Record) -> list[Person]:
    """Two children of a family, both given to Sol Westing."""
    children = record.rowans(2)
    told = record.contact(*children, at=moment(10))
    record.decide(told, at=moment(10), outcome="referral")
    return children


# The same without JavaScript, by what each form sends, is in `test_questionnaires`.


def test_a_visit_to_two_children_is_begun_answered_checked_finished_and_read(
    siblings: list[Person], record: Record, open_page: Any, sign_in: Any, look: Any
) -> None:
    one, two = siblings
    page: Page = open_page()
    sign_in(page, record.user("social_worker"))
    page.goto(f"/people/{one.pk}/")
    press(page, "Start a questionnaire")
    page.get_by_label("Visit to a child").check()
    page.get_by_label(two.name).check()
    page.get_by_label("Whose work it is").select_option(label="Sol Westing, Harbour Team")
    look(page, "Start a questionnaire")
    press(page, "Start", exact=True)
    expect(page.get_by_role("heading", name=two.name)).to_be_visible()
    look(page, "Visit to a child")
    # Said once for both.
    follow(page, "The visit")
    page.get_by_label("At home", exact=True).check()
    page.get_by_label("Hazel Rowan").check()
    page.get_by_label("Somebody else").check()
    page.get_by_label("Who else?").fill("A man who did not give his name")
    look(page, "The visit")
    press(page, "Save and continue")
    # The first was not seen, and what that asks for is there.
    expect(page.get_by_text(f"These answers are about {one.name} alone")).to_be_visible()
    expect(page.get_by_label("Why was the child not seen?")).to_be_hidden()
    page.locator("input[name=seen][value=no]").check()
    page.get_by_label("Why was the child not seen?").fill("At a friend’s house.")
    look(page, "Seeing the child")
    press(page, "Save and continue")
    # The second was, alone.
    expect(page.get_by_text(f"These answers are about {two.name} alone")).to_be_visible()
    page.locator("input[name=seen][value=yes]").check()
    page.locator("input[name=seen_alone][value=yes]").check()
    words = "The stairs are dark and I count them every night."
    page.get_by_label("The child’s own words").fill(words)
    look(page, "Seeing the child")
    press(page, "Save and go to the list")
    expect(page.get_by_role("alert").or_(page.get_by_text("Your answers are kept"))).to_be_visible()
    # Those words get into the other's part, and that is told.
    arrive_by(page.get_by_role("link", name="Key questions").first)
    page.get_by_label("What is a day like for this child?").fill(f"Much as before. {words}")
    press(page, "Save and go to the list")
    press(page, "Check your answers")
    told = page.get_by_role("region", name="Look at this first")
    expect(told).to_contain_text(two.name)
    look(page, "Check your answers")
    arrive_by(told.get_by_role("link"))
    page.get_by_label("What is a day like for this child?").fill("Much as before.")
    press(page, "Save and go to the list")
    press(page, "Check your answers")
    expect(page.get_by_role("region", name="Look at this first")).to_have_count(0)
    page.get_by_label(f"When will the child be seen instead? ({one.name})").fill("Her aunt says.")
    press(page, "Finish")
    expect(page.get_by_text("Visit to a child: finished.")).to_be_visible()
    follow(page, "Visit to a child")
    expect(page.get_by_text("Her aunt says.")).to_be_visible()
    expect(page.get_by_text("A man who did not give his name")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text(words)
    look(page, "Visit to a child")
    page.goto("/questionnaires/blank/visit/")
    look(page, "Visit to a child")
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
    look(page, "Questionnaires")
    follow(page, "Visit to a child")
    expect(page.get_by_role("heading", name="Your changes")).to_be_visible()
    look(page, "Visit to a child")
    press(page, "Change it")
    # What a standard rests on can be put in other words, and is not offered for leaving out.
    follow(page, "Was the child seen?")
    expect(page.get_by_text("It cannot be left out")).to_be_visible()
    expect(page.get_by_label("Do not ask this any more")).to_have_count(0)
    page.get_by_label("The question").fill("Did you see the child?")
    look(page, "Change a question")
    press(page, "Save in the draft")
    # What nothing rests on can be left out.
    follow(page, "Did the family know you were coming?")
    page.get_by_label("Do not ask this any more").check()
    press(page, "Save in the draft")
    # A question of our own, asked only if.
    follow(page, "Add a question to Where the child lives")
    page.get_by_label("The question").fill("Is there damp in the bedroom?")
    page.get_by_label("What kind of answer").select_option(label="Yes or no")
    page.get_by_label("Ask only if").select_option(label="“Was the child’s bedroom seen?” is “Yes”")
    look(page, "Add a question")
    press(page, "Add it to the draft")
    press(page, re.compile("^Up.*damp"))
    expect(page.get_by_role("heading", name="Change a questionnaire")).to_be_visible()
    look(page, "Change a questionnaire")
    # An error in the file is told by its line, and what is in force stays in force.
    follow(page, "Write it as a file")
    good = page.get_by_label("The file").input_value()
    page.get_by_label("The file").fill(good + "\n[question.seen_alone]\nretired = true\n")
    press(page, "Save the draft")
    line = len(good.splitlines()) + 3
    expect(page.get_by_text(f"line {line}: “seen_alone” cannot be retired")).to_be_visible()
    look(page, "The changes as a file")
    follow(page, "Back", exact=True)
    press(page, "Put it in force")
    press(page, "Put in force")
    expect(page.get_by_role("alert")).to_contain_text("What is in force stays in force")
    assert not LocalChange.objects.filter(number__isnull=False).exists()
    follow(page, "Back", exact=True)
    follow(page, "Write it as a file")
    page.get_by_label("The file").fill(good)
    press(page, "Save the draft")
    follow(page, "Back", exact=True)
    follow(page, "See it as it would be asked")
    expect(page.get_by_text("Did you see the child?").first).to_be_visible()
    look(page, "Visit to a child")
    follow(page, "The draft")
    press(page, "Put it in force")
    today = localdate()
    for part, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        page.get_by_label(part).fill(str(value))
    look(page, "Put the changes in force")
    press(page, "Put in force")
    expect(page.get_by_text("Version 1 with local changes 1").first).to_be_visible()
    follow(page, "Compare versions")
    expect(page.get_by_text("Is there damp in the bedroom?")).to_be_visible()
    look(page, "Compare versions")
    page.goto("/instruments/visit/answered/")
    expect(page.get_by_text("Nothing was finished in that time.")).to_be_visible()
    look(page, "What nobody answers")

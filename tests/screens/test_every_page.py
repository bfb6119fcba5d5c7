"""Every page, read without a browser: its words, its policy, its title, its forms.

The pages are asked for in a language that marks what was looked up, so one walk answers for all.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.utils.translation import trans_real
from lxml import html

from harbourlight.foundation.content_security import HEADER
from harbourlight.messages import messages
from tests.screens import language
from tests.screens.walking import Page, Walk, addresses

pytestmark = pytest.mark.django_db

INLINE = "//script[not(@src) and not(@type='application/json')] | //style | //*[@style]"
"""What the policy would not run or draw. Data for a script to read is neither."""


@pytest.fixture(scope="module")
def pages(walk: Walk) -> Iterator[list[tuple[Page, Any]]]:
    """Every page there is with what was answered, in the language that marks."""
    were = settings.LANGUAGES
    settings.LANGUAGES = [("en-gb", "en-gb"), (language.CODE, language.CODE)]
    trans_real.reset_cache(setting="LANGUAGES", enter=True)
    trans_real._translations[language.CODE] = language.Marked()
    for client in walk.clients.values():
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language.CODE
    try:
        found, _ = walk.pages(but="gallery")
        yield [(one, walk.ask(one.who, one.path)) for one in found]
    finally:
        settings.LANGUAGES = were
        trans_real.reset_cache(setting="LANGUAGES", enter=True)
        trans_real._translations.pop(language.CODE, None)
        trans_real.deactivate()  # the last page was drawn in this thread, and left its language


def test_every_word_of_a_page_is_looked_up_in_the_language_of_its_reader(
    pages: list[tuple[Page, Any]], assured: Any
) -> None:
    left = language.Left(language.recorded(), language.names())
    found: dict[str, Page] = {}
    runs = 0
    for page, answered in pages:
        for run in set(language.unmarked(answered.whole)):
            runs += 1
            if words := left.of(run):
                found.setdefault(words, page)
    ours = [f"{words!r}, on {page}" for words, page in found.items()]
    assert ours == [], "these are not looked up:\n" + "\n".join(sorted(ours))
    assured(
        "every-string-translatable",
        f"{len(pages)} pages, {runs} runs of words: 0 of ours that are not looked up",
    )


def test_every_message_of_a_page_is_in_the_file_that_a_translation_begins_from(
    pages: list[tuple[Page, Any]],
) -> None:
    asked = trans_real._translations[language.CODE].asked
    ours = {*messages()}
    assert len(asked & ours) > 1000  # or nothing was asked
    left = language.Left(language.recorded(), language.names())
    lacking = {
        one
        for one in asked - ours - language.of_libraries()
        if language.OPEN not in one and left.of(one)
    }
    assert lacking == set(), "\n".join(sorted(lacking))


def test_every_page_says_its_language(pages: list[tuple[Page, Any]]) -> None:
    for page, answered in pages:
        assert html.fromstring(answered.whole).get("lang") == language.CODE, page


def test_no_page_has_a_script_a_style_or_a_handler_in_it(
    pages: list[tuple[Page, Any]], walk: Walk, assured: Any
) -> None:
    handler = re.compile(r"^on[a-z]+$")
    for page, answered in pages:
        parsed = html.fromstring(answered.whole)
        assert parsed.xpath(INLINE) == [], page
        handlers = [name for one in parsed.iter() for name in one.attrib if handler.match(name)]
        assert handlers == [], page
    for (who, path), answered in walk.answers.items():
        policy = answered.headers.get("Content-Security-Policy", "")
        assert policy == HEADER or "default-src 'none'" in policy, (who, path, policy)
        assert "script-src" not in policy, (who, path)
        assert answered.headers.get("X-Content-Type-Options") == "nosniff", (who, path)
    kinds = {f"{one.status_code}" for one in walk.answers.values()}
    assert {"200", "302", "403", "404"} <= kinds
    assured(
        "csp",
        f"{len(walk.answers)} answers of {len(kinds)} statuses: all with it; "
        f"{len(pages)} pages: nothing inline",
    )


def test_a_title_says_which_page_it_is_and_belongs_to_no_other(
    pages: list[tuple[Page, Any]],
) -> None:
    titled: dict[str, set[str]] = defaultdict(set)
    for page, answered in pages:
        title = " ".join(html.fromstring(answered.whole).findtext(".//title", "").split())
        said = title.removesuffix(" – Harbourlight")
        assert len(said) > 3, f"{page} is titled {title!r}"
        titled[said].add(page.name)
    shared = {said: names for said, names in titled.items() if len(names) > 1}
    # A page that leads straight on to another may be titled as that is.
    assert {said: names for said, names in shared.items() if len(names) > 3} == {}


def test_every_form_can_be_sent_without_a_script(pages: list[tuple[Page, Any]]) -> None:
    for page, answered in pages:
        for form in html.fromstring(answered.whole).xpath("//form"):
            sends = form.xpath(".//button[not(@type='button')] | .//input[@type='submit']")
            assert sends, f"{page} has a form that nothing sends"
            if form.get("method") == "post":
                assert form.xpath(".//input[@name='csrfmiddlewaretoken']"), page


def test_every_address_is_walked_or_said_to_give_no_page(walk: Walk) -> None:
    from tests.screens.walking import NO_PAGE

    assert set(NO_PAGE) <= {name for name, _ in addresses()}, "an address that is gone is listed"

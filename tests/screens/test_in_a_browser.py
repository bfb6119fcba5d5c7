"""Every page in a browser: by axe, at every width, by keyboard, and on paper.

One sweep of the whole address list takes the place of a check in each journey. The list is cut into
parts, so that processes of one run share it.
"""

from typing import Any

import pytest

from tests.screens.walking import NO_PAGE, SENT_EMPTY, Page, Shown, Walk, addresses

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PARTS = 4
SENT = frozenset({"people:add"})
"""Addresses whose page comes only when something is sent."""
DESK, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 800}
"""A desk, and a phone; 320 is also what is left of the desk at 400 % zoom."""

LOOK = """() => {
  const seen = (one) => one.checkVisibility({visibilityProperty: true});
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  const acts = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary')].filter(seen);
  const lost = acts.filter((one) => one.tabIndex < 0 && !one.closest('[aria-hidden=true]')
    && !one.disabled && one.type !== 'file');
  return {
    wide,
    past: [...document.querySelectorAll('body *')].filter((one) => seen(one)
      && one.getBoundingClientRect().right > window.innerWidth + 1
      && !one.closest('.hl-genogram, .hl-chart, [tabindex="0"]'))
      .slice(0, 3).map((one) => one.outerHTML.slice(0, 120)),
    lost: lost.map((one) => one.outerHTML.slice(0, 120)),
    headings: document.querySelectorAll('h1').length,
    skips: document.querySelector('.govuk-skip-link')?.getAttribute('href'),
    main: document.querySelectorAll('main#main-content').length,
  };
}"""


@pytest.fixture
def shown(browser: Any, walk: Walk) -> Any:
    """A browser that is shown what the walk is answered. What it complains of fails the test."""
    context = browser.new_context(viewport=NARROW, locale="en-GB", timezone_id="Europe/London")
    context.set_default_timeout(20_000)
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda said: (
            complaints.append(f"{page.url}: {said.text}")
            if "Content Security Policy" in said.text or "Content-Security-Policy" in said.text
            else 0
        ),
    )
    yield Shown(walk, page)
    context.close()
    assert complaints == []


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_open_to_everyone(
    part: int, shown: Shown, walk: Walk, axe_finds: Any, long_form: bool, assured: Any
) -> None:
    # What errors look like is in the gallery; a long run looks at each page that comes back.
    pages, lacking = walk.pages(
        part, PARTS, sends=lambda name: long_form or name in SENT or name.startswith("gallery")
    )
    assert lacking == {}, "these addresses gave nobody a page: make what they need, or say why not"
    faults: list[str] = []
    judged: set[tuple[str, bool]] = set()
    for one in pages:
        shown.page.set_viewport_size(NARROW)
        shown.open(one)
        faults += _look(shown.page, one, "320")
        kind = (one.name, SENT_EMPTY in one.path)
        if long_form or kind not in judged:  # the same template with other rows is not judged again
            judged.add(kind)
            faults += [f"{one}: {what}" for what in axe_finds(shown.page)]
        shown.page.set_viewport_size(DESK)
        faults += _look(shown.page, one, "1280")
    assert faults == [], "\n".join(faults)
    # Each part gives the figure of the whole: a part that fails fails the run.
    every = sum(name not in NO_PAGE for name, _ in addresses())
    assured(
        "every-page-open-to-all",
        f"{every} addresses in {PARTS} parts, each at 1280 and at 320 pixels: 0 faults",
    )


def _look(page: Any, one: Page, width: str) -> list[str]:
    seen = page.evaluate(LOOK)
    faults = []
    if seen["wide"] > 0:
        faults.append(f"{one} is {seen['wide']} pixels too wide for {width}: {seen['past']}")
    if seen["lost"]:
        faults.append(f"{one} at {width} has what the Tab key does not reach: {seen['lost']}")
    if seen["headings"] != 1 or seen["main"] != 1 or seen["skips"] != "#main-content":
        faults.append(f"{one} lacks its heading, its main part or the way to it: {seen}")
    return faults


FOCUS = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const style = getComputedStyle(one);
  const label = one.labels?.[0];
  const beside = label ? getComputedStyle(label, '::before') : null;
  const drawn = (by) => by && (by.boxShadow !== 'none'
    || (by.outlineStyle !== 'none' && parseFloat(by.outlineWidth) > 0));
  one.dataset.met = 'yes';
  return {shown: Boolean(drawn(style) || drawn(beside)), what: one.outerHTML.slice(0, 120)};
}"""
UNMET = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary')]
  .filter((one) => one.checkVisibility({visibilityProperty: true}) && one.tabIndex >= 0
    && !one.dataset.met && !one.disabled
    && !(one.type === 'radio'
      && [...document.getElementsByName(one.name)].some((other) => other.dataset.met)))
  .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("name", ["people:child", "front_door:record", "people:add_detail"])
def test_the_tab_key_meets_everything_and_shows_where_it_is(
    name: str, shown: Shown, walk: Walk
) -> None:
    shown.page.set_viewport_size(DESK)
    shown.open(_page_of(walk, name))
    met = 0
    for _ in range(400):
        shown.page.keyboard.press("Tab")
        here = shown.page.evaluate(FOCUS)
        if here is None:
            break
        assert here["shown"], f"{name}: nothing shows that the focus is on {here['what']}"
        met += 1
    assert met > 5
    assert shown.page.evaluate(UNMET) == []


def test_on_paper_there_is_the_record_who_printed_it_and_when(
    shown: Shown, walk: Walk, assured: Any
) -> None:
    names = ("people:child", "people:family", "pages:my_work", "episodes:episode", "documents:list")
    for name in names:
        shown.open(_page_of(walk, name))
        shown.page.emulate_media(media="print")
        for hidden in (".hl-header__person", ".govuk-service-navigation", ".govuk-back-link"):
            for one in shown.page.locator(hidden).all():
                assert not one.is_visible(), f"{name} prints {hidden}"
        assert not any(one.is_visible() for one in shown.page.locator(".govuk-button").all()), name
        foot = shown.page.locator(".hl-printed")
        assert foot.is_visible(), name
        assert "as it stood on 18 March 2026 at 10am" in foot.inner_text()
        assert shown.page.locator("h1").is_visible(), name
        link = "getComputedStyle(document.querySelector('main a'), '::after').content"
        assert shown.page.evaluate(f"document.querySelector('main a') ? {link} : 'none'") in (
            "none",
            "normal",
        )
        shown.page.emulate_media(media="screen")
        assert not foot.is_visible(), name
    assured("printing", f"{len(names)} pages: no menu, no button, the foot on each")


AS = {"front_door:record": "front_door_worker"}


def _page_of(walk: Walk, name: str) -> Page:
    names = next(given for found, given in addresses() if found == name)
    return Page(name, AS.get(name, "social_worker"), next(walk.paths_of(name, names)))

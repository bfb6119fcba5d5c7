"""A language in which every word that was looked up says so, and what on a page was not.

Each message comes back between ⟦ and ⟧. What is left on a page outside them was either recorded by
somebody or was never looked up, and would stay English on a Welsh page.
"""

import re
from collections.abc import Iterator

from lxml import html

OPEN, CLOSE = "⟦", "⟧"
CODE = "cy"
ATTRIBUTES = ("alt", "aria-label", "placeholder", "title", "data-label", "content")
"""What a person is told by an attribute. (`content` is said only of what is named below.)"""
UNSEEN = {"script", "style", "head", "svg-defs"}
_WORD = re.compile(r"[^\W\d_]{2,}")


class Marked:
    """Stands where Django keeps a language's catalogue."""

    def gettext(self, message: str) -> str:
        """The message between its marks."""
        return f"{OPEN}{message}{CLOSE}"

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The right number of it between its marks."""
        return self.gettext(one if number == 1 else many)

    def pgettext(self, context: str, message: str) -> str:
        """The message between its marks."""
        return self.gettext(message)

    def to_language(self) -> str:
        """Its code."""
        return CODE

    def language(self) -> str:
        """Its code."""
        return CODE


def unmarked(page: bytes) -> Iterator[str]:
    """Each run of words on a page that was not looked up: of its text and its attributes."""
    parsed = html.fromstring(page)
    for element in parsed.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style"):
            continue
        for name in ATTRIBUTES:
            if name != "content" and (value := element.get(name)):
                yield from _outside(value)
    # Text is read across the tags within a message; marks are counted through the page.
    yield from _outside(_text_of(parsed))


def _text_of(parsed: html.HtmlElement) -> str:
    for one in parsed.xpath("//script|//style|//textarea"):
        one.text = None
    # Each element's text apart, so that two are not read as one run.
    return "\n".join(parsed.itertext())


def _outside(text: str) -> Iterator[str]:
    """What stands outside the marks, which may lie within one another."""
    depth, run = 0, ""
    for letter in f"{text}\n":
        if letter == OPEN:
            depth += 1
        if depth == 0 and letter not in "\n":
            run += letter
            continue
        if letter == CLOSE:
            depth = max(0, depth - 1)
        if _WORD.search(run):
            yield " ".join(run.split())
        run = ""

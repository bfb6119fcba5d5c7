"""A language in which every word that was looked up says so, and what on a page was not.

Each message comes back between ⟦ and ⟧. What is left on a page outside them was either recorded by
somebody or was never looked up, and would stay English on a Welsh page.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import ModuleType
from typing import Any

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


def recorded() -> set[str]:
    """What somebody recorded, and what is said in the words of another: no catalogue has those.

    The rows of the service, but for what is chosen from a list; the labels of code sets, as the
    returns have them; the standards, as their sources have them; the questionnaires, which are
    files of an authority's own and have a version in each language.
    """
    from django.apps import apps
    from django.db.models import CharField, TextField

    from harbourlight.foundation.instruments.shelf import all_versions
    from harbourlight.standards import code_sets
    from harbourlight.standards.catalogue import CATALOGUE

    said: set[str] = set()
    for model in apps.get_models():
        if not model.__module__.startswith("harbourlight"):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, CharField | TextField) and not field.choices:
                said |= set(model._default_manager.values_list(field.name, flat=True).distinct())
    _strings(CATALOGUE, said, set())
    _strings(all_versions(), said, set())
    for name in code_sets.names():
        _strings(code_sets.listed(name), said, set())
    return {one for one in said if one and _WORD.search(one)}


def _strings(held: Any, said: set[str], seen: set[int]) -> None:
    if isinstance(held, str):
        said.add(held)
    elif id(held) not in seen and not isinstance(held, type | ModuleType | Enum):
        seen.add(id(held))
        if isinstance(held, Mapping):
            inner = [*held.values()]
        elif isinstance(held, list | tuple | set | frozenset):
            inner = [*held]
        elif is_dataclass(held):
            inner = [getattr(held, one.name, None) for one in fields(held)]
        else:
            inner = []
        for one in inner:
            _strings(one, said, seen)


class Left:
    """What is left of a run of words when what was recorded is taken out of it."""

    def __init__(self, said: set[str]) -> None:
        whole = {" ".join(one.split()) for one in said}
        self.whole = whole | {one.lower() for one in whole}
        # A short word may be a code, and would hide a word of ours: it counts by itself alone.
        long = sorted((one for one in whole if len(one) > 3 and one[:1].isupper()), key=len)
        self.pieces = re.compile("|".join(map(re.escape, reversed(long)))) if long else None

    def of(self, run: str) -> str:
        """The words of ours in a run; empty where there are none."""
        if run in self.whole or run.lower() in self.whole:
            return ""
        left = self.pieces.sub("", run) if self.pieces else run
        return " ".join(left.split()) if _WORD.search(_IDENTIFIER.sub("", left)) else ""


_IDENTIFIER = re.compile(r"\b01[0-9A-Z]{16}\b|\b[A-Z]{2,4}(-[A-Z0-9]+)+\b")
PROPER = {"Harbourlight", "– Harbourlight", "British english", "British English", "Cymraeg"}
"""Names, the same in every language; each language by the name it has for itself."""

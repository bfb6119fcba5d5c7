"""A language in which every word that was looked up says so, and what on a page was not.

Each message comes back between ⟦ and ⟧. What is left on a page outside them was either recorded by
somebody or was never looked up, and would stay English on a Welsh page.
"""

import gettext
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any

import allauth
import django
from lxml import html

OPEN, CLOSE = "⟦", "⟧"
CODE = "cy"
ATTRIBUTES = ("alt", "aria-label", "placeholder", "title", "data-label", "content")
"""What a person is told by an attribute. (`content` is said only of what is named below.)"""
UNSEEN = {"script", "style", "head", "svg-defs"}
_WORD = re.compile(r"[^\W\d_]{2,}")


class Marked:
    """Stands where Django keeps a language's catalogue, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        """The message between its marks."""
        self.asked.add(message)
        return f"{OPEN}{message}{CLOSE}"

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The right number of it between its marks."""
        self.asked.add(one)
        return f"{OPEN}{one if number == 1 else many}{CLOSE}"

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


def of_libraries() -> set[str]:
    """The messages of Django and of what signs people in, which have catalogues of their own."""
    held: set[str] = set()
    for package in (django, allauth):
        # German: complete in both, and English has no catalogue.
        for path in Path(package.__file__).parent.rglob("locale/de/LC_MESSAGES/*.mo"):
            with path.open("rb") as file:
                catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
            for key in catalogue:  # of a plural, with its number; after its context
                held.add((key[0] if isinstance(key, tuple) else key).rpartition("\x04")[2])
    return held


def recorded() -> set[str]:
    """What somebody recorded, and what is said in the words of another: no catalogue has those.

    The rows of the service, but for what is chosen from a list; the labels of code sets, as the
    returns have them; the standards, as their sources have them; the rules of the census and what
    is found by them, as the collection has them; the questionnaires, which are files of an
    authority's own and have a version in each language.
    """
    from django.apps import apps
    from django.db.models import CharField, TextField

    from harbourlight.foundation.instruments.shelf import all_versions
    from harbourlight.record.census.models import Census, CheckedFile
    from harbourlight.returns.cin.building.problems import NOT_RECORDED
    from harbourlight.returns.cin.rules import RULES
    from harbourlight.returns.cin.structure import FAULTS, MOST_OFTEN
    from harbourlight.standards import code_sets
    from harbourlight.standards.catalogue import CATALOGUE
    from harbourlight.standards.standard import COMMON_DETAILS

    said: set[str] = set()
    for model in apps.get_models():
        if not model.__module__.startswith("harbourlight"):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, CharField | TextField) and not field.choices:
                said |= set(model._default_manager.values_list(field.name, flat=True).distinct())
    _strings([CATALOGUE, COMMON_DETAILS], said, set())
    for standard in CATALOGUE.values():
        said |= {str(one) for one in (*standard.sources, *standard.limits)}
        said |= {str(one.source) for one in standard.limits}
    _strings(all_versions(), said, set())
    _strings([FAULTS, MOST_OFTEN, NOT_RECORDED], said, set())
    said |= {words for rule in RULES for words in (rule.message, rule.says)}
    for checked in (Census, CheckedFile):
        whole = ("whole", "assumed", "left_out", "remarks")
        _strings([*checked.objects.values_list(*whole)], said, set())
    for name in code_sets.names():
        _strings(code_sets.listed(name), said, set())
    return {one for one in said if one and _WORD.search(one)}


def names() -> set[str]:
    """What is named within sentences of ours: people, and what documents are called."""
    from harbourlight.record.documents.models import Document
    from harbourlight.record.people.models import Person, PersonName

    return {*Document.objects.values_list("title", flat=True)} | {
        one.strip()
        for model in (Person, PersonName)
        for name in model.objects.values_list("forename", "surname")
        for one in (*name, " ".join(name))
        if one.strip()
    }


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

    def __init__(self, said: set[str], names: set[str]) -> None:
        """`said` is what was recorded; `names` those of it that are put in sentences of ours."""
        whole = {" ".join(one.split()) for one in said | names}
        self.whole = whole | {one.lower() for one in whole}
        # A short word may be a code, and would hide a word of ours: it counts by itself alone.
        long = {one for one in whole if len(one) > 3 and not one[:1].islower()} | names
        pieces = "|".join(re.escape(one) for one in sorted(long, key=len, reverse=True))
        self.pieces = re.compile(rf"(?<!\w)(?:{pieces})(?!\w)")
        self.unbroken = "\n".join(whole)

    def of(self, run: str) -> str:
        """The words of ours in a run; empty where there are none."""
        if run in self.whole or run.lower() in self.whole or run in PROPER:
            return ""
        if len(run) > 9 and " " not in run and run.rstrip("…") in self.unbroken:
            return ""  # a part of a name that a drawing breaks over lines
        left = self.pieces.sub("", run)
        for kept in KEPT.values():
            left = kept.sub("", left)
        return " ".join(left.split()) if _WORD.search(left) else ""


FINDINGS = (
    r"^[.: ]*(?:\d+ of \d+ \(\d+%\), [A-Z][a-z]+ \d{4}(?: to [A-Z][a-z]+ \d{4})?\. "
    r"|Too few months to say what is ordinary|No whole month to show yet"
    r"|With fewer than 6 whole months no limits are drawn, and no month is called ordinary or not\."
    r"|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)+$"
)
"""What the charts of the test's service say; they hold too little to say more."""
PROPER = {"Harbourlight", "– Harbourlight", "British english", "British English", "Cymraeg"}
"""Names, the same in every language; each language by the name it has for itself."""
KEPT: dict[str, re.Pattern[str]] = {
    # Before identifiers, one of which may stand within a secret and leave the rest of it.
    "a secret that a person copies: a password made, a recovery code, an app’s": re.compile(
        r"\b[0-9A-Z]{4}(?:[ -][0-9A-Z]{4}){1,7}\b"
    ),
    "an identifier of the record or of a standard": re.compile(
        r"\b01[0-9A-Z]{16}\b|\b[A-Z]{2,4}(-[A-Z0-9]+)+\b"
    ),
    "what a chart shows, in words of the assurance half, as in its report": re.compile(FINDINGS),
    "the product’s name at the end of a title": re.compile(r"– Harbourlight$"),
}
"""What stays as it is in every language, by why."""

"""An instrument: its sections and questions, which of them are asked, and which answers are kept.

Plain values: no file, no database, no clock. Nothing here adds answers up: an instrument says what
was found, and has no score.
"""

import enum
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext, gettext_noop

from harbourlight.foundation.instruments.conditions import (
    Condition,
    is_answer,
    written_condition,
)
from harbourlight.ui.words import in_language


class Kind(enum.Enum):
    """What kind of answer a question takes. Its value is what the file says."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    ONE_OF = "one_of"
    MANY_OF = "many_of"
    SCALE = "scale"
    YES_NO = "yes_no"
    YES_NO_NOT_KNOWN = "yes_no_not_known"
    DATE = "date"
    INSTANT = "instant"
    TIME = "time"
    NUMBER = "number"
    WHO = "who"
    PLACE = "place"

    @property
    def in_words(self) -> str:
        """It as a page says it."""
        return in_language(_KIND_WORDS[self])


_KIND_WORDS = {
    Kind.TEXT: gettext_noop("one line of text"),
    Kind.LONG_TEXT: gettext_noop("text"),
    Kind.ONE_OF: gettext_noop("one of a list"),
    Kind.MANY_OF: gettext_noop("any of a list"),
    Kind.SCALE: gettext_noop("a place on a scale of words"),
    Kind.YES_NO: gettext_noop("yes or no"),
    Kind.YES_NO_NOT_KNOWN: gettext_noop("yes, no or not known"),
    Kind.DATE: gettext_noop("a date"),
    Kind.INSTANT: gettext_noop("a date and time"),
    Kind.TIME: gettext_noop("a time of day"),
    Kind.NUMBER: gettext_noop("a number"),
    Kind.WHO: gettext_noop("people"),
    Kind.PLACE: gettext_noop("a place"),
}

WRITTEN_KINDS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.PLACE})
"""Kinds whose answers are somebody's own writing."""


class About(enum.Enum):
    """Whom the answer to a question is about, where several are answered for together."""

    EACH = "each"
    SHARED = "shared"
    ADULT = "adult"

    @property
    def is_said_once(self) -> bool:
        """Whether one answer serves for everyone answered for together."""
        return self is not About.EACH


@dataclass(frozen=True)
class Choice:
    """One of the answers a question offers."""

    value: str
    text: str
    hint: str = ""


def _yes_or_no() -> tuple[Choice, Choice]:
    return Choice("yes", gettext("Yes")), Choice("no", gettext("No"))


@dataclass(frozen=True)
class Question:
    """One question, by a name that never changes meaning from version to version.

    `wanted` says why an answer is looked for: a person who gives none is told so and asked for a
    reason, and is never stopped. Empty for a question that may be passed by. `fills` names a column
    of a kind of record, `kind.column`, which is filled when the answers are finished; `needed_by`
    the standards and returns that rest on it. A question with either is nobody's to take away.
    """

    name: str
    kind: Kind
    label: str
    noun: str = ""
    hint: str = ""
    guidance: str = ""
    wanted: str = ""
    choices: tuple[Choice, ...] = ()
    when: Condition | None = None
    about: About = About.EACH
    private: bool = False
    fills: str = ""
    needed_by: tuple[str, ...] = ()
    retired: bool = False
    local: bool = False

    @property
    def is_needed(self) -> bool:
        """Whether a standard, a return or a column rests on it."""
        return bool(self.needed_by or self.fills)

    @property
    def offered(self) -> tuple[Choice, ...]:
        """The answers to choose from; none for a question that is not a choice."""
        match self.kind:
            case Kind.YES_NO:
                return _yes_or_no()
            case Kind.YES_NO_NOT_KNOWN:
                return (*_yes_or_no(), Choice("not_known", gettext("Not known")))
        return self.choices

    def text_of(self, value: str) -> str:
        """The words of a choice; the value itself for one that is no longer offered."""
        return next((one.text for one in self.offered if one.value == value), value)


@dataclass(frozen=True)
class Section:
    """Questions that belong on one page."""

    name: str
    title: str
    introduction: str = ""
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Instrument:
    """One version of a questionnaire, with the authority's own changes if there are any.

    `edition` counts those changes: 0 is the instrument as it came. `area` is the walled area its
    answers belong in, empty for none.
    """

    code: str
    title: str
    version: int
    in_force_from: date
    source: str
    sections: tuple[Section, ...]
    introduction: str = ""
    in_force_to: date | None = None
    area: str = ""
    edition: int = 0
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
    """Where each question stands in its file, by its name."""

    def __str__(self) -> str:
        return f"{self.title}, {self.version_in_words}"

    @property
    def version_in_words(self) -> str:
        """`version 2`, `version 2 with local changes 3`."""
        words = {"version": self.version, "edition": self.edition}
        if self.edition:
            return gettext("version %(version)s with local changes %(edition)s") % words
        return gettext("version %(version)s") % words

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every question that is not retired, by its name, in the order of the page."""
        return {one.name: one for one in self.all_questions() if not one.retired}

    @cached_property
    def retired_questions(self) -> dict[str, Question]:
        """Those that are no longer asked, whose answers can still be read."""
        return {one.name: one for one in self.all_questions() if one.retired}

    def all_questions(self) -> Iterator[Question]:
        """Every question, retired ones too."""
        for section in self.sections:
            yield from section.questions

    def section_of(self, name: str) -> Section:
        """The section a question is in. Raises `KeyError`."""
        for section in self.sections:
            if any(one.name == name for one in section.questions):
                return section
        raise KeyError(name)

    def is_in_force(self, on: date) -> bool:
        """Whether this version is put to people on a day."""
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)

    @cached_property
    def in_order_of_asking(self) -> tuple[Question, ...]:
        """Each question after all that its condition looks at. Raises `Circular`."""
        order: dict[str, Question] = {}

        def place(name: str, above: tuple[str, ...]) -> None:
            if name in above:
                raise Circular([*above[above.index(name) :], name])
            question = self.questions.get(name)
            if name in order or question is None:
                return
            for other in question.when.names() if question.when else ():
                place(other, (*above, name))
            order[name] = question

        for name in self.questions:
            place(name, ())
        return tuple(order.values())

    def asked(self, answers: Mapping[str, Any]) -> frozenset[str]:
        """The names of the questions that are asked, given what was answered.

        An answer to a question that is not itself asked counts for nothing.
        """
        asked: set[str] = set()
        heard: dict[str, Any] = {}
        for question in self.in_order_of_asking:
            if question.when is None or question.when.holds(heard):
                asked.add(question.name)
                if is_answer(answers.get(question.name)):
                    heard[question.name] = answers[question.name]
        return frozenset(asked)

    def kept(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The answers to what is asked, in the order of the page; all others are left out."""
        asked = self.asked(answers)
        return {
            name: answers[name]
            for name in self.questions
            if name in asked and is_answer(answers.get(name))
        }

    def unanswered(self, answers: Mapping[str, Any]) -> list[Question]:
        """The questions that are asked, wanted and not answered."""
        asked = self.asked(answers)
        return [
            one
            for one in self.questions.values()
            if one.wanted and one.name in asked and not is_answer(answers.get(one.name))
        ]

    @cached_property
    def definition(self) -> dict[str, Any]:
        """Everything it says, as plain values: what is kept, and what its digest is of."""
        return {
            "code": self.code,
            "title": self.title,
            "version": self.version,
            "edition": self.edition,
            "in_force_from": self.in_force_from.isoformat(),
            "in_force_to": self.in_force_to.isoformat() if self.in_force_to else None,
            "source": self.source,
            "introduction": self.introduction,
            "area": self.area,
            "section": [
                {
                    "name": section.name,
                    "title": section.title,
                    "introduction": section.introduction,
                    "question": [_plain(one) for one in section.questions],
                }
                for section in self.sections
            ],
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what it says. Comments and spacing of the file are no part of it, nor is the
        day it ceases to be in force: an end is written down when it is known."""
        said = self.definition | {"in_force_to": None}
        plain = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(plain.encode()).hexdigest()

    def condition_in_words(self, question: Question) -> str:
        """Why a question may not be asked; empty for one that always is."""
        if question.when is None:
            return ""
        every = {one.name: one for one in self.all_questions()}
        return question.when.in_words(
            lambda name: every[name].label, lambda name, value: every[name].text_of(value)
        )


class Circular(ValueError):
    """Questions that each wait for another. `names` begins and ends with the same one."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(" → ".join(names))
        self.names = names


def _plain(question: Question) -> dict[str, Any]:
    """A question as the file writes it, what is not said left out."""
    said: dict[str, Any] = {
        "name": question.name,
        "type": question.kind.value,
        "label": question.label,
        "noun": question.noun,
        "hint": question.hint,
        "guidance": question.guidance,
        "wanted": question.wanted,
        "choices": [
            {key: text for key, text in vars(one).items() if text} for one in question.choices
        ],
        "when": written_condition(question.when) if question.when else None,
        "about": question.about.value if question.about is not About.EACH else "",
        "private": question.private,
        "fills": question.fills,
        "needed_by": [*question.needed_by],
        "retired": question.retired,
        "local": question.local,
    }
    return {key: value for key, value in said.items() if value}

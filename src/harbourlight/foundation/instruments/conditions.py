"""When a question is asked: a small grammar over the answers to other questions.

    { question = "seen", is = "no" }                 the answer is this
    { question = "seen", is_any_of = ["no", "x"] }   the answer is one of these
    { question = "worries", includes = "home" }      one of several that were ticked
    { question = "words", answered = true }          something was said, or nothing was
    { all = [...] }   { any = [...] }   { not = {...} }

A condition over a question that was not asked, or not answered, does not hold, except
`answered = false`. There is nothing more: no arithmetic, no dates compared, nothing to run.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Condition:
    """Something that holds of a set of answers, or does not."""

    def holds(self, answers: Answers) -> bool:
        """Whether it holds. What was not asked must be left out of `answers`."""
        raise TypeError("a condition is one of its kinds")

    def names(self) -> Iterator[str]:
        """The questions it looks at."""
        raise TypeError("a condition is one of its kinds")

    def in_words(self, label: Callable[[str], str], said: Callable[[str, str], str]) -> str:
        """It in words, given the words of a question and of one of its answers."""
        raise TypeError("a condition is one of its kinds")


@dataclass(frozen=True)
class Is(Condition):
    """The answer to a question is one of these, or has one of these among what was ticked."""

    question: str
    values: tuple[str, ...]

    def holds(self, answers: Answers) -> bool:
        """Whether any of the values was given."""
        given = answers.get(self.question)
        return any(one in self.values for one in (given if isinstance(given, list) else [given]))

    def names(self) -> Iterator[str]:
        """The one question."""
        yield self.question

    def in_words(self, label: Callable[[str], str], said: Callable[[str, str], str]) -> str:
        """`“Was the child seen?” is “No”`."""
        words = gettext(" or ").join(f"“{said(self.question, value)}”" for value in self.values)
        return gettext("“%(question)s” is %(answer)s") % {
            "question": label(self.question),
            "answer": words,
        }


@dataclass(frozen=True)
class Answered(Condition):
    """A question has an answer, or has none."""

    question: str
    answered: bool

    def holds(self, answers: Answers) -> bool:
        """Whether it has."""
        return is_answer(answers.get(self.question)) is self.answered

    def names(self) -> Iterator[str]:
        """The one question."""
        yield self.question

    def in_words(self, label: Callable[[str], str], said: Callable[[str, str], str]) -> str:
        """`“Their words” is answered`."""
        said_of = (
            gettext("“%(question)s” is answered")
            if self.answered
            else gettext("“%(question)s” is not answered")
        )
        return said_of % {"question": label(self.question)}


@dataclass(frozen=True)
class Every(Condition):
    """All of several hold."""

    of: tuple[Condition, ...]

    def holds(self, answers: Answers) -> bool:
        """Whether all do."""
        return all(one.holds(answers) for one in self.of)

    def names(self) -> Iterator[str]:
        """The questions of all."""
        for one in self.of:
            yield from one.names()

    def in_words(self, label: Callable[[str], str], said: Callable[[str, str], str]) -> str:
        """`a and b`."""
        return gettext(" and ").join(one.in_words(label, said) for one in self.of)


@dataclass(frozen=True)
class Some(Condition):
    """At least one of several holds."""

    of: tuple[Condition, ...]

    def holds(self, answers: Answers) -> bool:
        """Whether one does."""
        return any(one.holds(answers) for one in self.of)

    def names(self) -> Iterator[str]:
        """The questions of all."""
        for one in self.of:
            yield from one.names()

    def in_words(self, label: Callable[[str], str], said: Callable[[str, str], str]) -> str:
        """`a or b`."""
        return gettext(" or ").join(one.in_words(label, said) for one in self.of)


@dataclass(frozen=True)
class Not(Condition):
    """Something does not hold."""

    of: Condition

    def holds(self, answers: Answers) -> bool:
        """Whether it does not."""
        return not self.of.holds(answers)

    def names(self) -> Iterator[str]:
        """The questions of what must not hold."""
        return self.of.names()

    def in_words(self, label: Callable[[str], str], said: Callable[[str, str], str]) -> str:
        """`not (a)`."""
        return gettext("not (%(condition)s)") % {"condition": self.of.in_words(label, said)}


def is_answer(value: object) -> bool:
    """Whether this is an answer at all: nought is, an empty text or list is not."""
    if isinstance(value, Mapping):
        return any(is_answer(one) for one in value.values())
    return value not in (None, "", [])


class NotACondition(ValueError):
    """What was written is not in the grammar; its text says what is, fit for its author."""


_FORMS = (
    "Write { question = …, is = … }, or with is_any_of, includes or answered in place of is; "
    "or { all = […] }, { any = […] }, { not = {…} }"
)


def read_condition(written: object) -> Condition:
    """The condition a table of the file says. Raises `NotACondition`."""
    if not isinstance(written, Mapping):
        raise NotACondition(f"when must be a table. {_FORMS}")
    match dict(written):
        case {"question": str(name), "is": str(value), **rest} if not rest:
            return Is(name, (value,))
        case {"question": str(name), "includes": str(value), **rest} if not rest:
            return Is(name, (value,))
        case {"question": str(name), "is_any_of": [_, *_] as values, **rest} if not rest:
            if all(isinstance(value, str) for value in values):
                return Is(name, tuple(values))
        case {"question": str(name), "answered": bool(answered), **rest} if not rest:
            return Answered(name, answered)
        case {"all": [_, *_] as several, **rest} if not rest:
            return Every(tuple(read_condition(one) for one in several))
        case {"any": [_, *_] as several, **rest} if not rest:
            return Some(tuple(read_condition(one) for one in several))
        case {"not": one, **rest} if not rest:
            return Not(read_condition(one))
    raise NotACondition(f"when is not one we can follow. {_FORMS}")


def written_condition(condition: Condition) -> dict[str, Any]:
    """A condition as the file writes it: what `read_condition` reads back to the same."""
    match condition:
        case Is(name, (value,)):
            return {"question": name, "is": value}
        case Is(name, values):
            return {"question": name, "is_any_of": [*values]}
        case Answered(name, answered):
            return {"question": name, "answered": answered}
        case Every(several):
            return {"all": [written_condition(one) for one in several]}
        case Some(several):
            return {"any": [written_condition(one) for one in several]}
        case Not(one):
            return {"not": written_condition(one)}
    raise TypeError(f"{condition!r} is not a condition")


def leaves(condition: Condition) -> Iterator[Is | Answered]:
    """The comparisons a condition is made of."""
    match condition:
        case Is() | Answered():
            yield condition
        case Every(several) | Some(several):
            for one in several:
                yield from leaves(one)
        case Not(one):
            yield from leaves(one)

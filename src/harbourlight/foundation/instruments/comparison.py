"""What differs between two versions of an instrument, and between two sets of answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from harbourlight.foundation.instruments.conditions import is_answer
from harbourlight.foundation.instruments.instrument import Instrument, Question
from harbourlight.ui.words import in_language


@dataclass(frozen=True)
class Difference:
    """One question that is not the same in two versions. `what` says how."""

    name: str
    what: str
    was: str
    now: str


ADDED, RETIRED = gettext_noop("Added"), gettext_noop("Retired")
REWORDED, CHANGED = gettext_noop("Reworded"), gettext_noop("Changed")
ALWAYS, ASKED_IF = gettext_noop("Always asked"), gettext_noop("Changed: asked only if")
_PROSE = (
    ("hint", gettext_noop("hint")),
    ("guidance", gettext_noop("guidance")),
    ("wanted", gettext_noop("why wanted")),
)


def differences(before: Instrument, after: Instrument) -> list[Difference]:
    """What was added, retired, reworded or otherwise changed, in the order of the page."""
    return [*_in_after(before, after), *_gone(before, after)]


def _in_after(before: Instrument, after: Instrument) -> Iterator[Difference]:
    for name, now in after.questions.items():
        was = before.questions.get(name)
        if was is None:
            yield Difference(name, in_language(ADDED), "", now.label)
            continue
        if was.label != now.label:
            yield Difference(name, in_language(REWORDED), was.label, now.label)
        for key, words in _PROSE:
            if getattr(was, key) != getattr(now, key):
                said = f"{in_language(REWORDED)}: {in_language(words)}"
                yield Difference(name, said, getattr(was, key), getattr(now, key))
        for words, old, new in (
            (gettext_noop("answers"), _answers(was), _answers(now)),
            (gettext_noop("whom it is about"), was.about.value, now.about.value),
            (gettext_noop("section"), before.section_of(name).title, after.section_of(name).title),
        ):
            if old != new:
                yield Difference(name, f"{in_language(CHANGED)}: {in_language(words)}", old, new)
        if was.when != now.when:  # and not because what it waits for was reworded
            old, new = before.condition_in_words(was), after.condition_in_words(now)
            yield Difference(
                name, in_language(ASKED_IF), old or in_language(ALWAYS), new or in_language(ALWAYS)
            )


def _gone(before: Instrument, after: Instrument) -> Iterator[Difference]:
    for name, was in before.questions.items():
        if name not in after.questions:
            yield Difference(name, in_language(RETIRED), was.label, "")


def changed_meanings(before: Instrument, after: Instrument) -> list[str]:
    """What is wrong with names that stand for another kind of answer in the later of two wordings.

    A name is for ever: answers kept under it would be read as what they are not.
    """
    were = {one.name: one for one in before.all_questions()}
    return [
        f"“{one.name}” is {one.kind.in_words} and was {were[one.name].kind.in_words} in "
        f"{before.version_in_words}: what is new needs a name of its own"
        for one in after.all_questions()
        if one.name in were and one.kind is not were[one.name].kind
    ]


def _answers(question: Question) -> str:
    offered = "; ".join(one.text for one in question.offered)
    return f"{question.kind.in_words}: {offered}" if question.choices else question.kind.in_words


@dataclass(frozen=True)
class Compared:
    """One question as it was answered then and now, each in its own version."""

    name: str
    label: str
    then_question: Question | None
    then: Any
    now_question: Question | None
    now: Any

    @property
    def is_changed(self) -> bool:
        """Whether it is answered differently, or only one of the two times."""
        if is_answer(self.then) != is_answer(self.now):
            return True
        return is_answer(self.now) and self.then != self.now

    @property
    def is_reworded(self) -> bool:
        """Whether it was asked in other words then."""
        return bool(
            self.then_question
            and self.now_question
            and self.then_question.label != self.now_question.label
        )


def compared(
    before: Instrument,
    then: Mapping[str, Any],
    after: Instrument,
    now: Mapping[str, Any],
) -> list[Compared]:
    """Question by question, what was answered then and now; what neither time answered is left out.

    A question that is no longer asked keeps its place at the end, in its own words.
    """
    asked_then = {one.name: one for one in before.all_questions()}
    asked_now = {one.name: one for one in after.all_questions()}
    return [
        Compared(
            name=name,
            label=(asked_now.get(name) or asked_then[name]).label,
            then_question=asked_then.get(name),
            then=then.get(name),
            now_question=asked_now.get(name),
            now=now.get(name),
        )
        for name in dict.fromkeys([*asked_now, *asked_then])
        if is_answer(then.get(name)) or is_answer(now.get(name))
    ]

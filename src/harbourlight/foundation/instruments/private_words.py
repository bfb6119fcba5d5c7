"""Whether one person's own words have got into what is kept of another.

Those who are answered for together each have a record of their own. A run of words that stands in
one's private answers and in another's answers, or in what is said once for all, was most likely
typed or pasted in the wrong place. It is told; it stops nobody.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harbourlight.foundation.instruments.instrument import WRITTEN_KINDS, Instrument, Question

RUN = 6
"""Words in a row that are enough to be told. Five are often a turn of phrase ("I do not want to");
six of one child's own words are very rarely another's."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True)
class Strayed:
    """Words that are `of` one, private in `question`, and stand in `answer` kept of `found_in`.

    `found_in` is empty where they stand in what is said once for all.
    """

    of: str
    question: Question
    found_in: str
    answer: Question
    words: str


def strayed_words(
    instrument: Instrument,
    each: Mapping[str, Mapping[str, Any]],
    shared: Mapping[str, Any],
) -> list[Strayed]:
    """The private words of each, by whose they are, that stand where another's record has them."""
    written = [one for one in instrument.questions.values() if one.kind in WRITTEN_KINDS]
    places = [
        (whose, question, _words(answers.get(question.name)))
        for whose, answers in each.items()
        for question in written
    ] + [("", question, _words(shared.get(question.name))) for question in written]
    found = []
    for whose, answers in each.items():
        for question in written:
            if not question.private:
                continue
            own = str(answers.get(question.name) or "")
            runs = dict(_runs(own))
            for other, answer, words in places:
                if other == whose or not words:
                    continue
                if said := _first_run(runs, words):
                    found.append(Strayed(whose, question, other, answer, said))
    return found


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.casefold()).replace("’", "'")
    return "".join(one for one in letters if not unicodedata.combining(one))


def _words(text: object) -> list[str]:
    return [_plain(match[0]) for match in _WORD.finditer(str(text or ""))]


def _runs(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each run of words, compared plainly, with how it is written. A short text is one run."""
    found = [*_WORD.finditer(text)]
    length = min(RUN, len(found))
    if length < 4:  # "Yes", "I feel safe": too little to be anyone's in particular
        return
    for first in range(len(found) - length + 1):
        several = found[first : first + length]
        yield tuple(_plain(one[0]) for one in several), text[several[0].start() : several[-1].end()]


def _first_run(runs: Mapping[tuple[str, ...], str], words: list[str]) -> str:
    if not runs:
        return ""
    length = len(next(iter(runs)))
    for first in range(len(words) - length + 1):
        if said := runs.get(tuple(words[first : first + length])):
            return said
    return ""

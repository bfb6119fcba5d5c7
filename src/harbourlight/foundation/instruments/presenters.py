"""What the pages of instruments show, ready to display."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from harbourlight.foundation.instruments.instrument import Instrument, Question
from harbourlight.foundation.instruments.models import LocalChange
from harbourlight.foundation.instruments.selectors import Counted, InForce

NOBODY = 0.05
"""A question that fewer than this share of those asked answered is one that nobody answers."""

ENOUGH = 20
"""How often a question must have been asked before its share says anything."""


@dataclass(frozen=True)
class ListedInstrument:
    """An instrument as a list shows it."""

    code: str
    title: str
    version: str
    questions: int
    has_draft: bool
    fault: str


def listed(one: InForce, draft: LocalChange | None) -> ListedInstrument:
    """One line of the list of instruments."""
    return ListedInstrument(
        code=one.instrument.code,
        title=one.instrument.title,
        version=one.instrument.version_in_words.capitalize(),
        questions=len(one.instrument.questions),
        has_draft=draft is not None,
        fault=str(one.fault.faults[0]) if one.fault else "",
    )


@dataclass(frozen=True)
class CountedRow:
    """How often one question was asked and answered."""

    label: str
    asked: int
    answered: int
    share: str
    only_if: str
    """Why it was not always asked."""
    unanswered: bool
    """Whether it is one that nobody answers."""


@dataclass(frozen=True)
class CountedVersion:
    """The questions of one wording of an instrument."""

    version: str
    finished: int
    rows: tuple[CountedRow, ...]


def counted(instrument: Instrument, rows: Sequence[Counted]) -> CountedVersion:
    """How often each question of one wording was asked and answered."""
    return CountedVersion(
        version=instrument.version_in_words.capitalize(),
        finished=rows[0].finished if rows else 0,
        rows=tuple(_counted_row(instrument, one) for one in rows),
    )


def _counted_row(instrument: Instrument, one: Counted) -> CountedRow:
    question = instrument.questions[one.name]
    share = one.answered / one.asked if one.asked else None
    return CountedRow(
        label=question.label,
        asked=one.asked,
        answered=one.answered,
        share="" if share is None else f"{share:.0%}",
        only_if=instrument.condition_in_words(question),
        unanswered=share is not None and one.asked >= ENOUGH and share < NOBODY,
    )


@dataclass(frozen=True)
class DraftQuestion:
    """A question of a draft, and what became of it."""

    question: Question
    states: tuple[str, ...]
    only_if: str


@dataclass(frozen=True)
class DraftSection:
    """The questions of one section of a draft."""

    name: str
    title: str
    questions: tuple[DraftQuestion, ...]


def draft_sections(base: Instrument, made: Instrument) -> list[DraftSection]:
    """A draft section by section, each question with what was done to it."""
    came = {one.name: one for one in base.all_questions()}
    return [
        DraftSection(
            section.name,
            section.title,
            tuple(
                DraftQuestion(one, _states(one, came.get(one.name)), made.condition_in_words(one))
                for one in section.questions
            ),
        )
        for section in made.sections
    ]


def _states(question: Question, as_it_came: Question | None) -> tuple[str, ...]:
    if as_it_came is None:
        return (_("Ours"),)
    if question.retired:
        return (_("Not asked"),)
    changed = (_("Reworded"),) if question != as_it_came else ()
    return (*changed, _("Needed")) if question.is_needed else changed

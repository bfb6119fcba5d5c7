"""Columns that answers fill: what a standard or a return needs is never only an answer.

A question says `fills = "visit.seen"`. Whoever keeps visits says, once, what to call when answers
about one are finished (`fill_with`), and which columns there are. It is called inside the act that
finishes, so that the answers and the columns are kept together or not at all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from harbourlight.foundation.instruments.conditions import is_answer
from harbourlight.foundation.instruments.instrument import Instrument, Kind, Question

Filler = Callable[[Any, Mapping[str, Any]], None]
"""Given the response that is finished, and the values by column. Called inside the act."""


@dataclass(frozen=True)
class _Keeper:
    columns: Mapping[str, Kind]
    fill: Filler


_keepers: dict[str, _Keeper] = {}


class ColumnNotKept(Exception):
    """A question fills a column that its keeper does not have, or with another kind of answer."""


def fill_with(kind: str, columns: Mapping[str, Kind], fill: Filler) -> None:
    """Say which columns a kind of record has, and what to call to fill them.

    Call it from the app's `ready`. A kind that nobody has told of is not filled: its answers wait
    in the response until somebody does.
    """
    _keepers[kind] = _Keeper(columns, fill)


def forget(kind: str) -> None:
    """Take back what `fill_with` said."""
    _keepers.pop(kind, None)


def check_columns(instrument: Instrument) -> None:
    """Raise `ColumnNotKept` unless each column an instrument fills is there and of its kind."""
    for question in instrument.questions.values():
        if not question.fills:
            continue
        kind, _, column = question.fills.partition(".")
        keeper = _keepers.get(kind)
        if keeper is None:
            continue
        if column not in keeper.columns:
            raise ColumnNotKept(
                f"{instrument}: “{question.name}” fills {question.fills}, not there"
            )
        if keeper.columns[column] is not question.kind:
            raise ColumnNotKept(
                f"{instrument}: “{question.name}” is {question.kind.in_words}, and "
                f"{question.fills} is {keeper.columns[column].in_words}"
            )


def fill_columns(instrument: Instrument, answers: Mapping[str, Any], response: Any) -> None:
    """Hand what was answered to whoever keeps the columns. Call it inside the act that finishes.

    A column whose question was not asked, or not answered, is handed on as None.
    """
    values: dict[str, dict[str, Any]] = {}
    for question in instrument.questions.values():
        if question.fills:
            kind, _, column = question.fills.partition(".")
            values.setdefault(kind, {})[column] = value_of(question, answers.get(question.name))
    for kind, by_column in values.items():
        if kind in _keepers:
            _keepers[kind].fill(response, by_column)


def value_of(question: Question, answer: Any) -> Any:
    """An answer as a column holds it: a truth, a date, an instant, a time, or as it is.

    "Not known" is None, as an answer that was not given: neither is read as yes or as no.
    """
    if not is_answer(answer):
        return None
    match question.kind:
        case Kind.YES_NO | Kind.YES_NO_NOT_KNOWN:
            return {"yes": True, "no": False}.get(answer)
        case Kind.DATE:
            return date.fromisoformat(answer)
        case Kind.INSTANT:
            return datetime.fromisoformat(answer)
        case Kind.TIME:
            return time.fromisoformat(answer)
    return answer

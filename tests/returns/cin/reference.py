"""The rules of the census worked out slowly: one row at a time, over elements read by libxml2.

It shares the rules' declarations with what it checks, and nothing of how they are worked out.
"""

import operator
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import singledispatch
from typing import Any

import numpy as np
from lxml import etree

from harbourlight.returns.cin import conditions as words
from harbourlight.returns.cin.conditions import Census, Condition, Relation, Value
from harbourlight.returns.cin.elements import TABLES, Holds

EPOCH = date(1970, 1, 1)
COMPARISONS = {
    np.less: operator.lt,
    np.greater: operator.gt,
    np.equal: operator.eq,
    np.less_equal: operator.le,
    np.greater_equal: operator.ge,
}
MERGED = ("ChildIdentifiers", "ChildCharacteristics")


@dataclass(eq=False)
class Row:
    """One element of a table, and the rows it stands in by their tables."""

    table: str
    line: int
    values: dict[str, Any]
    above: dict[str, "Row"] = field(default_factory=dict)


Rows = dict[str, list[Row]]


def rows_of(xml: str) -> Rows:
    """Every row of every table."""
    rows: Rows = {name: [] for name in TABLES}

    def visit(element: etree._Element, above: dict[str, Row]) -> None:
        if element.tag in TABLES:
            table = TABLES[element.tag]
            holders = [element, *(inner for inner in element if inner.tag in MERGED)]
            leaves = {leaf.tag: leaf.text for holder in holders for leaf in reversed(holder)} | {
                element.tag: element.text
            }
            values = {one.name: typed(leaves.get(one.name), one.holds) for one in table.fields}
            row = Row(element.tag, element.sourceline, values, above)
            rows[element.tag].append(row)
            above = {**above, element.tag: row}
        for inner in element:
            visit(inner, above)

    visit(etree.fromstring(xml.encode()), {})
    return rows


def typed(text: str | None, holds: Holds) -> Any:
    text = (text or "").strip()
    if not text:
        return None
    match holds:
        case Holds.DATE:
            try:
                return (date.fromisoformat(text) - EPOCH).days
            except ValueError:
                return None
        case Holds.FLAG:
            return {"1": 1, "true": 1, "0": 0, "false": 0}.get(text)
        case Holds.NUMBER:
            return int(text) if text.isdigit() else None
        case _:
            return text


@dataclass(frozen=True)
class Seen:
    """The rows in sight: the first at hand is the one that is judged."""

    census: Census
    rows: Rows
    at: dict[Relation, Row]

    def row(self, relation: Relation) -> Row:
        if relation in self.at:
            return self.at[relation]
        return next(
            row.above[relation.table.name]
            for row in self.at.values()
            if relation.table.name in row.above
        )


def broken(census: Census, rows: Rows, over: Relation, fails: Condition) -> Iterator[int]:
    """The lines of the rows that break a rule."""
    for row in rows[over.table.name]:
        if say(fails, Seen(census, rows, {over: row})):
            yield row.line


@singledispatch
def say(word: Condition | Value, seen: Seen) -> Any:
    """Whether a condition holds, or what a value is (None where it is not known)."""
    raise TypeError(f"the reference does not know {type(word).__name__}")


@say.register
def _(word: words._Field, seen: Seen) -> Any:
    return seen.row(word.relation).values[word.name]


@say.register
def _(word: words.Constant, seen: Seen) -> int:
    return word.number


@say.register
def _(word: words._DayOfCensus, seen: Seen) -> int:
    return (word.day(seen.census) - EPOCH).days


@say.register
def _(word: words._Later, seen: Seen) -> int | None:
    days = say(word.start, seen)
    if days is None:
        return None
    day = EPOCH + timedelta(days)
    years, month = divmod(day.month - 1 + word.months, 12)
    first = date(day.year + years, month + 1, 1)
    return (first + timedelta(day.day - 1 + word.days) - EPOCH).days


@say.register
def _(word: words._OrElse, seen: Seen) -> Any:
    first = say(word.first, seen)
    return say(word.second, seen) if first is None else first


@say.register
def _(word: words._Known, seen: Seen) -> bool:
    return say(word.subject, seen) is not None


@say.register
def _(word: words._Compared, seen: Seen) -> bool:
    one, other = say(word.one, seen), say(word.other, seen)
    return one is not None and other is not None and COMPARISONS[word.how](one, other)


@say.register
def _(word: words._Judged, seen: Seen) -> bool:
    value = say(word.subject, seen)
    if value is None:
        return False
    return bool(word.test(np.array([value.encode() if isinstance(value, str) else value]))[0])


@say.register
def _(word: words._Coded, seen: Seen) -> bool:
    return say(word.subject, seen) in seen.census.codes(word.code_set)


@say.register
def _(word: words._Both, seen: Seen) -> bool:
    return say(word.one, seen) and say(word.other, seen)


@say.register
def _(word: words._Either, seen: Seen) -> bool:
    return say(word.one, seen) or say(word.other, seen)


@say.register
def _(word: words._Not, seen: Seen) -> bool:
    return not say(word.condition, seen)


@say.register
def _(word: words._Another, seen: Seen) -> bool:
    return seen.row(word.one) is not seen.row(word.other)


@say.register
def _(word: words.Always, seen: Seen) -> bool:
    return True


@say.register
def _(word: words.HowMany, seen: Seen) -> int:
    within = seen.row(word.within)
    return sum(
        bool(say(word.where, Seen(seen.census, seen.rows, {**seen.at, word.other: row})))
        for row in seen.rows[word.other.table.name]
        if row.above[word.within.table.name] is within
    )

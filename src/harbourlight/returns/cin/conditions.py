"""The words that rules are written in: what may be said of the rows of a census's tables.

A rule reads `plan.CPPendDate.is_before(plan.CPPstartDate)` or
`some(assessment, within=episode, where=assessment.AssessmentAuthorisationDate.is_missing)`. Each is
a relational expression; the whole of a table is worked out at once, over numpy arrays. Why not Ibis
or SQL is in `docs/adr/0022-cin-rules.md`: importing either costs more than every rule together.

**What is missing is not known, and nothing is true of what is not known** but that it is missing.
`a.is_before(b)` holds where both are known and the one is before the other. `~` says that something
does not hold, known or not.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from itertools import pairwise, starmap
from typing import Any

import numpy as np
import numpy.typing as npt

from harbourlight.returns.cin.elements import TABLES, Table
from harbourlight.returns.cin.scanning import Numbers, Truths
from harbourlight.returns.cin.tables import Column, Tables
from harbourlight.standards import code_sets
from harbourlight.standards.calendar import is_working_day

_EPOCH = date(1970, 1, 1)
_FIRST_WEEKDAY = 3
"""1 January 1970 was a Thursday, and Monday is 0."""


def year_name(year: int) -> str:
    """The census of a year as people call it: 2025/26."""
    return f"{year - 1}/{year % 100:02}"


@dataclass(frozen=True, slots=True)
class Census:
    """The census that ends in March of `year`: its days and its codes."""

    year: int

    @property
    def period_start(self) -> date:
        """1 April of the year before."""
        return date(self.year - 1, 4, 1)

    @property
    def reference_date(self) -> date:
        """31 March, the last day of the census year."""
        return date(self.year, 3, 31)

    @property
    def name(self) -> str:
        """What people call it: 2025/26."""
        return year_name(self.year)

    def codes(self, code_set: str) -> frozenset[str]:
        """The codes of a set that may be used in this census, whenever in its year."""
        return _codes_of(self, code_set)


@cache
def _codes_of(census: Census, code_set: str) -> frozenset[str]:
    return frozenset(
        code.code
        for code in code_sets.listed(code_set)
        if (code.valid_from is None or code.valid_from <= census.reference_date)
        and (code.valid_to is None or code.valid_to >= census.period_start)
    )


class Relation:
    """The rows of a table. Its fields are attributes: one that is not declared is an error at once.

    A relation beside itself (`again`) is how two rows of one table are spoken of together.
    """

    def __init__(self, table: Table) -> None:
        self.table = table

    def __getattr__(self, name: str) -> "Value":
        table: Table = self.__dict__["table"]
        if name not in table.field_names:
            raise AttributeError(f"{table.name} has no {name}: it has {table.field_names}")
        return _Field(self, name)

    def again(self) -> "Relation":
        """The same table, for another of its rows."""
        return Relation(self.table)

    def is_not(self, other: "Relation") -> "Condition":
        """It is another row than `other`'s."""
        return _Another(self, other)


@dataclass(eq=False)
class Standing:
    """The rows that are looked at together: for each relation at hand, the row of each case.

    Standing at a relation, the tables above it are in sight: from a plan, its episode and child. Of
    two at hand the first gives them. `is_whole` where each row of the one at hand is a case.
    """

    census: Census
    tables: Tables
    at: dict[Relation, Numbers]
    is_whole: bool = False
    _pairs: dict[tuple[str, str], "_Pairs"] = field(default_factory=dict)

    @cached_property
    def size(self) -> int:
        """How many cases there are."""
        return len(next(iter(self.at.values())))

    def rows(self, relation: Relation) -> Numbers:
        """The row of a relation in each case. Raises `KeyError` where it is not in sight."""
        if relation in self.at:
            return self.at[relation]
        for near, rows in self.at.items():
            if relation.table.name in near.table.within:
                return self.tables.rows[near.table.name].within[relation.table.name][rows]
        raise KeyError(relation.table.name)

    def beside(self, other: Relation, within: Relation) -> Iterator[tuple["Standing", Numbers]]:
        """Every case with every row of `other` in the same `within`; and which case each is of.

        In one, unless a census is made to have more pairs than memory.
        """
        for cases, others in self._paired(other.table.name, within):
            at = {relation: rows[cases] for relation, rows in self.at.items()}
            yield Standing(self.census, self.tables, {**at, other: others}), cases

    def _paired(self, other: str, within: Relation) -> "_Pairs":
        key = (other, within.table.name)
        if key not in self._pairs:
            rows = self.tables.rows[other]
            mine = self.rows(within)
            # In the order of the file, so rows of one child or episode lie together.
            theirs = rows.within[within.table.name]
            first = np.searchsorted(theirs, mine, "left")
            count = np.searchsorted(theirs, mine, "right") - first
            self._pairs[key] = _Pairs(first, count)
        return self._pairs[key]


class _Pairs:
    """Each case with each of the rows from its `first`, `count` of them, some millions at once."""

    def __init__(self, first: Numbers, count: Numbers) -> None:
        self._first, self._count = first, count
        ends = np.cumsum(count)
        blocks = int(ends[-1]) // _PAIRS_AT_ONCE + 1 if len(ends) else 1
        inner = np.searchsorted(ends, np.arange(1, blocks) * _PAIRS_AT_ONCE).tolist()
        self._edges = [0, *inner, len(count)]
        self._only = self._block(0, len(count)) if blocks == 1 else None

    def __iter__(self) -> Iterator[tuple[Numbers, Numbers]]:
        if self._only is not None:
            yield self._only
        else:
            yield from starmap(self._block, pairwise(self._edges))

    def _block(self, start: int, end: int) -> tuple[Numbers, Numbers]:
        first, count = self._first[start:end], self._count[start:end]
        cases = np.repeat(np.arange(len(count)), count)
        before = np.cumsum(count) - count
        return cases + start, np.arange(len(cases)) - before[cases] + first[cases]


_PAIRS_AT_ONCE = 4_000_000
"""Pairs worked over at once: a hundred megabytes. Ten thousand children have some thousands."""


class Condition(ABC):
    """Something that holds of a row, or does not."""

    @abstractmethod
    def holds(self, standing: Standing) -> Truths:
        """Where it holds."""

    def __and__(self, other: "Condition") -> "Condition":
        return _Both(self, other)

    def __or__(self, other: "Condition") -> "Condition":
        return _Either(self, other)

    def __invert__(self) -> "Condition":
        return _Not(self)


class Value(ABC):
    """Something a row has: a day, a code, a flag or a number."""

    @abstractmethod
    def value(self, standing: Standing) -> Column:
        """The value in each case, and where it is known."""

    @property
    def is_present(self) -> Condition:
        """It is known."""
        return _Known(self)

    @property
    def is_missing(self) -> Condition:
        """It is absent, or cannot be read."""
        return ~_Known(self)

    @property
    def is_true(self) -> Condition:
        """The flag is 1 or true."""
        return _Compared(self, Constant(1), np.equal)

    @property
    def is_false(self) -> Condition:
        """The flag is given as 0 or false."""
        return _Compared(self, Constant(0), np.equal)

    @property
    def is_at_a_weekend(self) -> Condition:
        """The day is a Saturday or a Sunday."""
        return _Judged(self, lambda days: (days + _FIRST_WEEKDAY) % 7 >= 5)

    def is_before(self, other: "Value") -> Condition:
        """The one day is before the other."""
        return _Compared(self, other, np.less)

    def is_after(self, other: "Value") -> Condition:
        """The one day is after the other."""
        return _Compared(self, other, np.greater)

    def is_same_as(self, other: "Value") -> Condition:
        """The two days, codes or numbers are one."""
        return _Compared(self, other, np.equal)

    def is_from(self, first: "Value", *, to: "Value") -> Condition:
        """The day is one of those from the first to the last, both included."""
        return _Compared(self, first, np.greater_equal) & _Compared(self, to, np.less_equal)

    @property
    def is_in_the_year(self) -> Condition:
        """The day is in the census year."""
        return self.is_from(PERIOD_START, to=REFERENCE_DATE)

    def is_more_than(self, number: int) -> Condition:
        """The number is larger."""
        return _Compared(self, Constant(number), np.greater)

    def is_one_of(self, *codes: str) -> Condition:
        """The code is one of these."""
        wanted = Among(codes)
        return _Judged(self, wanted.test)

    @property
    def is_repeated_in_the_return(self) -> Condition:
        """Another child of the return has the same text. It is known when the return is read."""
        return Repeated(self)

    def is_a_code_of(self, code_set: str) -> Condition:
        """The code is one that the census of the year has in this set."""
        return _Coded(self, code_set)

    def is_such_that(self, test: Callable[[npt.NDArray[Any]], Truths]) -> Condition:
        """The values pass a test of their own: texts as bytes, ended by the first nought."""
        return _Judged(self, test)

    def plus(self, *, days: int = 0, months: int = 0) -> "Value":
        """The day so many days or months later. A month that lacks the day gives the next's first
        days: a year after 29 February is 1 March."""
        return _Later(self, days, months)

    def or_else(self, other: "Value") -> "Value":
        """This where it is known, or else the other."""
        return _OrElse(self, other)


@dataclass(frozen=True, eq=False)
class _Field(Value):
    relation: Relation
    name: str

    def value(self, standing: Standing) -> Column:
        column = standing.tables.column(self.relation.table.name, self.name)
        if standing.is_whole and self.relation in standing.at:
            return column
        return column.at(standing.rows(self.relation))


@dataclass(frozen=True, eq=False)
class Constant(Value):
    """The same number, or day as a number, in every case."""

    number: int

    def value(self, standing: Standing) -> Column:
        """The number and that it is known."""
        return Column(np.full(1, self.number), np.ones(1, np.bool_))


@dataclass(frozen=True, eq=False)
class _DayOfCensus(Value):
    day: Callable[[Census], date]

    def value(self, standing: Standing) -> Column:
        days = (self.day(standing.census) - _EPOCH).days
        return Column(np.full(1, days), np.ones(1, np.bool_))


def day_of_census(of: Callable[[Census], date]) -> Value:
    """A day that follows from the year of the census."""
    return _DayOfCensus(of)


PERIOD_START = day_of_census(lambda census: census.period_start)
REFERENCE_DATE = day_of_census(lambda census: census.reference_date)


def day(year: int, month: int, number: int) -> Value:
    """One day."""
    return Constant((date(year, month, number) - _EPOCH).days)


def working_days_before_the_end(count: int) -> Value:
    """The reference date less so many working days: itself day 0, the working day before it 1."""
    return _DayOfCensus(lambda census: working_days_back(census.reference_date, count))


def working_days_before_the_start(count: int) -> Value:
    """1 April less so many working days."""
    return _DayOfCensus(lambda census: working_days_back(census.period_start, count))


@cache
def working_days_back(end: date, count: int) -> date:
    """The `count`th working day before `end`, which is day 0."""
    while count > 0:
        end -= timedelta(days=1)
        count -= is_working_day(end)
    return end


@dataclass(frozen=True, eq=False)
class _Later(Value):
    start: Value
    days: int
    months: int

    def value(self, standing: Standing) -> Column:
        column = self.start.value(standing)
        values = column.values
        if self.months:
            dates = values.astype("M8[D]")
            month = dates.astype("M8[M]")
            in_month = dates - month.astype("M8[D]")
            values = ((month + self.months).astype("M8[D]") + in_month).astype(np.int64)
        return Column(values + self.days, column.known)


@dataclass(frozen=True, eq=False)
class _OrElse(Value):
    first: Value
    second: Value

    def value(self, standing: Standing) -> Column:
        first, second = self.first.value(standing), self.second.value(standing)
        return Column(
            np.where(first.known, first.values, second.values), first.known | second.known
        )


@dataclass(frozen=True, eq=False)
class _Known(Condition):
    subject: Value

    def holds(self, standing: Standing) -> Truths:
        return self.subject.value(standing).known


@dataclass(frozen=True, eq=False)
class _Compared(Condition):
    one: Value
    other: Value
    how: Callable[..., Truths]

    def holds(self, standing: Standing) -> Truths:
        one, other = self.one.value(standing), self.other.value(standing)
        return self.how(one.values, other.values) & one.known & other.known


@dataclass(frozen=True, eq=False)
class _Judged(Condition):
    subject: Value
    test: Callable[[npt.NDArray[Any]], Truths]

    def holds(self, standing: Standing) -> Truths:
        column = self.subject.value(standing)
        return self.test(column.values) & column.known


class Among:
    """Whether texts are among some codes. Texts of up to eight letters are compared as numbers:
    several times as fast as numpy's own way with texts."""

    def __init__(self, codes: Iterable[str]) -> None:
        self._codes = np.array(sorted(code.encode() for code in codes), np.bytes_)
        self._is_short = self._codes.dtype.itemsize <= _LETTERS_OF_A_NUMBER
        if self._is_short:
            self._numbers = np.sort(self._codes.astype("S8").view(np.uint64))

    def test(self, values: npt.NDArray[Any]) -> Truths:
        """Which of some texts are."""
        if not self._is_short or values.dtype.itemsize > _LETTERS_OF_A_NUMBER:
            return np.isin(values, self._codes)
        given = values.astype("S8").view(np.uint64)
        place = np.minimum(np.searchsorted(self._numbers, given), len(self._numbers) - 1)
        found: Truths = self._numbers[place] == given
        return found


_LETTERS_OF_A_NUMBER = 8


@cache
def _among_codes(census: Census, code_set: str) -> Among:
    return Among(census.codes(code_set))


@dataclass(frozen=True, eq=False)
class _Coded(Condition):
    subject: Value
    code_set: str

    def holds(self, standing: Standing) -> Truths:
        column = self.subject.value(standing)
        return _among_codes(standing.census, self.code_set).test(column.values) & column.known


@dataclass(frozen=True, eq=False)
class Repeated(Condition):
    """A text that more than one child of the return has. Alone in a rule: see `checking`."""

    subject: Value

    def holds(self, standing: Standing) -> Truths:
        """It cannot be told from part of a return."""
        raise TypeError("whether it is repeated is known when the whole return is read")


@dataclass(frozen=True, eq=False)
class _Both(Condition):
    one: Condition
    other: Condition

    def holds(self, standing: Standing) -> Truths:
        one = self.one.holds(standing)
        if not one.any():  # most often: a rule is broken by few, and many pieces have none of them
            return one
        return one & self.other.holds(standing)


@dataclass(frozen=True, eq=False)
class _Either(Condition):
    one: Condition
    other: Condition

    def holds(self, standing: Standing) -> Truths:
        return self.one.holds(standing) | self.other.holds(standing)


@dataclass(frozen=True, eq=False)
class _Not(Condition):
    condition: Condition

    def holds(self, standing: Standing) -> Truths:
        return ~self.condition.holds(standing)


@dataclass(frozen=True, eq=False)
class _Another(Condition):
    one: Relation
    other: Relation

    def holds(self, standing: Standing) -> Truths:
        found: Truths = standing.rows(self.one) != standing.rows(self.other)
        return found


class Always(Condition):
    """What holds of every row."""

    def holds(self, standing: Standing) -> Truths:
        """True in every case."""
        return np.ones(standing.size, np.bool_)


@dataclass(frozen=True, eq=False)
class HowMany(Value):
    """How many rows of `other` in the same `within` fulfil a condition."""

    other: Relation
    within: Relation
    where: Condition

    def value(self, standing: Standing) -> Column:
        """The number in each case; it is always known."""
        count = np.zeros(standing.size, np.int64)
        for together, cases in standing.beside(self.other, self.within):
            fulfilled = self.where.holds(together)
            if len(fulfilled) != len(cases):
                fulfilled = np.broadcast_to(fulfilled, len(cases))
            count += np.bincount(cases[fulfilled], minlength=standing.size)
        return Column(count, np.ones(standing.size, np.bool_))


ALWAYS = Always()


def how_many(other: Relation, *, within: Relation, where: Condition = ALWAYS) -> Value:
    """How many rows of `other` stand in the same `within` and fulfil a condition."""
    return HowMany(other, within, where)


def some(other: Relation, *, within: Relation, where: Condition = ALWAYS) -> Condition:
    """At least one row of `other` stands in the same `within` and fulfils a condition.

    The condition may speak of the row that is looked at too.
    """
    return how_many(other, within=within, where=where).is_more_than(0)


def none(other: Relation, *, within: Relation, where: Condition = ALWAYS) -> Condition:
    """No row of `other` does."""
    return ~some(other, within=within, where=where)


child = Relation(TABLES["Child"])
disability = Relation(TABLES["Disability"])
episode = Relation(TABLES["CINdetails"])
assessment = Relation(TABLES["Assessments"])
factor = Relation(TABLES["AssessmentFactors"])
cin_plan = Relation(TABLES["CINPlanDates"])
enquiry = Relation(TABLES["Section47"])
protection_plan = Relation(TABLES["ChildProtectionPlans"])
reviews = Relation(TABLES["Reviews"])
review = Relation(TABLES["CPPreviewDate"])
pre_proceedings = Relation(TABLES["PreProceedingsandFGDM"])

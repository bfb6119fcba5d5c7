"""What a rule of the census is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from harbourlight.returns.cin.conditions import Condition, Relation

Totals = Mapping[str, int]
"""What was counted over a whole return, by the names of `counts`."""


class Kind(Enum):
    """How a rule is to be met."""

    STRUCTURE = "structure"
    """The file is not as the schema has it: it will not be taken in."""
    ERROR = "error"
    """It must be put right."""
    QUERY = "query"
    """It must be put right or explained."""
    YEAR_ON_YEAR = "year-on-year check"
    """A figure far from last year's: explain it."""


@dataclass(frozen=True, slots=True)
class Edition:
    """How a rule read up to and including the census of a year, where it now reads otherwise."""

    until: int
    fails: Condition | Callable[[Totals], bool]
    fields: tuple[str, ...]
    message: str
    says: str = ""
    figures: Callable[[Totals], str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, with every year it has been in force.

    `fails` says which rows of `over` break it, and `also` which rows of others do; for a rule of
    the whole return (`over` is None) it says so of what was counted, and `figures` says what that
    was. `says` is the rule as we understand it, for the manual. `fields` are the elements it speaks
    of. A finding is shown at `element`, by default the first of those that `over` has.

    `since` and `until` are the first and last census it belongs to; None where that is before
    2022/23, or is not ended. A query that was an error says `an_error_until`: its code then had no
    Q. A provisional rule is not yet published, and may change.
    """

    code: str
    kind: Kind
    module: str
    fields: tuple[str, ...]
    message: str
    says: str
    over: Relation | None
    fails: Condition | Callable[[Totals], bool]
    also: tuple[tuple[Relation, Condition], ...] = ()
    figures: Callable[[Totals], str] | None = None
    element: str = ""
    since: int | None = None
    until: int | None = None
    an_error_until: int | None = None
    editions: tuple[Edition, ...] = ()
    is_provisional: bool = False

    def __post_init__(self) -> None:
        if not self.element and self.fields:
            own = self.over.table.field_names if self.over else ()
            first = next((name for name in self.fields if name in own), self.fields[0])
            object.__setattr__(self, "element", first)

    @property
    def level(self) -> str:
        """Whether it is of a child or of the whole return."""
        return "return" if self.over is None else "child"

    def is_in(self, year: int) -> bool:
        """Whether it belongs to the census of a year."""
        return (self.since is None or self.since <= year) and (
            self.until is None or year <= self.until
        )

    def says_in(self, year: int) -> str:
        """What the rule asks in the census of a year."""
        edition = self._edition(year)
        return edition.says if edition and edition.says else self.says

    def _edition(self, year: int) -> Edition | None:
        return next((edition for edition in self.editions if year <= edition.until), None)

    def in_year(self, year: int) -> "Applied":
        """The rule as it stands in the census of a year."""
        was_error = self.an_error_until is not None and year <= self.an_error_until
        edition = self._edition(year)
        return Applied(
            rule=self,
            code=self.code.removesuffix("Q") if was_error else self.code,
            kind=Kind.ERROR if was_error else self.kind,
            fields=edition.fields if edition else self.fields,
            message=edition.message if edition else self.message,
            fails=edition.fails if edition else self.fails,
            figures=edition.figures if edition else self.figures,
            element=edition.fields[0] if edition else self.element,
        )


@dataclass(frozen=True, slots=True)
class Applied:
    """A rule as one year's census has it."""

    rule: Rule
    code: str
    kind: Kind
    fields: tuple[str, ...]
    message: str
    fails: Condition | Callable[[Totals], bool]
    figures: Callable[[Totals], str] | None
    element: str

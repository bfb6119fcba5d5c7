"""What is found in a census: one finding for each place where a rule is broken."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from harbourlight.returns.cin.conditions import Census
from harbourlight.returns.cin.rule import Kind, Totals


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend or explain, and where it is.

    `child` is the LAchildID, or None for the return as a whole and for a child without one.
    `element` is where to look, `value` what it says (None where it is absent), `line` the line of
    the file on which it begins, or its group where it is absent.
    """

    rule: str
    kind: Kind
    message: str
    child: str | None
    module: str
    element: str
    value: str | None
    line: int | None

    @property
    def is_of_a_child(self) -> bool:
        """Whether it lies in a child's part of the file, though the child may have no id."""
        return (
            self.module not in ("Header", "Message", "Children", "Return") and self.line is not None
        )

    def fields(self) -> dict[str, str | int | None]:
        """Its fields by the names that files give them, in their order."""
        return {
            "rule": self.rule,
            "type": self.kind.value,
            "message": self.message,
            "child": self.child,
            "module": self.module,
            "element": self.element,
            "value": self.value,
            "line": self.line,
        }


@dataclass(slots=True)
class Checked:
    """A census that was checked.

    `rules_of` is the census whose rules were used: `census` itself, where they are known. `totals`
    is what was counted, and `last_year` the same of last year's return where it was given.
    `assumed` and `left_out` are sentences on what was taken to be so and what could not be checked.
    `provisional` are the codes of the rules checked that may still change.
    """

    file: str
    census: Census
    rules_of: Census
    authority: str = ""
    findings: list[Finding] = field(default_factory=list)
    totals: Totals = field(default_factory=dict)
    last_year: Totals = field(default_factory=dict)
    assumed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    provisional: frozenset[str] = frozenset()

    def by_rule(self) -> Iterator[tuple[str, list[Finding]]]:
        """The findings of each rule, in the order in which to mend them.

        Structure first, for such a file is not taken in; then errors, then what may be explained.
        Within each, rule 100 first, for the reference date decides many others, and then the rule
        with the most findings: often one cause.
        """
        count = Counter(finding.rule for finding in self.findings)
        found: dict[str, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(finding.rule, []).append(finding)
        order = list(Kind)
        yield from sorted(
            found.items(),
            key=lambda item: (
                order.index(item[1][0].kind),
                item[0] != "100",
                -count[item[0]],
                item[0],
            ),
        )

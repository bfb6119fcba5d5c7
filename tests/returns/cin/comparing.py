"""Both answers to every generated file, side by side: ours made now, the validator's recorded.

`python -m tests.returns.cin.comparing` writes `docs/cin-differences.md` from what it finds, and
says what is not explained.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.cin import VALIDATOR, VERSION
from harbourlight.returns.cin.checking import check
from harbourlight.returns.cin.rule import Kind
from harbourlight.returns.cin.rules import BY_CODE
from tests.returns.cin.differences import (
    DIFFERENCES,
    FAILS,
    FOUND,
    NOT_FOUND,
    STOPS,
    Case,
    Difference,
)
from tests.returns.cin.generated import EARLIER_YEARS, LAST_YEAR, Generated, generated
from tests.returns.cin.their_answers import Answer, recorded

PAGE = Path(__file__).parents[3] / "docs" / "cin-differences.md"


@dataclass
class Explained:
    """Every disagreement there is, by what explains it."""

    files: int = 0
    by_difference: dict[Difference, list[Case]] = field(
        default_factory=lambda: {one: [] for one in DIFFERENCES}
    )
    unexplained: list[Case] = field(default_factory=list)

    @cached_property
    def count(self) -> int:
        """How many there are."""
        return sum(map(len, self.by_difference.values())) + len(self.unexplained)


def explained(answers: Mapping[Generated, Answer] | None = None) -> Explained:
    """What explains the disagreements over some files, or all."""
    if answers is None:
        kept = recorded()
        answers = {file: kept[file.name][1] for file in generated() if file.name in kept}
    found = Explained(files=len(answers))
    with TemporaryDirectory() as folder:
        for file, answer in answers.items():
            for case in _disagreements(file, answer, Path(folder)):
                why = next((one for one in DIFFERENCES if one.explains(case)), None)
                (found.by_difference[why] if why else found.unexplained).append(case)
    return found


def _disagreements(file: Generated, theirs: Answer, folder: Path) -> Iterator[Case]:
    """Every rule and child of a file of whom the two answer differently.

    Rules go by their numbers: a query that was an error in 2022/23 has its Q in all the validator's
    years.
    """
    if theirs.stopped:
        yield Case(file, "", None, NOT_FOUND, STOPS)
        return
    mine = _ours(file, folder)
    found = {(_number(rule), child) for rule, child in theirs.found}
    failed = {_number(rule) for rule in theirs.failed}
    for rule, child in sorted(mine ^ found, key=lambda one: (one[0], one[1] or "")):
        if (rule, child) in found:
            yield Case(file, rule, child, NOT_FOUND, FOUND)
        else:
            yield Case(file, rule, child, FOUND, FAILS if rule in failed else NOT_FOUND)
    for rule in sorted(failed - {rule for rule, _ in mine}):
        yield Case(file, rule, None, NOT_FOUND, FAILS)


def _ours(file: Generated, folder: Path) -> set[tuple[str, str | None]]:
    path = folder / "census.xml"
    path.write_text(file.xml, encoding="utf-8")
    return {
        (_number(finding.rule), finding.child)
        for finding in check(path, year=file.year).findings
        if finding.kind is not Kind.STRUCTURE
    }


def _number(rule: str) -> str:
    return rule.removesuffix("Q")


# ---- The page ----------------------------------------------------------------------------


_CODES = {_number(code): code for code in BY_CODE}
_SHOWN = 3
"""Files named of each difference."""


def page(found: Explained) -> str:
    """What the page says."""
    years = f"{EARLIER_YEARS[0] - 1}/{EARLIER_YEARS[0] % 100} to {LAST_YEAR - 1}/{LAST_YEAR % 100}"
    lines = [
        "# Where the sector's open validator differs",
        "",
        "Written by `python -m tests.returns.cin.comparing`. `harbourlight cin validate` and "
        f"`{VALIDATOR}` {VERSION} were given the same {found.files:,} small files of the censuses "
        f"of {years}: those of [the rules' situations](cin-rules/README.md), and whole returns "
        "with each element left out, empty, twice and out of order, each date on each boundary "
        "and before, on and after each other date, each code known and unknown, and pairs of such "
        f"changes. Of their answers, a rule and a child each, {found.count:,} differ, and each of "
        "them for one of the reasons below; an answer that differed for none would fail "
        "`tests/returns/cin/test_differences.py`. Where rules say a thing the validator's code "
        "does not, we follow the rule's text. A rule that *fails* stopped with an error, and is "
        "left out for every child of the file.",
        "",
        "| Rule | Harbourlight | The validator | Why | Answers | For instance |",
        "|---|---|---|---|--:|---|",
    ]
    for one, cases in found.by_difference.items():
        rules = ", ".join(_CODES[rule] for rule in one.rules) or "any"
        names = list(dict.fromkeys(case.file.name for case in cases))
        names.sort(key=lambda name: not name.startswith("situation"))
        shown = "; ".join(names[:_SHOWN])
        lines.append(
            f"| {rules} | {one.ours} | {one.theirs} | {one.why} | {len(cases):,} | {shown} |"
        )
    lines += [
        "",
        "It has no structure to check: a file that is not in its schema's shape is read as far as "
        "it goes. Of 2026/27 it has no rules yet in this version. Queries that were errors until "
        "2022/23 have their present codes in its rules of that year too.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    made = explained()
    PAGE.write_text(page(made), encoding="utf-8")
    sys.stdout.writelines(f"not explained: {case.said}\n" for case in made.unexplained)

"""Each rule says what its text says, in the situations that are its page in the manual."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from harbourlight.returns.cin.checking import check
from harbourlight.returns.cin.conditions import Repeated
from harbourlight.returns.cin.findings import Finding
from harbourlight.returns.cin.rules import BY_CODE, RULES, rules_of
from tests.returns.cin.making import Made, Situation, make, situations

SITUATIONS = list(situations())


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Situation], list[Finding]]:
    """What is found in a situation.

    Children of many situations stand in one file, and what is found must be the same: nobody's
    findings hide another's. A rule of the whole return has a file to itself.
    """
    folder = tmp_path_factory.mktemp("situations")

    def checked(made: Made, name: str) -> list[Finding]:
        path = folder / f"{name}.xml"
        path.write_text(made.xml(), encoding="utf-8")
        return check(path).findings

    together: dict[str, list[Finding]] = {}
    files: dict[str, Made] = {}
    for number, situation in enumerate(SITUATIONS):
        if not stands_alone(situation):
            made = make(situation.census)
            for child in made.children:
                child.values["LAchildID"] = f"{number}x{child.values['LAchildID']}"
            year = made.header["Year"]
            files.setdefault(year, Made(made.header, [])).children.extend(made.children)
    for year, made in files.items():
        for finding in checked(made, year):
            together.setdefault((finding.child or "").partition("x")[0], []).append(finding)

    def of(situation: Situation) -> list[Finding]:
        if stands_alone(situation):
            return checked(make(situation.census), "alone")
        return together.get(str(SITUATIONS.index(situation)), [])

    return of


def stands_alone(situation: Situation) -> bool:
    rule = BY_CODE[situation.code]
    return (
        rule.over is None
        or isinstance(rule.fails, Repeated)
        or "LAchildID" in f"{rule.fields} {situation.census}"
    )


@pytest.mark.parametrize("situation", SITUATIONS, ids=str)
def test_a_situation_is_found_as_it_says(
    situation: Situation, found: Callable[[Situation], list[Finding]]
):
    codes = {situation.code, situation.code.removesuffix("Q")}
    shown = sorted(
        f"{finding.element} {finding.value or ''}".strip()
        for finding in found(situation)
        if finding.rule in codes
    )
    assert tuple(shown) == situation.found


def test_every_rule_has_situations_that_pass_and_that_fail():
    passes = Counter(one.code for one in SITUATIONS if not one.found)
    fails = Counter(one.code for one in SITUATIONS if one.found)
    assert {rule.code for rule in RULES} == set(passes) == set(fails)
    assert not [code for code in BY_CODE if passes[code] + fails[code] < 2]


def test_a_child_that_keeps_every_rule_breaks_none(tmp_path: Path):
    path = tmp_path / "census.xml"
    path.write_text(
        make("Assessments; Section47; ChildProtectionPlans; CPPreviewDate 2025-09-01").xml()
    )
    of_the_whole = {"2887Q", "2888Q"}
    assert {finding.rule for finding in check(path).findings} <= of_the_whole


def test_each_year_has_its_rules():
    counts = {year: len(rules_of(year)) for year in range(2023, 2028)}
    assert counts == {2023: 105, 2024: 105, 2025: 109, 2026: 109, 2027: 121}
    kinds = Counter(applied.kind.value for applied in rules_of(2026))
    assert kinds == {"error": 83, "query": 26}
    assert all(applied.rule.is_provisional for applied in rules_of(2027)[109:])
    changed = {"4009", "8525", "8555", "8569", "8863", "8873", "8897"}
    assert changed <= {applied.code for applied in rules_of(2023)}
    assert {f"{code}Q" for code in changed} <= {applied.code for applied in rules_of(2024)}

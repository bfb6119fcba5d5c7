"""The rules worked out at once are the rules worked out a row at a time."""

import random
from collections import Counter
from pathlib import Path

from harbourlight.returns.cin import conditions
from harbourlight.returns.cin.checking import check
from harbourlight.returns.cin.conditions import Census, Repeated
from harbourlight.returns.cin.elements import TABLES, Field, Holds
from harbourlight.returns.cin.rule import Kind
from harbourlight.returns.cin.rules import rules_of
from harbourlight.standards import code_sets
from tests.returns.cin import reference
from tests.returns.cin.making import Made, Part

DAYS = ("2025-03-30", "2025-03-31", "2025-04-01", "2025-06-07", "2025-06-08", "2025-06-09",
        "2026-01-26", "2026-03-10", "2026-03-31", "2026-04-01", "2025-02-31")  # fmt: skip
BIRTHS = ("2001-03-30", "2010-02-28", "2020-08-31", "2025-06-08", "2026-04-01", "2000-02-29")
WITHIN = {
    "Child": ("Disability", "CINdetails"),
    "CINdetails": (
        "Assessments", "CINPlanDates", "Section47", "ChildProtectionPlans", "PreProceedingsandFGDM",
    ),
    "Assessments": ("AssessmentFactors",),
    "ChildProtectionPlans": ("Reviews",),
    "Reviews": ("CPPreviewDate",),
}  # fmt: skip


def text(one: Field, chance: random.Random) -> str:
    if chance.random() < (0.5 if one.name.lower().endswith(("enddate", "closuredate")) else 0.25):
        return ""
    match one.holds:
        case Holds.DATE:
            return chance.choice(BIRTHS if "Birth" in one.name else DAYS)
        case Holds.FLAG:
            return chance.choice(("0", "1", "true", "false", "no"))
        case Holds.NUMBER:
            return chance.choice(("0", "3", "-1"))
        case _ if one.name == "LAchildID":
            return f"{chance.choice('C-')}{chance.randrange(10**18):020}"[
                : chance.choice((12, 20, 21))
            ]
        case _ if "UPN" in one.name and not one.code_set:
            return chance.choice(("P201123456789", "A999123456789", "M20112345678A", "P20X1"))
        case _ if one.name == "AssessmentFactors":
            return chance.choice(("21", "1A", "1B", "18A", "19A", "ZZ"))
        case _ if one.code_set:
            codes = sorted(code_sets.codes(one.code_set))
            return chance.choice((*codes, codes[-1], "ZZ", "RC8", "NONE"))
        case _:
            return chance.choice("ABCD")


def part(name: str, chance: random.Random) -> Part:
    made = Part(name, {one.name: text(one, chance) for one in TABLES[name].fields})
    for inner in WITHIN.get(name, ()):
        made.parts += [part(inner, chance) for _ in range(chance.choice((0, 1, 1, 2, 3)))]
    return made


def census_of(year: int, chance: random.Random) -> str:
    """A census whose every value is drawn, most of them from the edges of what rules ask."""
    header = {"Year": str(year), "ReferenceDate": f"{year}-03-31"}
    xml = Made(header, [part("Child", chance) for _ in range(80)]).xml()
    for moved in range(2016, 2032):  # the days near 2025/26's ends to this census's own
        xml = xml.replace(f">{moved}-", f">_{moved + year - 2026}-")
    return xml.replace(">_", ">")


def test_rules_worked_out_at_once_are_those_worked_out_slowly(tmp_path: Path):
    met: set[str] = set()
    asked: set[str] = set()
    for year in (2027, 2026, 2024, 2023):
        xml = census_of(year, random.Random(year))
        path = tmp_path / "census.xml"
        path.write_text(xml, encoding="utf-8")
        at_once = Counter(
            finding.rule for finding in check(path).findings if finding.kind is not Kind.STRUCTURE
        )
        rows, census = reference.rows_of(xml), Census(year)
        for applied in rules_of(year):
            if applied.rule.over is None or isinstance(applied.fails, Repeated):
                continue
            slowly = [
                line
                for relation, fails in ((applied.rule.over, applied.fails), *applied.rule.also)
                for line in reference.broken(census, rows, relation, fails)
            ]
            assert at_once[applied.code] == len(slowly), (applied.code, year)
            asked.add(applied.rule.code)
            met |= {applied.rule.code} if slowly else set()
    assert asked - met == set(), "no census drawn breaks these"


def test_the_reference_knows_every_word():
    kinds = (conditions.Condition, conditions.Value)
    words = {
        word
        for word in vars(conditions).values()
        if isinstance(word, type) and issubclass(word, kinds) and word not in (*kinds, Repeated)
    }
    assert words <= set(reference.say.registry)

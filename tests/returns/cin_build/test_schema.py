"""Our XML schema states the tree that the specification does, and agrees with the checks."""

import copy
import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from harbourlight.returns.cin.checking import check
from harbourlight.returns.cin.elements import ELEMENTS, Field
from harbourlight.returns.cin.rule import Kind
from harbourlight.returns.cin.schema import schema, written
from tests.returns.cin.making import make
from tests.samples import SAMPLES, needs_samples

FIELDS = Path(__file__).parents[3] / "../shared/reference/data/cin_fields.csv"
_XS = "{http://www.w3.org/2001/XMLSchema}"

FULL = """Child UPN=A201000000001 FormerUPN=B201000000002 PersonDeathDate=2026-01-01;
    Disability LD; Disability AUT; CINdetails CINclosureDate=2026-01-01 ReasonForClosure=RC3
    DateOfInitialCPC=2025-06-05; Assessments AssessmentInternalReviewDate=2025-06-01;
    AssessmentFactors 1A; AssessmentFactors 1B; Assessments; CINPlanDates CINPlanEndDate=2025-08-01;
    Section47; ChildProtectionPlans CPPendDate=2025-12-01; CPPreviewDate 2025-09-01;
    CPPreviewDate 2025-11-01"""
"""A census with every element that one may have before 2027."""


def _declared(year: int) -> dict[tuple[str, str], etree._Element]:
    """The schema's declarations of what holds a value, by path and name."""
    found = {}
    for element in etree.fromstring(written(year)).iter(f"{_XS}element"):
        path = [str(above.get("name")) for above in element.iterancestors(f"{_XS}element")]
        if element.find(f"{_XS}complexType") is None:
            found["/".join(reversed(path)), str(element.get("name"))] = element
    return found


@needs_samples
def test_the_schema_is_the_tree_that_is_specified() -> None:
    with FIELDS.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["element"] != "GenderCurrent"]
    declared = _declared(2027)
    assert {*declared} == {(row["path"], row["element"]) for row in rows}
    assert [*declared] == [(row["path"], row["element"]) for row in rows]  # and in that order
    for row in rows:
        element = declared[row["path"], row["element"]]
        assert element.get("minOccurs") == row["min"], row["element"]
        assert (element.get("maxOccurs") == "unbounded") == (row["max"] == "n"), row["element"]
        if row["type"].startswith(("date", "boolean", "integer", "gYear")):
            kind = {"date": "day", "dateTime": "xs:dateTime", "boolean": "flag", "gYear": "year"}
            expected = kind.get(row["type"].split()[0], "xs:nonNegativeInteger")
            assert element.get("type") == expected, row["element"]


def test_a_year_has_the_elements_of_that_year() -> None:
    names = {year: {name for _, name in _declared(year)} for year in (2024, 2025, 2026, 2027)}
    assert "GenderCurrent" in names[2024]
    assert names[2025] == names[2026] == names[2024] - {"GenderCurrent"} | {"Sex"}
    assert {"PPStartDate", "PPOutcome"} <= names[2027] - names[2026]


@needs_samples
@pytest.mark.parametrize("sample", ["cin_census_2026.xml", "cin_census_sample.xml"])
def test_a_census_we_did_not_make_is_of_the_schema(sample: str) -> None:
    tree = etree.parse(str(SAMPLES / sample))
    year = int(str(tree.findtext("Header/CollectionDetails/Year")))
    assert schema(year).validate(tree), schema(year).error_log


def _left_out(element: etree._Element) -> None:
    element.getparent().remove(element)


def _given_twice(element: etree._Element) -> None:
    element.addnext(copy.deepcopy(element))


def _put_last(element: etree._Element) -> None:
    element.getparent().append(element)


def _put_first(element: etree._Element) -> None:
    element.getparent().insert(0, element)


def _renamed(element: etree._Element) -> None:
    element.tag = "Nickname"


def _emptied(element: etree._Element) -> None:
    for inner in element:
        element.remove(inner)
    element.text = ""


def _turned_round(element: etree._Element) -> None:
    if not len(element):
        element.text = "31/03/2026"


CHANGES = (
    _left_out,
    _given_twice,
    _put_last,
    _put_first,
    _renamed,
    _emptied,
    _turned_round,
)


def _of_a_type(name: str) -> bool:
    """Whether the checks of structure look at a value: what a code may be is for rules."""
    declared = ELEMENTS.get(name)
    return isinstance(declared, Field) and declared.holds.name not in ("TEXT", "CODE", "INSTANT")


@pytest.mark.parametrize("change", CHANGES)
def test_the_schema_and_the_checks_of_structure_find_the_same_files_at_fault(
    change: Callable[[etree._Element], None], tmp_path: Path
) -> None:
    whole = make(" ".join(FULL.split())).xml().encode()
    first: dict[tuple[str, str], int] = {}
    for place, element in enumerate(etree.fromstring(whole).iterdescendants(), start=1):
        first.setdefault((element.getparent().tag, element.tag), place)
    outcomes = []
    for place in first.values():
        root = etree.fromstring(whole)
        element = [*root.iter()][place]
        if element.tag == "Children" or (change is _turned_round and not _of_a_type(element.tag)):
            continue  # without them it is no census at all
        change(element)
        if root.find("Children/Child") is None:
            continue
        path = tmp_path / "census.xml"
        path.write_bytes(etree.tostring(root))
        findings = check(path, year=2026).findings
        at_fault = [each for each in findings if each.kind is Kind.STRUCTURE]
        assert schema(2026).validate(root) == (not at_fault), (
            element.tag,
            at_fault,
            schema(2026).error_log,
        )
        outcomes.append(not at_fault)
    assert False in outcomes  # each change spoils some file

"""A file that is not in its schema's shape gets findings that say where, and is checked still."""

from pathlib import Path

import pytest

from harbourlight.returns.cin.checking import check
from harbourlight.returns.cin.findings import Finding
from harbourlight.returns.cin.rule import Kind
from tests.returns.cin.making import make

WORDS = """Child PersonBirthDate=2026-04-01; Assessments; Section47; ChildProtectionPlans;
CPPreviewDate 2025-09-01; Child"""


def structure(text: str, folder: Path) -> list[Finding]:
    path = folder / "census.xml"
    path.write_text(text, encoding="utf-8")
    findings = check(path).findings
    assert "8520" in {finding.rule for finding in findings}, "what can be checked is not"
    return [finding for finding in findings if finding.kind is Kind.STRUCTURE]


@pytest.mark.parametrize(
    ("said", "instead", "rule", "element", "value"),
    [
        ("<UPNunknown>UN2</UPNunknown>", "<UPNreason>UN2</UPNreason>", "schema-unknown",
         "UPNreason", None),
        ("<Ethnicity>", "<Sex>F</Sex><Ethnicity>", "schema-place", "Sex", None),
        ("<Sex>F", "<Sex><Ethnicity/>", "schema-place", "Ethnicity", None),
        ("<Sex>F</Sex>", "", "schema-missing", "Sex", None),
        ("<CPPreviewDate>2025-09-01</CPPreviewDate>", "", "schema-missing", "CPPreviewDate", None),
        ("<Sex>F</Sex>", "<Sex>F</Sex><Sex>M</Sex>", "schema-repeated", "Sex", None),
        ("<Sex>F</Sex>", "<GenderCurrent>2</GenderCurrent><Sex>F</Sex>", "schema-year",
         "GenderCurrent", None),
        ("<Sex>F</Sex>", "<Sex/>", "schema-empty", "Sex", None),
        ("<Sex>F</Sex>", "<Sex> </Sex>", "schema-empty", "Sex", None),
        ("2025-06-10</A", "2025-02-31</A", "schema-type", "AssessmentAuthorisationDate",
         "2025-02-31"),
        ("2025-06-10</A", "10/06/2025</A", "schema-type", "AssessmentAuthorisationDate",
         "10/06/2025"),
        ("2025-06-10</A", "2025-06-10T00:00:00</A", "schema-type", "AssessmentAuthorisationDate",
         "2025-06-10T00:00:00"),
        (">false</ReferralNFA", ">no</ReferralNFA", "schema-type", "ReferralNFA", "no"),
        (">0</NumberOfPreviousCPP", ">-1</NumberOfPreviousCPP", "schema-type",
         "NumberOfPreviousCPP", "-1"),
        ("<Sex>", "Sex: <Sex>", "schema-text", "ChildIdentifiers", None),
        ("<Child>", "Jane <Child>", "schema-text", "Children", None),
        ("<LEA>201</LEA>", "", "schema-missing", "LEA", None),
        ("<Year>2026</Year>", "<Year>26th</Year>", "schema-type", "Year", "26th"),
    ],
)  # fmt: skip
def test_each_fault_is_told_where_it_is(
    said: str, instead: str, rule: str, element: str, value: str | None, tmp_path: Path
):
    text = make(WORDS).xml()
    assert said in text
    found = structure(text.replace(said, instead, 1), tmp_path)
    assert [(one.rule, one.element, one.value) for one in found] == [(rule, element, value)]
    assert found[0].line is not None
    lines = text.replace(said, instead, 1).splitlines()
    near = "".join(lines[found[0].line - 1 : found[0].line + 1])  # text is after what it follows
    assert element in near or found[0].module in near or instead in near


def test_what_is_right_has_no_fault(tmp_path: Path):
    assert structure(make(WORDS).xml(), tmp_path) == []


def test_what_is_out_of_order_says_before_what_it_should_come(tmp_path: Path):
    lines = make(WORDS).xml().splitlines()
    nfa = lines.index("<ReferralNFA>false</ReferralNFA>")
    lines.insert(lines.index("<Assessments>"), lines.pop(nfa))
    found = structure("\n".join(lines), tmp_path)
    assert {one.message for one in found} == {
        "Assessments should come before ReferralNFA",
        "Section47 should come before ReferralNFA",
    }
    assert {one.rule for one in found} == {"schema-order"}


def test_what_is_given_twice_is_found_though_others_are_out_of_order(tmp_path: Path):
    text = make(WORDS).xml()
    twice = text.replace("<UPNunknown>", "<Sex>F</Sex><UPNunknown>", 1)
    assert {one.rule for one in structure(twice, tmp_path)} == {"schema-order", "schema-repeated"}


def test_groups_given_twice_are_read_as_one_so_that_nothing_in_them_is_hidden(tmp_path: Path):
    text = make(f"ChildProtectionPlans; CPPreviewDate 2025-09-01; {WORDS}").xml()
    again = "</Reviews><Reviews><CPPreviewDate>2025-01-01</CPPreviewDate></Reviews>"
    path = tmp_path / "census.xml"
    path.write_text(text.replace("</Reviews>", again, 1), encoding="utf-8")
    told = {(one.rule, one.element, one.message, one.value) for one in check(path).findings}
    says = "Reviews may be given once; they were read as one"
    assert ("schema-repeated", "Reviews", says, None) in told
    assert ("8841", "2025-01-01") in {(rule, value) for rule, _, _, value in told}


def test_a_header_after_the_children_is_out_of_order(tmp_path: Path):
    text = make(WORDS).xml()
    header = text[text.index("<Header>") : text.index("<Children>")]
    moved = text.replace(header, "").replace("</Message>", f"{header}</Message>")
    found = structure(moved, tmp_path)
    assert [(one.rule, one.element) for one in found] == [("schema-order", "Header")]


def test_a_fault_between_children_is_nobodys(tmp_path: Path):
    text = make(WORDS).xml().replace("</Child>\n<Child>", "</Child>\nJane\n<Adult/>\n<Child>")
    found = structure(text, tmp_path)
    assert {(one.rule, one.child) for one in found} == {
        ("schema-text", None),
        ("schema-unknown", None),
    }


def test_every_date_that_does_not_exist_is_told_and_every_other_day_is_read(tmp_path: Path):
    days = {"2024-02-29": True, "2025-02-29": False, "2100-02-29": False, "2000-02-29": True}
    days |= {"2025-04-31": False, "2025-12-31": True, "2025-13-01": False, "2025-00-10": False}
    days |= {"2025-01-00": False, "0000-01-01": False, "2025-1-01": False, "2025-01-01Z": False}
    text = make(WORDS).xml()
    for day, exists in days.items():
        written = text.replace("<S47ActualStartDate>2025-05-20", f"<S47ActualStartDate>{day}")
        told = [one.value for one in structure(written, tmp_path)]
        assert told == ([] if exists else [day]), day

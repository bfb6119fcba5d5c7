"""`harbourlight cin validate`: what it writes, and how it ends."""

import csv
import io
import json
import re
import time
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import html
from playwright.sync_api import expect

from harbourlight.cli import main
from harbourlight.returns.cin.notes import NOTES
from tests.browsing import arrive_by
from tests.returns.cin.making import make
from tests.samples import SAMPLES, needs_samples

FIELDS = ["rule", "type", "message", "child", "module", "element", "value", "line"]

BROKEN = """Child LAchildID==A1 UPN=P201123456789; CINdetails CINclosureDate=2025-06-30;
Child PersonBirthDate=2027-01-01; CINdetails ReferralNFA=maybe; Section47; Child"""


def validate(words: str, folder: Path, *options: str) -> Result:
    path = folder / "census.xml"
    path.write_text(make(words).xml(), encoding="utf-8")
    return CliRunner().invoke(main, ["cin", "validate", str(path), *options])


def test_json_has_a_finding_for_each_place_with_the_fields_others_rely_on(tmp_path: Path):
    result = validate(BROKEN, tmp_path, "--json")
    assert result.exit_code == 1
    written = json.loads(result.stdout)
    assert written["year"] == 2026
    assert all(list(finding) == FIELDS for finding in written["findings"])
    of = {finding["rule"]: finding for finding in written["findings"]}
    assert of["8805"] == {
        "rule": "8805",
        "type": "error",
        "message": "A CIN case cannot have a CIN closure date without a Reason for Closure",
        "child": "=A1",
        "module": "CINdetails",
        "element": "CINclosureDate",
        "value": "2025-06-30",
        "line": 31,
    }
    lines = (tmp_path / "census.xml").read_text().splitlines()
    assert lines[30] == "<CINclosureDate>2025-06-30</CINclosureDate>"
    assert of["8568"]["value"] == "maybe"
    assert of["2887Q"]["child"] is None
    assert of["schema-type"]["type"] == "structure"


def test_csv_has_the_same_and_no_cell_that_a_spreadsheet_would_work_out(tmp_path: Path):
    rows = list(csv.DictReader(io.StringIO(validate(BROKEN, tmp_path, "--csv").stdout)))
    written = json.loads(validate(BROKEN, tmp_path, "--json").stdout)["findings"]
    assert list(rows[0]) == FIELDS
    assert [row["rule"] for row in rows] == [finding["rule"] for finding in written]
    assert {row["child"] for row in rows} == {"'=A1", "C2", "C3", ""} - {"C3"}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "@"))]


def test_the_page_leads_from_what_to_mend_first_to_each_child(tmp_path: Path):
    out = tmp_path / "findings.html"
    assert validate(BROKEN, tmp_path, "--html", "--out", str(out)).exit_code == 1
    text = out.read_text(encoding="utf-8")
    page = html.fromstring(text)
    assert not page.xpath("//script | //link | //img | //@style | //@onclick")
    rules = page.xpath("//table[1]//th[@scope='row']/a/text()")
    assert rules[0] == "schema-type"
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(href[1:] in ids for href in page.xpath("//a/@href"))
    assert NOTES["2991Q"] in " ".join(page.text_content().split())
    assert "=A1" in page.text_content()


def test_the_summary_says_what_to_mend_first(tmp_path: Path):
    said = validate(BROKEN, tmp_path).stdout
    assert said.index("fault of structure: mend first") < said.index("errors: must be put right")
    assert "line 31, child =A1, CINclosureDate 2025-06-30" in said


def test_the_page_says_in_three_steps_what_to_begin_with(tmp_path: Path):
    out = tmp_path / "findings.html"
    validate(BROKEN, tmp_path, "--html", "--out", str(out))
    steps = html.fromstring(out.read_text(encoding="utf-8")).xpath("//ol[@class='steps']/li")
    said = [" ".join(step.text_content().split()) for step in steps]
    assert len(said) == 3
    assert said[0].startswith("schema-type ReferralNFA is not"), said[0]
    assert "says maybe" in said[0]
    assert "Dates are written 2026-03-31" in said[0]


MOST = f"{20} Child; CINdetails CINclosureDate=2025-06-30; Child"


@pytest.mark.parametrize("form", ["", "--html"])
def test_what_is_so_of_most_children_is_said_once_to_have_one_cause(form: str, tmp_path: Path):
    options = [form] if form else []
    said = " ".join(validate(MOST, tmp_path, *options).stdout.split())
    assert said.count("What is so of most children has one cause") == 1
    assert "of 20 of the 21 children" in said
    assert "ach CINclosureDate says 2025-06-30" in said
    few = validate(MOST.replace("20 Child", "19 Child"), tmp_path, *options).stdout
    assert "has one cause" not in " ".join(few.split())


@pytest.mark.parametrize(
    ("words", "year", "said"),
    [
        (
            "Census 2022; 3 Child",
            "2026",
            "GenderCurrent, which the census has not had since 2023/24: the file has the shape of "
            "an earlier year’s",
        ),
        (
            "Census 2026; 3 Child",
            "2023",
            "Sex, which the census does not have before 2024/25: the file has the shape of a later "
            "year’s",
        ),
    ],
)
def test_the_shape_of_another_year_is_explained_once(
    words: str, year: str, said: str, tmp_path: Path
):
    written = json.loads(validate(words, tmp_path, "--json", "--year", year).stdout)
    assert len([remark for remark in written["remarks"] if said in remark]) == 1
    for form in ([], ["--html"]):
        shown = " ".join(validate(words, tmp_path, "--year", year, *form).stdout.split())
        assert shown.count("the file has the shape of") == 1
    right = validate(words, tmp_path, "--json").stdout
    assert "has the shape of" not in right


def test_a_census_without_children_says_so_first(tmp_path: Path):
    words = "Child"
    path = tmp_path / "census.xml"
    before, _, rest = make(words).xml().partition("<Children>")
    path.write_text(f"{before}<Children></Children></Message>", encoding="utf-8")
    assert rest
    run = CliRunner().invoke
    assert "There are no children in the file." in run(main, ["cin", "validate", str(path)]).stdout
    page = run(main, ["cin", "validate", str(path), "--html"]).stdout
    assert "Put the children into the file first" in page
    assert "Nothing must be put right" not in page
    assert 'href="#children"' not in page


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_lines_fit_the_screen_and_no_identifier_is_broken(
    columns: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", str(columns))
    child = "AN-IDENTIFIER-OF-SOME-LENGTH-1234567890"
    words = f"{BROKEN}; Child LAchildID={child} PersonBirthDate=2027-01-01; Section47"
    lines = validate(words, tmp_path).stdout.splitlines()
    notes = [f"  {note}" for note in NOTES.values()]
    assert max(len(line) for line in lines if line not in notes) <= min(columns, 100)
    assert any(line in notes for line in lines), "words to be copied stand on one line"
    assert any(child in line for line in lines)
    assert not any("Please check and either amend" in line for line in lines)


def test_a_terminal_is_sent_nothing_that_it_would_obey(tmp_path: Path):
    said = validate("Child LAchildID=A\u009b31mB PersonBirthDate=2027-01-01", tmp_path).stdout
    assert r"A\x9b31mB" in said
    assert all(line.isprintable() for line in said.splitlines())


def test_the_words_that_explain_a_query_are_offered_where_it_is_found(tmp_path: Path):
    result = validate("Section47", tmp_path)
    assert NOTES["2991Q"] in result.stdout
    assert NOTES["8530Q"] not in result.stdout
    assert json.loads(validate("Section47", tmp_path, "--json").stdout)["notes"] == {
        "2991Q": NOTES["2991Q"]
    }


def test_nothing_found_ends_well(tmp_path: Path):
    codes = ["MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR", "VIS"]
    words = "; ".join(f"Disability {code}" for code in codes)
    result = validate(words, tmp_path)
    assert (result.exit_code, "Nothing was found." in result.stdout) == (0, True)


def test_what_cannot_be_read_ends_in_two_with_one_sentence(tmp_path: Path):
    path = tmp_path / "census.xml"
    path.write_text("<Message><Children>", encoding="utf-8")
    result = CliRunner().invoke(main, ["cin", "validate", str(path), "--json"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert "census.xml, line 1" in result.stderr


@pytest.mark.parametrize(
    ("words", "options", "year", "said"),
    [
        ("Census 2023; Child", (), 2023, "Rules 8617 and 8899Q of that year were withdrawn"),
        ("Census 2024; Child", (), 2024, "year-on-year checks were not made"),
        ("Census 2026; Child", ("--year", "2025"), 2025, "The header says 2026; it was checked"),
        ("Header Year= ; Child", (), 2026, "year-on-year checks were not made"),
        ("Header Year= ReferenceDate= ; Child", (), 2026, "does not say which census"),
        ("Census 2019; Child", (), 2019, "Those of 2022/23 were checked"),
    ],
)
def test_a_census_is_checked_by_the_rules_of_its_year(
    words: str, options: tuple[str, ...], year: int, said: str, tmp_path: Path
):
    written = json.loads(validate(words, tmp_path, "--json", *options).stdout)
    assert written["year"] == year
    assert said in " ".join(written["remarks"])


def test_provisional_rules_are_marked(tmp_path: Path):
    written = json.loads(validate("Census 2027; Child", tmp_path, "--json").stdout)
    assert len(written["provisional"]) == 12
    assert "8995Q" in {finding["rule"] for finding in written["findings"]}
    assert "(provisional)" in validate("Census 2027; Child", tmp_path).stdout
    assert json.loads(validate("Child", tmp_path, "--json").stdout)["provisional"] == []


def test_figures_far_from_last_years_are_told(tmp_path: Path):
    last = tmp_path / "last.xml"
    last.write_text(make("Census 2025; 20 Child; Assessments").xml(), encoding="utf-8")
    for now, told in ((18, set()), (17, {"YonY01"}), (23, {"YonY01"})):
        result = validate(f"{now} Child; Assessments", tmp_path, "--json", "--last-year", str(last))
        found = [one for one in json.loads(result.stdout)["findings"] if one["rule"][:3] == "Yon"]
        assert {one["rule"] for one in found} == told, now
        assert all(one["type"] == "year-on-year check" for one in found)
    result = validate("15 Child; Assessments", tmp_path, "--json", "--last-year", str(last))
    written = json.loads(result.stdout)
    codes = {one["rule"] for one in written["findings"]}
    assert {"YonY01", "YonY02", "YonY03"} <= codes
    assert set(written["notes"]) == {"YonY01", "YonY02", "YonY03"}
    risen = validate("25 Child; Assessments", tmp_path, "--json", "--last-year", str(last))
    assert set(json.loads(risen.stdout)["notes"]) == {"YonY02", "YonY03"}, "it fell, says YonY01's"


@needs_samples
def test_in_a_census_of_many_children_what_is_wrong_is_found_and_nothing_else():
    """Each was counted by hand, by searching the file for what the rule says."""
    sample = SAMPLES / "cin_census_2026.xml"
    result = CliRunner().invoke(main, ["cin", "validate", str(sample), "--json"])
    found = Counter(finding["rule"] for finding in json.loads(result.stdout)["findings"])
    assert found == {"2885": 18, "2883": 1, "8670Q": 11, "2887Q": 1, "2888Q": 1}


@needs_samples
@pytest.mark.browser
def test_the_page_is_open_to_everyone(browser, check_access, tmp_path: Path):
    out = tmp_path / "findings.html"
    sample = SAMPLES / "cin_census_2026_faulty.xml"
    CliRunner().invoke(main, ["cin", "validate", str(sample), "--html", "--out", str(out)])
    page = browser.new_page()
    page.goto(out.as_uri())
    check_access(page)
    arrive_by(page.get_by_role("link", name="2886Q").first)
    expect(page).to_have_url(re.compile("#rule-2886Q$"))
    expect(page.locator("#rule-2886Q")).to_be_in_viewport()
    page.close()


@needs_samples
def test_a_census_of_many_children_is_checked_within_the_time_of_reading_it_twice():
    """Compared with libxml2's own pass over the same file, so that it holds on any machine."""
    from lxml import etree

    from harbourlight.returns.cin.checking import check

    path = SAMPLES / "cin_census_2026.xml"

    def shortest(do) -> float:
        times = []
        for _ in range(5):
            start = time.process_time()
            do()
            times.append(time.process_time() - start)
        return min(times)

    def walked() -> None:
        for _, element in etree.iterparse(str(path), events=("start", "end")):
            str(element.text)

    assert shortest(lambda: check(path)) < 3 * shortest(walked)

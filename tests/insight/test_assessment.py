import csv
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from harbourlight.dataset.loaders import UnreadableSource
from harbourlight.insight import assessment
from harbourlight.insight.assessment import (
    CANNOT_ANSWER,
    FILES,
    LEDGER,
    MEASURES,
    REPORT,
    CannotWrite,
    assess,
)
from harbourlight.insight.comma_separated import write_rows
from harbourlight.ledger.evaluation import LEDGER_SCHEMA
from harbourlight.standards.calendar import add_working_days
from harbourlight.standards.standard import Outcome

AS_AT = date(2026, 3, 31)
FIRST_DAY = date(2025, 4, 1)


def census(path, *, children):
    """A census of 2025/26: one child referred each day, and assessed in 40 or 50 working days."""
    written = []
    for place in range(children):
        referred = FIRST_DAY + timedelta(days=place)
        done = add_working_days(referred, 50 if place % 4 == 0 else 40)
        authorised = (
            f"<AssessmentAuthorisationDate>{done}</AssessmentAuthorisationDate>"
            if done <= AS_AT
            else ""
        )
        written.append(
            f"<Child><ChildIdentifiers><LAchildID>C{place:04}</LAchildID>"
            "<PersonBirthDate>2016-05-01</PersonBirthDate><Sex>F</Sex></ChildIdentifiers>"
            "<ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics>"
            f"<CINdetails><CINreferralDate>{referred}</CINreferralDate>"
            "<ReferralSource>2A</ReferralSource><PrimaryNeedCode>N1</PrimaryNeedCode>"
            f"<Assessments><AssessmentActualStartDate>{referred}</AssessmentActualStartDate>"
            f"{authorised}</Assessments><ReferralNFA>false</ReferralNFA></CINdetails></Child>"
        )
    path.write_text(
        "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2026</Year>"
        "<ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails>"
        "<Source><LEA>394</LEA></Source></Header>"
        f"<Children>{''.join(written)}</Children></Message>"
    )
    return path


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    return census(tmp_path_factory.mktemp("census") / "census.xml", children=365)


@pytest.fixture(scope="module")
def done(source, tmp_path_factory):
    said = []
    out = tmp_path_factory.mktemp("answers") / "new" / "folder"
    return assess(source, as_at=AS_AT, out=out, progress=said.append), said


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_census_becomes_a_folder_of_answers_and_nothing_else(done):
    answered, said = done
    assert sorted(path.name for path in answered.out.iterdir()) == sorted(FILES)
    assert [path.name for path in answered.files] == list(FILES)
    assert said[0] == "Reading census.xml"
    assert len(said) == 4


def test_the_ledger_has_the_columns_others_rely_on(done):
    answered, _ = done
    ledger = parquet.read_table(answered.out / LEDGER)
    assert ledger.schema.equals(LEDGER_SCHEMA)
    assert len(ledger) == answered.entries == 2 * 365
    assert set(ledger["standard"].to_pylist()) == {"ASM-45", "REREF-12M"}


def test_the_measures_give_every_month_and_limits_only_for_whole_ones(done):
    answered, _ = done
    rows = [row for row in rows_of(answered.out / MEASURES) if row["standard"] == "ASM-45"]
    by_month = {row["month"]: row for row in rows}
    # A referral of 1 April falls due on 6 June, so June is the last month held in part.
    assert [row["whole"] for row in rows] == ["N"] + ["Y"] * 9
    assert by_month["2025-06-01"]["mean"] == ""
    july = by_month["2025-07-01"]
    assert float(july["value"]) == pytest.approx(
        int(july["numerator"]) / int(july["denominator"]), abs=1e-6
    )
    assert float(july["lower_limit"]) < 0.75 < float(july["upper_limit"])
    assert july["title"] == "Assessment within 45 working days"
    met = sum(int(row["numerator"]) for row in rows)
    (asm,) = (each for each in answered.report.sections if each.standard.code == "ASM-45")
    assert met <= asm.counts[Outcome.MET]


def test_what_cannot_be_answered_is_listed_with_what_is_lacking(done):
    answered, _ = done
    lacking = {row["standard"]: row["lacking"] for row in rows_of(answered.out / CANNOT_ANSWER)}
    assert "ssd_cp_reviews.cppr_cp_review_date" in lacking["RCPC-3M"]
    assert lacking["REF-DEC"] == "hl_decisions.hlde_decided_at"
    assert "ASM-45" not in lacking


def test_the_report_names_the_source_and_what_it_cannot_tell(done):
    answered, _ = done
    written = (answered.out / REPORT).read_text(encoding="utf-8")
    assert "Children in need census 2025/26, authority 394" in written
    assert "July 2025 to March 2026" in written
    assert "The first month these files can answer for in full is April 2026" in written


def test_it_says_in_a_few_lines_what_it_found(done):
    answered, _ = done
    lines = list(answered.summary())
    assert lines[0] == "Children in need census 2025/26, authority 394, as at 31 March 2026"
    assert (
        lines[1]
        == "Re-referral within 12 months: no whole month yet; 0 happened, 364 cannot be told"
    )
    assert lines[2].startswith("Assessment within 45 working days: 75% (")
    assert "July 2025 to March 2026); 2 past due" in lines[2]
    assert lines[3].startswith("Not answered, for want of data: Decision within one working day;")


def test_the_same_source_gives_the_same_files_byte_for_byte(source, done, tmp_path):
    again = assess(source, as_at=AS_AT, out=tmp_path)
    answered, _ = done
    for name in FILES:
        assert (again.out / name).read_bytes() == (answered.out / name).read_bytes()


def test_files_of_those_names_are_replaced_and_others_left_alone(source, tmp_path):
    (tmp_path / REPORT).write_text("last year's")
    (tmp_path / "notes.txt").write_text("mine")
    assess(source, as_at=AS_AT, out=tmp_path)
    assert (tmp_path / REPORT).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*FILES, "notes.txt"])


def fail(*_given, **_named):
    raise OSError(28, "No space left on device")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_failure_while_writing_changes_nothing(source, tmp_path, monkeypatch):
    (tmp_path / REPORT).write_text("last year's")
    before = contents(tmp_path)
    monkeypatch.setattr(assessment, "render", fail)
    with pytest.raises(CannotWrite, match="no space left on device"):
        assess(source, as_at=AS_AT, out=tmp_path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("last_moved", range(len(FILES)))
def test_a_failure_while_files_take_their_places_puts_back_what_was_there(
    source, tmp_path, monkeypatch, last_moved
):
    for name in FILES[:3]:
        (tmp_path / name).write_text(f"last year's {name}")
    before = contents(tmp_path)
    rename = Path.rename

    def rename_until(self, target):
        if self.parent.name.startswith(".harbourlight-") and self.name == FILES[last_moved]:
            fail()
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", rename_until)
    with pytest.raises(CannotWrite):
        assess(source, as_at=AS_AT, out=tmp_path)
    assert contents(tmp_path) == before


def test_a_source_that_cannot_be_read_leaves_no_folder_behind(tmp_path):
    (tmp_path / "bad.xml").write_text("<Message><Children>")
    with pytest.raises(UnreadableSource):
        assess(tmp_path / "bad.xml", as_at=AS_AT, out=tmp_path / "answers")
    assert not (tmp_path / "answers").exists()


def test_a_file_is_not_a_folder_to_write_in_and_nothing_is_read_first(tmp_path):
    (tmp_path / "answers").write_text("a file")
    said = []
    with pytest.raises(CannotWrite, match="is a file"):
        assess(tmp_path / "none.xml", as_at=AS_AT, out=tmp_path / "answers", progress=said.append)
    assert said == []


def test_a_folder_in_the_place_of_a_file_is_never_removed(source, tmp_path):
    (tmp_path / REPORT).mkdir()
    with pytest.raises(CannotWrite, match="is a folder"):
        assess(source, as_at=AS_AT, out=tmp_path)
    assert (tmp_path / REPORT).is_dir()


def test_a_day_after_the_census_ends_is_answered_with_a_warning_and_no_later_month(
    source, tmp_path
):
    answered = assess(source, as_at=date(2026, 9, 30), out=tmp_path)
    written = (tmp_path / REPORT).read_text(encoding="utf-8")
    assert "These files end on 31 March 2026, before the day asked for." in written
    (asm,) = (each for each in answered.report.sections if each.standard.code == "ASM-45")
    assert asm.chart.points[-1].month.month == date(2026, 3, 1)
    later = [row for row in rows_of(tmp_path / MEASURES) if row["month"] > "2026-03-31"]
    assert {row["whole"] for row in later} == {"N"}
    assert {row["mean"] for row in later} == {""}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_spreadsheet_takes_no_cell_for_a_formula(tmp_path, text):
    write_rows(tmp_path / "a.csv", ["id", "count"], [{"id": text, "count": -1}])
    (row,) = rows_of(tmp_path / "a.csv")
    assert row["id"] == f"'{text}"
    # A number of our own is a number.
    assert row["count"] == "-1"

"""`harbourlight cin build` and `cin schema`: what they write and say, and how they end."""

import csv
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from click.testing import CliRunner, Result
from lxml import etree

from harbourlight.cli import main
from harbourlight.dataset.files import write_folder
from harbourlight.dataset.loaders import read
from harbourlight.dataset.tables import BY_NAME
from harbourlight.returns.cin.schema import schema
from tests.returns.cin_build.census import built, children
from tests.returns.cin_build.test_choosing import EPISODE, PERSON, holding
from tests.samples import SAMPLES, needs_samples

FORMULA = "=1+1"


def _run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["cin", *map(str, words)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Anyone's SSD files, in which one child cannot be built."""
    lacking = PERSON | {"pers_person_id": FORMULA, "pers_sex": None}
    episode = EPISODE | {"cine_referral_id": "T", "cine_person_id": FORMULA}
    write_folder(holding(PERSON, EPISODE, lacking, episode), tmp_path / "ssd", "csv")
    return tmp_path / "ssd"


def test_what_cannot_be_built_is_a_warning_and_a_list(folder: Path, tmp_path: Path) -> None:
    out, problems = tmp_path / "census.xml", tmp_path / "problems.csv"
    result = _run(
        *("build", "--year", 2026, "--from", folder, "--out", out),
        *("--authority", 394, "--serial", 7, "--problems", problems),
    )
    assert result.exit_code == 0, result.output
    assert "Warning: 1 thing could not be built." in result.output
    assert "recorded" in result.output  # and in a table, to be read at once
    with problems.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["child"], row["element"], row["left_out"]) == (f"'{FORMULA}", "Sex", "The child")
    tree = etree.parse(str(out))
    assert row["wrong"] == "The child's sex is not recorded."
    assert schema(2026).validate(tree), schema(2026).error_log
    assert [*children(out)] == ["A"]
    said = {element.tag: element.text for element in tree.find("Header").iter()}
    assert said["Collection"] == "CIN"
    assert (said["Year"], said["ReferenceDate"]) == ("2026", "2026-03-31")
    assert (said["LEA"], said["SerialNo"], said["SourceLevel"]) == ("394", "007", "L")
    assert datetime.fromisoformat(said["DateTime"])


def test_what_a_terminal_would_obey_is_shown_and_not_sent_to_it(tmp_path: Path) -> None:
    name = "A\x1b[31m"
    lacking = PERSON | {"pers_person_id": name, "pers_sex": None}
    write_folder(
        holding(
            PERSON, EPISODE, lacking, EPISODE | {"cine_referral_id": "T", "cine_person_id": name}
        ),
        tmp_path / "ssd",
        "parquet",
    )
    result = _run("build", "--year", 2026, "--from", tmp_path / "ssd", "--out", tmp_path / "c.xml")
    assert result.exit_code == 0, result.output
    assert "\x1b" not in result.output
    assert "x1b[31m" in result.output


def test_without_the_authority_the_census_is_built_and_says_that_it_lacks_it(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "census.xml"
    result = _run("build", "--year", 2026, "--from", folder, "--out", out)
    assert result.exit_code == 0, result.output
    assert "give the authority" in result.output
    assert schema(2026).validate(etree.parse(str(out)))


def test_where_no_child_can_be_built_nothing_is_written_in_place_of_what_was(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "census.xml"
    out.write_text("last night's")
    result = _run("build", "--year", 2020, "--from", folder, "--out", out)
    assert result.exit_code == 1
    assert "No child could be built into the census of 2019/20" in result.output
    assert out.read_text() == "last night's"
    assert [*tmp_path.glob(".*")] == []


def test_where_it_cannot_be_written_there_is_one_sentence(folder: Path, tmp_path: Path) -> None:
    result = _run(
        "build", "--year", 2026, "--from", folder, "--out", tmp_path / "no" / "such" / "census.xml"
    )
    assert result.exit_code == 2
    assert "cannot be written: there is no folder" in result.output


@needs_samples
def test_a_census_file_is_built_again_and_the_checker_finds_what_it_found(tmp_path: Path) -> None:
    sample, out = SAMPLES / "cin_census_2026.xml", tmp_path / "census.xml"
    result = _run("build", "--year", 2026, "--from", sample, "--out", out)
    assert result.exit_code == 0, result.output
    assert etree.parse(str(out)).findtext("Header/Source/LEA") == "394"  # as the file says
    assert children(out) == children(sample)


def test_the_schema_is_given_to_whoever_asks(tmp_path: Path) -> None:
    result = _run("schema", "--year", 2026, "--out", tmp_path / "census.xsd")
    assert result.exit_code == 0, result.output
    etree.XMLSchema(etree.parse(str(tmp_path / "census.xsd")))


def _marked(name: str, rows: pa.Table, mark: str) -> pa.Table:
    """Rows of a table as those of other children."""
    for column in BY_NAME[name].columns:
        if column.key or column.references:
            place = rows.column_names.index(column.name)
            changed = pc.binary_join_element_wise(rows[column.name], mark, "")
            rows = rows.set_column(place, rows.schema.field(place), changed)
    return rows


@needs_samples
def test_ten_thousand_children_are_built(tmp_path: Path) -> None:
    one = read(SAMPLES / "cin_census_2026.xml").tables
    many = {
        name: rows
        if name == "hl_coverage"
        else pa.concat_tables([_marked(name, rows, f"x{number}") for number in range(7)])
        for name, rows in one.items()
    }
    _, told = built(many, tmp_path / "census.xml", from_census=True)
    assert told.counts["Child"] == 7 * 1581

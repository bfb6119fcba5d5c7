"""The dataset as SSD files: in the specification's columns, and the same ledger when read again."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from harbourlight.dataset.engines import DuckDB, load_tables
from harbourlight.dataset.files import Format, write_folder
from harbourlight.dataset.loaders import read
from harbourlight.dataset.tables import Dataset
from harbourlight.ledger.entries import all_entries
from harbourlight.returns import ssd
from harbourlight.simulate import simulate
from harbourlight.standards.catalogue import CATALOGUE

AT = datetime(2026, 3, 31, 21, 30, tzinfo=UTC)
SPECIFICATION = Path(__file__).parents[2] / "../shared/reference/data/ssd_fields.csv"


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return dict(simulate(children=300, years=3, seed=11, until=date(2026, 3, 31)).tables)


def _ledger(tables: dict[str, pa.Table]) -> list[dict[str, object]]:
    with DuckDB() as engine:
        load_tables(engine, tables)
        entries = engine.run(all_entries(CATALOGUE.values(), Dataset())).to_pylist()
    return sorted(entries, key=str)


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_what_is_written_has_the_same_ledger_when_it_is_read_again(
    tables: dict[str, pa.Table], format: Format, tmp_path: Path
) -> None:
    ssd.build(tables, tmp_path, format, at=AT)
    source = read(tmp_path)
    assert source.remarks == () or not any("not read" in remark for remark in source.remarks)
    assert _ledger(dict(source.tables)) == _ledger(tables) != []


def test_every_file_has_the_columns_of_the_specification_in_its_order(
    tables: dict[str, pa.Table], tmp_path: Path
) -> None:
    person = tables["ssd_person"].drop_columns(["pers_gender"])
    ssd.build({**tables, "ssd_person": person}, tmp_path, "csv", at=AT)
    with SPECIFICATION.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for path in tmp_path.glob("ssd_*.csv"):
        with path.open(encoding="utf-8") as file:
            header = next(csv.reader(file))
        assert header == [row["field"] for row in rows if row["table"] == path.stem], path.name
    log = (tmp_path / "ssd_version_log.csv").read_text(encoding="utf-8")
    assert '"2026-07"' in log
    assert "2026-03-31 22:30:00" in log  # by the clock on the wall in London


WORDS = ["=1+1", "+44", "-1", "@name", "'=1+1", "''=x", "'twas", "plain", "", None, "\tx", "\n=x"]


def test_no_cell_begins_as_a_formula_and_each_is_read_again_as_it_was(tmp_path: Path) -> None:
    people = pa.table(
        {
            "pers_person_id": [f"P{place:02}" for place, _ in enumerate(WORDS)],
            "pers_forename": WORDS,
        }
    )
    write_folder({"ssd_person": people}, tmp_path, "csv")
    with (tmp_path / "ssd_person.csv").open(encoding="utf-8", newline="") as file:
        written = [row["pers_forename"] for row in csv.DictReader(file)]
    assert [one for one in written if one[:1] in set("=+-@\t\r\n") - {""}] == []
    held = read(tmp_path).tables["ssd_person"]["pers_forename"].to_pylist()
    assert held == [word or None for word in WORDS]

"""A trust is written as a folder another machine can read."""

import json

import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet
import pytest

from harbourlight.dataset.tables import BY_NAME
from harbourlight.simulate import write


def read_parquet(path, schema):
    return parquet.read_table(path)


def read_csv(path, schema):
    options = arrow_csv.ConvertOptions(column_types=schema, strings_can_be_null=True)
    return arrow_csv.read_csv(path, convert_options=options).cast(schema)


READERS = {"parquet": read_parquet, "csv": read_csv}


@pytest.mark.parametrize("format", READERS)
def test_a_folder_holds_every_table_the_families_and_the_truth_and_nothing_else(
    trust, tmp_path, format
):
    told = []
    write(trust, tmp_path / "out", format, progress=lambda *said: told.append(said))
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "truth.json",
        *(f"{name}.{format}" for name in trust.tables),
    }
    for name, rows in trust.tables.items():
        path = tmp_path / "out" / f"{name}.{format}"
        assert READERS[format](path, BY_NAME[name].arrow_schema()).equals(rows)
    assert json.loads((tmp_path / "out" / "truth.json").read_text("utf-8")) == trust.truth
    assert told[-1] == ("writing", 1.0)


def test_the_same_folder_can_be_written_again(trust, tmp_path):
    write(trust, tmp_path, "parquet")
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    write(trust, tmp_path, "parquet")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first

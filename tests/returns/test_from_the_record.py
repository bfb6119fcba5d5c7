"""What is built from the live record is what it would be from the files that filled it."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from harbourlight.dataset.tables import SOURCE_TABLES
from harbourlight.record.furnishing import furnish
from harbourlight.record.loading import load_record
from harbourlight.record.publishing import published_tables
from harbourlight.returns.cin.building import Header, build
from harbourlight.returns.cin.checking import check
from harbourlight.simulate import simulate

AT = datetime(2026, 6, 30, 21, 30, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_the_record_gives_every_table_of_the_dataset_as_it_stands() -> None:
    trust = simulate(children=100, years=2, seed=5, until=date(2026, 6, 30))
    load_record(trust.tables, at=AT)
    tables = published_tables()
    assert [*tables] == [table.name for table in SOURCE_TABLES]
    for table in SOURCE_TABLES:
        assert tables[table.name].column_names == [column.name for column in table.columns]
        assert len(tables[table.name]) == len(trust.tables[table.name]), table.name
        if table.person:
            given = sorted(trust.tables[table.name][table.person].to_pylist())
            assert sorted(tables[table.name][table.person].to_pylist()) == given, table.name


@pytest.mark.django_db(transaction=True)
def test_the_record_s_census_is_that_of_the_files_to_the_byte(tmp_path: Path, assured: Any) -> None:
    trust = simulate(children=100, years=2, seed=5, until=date(2026, 6, 30))
    load_record(trust.tables, at=AT)
    header = Header("999", AT.replace(tzinfo=None))
    live, files = tmp_path / "live.xml", tmp_path / "files.xml"
    told = build(published_tables(), year=2026, header=header, out=live)
    assert told.problems == build(trust.tables, year=2026, header=header, out=files).problems
    assert live.read_bytes() == files.read_bytes()
    size = live.stat().st_size
    assured("record-census", f"{told.counts['Child']} children, {size:,} bytes: none differs")
    furnish(at=AT)  # what is invented around the children breaks no rule of the census
    build(published_tables(), year=2026, header=header, out=live)
    assert [found.rule for found in check(live).findings] == [
        found.rule for found in check(files).findings
    ]

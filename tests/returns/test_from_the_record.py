"""What is built from the live record is what it would be from the files that filled it."""

from datetime import UTC, date, datetime

import pytest

from harbourlight.dataset.tables import SOURCE_TABLES
from harbourlight.record.loading import load_record
from harbourlight.record.publishing import published_tables
from harbourlight.simulate import simulate

AT = datetime(2026, 3, 31, 21, 30, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_the_record_gives_every_table_of_the_dataset_as_it_stands() -> None:
    trust = simulate(children=100, years=2, seed=5, until=date(2026, 3, 31))
    load_record(trust.tables, at=AT)
    tables = published_tables()
    assert [*tables] == [table.name for table in SOURCE_TABLES]
    for table in SOURCE_TABLES:
        assert tables[table.name].column_names == [column.name for column in table.columns]
        assert len(tables[table.name]) == len(trust.tables[table.name]), table.name
        if table.person:
            given = sorted(trust.tables[table.name][table.person].to_pylist())
            assert sorted(tables[table.name][table.person].to_pylist()) == given, table.name

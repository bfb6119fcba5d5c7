"""The live record as the dataset's tables: what returns and assessments are built from."""

import pyarrow as pa
from django.db import connection, transaction

from harbourlight.dataset.engines import PostgreSQL
from harbourlight.dataset.tables import SOURCE_TABLES, Dataset


def published_tables() -> dict[str, pa.Table]:
    """Every table a source may fill, by name, as the record stands at one moment.

    All are read in one transaction that sees nothing written after it began, so that no row refers
    to one that is not there. For the owner: what a person may see is not asked.
    """
    dataset = Dataset()
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        engine = PostgreSQL(connection.connection)
        return {table.name: engine.run(getattr(dataset, table.name)) for table in SOURCE_TABLES}

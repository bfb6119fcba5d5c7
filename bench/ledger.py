"""The ledger: from nothing in DuckDB and in PostgreSQL, and kept for one family by a write."""

from datetime import datetime

from bench.record import UNTIL, loaded_record, made_trust
from bench.timing import Figure, beside
from harbourlight.dataset.engines import DuckDB, load_tables
from harbourlight.ledger.evaluation import evaluate
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.clocks import END_OF_DAY


def measure(children: int, years: int) -> list[Figure]:
    """Both engines, and the keeping of it."""
    trust = made_trust(children, years)
    as_at = datetime.combine(UNTIL, END_OF_DAY)
    figures = []
    with DuckDB() as engine:
        load_tables(engine, trust.tables)
        ledger = evaluate(engine, list(CATALOGUE.values()), as_at)
        connection = engine.connection
        connection.register("made", ledger)
        figures.append(
            beside(
                "whole ledger, DuckDB",
                lambda: evaluate(engine, list(CATALOGUE.values()), as_at),
                lambda: connection.execute(
                    "SELECT * FROM made ORDER BY standard, about, about_id"
                ).to_arrow_table(),
                turns=5,
                note=f"{len(ledger):,} entries; floor: read the same rows in order",
            )
        )
    with loaded_record(trust):
        figures += _in_the_record()
    return figures


def _in_the_record() -> list[Figure]:
    from django.db import connection, transaction
    from django.db.models import Count

    from harbourlight.record.live_ledger.keeping import keep, recompute
    from harbourlight.record.live_ledger.models import Entry
    from harbourlight.record.people.models import Family

    table = Entry._meta.db_table

    def copy() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE copied (LIKE {table} INCLUDING INDEXES)")
            cursor.execute(f"INSERT INTO copied SELECT * FROM {table}")
            cursor.execute("DROP TABLE copied")

    family = Family.objects.annotate(people_in=Count("people")).filter(people_in=3).first()
    ids = [str(person.pk) for person in family.people.all()]

    def kept() -> None:
        with transaction.atomic():
            keep(ids)

    def written() -> None:
        with transaction.atomic():
            rows = list(Entry.objects.filter(child_id__in=ids))
            Entry.objects.filter(child_id__in=ids).delete()
            Entry.objects.bulk_create(rows)

    count = Entry.objects.count()
    return [
        beside(
            "whole ledger, PostgreSQL",
            recompute,
            copy,
            turns=3,
            note=f"{count:,} entries; floor: INSERT the same rows with their indexes",
        ),
        beside(
            "kept for three children by a write",
            kept,
            written,
            turns=40,
            note="floor: read, delete and insert the same entries",
        ),
    ]

"""Keeping the history of every row hardly slows the filling of a record."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import connection, transaction

from harbourlight.foundation.history.rows import history_of, is_kept
from harbourlight.record.loading import load_record
from harbourlight.record.people.models import Person
from harbourlight.simulate import Trust, simulate

AT = datetime(2026, 3, 31, 12, tzinfo=UTC)


class UndoneError(Exception):
    """So that the next filling finds an empty record."""


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back."""
    try:
        with transaction.atomic():
            yield
            raise UndoneError
    except UndoneError:
        pass


def seconds_to_fill(trust: Trust, *, keeping: bool) -> float:
    with undone(), connection.cursor() as cursor:
        if not keeping:
            for model in filter(is_kept, apps.get_models()):
                cursor.execute(
                    "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass "
                    "AND tgname LIKE 'pgtrigger_insert_insert_%%'",
                    [model._meta.db_table],
                )
                table, trigger = model._meta.db_table, cursor.fetchone()[0]
                cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{trigger}"')
        started = time.perf_counter()
        load_record(trust.tables, at=AT)
        took = time.perf_counter() - started
        states = history_of(Person).objects.all()
        assert states.count() == (Person.objects.count() if keeping else 0)
        assert {*states.values_list("pgh_context__act", flat=True)} <= {"record:load"}
    return took


@pytest.mark.django_db
def test_a_record_is_filled_by_copy_with_every_row_kept(long_form: bool, assured) -> None:
    children, turns, mark = (20_000, 4, 1.6) if long_form else (400, 3, 2.5)
    trust = simulate(children=children, years=5, seed=7, until=date(2026, 3, 31))
    without, kept, ratio = [], [], mark
    while ratio >= mark and len(kept) < turns:  # the machine may be busy with something else
        without.append(seconds_to_fill(trust, keeping=False))
        kept.append(seconds_to_fill(trust, keeping=True))
        ratio = min(kept) / min(without)
    assert ratio < mark, "statement triggers fell back to one for each row"
    assured(
        "loading-ratio",
        f"{children:,} children: {min(without):.1f} s without, {min(kept):.1f} s with: "
        f"{ratio:.2f} times",
    )

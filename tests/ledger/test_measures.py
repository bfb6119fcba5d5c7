from collections import Counter
from datetime import date, datetime, time, timedelta

import ibis
import psycopg
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harbourlight.dataset.engines import PostgreSQL
from harbourlight.ledger.evaluation import LEDGER_SCHEMA
from harbourlight.ledger.measures import MEASURES_SCHEMA, by_month, monthly, whole_from
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.clocks import END_OF_DAY
from harbourlight.standards.standard import Kind, Outcome
from tests.ledger.made_ledgers import entry, ledger_of

DEADLINE, DURATION, OCCURRENCE = "ASM-45", "CPP-2Y", "REREF-12M"
MET, LATE, DUE, OVERDUE = Outcome.MET, Outcome.MET_LATE, Outcome.DUE, Outcome.OVERDUE
CANNOT_TELL, NOT_APPLICABLE = Outcome.CANNOT_TELL, Outcome.NOT_APPLICABLE

AS_AT = datetime.combine(date(2026, 3, 15), END_OF_DAY)
FEB, MARCH = date(2026, 2, 1), date(2026, 3, 1)


def only(*entries):
    """The single month counted of a few entries, as month, numerator, denominator, cannot tell."""
    rows = by_month(ledger_of(entries), CATALOGUE, AS_AT).to_pylist()
    return [tuple(row.values())[1:5] for row in rows]


SITUATIONS = [
    (
        "met in time counts in the month it fell due, not the month it was done",
        entry(DEADLINE, MET, began=date(2026, 1, 5), due=date(2026, 2, 9), met=date(2026, 1, 20)),
        [(FEB, 1, 1, 0)],
    ),
    (
        "met late is counted and not in time",
        entry(DEADLINE, LATE, began=date(2026, 1, 5), due=date(2026, 2, 9), met=date(2026, 3, 1)),
        [(FEB, 0, 1, 0)],
    ),
    (
        "overdue is counted and not in time",
        entry(DEADLINE, OVERDUE, began=date(2026, 1, 5), due=date(2026, 2, 28)),
        [(FEB, 0, 1, 0)],
    ),
    (
        "due today is counted, for the day asked about is over",
        entry(DEADLINE, MET, began=date(2026, 3, 2), due=date(2026, 3, 15), met=date(2026, 3, 3)),
        [(MARCH, 1, 1, 0)],
    ),
    (
        "met early is left out until its day has passed, as those not yet met are",
        entry(DEADLINE, MET, began=date(2026, 3, 2), due=date(2026, 3, 16), met=date(2026, 3, 3)),
        [],
    ),
    ("not yet due is left out", entry(DEADLINE, DUE, began=MARCH, due=date(2026, 3, 30)), []),
    (
        "what does not apply never counts",
        entry(DEADLINE, NOT_APPLICABLE, began=FEB, due=date(2026, 2, 9)),
        [],
    ),
    (
        "what cannot be told is counted apart, where it fell due",
        entry(DEADLINE, CANNOT_TELL, began=date(2026, 1, 5), due=date(2026, 2, 9)),
        [(FEB, 0, 0, 1)],
    ),
    (
        "what cannot be told and has no due date is put where it began",
        entry(DEADLINE, CANNOT_TELL, began=date(2026, 2, 9)),
        [(FEB, 0, 0, 1)],
    ),
    ("what has no date at all is in no month", entry(DEADLINE, CANNOT_TELL), []),
    (
        "a plan that ended in time counts in the month it reached its limit",
        entry(DURATION, MET, began=date(2024, 2, 3), due=date(2026, 2, 3), met=date(2025, 1, 1)),
        [(FEB, 1, 1, 0)],
    ),
    (
        "what happened is the numerator, in the month it began",
        entry(OCCURRENCE, OVERDUE, began=date(2026, 2, 3), due=date(2026, 2, 3)),
        [(FEB, 1, 1, 0)],
    ),
    (
        "what did not happen is in the denominator alone",
        entry(OCCURRENCE, MET, began=date(2026, 2, 3), due=date(2026, 2, 3), met=date(2026, 2, 3)),
        [(FEB, 0, 1, 0)],
    ),
    ("a standard that was not asked for is left out", entry("OTHER", MET, began=FEB, due=FEB), []),
]


@pytest.mark.parametrize(
    ("row", "expected"),
    [situation[1:] for situation in SITUATIONS],
    ids=[situation[0] for situation in SITUATIONS],
)
def test_an_entry_counts_where_it_should(row, expected):
    assert only(row) == expected


def slowly(rows, as_at, group):
    """The same counts by going through the entries one at a time."""
    counts = Counter()
    for row in rows:
        standard = CATALOGUE.get(row["standard"])
        if standard is None or row["outcome"] in (DUE, NOT_APPLICABLE):
            continue
        occurs = standard.kind is Kind.OCCURRENCE
        when = row["starts_at"] if occurs else row["due_at"]
        cannot = row["outcome"] == CANNOT_TELL
        if cannot and when is None:
            when = row["starts_at"]
        if when is None or when > as_at:
            continue
        key = (row["standard"], *([row[group]] if group else []), when.date().replace(day=1))
        counts[key, "cannot_tell"] += cannot
        counts[key, "denominator"] += not cannot
        counts[key, "numerator"] += row["outcome"] == (OVERDUE if occurs else MET)
    found = []
    for key in {key for key, _ in counts}:
        met, of = counts[key, "numerator"], counts[key, "denominator"]
        found.append((*key, met, of, counts[key, "cannot_tell"], met / of if of else None))
    return found


days = st.dates(date(2025, 12, 20), date(2026, 4, 10))
made_entries = st.builds(
    entry,
    st.sampled_from([DEADLINE, DURATION, OCCURRENCE, "OTHER"]),
    st.sampled_from(Outcome),
    team_id=st.sampled_from([None, "north", "south"]),
    began=st.none() | days,
    due=st.none() | days,
)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(made_entries, max_size=30),
    as_at=days,
    group=st.sampled_from([None, "team_id"]),
)
def test_counting_in_an_engine_equals_counting_one_at_a_time(rows, as_at, group):
    as_at = datetime.combine(as_at, END_OF_DAY)
    counted = by_month(ledger_of(rows), CATALOGUE, as_at, group=group)
    assert sorted(map(repr, (tuple(row.values()) for row in counted.to_pylist()))) == sorted(
        map(repr, slowly(rows, as_at, group))
    )


def test_months_come_in_order_with_the_columns_they_promise():
    rows = [
        entry(code, MET, began=due, due=due)
        for code in (OCCURRENCE, DEADLINE)
        for due in (date(2026, 3, 1), date(2025, 12, 31), date(2026, 1, 1))
    ]
    counted = by_month(ledger_of(rows), CATALOGUE, AS_AT)
    assert counted.schema.equals(MEASURES_SCHEMA)
    keys = [(row["standard"], row["month"]) for row in counted.to_pylist()]
    assert keys == sorted(keys)
    assert len(keys) == 6


def test_nothing_counted_has_no_value_rather_than_nought():
    (row,) = by_month(
        ledger_of([entry(DEADLINE, CANNOT_TELL, began=FEB, due=FEB)]), CATALOGUE, AS_AT
    ).to_pylist()
    assert row["denominator"] == 0
    assert row["value"] is None


def test_the_live_record_counts_the_same_months_in_postgresql(shared_cluster, worker_id):
    rows = [situation[1] for situation in SITUATIONS]
    database = f"measures_{worker_id}"
    shared_cluster.ensure_database(database)
    columns = ", ".join(
        f"{field.name} {'timestamp' if pa.types.is_timestamp(field.type) else 'text'}"
        for field in LEDGER_SCHEMA
    )
    with psycopg.connect(shared_cluster.url(database)) as connection:
        connection.execute(f"CREATE TEMPORARY TABLE made_up ({columns})")
        with connection.cursor().copy("COPY made_up FROM STDIN") as copy:
            for row in rows:
                copy.write_row(list(row.values()))
        held = ibis.table(ibis.Schema.from_pyarrow(LEDGER_SCHEMA), name="made_up")
        answered = PostgreSQL(connection).run(monthly(held, CATALOGUE, AS_AT))
        connection.rollback()
    expected = by_month(ledger_of(rows), CATALOGUE, AS_AT)
    assert answered.select(expected.column_names).to_pylist() == expected.to_pylist()


@pytest.mark.parametrize(
    ("code", "complete_from", "first"),
    [
        # 45 working days after 31 March 2025 is 6 June: June holds some that began before April.
        ("ASM-45", date(2025, 4, 1), date(2025, 7, 1)),
        ("RCPC-3M", date(2025, 4, 1), date(2025, 7, 1)),
        ("RCPC-6M", date(2025, 4, 1), date(2025, 10, 1)),
        ("CPP-2Y", date(2025, 4, 1), date(2027, 4, 1)),
        # A referral early in March 2026 looks back into March 2025, which is not held.
        ("REREF-12M", date(2025, 4, 1), date(2026, 4, 1)),
        ("CPP-REPEAT", date(2025, 4, 1), date(2025, 4, 1)),
        ("CPP-REPEAT", date(2025, 4, 2), date(2025, 5, 1)),
    ],
)
def test_a_source_answers_in_full_from_the_month_nothing_older_falls_due_in(
    code, complete_from, first
):
    standard = CATALOGUE[code]
    assert whole_from(standard, complete_from) == first
    if standard.kind is not Kind.OCCURRENCE:
        before = datetime.combine(complete_from - timedelta(days=1), time.min)
        assert standard.limit.due(before).date() < first

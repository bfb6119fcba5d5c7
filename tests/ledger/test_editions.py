"""A new edition of guidance is a new limit: what began under the old one keeps the old clock."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from harbourlight.dataset.engines import DuckDB, load_tables
from harbourlight.ledger.evaluation import evaluate
from harbourlight.standards.catalogue import CATALOGUE, front_door
from harbourlight.standards.clocks import Limit, Unit
from harbourlight.standards.sources import Mark, Source
from tests.ledger.evaluators import tables
from tests.ledger.worlds import row

OLD, NEW = (Source(f"The {edition} edition", "p 1", Mark.UNVERIFIED) for edition in ("old", "new"))
LAST_OF_OLD, FIRST_OF_NEW = date(2025, 8, 31), date(2025, 9, 1)
AS_AT = datetime.fromisoformat("2026-03-31T23:59:59")


def editions(old: tuple[int, Unit], new: tuple[int, Unit]) -> tuple[Limit, Limit]:
    return (
        Limit(*old, OLD, date(2020, 1, 1), LAST_OF_OLD),
        Limit(*new, NEW, FIRST_OF_NEW),
    )


CHANGES = [
    # A contact of Friday 29 and Sunday 31 August and of Monday 1 September 2025.
    ((1, Unit.WORKING_DAY), (3, Unit.WORKING_DAY), ["2025-09-01", "2025-09-01", "2025-09-04"]),
    ((1, Unit.WORKING_DAY), (1, Unit.MONTH), ["2025-09-01", "2025-09-01", "2025-10-01"]),
    ((6, Unit.MONTH), (2, Unit.WORKING_DAY), ["2026-02-28", "2026-02-28", "2025-09-03"]),
    ((1, Unit.YEAR), (3, Unit.MONTH), ["2026-08-29", "2026-08-31", "2025-12-01"]),
]


@pytest.mark.parametrize(("old", "new", "due"), CHANGES)
def test_each_edition_has_its_own_clock(old, new, due):
    standard = replace(CATALOGUE["REF-DEC"], limits=editions(old, new))
    contacts = [
        row(
            "ssd_contacts",
            cont_contact_id=f"k{day}",
            cont_person_id="child",
            cont_contact_date=datetime.fromisoformat(f"{day}T16:00:00"),
        )
        for day in ("2019-12-31", "2025-08-29", "2025-08-31", "2025-09-01")
    ]
    with DuckDB() as engine:
        load_tables(engine, tables({"ssd_contacts": contacts}))
        before, *entries = evaluate(engine, [standard], AS_AT).to_pylist()
    assert before["outcome"] == "not_applicable"
    assert [entry["due_at"] for entry in entries] == [
        datetime.fromisoformat(f"{day}T23:59:59") for day in due
    ]
    for entry in entries:
        assert entry["due_at"] == standard.limit_on(entry["starts_at"].date()).due(
            entry["starts_at"]
        )


def test_each_edition_of_a_window_looks_back_as_far_as_it_says(monkeypatch):
    monkeypatch.setattr(
        front_door, "_RE_REFERRAL_LIMITS", editions((12, Unit.MONTH), (6, Unit.MONTH))
    )
    standard = replace(CATALOGUE["REREF-12M"], limits=front_door._RE_REFERRAL_LIMITS)
    referrals = [
        row(
            "ssd_cin_episodes",
            cine_referral_id=f"{child}-{day}",
            cine_person_id=child,
            cine_referral_date=datetime.fromisoformat(f"{day}T16:00:00"),
        )
        for child, days in {
            "under-old": ("2024-10-01", "2025-08-31"),
            "under-new": ("2024-10-01", "2025-09-01"),
            "soon": ("2025-03-02", "2025-09-01"),
        }.items()
        for day in days
    ]
    with DuckDB() as engine:
        load_tables(engine, tables({"ssd_cin_episodes": referrals}))
        entries = evaluate(engine, [standard], AS_AT).to_pylist()
    again = {entry["about_id"] for entry in entries if entry["outcome"] == "overdue"}
    assert again == {"under-old-2025-08-31", "soon-2025-09-01"}

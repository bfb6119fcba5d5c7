"""Every standard is declared whole, and names only what is declared."""

import re
from dataclasses import replace
from datetime import date

import ibis
import pytest

from harbourlight.dataset.tables import BY_NAME, Dataset
from harbourlight.dataset.tables import columns as declared_columns
from harbourlight.standards import code_sets
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.clocks import Limit, Unit
from harbourlight.standards.expressions import subjects
from harbourlight.standards.sources import Mark, Source
from harbourlight.standards.standard import COMMON_DETAILS, SUBJECT_COLUMNS, Kind

every_standard = pytest.mark.parametrize(
    "standard", CATALOGUE.values(), ids=lambda standard: standard.code
)


def test_the_catalogue_holds_the_eight_standards_under_their_own_codes():
    assert list(CATALOGUE) == [standard.code for standard in CATALOGUE.values()]
    assert CATALOGUE.keys() == {
        "REF-DEC",
        "REREF-12M",
        "ASM-45",
        "S47-ICPC-15",
        "RCPC-3M",
        "RCPC-6M",
        "CPP-2Y",
        "CPP-REPEAT",
    }


LIMITS = {
    "REF-DEC": "1 working day",
    "REREF-12M": "12 months",
    "ASM-45": "45 working days",
    "S47-ICPC-15": "15 working days",
    "RCPC-3M": "3 months",
    "RCPC-6M": "6 months",
    "CPP-2Y": "2 years",
    "CPP-REPEAT": "at once",
}


@every_standard
def test_a_standard_says_its_duty_limit_source_and_clock(standard):
    assert str(standard.limit) == LIMITS[standard.code]
    for words in (
        standard.title,
        standard.duty,
        standard.area,
        standard.starts,
        standard.met_by,
        standard.measure,
        standard.met_label,
        standard.unmet_label,
        standard.note,
    ):
        assert words.strip() == words != ""
    for source in (*standard.sources, *(limit.source for limit in standard.limits)):
        assert source.title
        assert source.place
        assert isinstance(source.mark, Mark)
        assert source.mark.meaning
    for limit in standard.limits:
        assert limit.in_force_from > date(2000, 1, 1), "the calendar must hold it"
        assert limit.unit.calendar


@every_standard
def test_a_standard_needs_only_columns_that_are_declared(standard):
    for need in standard.needs:
        table, column = need.split(".")
        assert BY_NAME[table].column(column).name == column
    assert standard.needs


@every_standard
def test_a_standard_asks_only_declared_tables_and_yields_the_columns_of_a_subject(standard):
    found = standard.subjects(Dataset())
    assert found.columns == tuple(SUBJECT_COLUMNS)
    for name, kind in SUBJECT_COLUMNS.items():
        assert str(found[name].type()).startswith(kind), name
    asked = set(re.findall(r'"dataset"\."(\w+)"', str(ibis.to_sql(found, dialect="duckdb"))))
    assert asked <= BY_NAME.keys()
    # What it needs it uses: a need it never asks for would silence it for nothing.
    assert {need.split(".")[0] for need in standard.needs} <= asked


@every_standard
def test_a_detail_has_a_sentence_and_no_standard_rewords_a_common_one(standard):
    assert standard.details.keys().isdisjoint(COMMON_DETAILS)
    for code, sentence in {**standard.details, **COMMON_DETAILS}.items():
        assert re.fullmatch(r"[a-z][a-z0-9_]+", code)
        assert re.fullmatch(r"[A-Z].+\.", sentence)
        assert standard.says(code) == sentence
    assert standard.says(None) == standard.says("") == ""
    with pytest.raises(KeyError):
        standard.says("unheard_of")


def test_every_occurrence_is_settled_when_it_begins():
    happening = {held.code for held in CATALOGUE.values() if held.kind is Kind.OCCURRENCE}
    assert happening == {"REREF-12M", "CPP-REPEAT"}


def test_a_subject_of_a_column_that_is_none_is_refused():
    with pytest.raises(TypeError, match="met_on"):
        subjects(Dataset().ssd_cp_plans, met_on=ibis.null("date"))


GUIDE = Source("A guide", "p 1", Mark.UNVERIFIED)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"sources": ()}, "at least one source"),
        ({"limits": ()}, "one dated limit"),
        (
            {
                "limits": (
                    Limit(1, Unit.MONTH, GUIDE, date(2020, 1, 1)),
                    Limit(2, Unit.MONTH, GUIDE, date(2022, 1, 1)),
                )
            },
            "two limits are in force on 2022-01-01",
        ),
        (
            {
                "limits": (
                    Limit(1, Unit.MONTH, GUIDE, date(2020, 1, 1), date(2022, 1, 1)),
                    Limit(2, Unit.MONTH, GUIDE, date(2022, 1, 1)),
                )
            },
            "two limits are in force on 2022-01-01",
        ),
        (
            {
                "limits": (
                    Limit(2, Unit.MONTH, GUIDE, date(2022, 1, 1)),
                    Limit(1, Unit.MONTH, GUIDE, date(2020, 1, 1), date(2021, 12, 31)),
                )
            },
            "earliest in force to the latest",
        ),
    ],
)
def test_a_standard_declared_amiss_is_refused_when_it_is_declared(fields, wrong):
    with pytest.raises(ValueError, match=wrong):
        replace(CATALOGUE["ASM-45"], **fields)


# --- the tables a standard is asked of -----------------------------------------------------------


def test_every_code_set_a_column_names_is_held_and_has_codes():
    named = {column.code_set for _, column in declared_columns()} - {""}
    assert named <= set(code_sets.names())
    assert all(code_sets.codes(name) for name in named)


def test_every_reference_and_every_person_names_a_declared_column():
    for table, column in declared_columns():
        if column.references:
            referred, name = column.references.split(".")
            assert BY_NAME[referred].column(name).kind is column.kind
        if table.person:
            assert table.column(table.person)
        if table.dated:
            assert table.column(table.dated)


def test_every_table_that_is_about_a_child_can_be_narrowed_to_it():
    """The live ledger recomputes one child's entries: it must find every row that bears on them."""
    read = set()
    for standard in CATALOGUE.values():
        sql = str(ibis.to_sql(standard.subjects(Dataset()), dialect="duckdb"))
        read |= set(re.findall(r'"dataset"\."(\w+)"', sql))
    assert {name for name in read if not BY_NAME[name].person} == {"hl_coverage"}


def test_a_code_keeps_the_label_it_had_on_the_day():
    assert code_sets.label("sex", "F") == "Female"
    assert code_sets.label("sex", "?") == "?"
    dated = [code for name in code_sets.names() for code in code_sets.listed(name)]
    for code in dated:
        on = code.valid_from or code.valid_to or date(2026, 3, 31)
        assert code_sets.label(code.set, code.code, on) == code.label
        assert (code.code, code.label) in code_sets.choices(code.set, on)

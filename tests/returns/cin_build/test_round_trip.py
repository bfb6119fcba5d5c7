"""XML to the dataset and back gives the same children, elements and values."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from lxml import etree

from harbourlight.dataset.engines import DuckDB, load_tables
from harbourlight.dataset.loaders import UnreadableSource, read
from harbourlight.returns.cin.checking import check
from harbourlight.returns.cin.rule import Kind
from harbourlight.returns.cin.schema import schema
from harbourlight.simulate import simulate
from tests.returns.cin.making import make, situations
from tests.returns.cin_build.census import Flat, built, children
from tests.samples import SAMPLES, needs_samples


def _difference(one: dict[str, Flat], other: dict[str, Flat]) -> Counter[tuple[str, str]]:
    """What the first has and the second has not."""
    found: Counter[tuple[str, str]] = Counter()
    for child in one:
        found += Counter(one[child]) - Counter(other.get(child, []))
    return found


@needs_samples
def test_a_census_we_did_not_make_comes_back_the_same(tmp_path: Path) -> None:
    sample, out = SAMPLES / "cin_census_2026.xml", tmp_path / "census.xml"
    again, told = built(read(sample).tables, out, from_census=True)
    assert len(again) == 1581
    assert again == children(sample)  # every element of every child, in its place and its order
    assert [*again] == sorted(again)
    assert not told.problems
    assert schema(2026).validate(etree.parse(str(out)))
    # Only flags are spelt otherwise: as the department's schema has them, and as it is 1 and 0.
    assert {e.text for e in etree.parse(str(out)).iter("ReferralNFA", "ICPCnotRequired")} == {
        "0",
        "1",
    }


@needs_samples
def test_of_a_census_of_an_older_year_only_one_code_of_gender_is_lost(tmp_path: Path) -> None:
    sample = SAMPLES / "cin_census_sample.xml"
    again, told = built(read(sample).tables, tmp_path / "c.xml", 2022, from_census=True)
    before = children(sample)
    # The dataset holds sex, whose U stands for both of the older codes without one.
    gender = "ChildIdentifiers/GenderCurrent"
    lost, gained = _difference(before, again), _difference(again, before)
    assert {*lost} == {(gender, "9")}
    assert {*gained} == {(gender, "0")}
    assert lost.total() == gained.total() == 80
    assert again.keys() == before.keys()
    assert not told.problems


@needs_samples
def test_a_census_chosen_again_keeps_only_the_last_review_before_its_year(tmp_path: Path) -> None:
    sample = SAMPLES / "cin_census_2026.xml"
    again, told = built(read(sample).tables, tmp_path / "c.xml")
    before = children(sample)
    lost = _difference(before, again)
    review = "CINdetails/ChildProtectionPlans/Reviews/CPPreviewDate"
    assert {element for element, _ in lost} == {review}
    assert lost.total() == 36
    assert all(day < "2025-04-01" for _, day in lost)
    assert not _difference(again, before)
    assert not told.problems


LOST = {
    "CINdetails/PreProceedingsandFGDM": "the dataset has no place for it",
    "CINdetails/Section47/InitialCPCtarget": "a target of a conference that was not needed",
    "ChildIdentifiers/GenderCurrent": "sex has one code for the two that were neither",
}
"""What is lost of the censuses below, and why. A pupil number's letters come back as capitals."""


def _kept(elements: Flat) -> Flat:
    return sorted(
        (element, value.upper() if element.endswith("UPN") else value)
        for element, value in elements
        if not element.startswith((*LOST,))
    )


def test_a_census_of_every_situation_of_every_rule_comes_back_the_same(
    tmp_path: Path, assured: Callable[[str, str], None]
) -> None:
    given, out = tmp_path / "given.xml", tmp_path / "again.xml"
    outcomes: Counter[str] = Counter()
    for situation in situations():
        made = make(situation.census)
        given.write_text(made.xml(), encoding="utf-8")
        year = int(made.header["Year"])
        if not schema(year).validate(etree.parse(str(given))):
            outcomes["not of the schema"] += 1
            continue
        try:
            source = read(given)
        except UnreadableSource:
            outcomes["refused by the dataset"] += 1
            continue
        again, told = built(source.tables, out, year, from_census=True)
        assert not told.problems, situation
        for child, before in children(given).items():
            assert _kept(again[child]) == _kept(before), situation
        assert schema(year).validate(etree.parse(str(out))), situation
        outcomes["came back the same"] += 1
    same, left_out = outcomes.pop("came back the same"), outcomes.total()
    assert same > 300
    assured("cin-round-trip", f"{same} censuses came back; {left_out} are none by their schema")


@pytest.fixture(scope="module")
def trust() -> dict[str, pa.Table]:
    """A trust whose record goes on after the census year, so that there is something to leave."""
    return dict(simulate(children=800, years=2, seed=5, until=date(2026, 6, 30)).tables)


def test_a_trust_s_census_is_well_formed_and_comes_back_to_the_byte(
    trust: dict[str, pa.Table], tmp_path: Path
) -> None:
    one, two = tmp_path / "one.xml", tmp_path / "two.xml"
    _, told = built(trust, one)
    assert not told.problems
    assert schema(2026).validate(etree.parse(str(one)))
    findings = check(one).findings
    assert not [found for found in findings if found.kind is Kind.STRUCTURE]
    assert {found.rule for found in findings if found.kind is Kind.ERROR} == {"8540"}
    read_back = read(one).tables
    built(read_back, two, from_census=True)
    assert two.read_bytes() == one.read_bytes()
    for name, rows in read(two).tables.items():
        assert rows.equals(read_back[name]), name


@pytest.mark.parametrize("seed", [5, 28])  # of 28 a child is referred twice on one day
def test_what_nobody_recorded_is_the_only_error_in_a_trust_s_census(
    seed: int, tmp_path: Path, assured: Any
) -> None:
    made = simulate(children=800, years=2, seed=seed, until=date(2026, 6, 30))
    built(made.tables, out := tmp_path / "census.xml")
    asked = {
        child.findtext(".//LAchildID")
        for child in etree.parse(str(out)).iter("Child")
        if child.find(".//PersonBirthDate") is not None
        and "0" in [said.text for said in child.iter("ReferralNFA")]
    }
    [unrecorded] = made.truth["unrecorded"]
    wrong = [(found.rule, found.child) for found in check(out).findings if found.kind is Kind.ERROR]
    planted = [(unrecorded["rule"], child) for child in unrecorded["subjects"] if child in asked]
    assert sorted(wrong) == sorted(planted)
    assert 0 < len(planted) < 0.05 * len(asked)
    assured("simulated-gaps", f"{len(asked)} children, {len(planted)} planted, {len(wrong)} found")


def test_a_trust_s_census_holds_what_a_query_of_its_days_finds(
    trust: dict[str, pa.Table], tmp_path: Path
) -> None:
    built(trust, tmp_path / "census.xml")
    returned = read(tmp_path / "census.xml").tables
    for question, days in QUESTIONS.items():
        with DuckDB() as held, DuckDB() as told:
            load_tables(held, trust)
            load_tables(told, returned)
            of_year = held.connection.execute(f"{question} WHERE {days} ORDER BY ALL").fetchall()
            assert of_year
            assert told.connection.execute(f"{question} ORDER BY ALL").fetchall() == of_year


_AS_AT_31_MARCH = "CASE WHEN {0} <= DATE '2026-03-31' THEN {0} END"

QUESTIONS = {
    f"""SELECT cine_person_id, CAST(cine_referral_date AS DATE), cine_referral_source_code,
        cine_cin_primary_need_code, cine_referral_nfa,
        {_AS_AT_31_MARCH.format("cine_close_date")} AS closed,
        CASE WHEN closed IS NOT NULL THEN cine_close_reason END
        FROM dataset.ssd_cin_episodes""": """
        CAST(cine_referral_date AS DATE) <= DATE '2026-03-31'
        AND coalesce(cine_close_date, CASE cine_referral_nfa
            WHEN 'Y' THEN CAST(cine_referral_date AS DATE) ELSE DATE '9999-01-01' END)
            >= DATE '2025-04-01'""",
    f"""SELECT cppl_person_id, cppl_cp_plan_start_date,
        {_AS_AT_31_MARCH.format("cppl_cp_plan_end_date")}, cppl_cp_plan_initial_category
        FROM dataset.ssd_cp_plans""": """
        cppl_cp_plan_start_date <= DATE '2026-03-31'
        AND coalesce(cppl_cp_plan_end_date, DATE '9999-01-01') >= DATE '2025-04-01'""",
    f"""SELECT cinp_person_id, cinp_cin_plan_start_date,
        {_AS_AT_31_MARCH.format("cinp_cin_plan_end_date")}
        FROM dataset.ssd_cin_plans""": """
        cinp_cin_plan_start_date <= DATE '2026-03-31'
        AND coalesce(cinp_cin_plan_end_date, DATE '9999-01-01') >= DATE '2025-04-01'""",
    f"""SELECT cina_person_id, cina_assessment_start_date,
        {_AS_AT_31_MARCH.format("cina_assessment_auth_date")}
        FROM dataset.ssd_cin_assessments""": """
        cina_assessment_start_date <= DATE '2026-03-31'
        AND coalesce(cina_assessment_auth_date, DATE '9999-01-01') >= DATE '2025-04-01'""",
}
"""What is asked of the trust and of its census, and the days by which the trust is narrowed."""


def test_the_order_in_which_a_source_holds_its_rows_changes_nothing(
    trust: dict[str, pa.Table], tmp_path: Path
) -> None:
    one, other = tmp_path / "one.xml", tmp_path / "other.xml"
    shuffled = {}
    for name, rows in trust.items():
        order = [*range(len(rows))]
        random.Random(7).shuffle(order)
        shuffled[name] = rows.take(pa.array(order, pa.int64()))
    built(trust, one)
    built(shuffled, other)
    assert one.read_bytes() == other.read_bytes()

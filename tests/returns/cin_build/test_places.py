"""Each part of a built census is traced from its line to the row of the source it was made from.

A finding is a line. Where the row it leads to were another's, whoever opened it would be shown a
child, or a date, at which nothing is wrong.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from lxml import etree

from harbourlight.dataset.tables import BY_NAME
from harbourlight.returns.cin.building import Built, Place, build
from harbourlight.returns.cin.building.rows import CONFERENCE, MODULES
from harbourlight.returns.cin.checking import check
from harbourlight.returns.cin.elements import CHILD, TABLES, Field, Group
from harbourlight.returns.cin.findings import Finding
from harbourlight.simulate import simulate
from tests.returns.cin_build.census import HEADER, tables_of

Rows = dict[str, list[dict[str, Any]]]

KEYS = {
    "ssd_person": "pers_person_id",
    "ssd_linked_identifiers": "link_table_id",
    "ssd_disability": "disa_table_id",
    "ssd_cin_episodes": "cine_referral_id",
    "ssd_assessment_factors": "cinf_table_id",
    "ssd_cp_reviews": "cppr_cp_review_id",
    "hl_assessments": "hlas_assessment_id",
    CONFERENCE.table: CONFERENCE.key,
    **{module.table: module.key for module in MODULES},
}

HOLDS = {
    "LAchildID": ("ssd_person", "pers_person_id"),
    "UPN": ("ssd_linked_identifiers", "link_identifier_value"),
    "FormerUPN": ("ssd_linked_identifiers", "link_identifier_value"),
    "UPNunknown": ("ssd_person", "pers_upn_unknown"),
    "PersonBirthDate": ("ssd_person", "pers_dob"),
    "ExpectedPersonBirthDate": ("ssd_person", "pers_expected_dob"),
    "Sex": ("ssd_person", "pers_sex"),
    "PersonDeathDate": ("ssd_person", "pers_death_date"),
    "Ethnicity": ("ssd_person", "pers_ethnicity"),
    "Disability": ("ssd_disability", "disa_disability_code"),
    "CINreferralDate": ("ssd_cin_episodes", "cine_referral_date"),
    "ReferralSource": ("ssd_cin_episodes", "cine_referral_source_code"),
    "PrimaryNeedCode": ("ssd_cin_episodes", "cine_cin_primary_need_code"),
    "CINclosureDate": ("ssd_cin_episodes", "cine_close_date"),
    "ReasonForClosure": ("ssd_cin_episodes", "cine_close_reason"),
    "ReferralNFA": ("ssd_cin_episodes", "cine_referral_nfa"),
    "AssessmentActualStartDate": ("ssd_cin_assessments", "cina_assessment_start_date"),
    "AssessmentInternalReviewDate": ("hl_assessments", "hlas_internal_review_date"),
    "AssessmentAuthorisationDate": ("ssd_cin_assessments", "cina_assessment_auth_date"),
    "AssessmentFactors": ("ssd_assessment_factors", "cinf_assessment_factors_json"),
    "CINPlanStartDate": ("ssd_cin_plans", "cinp_cin_plan_start_date"),
    "CINPlanEndDate": ("ssd_cin_plans", "cinp_cin_plan_end_date"),
    "S47ActualStartDate": ("ssd_s47_enquiry", "s47e_s47_start_date"),
    "InitialCPCtarget": ("ssd_initial_cp_conference", "icpc_icpc_target_date"),
    "DateOfInitialCPC": ("ssd_initial_cp_conference", "icpc_icpc_date"),
    "CPPstartDate": ("ssd_cp_plans", "cppl_cp_plan_start_date"),
    "CPPendDate": ("ssd_cp_plans", "cppl_cp_plan_end_date"),
    "InitialCategoryOfAbuse": ("ssd_cp_plans", "cppl_cp_plan_initial_category"),
    "LatestCategoryOfAbuse": ("ssd_cp_plans", "cppl_cp_plan_latest_category"),
    "CPPreviewDate": ("ssd_cp_reviews", "cppr_cp_review_date"),
}
"""The column that holds each element. Two are concluded and held by none."""

CONCLUDED = {"ICPCnotRequired": "ssd_s47_enquiry", "NumberOfPreviousCPP": "ssd_cp_plans"}
"""Those that building may conclude from other rows, and whose row they are told of."""


def _written(value: object) -> str:
    """A value as the census has it."""
    match value:
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case "Y" | "N":
            return "1" if value == "Y" else "0"
    return str(value)


@cache
def _trust() -> Mapping[str, pa.Table]:
    return simulate(children=600, years=3, seed=29, until=date(2026, 3, 31)).tables


def _rows(chance: Random) -> Rows:
    """The rows of a trust, with what no child of it has given to some of them."""
    rows = {name: held.to_pylist() for name, held in _trust().items()}
    for person in rows["ssd_person"]:
        match chance.randrange(8):
            case 0:
                person["pers_death_date"] = date(2025, 12, 5)
            case 1:
                person |= {"pers_dob": None, "pers_expected_dob": date(2026, 5, 5)}
    rows["ssd_linked_identifiers"] += [
        row | {"link_table_id": f"F{number}", "link_identifier_type": "Former Unique Pupil Number"}
        for number, row in enumerate(rows["ssd_linked_identifiers"][::4])
    ]
    rows["hl_assessments"] = [
        {
            "hlas_assessment_id": row["cina_assessment_id"],
            "hlas_person_id": row["cina_person_id"],
            "hlas_internal_review_date": row["cina_assessment_start_date"] + timedelta(days=9),
        }
        for row in rows["ssd_cin_assessments"][::2]
    ]
    for row in rows[CONFERENCE.table][
        ::3
    ]:  # a child who moved in: of the episode, after no enquiry
        episode = chance.choice(rows["ssd_cin_episodes"])
        row |= {
            "icpc_icpc_transfer_in": "Y",
            "icpc_s47_enquiry_id": None,
            "icpc_referral_id": episode["cine_referral_id"],
            "icpc_person_id": episode["cine_person_id"],
            "icpc_icpc_date": date(2025, 11, 29),
        }
    for row in rows["ssd_assessment_factors"][::5]:
        row["cinf_assessment_factors_json"] = '["21", "1A"]'
    return rows


def _spoil(rows: Rows, chance: Random) -> int:
    """Make one value in six of those the census tells another that its rules may not like."""
    spoilt = 0
    for element, (table, column) in HOLDS.items():
        field_ = _field(element)
        if element in ("LAchildID", "AssessmentFactors"):
            continue
        for row in rows[table]:
            if chance.random() > 1 / 6:
                continue
            spoilt += 1
            if isinstance(row[column], date):
                row[column] += timedelta(days=chance.choice((-900, -41, 33, 700)))
            elif not field_.needed and chance.random() < 0.5:
                row[column] = None
            elif element in ("UPN", "FormerUPN"):
                row[column] = chance.choice(("A123456789012", "I801200001001"))
            elif field_.code_set:
                row[column] = chance.choice([one[column] for one in rows[table]])
    return spoilt


def _field(element: str) -> Field:
    found = [f for table in TABLES.values() for f in table.fields if f.name == element]
    return found[0]


def _row_of(rows: Rows, place: Place) -> dict[str, Any]:
    return next(row for row in rows[place.table] if row[KEYS[place.table]] == place.row)


def _built(tables: Mapping[str, pa.Table], out: Path) -> Built:
    built = build(tables, year=2026, header=HEADER, out=out, with_places=True)
    assert built.places
    return built


def test_each_finding_of_a_faulty_census_leads_to_the_row_that_holds_what_is_wrong(
    tmp_path: Path,
) -> None:
    traced: dict[str, int] = {}
    for seed in range(3):
        chance = Random(seed)
        rows = _rows(chance)
        assert _spoil(rows, chance) > 1_000
        tables = {**_trust(), **tables_of(rows)}
        built = _built(tables, tmp_path / "census.xml")
        assert built.places
        for finding in check(tmp_path / "census.xml").findings:
            if not finding.is_of_a_child:
                assert built.places.place_of(finding.line) is None
                continue
            place = built.places.place_of(finding.line)
            assert place is not None, finding
            _require_that_it_is_of(finding, place, rows)
            traced[finding.element] = traced.get(finding.element, 0) + 1
    assert len(traced) > 18, traced
    assert sum(traced.values()) > 1_000


def test_each_value_of_a_census_leads_to_the_row_that_holds_it(tmp_path: Path) -> None:
    rows, out = _rows(Random(7)), tmp_path / "census.xml"
    places = _built({**_trust(), **tables_of(rows)}, out).places
    assert places
    seen = set()
    for element in etree.parse(str(out)).getroot().iterfind("Children//*"):
        name, place = str(element.tag), places.place_of(element.sourceline)
        if name in HOLDS and not (name == "Sex" and element.text == "U"):  # or not yet born
            assert place is not None
            assert place.table == HOLDS[name][0]
            held = _written(_row_of(rows, place)[HOLDS[name][1]])
            assert element.text in (held if name == "AssessmentFactors" else [held])
            seen.add(name)
    assert seen == {*HOLDS}


def _require_that_it_is_of(finding: Finding, place: Place, rows: Rows) -> None:
    """The row is this child's, and says what the finding says, or nothing where it says nothing."""
    assert place.child == finding.child
    row = _row_of(rows, place)
    if person := BY_NAME[place.table].person:
        assert row[person] == finding.child
    if finding.element in CONCLUDED:
        assert place.table == CONCLUDED[finding.element]
    elif finding.element in HOLDS:
        table, column = HOLDS[finding.element]
        if finding.value is None:
            assert place.line == finding.line  # the group in which it is lacking
            held = row.get(column)
            assert held is None or _is_left_out(finding.element, held), (finding, row)
        elif finding.element == "AssessmentFactors":
            assert place.table == table
            assert f'"{finding.value}"' in row[column]
        else:
            assert place.table == table, finding
            assert _written(row[column]) == finding.value, (finding, row)


def _is_left_out(element: str, held: object) -> bool:
    """Whether what is held is not said in this census, because it came after its last day, or, of a
    reason for closing, because the closure did."""
    return element in ("ReasonForClosure", "UPNunknown", "ExpectedPersonBirthDate") or (
        isinstance(held, date) and _written(held) > "2026-03-31"
    )


def test_every_line_of_a_child_is_of_the_smallest_part_that_holds_it(tmp_path: Path) -> None:
    """The lines are those of libxml2's own reader, and every part is told with where it begins."""
    out = tmp_path / "census.xml"
    places = _built(_trust(), out).places
    assert places
    told = 0
    for child in etree.parse(str(out)).getroot().iter(CHILD.name):
        name = child.findtext("ChildIdentifiers/LAchildID")
        for element in child.iter():
            place = places.place_of(element.sourceline)
            assert place is not None
            assert place.child == name
            above = element.getparent()
            if len(element):
                assert (place.element, place.line) == (element.tag, element.sourceline)
                told += 1
            elif (place.element, place.line) == (element.tag, element.sourceline):
                told += 1  # a field of a row of its own
            else:
                assert above is not None
                assert (place.element, place.line) == (above.tag, above.sourceline)
    assert told == len(places)
    assert told > 3_000


def _closing_lines(out: Path) -> list[tuple[int, str]]:
    lines = out.read_text().splitlines()
    return [
        (number, text.strip()[2:].split(">")[0])
        for number, text in enumerate(lines, 1)
        if text.strip().startswith("</")
    ]


def test_the_line_that_closes_a_part_is_of_that_part_and_those_of_no_child_are_of_none(
    tmp_path: Path,
) -> None:
    out = tmp_path / "census.xml"
    places = _built(_trust(), out).places
    assert places
    for line, name in _closing_lines(out):
        place = places.place_of(line)
        if name in ("CollectionDetails", "Source", "Header", "Children", "Message"):
            assert place is None
        else:
            assert place is not None
            assert place.element == name
    for line in (None, 0, 1, 2, 10**9):
        assert places.place_of(line) is None


def test_an_identifier_of_several_lines_moves_those_that_follow(tmp_path: Path) -> None:
    """A line break in a value stands in the file as it is held."""
    rows: Rows = {
        "ssd_person": [
            {"pers_person_id": name, "pers_sex": "F", "pers_ethnicity": "WBRI"}
            for name in ("A\n\n1", "B")
        ],
        "ssd_cin_episodes": [
            {
                "cine_referral_id": f"R-{name}",
                "cine_person_id": name,
                "cine_referral_date": datetime.fromisoformat("2025-05-06T09:00:00"),
                "cine_referral_source_code": "1A",
                "cine_referral_nfa": "N",
            }
            for name in ("A\n\n1", "B")
        ],
    }
    out = tmp_path / "census.xml"
    places = _built(tables_of(rows), out).places
    assert places
    lines = out.read_text().split("\n")
    begins = [number for number, text in enumerate(lines, 1) if "<CINdetails>" in text]
    assert [(p.line, p.row) for line in begins if (p := places.place_of(line))] == [
        (begins[0], "R-A\n\n1"),
        (begins[1], "R-B"),
    ]


def test_places_are_kept_only_where_they_are_asked_for(tmp_path: Path) -> None:
    asked, unasked = tmp_path / "asked.xml", tmp_path / "unasked.xml"
    assert build(_trust(), year=2026, header=HEADER, out=unasked).places is None
    _built(_trust(), asked)
    assert asked.read_bytes() == unasked.read_bytes()


def test_every_element_of_a_child_that_holds_a_value_is_traced_here() -> None:
    def fields(group: Group) -> set[str]:
        found: set[str] = set()
        for member in group.members:
            if not member.is_in(2026) or (isinstance(member, Field) and member.until):
                continue
            found |= fields(member) if isinstance(member, Group) else {member.name}
        return found

    assert fields(CHILD) == {*HOLDS, *CONCLUDED}


@pytest.mark.parametrize("module", [module.table for module in MODULES])
def test_a_trust_that_is_simulated_has_rows_of_each_module_to_trace(module: str) -> None:
    assert len(_trust()[module]) > 20

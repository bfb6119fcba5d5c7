"""Which children and which rows are in a year's census, and how things stood on its last day."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.returns.cin_build.census import Flat, built, tables_of

Row = dict[str, Any]

PERSON: Row = {
    "pers_person_id": "A",
    "pers_sex": "F",
    "pers_ethnicity": "WBRI",
    "pers_dob": date(2015, 6, 1),
}
EPISODE: Row = {
    "cine_referral_id": "R",
    "cine_person_id": "A",
    "cine_referral_date": datetime(2025, 5, 6, 9, 30),  # noqa: DTZ001 (as the dataset holds it)
    "cine_referral_source_code": "1A",
    "cine_cin_primary_need_code": "N1",
    "cine_referral_nfa": "N",
}
ASSESSMENT: Row = {
    "cina_assessment_id": "S",
    "cina_person_id": "A",
    "cina_referral_id": "R",
    "cina_assessment_start_date": date(2025, 5, 7),
}
FACTORS: Row = {
    "cinf_table_id": "F",
    "cinf_assessment_id": "S",
    "cinf_assessment_factors_json": '["1A"]',
}
PLAN: Row = {
    "cinp_cin_plan_id": "N",
    "cinp_person_id": "A",
    "cinp_referral_id": "R",
    "cinp_cin_plan_start_date": date(2025, 6, 1),
}
ENQUIRY: Row = {
    "s47e_s47_enquiry_id": "E",
    "s47e_person_id": "A",
    "s47e_referral_id": "R",
    "s47e_s47_start_date": date(2025, 6, 1),
}
SAID_OF_ENQUIRY: Row = {"hlse_s47_enquiry_id": "E", "hlse_person_id": "A"}
CONFERENCE: Row = {"icpc_icpc_id": "C", "icpc_person_id": "A", "icpc_s47_enquiry_id": "E"}
PROTECTION: Row = {
    "cppl_cp_plan_id": "P",
    "cppl_person_id": "A",
    "cppl_referral_id": "R",
    "cppl_cp_plan_start_date": date(2025, 6, 20),
    "cppl_cp_plan_initial_category": "NEG",
    "cppl_cp_plan_latest_category": "EMO",
}
SAID_OF_PLAN: Row = {"hlcp_cp_plan_id": "P", "hlcp_person_id": "A", "hlcp_previous_plans": 1}

_TABLE_OF = {
    "pers": "ssd_person",
    "cine": "ssd_cin_episodes",
    "cina": "ssd_cin_assessments",
    "cinf": "ssd_assessment_factors",
    "cinp": "ssd_cin_plans",
    "s47e": "ssd_s47_enquiry",
    "hlse": "hl_s47_enquiries",
    "icpc": "ssd_initial_cp_conference",
    "cppl": "ssd_cp_plans",
    "hlcp": "hl_cp_plans",
    "cppr": "ssd_cp_reviews",
    "link": "ssd_linked_identifiers",
    "disa": "ssd_disability",
    "invo": "ssd_involvements",
    "prof": "ssd_professionals",
    "dept": "ssd_department",
}


def holding(*rows: Row) -> dict[str, Any]:
    """Tables that hold these rows, each in the table that its columns are of."""
    by_table: dict[str, list[Row]] = {"ssd_person": [], "ssd_cin_episodes": []}
    for row in rows:
        by_table.setdefault(_TABLE_OF[next(iter(row)).split("_")[0]], []).append(row)
    return tables_of(by_table)


def _of(flat: Flat, group: str) -> Flat:
    return [(path.split("/")[-1], value) for path, value in flat if f"{group}/" in f"{path}/"]


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _episode(referred: str, closed: str | None = None, nfa: str = "N") -> Row:
    return EPISODE | {
        "cine_referral_date": datetime.fromisoformat(f"{referred}T23:59:00"),
        "cine_close_date": day(closed),
        "cine_close_reason": "RC7" if closed else None,
        "cine_referral_nfa": nfa,
    }


EPISODES = {
    "open before the year and still": (_episode("2019-01-01"), True),
    "closed on the last day before the year": (_episode("2024-05-01", "2025-03-31"), False),
    "closed on the first day of the year": (_episode("2024-05-01", "2025-04-01"), True),
    "referred on the last day of the year, before midnight": (_episode("2026-03-31"), True),
    "referred on the day after the year": (_episode("2026-04-01"), False),
    "no further action on the first day": (_episode("2025-04-01", nfa="Y"), True),
    "no further action on the last day": (_episode("2026-03-31", nfa="Y"), True),
    "no further action on the day before the year": (_episode("2025-03-31", nfa="Y"), False),
    "no further action decided in the year": (_episode("2025-03-31", "2025-04-01", "Y"), True),
}


@pytest.mark.parametrize("told", EPISODES)
def test_a_child_is_in_the_census_of_a_year_in_which_an_episode_was_open(
    told: str, tmp_path: Path
) -> None:
    episode, is_in = EPISODES[told]
    found, census = built(holding(PERSON, episode), tmp_path / "census.xml")
    assert [*found] == (["A"] if is_in else [])
    assert (tmp_path / "census.xml").exists() == is_in
    assert not census.problems


_START = ("AssessmentActualStartDate", "2025-05-07")
_FACTORS = [("FactorsIdentifiedAtAssessment", ""), ("AssessmentFactors", "1A")]
_REVIEW = "CPPreviewDate"


def _assessed(**days: str | None) -> Row:
    return ASSESSMENT | {f"cina_assessment_{name}_date": day(text) for name, text in days.items()}


def _planned(start: str, end: str | None) -> Row:
    return PLAN | {"cinp_cin_plan_start_date": day(start), "cinp_cin_plan_end_date": day(end)}


def _enquired(start: str, end: str | None = None, **more: str) -> Row:
    return ENQUIRY | {"s47e_s47_start_date": day(start), "s47e_s47_end_date": day(end)} | more


def _required(flag: str | None) -> Row:
    return SAID_OF_ENQUIRY | {"hlse_conference_required": flag}


def _conferred(held: str | None, target: str | None = None) -> Row:
    return CONFERENCE | {"icpc_icpc_date": day(held), "icpc_icpc_target_date": day(target)}


def _protected(start: str, end: str | None = None, **more: str) -> Row:
    return (
        PROTECTION
        | {"cppl_cp_plan_start_date": day(start), "cppl_cp_plan_end_date": day(end)}
        | more
    )


def _reviewed(*days: str | None) -> list[Row]:
    return [
        {
            "cppr_cp_review_id": f"V{number}",
            "cppr_person_id": "A",
            "cppr_cp_plan_id": "P",
            "cppr_cp_review_date": day(each),
        }
        for number, each in enumerate(days)
    ]


def _section_47(start: str, required: str, held: str = "", target: str = "") -> Flat:
    said = [
        ("Section47", ""),
        ("S47ActualStartDate", start),
        ("InitialCPCtarget", target),
        ("DateOfInitialCPC", held),
        ("ICPCnotRequired", required),
    ]
    return [(name, value) for name, value in said if value or name == "Section47"]


def _protection(start: str, end: str = "", *reviews: str) -> Flat:
    ends = [("CPPendDate", end)] if end else []
    held = [("Reviews", "")] if reviews else []
    return [
        ("ChildProtectionPlans", ""),
        ("CPPstartDate", start),
        *ends,
        ("InitialCategoryOfAbuse", "NEG"),
        ("LatestCategoryOfAbuse", "EMO"),
        ("NumberOfPreviousCPP", "1"),
        *held,
        *((_REVIEW, each) for each in reviews),
    ]


LONG_AGO = _episode("2023-01-09")

ROWS: dict[str, tuple[list[Row], str, Flat]] = {
    "an assessment authorised in the year, with its factors": (
        [_assessed(start="2025-05-07", auth="2025-06-01"), FACTORS],
        "Assessments",
        [
            ("Assessments", ""),
            _START,
            ("AssessmentAuthorisationDate", "2025-06-01"),
            *_FACTORS,
        ],
    ),
    "one authorised after the year was open on its last day, and had found nothing": (
        [_assessed(start="2025-05-07", auth="2026-04-01"), FACTORS],
        "Assessments",
        [("Assessments", ""), _START],
    ),
    "one authorised before the year is not of it": (
        [_assessed(start="2025-03-01", auth="2025-03-31"), FACTORS],
        "Assessments",
        [],
    ),
    "one begun after the year is not of it": (
        [_assessed(start="2026-04-01", auth=None)],
        "Assessments",
        [],
    ),
    "a plan that ended on the first day": (
        [_planned("2024-01-01", "2025-04-01")],
        "CINPlanDates",
        [
            ("CINPlanDates", ""),
            ("CINPlanStartDate", "2024-01-01"),
            ("CINPlanEndDate", "2025-04-01"),
        ],
    ),
    "a plan that ended the day before": (
        [_planned("2024-01-01", "2025-03-31")],
        "CINPlanDates",
        [],
    ),
    "a plan that ended after the year is shown open": (
        [_planned("2024-01-01", "2026-04-01")],
        "CINPlanDates",
        [("CINPlanDates", ""), ("CINPlanStartDate", "2024-01-01")],
    ),
    "an enquiry with its conference": (
        [_enquired("2025-06-01"), _required("Y"), _conferred("2025-06-20", "2025-06-23")],
        "Section47",
        _section_47("2025-06-01", "0", "2025-06-20", "2025-06-23"),
    ),
    "an enquiry of the year before whose conference was held in the year": (
        [_enquired("2025-03-20", "2025-03-28"), _required("Y"), _conferred("2025-04-07")],
        "Section47",
        _section_47("2025-03-20", "0", "2025-04-07"),
    ),
    "an enquiry and a conference of the year before": (
        [_enquired("2025-03-03", "2025-03-10"), _required("Y"), _conferred("2025-03-20")],
        "Section47",
        [],
    ),
    "a conference after the year was still to come": (
        [_enquired("2026-03-20", "2026-03-27"), _required("Y"), _conferred("2026-04-09")],
        "Section47",
        _section_47("2026-03-20", "0"),
    ),
    "an enquiry that needed no conference": (
        [_enquired("2025-06-01", "2025-06-10"), _required("N")],
        "Section47",
        _section_47("2025-06-01", "1"),
    ),
    "that none was needed was decided after the year": (
        [_enquired("2026-03-30", "2026-04-08"), _required("N")],
        "Section47",
        _section_47("2026-03-30", "0"),
    ),
    "an open enquiry has not decided": (
        [_enquired("2026-03-30")],
        "Section47",
        _section_47("2026-03-30", "0"),
    ),
    "an enquiry of years ago that says no conference was needed and not when it ended": (
        [_enquired("2023-06-01"), _required("N")],
        "Section47",
        [],
    ),
    "an enquiry whose outcome alone asks for a conference": (
        [_enquired("2025-06-01", "2025-06-10", s47e_s47_outcome_json='{"CP_CONFERENCE_FLAG":"Y"}')],
        "Section47",
        _section_47("2025-06-01", "0"),
    ),
    "an enquiry whose outcome is something else": (
        [_enquired("2025-06-01", "2025-06-10", s47e_s47_outcome_json='{"MONITOR_FLAG":"Y"}')],
        "Section47",
        _section_47("2025-06-01", "1"),
    ),
    "a protection plan with the reviews of the year and the last before it": (
        [
            _protected("2024-01-10", "2026-02-01"),
            SAID_OF_PLAN,
            *_reviewed("2025-09-01", "2024-04-02", "2025-03-31", None, "2024-10-01", "2026-04-01"),
        ],
        "ChildProtectionPlans",
        _protection("2024-01-10", "2026-02-01", "2025-03-31", "2025-09-01"),
    ),
    "a protection plan that ended after the year is shown open": (
        [_protected("2024-01-10", "2026-04-01"), SAID_OF_PLAN],
        "ChildProtectionPlans",
        _protection("2024-01-10"),
    ),
    "a protection plan that ended before the year": (
        [_protected("2024-01-10", "2025-03-31"), SAID_OF_PLAN],
        "ChildProtectionPlans",
        [],
    ),
    "a protection plan of another authority is that authority's": (
        [_protected("2025-06-10", cppl_cp_plan_ola="Y"), SAID_OF_PLAN],
        "ChildProtectionPlans",
        [],
    ),
}


@pytest.mark.parametrize("told", ROWS)
def test_what_belongs_to_the_year_is_in_its_census_as_it_stood_on_the_last_day(
    told: str, tmp_path: Path
) -> None:
    rows, group, expected = ROWS[told]
    found, census = built(holding(PERSON, LONG_AGO, *rows), tmp_path / "census.xml")
    assert _of(found["A"], group) == expected
    assert not census.problems


IDENTITIES: dict[str, tuple[Row, Flat]] = {
    "born": (
        {"pers_expected_dob": date(2015, 6, 9)},
        [("PersonBirthDate", "2015-06-01"), ("Sex", "F")],
    ),
    "unborn": (
        {"pers_dob": None, "pers_expected_dob": date(2026, 6, 9), "pers_sex": None},
        [("ExpectedPersonBirthDate", "2026-06-09"), ("Sex", "U")],
    ),
    "born after the year, so unborn on its last day": (
        {"pers_dob": date(2026, 4, 1), "pers_expected_dob": date(2026, 4, 6)},
        [("ExpectedPersonBirthDate", "2026-04-06"), ("Sex", "U")],
    ),
    "born on the last day": (
        {"pers_dob": date(2026, 3, 31), "pers_expected_dob": date(2026, 4, 6)},
        [("PersonBirthDate", "2026-03-31"), ("Sex", "F")],
    ),
    "died after the year": (
        {"pers_death_date": date(2026, 4, 1)},
        [("PersonBirthDate", "2015-06-01"), ("Sex", "F")],
    ),
    "died in the year": (
        {"pers_death_date": date(2025, 7, 1)},
        [("PersonBirthDate", "2015-06-01"), ("Sex", "F"), ("PersonDeathDate", "2025-07-01")],
    ),
}


@pytest.mark.parametrize("told", IDENTITIES)
def test_a_child_is_told_of_as_on_the_last_day(told: str, tmp_path: Path) -> None:
    said, expected = IDENTITIES[told]
    found, census = built(holding(PERSON | said, EPISODE), tmp_path / "census.xml")
    assert _of(found["A"], "ChildIdentifiers")[2:] == expected
    assert not census.problems


def test_a_pupil_number_that_has_ceased_is_a_former_one(tmp_path: Path) -> None:
    def number(name: str, value: str, begun: str, ended: str | None = None) -> Row:
        return {
            "link_table_id": name,
            "link_person_id": "A",
            "link_identifier_type": "Unique Pupil Number",
            "link_identifier_value": value,
            "link_valid_from_date": day(begun),
            "link_valid_to_date": day(ended),
        }

    rows = holding(
        PERSON | {"pers_upn_unknown": "UN2"},
        EPISODE,
        number("1", "A201000000001", "2019-09-01", "2025-05-31"),
        number("2", "A201000000002", "2025-06-01"),
        number("3", "A201000000003", "2026-04-01"),
    )
    found, _ = built(rows, tmp_path / "census.xml")
    assert _of(found["A"], "ChildIdentifiers")[1:4] == [
        ("LAchildID", "A"),
        ("UPN", "A201000000002"),
        ("FormerUPN", "A201000000001"),
    ]
    assert not [one for one in found["A"] if "UPNunknown" in one[0]]  # for one of them is known


def test_a_child_who_moved_in_with_a_plan_has_the_conference_with_the_referral(
    tmp_path: Path,
) -> None:
    moved_in = {
        "icpc_icpc_id": "C",
        "icpc_person_id": "A",
        "icpc_referral_id": "R",
        "icpc_icpc_transfer_in": "Y",
        "icpc_icpc_date": date(2025, 5, 20),
    }
    rows = holding(PERSON, EPISODE, moved_in, _protected("2025-05-20"), SAID_OF_PLAN)
    found, census = built(rows, tmp_path / "census.xml")
    assert ("CINdetails/DateOfInitialCPC", "2025-05-20") in found["A"]
    assert not census.problems

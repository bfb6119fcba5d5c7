"""What cannot be built is told of, for whoever can mend it, and everything else is built."""

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from harbourlight.dataset.tables import BY_NAME
from harbourlight.returns.cin.building import Problem, write_problems
from harbourlight.returns.cin.building.problems import NOT_RECORDED
from harbourlight.returns.cin.elements import TABLES
from harbourlight.returns.cin.schema import schema
from harbourlight.simulate import simulate
from tests.returns.cin_build.census import built
from tests.returns.cin_build.test_choosing import (
    ASSESSMENT,
    CONFERENCE,
    ENQUIRY,
    EPISODE,
    FACTORS,
    PERSON,
    PLAN,
    PROTECTION,
    SAID_OF_PLAN,
    holding,
)

Row = dict[str, Any]

OTHER = PERSON | {"pers_person_id": "B"}
OTHERS_EPISODE = EPISODE | {"cine_referral_id": "Q", "cine_person_id": "B"}
BEFORE = EPISODE | {
    "cine_referral_id": "OLD",
    "cine_referral_date": datetime(2023, 1, 9),  # noqa: DTZ001 (as the dataset holds it)
    "cine_close_date": date(2024, 1, 9),
    "cine_close_reason": "RC7",
}
AUTHORISED = ASSESSMENT | {"cina_assessment_auth_date": date(2025, 6, 1)}

PROBLEMS: dict[str, tuple[list[Row], tuple[str, ...], tuple[str, ...]]] = {
    # What is held, beside a child with an episode; who is in the census; and what is told:
    # child, module, element, row, what is wrong, what is left out.
    "no ethnicity": (
        [PERSON | {"pers_ethnicity": None}, EPISODE],
        (),
        (
            "A",
            "ChildCharacteristics",
            "Ethnicity",
            "A",
            "The child's ethnicity is not recorded.",
            "The child",
        ),
    ),
    "no day of the referral": (
        [PERSON, EPISODE, EPISODE | {"cine_referral_id": "T", "cine_referral_date": None}],
        ("A",),
        (
            "A",
            "CINdetails",
            "CINreferralDate",
            "T",
            "The day of the referral is not recorded.",
            "This episode",
        ),
    ),
    "no source of the referral": (
        [PERSON, EPISODE, EPISODE | {"cine_referral_id": "T", "cine_referral_source_code": None}],
        ("A",),
        (
            "A",
            "CINdetails",
            "ReferralSource",
            "T",
            "Who made the referral is not recorded.",
            "This episode",
        ),
    ),
    "nothing to say whether anything followed": (
        [PERSON, EPISODE | {"cine_referral_nfa": None}],
        (),
        (
            "A",
            "CINdetails",
            "ReferralNFA",
            "R",
            "Whether the referral led to anything is not recorded.",
            "This episode",
        ),
    ),
    "no day on which an assessment began": (
        [PERSON, EPISODE, AUTHORISED | {"cina_assessment_start_date": None}],
        ("A",),
        (
            "A",
            "Assessments",
            "AssessmentActualStartDate",
            "S",
            "The day on which the assessment began is not recorded.",
            "This assessment",
        ),
    ),
    "factors that are no list": (
        [PERSON, EPISODE, AUTHORISED, FACTORS | {"cinf_assessment_factors_json": "3"}],
        ("A",),
        (
            "A",
            "Assessments",
            "FactorsIdentifiedAtAssessment",
            "S",
            "The factors are not held as a list of codes.",
            "FactorsIdentifiedAtAssessment",
        ),
    ),
    "a factor that is no code": (
        [PERSON, EPISODE, AUTHORISED, FACTORS | {"cinf_assessment_factors_json": '["1A", "ZZ"]'}],
        ("A",),
        (
            "A",
            "FactorsIdentifiedAtAssessment",
            "AssessmentFactors",
            "S",
            "ZZ is not a code that the census has.",
            "AssessmentFactors",
        ),
    ),
    "an enquiry that ended and does not say what was decided": (
        [PERSON, EPISODE, ENQUIRY | {"s47e_s47_end_date": date(2025, 6, 9)}],
        ("A",),
        (
            "A",
            "Section47",
            "ICPCnotRequired",
            "E",
            "Whether the enquiry needed an initial conference is not recorded.",
            "This enquiry",
        ),
    ),
    "a protection plan without its latest category": (
        [PERSON, EPISODE, PROTECTION | {"cppl_cp_plan_latest_category": None}, SAID_OF_PLAN],
        ("A",),
        (
            "A",
            "ChildProtectionPlans",
            "LatestCategoryOfAbuse",
            "P",
            "The latest category of abuse is not recorded.",
            "This child protection plan",
        ),
    ),
    "fewer than no earlier plans": (
        [PERSON, EPISODE, PROTECTION, SAID_OF_PLAN | {"hlcp_previous_plans": -1}],
        ("A",),
        (
            "A",
            "ChildProtectionPlans",
            "NumberOfPreviousCPP",
            "P",
            "What is held is not as the census has it.",
            "This child protection plan",
        ),
    ),
    "a plan of a referral that is not held": (
        [PERSON, EPISODE, PLAN | {"cinp_referral_id": "LOST"}],
        ("A",),
        (
            "A",
            "CINPlanDates",
            "CINPlanDates",
            "N",
            "The referral it names is not held.",
            "This child in need plan",
        ),
    ),
    "an assessment of another child's referral": (
        [PERSON, EPISODE, OTHER, OTHERS_EPISODE, ASSESSMENT | {"cina_referral_id": "Q"}],
        ("A", "B"),
        (
            "A",
            "Assessments",
            "Assessments",
            "S",
            "The referral it names is another child's.",
            "This assessment",
        ),
    ),
    "a protection plan still open after its referral was closed": (
        [PERSON, BEFORE, PROTECTION | {"cppl_referral_id": "OLD"}],
        (),
        (
            "A",
            "ChildProtectionPlans",
            "ChildProtectionPlans",
            "P",
            "Its referral is not of this census year.",
            "This child protection plan",
        ),
    ),
    "an enquiry of no referral, of a child with two episodes that day": (
        [
            PERSON,
            EPISODE,
            EPISODE | {"cine_referral_id": "T"},
            ENQUIRY | {"s47e_referral_id": None},
        ],
        ("A",),
        (
            "A",
            "Section47",
            "Section47",
            "E",
            "It names no referral, and no one episode is of its day.",
            "This enquiry",
        ),
    ),
    "a plan of no referral, of a child without an episode": (
        [PERSON, BEFORE, PLAN | {"cinp_referral_id": None}],
        (),
        (
            "A",
            "CINPlanDates",
            "CINPlanDates",
            "N",
            "It names no referral, and the child has no episode in the year.",
            "This child in need plan",
        ),
    ),
    "a conference that followed nothing": (
        [
            PERSON,
            EPISODE,
            CONFERENCE | {"icpc_s47_enquiry_id": None, "icpc_icpc_date": date(2025, 6, 20)},
        ],
        ("A",),
        (
            "A",
            "DateOfInitialCPC",
            "DateOfInitialCPC",
            "C",
            "It names no enquiry that it followed and no episode that it began.",
            "This initial conference",
        ),
    ),
    "a second conference of one enquiry": (
        [
            PERSON,
            EPISODE,
            ENQUIRY,
            CONFERENCE | {"icpc_icpc_date": date(2025, 6, 20)},
            CONFERENCE | {"icpc_icpc_id": "D", "icpc_icpc_date": date(2025, 7, 20)},
        ],
        ("A",),
        (
            "A",
            "DateOfInitialCPC",
            "DateOfInitialCPC",
            "D",
            "There is an earlier one of the same enquiry or move.",
            "This initial conference",
        ),
    ),
    "a review of a plan that is not held": (
        [
            PERSON,
            EPISODE,
            {
                "cppr_cp_review_id": "V",
                "cppr_person_id": "A",
                "cppr_cp_plan_id": "LOST",
                "cppr_cp_review_date": date(2025, 9, 1),
            },
        ],
        ("A",),
        ("A", "Reviews", "CPPreviewDate", "V", "The plan it names is not held.", "This review"),
    ),
    "an episode of nobody": (
        [PERSON, EPISODE, EPISODE | {"cine_referral_id": "T", "cine_person_id": "LOST"}],
        ("A",),
        (
            "LOST",
            "CINdetails",
            "CINreferralDate",
            "T",
            "The child it names is not held.",
            "This episode",
        ),
    ),
    "two referrals of one name": (
        [PERSON, EPISODE, EPISODE],
        ("A",),
        (
            "A",
            "CINdetails",
            "CINreferralDate",
            "R",
            "Another referral has this identifier.",
            "This episode",
        ),
    ),
    "two children of one name": (
        [PERSON, PERSON, EPISODE],
        ("A",),
        ("A", "Child", "LAchildID", "A", "Another child has this identifier.", "This child"),
    ),
    "an identifier that no XML file may hold": (
        [PERSON | {"pers_person_id": "A\x01"}, EPISODE | {"cine_person_id": "A\x01"}],
        (),
        (
            "A\x01",
            "ChildIdentifiers",
            "LAchildID",
            "A\x01",
            "What is held is not as the census has it.",
            "The child",
        ),
    ),
    "a pupil number of the wrong shape": (
        [
            PERSON,
            EPISODE,
            {
                "link_table_id": "L",
                "link_person_id": "A",
                "link_identifier_type": "Unique Pupil Number",
                "link_identifier_value": "12345",
            },
        ],
        ("A",),
        (
            "A",
            "ChildIdentifiers",
            "UPN",
            "A",
            "What is held is not as the census has it.",
            "UPN",
        ),
    ),
    "born after the year, and nobody wrote down when they were expected": (
        [PERSON | {"pers_dob": date(2026, 4, 9)}, EPISODE],
        ("A",),
        (
            "A",
            "ChildIdentifiers",
            "ExpectedPersonBirthDate",
            "A",
            "Born after the census year; when they were expected is not held.",
            "ExpectedPersonBirthDate",
        ),
    ),
}


@pytest.mark.parametrize("told", PROBLEMS)
def test_what_cannot_be_built_is_told_of_and_the_rest_is_built(told: str, tmp_path: Path) -> None:
    rows, children, problem = PROBLEMS[told]
    found, census = built(holding(*rows), tmp_path / "census.xml")
    assert Problem(*problem) in census.problems
    # Of a child all of whose episodes fall it is told too; and nothing more is said.
    others = [one.wrong for one in census.problems if one != Problem(*problem)]
    falls = problem[1] == "CINdetails" and not children
    assert others == (["None of the child's episodes can be built."] if falls else [])
    assert tuple(found) == children
    if children:
        assert schema(2026).validate(etree.parse(str(tmp_path / "census.xml")))


def test_the_want_of_each_element_that_must_be_given_is_said_in_words() -> None:
    needed = {
        name
        for table in TABLES.values()
        for name, field in zip(table.field_names, table.fields, strict=True)
        if field.needed and not field.many
    }
    assert {*NOT_RECORDED} == needed


def test_a_problem_is_whose_the_child_is_now(tmp_path: Path) -> None:
    def involved(name: str, worker: str, referral: str, begun: date, ended: date | None) -> Row:
        return {
            "invo_involvements_id": name,
            "invo_professional_id": worker,
            "invo_professional_team": "T1",
            "invo_person_id": "A",
            "invo_referral_id": referral,
            "invo_involvement_start_date": begun,
            "invo_involvement_end_date": ended,
        }

    staff = [
        {"prof_professional_id": name, "prof_professional_name": f"Worker {name}"}
        for name in ("W1", "W2", "W3")
    ]
    without_source = EPISODE | {
        "cine_referral_id": "S",
        "cine_referral_source_code": None,
        "cine_referral_worker_id": "W3",
        "cine_referral_team": "T9",
    }
    team = {"dept_team_id": "T1", "dept_team_name": "Assessment team 1"}
    involvements = [
        involved("1", "W1", "S", date(2025, 5, 6), date(2025, 9, 1)),
        involved("2", "W2", "S", date(2025, 9, 1), None),
        involved("3", "W1", "OTHER", date(2025, 12, 1), None),
    ]
    _, census = built(
        holding(PERSON, EPISODE, without_source, *staff, team, *involvements), tmp_path / "c.xml"
    )
    assert [(one.worker, one.team) for one in census.problems] == [
        ("Worker W2", "Assessment team 1")
    ]
    # Where nobody is involved, it is whoever completed the thing.
    _, census = built(holding(PERSON, EPISODE, without_source, *staff, team), tmp_path / "c.xml")
    assert [(one.worker, one.team) for one in census.problems] == [("Worker W3", "T9")]


def test_no_cell_of_the_problems_begins_as_a_formula_does(tmp_path: Path) -> None:
    written = [Problem(f"{mark}1", "M", "E", "R", "wrong", "it", f"{mark}cmd") for mark in "=+-@\t"]
    write_problems(written, tmp_path / "problems.csv")
    with (tmp_path / "problems.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [*csv.DictReader(file)]
    assert [*rows[0]] == [
        "child",
        "module",
        "element",
        "row",
        "wrong",
        "left_out",
        "worker",
        "team",
    ]
    assert [row["child"] for row in rows] == [f"'{mark}1" for mark in "=+-@\t"]


def test_what_means_something_in_xml_is_written_as_text(tmp_path: Path) -> None:
    name = "<A> & \"é\" '☃' ]]>"
    rows = holding(PERSON | {"pers_person_id": name}, EPISODE | {"cine_person_id": name})
    found, census = built(rows, tmp_path / "census.xml")
    assert [*found] == [name]
    assert not census.problems


# ---- Whatever is lost ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small() -> dict[str, pa.Table]:
    return dict(simulate(children=100, years=2, seed=9, until=date(2026, 6, 30)).tables)


_COLUMNS = [
    (table, column)
    for table in (
        *("ssd_person", "ssd_cin_episodes", "ssd_cin_assessments", "ssd_assessment_factors"),
        *("ssd_cin_plans", "ssd_s47_enquiry", "ssd_initial_cp_conference", "ssd_cp_plans"),
        *("ssd_cp_reviews", "hl_s47_enquiries", "hl_cp_plans", "ssd_involvements"),
        *("ssd_linked_identifiers", "ssd_disability"),
    )
    for column in BY_NAME[table].columns
    if not column.key and column.name != BY_NAME[table].person
]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    lost=st.lists(st.sampled_from(_COLUMNS), min_size=1, max_size=4, unique=True),
    dropped=st.sets(st.sampled_from(sorted({table for table, _ in _COLUMNS[8:]})), max_size=2),
)
def test_whatever_a_source_lacks_the_census_is_of_the_schema(
    lost: list[Any], dropped: set[str], small: dict[str, pa.Table], tmp_path: Path
) -> None:
    tables = {name: rows for name, rows in small.items() if name not in dropped}
    for table, column in lost:
        if table not in tables:
            continue
        rows = tables[table]
        # Half of the rows lose it, or name what is not there.
        half = pa.array([number % 2 == 0 for number in range(len(rows))])
        nothing: Any = pa.scalar(None, column.arrow_type)
        if column.references or column.code_set:
            nothing = pa.scalar("no such thing", column.arrow_type)
        place = rows.column_names.index(column.name)
        tables[table] = rows.set_column(
            place,
            rows.schema.field(place),
            pc.if_else(half, nothing, rows[column.name].combine_chunks()),
        )
    found, census = built(tables, tmp_path / "census.xml")
    if found:
        assert schema(2026).validate(etree.parse(str(tmp_path / "census.xml"))), schema(
            2026
        ).error_log
    assert all(one.child and one.wrong and one.left_out for one in census.problems)

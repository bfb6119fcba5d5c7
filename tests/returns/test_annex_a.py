"""Annex A: who is in each list, by situations; and a workbook read again is judged the same."""

import csv
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from harbourlight.dataset.annex_a import LISTS
from harbourlight.dataset.engines import DuckDB, load_tables
from harbourlight.dataset.loaders import UnreadableSource, annex_a, read
from harbourlight.dataset.tables import BY_NAME, Dataset
from harbourlight.ledger.entries import all_entries
from harbourlight.returns.annex_a import Built, build
from harbourlight.simulate import simulate
from harbourlight.standards.catalogue import CATALOGUE

AS_AT = date(2026, 3, 31)
SINCE = date(2025, 9, 30)
SPECIFICATION = Path(__file__).parents[2] / "../shared/reference/data/annex_a_fields.csv"


def test_each_list_has_the_columns_of_the_schema_in_its_order() -> None:
    with SPECIFICATION.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for each in LISTS:
        asked = [row["column"] for row in rows if row["list"] == str(each.number)]
        assert [field.heading for field in each.fields] == asked
        for field in each.fields:
            answered = bool(field.value) != bool(field.lacking or each.lacking)
            assert answered or each.lacking, f"{each.number} {field.heading} says nothing of why"


# ---- Who is in each list --------------------------------------------------------------------

CHILD = {"pers_person_id": "K1", "pers_sex": "F", "pers_dob": date(2020, 4, 1)}


def _episode(name: str, day: date, **columns: Any) -> dict[str, Any]:
    return {
        "cine_referral_id": name,
        "cine_person_id": "K1",
        "cine_referral_date": datetime.combine(day, datetime.min.time()),
        **columns,
    }


def _assessment(**columns: Any) -> dict[str, Any]:
    return {
        "cina_assessment_id": "A1",
        "cina_person_id": "K1",
        "cina_referral_id": "R1",
        "cina_assessment_start_date": date(2026, 1, 5),
        **columns,
    }


def _enquiry(**columns: Any) -> dict[str, Any]:
    return {
        "s47e_s47_enquiry_id": "S1",
        "s47e_person_id": "K1",
        "s47e_referral_id": "R1",
        "s47e_s47_start_date": date(2026, 1, 5),
        **columns,
    }


def _plan(name: str, started: date, **columns: Any) -> dict[str, Any]:
    return {
        "cppl_cp_plan_id": name,
        "cppl_person_id": "K1",
        "cppl_cp_plan_start_date": started,
        **columns,
    }


def _conference(**columns: Any) -> dict[str, Any]:
    return {"icpc_icpc_id": "C1", "icpc_person_id": "K1", "icpc_s47_enquiry_id": "S1", **columns}


R1 = _episode("R1", date(2026, 1, 2))
OPEN = _assessment()
EARLIER = _episode("R0", date(2025, 1, 2))
"""A year to the day before R1: still within its twelve months."""

SITUATIONS: list[tuple[str, int, dict[str, list[dict[str, Any]]], list[dict[str, Any]]]] = [
    (
        "a referral on the first day looked back to is in",
        3,
        {"ssd_cin_episodes": [_episode("R1", SINCE, cine_referral_nfa="Y")]},
        [{"Date of referral": SINCE, "Referral NFA?": "a) Yes"}],
    ),
    (
        "a referral on the day before is not",
        3,
        {"ssd_cin_episodes": [_episode("R1", date(2025, 9, 29))]},
        [],
    ),
    (
        "one after the last day told of has not happened",
        3,
        {"ssd_cin_episodes": [_episode("R1", date(2026, 4, 1))]},
        [],
    ),
    (
        "earlier referrals are counted for twelve months to the day, and itself is not",
        3,
        {"ssd_cin_episodes": [R1, EARLIER, _episode("R-", date(2025, 1, 1))]},
        [{"Number of Referrals in Last 12 Months": 1, "Referral NFA?": None}],
    ),
    (
        "an unknown source is said to be unknown",
        3,
        {"ssd_cin_episodes": [R1]},
        [{"Referral Source": "u) 10: Unknown", "Ethnicity": "u) UNKNOWN", "Gender": "b) Female"}],
    ),
    (
        "age is in completed years: the birthday is the next day",
        3,
        {"ssd_cin_episodes": [R1]},
        [{"Age of Child (Years)": 5}],
    ),
    (
        "an assessment open for years is in",
        4,
        {"ssd_cin_assessments": [_assessment(cina_assessment_start_date=date(2023, 1, 5))]},
        [{"Continuous Assessment Date of Authorisation": None}],
    ),
    (
        "one authorised before the six months is not",
        4,
        {
            "ssd_cin_assessments": [
                _assessment(
                    cina_assessment_start_date=date(2025, 8, 1),
                    cina_assessment_auth_date=date(2025, 9, 29),
                )
            ]
        },
        [],
    ),
    (
        "one authorised after the last day told of is open, and its outcome not yet known",
        4,
        {
            "ssd_cin_assessments": [
                _assessment(
                    cina_assessment_auth_date=date(2026, 4, 1),
                    cina_assessment_outcome_nfa="N",
                    cina_assessment_child_seen="Y",
                )
            ]
        },
        [
            {
                "Continuous Assessment Date of Authorisation": None,
                "Was the child assessed as requiring LA children's social care support?": None,
                "Child Seen During Continuous Assessment": "a) Yes",
            }
        ],
    ),
    (
        "support is the opposite of no further action, and a disability is any but none",
        4,
        {
            "ssd_cin_assessments": [
                _assessment(
                    cina_assessment_auth_date=date(2026, 3, 1), cina_assessment_outcome_nfa="N"
                )
            ],
            "ssd_disability": [
                {"disa_person_id": "K1", "disa_table_id": "D1", "disa_disability_code": "NONE"}
            ],
        },
        [
            {
                "Was the child assessed as requiring LA children's social care support?": "a) Yes",
                "Does the Child have a Disability": "b) No",
            }
        ],
    ),
    (
        "a conference that met shows, and one that was held decides the question",
        5,
        {
            "ssd_s47_enquiry": [_enquiry(s47e_s47_end_date=date(2026, 1, 20))],
            "ssd_initial_cp_conference": [
                _conference(icpc_icpc_date=date(2026, 1, 19), icpc_icpc_outcome_cp_flag="Y")
            ],
        },
        [
            {
                "Date of Initial Child Protection Conference": date(2026, 1, 19),
                "Was an Initial Child Protection Conference deemed unnecessary?": "b) No",
                "Did the Initial Child Protection Conference Result in a Child Protection Plan": (
                    "a) Yes"
                ),
                "Number of ICPCs in the last 12 months": 0,
            }
        ],
    ),
    (
        "an enquiry still open has decided nothing, and a conference to come has not met",
        5,
        {
            "ssd_s47_enquiry": [_enquiry(s47e_s47_nfa="Y")],
            "ssd_initial_cp_conference": [_conference(icpc_icpc_date=date(2026, 4, 2))],
        },
        [
            {
                "Date of Initial Child Protection Conference": None,
                "Was an Initial Child Protection Conference deemed unnecessary?": None,
            }
        ],
    ),
    ("a referral and nothing more is no child in need", 6, {"ssd_cin_episodes": [R1]}, []),
    (
        "with an assessment begun it is, and the case is an open assessment",
        6,
        {"ssd_cin_episodes": [R1], "ssd_cin_assessments": [OPEN]},
        [{"CIN Start Date": date(2026, 1, 2), "Case Status": "d) Open assessment"}],
    ),
    (
        "a plan comes before an assessment, and when the child was last seen is not made up",
        6,
        {
            "ssd_cin_episodes": [R1],
            "ssd_cin_assessments": [OPEN],
            "ssd_cp_plans": [_plan("P1", date(2026, 2, 1))],
        },
        [{"Case Status": "b) Child Protection plan", "Date Child Was Last Seen": None}],
    ),
    (
        "an episode that closed after the last day told of is open",
        6,
        {
            "ssd_cin_episodes": [
                _episode("R1", date(2026, 1, 2), cine_close_date=date(2026, 4, 1))
                | {"cine_close_reason": "RC8", "cine_cin_primary_need_code": "N1"}
            ],
            "ssd_cin_assessments": [OPEN],
        },
        [
            {
                "CIN Closure Date": None,
                "Reason for Closure": None,
                "Primary Need Code": "N1 - Abuse, neglect and exploitation",
            }
        ],
    ),
    (
        "one that closed on it is closed; the latest episode of a child stands for them",
        6,
        {
            "ssd_cin_episodes": [
                R1 | {"cine_close_date": AS_AT},
                _episode("R0", date(2025, 6, 2), cine_close_date=date(2025, 12, 1)),
            ],
            "ssd_cin_assessments": [OPEN, _assessment() | {"cina_referral_id": "R0"}],
        },
        [{"CIN Closure Date": AS_AT, "Case Status": "e) Closed episode"}],
    ),
    (
        "the latest plan, its latest review before the day, and those before it",
        7,
        {
            "ssd_cp_plans": [
                _plan("P1", date(2023, 1, 1), cppl_cp_plan_end_date=date(2023, 9, 1)),
                _plan("P2", date(2025, 10, 1), cppl_cp_plan_initial_category="NEG"),
            ],
            "ssd_cp_reviews": [
                {
                    "cppr_cp_review_id": f"V{day}",
                    "cppr_person_id": "K1",
                    "cppr_cp_plan_id": "P2",
                    "cppr_cp_review_date": day,
                }
                for day in (date(2025, 12, 20), date(2026, 4, 2))
            ],
        },
        [
            {
                "Child Protection Plan Start Date": date(2025, 10, 1),
                "Initial Category of Abuse": "a) Neglect",
                "Date of latest review conference": date(2025, 12, 20),
                "Number of Previous Child Protection Plans": 1,
                "Was the Child Seen Alone?": None,
            }
        ],
    ),
    (
        "a plan of another authority is left out",
        7,
        {"ssd_cp_plans": [_plan("P1", date(2025, 10, 1), cppl_cp_plan_ola="Y")]},
        [],
    ),
]


@pytest.mark.parametrize(
    ("number", "world", "expected"),
    [each[1:] for each in SITUATIONS],
    ids=[each[0] for each in SITUATIONS],
)
def test_who_is_in_a_list(
    number: int, world: dict[str, list[dict[str, Any]]], expected: list[dict[str, Any]], tmp_path
) -> None:
    tables = {
        name: pa.Table.from_pylist(rows, schema=BY_NAME[name].arrow_schema())
        for name, rows in {"ssd_person": [CHILD], **world}.items()
    }
    built = build(tables, as_at=AS_AT, out=tmp_path / "lists.xlsx", source="a situation")
    each = built[number - 1]
    headings = [field.heading for field in each.of.fields]
    found = [dict(zip(headings, row, strict=True)) for row in each.rows]
    assert len(found) == len(expected)
    for row, asked in zip(found, expected, strict=True):
        assert {heading: row[heading] for heading in asked} == asked


# ---- The workbook ---------------------------------------------------------------------------


def _outcomes(tables: dict[str, pa.Table], standard: str) -> dict[tuple[Any, ...], int]:
    with DuckDB() as engine:
        load_tables(engine, tables)
        wanted = [each for each in CATALOGUE.values() if each.code == standard]
        rows = engine.run(all_entries(wanted, Dataset())).to_pylist()
    counted: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = (row["child_id"], row["starts_at"], row["met_at"])
        counted[key] = counted.get(key, 0) + 1
    return counted


def test_a_workbook_read_again_is_what_was_written(tmp_path: Path) -> None:
    trust = simulate(children=1_500, years=2, seed=13, until=AS_AT)
    written = build(trust.tables, as_at=AS_AT, out=tmp_path / "lists.xlsx", source="a trust")
    source = read(tmp_path / "lists.xlsx")
    assert any("from 2025-09-30" in remark for remark in source.remarks)
    # Its clocks start and are met as those of the tables.
    given = _outcomes(dict(trust.tables), "S47-ICPC-15")
    back = _outcomes(dict(source.tables), "S47-ICPC-15")
    recent = {key: count for key, count in given.items() if key[1].date() >= SINCE}
    assert len(recent) > 20
    assert {key: count for key, count in back.items() if key[1].date() >= SINCE} == recent
    # And the same lists are built from it again, in each column that is read.
    again = build(source.tables, as_at=AS_AT, out=tmp_path / "again.xlsx", source="its workbook")
    for one, other in zip(written, again, strict=True):
        read_back = [place for place, field in enumerate(one.of.fields) if field.reads]
        before, after = _only(one, read_back), _only(other, read_back)
        if one.of.number == 6:  # no list tells of the child in need plans that put children in it
            before = [row for row in before if row in after]
            assert len(before) > 100
        assert before == after, one.of.name
        assert one.rows or not one.of.rows


def _only(built: Built, columns: list[int]) -> list[tuple[str, ...]]:
    return sorted(tuple(str(row[column]) for column in columns) for row in built.rows)


def test_no_cell_is_a_formula_and_the_last_sheet_says_what_is_not_held(tmp_path: Path) -> None:
    child = CHILD | {"pers_person_id": "=1+1"}
    contact = {
        "cont_contact_id": "=C",
        "cont_person_id": "=1+1",
        "cont_contact_date": datetime.combine(date(2026, 1, 2), datetime.min.time()),
        "cont_contact_source_code": "6",
    }
    tables = {
        name: pa.Table.from_pylist([row], schema=BY_NAME[name].arrow_schema())
        for name, row in (("ssd_person", child), ("ssd_contacts", contact))
    }
    path = tmp_path / "lists.xlsx"
    build(tables, as_at=AS_AT, out=path, source="=2+2")
    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/" in name]
    assert not any(b"<f>" in sheet for sheet in sheets)
    assert read(path).tables["ssd_contacts"]["cont_person_id"].to_pylist() == ["=1+1"]
    with CalamineWorkbook.from_path(str(path)) as workbook:
        assert workbook.sheet_names == [*(f"List {number}" for number in range(1, 9)), "Not held"]
        told = workbook.get_sheet_by_name("Not held").to_python()
    lines = [" ".join(str(cell) for cell in row) for row in told]
    assert any("The dataset holds no early help." in line for line in lines)
    assert any("Date Child Was Last Seen" in line and "no visits" in line for line in lines)


GOOD = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Date of Contact"]


def _workbook(path: Path, *rows: list[Any], sheet: str = "List 1") -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as workbook:
        made = workbook.add_worksheet(sheet)
        for place, row in enumerate(rows):
            made.write_row(place, 0, row)
    return path


BAD = {
    "a day that does not exist": (
        [GOOD, ["K1", "a) Male", "a) WBRI", "31/02/2020", date(2026, 1, 2)]],
        r"sheet List 1, line 2, Date of Birth: The value is not a day or time that exists",
    ),
    "a row without a child": (
        [GOOD, ["", "a) Male", "a) WBRI", date(2020, 1, 1), date(2026, 1, 2)]],
        "There is no Child Unique ID",
    ),
    "a code that no list has": (
        [GOOD, ["K1", "a) Male", "z) NOWT", date(2020, 1, 1), date(2026, 1, 2)]],
        "Ethnicity",
    ),
}


@pytest.mark.parametrize(("rows", "message"), BAD.values(), ids=BAD)
def test_what_is_wrong_with_a_workbook_is_said_once_and_where(rows, message, tmp_path) -> None:
    with pytest.raises(UnreadableSource, match=message):
        read(_workbook(tmp_path / "lists.xlsx", *rows))


def test_a_workbook_of_other_sheets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="None of its sheets is a list of Annex A"):
        read(_workbook(tmp_path / "other.xlsx", GOOD, sheet="Budget"))


def test_a_workbook_that_unpacks_without_end_is_refused_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _workbook(tmp_path / "bomb.xlsx", GOOD)
    monkeypatch.setattr(annex_a, "LARGEST", 1 << 20)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/noughts", b"\0" * (2 << 20))
    assert path.stat().st_size < 20_000
    with pytest.raises(UnreadableSource, match="unpacks into 2 MB"):
        read(path)


def test_sheets_named_and_headed_by_other_hands_are_read(tmp_path: Path) -> None:
    rows = [
        ["Contacts of the authority"],
        ["child unique id ", "GENDER", "Ethnicity", "Date of birth", "Date of  Contact"],
        [1042, "b) Female", "u) UNKNOWN", "01/02/2020", "2026-01-02"],
        ["", "", "", "", ""],
    ]
    source = read(_workbook(tmp_path / "lists.xlsx", *rows, sheet="list_1"))
    person = source.tables["ssd_person"].to_pylist()[0]
    assert (person["pers_person_id"], person["pers_gender"], person["pers_ethnicity"]) == (
        "1042",
        "F",
        None,
    )
    seen = [datetime.combine(date(2026, 1, 2), datetime.min.time())]
    assert source.tables["ssd_contacts"]["cont_contact_date"].to_pylist() == seen
    assert any("Contact Source" in remark for remark in source.remarks)

"""A children in need census is read into the dataset's tables, or refused in one clear sentence."""

import re
from datetime import date, datetime

import pytest

from harbourlight.dataset.engines import DuckDB, load_tables
from harbourlight.dataset.loaders import Source, UnreadableSource, read
from harbourlight.dataset.loaders.census_xml import CensusXML
from harbourlight.dataset.schema import Table
from harbourlight.dataset.tables import BY_NAME, Dataset
from tests.samples import SAMPLES, needs_samples

MIDNIGHT = datetime.min.time()

HEADER = """<Header><CollectionDetails><Collection>CIN</Collection><Year>2026</Year>
<ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails>
<Source><SourceLevel>L</SourceLevel><LEA>999</LEA></Source></Header>"""


def child(identifier: str = "A1", *details: str, identifiers: str = "<Sex>F</Sex>") -> str:
    return (
        f"<Child>\n<ChildIdentifiers><LAchildID>{identifier}</LAchildID>{identifiers}"
        f"</ChildIdentifiers>\n<ChildCharacteristics><Ethnicity>WBRI</Ethnicity>"
        f"</ChildCharacteristics>\n{''.join(details)}</Child>\n"
    )


def details(*inner: str, referred: str = "2025-06-02") -> str:
    return (
        f"<CINdetails><CINreferralDate>{referred}</CINreferralDate>"
        f"<ReferralSource>2A</ReferralSource>{''.join(inner)}</CINdetails>\n"
    )


def enquiry(start: str, *inner: str) -> str:
    return (
        f"<Section47><S47ActualStartDate>{start}</S47ActualStartDate>{''.join(inner)}</Section47>"
    )


def plan(start: str, *inner: str) -> str:
    return (
        f"<ChildProtectionPlans><CPPstartDate>{start}</CPPstartDate>"
        f"{''.join(inner)}</ChildProtectionPlans>"
    )


def conference(day: str) -> str:
    return f"<DateOfInitialCPC>{day}</DateOfInitialCPC>"


ASSESSMENT = (
    "<Assessments><AssessmentActualStartDate>2025-06-03</AssessmentActualStartDate></Assessments>"
)
REVIEWS = "<Reviews><CPPreviewDate>2025-09-01</CPPreviewDate></Reviews>"
CIN_PLAN = "<CINPlanDates><CINPlanStartDate>2025-06-20</CINPlanStartDate></CINPlanDates>"


def census(*children: str, header: str = HEADER) -> str:
    return f"<Message>\n{header}\n<Children>\n{''.join(children)}</Children></Message>"


@pytest.fixture
def read_text(tmp_path):
    """Reads a census from its text."""

    def read_it(content: str | bytes) -> Source:
        path = tmp_path / "census.xml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(path)

    return read_it


@pytest.fixture
def refuse_text(read_text, tmp_path):
    """The one error that a census's text leads to, having checked that it names no folder."""

    def refuse_it(content: str | bytes) -> UnreadableSource:
        with pytest.raises(UnreadableSource) as caught:
            read_text(content)
        assert str(caught.value).startswith("census.xml")
        assert str(tmp_path) not in str(caught.value)
        return caught.value

    return refuse_it


def rows(source: Source, table: str) -> list[dict[str, object]]:
    """A table's rows, each without what it does not say."""
    return [
        {name: value for name, value in row.items() if value is not None}
        for row in source.tables[table].to_pylist()
    ]


JOURNEY = census(
    child(
        "A1",
        details(
            "<PrimaryNeedCode>N1</PrimaryNeedCode><CINclosureDate>2026-01-30</CINclosureDate>"
            "<ReasonForClosure>RC7</ReasonForClosure>",
            "<Assessments><AssessmentActualStartDate>2025-06-03</AssessmentActualStartDate>"
            "<AssessmentInternalReviewDate>2025-06-17</AssessmentInternalReviewDate>"
            "<AssessmentAuthorisationDate>2025-07-01</AssessmentAuthorisationDate>"
            "<FactorsIdentifiedAtAssessment><AssessmentFactors>3B</AssessmentFactors>"
            "<AssessmentFactors>19C</AssessmentFactors></FactorsIdentifiedAtAssessment>"
            "</Assessments>",
            enquiry(
                "2025-06-10",
                "<InitialCPCtarget>2025-07-01</InitialCPCtarget>",
                conference("2025-06-27"),
                "<ICPCnotRequired>false</ICPCnotRequired>",
            ),
            "<ReferralNFA>0</ReferralNFA>",
            plan(
                "2025-06-27",
                "<CPPendDate>2025-12-19</CPPendDate>"
                "<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>"
                "<LatestCategoryOfAbuse>EMO</LatestCategoryOfAbuse>"
                "<NumberOfPreviousCPP>1</NumberOfPreviousCPP>"
                "<Reviews><CPPreviewDate>2025-12-19</CPPreviewDate>"
                "<CPPreviewDate>2025-09-12</CPPreviewDate></Reviews>",
            ),
            "<CINPlanDates><CINPlanStartDate>2025-12-20</CINPlanStartDate>"
            "<CINPlanEndDate>2026-01-30</CINPlanEndDate></CINPlanDates>",
        ),
        identifiers="<UPN>b201200012345</UPN><FormerUPN>H801200001001</FormerUPN>"
        "<UPNunknown>UN1</UPNunknown><PersonBirthDate>2021-02-03</PersonBirthDate>"
        "<Sex>F</Sex><PersonDeathDate>2026-01-30</PersonDeathDate>",
    )
)


def test_a_childs_journey_becomes_rows_of_every_table(read_text):
    source = read_text(JOURNEY)
    assert source.kind == "CIN census"
    assert source.title == "Children in need census 2025/26, authority 999"
    assert {name: rows(source, name) for name in source.tables if name != "hl_coverage"} == {
        "ssd_person": [
            {
                "pers_person_id": "A1",
                "pers_sex": "F",
                "pers_ethnicity": "WBRI",
                "pers_dob": date(2021, 2, 3),
                "pers_upn_unknown": "UN1",
                "pers_death_date": date(2026, 1, 30),
            }
        ],
        "ssd_cin_episodes": [
            {
                "cine_referral_id": "A1.1",
                "cine_person_id": "A1",
                "cine_referral_date": datetime.combine(date(2025, 6, 2), MIDNIGHT),
                "cine_cin_primary_need_code": "N1",
                "cine_referral_source_code": "2A",
                "cine_referral_nfa": "N",
                "cine_close_reason": "RC7",
                "cine_close_date": date(2026, 1, 30),
            }
        ],
        "ssd_cin_assessments": [
            {
                "cina_assessment_id": "A1.1.A1",
                "cina_person_id": "A1",
                "cina_referral_id": "A1.1",
                "cina_assessment_start_date": date(2025, 6, 3),
                "cina_assessment_auth_date": date(2025, 7, 1),
            }
        ],
        "hl_assessments": [
            {
                "hlas_assessment_id": "A1.1.A1",
                "hlas_person_id": "A1",
                "hlas_internal_review_date": date(2025, 6, 17),
            }
        ],
        "ssd_linked_identifiers": [
            {
                "link_table_id": "A1.UPN",
                "link_person_id": "A1",
                "link_identifier_type": "Unique Pupil Number",
                "link_identifier_value": "B201200012345",
            },
            {
                "link_table_id": "A1.FormerUPN",
                "link_person_id": "A1",
                "link_identifier_type": "Former Unique Pupil Number",
                "link_identifier_value": "H801200001001",
            },
        ],
        "ssd_assessment_factors": [
            {
                "cinf_table_id": "A1.1.A1.F",
                "cinf_assessment_id": "A1.1.A1",
                "cinf_assessment_factors_json": '["3B", "19C"]',
            }
        ],
        "ssd_s47_enquiry": [
            {
                "s47e_s47_enquiry_id": "A1.1.S1",
                "s47e_referral_id": "A1.1",
                "s47e_person_id": "A1",
                "s47e_s47_start_date": date(2025, 6, 10),
            }
        ],
        "hl_s47_enquiries": [
            {
                "hlse_s47_enquiry_id": "A1.1.S1",
                "hlse_person_id": "A1",
                "hlse_conference_required": "Y",
            }
        ],
        "ssd_initial_cp_conference": [
            {
                "icpc_icpc_id": "A1.1.S1.C",
                "icpc_s47_enquiry_id": "A1.1.S1",
                "icpc_person_id": "A1",
                "icpc_referral_id": "A1.1",
                "icpc_icpc_transfer_in": "N",
                "icpc_icpc_target_date": date(2025, 7, 1),
                "icpc_icpc_date": date(2025, 6, 27),
            }
        ],
        "ssd_cp_plans": [
            {
                "cppl_cp_plan_id": "A1.1.P1",
                "cppl_referral_id": "A1.1",
                "cppl_icpc_id": "A1.1.S1.C",
                "cppl_person_id": "A1",
                "cppl_cp_plan_start_date": date(2025, 6, 27),
                "cppl_cp_plan_end_date": date(2025, 12, 19),
                "cppl_cp_plan_initial_category": "NEG",
                "cppl_cp_plan_latest_category": "EMO",
            }
        ],
        "hl_cp_plans": [
            {"hlcp_cp_plan_id": "A1.1.P1", "hlcp_person_id": "A1", "hlcp_previous_plans": 1}
        ],
        "ssd_cp_reviews": [
            {
                "cppr_cp_review_id": f"A1.1.P1.R{order}",
                "cppr_person_id": "A1",
                "cppr_cp_plan_id": "A1.1.P1",
                "cppr_cp_review_date": day,
            }
            for order, day in enumerate((date(2025, 9, 12), date(2025, 12, 19)), 1)
        ],
        "ssd_cin_plans": [
            {
                "cinp_cin_plan_id": "A1.1.N1",
                "cinp_referral_id": "A1.1",
                "cinp_person_id": "A1",
                "cinp_cin_plan_start_date": date(2025, 12, 20),
                "cinp_cin_plan_end_date": date(2026, 1, 30),
            }
        ],
    }


def test_the_census_says_from_when_it_holds_every_row(read_text):
    held = rows(read_text(JOURNEY), "hl_coverage")
    assert {row["hlco_table"]: row["hlco_last_before_held"] for row in held} == {
        "ssd_cin_episodes": "N",
        "ssd_cin_assessments": "N",
        "ssd_s47_enquiry": "N",
        "ssd_initial_cp_conference": "N",
        "ssd_cp_plans": "N",
        "ssd_cp_reviews": "Y",
        "ssd_cin_plans": "N",
    }
    assert {row["hlco_complete_from"] for row in held} == {date(2025, 4, 1)}


def test_every_table_has_its_declared_columns_and_every_name_held_is_declared(read_text):
    source = read_text(JOURNEY)
    for name, table in source.tables.items():
        assert table.schema == BY_NAME[name].arrow_schema()
    for name in source.held:
        table, column = name.split(".")
        assert BY_NAME[table].column(column)
    filled = {
        f"{name}.{column}"
        for name, table in source.tables.items()
        for column in table.column_names
        if table[column].null_count < table.num_rows
    }
    assert source.held == filled | {"ssd_person.pers_expected_dob"}


EVERY_TABLE = {"ssd_person", "ssd_cin_episodes", "hl_coverage"}
SUPPLIED = {
    "referrals alone": ("", set(), set()),
    "an assessment": (ASSESSMENT, {"ssd_cin_assessments"}, {"ssd_cin_assessments"}),
    # An enquiry without a conference says that none was held, which is knowing.
    "an enquiry": (
        enquiry("2025-06-10"),
        {"ssd_s47_enquiry", "hl_s47_enquiries", "ssd_initial_cp_conference"},
        {"ssd_s47_enquiry", "ssd_initial_cp_conference"},
    ),
    # A transfer-in conference says nothing of the conferences that follow enquiries.
    "a transfer-in conference": (conference("2025-06-10"), {"ssd_initial_cp_conference"}, set()),
    "a plan": (plan("2025-06-27"), {"ssd_cp_plans", "hl_cp_plans"}, {"ssd_cp_plans"}),
    "a plan with a review": (
        plan("2025-06-27", REVIEWS),
        {"ssd_cp_plans", "hl_cp_plans", "ssd_cp_reviews"},
        {"ssd_cp_plans", "ssd_cp_reviews"},
    ),
    "a plan with an empty review": (
        plan("2025-06-27", "<Reviews><CPPreviewDate/></Reviews>"),
        {"ssd_cp_plans", "hl_cp_plans"},
        {"ssd_cp_plans"},
    ),
    "a child in need plan": (CIN_PLAN, {"ssd_cin_plans"}, {"ssd_cin_plans"}),
}


@pytest.mark.parametrize("name", SUPPLIED)
def test_a_table_is_held_only_if_the_file_has_an_element_of_it(read_text, name):
    inner, supplied, covered = SUPPLIED[name]
    source = read_text(census(child("A1", details(inner))))
    assert set(source.tables) == EVERY_TABLE | supplied
    assert {held.partition(".")[0] for held in source.held} == EVERY_TABLE | supplied
    held = {row["hlco_table"] for row in rows(source, "hl_coverage")}
    assert held == {"ssd_cin_episodes"} | covered
    assert ("ssd_initial_cp_conference.icpc_s47_enquiry_id" in source.held) == (
        "ssd_s47_enquiry" in supplied
    )
    assert ("ssd_cp_plans.cppl_icpc_id" in source.held) == (
        {"ssd_cp_plans", "ssd_initial_cp_conference"} <= supplied
    )


@pytest.mark.parametrize(
    ("not_required", "held"), [("false", [(date(2025, 7, 1), None)]), ("true", [])]
)
def test_a_target_alone_is_a_conference_to_come_unless_none_is_required(
    read_text, not_required, held
):
    target = "<InitialCPCtarget>2025-07-01</InitialCPCtarget>"
    required = f"<ICPCnotRequired>{not_required}</ICPCnotRequired>"
    source = read_text(census(child("A1", details("", enquiry("2025-06-10", target, required)))))
    found = source.tables.get("ssd_initial_cp_conference")
    rows = found.to_pylist() if found is not None else []
    assert [(row["icpc_icpc_target_date"], row["icpc_icpc_date"]) for row in rows] == held


def test_what_is_absent_or_not_kept_is_remarked_on(read_text):
    content = census(
        child("A1", details("<PreProceedingsandFGDM/><PreProceedingsandFGDM/><Shoe>4</Shoe>"))
    )
    remarks = read_text(content).remarks
    assert (
        "It holds no assessments (Assessments), no section 47 enquiries (Section47), no child "
        "protection plans (ChildProtectionPlans), no reviews of child protection plans (Reviews), "
        "no child in need plans (CINPlanDates). They are taken as not supplied, and what depends "
        "on them as not known."
    ) in remarks
    assert "The dataset has no place for these elements: PreProceedingsandFGDM (2)." in remarks
    assert "These elements are not part of a census and were not read: Shoe (1)." in remarks


def test_rows_are_named_by_their_date_and_then_their_place_in_the_file(read_text):
    source = read_text(
        census(
            child(
                "A1",
                details("<CINclosureDate>2026-01-01</CINclosureDate>", referred="2025-11-03"),
                details(ASSESSMENT, referred="2025-05-01"),
                details("<CINclosureDate>2026-01-02</CINclosureDate>", referred="2025-11-03"),
            )
        )
    )
    found = rows(source, "ssd_cin_episodes")
    assert [(row["cine_referral_id"], row.get("cine_close_date")) for row in found] == [
        ("A1.1", None),
        ("A1.2", date(2026, 1, 1)),
        ("A1.3", date(2026, 1, 2)),
    ]
    assert rows(source, "ssd_cin_assessments")[0]["cina_referral_id"] == "A1.1"


@pytest.mark.parametrize(
    ("inner", "linked"),
    [
        ((enquiry("2025-06-10", conference("2025-06-27")),), "A1.1.S1.C"),
        ((conference("2025-06-27"),), "A1.1.C"),
        ((enquiry("2025-06-10", conference("2025-06-26")),), None),
        # Two conferences on the day, and which made the plan is not said.
        ((conference("2025-06-27"), enquiry("2025-06-10", conference("2025-06-27"))), None),
    ],
)
def test_a_plan_is_linked_to_the_one_conference_of_the_day_it_began(read_text, inner, linked):
    source = read_text(census(child("A1", details(*inner, plan("2025-06-27")))))
    assert source.tables["ssd_cp_plans"]["cppl_icpc_id"].to_pylist() == [linked]


def test_a_conference_beside_the_referral_is_a_transfer_in(read_text):
    source = read_text(census(child("A1", details(conference("2025-06-27")))))
    assert rows(source, "ssd_initial_cp_conference") == [
        {
            "icpc_icpc_id": "A1.1.C",
            "icpc_person_id": "A1",
            "icpc_referral_id": "A1.1",
            "icpc_icpc_transfer_in": "Y",
            "icpc_icpc_date": date(2025, 6, 27),
        }
    ]


@pytest.mark.parametrize(
    ("identifiers", "sex"),
    [
        ("<Sex>F</Sex>", "F"),
        ("<GenderCurrent>1</GenderCurrent>", "M"),
        ("<GenderCurrent>2</GenderCurrent>", "F"),
        ("<GenderCurrent>0</GenderCurrent>", "U"),
        ("<GenderCurrent>9</GenderCurrent>", "U"),
        ("<GenderCurrent>1</GenderCurrent><Sex>F</Sex>", "F"),
        ("<Sex/>", None),
        ("", None),
    ],
)
def test_sex_is_read_from_either_shape_of_census(read_text, identifiers, sex):
    source = read_text(census(child("A1", details(), identifiers=identifiers)))
    assert source.tables["ssd_person"]["pers_sex"].to_pylist() == [sex]


@pytest.mark.parametrize(
    ("said", "required"),
    [("1", "N"), ("true", "N"), ("0", "Y"), ("false", "Y"), ("", None)],
)
def test_a_conference_is_required_unless_it_is_not(read_text, said, required):
    inner = enquiry("2025-06-10", f"<ICPCnotRequired>{said}</ICPCnotRequired>")
    source = read_text(census(child("A1", details(inner))))
    assert source.tables["hl_s47_enquiries"]["hlse_conference_required"].to_pylist() == [required]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(
            lambda text: text.replace("<Message>", '<Message xmlns="urn:x">'), id="namespace"
        ),
        pytest.param(
            lambda text: text.replace("<Message>", '<m:Message xmlns:m="urn:x">').replace(
                "</Message>", "</m:Message>"
            ),
            id="prefix",
        ),
        pytest.param(lambda text: text.replace("<Sex>", "PersonBirthDate\n<Sex>"), id="stray text"),
        pytest.param(
            lambda text: text.replace("2025-06-02<", "2025-<!-- x -->06-02<"), id="comment"
        ),
        pytest.param(lambda text: text.replace("<Sex>F<", "<?x?><Sex><![CDATA[F]]><"), id="CDATA"),
        pytest.param(lambda text: text.replace("<Sex>F<", "<Sex>\n F\t<"), id="blanks"),
        pytest.param(lambda text: text.replace("<Sex>F<", "<Sex>&#70;<"), id="character reference"),
        pytest.param(lambda text: text.replace("<Sex>", '<Sex a="b">'), id="attribute"),
        pytest.param(lambda text: text.replace("2025-06-02<", "2025-06-02Z<"), id="zone"),
        pytest.param(
            lambda text: ('<?xml version="1.0" encoding="utf-16"?>' + text).encode("utf-16"),
            id="UTF-16",
        ),
        pytest.param(
            lambda text: ('<?xml version="1.0" encoding="iso-8859-1"?>' + text).encode("latin-1"),
            id="Latin-1",
        ),
        pytest.param(lambda text: b"\xef\xbb\xbf" + text.encode(), id="byte order mark"),
    ],
)
def test_what_does_not_change_what_xml_says_changes_nothing(read_text, changed):
    plain, other = read_text(JOURNEY), read_text(changed(JOURNEY))
    assert other.tables == plain.tables
    assert other.remarks == plain.remarks


@pytest.mark.parametrize(
    ("header", "title", "first_day"),
    [
        ("<Year>2026</Year>", "2025/26", date(2025, 4, 1)),
        ("<Year>2022</Year><ReferenceDate>2022-07-21</ReferenceDate>", "2021/22", date(2021, 4, 1)),
        ("<ReferenceDate>2026-03-31</ReferenceDate>", "2025/26", date(2025, 4, 1)),
        ("<ReferenceDate>2026-04-01</ReferenceDate>", "2026/27", date(2026, 4, 1)),
        ("<Year>2000</Year>", "1999/00", date(1999, 4, 1)),
    ],
)
def test_the_year_is_the_headers_or_else_that_of_its_reference_date(
    read_text, header, title, first_day
):
    source = read_text(census(child("A1", details()), header=f"<Header>{header}</Header>"))
    assert source.title == f"Children in need census {title}"
    assert {row["hlco_complete_from"] for row in rows(source, "hl_coverage")} == {first_day}


def test_a_year_and_a_reference_date_that_disagree_are_remarked_on(read_text):
    header = HEADER.replace("2026-03-31", "2026-03-28")
    remarks = read_text(census(child("A1", details()), header=header)).remarks
    assert (
        "The reference date is 2026-03-28 and not 31 March 2026. "
        "The year given, 2026, is what was used."
    ) in remarks


CHILD = child("A1", details())
LAUGHS = "".join(f'<!ENTITY laugh{n} "{f"&laugh{n - 1};" * 10 if n else "ha"}">' for n in range(12))
FAULTS = {
    "an empty file": ("", "census.xml: It is empty."),
    "a file of blanks": (" \n", "census.xml, line 2: It is not XML."),
    "a text": ("Children in need", "census.xml, line 1: It is not XML."),
    "a workbook by another name": (b"PK\x03\x04\x14\0", "census.xml, line 1: It is not XML."),
    "a truncated file": (JOURNEY[:-900], "It breaks off in the middle of a tag."),
    "a file that ends early": (census(CHILD)[:-10], "It ends before its last element is closed."),
    "an element closed by another": (
        JOURNEY.replace("</CINdetails>", "</Child>"),
        "An element is closed that is not the one last opened.",
    ),
    "two documents": (census(CHILD) * 2, "Something follows the end of the document."),
    "bytes of another encoding": (
        census(child("Zoë", details())).encode("latin-1"),
        "census.xml, line 7: Its characters are not in the encoding it declares.",
    ),
    "an encoding nobody knows": (
        '<?xml version="1.0" encoding="klingon"?>' + census(CHILD),
        "It declares an encoding that is not known.",
    ),
    "a NUL": (
        census(CHILD).replace("WBRI", "W\0"),
        "It holds a character that XML does not allow.",
    ),
    "a text of eleven million letters": (
        census(CHILD).replace("WBRI", "W" * 11_000_000),
        "census.xml, line 8: It nests, expands or runs on further than a census does.",
    ),
    "elements nested without end": (
        census("<a>" * 400),
        "It nests, expands or runs on further than a census does.",
    ),
    "a child that never ends": (
        census(child("A1", f"<Shoe>{'x' * 1_000_000}</Shoe>" * 18)),
        "census.xml: More than 16 MB pass without a child ending.",
    ),
    "another root": ("<Census/>", "It is XML, but not a children in need census"),
    "a web page": ("<html><p>x</html>", "It is XML, but not a children in need census"),
    "no child": (census(), "census.xml, Children: It holds no child."),
    "another collection": (
        census(CHILD, header=HEADER.replace("CIN", "CLA")),
        "line 2, Collection: This is the return of another collection",
    ),
    "no year": (census(CHILD, header="<Header/>"), "census.xml, Header: It gives neither a year"),
    "no header": (census(CHILD, header=""), "census.xml, Header: It gives neither a year"),
    "a reference date of another age": (
        census(CHILD, header="<Header><ReferenceDate>0001-03-31</ReferenceDate></Header>"),
        "census.xml, Header: It gives neither a year",
    ),
    "a year that is not one": (
        census(CHILD, header=HEADER.replace(">2026<", ">25/26<")),
        "line 2, Year: This is not a year.",
    ),
    "the same child twice": (
        census(child("A1", details()), child("A2", details()), child("A1", details())),
        "census.xml, line 17, LAchildID: This child has the LAchildID of the child on line 7 too.",
    ),
    "a child with no identifier": (
        census(CHILD.replace("<LAchildID>A1</LAchildID>", "")),
        "line 7, ChildIdentifiers: There is no LAchildID. It must be given.",
    ),
    "a child with no identifiers": (
        census("<Child/>"),
        "line 6, Child: There is no LAchildID. It must be given.",
    ),
    "a referral with no date": (
        census(child("A1", details(referred=""))),
        "line 9, CINdetails: There is no CINreferralDate.",
    ),
    "an enquiry with no date": (
        census(child("A1", details(enquiry("")))),
        "Section47: There is no S47ActualStartDate.",
    ),
    "a day that does not exist": (
        census(child("A1", details(referred="2025-02-31"))),
        "line 9, CINreferralDate: “2025-02-31” is not a day or time that exists.",
    ),
    "a date of birth that does not exist, which is not shown": (
        census(child("A1", identifiers="<PersonBirthDate>2015-02-31</PersonBirthDate>")),
        "line 7, PersonBirthDate: The value is not a day or time that exists.",
    ),
    "an unknown code": (
        census(CHILD.replace(">2A<", ">2Z<")),
        "line 9, ReferralSource: “2Z” is not a code of the set referral_source. Use one of 2",
    ),
    "an unknown factor": (
        census(
            child(
                "A1",
                details(
                    ASSESSMENT.replace(
                        "</Assessments>",
                        "<FactorsIdentifiedAtAssessment><AssessmentFactors>RB</AssessmentFactors>"
                        "</FactorsIdentifiedAtAssessment></Assessments>",
                    )
                ),
            )
        ),
        "line 9, AssessmentFactors: “RB” is not a code of the set assessment_factor.",
    ),
    "a number that is not one": (
        census(
            child(
                "A1", details(plan("2025-06-27", "<NumberOfPreviousCPP>two</NumberOfPreviousCPP>"))
            )
        ),
        "NumberOfPreviousCPP: “two” is not a whole number.",
    ),
    "one thing said twice": (
        census(CHILD.replace("</ChildIdentifiers>", "<Sex>M</Sex></ChildIdentifiers>")),
        "line 7, Sex: There are two in one ChildIdentifiers: which is right is not plain.",
    ),
    "a group given twice": (
        census(
            CHILD.replace("<ChildCharacteristics>", "<ChildCharacteristics/><ChildCharacteristics>")
        ),
        "line 8, ChildCharacteristics: There are two in one Child: which is right is not plain.",
    ),
    "an element out of its place": (
        census(child("A1", details(), ASSESSMENT)),
        "line 10, Assessments: It stands in Child, where a census does not have it.",
    ),
    "elements where a value should be": (
        census(CHILD.replace(">2A<", "><b>2A</b><")),
        "line 9, ReferralSource: It holds elements where it should hold a value.",
    ),
    "a document type": ("<!DOCTYPE Message>" + census(CHILD), "document type declaration"),
    "a document type to be fetched": (
        '<!DOCTYPE Message SYSTEM "http://127.0.0.1:9/x.dtd">' + census(CHILD),
        "document type declaration",
    ),
    "a billion laughs": (
        f"<!DOCTYPE Message [{LAUGHS}]>" + census(CHILD.replace("A1", "&laugh11;")),
        "document type declaration",
    ),
    "a billion laughs in an attribute": (
        f"<!DOCTYPE Message [{LAUGHS}]>"
        + census(CHILD).replace("<Message>", '<Message a="&laugh11;">'),
        "It nests, expands or runs on further than a census does.",
    ),
    "a quadratic blow-up": (
        f'<!DOCTYPE Message [<!ENTITY a "{"a" * 50_000}">]>'
        + census(CHILD.replace("A1", "&a;" * 50_000)),
        "document type declaration",
    ),
    "an entity of nothing": (
        census(CHILD.replace("A1", "&nothing;")),
        "It names an entity, as &nbsp; is, that XML has not.",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_one_clear_message(refuse_text, name):
    content, message = FAULTS[name]
    assert message in str(refuse_text(content))


@pytest.mark.parametrize("kind", ["entity", "parameter entity", "inclusion"])
def test_nothing_outside_the_file_is_ever_read(tmp_path, refuse_text, read_text, kind):
    secret = tmp_path / "secret.txt"
    secret.write_text("Fern Ash")
    match kind:
        case "entity":
            declared = f'<!DOCTYPE Message [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
            content = declared + census(CHILD.replace("A1", "&x;"))
        case "parameter entity":
            declared = f'<!DOCTYPE Message [<!ENTITY % x SYSTEM "{secret.as_uri()}"> %x;]>'
            content = declared + census(CHILD)
        case _:
            include = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{secret}"/>'
            source = read_text(census(CHILD.replace("</Child>", include + "</Child>")))
            assert "Fern" not in str(source)
            return
    assert "Fern" not in str(refuse_text(content))


def test_a_line_is_known_however_far_down_it_is(refuse_text):
    # XML's own library counts lines in sixteen bits unless it is asked not to.
    content = census("\n" * 70_000, CHILD, child("A2", details(referred="2025-02-31")))
    assert refuse_text(content).line == 5 + 70_000 + 5 + 4  # the header, blank lines, a child


def test_each_child_is_let_go_of_once_read(tmp_path):
    path = tmp_path / "census.xml"
    path.write_text(census(*(child(f"A{n}", details()) for n in range(5_000))))
    most = count = 0
    with path.open("rb") as file:
        for element in CensusXML(path.name).elements(file):
            parent = element.getparent()
            most = max(most, 0 if parent is None else len(parent))
            count += element.tag == "Child"
    assert count == 5_000
    assert most < 400  # what fits in one reading of the file


# -- the samples ----------------------------------------------------------------------------------


def count_of(text: str, element: str) -> int:
    return len(re.findall(f"<{element}>", text))


@needs_samples
def test_the_census_of_full_journeys_is_read_whole():
    path = SAMPLES / "cin_census_2026.xml"
    text = path.read_text()
    source = read(path)
    assert source.title == "Children in need census 2025/26, authority 394"
    # Nine enquiries have a conference to come by a day, and none that met.
    to_come = len(re.findall(r"<InitialCPCtarget>", text)) - len(
        re.findall(r"<InitialCPCtarget>(?:(?!</Section47>).)*<DateOfInitialCPC>", text, re.DOTALL)
    )
    assert {name: table.num_rows for name, table in source.tables.items()} == {
        "ssd_disability": count_of(text, "Disability"),
        "ssd_linked_identifiers": count_of(text, "UPN"),
        "hl_assessments": count_of(text, "AssessmentInternalReviewDate"),
        "ssd_person": count_of(text, "LAchildID"),
        "ssd_cin_episodes": count_of(text, "CINreferralDate"),
        "ssd_cin_assessments": count_of(text, "AssessmentActualStartDate"),
        "ssd_assessment_factors": count_of(text, "FactorsIdentifiedAtAssessment"),
        "ssd_s47_enquiry": count_of(text, "S47ActualStartDate"),
        "hl_s47_enquiries": count_of(text, "S47ActualStartDate"),
        "ssd_initial_cp_conference": count_of(text, "DateOfInitialCPC") + to_come,
        "ssd_cp_plans": count_of(text, "CPPstartDate"),
        "hl_cp_plans": count_of(text, "CPPstartDate"),
        "ssd_cp_reviews": count_of(text, "CPPreviewDate"),
        "ssd_cin_plans": count_of(text, "CINPlanStartDate"),
        "hl_coverage": 7,
    }
    keyed(source)


@needs_samples
def test_the_census_of_referrals_alone_holds_nothing_else():
    source = read(SAMPLES / "cin_census_sample.xml")
    assert source.tables["ssd_person"].num_rows == 332
    assert source.tables["ssd_cin_episodes"].num_rows == 402
    supplied = {name.partition(".")[0] for name in source.held}
    assert supplied == {
        "ssd_person",
        "ssd_cin_episodes",
        "ssd_initial_cp_conference",
        "ssd_disability",
        "ssd_linked_identifiers",
        "hl_coverage",
    }
    keyed(source)


def keyed(source: Source) -> None:
    """Every key is different, every reference is to a row that is there, and DuckDB takes it."""

    def values(table: Table, column: str) -> list[object]:
        return [each for each in source.tables[table.name][column].to_pylist() if each is not None]

    for name in source.tables:
        table = BY_NAME[name]
        for column in table.columns:
            held = values(table, column.name)
            if column.key:
                assert len(set(held)) == len(held) == source.tables[name].num_rows
            if column.references and held:
                target, key = column.references.split(".")
                assert set(held) <= set(values(BY_NAME[target], key))
    with DuckDB() as engine:
        load_tables(engine, source.tables)
        people = engine.run(Dataset().ssd_person.count().as_table())
    assert people.to_pylist()[0].popitem()[1] == source.tables["ssd_person"].num_rows


@needs_samples
@pytest.mark.parametrize("name", ["CIN_header_issues_100.xml", "CIN_la_issues_2887Q.xml"])
def test_files_whose_dates_contradict_each_other_are_read(name):
    source = read(SAMPLES / name)
    assert source.title == "Children in need census 2022/23, authority 201"
    assert rows(source, "ssd_person")[0]["pers_expected_dob"] == date(1066, 4, 13)
    keyed(source)


@needs_samples
def test_the_file_with_an_old_code_for_sex_is_refused():
    with pytest.raises(UnreadableSource) as caught:
        read(SAMPLES / "cin_census_2026_faulty.xml")
    assert str(caught.value) == (
        "cin_census_2026_faulty.xml, line 25, Sex: “1” is not a code of the set sex. "
        "Use one of F, M, U."
    )

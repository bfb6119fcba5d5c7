"""Lists 1 to 8 of Annex A: who is in each, and each column's heading, kind and where it comes from.

Headings, order and codes are those of the sector's published schema and script
(`reference/data/annex_a_fields.csv`, domain.md 9.2), which were made from Ofsted's workbook; the
workbook itself was not seen. A column that the dataset cannot answer has no `value` and says why.

Each list is a query of DuckDB over the dataset's tables. `as_at()` is the last day told of and
`since()` the same day six months before: what happened after `as_at()` has not happened yet, so
that a plan that ended later is open.
"""

import enum
from dataclasses import dataclass


class Kind(enum.Enum):
    """What a column's cells hold."""

    TEXT = "text"
    DAY = "day"
    COUNT = "whole number"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a list.

    `value` is SQL over the list's rows; empty where the dataset does not hold it, and then
    `lacking` says why. `reads` is the column of the dataset, as `table.column`, that a workbook's
    cell is read into; `opposite` where its yes is the column's no.
    """

    heading: str
    kind: Kind
    value: str = ""
    lacking: str = ""
    reads: str = ""
    opposite: bool = False


@dataclass(frozen=True, slots=True)
class List:
    """One list: its number and name, who is in it, its rows as SQL, and its columns in order.

    `rows` selects from the dataset with a column `child` (the child's identifier), and in a list
    whose children have a team, `referral`, `team` and `worker` as held on the record of the thing
    itself. It is empty for a list that the dataset cannot answer.
    """

    number: int
    name: str
    scope: str
    rows: str
    fields: tuple[Field, ...]
    lacking: str = ""

    @property
    def sheet(self) -> str:
        """The name of its sheet."""
        return f"List {self.number}"


_TEXT, _DAY, _COUNT, _CODE = Kind.TEXT, Kind.DAY, Kind.COUNT, Kind.CODE

CHILD = (
    Field("Child Unique ID", _TEXT, "child", reads="ssd_person.pers_person_id"),
    Field(
        "Gender",
        _CODE,
        # Gender where it is one the list has a code for; sex where it is not.
        "coalesce(coded('gender', pers_gender), coded('gender', pers_sex), coded('gender', 'U'))",
        reads="ssd_person.pers_gender",
    ),
    Field(
        "Ethnicity",
        _CODE,
        "coalesce(coded('ethnicity', pers_ethnicity), coded('ethnicity', 'UNKNOWN'))",
        reads="ssd_person.pers_ethnicity",
    ),
    Field("Date of Birth", _DAY, "pers_dob", reads="ssd_person.pers_dob"),
    Field(
        "Age of Child (Years)",
        _COUNT,
        # Completed years; -1 before birth, as the list asks.
        "CASE WHEN pers_dob > as_at() OR (pers_dob IS NULL AND pers_expected_dob IS NOT NULL) "
        "THEN -1 ELSE date_sub('year', pers_dob, as_at()) END",
    ),
)

DISABILITY = Field(
    "Does the Child have a Disability",
    _CODE,
    "yes_no(EXISTS (SELECT 1 FROM dataset.ssd_disability d WHERE d.disa_person_id = child "
    "AND d.disa_disability_code <> 'NONE'))",
)


def allocated(team: str = "", worker: str = "") -> tuple[Field, Field]:
    """Who the child is with, and the columns that a workbook's are read into, if there are any."""
    return (
        Field("Allocated Team", _TEXT, "team_name", reads=team),
        Field("Allocated Worker", _TEXT, "worker_name", reads=worker),
    )


_OF_THE_REFERRAL = allocated(
    "ssd_cin_episodes.cine_referral_team", "ssd_cin_episodes.cine_referral_worker_id"
)

_NO_VISITS = (
    "The dataset holds no visits, and a child is counted as seen only by a visit that saw them."
)

CONTACTS = List(
    1,
    "Contacts",
    "Contacts received in the six months before, one row for each child a contact concerns",
    """
    SELECT cont_person_id AS child, CAST(cont_contact_date AS DATE) AS day,
        cont_contact_source_code AS source, cont_contact_id AS id
    FROM dataset.ssd_contacts
    WHERE CAST(cont_contact_date AS DATE) BETWEEN since() AND as_at()
    """,
    (
        *CHILD,
        Field("Date of Contact", _DAY, "day", reads="ssd_contacts.cont_contact_date"),
        Field(
            "Contact Source",
            _CODE,
            "coalesce(coded('source', source), coded('source', '10'))",
            reads="ssd_contacts.cont_contact_source_code",
        ),
    ),
)

_NO_EARLY_HELP = "The dataset holds no early help."

EARLY_HELP = List(
    2,
    "Early help assessments",
    "Early help assessments of the six months before, and current interventions",
    "",
    (
        *CHILD,
        Field("Assessment start date", _DAY),
        Field("Assessment completion date", _DAY),
        Field("Organisation completing assessment", _TEXT),
    ),
    lacking=_NO_EARLY_HELP,
)

REFERRALS = List(
    3,
    "Referrals",
    "Referrals received in the six months before, one row for each",
    """
    SELECT cine_person_id AS child, cine_referral_id AS referral, cine_referral_id AS id,
        CAST(cine_referral_date AS DATE) AS day, cine_referral_source_code AS source,
        cine_referral_nfa AS no_further_action,
        cine_referral_team AS team, cine_referral_worker_id AS worker,
        -- Of two on one day the one of the lesser identifier is taken to have come first.
        (SELECT count(*) FROM dataset.ssd_cin_episodes b
         WHERE b.cine_person_id = e.cine_person_id
            AND CAST(b.cine_referral_date AS DATE)
                >= CAST(e.cine_referral_date AS DATE) - INTERVAL 12 MONTH
            AND (CAST(b.cine_referral_date AS DATE), b.cine_referral_id)
                < (CAST(e.cine_referral_date AS DATE), e.cine_referral_id)) AS earlier
    FROM dataset.ssd_cin_episodes e
    WHERE CAST(cine_referral_date AS DATE) BETWEEN since() AND as_at()
    """,
    (
        *CHILD,
        Field("Date of referral", _DAY, "day", reads="ssd_cin_episodes.cine_referral_date"),
        Field(
            "Referral Source",
            _CODE,
            "coalesce(coded('source', source), coded('source', '10'))",
            reads="ssd_cin_episodes.cine_referral_source_code",
        ),
        Field(
            "Referral NFA?",
            _CODE,
            "yes_no(no_further_action = 'Y')",
            reads="ssd_cin_episodes.cine_referral_nfa",
        ),
        Field("Number of Referrals in Last 12 Months", _COUNT, "earlier"),
        *_OF_THE_REFERRAL,
    ),
)

ASSESSMENTS = List(
    4,
    "Assessments",
    "Assessments open at any time in the six months before, one row for each",
    """
    SELECT cina_person_id AS child, cina_referral_id AS referral, cina_assessment_id AS id,
        cina_assessment_start_date AS started, cina_assessment_child_seen AS seen,
        CASE WHEN cina_assessment_auth_date <= as_at() THEN cina_assessment_auth_date END
            AS authorised,
        cina_assessment_outcome_nfa AS no_further_action,
        cina_assessment_team AS team, cina_assessment_worker_id AS worker
    FROM dataset.ssd_cin_assessments
    WHERE cina_assessment_start_date <= as_at()
        AND (cina_assessment_auth_date IS NULL OR cina_assessment_auth_date >= since())
    """,
    (
        *CHILD,
        DISABILITY,
        Field(
            "Continuous Assessment Start Date",
            _DAY,
            "started",
            reads="ssd_cin_assessments.cina_assessment_start_date",
        ),
        Field(
            "Child Seen During Continuous Assessment",
            _CODE,
            "yes_no(seen = 'Y')",
            reads="ssd_cin_assessments.cina_assessment_child_seen",
        ),
        Field(
            "Continuous Assessment Date of Authorisation",
            _DAY,
            "authorised",
            reads="ssd_cin_assessments.cina_assessment_auth_date",
        ),
        Field(
            "Was the child assessed as requiring LA children's social care support?",
            _CODE,
            "CASE WHEN authorised IS NOT NULL THEN yes_no(no_further_action = 'N') END",
            reads="ssd_cin_assessments.cina_assessment_outcome_nfa",
            opposite=True,
        ),
        *allocated(
            "ssd_cin_assessments.cina_assessment_team",
            "ssd_cin_assessments.cina_assessment_worker_id",
        ),
    ),
)

ENQUIRIES = List(
    5,
    "Section 47 enquiries and ICPCs",
    "Section 47 enquiries open at any time in the six months before, one row for each",
    """
    WITH conference AS (
        SELECT icpc_s47_enquiry_id, min(icpc_icpc_date) AS held_on,
            arg_min(icpc_icpc_outcome_cp_flag, icpc_icpc_date) AS plan_made
        FROM dataset.ssd_initial_cp_conference
        WHERE icpc_icpc_date <= as_at() AND icpc_s47_enquiry_id IS NOT NULL
        GROUP BY 1
    )
    SELECT s.s47e_person_id AS child, s.s47e_referral_id AS referral,
        s.s47e_s47_enquiry_id AS id, s.s47e_s47_start_date AS started,
        CASE WHEN s.s47e_s47_end_date IS NOT NULL THEN s.s47e_s47_end_date <= as_at()
            ELSE h.hlse_conference_required IS NOT NULL END AS decided,
        held_on, plan_made,
        coalesce(h.hlse_conference_required = 'N', s.s47e_s47_nfa = 'Y') AS not_needed,
        s.s47e_s47_completed_by_team AS team, s.s47e_s47_completed_by_worker_id AS worker,
        (SELECT count(*) FROM dataset.ssd_s47_enquiry b WHERE b.s47e_person_id = s.s47e_person_id
            AND b.s47e_s47_start_date >= s.s47e_s47_start_date - INTERVAL 12 MONTH
            AND (b.s47e_s47_start_date, b.s47e_s47_enquiry_id)
                < (s.s47e_s47_start_date, s.s47e_s47_enquiry_id)) AS earlier,
        (SELECT count(DISTINCT c.icpc_icpc_date) FROM dataset.ssd_initial_cp_conference c
            WHERE c.icpc_person_id = s.s47e_person_id
            AND c.icpc_icpc_date BETWEEN s.s47e_s47_start_date - INTERVAL 12 MONTH
                AND s.s47e_s47_start_date
            AND c.icpc_s47_enquiry_id IS DISTINCT FROM s.s47e_s47_enquiry_id) AS conferences
    FROM dataset.ssd_s47_enquiry s
    LEFT JOIN dataset.hl_s47_enquiries h ON h.hlse_s47_enquiry_id = s.s47e_s47_enquiry_id
    LEFT JOIN conference ON conference.icpc_s47_enquiry_id = s.s47e_s47_enquiry_id
    WHERE s.s47e_s47_start_date <= as_at()
        AND (s.s47e_s47_end_date IS NULL OR s.s47e_s47_end_date >= since())
    """,
    (
        *CHILD,
        DISABILITY,
        Field(
            "Strategy discussion initiating Section 47 Enquiry Start Date",
            _DAY,
            "started",
            reads="ssd_s47_enquiry.s47e_s47_start_date",
        ),
        Field(
            "Was an Initial Child Protection Conference deemed unnecessary?",
            _CODE,
            # Until the enquiry has ended, or a conference met, nothing has been decided; a source
            # without the days on which enquiries end says what was.
            "CASE WHEN held_on IS NOT NULL THEN yes_no(false) "
            "WHEN decided THEN yes_no(not_needed) END",
            reads="hl_s47_enquiries.hlse_conference_required",
            opposite=True,
        ),
        Field(
            "Date of Initial Child Protection Conference",
            _DAY,
            "held_on",
            reads="ssd_initial_cp_conference.icpc_icpc_date",
        ),
        Field(
            "Did the Initial Child Protection Conference Result in a Child Protection Plan",
            _CODE,
            "CASE WHEN held_on IS NOT NULL THEN yes_no(plan_made = 'Y') END",
            reads="ssd_initial_cp_conference.icpc_icpc_outcome_cp_flag",
        ),
        Field("Number of Section 47 Enquiries in the last 12 months", _COUNT, "earlier"),
        Field("Number of ICPCs in the last 12 months", _COUNT, "conferences"),
        *allocated(
            "ssd_s47_enquiry.s47e_s47_completed_by_team",
            "ssd_s47_enquiry.s47e_s47_completed_by_worker_id",
        ),
    ),
)

CHILDREN_IN_NEED = List(
    6,
    "Children in need",
    "Children in need on that day or in the six months before: the latest episode of each. One "
    "that was a referral and nothing more is left out",
    """
    WITH plan AS (
        SELECT cppl_person_id AS child FROM dataset.ssd_cp_plans
        WHERE cppl_cp_plan_start_date <= as_at()
            AND (cppl_cp_plan_end_date IS NULL OR cppl_cp_plan_end_date > as_at())
    ), service AS (
        SELECT cina_referral_id AS referral, cina_assessment_start_date AS began
        FROM dataset.ssd_cin_assessments
        UNION ALL SELECT s47e_referral_id, s47e_s47_start_date FROM dataset.ssd_s47_enquiry
        UNION ALL SELECT cinp_referral_id, cinp_cin_plan_start_date FROM dataset.ssd_cin_plans
        UNION ALL SELECT cppl_referral_id, cppl_cp_plan_start_date FROM dataset.ssd_cp_plans
    )
    SELECT e.cine_person_id AS child, e.cine_referral_id AS referral, e.cine_referral_id AS id,
        CAST(e.cine_referral_date AS DATE) AS began,
        e.cine_cin_primary_need_code AS need,
        CASE WHEN e.cine_close_date <= as_at() THEN e.cine_close_date END AS closed,
        CASE WHEN e.cine_close_date <= as_at() THEN e.cine_close_reason END AS reason,
        e.cine_referral_team AS team, e.cine_referral_worker_id AS worker,
        CASE
            WHEN e.cine_close_date <= as_at() THEN 'e) Closed episode'
            WHEN e.cine_person_id IN (SELECT child FROM plan) THEN 'b) Child Protection plan'
            WHEN EXISTS (SELECT 1 FROM dataset.ssd_cin_plans n
                WHERE n.cinp_person_id = e.cine_person_id
                    AND n.cinp_cin_plan_start_date <= as_at()
                    AND (n.cinp_cin_plan_end_date IS NULL OR n.cinp_cin_plan_end_date > as_at())
                ) THEN 'c) Child in need plan'
            WHEN EXISTS (SELECT 1 FROM dataset.ssd_cin_assessments a
                WHERE a.cina_person_id = e.cine_person_id
                    AND a.cina_assessment_start_date <= as_at()
                    AND (a.cina_assessment_auth_date IS NULL
                        OR a.cina_assessment_auth_date > as_at())) THEN 'd) Open assessment'
            ELSE 'c) Child in need plan'
        END AS status
    FROM dataset.ssd_cin_episodes e
    WHERE CAST(e.cine_referral_date AS DATE) <= as_at()
        AND (e.cine_close_date IS NULL OR e.cine_close_date >= since())
        AND e.cine_referral_nfa IS DISTINCT FROM 'Y'
        AND e.cine_referral_id IN (SELECT referral FROM service WHERE began <= as_at())
    QUALIFY row_number() OVER (PARTITION BY e.cine_person_id
        ORDER BY e.cine_referral_date DESC, e.cine_referral_id DESC) = 1
    """,
    (
        *CHILD,
        DISABILITY,
        Field("CIN Start Date", _DAY, "began", reads="ssd_cin_episodes.cine_referral_date"),
        Field(
            "Primary Need Code",
            _CODE,
            "with_label('primary_need', need)",
            reads="ssd_cin_episodes.cine_cin_primary_need_code",
        ),
        Field("Date Child Was Last Seen", _DAY, lacking=_NO_VISITS),
        Field("CIN Closure Date", _DAY, "closed", reads="ssd_cin_episodes.cine_close_date"),
        Field(
            "Reason for Closure",
            _CODE,
            "with_label('closure_reason', reason)",
            reads="ssd_cin_episodes.cine_close_reason",
        ),
        Field("Case Status", _CODE, "status"),
        *_OF_THE_REFERRAL,
    ),
)

CHILD_PROTECTION = List(
    7,
    "Child protection",
    "Children with a protection plan on that day or in the six months before: the latest plan of "
    "each. Plans of another authority are left out",
    """
    SELECT p.cppl_person_id AS child, p.cppl_referral_id AS referral, p.cppl_cp_plan_id AS id,
        p.cppl_cp_plan_start_date AS started,
        CASE WHEN p.cppl_cp_plan_end_date <= as_at() THEN p.cppl_cp_plan_end_date END AS ended,
        p.cppl_cp_plan_initial_category AS first_category,
        p.cppl_cp_plan_latest_category AS latest_category,
        (SELECT max(cppr_cp_review_date) FROM dataset.ssd_cp_reviews r
            WHERE r.cppr_cp_plan_id = p.cppl_cp_plan_id AND r.cppr_cp_review_date <= as_at())
            AS reviewed,
        coalesce(
            (SELECT hlcp_previous_plans FROM dataset.hl_cp_plans h
                WHERE h.hlcp_cp_plan_id = p.cppl_cp_plan_id),
            (SELECT count(*) FROM dataset.ssd_cp_plans b
                WHERE b.cppl_person_id = p.cppl_person_id
                    AND b.cppl_cp_plan_start_date < p.cppl_cp_plan_start_date)
        ) AS earlier,
        e.cine_referral_team AS team, e.cine_referral_worker_id AS worker
    FROM dataset.ssd_cp_plans p
    LEFT JOIN dataset.ssd_cin_episodes e ON e.cine_referral_id = p.cppl_referral_id
    WHERE p.cppl_cp_plan_start_date <= as_at()
        AND (p.cppl_cp_plan_end_date IS NULL OR p.cppl_cp_plan_end_date >= since())
        AND p.cppl_cp_plan_ola IS DISTINCT FROM 'Y'
    QUALIFY row_number() OVER (PARTITION BY p.cppl_person_id
        ORDER BY p.cppl_cp_plan_start_date DESC, p.cppl_cp_plan_id DESC) = 1
    """,
    (
        *CHILD,
        DISABILITY,
        Field(
            "Child Protection Plan Start Date",
            _DAY,
            "started",
            reads="ssd_cp_plans.cppl_cp_plan_start_date",
        ),
        Field(
            "Initial Category of Abuse",
            _CODE,
            "coded('category_of_abuse', first_category)",
            reads="ssd_cp_plans.cppl_cp_plan_initial_category",
        ),
        Field(
            "Latest Category of Abuse",
            _CODE,
            "coded('category_of_abuse', latest_category)",
            reads="ssd_cp_plans.cppl_cp_plan_latest_category",
        ),
        Field("Date of the Last Statutory Visit", _DAY, lacking=_NO_VISITS),
        Field("Was the Child Seen Alone?", _CODE, lacking=_NO_VISITS),
        Field("Date of latest review conference", _DAY, "reviewed"),
        Field(
            "Child Protection Plan End Date",
            _DAY,
            "ended",
            reads="ssd_cp_plans.cppl_cp_plan_end_date",
        ),
        Field(
            "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six "
            "Months (Y/N)",
            _CODE,
            lacking="The dataset holds no legal status.",
        ),
        Field(
            "Number of Previous Child Protection Plans",
            _COUNT,
            "earlier",
            reads="hl_cp_plans.hlcp_previous_plans",
        ),
        *allocated(),
    ),
)

_NO_CARE = "The dataset holds no children in care: no placement, legal status or care plan."

CHILDREN_IN_CARE = List(
    8,
    "Children in care",
    "Children in care on that day, or who ceased to be in the six months before",
    "",
    (
        *CHILD,
        Field("Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)", _CODE),
        DISABILITY,
        Field("Date Started to be Looked After", _DAY),
        Field("Child's Category of Need", _CODE),
        Field(
            "Is this a second or subsequent period of being a Looked After Child within the last "
            "12 months (Y/N)",
            _CODE,
        ),
        Field("Start date of current legal status", _DAY),
        Field("Child's Legal Status", _CODE),
        Field("Date of Latest Statutory Review", _DAY),
        Field("Date of Last Social Work Visit", _DAY),
        Field("What is the permanence plan for this child?", _CODE),
        Field("Date of Last IRO Visit / Contact to the Child", _DAY),
        Field("Date of Last Health Assessment", _DAY),
        Field("Date of Last Dental Check", _DAY),
        Field("Number of Placements in the Last 12 months", _COUNT),
        Field("Date Ceased to be Looked After", _DAY),
        Field("Reason Ceased to be Looked After", _CODE),
        Field("Start Date of Most Recent Placement", _DAY),
        Field("Placement Type", _CODE),
        Field("Placement Provider", _CODE),
        Field("Placement postcode", _TEXT),
        Field("URN of Placement", _TEXT),
        Field("Placement Location", _CODE),
        Field("LA of Placement", _CODE),
        Field(
            "Number of Episodes the Child has been 'Missing' from their Placement in the last 12 "
            "months",
            _COUNT,
        ),
        Field(
            "Number of Episodes the Child has been 'Absent' from their Placement in the last 12 "
            "months",
            _COUNT,
        ),
        Field(
            "Was the child offered a Return Interview after their last missing episode (Y/N)?",
            _CODE,
        ),
        Field(
            "Did the child accept a Return Interview after their last missing episode (Y/N)?", _CODE
        ),
        *allocated(),
    ),
    lacking=_NO_CARE,
)

NOT_HELD = "Not held"
"""The sheet that says from when to when the lists look, and which columns are empty and why."""

LISTS: tuple[List, ...] = (
    CONTACTS,
    EARLY_HELP,
    REFERRALS,
    ASSESSMENTS,
    ENQUIRIES,
    CHILDREN_IN_NEED,
    CHILD_PROTECTION,
    CHILDREN_IN_CARE,
)

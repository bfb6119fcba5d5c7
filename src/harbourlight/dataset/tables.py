"""The tables of the dataset: the one place where each is declared.

SSD columns keep the SSD's names, order and item references (specification of July 2026, read from
`reference/data/ssd_fields.csv`). What the SSD lacks and a standard needs is in our own tables,
marked `hl_`, which another authority's files need not have.
"""

from collections.abc import Iterator

import ibis.expr.types as ir

from harbourlight.dataset.schema import Column, Kind, Sensitivity, Table

SSD_VERSION = "2026-07"

_TEXT, _DATE, _INSTANT, _FLAG, _JSON = Kind.TEXT, Kind.DATE, Kind.INSTANT, Kind.FLAG, Kind.JSON
_INTEGER, _NUMBER = Kind.INTEGER, Kind.NUMBER
_REFERENCE, _SYSTEM, _STAFF = Sensitivity.REFERENCE, Sensitivity.SYSTEM, Sensitivity.STAFF
_IDENTIFYING, _SPECIAL = Sensitivity.IDENTIFYING, Sensitivity.SPECIAL

TABLES: tuple[Table, ...] = (
    Table(
        "ssd_person",
        "People: children and young people",
        (
            Column(
                "pers_person_id",
                _TEXT,
                "PERS001A",
                "Person Unique ID",
                _REFERENCE,
                needed=True,
                key=True,
            ),
            Column("pers_forename", _TEXT, "PERS015A", "Forename", _IDENTIFYING),
            Column("pers_surname", _TEXT, "PERS016A", "Surname", _IDENTIFYING),
            Column("pers_sex", _TEXT, "PERS002A", "Sex", code_set="sex"),
            Column("pers_gender", _TEXT, "PERS003A", "Gender", _SPECIAL),
            Column(
                "pers_ethnicity", _TEXT, "PERS004A", "Ethnicity", _SPECIAL, code_set="ethnicity"
            ),
            Column("pers_dob", _DATE, "PERS005A", "Date of Birth", _IDENTIFYING),
            Column(
                "pers_common_child_id",
                _TEXT,
                "PERS013A",
                "Common Child Identifier (NHS Number)",
                _IDENTIFYING,
            ),
            Column(
                "pers_legacy_id", _TEXT, "PERS014A", "Identifier in an earlier system", _IDENTIFYING
            ),
            Column("pers_upn_unknown", _TEXT, "PERS007A", "UPN Unknown", code_set="upn_unknown"),
            Column("pers_send_flag", _FLAG, "PERS008A", "SEND Flag", _SPECIAL),
            Column("pers_expected_dob", _DATE, "PERS009A", "Expected Birth Date", _IDENTIFYING),
            Column("pers_death_date", _DATE, "PERS010A", "Date of Death"),
            Column("pers_is_mother", _FLAG, "PERS011A", "Mother", _SPECIAL),
            Column("pers_nationality", _TEXT, "PERS012A", "Country of Origin (UASC)", _SPECIAL),
        ),
        person="pers_person_id",
    ),
    Table(
        "ssd_contacts",
        "Contacts: one row for each child a contact concerns",
        (
            Column(
                "cont_contact_id",
                _TEXT,
                "CONT001A",
                "Contact ID",
                _REFERENCE,
                needed=True,
                key=True,
            ),
            Column(
                "cont_person_id",
                _TEXT,
                "CONT002A",
                "Person Unique ID",
                _REFERENCE,
                needed=True,
                references="ssd_person.pers_person_id",
            ),
            Column("cont_contact_date", _INSTANT, "CONT003A", "Date of Contact", needed=True),
            Column(
                "cont_contact_source_code",
                _TEXT,
                "CONT004A",
                "Contact Source Code",
                code_set="referral_source",
            ),
            Column("cont_contact_source_desc", _TEXT, "CONT006A", "Contact Source Description"),
            Column("cont_contact_outcome_json", _JSON, "CONT005A", "Contact Outcome"),
        ),
        person="cont_person_id",
        dated="cont_contact_date",
    ),
    Table(
        "ssd_cin_episodes",
        "Episodes of need: one row for each child's referral",
        (
            Column(
                "cine_referral_id",
                _TEXT,
                "CINE001A",
                "CIN Referral ID",
                _REFERENCE,
                needed=True,
                key=True,
            ),
            Column(
                "cine_person_id",
                _TEXT,
                "CINE002A",
                "Person Unique ID",
                _REFERENCE,
                needed=True,
                references="ssd_person.pers_person_id",
            ),
            Column("cine_referral_date", _INSTANT, "CINE003A", "CIN Referral Date", needed=True),
            Column(
                "cine_cin_primary_need_code",
                _TEXT,
                "CINE010A",
                "CIN Primary Need Code",
                code_set="primary_need",
            ),
            Column(
                "cine_referral_source_code",
                _TEXT,
                "CINE004A",
                "CIN Referral Source code",
                code_set="referral_source",
            ),
            Column(
                "cine_referral_source_desc", _TEXT, "CINE012A", "CIN Referral Source description"
            ),
            Column("cine_referral_outcome_json", _JSON, "CINE005A", "CIN Referral Outcome"),
            Column("cine_referral_nfa", _FLAG, "CINE011A", "CIN Referral NFA Flag"),
            Column(
                "cine_close_reason",
                _TEXT,
                "CINE006A",
                "CIN Closure Reason",
                code_set="closure_reason",
            ),
            Column("cine_close_date", _DATE, "CINE007A", "CIN Closure Date"),
            Column(
                "cine_referral_team",
                _TEXT,
                "CINE008A",
                "CIN Referral Completed by Team",
                _REFERENCE,
                references="ssd_department.dept_team_id",
            ),
            Column(
                "cine_referral_worker_id",
                _TEXT,
                "CINE009A",
                "Referral completed by worker",
                _REFERENCE,
                references="ssd_professionals.prof_professional_id",
            ),
        ),
        person="cine_person_id",
        dated="cine_referral_date",
    ),
    Table(
        "ssd_cin_assessments",
        "Assessments",
        (
            Column(
                "cina_assessment_id",
                _TEXT,
                "CINA001A",
                "Assessment ID",
                _REFERENCE,
                needed=True,
                key=True,
            ),
            Column(
                "cina_person_id",
                _TEXT,
                "CINA002A",
                "Person Unique ID",
                _REFERENCE,
                needed=True,
                references="ssd_person.pers_person_id",
            ),
            Column(
                "cina_referral_id",
                _TEXT,
                "CINA010A",
                "Referral ID",
                _REFERENCE,
                needed=True,
                references="ssd_cin_episodes.cine_referral_id",
            ),
            Column("cina_assessment_start_date", _DATE, "CINA003A", "Assessment Start Date"),
            Column("cina_assessment_child_seen", _FLAG, "CINA004A", "Child Seen During Assessment"),
            Column("cina_assessment_auth_date", _DATE, "CINA005A", "Assessment Authorised Date"),
            Column("cina_assessment_outcome_json", _JSON, "CINA006A", "Assessment Outcome"),
            Column("cina_assessment_outcome_nfa", _FLAG, "CINA009A", "Assessment NFA"),
            Column(
                "cina_assessment_team",
                _TEXT,
                "CINA007A",
                "Assessment Completed by Team",
                _REFERENCE,
                references="ssd_department.dept_team_id",
            ),
            Column(
                "cina_assessment_worker_id",
                _TEXT,
                "CINA008A",
                "Assessment Completed by Worker name",
                _REFERENCE,
                references="ssd_professionals.prof_professional_id",
            ),
        ),
        person="cina_person_id",
        dated="cina_assessment_start_date",
    ),
    Table(
        "ssd_assessment_factors",
        "Factors identified at the end of an assessment",
        (
            Column(
                "cinf_table_id",
                _TEXT,
                "CINF003A",
                "Assessment Factors Table ID",
                _REFERENCE,
                needed=True,
                key=True,
            ),
            Column(
                "cinf_assessment_id",
                _TEXT,
                "CINF001A",
                "Assessment ID",
                _REFERENCE,
                needed=True,
                references="ssd_cin_assessments.cina_assessment_id",
            ),
            Column(
                "cinf_assessment_factors_json", _JSON, "CINF002A", "Assessment Factors", _SPECIAL
            ),
        ),
    ),
    Table(
        "ssd_s47_enquiry",
        "Section 47 enquiries",
        (
            Column(
                "s47e_s47_enquiry_id",
                _TEXT,
                "S47E001A",
                "S47 Enquiry ID",
                _REFERENCE,
                needed=True,
                key=True,
            ),
            Column(
                "s47e_referral_id",
                _TEXT,
                "S47E010A",
                "Referral ID",
                _REFERENCE,
                references="ssd_cin_episodes.cine_referral_id",
            ),
            Column(
                "s47e_person_id",
                _TEXT,
                "S47E002A",
                "Person Unique ID",
                _REFERENCE,
                needed=True,
                references="ssd_person.pers_person_id",
            ),
            Column("s47e_s47_start_date", _DATE, "S47E004A", "S47 Start Date", needed=True),
            Column("s47e_s47_end_date", _DATE, "S47E005A", "S47 End Date"),
            Column("s47e_s47_nfa", _FLAG, "S47E006A", "S47 NFA"),
            Column("s47e_s47_outcome_json", _JSON, "S47E007A", "S47 Outcome"),
            Column(
                "s47e_s47_completed_by_worker_id",
                _TEXT,
                "S47E008A",
                "S47 Enquiries completed by worker",
                _REFERENCE,
                references="ssd_professionals.prof_professional_id",
            ),
            Column(
                "s47e_s47_completed_by_team",
                _TEXT,
                "S47E009A",
                "S47 Enquiries completed by team",
                _REFERENCE,
                references="ssd_department.dept_team_id",
            ),
        ),
        person="s47e_person_id",
        dated="s47e_s47_start_date",
    ),
    Table(
        "ssd_initial_cp_conference",
        "Initial child protection conferences",
        (
            Column(
                "icpc_icpc_id",
                _TEXT,
                "ICPC001A",
                "Initial CP Conference ID",
                _REFERENCE,
                needed=True,
                key=True,
            ),
            Column(
                "icpc_icpc_meeting_id",
                _TEXT,
                "ICPC009A",
                "Initial CP Conference Meeting ID",
                _REFERENCE,
            ),
            Column(
                "icpc_s47_enquiry_id",
                _TEXT,
                "ICPC002A",
                "S47 Enquiry ID",
                _REFERENCE,
                references="ssd_s47_enquiry.s47e_s47_enquiry_id",
            ),
            Column(
                "icpc_person_id",
                _TEXT,
                "ICPC010A",
                "Person Unique ID",
                _REFERENCE,
                needed=True,
                references="ssd_person.pers_person_id",
            ),
            Column("icpc_cp_plan_id", _TEXT, "ICPC011A", "CP Plan ID", _REFERENCE),
            Column(
                "icpc_referral_id",
                _TEXT,
                "ICPC012A",
                "Referral ID",
                _REFERENCE,
                references="ssd_cin_episodes.cine_referral_id",
            ),
            Column("icpc_icpc_transfer_in", _FLAG, "ICPC003A", "Transfer-in conference"),
            Column("icpc_icpc_target_date", _DATE, "ICPC004A", "Target ICPC date"),
            Column("icpc_icpc_date", _DATE, "ICPC005A", "Date of Initial CP Conference"),
            Column("icpc_icpc_outcome_cp_flag", _FLAG, "ICPC013A", "ICPC Outcome CP Flag"),
            Column("icpc_icpc_outcome_json", _JSON, "ICPC006A", "Outcome of Initial CP Conference"),
            Column(
                "icpc_icpc_team",
                _TEXT,
                "ICPC007A",
                "ICPC Completed by Team",
                _REFERENCE,
                references="ssd_department.dept_team_id",
            ),
            Column(
                "icpc_icpc_worker_id",
                _TEXT,
                "ICPC008A",
                "ICPC Completed by Worker",
                _REFERENCE,
                references="ssd_professionals.prof_professional_id",
            ),
        ),
        person="icpc_person_id",
        dated="icpc_icpc_date",
    ),
    Table(
        "ssd_cp_plans",
        "Child protection plans",
        (
            Column(
                "cppl_cp_plan_id",
                _TEXT,
                "CPPL001A",
                "CP Plan ID",
                _REFERENCE,
                needed=True,
                key=True,
            ),
            Column(
                "cppl_referral_id",
                _TEXT,
                "CPPL007A",
                "Referral ID",
                _REFERENCE,
                references="ssd_cin_episodes.cine_referral_id",
            ),
            Column(
                "cppl_icpc_id",
                _TEXT,
                "CPPL008A",
                "Initial CP Conference ID",
                _REFERENCE,
                references="ssd_initial_cp_conference.icpc_icpc_id",
            ),
            Column(
                "cppl_person_id",
                _TEXT,
                "CPPL002A",
                "Person Unique ID",
                _REFERENCE,
                needed=True,
                references="ssd_person.pers_person_id",
            ),
            Column("cppl_cp_plan_start_date", _DATE, "CPPL003A", "CP Plan Start Date", needed=True),
            Column("cppl_cp_plan_end_date", _DATE, "CPPL004A", "CP Plan End Date"),
            Column(
                "cppl_cp_plan_initial_category",
                _TEXT,
                "CPPL009A",
                "CP Plan Initial Category of Abuse",
                code_set="category_of_abuse",
            ),
            Column("cppl_cp_plan_ola", _FLAG, "CPPL011A", "Plan of another local authority"),
            Column(
                "cppl_cp_plan_latest_category",
                _TEXT,
                "CPPL010A",
                "CP Plan Latest Category of Abuse",
                code_set="category_of_abuse",
            ),
        ),
        person="cppl_person_id",
        dated="cppl_cp_plan_start_date",
    ),
    Table(
        "ssd_cp_reviews",
        "Review child protection conferences",
        (
            Column(
                "cppr_cp_review_id",
                _TEXT,
                "CPPR001A",
                "Review ID",
                _REFERENCE,
                needed=True,
                key=True,
            ),
            Column(
                "cppr_person_id",
                _TEXT,
                "CPPR008A",
                "Person Unique ID",
                _REFERENCE,
                needed=True,
                references="ssd_person.pers_person_id",
            ),
            Column(
                "cppr_cp_plan_id",
                _TEXT,
                "CPPR002A",
                "CP Plan ID",
                _REFERENCE,
                needed=True,
                references="ssd_cp_plans.cppl_cp_plan_id",
            ),
            Column("cppr_cp_review_due", _DATE, "CPPR003A", "Review Due Date"),
            Column("cppr_cp_review_date", _DATE, "CPPR004A", "Date of Review"),
            Column(
                "cppr_cp_review_meeting_id", _TEXT, "CPPR009A", "CP Review Meeting ID", _REFERENCE
            ),
            Column("cppr_cp_review_outcome_continue_cp", _FLAG, "CPPR005A", "Plan to continue"),
            Column("cppr_cp_review_quorate", _TEXT, "CPPR006A", "Quorate"),
            Column(
                "cppr_cp_review_participation",
                _TEXT,
                "CPPR007A",
                "Child Participation at Review",
                code_set="cp_review_participation",
            ),
        ),
        person="cppr_person_id",
        dated="cppr_cp_review_date",
    ),
    Table(
        "ssd_cin_plans",
        "Child in need plans",
        (
            Column(
                "cinp_cin_plan_id",
                _TEXT,
                "CINP001A",
                "CIN Plan ID",
                _REFERENCE,
                needed=True,
                key=True,
            ),
            Column(
                "cinp_referral_id",
                _TEXT,
                "CINP007A",
                "Referral ID",
                _REFERENCE,
                references="ssd_cin_episodes.cine_referral_id",
            ),
            Column(
                "cinp_person_id",
                _TEXT,
                "CINP002A",
                "Person Unique ID",
                _REFERENCE,
                needed=True,
                references="ssd_person.pers_person_id",
            ),
            Column(
                "cinp_cin_plan_start_date", _DATE, "CINP003A", "CIN Plan Start Date", needed=True
            ),
            Column("cinp_cin_plan_end_date", _DATE, "CINP004A", "CIN Plan End Date"),
            Column(
                "cinp_cin_plan_team",
                _TEXT,
                "CINP005A",
                "CIN Plan Allocated Team",
                _REFERENCE,
                references="ssd_department.dept_team_id",
            ),
            Column(
                "cinp_cin_plan_worker_id",
                _TEXT,
                "CINP006A",
                "CIN Plan Worker Name",
                _REFERENCE,
                references="ssd_professionals.prof_professional_id",
            ),
        ),
        person="cinp_person_id",
        dated="cinp_cin_plan_start_date",
    ),
    Table(
        "ssd_involvements",
        "Who has worked with a child, and when",
        (
            Column(
                "invo_involvements_id",
                _TEXT,
                "INVO005A",
                "Involvements table row ID",
                _REFERENCE,
                needed=True,
                key=True,
            ),
            Column(
                "invo_professional_id",
                _TEXT,
                "INVO006A",
                "Worker ID",
                _REFERENCE,
                needed=True,
                references="ssd_professionals.prof_professional_id",
            ),
            Column("invo_professional_role_id", _TEXT, "INVO007A", "Role with the child"),
            Column(
                "invo_professional_team",
                _TEXT,
                "INVO009A",
                "Worker Team",
                _REFERENCE,
                references="ssd_department.dept_team_id",
            ),
            Column(
                "invo_involvement_start_date", _DATE, "INVO002A", "Social worker episode start date"
            ),
            Column(
                "invo_involvement_end_date", _DATE, "INVO003A", "Social worker episode end date"
            ),
            Column(
                "invo_worker_change_reason",
                _TEXT,
                "INVO004A",
                "Reason for worker change",
                code_set="worker_change_reason",
            ),
            Column(
                "invo_person_id",
                _TEXT,
                "INVO011A",
                "Person Unique ID",
                _REFERENCE,
                references="ssd_person.pers_person_id",
            ),
            Column(
                "invo_referral_id",
                _TEXT,
                "INVO010A",
                "Referral ID",
                _REFERENCE,
                references="ssd_cin_episodes.cine_referral_id",
            ),
        ),
        person="invo_person_id",
        dated="invo_involvement_start_date",
    ),
    Table(
        "ssd_professionals",
        "Professionals: the authority's workers",
        (
            Column(
                "prof_professional_id",
                _TEXT,
                "PROF001A",
                "Professionals table row ID",
                _REFERENCE,
                needed=True,
                key=True,
            ),
            Column("prof_staff_id", _TEXT, "PROF010A", "Staff Identifier", _STAFF),
            Column("prof_professional_name", _TEXT, "PROF013A", "Staff name", _STAFF),
            Column(
                "prof_social_worker_registration_no",
                _TEXT,
                "PROF002A",
                "Social Work England registration number",
                _STAFF,
            ),
            Column("prof_professional_job_title", _TEXT, "PROF007A", "Job title", _STAFF),
            Column(
                "prof_professional_caseload",
                _INTEGER,
                "PROF008A",
                "Number of cases held on previous 30th Sept",
                _STAFF,
            ),
            Column("prof_professional_department", _TEXT, "PROF012A", "Worker's team", _STAFF),
            Column(
                "prof_full_time_equivalency", _NUMBER, "PROF011A", "Full Time Equivalency", _STAFF
            ),
            Column("prof_agency_worker_flag", _FLAG, "PROF014A", "Agency worker", _STAFF),
        ),
    ),
    Table(
        "ssd_department",
        "Teams",
        (
            Column(
                "dept_team_id",
                _TEXT,
                "DEPT1001A",
                "Department or Team ID",
                _REFERENCE,
                needed=True,
                key=True,
            ),
            Column("dept_team_name", _TEXT, "DEPT1002A", "Department or Team name", _STAFF),
            Column(
                "dept_team_parent_id",
                _TEXT,
                "DEPT1003A",
                "Parent Department or Team ID",
                _REFERENCE,
                references="ssd_department.dept_team_id",
            ),
            Column(
                "dept_team_parent_name",
                _TEXT,
                "DEPT1004A",
                "Parent Department or Team name",
                _STAFF,
            ),
        ),
    ),
    Table(
        "hl_decisions",
        "Decisions by a manager: what was decided about which thing, when and by whom",
        (
            Column("hlde_decision_id", _TEXT, "", "Decision ID", _REFERENCE, needed=True, key=True),
            Column(
                "hlde_person_id",
                _TEXT,
                "",
                "Person Unique ID",
                _REFERENCE,
                needed=True,
                references="ssd_person.pers_person_id",
            ),
            Column(
                "hlde_about",
                _TEXT,
                "",
                "What was decided on: contact or referral",
                needed=True,
                code_set="decision_about",
            ),
            Column(
                "hlde_about_id",
                _TEXT,
                "",
                "Identifier of what was decided on",
                _REFERENCE,
                needed=True,
            ),
            Column("hlde_decided_at", _INSTANT, "", "Decided at", needed=True),
            Column(
                "hlde_decided_by",
                _TEXT,
                "",
                "Decided by",
                _REFERENCE,
                references="ssd_professionals.prof_professional_id",
            ),
            Column("hlde_level", _TEXT, "", "Level of need decided", code_set="level_of_need"),
            Column("hlde_outcome", _TEXT, "", "Outcome decided", code_set="decision_outcome"),
        ),
        person="hlde_person_id",
        dated="hlde_decided_at",
    ),
    Table(
        "hl_s47_enquiries",
        "What the SSD does not say of a section 47 enquiry",
        (
            Column(
                "hlse_s47_enquiry_id",
                _TEXT,
                "",
                "S47 Enquiry ID",
                _REFERENCE,
                needed=True,
                key=True,
                references="ssd_s47_enquiry.s47e_s47_enquiry_id",
            ),
            Column(
                "hlse_person_id",
                _TEXT,
                "",
                "Person Unique ID",
                _REFERENCE,
                needed=True,
                references="ssd_person.pers_person_id",
            ),
            Column("hlse_conference_required", _FLAG, "", "An initial conference is required"),
        ),
        person="hlse_person_id",
    ),
    Table(
        "hl_cp_plans",
        "What the SSD does not say of a child protection plan",
        (
            Column(
                "hlcp_cp_plan_id",
                _TEXT,
                "",
                "CP Plan ID",
                _REFERENCE,
                needed=True,
                key=True,
                references="ssd_cp_plans.cppl_cp_plan_id",
            ),
            Column(
                "hlcp_person_id",
                _TEXT,
                "",
                "Person Unique ID",
                _REFERENCE,
                needed=True,
                references="ssd_person.pers_person_id",
            ),
            Column("hlcp_previous_plans", _INTEGER, "", "Earlier plans in this authority, ever"),
        ),
        person="hlcp_person_id",
    ),
    Table(
        "hl_coverage",
        "From when the source holds every row of a table",
        (
            Column("hlco_table", _TEXT, "", "Table", _SYSTEM, needed=True, key=True),
            Column("hlco_complete_from", _DATE, "", "Every row from this day is held", _SYSTEM),
            Column(
                "hlco_last_before_held",
                _FLAG,
                "",
                "The last row before that day is held too",
                _SYSTEM,
            ),
        ),
    ),
    Table(
        "ssd_disability",
        "Disabilities: one row for each of a child's",
        (
            Column(
                "disa_person_id",
                _TEXT,
                "DISA001A",
                "Person Unique ID",
                _REFERENCE,
                needed=True,
                references="ssd_person.pers_person_id",
            ),
            Column(
                "disa_table_id",
                _TEXT,
                "DISA003A",
                "Disability table row ID",
                _REFERENCE,
                needed=True,
                key=True,
            ),
            Column(
                "disa_disability_code",
                _TEXT,
                "DISA002A",
                "Disability Code",
                _SPECIAL,
                needed=True,
                code_set="disability",
            ),
        ),
        person="disa_person_id",
    ),
    Table(
        "ssd_address",
        "Addresses: one row for each a child lives or lived at",
        (
            Column(
                "addr_table_id",
                _TEXT,
                "ADDR007A",
                "Address table row ID",
                _REFERENCE,
                needed=True,
                key=True,
            ),
            Column("addr_address_json", _JSON, "ADDR001A", "Address", _IDENTIFYING),
            Column(
                "addr_person_id",
                _TEXT,
                "ADDR002A",
                "Person Unique ID",
                _REFERENCE,
                needed=True,
                references="ssd_person.pers_person_id",
            ),
            Column("addr_address_type", _TEXT, "ADDR003A", "Address Type"),
            Column("addr_address_start_date", _DATE, "ADDR004A", "Address Start Date/ From"),
            Column("addr_address_end_date", _DATE, "ADDR005A", "Address End Date/ To"),
            Column("addr_address_postcode", _TEXT, "ADDR006A", "Address Postcode", _IDENTIFYING),
        ),
        person="addr_person_id",
    ),
    Table(
        "hl_calendar",
        "The working-day calendar of England",
        (
            Column("hlca_day", _DATE, "", "Day", _SYSTEM, needed=True, key=True),
            Column("hlca_is_working_day", _FLAG, "", "Working day", _SYSTEM, needed=True),
            Column(
                "hlca_number",
                _INTEGER,
                "",
                "Working days up to and including this day",
                _SYSTEM,
                needed=True,
            ),
        ),
    ),
)

VERSION_LOG = Table(
    "ssd_version_log",
    "Which specification a folder of files follows",
    (
        Column("version_number", _TEXT, "VERS1001A", "Version of the specification", _SYSTEM),
        Column("release_date", _INSTANT, "VERS1002A", "Date of the version's release", _SYSTEM),
        Column("description", _TEXT, "VERS1003A", "What the version is", _SYSTEM),
        Column("is_current", _INTEGER, "VERS1004A", "1 where it is the current version", _SYSTEM),
        Column("created_at", _INSTANT, "VERS1005A", "When the files were written", _SYSTEM),
        Column("created_by", _TEXT, "VERS1006A", "What wrote the files", _SYSTEM),
        Column("impact_description", _TEXT, "VERS1007A", "What the release changed", _SYSTEM),
    ),
)
"""Written beside the tables of a folder, and of no use to a standard."""

BY_NAME: dict[str, Table] = {table.name: table for table in (*TABLES, VERSION_LOG)}

SOURCE_TABLES: tuple[Table, ...] = tuple(t for t in TABLES if t.name != "hl_calendar")
"""The tables a source may fill. The calendar is ours, the same for every source."""


class Dataset:
    """The declared tables as unbound Ibis expressions: `Dataset().ssd_cin_episodes`.

    The same expressions run on every engine that holds the tables in the schema `dataset`.
    """

    def __getattr__(self, name: str) -> ir.Table:
        """The table called `name`. Raises `AttributeError` if none is declared."""
        if name not in BY_NAME:
            raise AttributeError(f"the dataset declares no table {name}")
        return BY_NAME[name].expression()


def columns() -> Iterator[tuple[Table, Column]]:
    """Every declared column with its table, in order."""
    for table in TABLES:
        for column in table.columns:
            yield table, column

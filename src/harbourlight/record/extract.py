"""The one mapping from the record to the dataset, published as read-only views.

Each table of the dataset is a view in the schema `dataset`, so that the live ledger, the returns
and an analyst's own tools read the same thing. A column is mapped to SQL over the record, or is
named as not recorded with the reason; a test fails on a column that is neither.

Two traps. Instants become the clock on the wall in London, cut to the second: casting to
`timestamp(0)` would round half a second before midnight into tomorrow. Identifiers are text in the
record too, so that a filter on a view reaches the table's own index.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from harbourlight.dataset.schema import SCHEMA, Table
from harbourlight.dataset.tables import BY_NAME, SOURCE_TABLES
from harbourlight.record.people import identifiers
from harbourlight.server.postgres import READER
from harbourlight.standards.calendar import calendar_days


@dataclass(frozen=True)
class Mapped:
    """Where a dataset table comes from: a FROM clause, its columns in SQL, and what is missing."""

    table: str
    source: str
    columns: Mapping[str, str]
    not_recorded: Mapping[str, str] = field(default_factory=dict)


def _instant(column: str) -> str:
    return f"date_trunc('second', {column} AT TIME ZONE 'Europe/London')"


def _flag(column: str) -> str:
    return f"CASE {column} WHEN true THEN 'Y' WHEN false THEN 'N' END"


def _text(column: str) -> str:
    return f"nullif({column}, '')"


def _identifier(kind: str, column: str = "value") -> str:
    """A person's identifier of a kind: the one that has not ended, or else the latest."""
    return (
        f"(SELECT i.{column} FROM people_identifier i "
        f"WHERE i.person_id = p.id AND i.kind = '{kind}' "
        "AND i.struck_out_at IS NULL ORDER BY i.ended_on DESC NULLS FIRST, i.recorded_at DESC, "
        "i.id DESC LIMIT 1)"
    )


def _identifier_type(column: str) -> str:
    named = " ".join(f"WHEN '{kind.code}' THEN '{kind.ssd_type}'" for kind in identifiers.KINDS)
    return f"CASE {column} {named} ELSE {column} END"


MAPPINGS: tuple[Mapped, ...] = (
    Mapped(
        "ssd_person",
        "people_person p WHERE p.struck_out_at IS NULL AND p.held_as = 'child'",
        {
            "pers_person_id": "p.id",
            "pers_forename": _text("p.forename"),
            "pers_surname": _text("p.surname"),
            "pers_sex": _text("p.sex"),
            "pers_gender": _text("p.gender"),
            "pers_ethnicity": _text("p.ethnicity"),
            "pers_dob": "p.born_on",
            "pers_common_child_id": _identifier("nhs_number"),
            "pers_legacy_id": _identifier("earlier_system"),
            "pers_upn_unknown": _text("p.upn_unknown"),
            "pers_send_flag": _flag("p.has_education_plan"),
            "pers_expected_dob": "p.expected_on",
            "pers_death_date": "p.died_on",
            "pers_is_mother": (
                "CASE WHEN p.sex = 'F' AND EXISTS (SELECT FROM people_relationship r "
                "WHERE r.person_id = p.id AND r.kind = 'parent_birth' "
                f"AND r.struck_out_at IS NULL) THEN 'Y' ELSE {_flag('p.is_mother')} END"
            ),
            "pers_nationality": _text("p.nationality"),
        },
    ),
    Mapped(
        "ssd_contacts",
        "front_door_contactchild cc JOIN front_door_contact c ON c.id = cc.contact_id "
        "WHERE cc.struck_out_at IS NULL AND c.struck_out_at IS NULL",
        {
            "cont_contact_id": "cc.id",
            "cont_person_id": "cc.child_id",
            "cont_contact_date": _instant("c.received_at"),
            "cont_contact_source_code": _text("c.source_code"),
            "cont_contact_source_desc": _text("c.agency"),
            "cont_contact_outcome_json": (
                "(SELECT json_build_object(CASE d.outcome WHEN 'referral' THEN 'NEW_REFERRAL_FLAG' "
                "WHEN 'existing_referral' THEN 'EXISTING_REFERRAL_FLAG' "
                "WHEN 'advice' THEN 'ADVICE_FLAG' WHEN 'no_further_action' THEN 'NFA_FLAG' "
                "ELSE 'OTHER_OUTCOMES_EXIST_FLAG' END, 'Y')::text FROM front_door_decision d "
                "WHERE d.about = 'contact' AND d.about_id = cc.id AND d.struck_out_at IS NULL "
                "ORDER BY d.decided_at DESC, d.id DESC LIMIT 1)"
            ),
        },
    ),
    Mapped(
        "ssd_cin_episodes",
        "episodes_episode e WHERE e.struck_out_at IS NULL",
        {
            "cine_referral_id": "e.id",
            "cine_person_id": "e.child_id",
            "cine_referral_date": _instant("e.referred_at"),
            "cine_cin_primary_need_code": _text("e.primary_need"),
            "cine_referral_source_code": _text("e.source_code"),
            "cine_referral_source_desc": _text("e.source_name"),
            "cine_referral_outcome_json": "e.outcomes::text",
            "cine_referral_nfa": _flag("e.no_further_action"),
            "cine_close_reason": _text("e.close_reason"),
            "cine_close_date": "e.closed_on",
            "cine_referral_team": "e.team_id",
            "cine_referral_worker_id": "e.worker_id",
        },
    ),
    Mapped(
        "ssd_cin_assessments",
        "assessment_assessment a WHERE a.struck_out_at IS NULL",
        {
            "cina_assessment_id": "a.id",
            "cina_person_id": "a.child_id",
            "cina_referral_id": "a.episode_id",
            "cina_assessment_start_date": "a.started_on",
            "cina_assessment_child_seen": _flag("a.child_seen"),
            "cina_assessment_auth_date": "a.authorised_on",
            "cina_assessment_outcome_json": "a.outcomes::text",
            "cina_assessment_outcome_nfa": _flag("a.no_further_action"),
            "cina_assessment_team": "a.team_id",
            "cina_assessment_worker_id": "a.worker_id",
        },
    ),
    Mapped(
        "ssd_assessment_factors",
        "assessment_assessment a WHERE a.struck_out_at IS NULL AND cardinality(a.factors) > 0",
        {
            "cinf_table_id": "a.id",
            "cinf_assessment_id": "a.id",
            "cinf_assessment_factors_json": "to_json(a.factors)::text",
        },
    ),
    Mapped(
        "ssd_s47_enquiry",
        "protection_enquiry q WHERE q.struck_out_at IS NULL",
        {
            "s47e_s47_enquiry_id": "q.id",
            "s47e_referral_id": "q.episode_id",
            "s47e_person_id": "q.child_id",
            "s47e_s47_start_date": "q.started_on",
            "s47e_s47_end_date": "q.ended_on",
            "s47e_s47_nfa": _flag("q.no_further_action"),
            "s47e_s47_outcome_json": "q.outcomes::text",
            "s47e_s47_completed_by_worker_id": "q.worker_id",
            "s47e_s47_completed_by_team": "q.team_id",
        },
    ),
    Mapped(
        "hl_s47_enquiries",
        "protection_enquiry q WHERE q.struck_out_at IS NULL",
        {
            "hlse_s47_enquiry_id": "q.id",
            "hlse_person_id": "q.child_id",
            "hlse_conference_required": _flag("q.conference_required"),
        },
    ),
    Mapped(
        "ssd_initial_cp_conference",
        "protection_conference c WHERE c.struck_out_at IS NULL",
        {
            "icpc_icpc_id": "c.id",
            "icpc_icpc_meeting_id": _text("c.meeting_id"),
            "icpc_s47_enquiry_id": "c.enquiry_id",
            "icpc_person_id": "c.child_id",
            "icpc_cp_plan_id": (
                "(SELECT p.id FROM protection_protectionplan p WHERE p.conference_id = c.id "
                "AND p.struck_out_at IS NULL ORDER BY p.started_on, p.id LIMIT 1)"
            ),
            "icpc_referral_id": "c.episode_id",
            "icpc_icpc_transfer_in": _flag("c.transfer_in"),
            "icpc_icpc_target_date": "c.target_on",
            "icpc_icpc_date": "c.held_on",
            "icpc_icpc_outcome_cp_flag": _flag("c.made_plan"),
            "icpc_icpc_outcome_json": "c.outcomes::text",
            "icpc_icpc_team": "c.team_id",
            "icpc_icpc_worker_id": "c.worker_id",
        },
    ),
    Mapped(
        "ssd_cp_plans",
        "protection_protectionplan p WHERE p.struck_out_at IS NULL",
        {
            "cppl_cp_plan_id": "p.id",
            "cppl_referral_id": "p.episode_id",
            "cppl_icpc_id": "p.conference_id",
            "cppl_person_id": "p.child_id",
            "cppl_cp_plan_start_date": "p.started_on",
            "cppl_cp_plan_end_date": "p.ended_on",
            "cppl_cp_plan_initial_category": _text("p.initial_category"),
            "cppl_cp_plan_ola": _flag("p.of_another_authority"),
            "cppl_cp_plan_latest_category": _text("p.latest_category"),
        },
    ),
    Mapped(
        "hl_cp_plans",
        "protection_protectionplan p WHERE p.struck_out_at IS NULL",
        {
            "hlcp_cp_plan_id": "p.id",
            "hlcp_person_id": "p.child_id",
            "hlcp_previous_plans": "p.previous_plans::bigint",
        },
    ),
    Mapped(
        "ssd_cp_reviews",
        "protection_review r WHERE r.struck_out_at IS NULL",
        {
            "cppr_cp_review_id": "r.id",
            "cppr_person_id": "r.child_id",
            "cppr_cp_plan_id": "r.plan_id",
            "cppr_cp_review_due": "r.due_on",
            "cppr_cp_review_date": "r.held_on",
            "cppr_cp_review_meeting_id": _text("r.meeting_id"),
            "cppr_cp_review_outcome_continue_cp": _flag("r.plan_continues"),
            "cppr_cp_review_quorate": _text("r.quorate"),
            "cppr_cp_review_participation": _text("r.participation"),
        },
    ),
    Mapped(
        "ssd_cin_plans",
        "plans_needplan p WHERE p.struck_out_at IS NULL",
        {
            "cinp_cin_plan_id": "p.id",
            "cinp_referral_id": "p.episode_id",
            "cinp_person_id": "p.child_id",
            "cinp_cin_plan_start_date": "p.started_on",
            "cinp_cin_plan_end_date": "p.ended_on",
            "cinp_cin_plan_team": "p.team_id",
            "cinp_cin_plan_worker_id": "p.worker_id",
        },
    ),
    Mapped(
        "ssd_involvements",
        "episodes_allocation a WHERE a.struck_out_at IS NULL",
        {
            "invo_involvements_id": "a.id",
            "invo_professional_id": "a.worker_id",
            "invo_professional_role_id": _text("a.role"),
            "invo_professional_team": "a.team_id",
            "invo_involvement_start_date": "a.started_on",
            "invo_involvement_end_date": "a.ended_on",
            "invo_worker_change_reason": _text("a.change_reason"),
            "invo_person_id": "a.child_id",
            "invo_referral_id": "a.episode_id",
        },
    ),
    Mapped(
        "ssd_professionals",
        "workforce_professional w LEFT JOIN workforce_team t ON t.id = w.team_id",
        {
            "prof_professional_id": "w.id",
            "prof_staff_id": _text("w.staff_number"),
            "prof_professional_name": _text("w.name"),
            "prof_social_worker_registration_no": _text("w.registration_number"),
            "prof_professional_job_title": _text("w.job_title"),
            "prof_professional_department": "t.name",
            "prof_full_time_equivalency": "w.full_time_equivalent",
            "prof_agency_worker_flag": _flag("w.agency"),
        },
        {
            "prof_professional_caseload": (
                "A count on a past 30 September, computed by the return that asks for it."
            )
        },
    ),
    Mapped(
        "ssd_department",
        "workforce_team t LEFT JOIN workforce_team u ON u.id = t.parent_id",
        {
            "dept_team_id": "t.id",
            "dept_team_name": _text("t.name"),
            "dept_team_parent_id": "t.parent_id",
            "dept_team_parent_name": "u.name",
        },
    ),
    Mapped(
        "hl_decisions",
        "front_door_decision d WHERE d.struck_out_at IS NULL",
        {
            "hlde_decision_id": "d.id",
            "hlde_person_id": "d.child_id",
            "hlde_about": "d.about",
            "hlde_about_id": "d.about_id",
            "hlde_decided_at": _instant("d.decided_at"),
            "hlde_decided_by": "d.decided_by_id",
            "hlde_level": _text("d.level"),
            "hlde_outcome": _text("d.outcome"),
        },
    ),
    Mapped(
        "ssd_disability",
        "people_disability d JOIN people_person p ON p.id = d.person_id "
        "WHERE d.struck_out_at IS NULL AND d.ended_on IS NULL "
        "AND p.struck_out_at IS NULL AND p.held_as = 'child'",
        {
            "disa_person_id": "d.person_id",
            "disa_table_id": "d.id",
            "disa_disability_code": "d.code",
        },
    ),
    # A confidential address leaves the record nowhere: the row says that there is one, no more.
    Mapped(
        "ssd_address",
        "people_address a JOIN people_person p ON p.id = a.person_id WHERE a.struck_out_at IS NULL "
        "AND p.struck_out_at IS NULL AND p.held_as = 'child'",
        {
            "addr_table_id": "a.id",
            "addr_address_json": (
                "CASE WHEN NOT a.is_confidential AND a.lines <> '' "
                "THEN json_build_object('LINES', a.lines)::text END"
            ),
            "addr_person_id": "a.person_id",
            "addr_address_type": "a.kind",
            "addr_address_start_date": "a.started_on",
            "addr_address_end_date": "a.ended_on",
            "addr_address_postcode": (
                "CASE WHEN NOT a.is_confidential THEN nullif(replace(a.postcode, ' ', ''), '') END"
            ),
        },
    ),
    # Those that `ssd_person` gives are not given again.
    Mapped(
        "ssd_linked_identifiers",
        "people_identifier n JOIN people_person p ON p.id = n.person_id "
        "WHERE n.struck_out_at IS NULL AND p.struck_out_at IS NULL AND p.held_as = 'child' "
        f"AND n.id IS DISTINCT FROM {_identifier('nhs_number', 'id')} "
        f"AND n.id IS DISTINCT FROM {_identifier('earlier_system', 'id')}",
        {
            "link_table_id": "n.id",
            "link_person_id": "n.person_id",
            "link_identifier_type": _identifier_type("n.kind"),
            "link_identifier_value": "n.value",
            "link_valid_from_date": "n.started_on",
            "link_valid_to_date": "n.ended_on",
        },
    ),
    Mapped(
        "ssd_family",
        "people_familymember m JOIN people_person p ON p.id = m.person_id "
        "WHERE m.struck_out_at IS NULL AND p.struck_out_at IS NULL AND p.held_as = 'child'",
        {
            "fami_table_id": "m.id",
            "fami_family_id": "m.family_id",
            "fami_person_id": "m.person_id",
        },
    ),
    Mapped(
        "ssd_mother",
        "people_relationship r JOIN people_person p ON p.id = r.person_id "
        "JOIN people_person c ON c.id = r.other_id WHERE r.struck_out_at IS NULL "
        "AND r.kind = 'parent_birth' AND p.sex = 'F' AND p.struck_out_at IS NULL "
        "AND p.held_as = 'child' AND c.struck_out_at IS NULL AND c.held_as = 'child'",
        {
            "moth_table_id": "r.id",
            "moth_person_id": "r.person_id",
            "moth_childs_person_id": "r.other_id",
            "moth_childs_dob": "c.born_on",
        },
    ),
    Mapped(
        "hl_assessments",
        "assessment_assessment a "
        "WHERE a.struck_out_at IS NULL AND a.internal_review_on IS NOT NULL",
        {
            "hlas_assessment_id": "a.id",
            "hlas_person_id": "a.child_id",
            "hlas_internal_review_date": "a.internal_review_on",
        },
    ),
    Mapped(
        "hl_coverage",
        "live_ledger_coverage c",
        {
            "hlco_table": "c.table",
            "hlco_complete_from": "c.complete_from",
            "hlco_last_before_held": _flag("c.last_before_held"),
        },
    ),
)


def unmapped() -> list[str]:
    """Every `table.column` of the dataset that is neither mapped nor named as not recorded."""
    mapped = {
        f"{mapping.table}.{column}"
        for mapping in MAPPINGS
        for column in (*mapping.columns, *mapping.not_recorded)
    }
    declared = [
        f"{table.name}.{column.name}" for table in SOURCE_TABLES for column in table.columns
    ]
    return [name for name in declared if name not in mapped]


def _view(mapping: Mapped) -> str:
    table: Table = BY_NAME[mapping.table]
    columns = ", ".join(
        f'({mapping.columns.get(column.name, "NULL")})::{column.sql_type} AS "{column.name}"'
        for column in table.columns
    )
    return f'CREATE VIEW {SCHEMA}."{table.name}" AS SELECT {columns} FROM {mapping.source}'


def drop_statements() -> Iterator[str]:
    """The statements that take the published views away, so that a migration may change tables."""
    yield f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"


def publish_statements() -> Iterator[str]:
    """The statements that publish the views, the calendar, and who may read them.

    PostgreSQL would let an owner write through a simple view; `READER` is given SELECT alone.
    """
    calendar = BY_NAME["hl_calendar"]
    yield f"CREATE SCHEMA {SCHEMA}"
    yield calendar.ddl()
    rows = ", ".join(
        f"('{row.day}', '{'Y' if row.is_working_day else 'N'}', {row.number})"
        for row in calendar_days()
    )
    yield f"INSERT INTO {SCHEMA}.hl_calendar VALUES {rows}"
    yield f"CREATE UNIQUE INDEX ON {SCHEMA}.hl_calendar (hlca_day)"
    yield (
        f"CREATE UNIQUE INDEX ON {SCHEMA}.hl_calendar (hlca_number) WHERE hlca_is_working_day = 'Y'"
    )
    yield f"ANALYZE {SCHEMA}.hl_calendar"
    for mapping in MAPPINGS:
        yield _view(mapping)
    # A managed PostgreSQL may not let us make roles: whoever runs it makes this one, and migrates.
    yield (
        f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{READER}') THEN "
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {READER}; "
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {READER}; "
        "END IF; END $$"
    )

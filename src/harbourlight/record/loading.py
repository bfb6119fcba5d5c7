"""Filling an empty record from a source: the mapping of `extract`, the other way.

Each table of the record is a query over the source's tables, run by DuckDB and streamed to
PostgreSQL by COPY, all in one transaction, so that a record is filled whole or not at all.
Identifiers are kept, so the ledger of the loaded record is the ledger of the files, row for row.

It must not touch a record that already holds anyone.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
from django.db import connection, transaction

from harbourlight.dataset.tables import SOURCE_TABLES
from harbourlight.foundation.history.origin import act_told
from harbourlight.record.confidentiality.row_security import force_row_security
from harbourlight.record.live_ledger.keeping import recompute
from harbourlight.record.live_ledger.models import Coverage
from harbourlight.record.people import identifiers
from harbourlight.record.people.models import Address, Person

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many steps are done, and of how many."""


class RecordNotEmpty(RuntimeError):
    """The record already holds people; filling it would mix two systems' identifiers."""

    def __init__(self) -> None:
        super().__init__(
            "This record already holds people. A source is loaded into an empty record only: "
            "start another database, or take this one's data folder away."
        )


@dataclass(frozen=True)
class _Load:
    """One table of the record: its columns as SQL over the source, and what to read them from."""

    table: str
    columns: Mapping[str, str]
    source: str


def _flag(column: str) -> str:
    return f"CASE {column} WHEN 'Y' THEN true WHEN 'N' THEN false END"


def _text(column: str) -> str:
    return f"coalesce({column}, '')"


def _made_id(person: str, what: str) -> str:
    """The identifier of a fact that the source holds as a column of the person."""
    return f"md5({person} || ' {what}')"


ADDRESS_PARTS = ("LINES", "ROOM", "FLOOR", "FLAT", "BUILDING", "HOUSE", "STREET", "TOWN")
"""What an address in JSON may be made of: ours first, then what other extracts name."""


def _identifier_kind(column: str) -> str:
    """The kind whose type in the SSD this is, however it is written; `other` where none is."""
    named = " ".join(
        f"WHEN '{kind.ssd_type.casefold()}' THEN '{kind.code}'" for kind in identifiers.KINDS
    )
    return f"CASE lower(trim({column})) {named} ELSE 'other' END"


def _address_kind(column: str) -> str:
    kinds = ", ".join(f"'{kind}'" for kind in Address.Kind.values)
    return f"CASE WHEN {column} IN ({kinds}) THEN {column} ELSE 'other' END"


def _address_lines(column: str) -> str:
    """The parts of an address, a line for each."""
    parts = ", ".join(
        f"nullif(json_extract_string({column}, '$.{part}'), '')" for part in ADDRESS_PARTS
    )
    return f"concat_ws(chr(10), {parts})"


def _team(column: str) -> str:
    return f"CASE WHEN {column} IN (SELECT dept_team_id FROM ssd_department) THEN {column} END"


def _worker(column: str) -> str:
    known = "SELECT prof_professional_id FROM ssd_professionals"
    return f"CASE WHEN {column} IN ({known}) THEN {column} END"


_FACT = {"recorded_at": "now_at", "struck_out_because": "''"}
_CLOCK = "loading"

_CONTACTS = f"""(
    SELECT c.*, min(c.cont_contact_id) OVER (
        PARTITION BY coalesce(f.family_id, c.cont_person_id), c.cont_contact_date,
                     c.cont_contact_source_code
    ) AS contact_id
    FROM ssd_contacts c LEFT JOIN (
        SELECT fami_person_id, min(fami_family_id) AS family_id FROM ssd_family GROUP BY 1
    ) f ON f.fami_person_id = c.cont_person_id
), {_CLOCK}"""
"""Children of one family told of at one moment by one source are one contact."""

_LOADS: tuple[_Load, ...] = (
    _Load(
        "workforce_team",
        {
            "id": "dept_team_id",
            "name": "coalesce(dept_team_name, dept_team_id)",
            "parent_id": _team("dept_team_parent_id"),
        },
        "ssd_department",
    ),
    _Load(
        "workforce_professional",
        {
            "id": "prof_professional_id",
            "name": "coalesce(prof_professional_name, prof_professional_id)",
            "staff_number": _text("prof_staff_id"),
            "registration_number": _text("prof_social_worker_registration_no"),
            "job_title": _text("prof_professional_job_title"),
            "team_id": "t.dept_team_id",
            "full_time_equivalent": "prof_full_time_equivalency",
            "agency": _flag("prof_agency_worker_flag"),
            # The SSD has no leaving date: one whose every case has ended has left.
            '"left"': "coalesce(i.ended, false)",
        },
        "ssd_professionals w LEFT JOIN (SELECT dept_team_name, min(dept_team_id) AS dept_team_id "
        "FROM ssd_department GROUP BY 1) t ON t.dept_team_name = w.prof_professional_department "
        "LEFT JOIN (SELECT invo_professional_id, bool_and(invo_involvement_end_date IS NOT NULL) "
        "AS ended FROM ssd_involvements GROUP BY 1) i "
        "ON i.invo_professional_id = w.prof_professional_id",
    ),
    _Load(
        "people_person",
        {
            "id": "pers_person_id",
            **_FACT,
            "held_as": "'child'",
            "forename": _text("pers_forename"),
            "surname": _text("pers_surname"),
            "sex": "coalesce(pers_sex, 'U')",
            "gender": _text("pers_gender"),
            "ethnicity": _text("pers_ethnicity"),
            "born_on": "pers_dob",
            "expected_on": "pers_expected_dob",
            "died_on": "pers_death_date",
            "upn_unknown": _text("pers_upn_unknown"),
            "has_education_plan": _flag("pers_send_flag"),
            "is_mother": _flag("pers_is_mother"),
            "nationality": _text("pers_nationality"),
            **dict.fromkeys(("known_as", "pronouns", "religion"), "''"),
        },
        f"ssd_person, {_CLOCK}",
    ),
    _Load(
        "people_personname",
        {
            "id": _made_id("pers_person_id", "name"),
            **_FACT,
            "person_id": "pers_person_id",
            "kind": "'legal'",
            "forename": _text("pers_forename"),
            "surname": _text("pers_surname"),
        },
        f"ssd_person, {_CLOCK} WHERE coalesce(pers_forename, pers_surname) IS NOT NULL",
    ),
    _Load(
        "people_identifier",
        {
            "id": "id",
            **_FACT,
            "person_id": "person_id",
            "kind": "kind",
            "value": "value",
            "started_on": "started_on",
            "ended_on": "ended_on",
        },
        f"""(
            SELECT {_made_id("pers_person_id", "nhs")} AS id, pers_person_id AS person_id,
                   'nhs_number' AS kind, upper(replace(pers_common_child_id, ' ', '')) AS value,
                   NULL AS started_on, NULL AS ended_on
            FROM ssd_person
            UNION ALL
            SELECT {_made_id("pers_person_id", "legacy")}, pers_person_id, 'earlier_system',
                   trim(pers_legacy_id), NULL, NULL FROM ssd_person
            UNION ALL
            SELECT link_table_id, link_person_id, {_identifier_kind("link_identifier_type")},
                   trim(link_identifier_value), link_valid_from_date, link_valid_to_date
            FROM ssd_linked_identifiers
        ), {_CLOCK} WHERE value <> ''""",
    ),
    _Load(
        "people_disability",
        {
            "id": "disa_table_id",
            **_FACT,
            "person_id": "disa_person_id",
            "code": "disa_disability_code",
            "note": "''",
        },
        f"ssd_disability, {_CLOCK}",
    ),
    _Load(
        "people_address",
        {
            "id": "addr_table_id",
            **_FACT,
            "person_id": "addr_person_id",
            "kind": _address_kind("addr_address_type"),
            "lines": _address_lines("addr_address_json"),
            "postcode": _text("regexp_replace(addr_address_postcode, '^(.+)(...)$', '\\1 \\2')"),
            "is_confidential": "false",
            "started_on": "addr_address_start_date",
            "ended_on": "addr_address_end_date",
        },
        f"ssd_address, {_CLOCK}",
    ),
    _Load(
        "people_family",
        {"id": "fami_family_id"},
        "(SELECT DISTINCT fami_family_id FROM ssd_family)",
    ),
    _Load(
        "people_familymember",
        {
            "id": "fami_table_id",
            **_FACT,
            "family_id": "fami_family_id",
            "person_id": "fami_person_id",
            "place": "'child'",
        },
        f"ssd_family, {_CLOCK}",
    ),
    _Load(
        "people_relationship",
        {
            "id": "moth_table_id",
            **_FACT,
            "person_id": "moth_person_id",
            "other_id": "moth_childs_person_id",
            "kind": "'parent_birth'",
            **dict.fromkeys(("parental_responsibility", "responsibility_by", "note"), "''"),
        },
        f"ssd_mother, {_CLOCK}",
    ),
    _Load(
        "front_door_contact",
        {
            "id": "contact_id",
            "recorded_at": "any_value(now_at)",
            "struck_out_because": "''",
            "received_at": "any_value(cont_contact_date)",
            "source_code": _text("any_value(cont_contact_source_code)"),
            "agency": _text("any_value(cont_contact_source_desc)"),
            "contact_person": "''",
            "what_was_said": "''",
        },
        f"{_CONTACTS} GROUP BY contact_id",
    ),
    _Load(
        "front_door_contactchild",
        {
            "id": "cont_contact_id",
            **_FACT,
            "contact_id": "contact_id",
            "child_id": "cont_person_id",
        },
        _CONTACTS,
    ),
    _Load(
        "front_door_decision",
        {
            "id": "hlde_decision_id",
            **_FACT,
            "about": "hlde_about",
            "about_id": "hlde_about_id",
            "child_id": "hlde_person_id",
            "decided_at": "hlde_decided_at",
            "decided_by_id": _worker("hlde_decided_by"),
            "level": _text("hlde_level"),
            "outcome": _text("hlde_outcome"),
            "reasons": "''",
        },
        f"hl_decisions, {_CLOCK}",
    ),
    _Load(
        "episodes_episode",
        {
            "id": "cine_referral_id",
            **_FACT,
            "child_id": "cine_person_id",
            "contact_id": "c.contact_id",
            "referred_at": "cine_referral_date",
            "source_code": _text("cine_referral_source_code"),
            "source_name": _text("cine_referral_source_desc"),
            "primary_need": _text("cine_cin_primary_need_code"),
            "outcomes": "cine_referral_outcome_json",
            "no_further_action": _flag("cine_referral_nfa"),
            "closed_on": "cine_close_date",
            "close_reason": "CASE WHEN cine_close_date IS NULL THEN '' "
            "ELSE coalesce(cine_close_reason, '') END",
            "team_id": _team("cine_referral_team"),
            "worker_id": _worker("cine_referral_worker_id"),
        },
        "ssd_cin_episodes e LEFT JOIN (SELECT cont_person_id, cont_contact_date, "
        "min(cont_contact_id) AS contact_id FROM ssd_contacts GROUP BY 1, 2) c "
        "ON c.cont_person_id = e.cine_person_id AND c.cont_contact_date = e.cine_referral_date, "
        + _CLOCK,
    ),
    _Load(
        "episodes_allocation",
        {
            "id": "invo_involvements_id",
            **_FACT,
            "episode_id": "invo_referral_id",
            "child_id": "invo_person_id",
            "worker_id": "invo_professional_id",
            "team_id": _team("invo_professional_team"),
            "role": _text("invo_professional_role_id"),
            "started_on": "invo_involvement_start_date",
            "ended_on": "invo_involvement_end_date",
            "change_reason": _text("invo_worker_change_reason"),
        },
        f"ssd_involvements, {_CLOCK}",
    ),
    _Load(
        "assessment_assessment",
        {
            "id": "cina_assessment_id",
            **_FACT,
            "child_id": "cina_person_id",
            "episode_id": "cina_referral_id",
            "started_on": "cina_assessment_start_date",
            "internal_review_on": "h.hlas_internal_review_date",
            "authorised_on": "cina_assessment_auth_date",
            "worker_id": _worker("cina_assessment_worker_id"),
            "team_id": _team("cina_assessment_team"),
            "child_seen": _flag("cina_assessment_child_seen"),
            **dict.fromkeys(
                ("history", "child_words", "family_views", "analysis", "next_steps"), "''"
            ),
            "factors": "'{' || coalesce(array_to_string(f.factors, ','), '') || '}'",
            "outcomes": "cina_assessment_outcome_json",
            "no_further_action": _flag("cina_assessment_outcome_nfa"),
            "version": "1",
        },
        "ssd_cin_assessments a LEFT JOIN (SELECT cinf_assessment_id, "
        "any_value(json_extract_string(cinf_assessment_factors_json, '$[*]')) AS factors "
        "FROM ssd_assessment_factors GROUP BY 1) f "
        "ON f.cinf_assessment_id = a.cina_assessment_id "
        "LEFT JOIN hl_assessments h ON h.hlas_assessment_id = a.cina_assessment_id, " + _CLOCK,
    ),
    _Load(
        "protection_enquiry",
        {
            "id": "s47e_s47_enquiry_id",
            **_FACT,
            "child_id": "s47e_person_id",
            "episode_id": "s47e_referral_id",
            "started_on": "s47e_s47_start_date",
            "ended_on": "s47e_s47_end_date",
            "no_further_action": _flag("s47e_s47_nfa"),
            "outcomes": "s47e_s47_outcome_json",
            "conference_required": _flag("h.hlse_conference_required"),
            "worker_id": _worker("s47e_s47_completed_by_worker_id"),
            "team_id": _team("s47e_s47_completed_by_team"),
        },
        "ssd_s47_enquiry q LEFT JOIN hl_s47_enquiries h "
        "ON h.hlse_s47_enquiry_id = q.s47e_s47_enquiry_id, " + _CLOCK,
    ),
    _Load(
        "protection_conference",
        {
            "id": "icpc_icpc_id",
            **_FACT,
            "child_id": "icpc_person_id",
            "episode_id": "icpc_referral_id",
            "enquiry_id": "icpc_s47_enquiry_id",
            "meeting_id": _text("icpc_icpc_meeting_id"),
            "transfer_in": _flag("icpc_icpc_transfer_in"),
            "target_on": "icpc_icpc_target_date",
            "held_on": "icpc_icpc_date",
            "made_plan": _flag("icpc_icpc_outcome_cp_flag"),
            "outcomes": "icpc_icpc_outcome_json",
            "worker_id": _worker("icpc_icpc_worker_id"),
            "team_id": _team("icpc_icpc_team"),
        },
        f"ssd_initial_cp_conference, {_CLOCK}",
    ),
    _Load(
        "protection_protectionplan",
        {
            "id": "cppl_cp_plan_id",
            **_FACT,
            "child_id": "cppl_person_id",
            "episode_id": "cppl_referral_id",
            "conference_id": "cppl_icpc_id",
            "started_on": "cppl_cp_plan_start_date",
            "ended_on": "cppl_cp_plan_end_date",
            "initial_category": _text("cppl_cp_plan_initial_category"),
            "latest_category": _text("cppl_cp_plan_latest_category"),
            "of_another_authority": _flag("cppl_cp_plan_ola"),
            "previous_plans": "h.hlcp_previous_plans",
        },
        "ssd_cp_plans p LEFT JOIN hl_cp_plans h ON h.hlcp_cp_plan_id = p.cppl_cp_plan_id, "
        + _CLOCK,
    ),
    _Load(
        "protection_review",
        {
            "id": "cppr_cp_review_id",
            **_FACT,
            "child_id": "cppr_person_id",
            "plan_id": "cppr_cp_plan_id",
            "meeting_id": _text("cppr_cp_review_meeting_id"),
            "due_on": "cppr_cp_review_due",
            "held_on": "cppr_cp_review_date",
            "plan_continues": _flag("cppr_cp_review_outcome_continue_cp"),
            "quorate": _text("cppr_cp_review_quorate"),
            "participation": _text("cppr_cp_review_participation"),
        },
        f"ssd_cp_reviews, {_CLOCK}",
    ),
    _Load(
        "plans_needplan",
        {
            "id": "cinp_cin_plan_id",
            **_FACT,
            "child_id": "cinp_person_id",
            "episode_id": "cinp_referral_id",
            "started_on": "cinp_cin_plan_start_date",
            "ended_on": "cinp_cin_plan_end_date",
            "team_id": _team("cinp_cin_plan_team"),
            "worker_id": _worker("cinp_cin_plan_worker_id"),
        },
        f"ssd_cin_plans, {_CLOCK}",
    ),
    _Load(
        "live_ledger_coverage",
        {
            '"table"': "hlco_table",
            "complete_from": "hlco_complete_from",
            "last_before_held": "coalesce(hlco_last_before_held = 'Y', false)",
        },
        "hl_coverage",
    ),
)


def load_record(
    tables: Mapping[str, pa.Table],
    *,
    at: datetime,
    progress: Progress | None = None,
) -> int:
    """Fill an empty record from a source's tables and compute its ledger.

    `tables` are typed as the dataset declares; one not given is empty. Returns the number of
    entries. Raises `RecordNotEmpty`; and Django's `IntegrityError`, naming the row, where the
    source refers to a child or a case it does not hold. Nothing is kept then.
    """
    told = progress or (lambda what, done, of: None)
    steps = len(_LOADS) + 1
    with (
        transaction.atomic(),
        act_told("record:load", None),
        _source(tables, at) as source,
    ):
        if Person.objects.exists():
            raise RecordNotEmpty
        Coverage.objects.all().delete()  # what an empty record said of itself
        with connection.cursor() as cursor:
            # The dataset's instants are by the clock in London; text without a zone is read so.
            cursor.execute("SET LOCAL TIME ZONE 'Europe/London'")
        # COPY is not to be had where row-level security binds the owner too.
        force_row_security(False, [load.table for load in _LOADS])
        for done, load in enumerate(_LOADS):
            told(load.table, done, steps)
            _copy(source, load)
        told("ledger", len(_LOADS), steps)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            force_row_security(True, [load.table for load in _LOADS])
            for load in _LOADS:
                cursor.execute(f"ANALYZE {load.table}")
        entries = recompute()
    told("done", steps, steps)
    return entries


@contextmanager
def _source(tables: Mapping[str, pa.Table], at: datetime) -> Iterator[duckdb.DuckDBPyConnection]:
    # What does not fit in memory is spilled into a folder nobody else can read, and taken away.
    with (
        tempfile.TemporaryDirectory(prefix="harbourlight-") as folder,
        duckdb.connect(config={"temp_directory": folder, "memory_limit": "2GB"}) as source,
    ):
        for table in SOURCE_TABLES:
            rows = tables.get(table.name, table.arrow_schema().empty_table())
            source.register(table.name, rows)
        source.register("loading", pa.table({"now_at": [at.isoformat()]}))
        yield source


def _copy(source: duckdb.DuckDBPyConnection, load: _Load) -> None:
    columns = ", ".join(load.columns)
    query = f"SELECT {', '.join(load.columns.values())} FROM {load.source}"
    with tempfile.TemporaryDirectory(prefix="harbourlight-") as folder:
        rows = Path(folder) / "rows.csv"
        source.execute(f"COPY ({query}) TO '{rows}' (FORMAT csv, HEADER false, NULLSTR '\\N')")
        with (
            connection.cursor() as cursor,
            cursor.copy(
                f"COPY {load.table} ({columns}) FROM STDIN WITH (FORMAT csv, NULL '\\N')"
            ) as copy,
            rows.open("rb") as stream,
        ):
            while block := stream.read(1 << 20):
                copy.write(block)

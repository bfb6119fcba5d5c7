"""A child's object, made from the dataset: what is held of each child in the feed's cohort.

The cohort is every child aged 25 or under with an episode open at any time since the 1 April
before the day two years back (domain.md section 11). A child who leaves the cohort is said no more
of; only one who is no longer held at all is purged.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from harbourlight.returns.csc_api.shape import CHILD, EPISODES, Block
from harbourlight.returns.pupil_numbers import pupil_numbers
from harbourlight.standards.clocks import add_months

OLDEST = 25
_MONTHS = 24

_YES_NO = {"Y": True, "N": False}

Row = dict[str, Any]


def cohort_from(as_at: date) -> date:
    """The first day on which an open episode brings a child into the feed."""
    back = add_months(as_at, -_MONTHS)
    year = back.year if back >= date(back.year, 4, 1) else back.year - 1
    return date(year, 4, 1)


def children(tables: Mapping[str, pa.Table], *, as_at: date) -> dict[str, Row]:
    """Each child of the cohort by the identifier they are sent under, as the feed holds them.

    Nothing that happened after `as_at` is told. What the dataset does not hold is not said.
    """
    held = {name: _by_child(name, rows) for name, rows in tables.items() if name in _PERSON}
    factors = _factors(tables.get("ssd_assessment_factors"))
    workers = {
        row["prof_professional_id"]: _worker(row) for row in _rows(tables, "ssd_professionals")
    }
    made = {}
    for person in _rows(tables, "ssd_person"):
        of = {name: by_child.get(person["pers_person_id"], []) for name, by_child in held.items()}
        episodes = [
            episode
            for episode in of.get("ssd_cin_episodes", [])
            if episode["cine_referral_date"].date() <= as_at
        ]
        if not _in_cohort(person, episodes, as_at):
            continue
        told = [_episode(episode, of, factors, workers, as_at) for episode in episodes]
        child = _without_nothing(
            {
                "la_child_id": identifier(person["pers_person_id"], _LONGEST_CHILD, CHILD),
                "mis_child_id": identifier(person["pers_person_id"], _LONGEST_ITEM, EPISODES),
                "child_details": _details(person, of, as_at),
                "social_care_episodes": _sorted(EPISODES, told),
            }
        )
        made[child["la_child_id"]] = child
    return made


def identifiers(tables: Mapping[str, pa.Table]) -> set[str]:
    """The name of everybody held, under which they would be sent."""
    held = tables["ssd_person"]["pers_person_id"].to_pylist() if "ssd_person" in tables else []
    return {identifier(name, _LONGEST_CHILD, CHILD) for name in held}


_LONGEST_CHILD = 20
_LONGEST_ITEM = 36
_LONGEST_WORKER = 12


def identifier(name: str, longest: int, block: Block) -> str:
    """The name under which something is sent, always the same for the same thing.

    Its own where that fits; else one made from it, so that it needs no list that could be lost.
    """
    allowed = "[A-Za-z0-9]+" if block is CHILD else "[A-Za-z0-9_-]+"
    if len(name) <= longest and re.fullmatch(allowed, name):
        return name
    return "H" + hashlib.sha256(name.encode()).hexdigest()[: longest - 1]


_PERSON = {
    "ssd_cin_episodes": "cine_person_id",
    "ssd_cin_assessments": "cina_person_id",
    "ssd_cin_plans": "cinp_person_id",
    "ssd_s47_enquiry": "s47e_person_id",
    "hl_s47_enquiries": "hlse_person_id",
    "ssd_initial_cp_conference": "icpc_person_id",
    "ssd_cp_plans": "cppl_person_id",
    "ssd_involvements": "invo_person_id",
    "ssd_disability": "disa_person_id",
    "ssd_address": "addr_person_id",
    "ssd_linked_identifiers": "link_person_id",
}


def _rows(tables: Mapping[str, pa.Table], name: str) -> list[Row]:
    return tables[name].to_pylist() if name in tables else []


def _by_child(name: str, rows: pa.Table) -> dict[str, list[Row]]:
    by_child: dict[str, list[Row]] = {}
    for row in rows.to_pylist():
        by_child.setdefault(row[_PERSON[name]], []).append(row)
    return by_child


def _factors(rows: pa.Table | None) -> dict[str, list[str]]:
    """The factors of each assessment, read from the JSON the SSD keeps them in."""
    found: dict[str, set[str]] = {}
    for row in rows.to_pylist() if rows is not None else ():
        read = json.loads(row["cinf_assessment_factors_json"] or "[]")
        codes = read if isinstance(read, list) else [code for code, says in read.items() if says]
        found.setdefault(row["cinf_assessment_id"], set()).update(str(code) for code in codes)
    return {assessment: sorted(codes) for assessment, codes in found.items()}


def _in_cohort(person: Row, episodes: Iterable[Row], as_at: date) -> bool:
    born = person["pers_dob"]
    if born and add_months(born, 12 * (OLDEST + 1)) <= cohort_from(as_at):
        return False
    return any(
        episode["cine_close_date"] is None or episode["cine_close_date"] >= cohort_from(as_at)
        for episode in episodes
    )


# ---- What is said -------------------------------------------------------------------------------


def _details(person: Row, of: Mapping[str, list[Row]], as_at: date) -> Row:
    codes = {row["disa_disability_code"] for row in of.get("ssd_disability", [])}
    homes = [
        row
        for row in of.get("ssd_address", [])
        if (row["addr_address_start_date"] or date.min) <= as_at
        and (row["addr_address_end_date"] or date.max) > as_at
        and row["addr_address_postcode"]
    ]
    home = max(homes, key=lambda row: row["addr_address_start_date"] or date.min, default=None)
    numbers = pupil_numbers(of.get("ssd_linked_identifiers", []), on=as_at)
    born = person["pers_dob"]
    return _without_nothing(
        {
            "unique_pupil_number": numbers.current,
            "former_unique_pupil_number": numbers.former
            if numbers.former != numbers.current
            else None,
            "unique_pupil_number_unknown_reason": None
            if numbers.current
            else person["pers_upn_unknown"],
            "first_name": person["pers_forename"],
            "surname": person["pers_surname"],
            "date_of_birth": _day(born) if born is None or born <= as_at else None,
            "expected_date_of_birth": _day(person["pers_expected_dob"]),
            "sex": person["pers_sex"],
            "ethnicity": person["pers_ethnicity"],
            "disabilities": sorted(codes - {"NONE"} or codes),
            "postcode": home["addr_address_postcode"] if home else None,
        }
    )


def _worker(row: Row) -> str:
    """A worker's number: that of Social Work England, or where there is none another of theirs."""
    number = row["prof_social_worker_registration_no"] or row["prof_staff_id"]
    return identifier(number or row["prof_professional_id"], _LONGEST_WORKER, EPISODES)


def _episode(
    row: Row,
    of: Mapping[str, list[Row]],
    factors: Mapping[str, list[str]],
    known: Mapping[str, str],
    as_at: date,
) -> Row:
    referral = row["cine_referral_id"]

    def mine(table: str, column: str, started: str) -> list[Row]:
        return [
            each
            for each in of.get(table, [])
            if each[column] == referral and each[started] is not None and each[started] <= as_at
        ]

    def ended(day: date | None) -> str | None:
        return _day(day) if day is not None and day <= as_at else None

    conferences = {
        conference["icpc_s47_enquiry_id"]: conference["icpc_icpc_date"]
        for conference in of.get("ssd_initial_cp_conference", [])
        if conference["icpc_icpc_date"] is not None and conference["icpc_icpc_date"] <= as_at
    }
    required = {
        each["hlse_s47_enquiry_id"]: _YES_NO.get(each["hlse_conference_required"] or "")
        for each in of.get("hl_s47_enquiries", [])
    }
    workers = [
        _without_nothing(
            {
                "worker_id": known[each["invo_professional_id"]],
                "start_date": _day(each["invo_involvement_start_date"]),
                "end_date": ended(each["invo_involvement_end_date"]),
            }
        )
        for each in mine("ssd_involvements", "invo_referral_id", "invo_involvement_start_date")
        if each["invo_professional_id"] in known
    ]
    items = {
        "child_and_family_assessments": [
            {
                "child_and_family_assessment_id": each["cina_assessment_id"],
                "start_date": _day(each["cina_assessment_start_date"]),
                "authorisation_date": ended(each["cina_assessment_auth_date"]),
                # Factors are what was found at the end of it.
                "factors": factors.get(each["cina_assessment_id"])
                if ended(each["cina_assessment_auth_date"])
                else None,
            }
            for each in mine(
                "ssd_cin_assessments", "cina_referral_id", "cina_assessment_start_date"
            )
        ],
        "child_in_need_plans": [
            {
                "child_in_need_plan_id": each["cinp_cin_plan_id"],
                "start_date": _day(each["cinp_cin_plan_start_date"]),
                "end_date": ended(each["cinp_cin_plan_end_date"]),
            }
            for each in mine("ssd_cin_plans", "cinp_referral_id", "cinp_cin_plan_start_date")
        ],
        "section_47_assessments": [
            {
                "section_47_assessment_id": each["s47e_s47_enquiry_id"],
                "start_date": _day(each["s47e_s47_start_date"]),
                "icpc_required_flag": required.get(each["s47e_s47_enquiry_id"]),
                "icpc_date": _day(conferences.get(each["s47e_s47_enquiry_id"])),
                "end_date": ended(each["s47e_s47_end_date"]),
            }
            for each in mine("ssd_s47_enquiry", "s47e_referral_id", "s47e_s47_start_date")
        ],
        "child_protection_plans": [
            {
                "child_protection_plan_id": each["cppl_cp_plan_id"],
                "start_date": _day(each["cppl_cp_plan_start_date"]),
                "end_date": ended(each["cppl_cp_plan_end_date"]),
            }
            for each in mine("ssd_cp_plans", "cppl_referral_id", "cppl_cp_plan_start_date")
        ],
    }
    closed = ended(row["cine_close_date"])
    return _without_nothing(
        {
            "social_care_episode_id": identifier(referral, _LONGEST_ITEM, EPISODES),
            "referral_date": _day(row["cine_referral_date"]),
            "referral_source": row["cine_referral_source_code"],
            "referral_no_further_action_flag": _YES_NO.get(row["cine_referral_nfa"] or ""),
            "closure_date": closed,
            "closure_reason": row["cine_close_reason"] if closed else None,
            "care_worker_details": sorted(workers, key=lambda one: [*one.values()]),
            **{
                block.name: _sorted(block, [_without_nothing(item) for item in items[block.name]])
                for block in EPISODES.blocks()
                if block.name in items
            },
        }
    )


def _sorted(block: Block, items: list[Row]) -> list[Row]:
    """Items by the name each is sent under."""
    for item in items:
        item[block.key] = identifier(item[block.key], _LONGEST_ITEM, block)
    return sorted(items, key=lambda item: str(item[block.key]))


def _without_nothing(held: Row) -> Row:
    return {name: value for name, value in held.items() if value not in (None, "", [], {})}


def _day(value: date | None) -> str | None:
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat() if value else None

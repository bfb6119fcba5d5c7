"""Reading a children in need census into the dataset's tables.

`census_xml` reads the XML; here each child becomes rows. What follows are the choices made; each is
among the source's remarks where it shows.

- A table is supplied if at least one element of it is in the file. A file with no `Assessments` at
  all does not say that nobody was assessed. A conference is part of a `Section47`, so conferences
  are supplied wherever enquiries are, and where there are only transfer-in conferences the source
  does not claim to hold every conference.
- The census names no row but the child. The others are named from the child and their order by
  date, then place in the file: referral `A1.2`, its first assessment `A1.2.A1`, and so on.
- The census holds every row that happened, or was still open, in its year, and the last review
  before it of a plan open on 1 April (DfE, Children in need census guide, 5.5).
- A `DateOfInitialCPC` of an enquiry is a conference; one beside the referral is a transfer-in
  conference (guide 4.8). An `InitialCPCtarget` with no conference is not kept: the clock has its
  own due date.
"""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow as pa
from lxml import etree

from harbourlight.dataset.loaders.census_xml import CensusXML, Part, local_name, text_of
from harbourlight.dataset.loaders.source import Source
from harbourlight.dataset.schema import Column, Kind
from harbourlight.dataset.tables import BY_NAME

_BATCH = 10_000
"""Rows kept as Python objects before they are packed into Arrow."""

_REFERENCE_DATE = Column("reference_date", Kind.DATE, "", "Reference date")
_SEX_OF_GENDER = {"1": "M", "2": "F", "0": "U", "9": "U"}
_LINKED = {"UPN": "Unique Pupil Number", "FormerUPN": "Former Unique Pupil Number"}
"""Elements that are identifiers, and the type by which the SSD names each."""

_REQUIRED_OF_NOT_REQUIRED = {"Y": "N", "N": "Y", None: None}

_SUPPLIED: dict[str, tuple[str, ...]] = {
    "ssd_person": (
        "pers_person_id",
        "pers_sex",
        "pers_ethnicity",
        "pers_dob",
        "pers_upn_unknown",
        "pers_expected_dob",
        "pers_death_date",
    ),
    "ssd_cin_episodes": (
        "cine_referral_id",
        "cine_person_id",
        "cine_referral_date",
        "cine_cin_primary_need_code",
        "cine_referral_source_code",
        "cine_referral_nfa",
        "cine_close_reason",
        "cine_close_date",
    ),
    "ssd_cin_assessments": (
        "cina_assessment_id",
        "cina_person_id",
        "cina_referral_id",
        "cina_assessment_start_date",
        "cina_assessment_auth_date",
    ),
    "ssd_assessment_factors": (
        "cinf_table_id",
        "cinf_assessment_id",
        "cinf_assessment_factors_json",
    ),
    "ssd_s47_enquiry": (
        "s47e_s47_enquiry_id",
        "s47e_referral_id",
        "s47e_person_id",
        "s47e_s47_start_date",
    ),
    "hl_s47_enquiries": ("hlse_s47_enquiry_id", "hlse_person_id", "hlse_conference_required"),
    "ssd_initial_cp_conference": (
        "icpc_icpc_id",
        "icpc_s47_enquiry_id",
        "icpc_person_id",
        "icpc_referral_id",
        "icpc_icpc_transfer_in",
        "icpc_icpc_target_date",
        "icpc_icpc_date",
    ),
    "ssd_cp_plans": (
        "cppl_cp_plan_id",
        "cppl_referral_id",
        "cppl_icpc_id",
        "cppl_person_id",
        "cppl_cp_plan_start_date",
        "cppl_cp_plan_end_date",
        "cppl_cp_plan_initial_category",
        "cppl_cp_plan_latest_category",
    ),
    "hl_cp_plans": ("hlcp_cp_plan_id", "hlcp_person_id", "hlcp_previous_plans"),
    "ssd_cp_reviews": (
        "cppr_cp_review_id",
        "cppr_person_id",
        "cppr_cp_plan_id",
        "cppr_cp_review_date",
    ),
    "ssd_cin_plans": (
        "cinp_cin_plan_id",
        "cinp_referral_id",
        "cinp_person_id",
        "cinp_cin_plan_start_date",
        "cinp_cin_plan_end_date",
    ),
    "ssd_disability": ("disa_person_id", "disa_table_id", "disa_disability_code"),
    "ssd_linked_identifiers": (
        "link_table_id",
        "link_person_id",
        "link_identifier_type",
        "link_identifier_value",
    ),
    "hl_assessments": ("hlas_assessment_id", "hlas_person_id", "hlas_internal_review_date"),
    "hl_coverage": ("hlco_table", "hlco_complete_from", "hlco_last_before_held"),
}
"""The columns a census fills in each table, in the order that rows are written below."""

_LAST_BEFORE_HELD = {
    "ssd_cin_episodes": "N",
    "ssd_cin_assessments": "N",
    "ssd_s47_enquiry": "N",
    "ssd_initial_cp_conference": "N",
    "ssd_cp_plans": "N",
    "ssd_cp_reviews": "Y",
    "ssd_cin_plans": "N",
}
"""The tables whose reach a census fixes, and whether it holds the last row before its year too."""

_ABSENT = {
    "ssd_cin_episodes": "referrals (CINdetails)",
    "ssd_cin_assessments": "assessments (Assessments)",
    "ssd_s47_enquiry": "section 47 enquiries (Section47)",
    "ssd_cp_plans": "child protection plans (ChildProtectionPlans)",
    "ssd_cp_reviews": "reviews of child protection plans (Reviews)",
    "ssd_cin_plans": "child in need plans (CINPlanDates)",
}
"""How a remark names what a file does not supply."""


def read_census(path: Path) -> Source:
    """Read a census file. Raises `UnreadableSource`, and `OSError` if it cannot be opened."""
    census = _Census(CensusXML(path.name))
    with path.open("rb") as file:
        for element in census.xml.elements(file):
            census.add(element)
    return census.source()


class _Census:
    """A census as it is read: the rows so far, and what there will be to say of it."""

    def __init__(self, xml: CensusXML) -> None:
        self.xml = xml
        self.rows = {table: _Rows(table) for table in _SUPPLIED}
        self.lines: dict[str, int | None] = {}
        self.year: int | None = None
        self.reference: date | None = None
        self.authority = ""
        self.genders = 0
        self.remarks: list[str] = []

    def add(self, element: etree._Element) -> None:
        """Take in one element that stands directly in `Message` or in `Children`."""
        match local_name(element):
            case "Child":
                self.add_child(self.xml.part(element, "Child"))
            case "Header":
                self.read_header(element)
            case "Children":
                pass  # its children have been taken one by one
            case strange:
                self.xml.not_known[strange] += 1

    def read_header(self, header: etree._Element) -> None:
        """What collection it is, of which year and whose."""
        found: dict[str, etree._Element] = {}
        for element in header.iter():
            found.setdefault(local_name(element), element)
        said = {name: text_of(element) for name, element in found.items()}
        if said.get("Collection", "CIN").upper() not in ("CIN", ""):
            self.xml.refuse(
                "This is the return of another collection, not a children in need census.",
                "Give the file that was made for the census.",
                found["Collection"],
            )
        if said.get("ReferenceDate"):
            reference = self.xml.value(found["ReferenceDate"], _REFERENCE_DATE)
            assert isinstance(reference, date)
            self.reference = reference
        if year := said.get("Year"):
            if not re.fullmatch(r"20\d{2}", year, re.ASCII):
                self.xml.refuse(
                    "This is not a year.",
                    "Write the year the census ends in, such as 2026 for 2025/26.",
                    found["Year"],
                )
            self.year = int(year)
        if re.fullmatch(r"\d{3}", said.get("LEA", ""), re.ASCII):
            self.authority = said["LEA"]

    def settle_year(self) -> int:
        """The year the census ends in."""
        if self.year is not None:
            if self.reference is not None and self.reference != date(self.year, 3, 31):
                self.remarks.append(
                    f"The reference date is {self.reference.isoformat()} and not 31 March "
                    f"{self.year}. The year given, {self.year}, is what was used."
                )
            return self.year
        if self.reference is None or not 2000 < self.reference.year < 2100:
            self.xml.refuse(
                "It gives neither a year nor a reference date of this century, so what it covers "
                "is not known.",
                "Put <Year> and <ReferenceDate> in the header.",
                name="Header",
            )
        year = self.reference.year + (self.reference >= date(self.reference.year, 4, 1))
        self.remarks.append(
            f"No year is given. It was taken from the reference date, {self.reference.isoformat()}."
        )
        return year

    def add_child(self, child: Part) -> None:
        """One child: who it is, then each referral by its date."""
        identifiers = self.xml.only(child, "ChildIdentifiers")
        if identifiers is None:
            self.xml.refuse("There is no LAchildID.", "It must be given.", child.element)
        characteristics = self.xml.only(child, "ChildCharacteristics")
        known = identifiers.values
        person = known["LAchildID"]
        if person in self.lines:
            self.xml.refuse(
                f"This child has the LAchildID of the child on line {self.lines[person]:,} too.",
                "Give each child its own, or put all of one child's CINdetails in one Child.",
                identifiers.element,
                "LAchildID",
            )
        self.lines[person] = identifiers.element.sourceline
        sex = known.get("Sex")
        if sex is None and (gender := known.get("GenderCurrent")) is not None:
            sex = _SEX_OF_GENDER[gender]
            self.genders += 1
        self.rows["ssd_person"].add(
            person,
            sex,
            characteristics.values.get("Ethnicity") if characteristics else None,
            known.get("PersonBirthDate"),
            known.get("UPNunknown"),
            known.get("ExpectedPersonBirthDate"),
            known.get("PersonDeathDate"),
        )
        for element, of_type in _LINKED.items():
            if given := known.get(element):
                self.rows["ssd_linked_identifiers"].add(
                    f"{person}.{element}", person, of_type, given.upper()
                )
        held = self.xml.only(characteristics, "Disabilities") if characteristics else None
        for number, code in enumerate(held.values.get("Disability", ()) if held else (), 1):
            self.rows["ssd_disability"].add(person, f"{person}.D{number}", code)
        for number, details in enumerate(child.within("CINdetails", "CINreferralDate"), 1):
            self.add_episode(person, f"{person}.{number}", details)

    def add_episode(self, person: str, referral: str, details: Part) -> None:
        """One referral and all that followed from it."""
        told = details.values
        self.rows["ssd_cin_episodes"].add(
            referral,
            person,
            told["CINreferralDate"],
            told.get("PrimaryNeedCode"),
            told.get("ReferralSource"),
            told.get("ReferralNFA"),
            told.get("ReasonForClosure"),
            told.get("CINclosureDate"),
        )
        self.add_assessments(person, referral, details)
        conferences = self.add_conferences(person, referral, details)
        self.add_protection_plans(person, referral, details, conferences)
        plans = details.within("CINPlanDates", "CINPlanStartDate")
        for number, plan in enumerate(plans, 1):
            self.rows["ssd_cin_plans"].add(
                f"{referral}.N{number}",
                referral,
                person,
                plan.values["CINPlanStartDate"],
                plan.values.get("CINPlanEndDate"),
            )

    def add_assessments(self, person: str, referral: str, details: Part) -> None:
        """The referral's assessments, with the factors found at the end of each."""
        found = details.within("Assessments", "AssessmentActualStartDate")
        for number, part in enumerate(found, 1):
            assessment = f"{referral}.A{number}"
            self.rows["ssd_cin_assessments"].add(
                assessment,
                person,
                referral,
                part.values.get("AssessmentActualStartDate"),
                part.values.get("AssessmentAuthorisationDate"),
            )
            if review := part.values.get("AssessmentInternalReviewDate"):
                self.rows["hl_assessments"].add(assessment, person, review)
            group = self.xml.only(part, "FactorsIdentifiedAtAssessment")
            if group and (factors := group.values.get("AssessmentFactors")):
                self.rows["ssd_assessment_factors"].add(
                    f"{assessment}.F", assessment, json.dumps(factors)
                )

    def add_conferences(self, person: str, referral: str, details: Part) -> dict[date, list[str]]:
        """The referral's enquiries and initial conferences. Gives the conferences by their day."""
        held: dict[date, list[str]] = {}
        found = details.within("Section47", "S47ActualStartDate")
        for number, part in enumerate(found, 1):
            enquiry = f"{referral}.S{number}"
            self.rows["ssd_s47_enquiry"].add(
                enquiry, referral, person, part.values["S47ActualStartDate"]
            )
            required = _REQUIRED_OF_NOT_REQUIRED[part.values.get("ICPCnotRequired")]
            self.rows["hl_s47_enquiries"].add(enquiry, person, required)
            day, target = part.values.get("DateOfInitialCPC"), part.values.get("InitialCPCtarget")
            # A target alone is a conference still to be held, unless none was needed after all.
            if day or (target and required == "Y"):
                conference = f"{enquiry}.C"
                self.rows["ssd_initial_cp_conference"].add(
                    conference, enquiry, person, referral, "N", target, day
                )
                if day:
                    held.setdefault(day, []).append(conference)
        if day := details.values.get("DateOfInitialCPC"):
            conference = f"{referral}.C"
            self.rows["ssd_initial_cp_conference"].add(
                conference, None, person, referral, "Y", None, day
            )
            held.setdefault(day, []).append(conference)
        return held

    def add_protection_plans(
        self, person: str, referral: str, details: Part, conferences: dict[date, list[str]]
    ) -> None:
        """The referral's protection plans, with their reviews."""
        found = details.within("ChildProtectionPlans", "CPPstartDate")
        for number, part in enumerate(found, 1):
            plan = f"{referral}.P{number}"
            start = part.values["CPPstartDate"]
            that_day = conferences.get(start, [])
            self.rows["ssd_cp_plans"].add(
                plan,
                referral,
                that_day[0] if len(that_day) == 1 else None,
                person,
                start,
                part.values.get("CPPendDate"),
                part.values.get("InitialCategoryOfAbuse"),
                part.values.get("LatestCategoryOfAbuse"),
            )
            self.rows["hl_cp_plans"].add(plan, person, part.values.get("NumberOfPreviousCPP"))
            reviews = self.xml.only(part, "Reviews")
            days = sorted(reviews.values.get("CPPreviewDate", [])) if reviews else []
            for order, day in enumerate(days, 1):
                self.rows["ssd_cp_reviews"].add(f"{plan}.R{order}", person, plan, day)

    def source(self) -> Source:
        """The census as a source, once every element has been added."""
        if not self.lines:
            self.xml.refuse(
                "It holds no child.", "Check that it is the whole return.", name="Children"
            )
        year = self.settle_year()
        first_day = date(year - 1, 4, 1)
        supplied = {table for table, rows in self.rows.items() if len(rows)}
        whole = supplied - {"ssd_initial_cp_conference"}
        if "ssd_s47_enquiry" in supplied:
            whole.add("ssd_initial_cp_conference")
            supplied.add("ssd_initial_cp_conference")
        for table, last_before in _LAST_BEFORE_HELD.items():
            if table in whole:
                self.rows["hl_coverage"].add(table, first_day, last_before)
        supplied.add("hl_coverage")
        held = {f"{table}.{column}" for table in supplied for column in _SUPPLIED[table]}
        if "ssd_s47_enquiry" not in supplied:
            held -= {
                "ssd_initial_cp_conference.icpc_s47_enquiry_id",
                "ssd_initial_cp_conference.icpc_icpc_target_date",
            }
        if "ssd_initial_cp_conference" not in supplied:
            held.discard("ssd_cp_plans.cppl_icpc_id")
        self.remark(supplied, first_day)
        authority = f", authority {self.authority}" if self.authority else ""
        return Source(
            kind="CIN census",
            title=f"Children in need census {year - 1}/{year % 100:02}{authority}",
            tables={
                table: rows.finished() for table, rows in self.rows.items() if table in supplied
            },
            held=frozenset(held),
            remarks=tuple(self.remarks),
            authority=self.authority,
        )

    def remark(self, supplied: set[str], first_day: date) -> None:
        """Say what was assumed, what is absent, and what was read and not kept."""
        self.remarks.append(
            "A census names no row but the child. Referrals, assessments, enquiries, conferences, "
            "plans and reviews are named from the child's identifier and their order by date, and "
            "referrals, which have no time of day, are taken to be at midnight."
        )
        self.remarks.append(
            f"It is taken to hold every row that happened, or was still open, on or after "
            f"{first_day.isoformat()}, and of reviews the last one before that day as well."
        )
        if absent := [words for table, words in _ABSENT.items() if table not in supplied]:
            self.remarks.append(
                f"It holds no {', no '.join(absent)}. They are taken as not supplied, and what "
                "depends on them as not known."
            )
        if self.genders:
            self.remarks.append(
                f"GenderCurrent, as a census had it before 2024/25, was read as sex for "
                f"{self.genders:,} children."
            )
        if self.xml.not_kept:
            self.remarks.append(
                f"The dataset has no place for these elements: {_counted(self.xml.not_kept)}."
            )
        if self.xml.not_known:
            self.remarks.append(
                f"These elements are not part of a census and were not read: "
                f"{_counted(self.xml.not_known)}."
            )


class _Rows:
    """The rows of one table, packed into Arrow as they gather."""

    def __init__(self, table: str) -> None:
        self.table = BY_NAME[table]
        self.columns = _SUPPLIED[table]
        self.loose: list[tuple[object, ...]] = []
        self.packed: list[pa.RecordBatch] = []

    def add(self, *row: object) -> None:
        self.loose.append(row)
        if len(self.loose) >= _BATCH:
            self.pack()

    def pack(self) -> None:
        given = dict(zip(self.columns, zip(*self.loose, strict=True), strict=True))
        size = len(self.loose)
        self.packed.append(
            pa.record_batch(
                [
                    pa.array(given[column.name], column.arrow_type)
                    if column.name in given
                    else pa.nulls(size, column.arrow_type)
                    for column in self.table.columns
                ],
                schema=self.table.arrow_schema(),
            )
        )
        self.loose.clear()

    def finished(self) -> pa.Table:
        if self.loose:
            self.pack()
        return pa.Table.from_batches(self.packed, schema=self.table.arrow_schema())

    def __len__(self) -> int:
        return len(self.loose) + sum(len(batch) for batch in self.packed)


def _counted(names: Counter[str]) -> str:
    return ", ".join(f"{name} ({count:,})" for name, count in sorted(names.items())[:20])

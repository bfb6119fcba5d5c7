"""What stands in a child's part of the census: each element's value, and where it comes from.

Nothing is left out here for want of something else, and nothing is written: a part may lack what
the schema must have, and whoever writes it will say so.
"""

from collections.abc import Mapping
from datetime import date

from harbourlight.returns.cin.building.choosing import Choice
from harbourlight.returns.cin.building.problems import Problems
from harbourlight.returns.cin.building.rows import (
    CONFERENCE,
    MODULE,
    MODULES,
    Module,
    Origin,
    Part,
    Row,
    codes,
    day_of,
    first,
    in_order,
    origins,
    part_of,
    part_of_episode,
)
from harbourlight.returns.cin.elements import ASSESSMENTS
from harbourlight.returns.pupil_numbers import pupil_numbers

_PERSON, _NUMBERS = "ssd_person", "ssd_linked_identifiers"
_GENDER_OF_SEX = {"M": "1", "F": "2", "U": "0"}
_NOT = {"Y": "N", "N": "Y", None: None}


Factors = Mapping[str, list[Row]]
"""The rows of the factors of each assessment."""


class Parts:
    """Makes the parts of a census from the rows of each child."""

    def __init__(self, choice: Choice, problems: Problems) -> None:
        self.choice = choice
        self.problems = problems
        self.plans_counted = 0
        """Of how many protection plans the earlier ones were counted, the source not saying."""

    def child(
        self, person: Row, episodes: list[Row], of: Mapping[str, list[Row]], factors: Factors
    ) -> Part:
        """A child, with their episodes. `of` gives their rows by table."""
        child = person["pers_person_id"]
        disabled = in_order(of["ssd_disability"], "disa_table_id")
        disabilities = Part(
            {"Disability": [row["disa_disability_code"] for row in disabled]},
            child,
            table=_PERSON,
            others={"Disability": origins("ssd_disability", "disa_table_id", *disabled)},
        )
        characteristics = {
            "Ethnicity": person["pers_ethnicity"],
            "Disabilities": disabilities if disabled else None,
        }
        episodes = in_order(episodes, "cine_referral_id", "cine_referral_date")
        placed = {
            module.element: self._placed(module, of[module.table], episodes, child)
            for module in MODULES
        }
        conferences = self._conferences(of, placed["Section47"], episodes, child)
        details = []
        for episode in episodes:
            referral = episode["cine_referral_id"]
            theirs = {element: rows.get(referral, []) for element, rows in placed.items()}
            details.append(self._episode(episode, theirs, of, conferences, factors))
        return Part(
            {
                "ChildIdentifiers": self._identifiers(person, of),
                "ChildCharacteristics": Part(characteristics, child, table=_PERSON),
                "CINdetails": details,
            },
            child,
            table=_PERSON,
        )

    def _identifiers(self, person: Row, of: Mapping[str, list[Row]]) -> Part:
        choice = self.choice
        numbers = pupil_numbers(of["ssd_linked_identifiers"], on=choice.end)
        unknown, sex = person["pers_upn_unknown"], person["pers_sex"]
        born, expected = choice.by_then(person["pers_dob"]), person["pers_expected_dob"]
        if not choice.everything:
            unknown = None if numbers.current else unknown
            expected = None if born else expected
            sex = "U" if expected else sex  # of a child not yet born (domain.md 10.3)
            if person["pers_dob"] and not born and not expected:
                self.problems.tell(
                    "ChildIdentifiers",
                    "ExpectedPersonBirthDate",
                    Part({}, person["pers_person_id"]),
                    person["pers_person_id"],
                    "Born after the census year; when they were expected is not held.",
                    "ExpectedPersonBirthDate",
                )
        held = {
            "LAchildID": person["pers_person_id"],
            "UPN": numbers.current,
            "FormerUPN": numbers.former,
            "UPNunknown": unknown,
            "PersonBirthDate": born,
            "ExpectedPersonBirthDate": expected,
            "GenderCurrent": _GENDER_OF_SEX.get(sex),
            "Sex": sex,
            "PersonDeathDate": choice.by_then(person["pers_death_date"]),
        }
        others = {
            "UPN": [Origin(_NUMBERS, numbers.current_row)],
            "FormerUPN": [Origin(_NUMBERS, numbers.former_row)],
        }
        return Part(held, person["pers_person_id"], table=_PERSON, others=others)

    def _placed(
        self, module: Module, rows: list[Row], episodes: list[Row], child: str
    ) -> dict[str, list[Row]]:
        """Rows of a module by referral, in order; those that name none by the day they began."""
        placed: dict[str, list[Row]] = {}
        for row in in_order(rows, module.key, module.started):
            referral = row[module.referral] or _only_episode(episodes, row[module.started])
            if referral:
                placed.setdefault(referral, []).append(row)
            elif self.choice.overlaps(row[module.started], row[module.ended]):
                self.problems.tell_unplaced(
                    module, row, child, "It names no referral, and no one episode is of its day."
                )
        return placed

    def _conferences(
        self,
        of: Mapping[str, list[Row]],
        enquiries: Mapping[str, list[Row]],
        episodes: list[Row],
        child: str,
    ) -> dict[str, Row]:
        """The initial conference of each enquiry, and of each referral with which a child moved in.

        Where there are several, the first that was held.
        """
        enquired = {row["s47e_s47_enquiry_id"] for rows in enquiries.values() for row in rows}
        referred = {row["cine_referral_id"] for row in episodes}
        found: dict[str, Row] = {}
        for row in in_order(of[CONFERENCE.table], CONFERENCE.key, CONFERENCE.started):
            held = row["icpc_icpc_date"]
            in_year = held is not None and self.choice.overlaps(held, held)
            if row["icpc_icpc_transfer_in"] == "Y":
                if not in_year:
                    continue
                after, known = row["icpc_referral_id"] or _only_episode(episodes, held), referred
            else:
                after, known = row["icpc_s47_enquiry_id"], enquired
            if after is not None and after in known and after not in found:
                found[after] = row
            elif in_year:
                wrong = "There is an earlier one of the same enquiry or move."
                if after is None:
                    wrong = "It names no enquiry that it followed and no episode that it began."
                elif after not in known:
                    wrong = "The enquiry or the episode that it names is not in the census."
                self.problems.tell_unplaced(CONFERENCE, row, child, wrong)
        return found

    def _episode(
        self,
        row: Row,
        theirs: Mapping[str, list[Row]],
        of: Mapping[str, list[Row]],
        conferences: Mapping[str, Row],
        factors: Factors,
    ) -> Part:
        referral, choice = row["cine_referral_id"], self.choice
        parts = {
            "Assessments": [
                self._assessment(each, of, referral, factors)
                for each in theirs["Assessments"]
                if choice.has_assessment(each)
            ],
            "CINPlanDates": [
                self._plan(each, referral)
                for each in theirs["CINPlanDates"]
                if choice.has_plan(each)
            ],
            "Section47": [
                part
                for each in theirs["Section47"]
                if (part := self._enquiry(each, of, conferences, referral)) is not None
            ],
            "ChildProtectionPlans": [
                self._protection_plan(each, of, referral)
                for each in theirs["ChildProtectionPlans"]
                if choice.has_protection_plan(each)
            ],
        }
        moved_in = conferences.get(referral)
        closed = choice.by_then(row["cine_close_date"])
        no_further_action = row["cine_referral_nfa"]
        if no_further_action is None and (any(parts.values()) or moved_in):
            no_further_action = "N"
        return part_of_episode(
            row,
            {
                "CINreferralDate": row["cine_referral_date"],
                "ReferralSource": row["cine_referral_source_code"],
                "PrimaryNeedCode": row["cine_cin_primary_need_code"],
                "CINclosureDate": closed,
                # The reason of a closure still to come is not said.
                "ReasonForClosure": row["cine_close_reason"]
                if closed or row["cine_close_date"] is None
                else None,
                "DateOfInitialCPC": moved_in["icpc_icpc_date"] if moved_in else None,
                "ReferralNFA": no_further_action,
                **parts,
            },
            {"DateOfInitialCPC": origins(CONFERENCE.table, CONFERENCE.key, moved_in)},
        )

    def _assessment(
        self, row: Row, of: Mapping[str, list[Row]], referral: str, factors: Factors
    ) -> Part:
        name = row["cina_assessment_id"]
        review = first(of["hl_assessments"], "hlas_assessment_id", name)
        authorised = self.choice.by_then(row["cina_assessment_auth_date"])
        part = part_of(
            MODULE["Assessments"],
            row,
            referral,
            {
                "AssessmentActualStartDate": row["cina_assessment_start_date"],
                "AssessmentInternalReviewDate": review and review["hlas_internal_review_date"],
                "AssessmentAuthorisationDate": authorised,
            },
            {
                "AssessmentInternalReviewDate": origins(
                    "hl_assessments", "hlas_assessment_id", review
                )
            },
        )
        # Factors are what was found at the end of it (rule 8614).
        if authorised or self.choice.everything:
            try:
                found = [
                    (code, held)
                    for held in factors.get(name, ())
                    for code in codes(held["cinf_assessment_factors_json"])
                ]
            except ValueError:
                self.problems.tell_of(
                    ASSESSMENTS,
                    "FactorsIdentifiedAtAssessment",
                    part,
                    row["cina_person_id"],
                    "The factors are not held as a list of codes.",
                )
            else:
                if found:
                    rows = (held for _, held in found)
                    part.held["FactorsIdentifiedAtAssessment"] = part_of(
                        MODULE["Assessments"],
                        row,
                        referral,
                        {"AssessmentFactors": [code for code, _ in found]},
                        {
                            "AssessmentFactors": origins(
                                "ssd_assessment_factors", "cinf_table_id", *rows
                            )
                        },
                    )
        return part

    def _plan(self, row: Row, referral: str) -> Part:
        return part_of(
            MODULE["CINPlanDates"],
            row,
            referral,
            {
                "CINPlanStartDate": row["cinp_cin_plan_start_date"],
                "CINPlanEndDate": self.choice.by_then(row["cinp_cin_plan_end_date"]),
            },
        )

    def _enquiry(
        self,
        row: Row,
        of: Mapping[str, list[Row]],
        conferences: Mapping[str, Row],
        referral: str,
    ) -> Part | None:
        name = row["s47e_s47_enquiry_id"]
        conference = conferences.get(name)
        held_on = conference["icpc_icpc_date"] if conference else None
        said = first(of["hl_s47_enquiries"], "hlse_s47_enquiry_id", name)
        required = said["hlse_conference_required"] if said else None
        of_conference = origins(CONFERENCE.table, CONFERENCE.key, conference)
        ended = self.choice.by_then(row["s47e_s47_end_date"])
        if required is None:
            required = "Y" if held_on else _required_by(row)
        if not self.choice.has_enquiry(row, held_on, required):
            return None
        if ended is None and (required is None or row["s47e_s47_end_date"] is not None):
            required = "Y"  # that none is needed had not been decided by then
        return part_of(
            MODULE["Section47"],
            row,
            referral,
            {
                "S47ActualStartDate": row["s47e_s47_start_date"],
                "InitialCPCtarget": conference["icpc_icpc_target_date"] if conference else None,
                "DateOfInitialCPC": self.choice.by_then(held_on),
                "ICPCnotRequired": _NOT[required],
            },
            {"InitialCPCtarget": of_conference, "DateOfInitialCPC": of_conference},
        )

    def _protection_plan(self, row: Row, of: Mapping[str, list[Row]], referral: str) -> Part:
        name = row["cppl_cp_plan_id"]
        said = first(of["hl_cp_plans"], "hlcp_cp_plan_id", name)
        reviews = self.choice.reviews(
            [review for review in of["ssd_cp_reviews"] if review["cppr_cp_plan_id"] == name]
        )
        previous = said["hlcp_previous_plans"] if said else None
        if previous is None:
            self.plans_counted += 1
            previous = sum(
                earlier["cppl_cp_plan_start_date"] < row["cppl_cp_plan_start_date"]
                for earlier in of["ssd_cp_plans"]
                if earlier["cppl_cp_plan_ola"] != "Y"
                and earlier["cppl_cp_plan_start_date"]
                and row["cppl_cp_plan_start_date"]
            )
        module = MODULE["ChildProtectionPlans"]
        return part_of(
            module,
            row,
            referral,
            {
                "CPPstartDate": row["cppl_cp_plan_start_date"],
                "CPPendDate": self.choice.by_then(row["cppl_cp_plan_end_date"]),
                "InitialCategoryOfAbuse": row["cppl_cp_plan_initial_category"],
                "LatestCategoryOfAbuse": row["cppl_cp_plan_latest_category"],
                "NumberOfPreviousCPP": previous,
                "Reviews": part_of(
                    module,
                    row,
                    referral,
                    {"CPPreviewDate": [review["cppr_cp_review_date"] for review in reviews]},
                    {"CPPreviewDate": origins("ssd_cp_reviews", "cppr_cp_review_id", *reviews)},
                )
                if reviews
                else None,
            },
        )


def _required_by(row: Row) -> str | None:
    """Whether the outcome of an enquiry asks for a conference, where it says anything."""
    try:
        outcomes = codes(row["s47e_s47_outcome_json"])
    except ValueError:
        outcomes = []
    if "CP_CONFERENCE_FLAG" in outcomes:
        return "Y"
    return "N" if outcomes or row["s47e_s47_nfa"] == "Y" else None


def _only_episode(episodes: list[Row], day: date | None) -> str | None:
    """The referral of the one episode that was open on a day; None where none or several were."""
    if day is None:
        return None
    open_then: list[str] = [
        row["cine_referral_id"]
        for row in episodes
        if day_of(row["cine_referral_date"]) <= day
        and (row["cine_close_date"] is None or day <= row["cine_close_date"])
    ]
    return open_then[0] if len(open_then) == 1 else None

"""Building a children in need census from the dataset.

Everything is written as the dataset holds it and nothing is made up: what the schema must have and
the dataset lacks is left out with the smallest part that cannot stand without it, and told as a
`Problem` for whoever can mend it. Whether what was built keeps the rules is for `checking`.

Three things are concluded, because what is held leaves no doubt: a referral from which something
followed was not one of no further action; an enquiry that led to a conference needed one; and a row
that names no referral belongs to the child's one episode of that day.
"""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from lxml import etree

from harbourlight import __version__
from harbourlight.dataset.files import BEGINS_A_FORMULA
from harbourlight.dataset.tables import BY_NAME
from harbourlight.returns.cin.choosing import Choice, Row, day_of
from harbourlight.returns.cin.conditions import Census
from harbourlight.returns.cin.elements import (
    ASSESSMENTS,
    CHILD,
    ELEMENTS,
    HEADER,
    PRE_PROCEEDINGS,
    TABLES,
    Field,
    Group,
    Holds,
)
from harbourlight.returns.cin.schema import is_allowed

NEVER_BUILT = {
    PRE_PROCEEDINGS.name: "The dataset has no place for pre-proceedings or for family group "
    "decision making.",
}
"""Elements that no census of ours has, and why."""

_BATCH = 5_000
"""Rows of a table held as Python objects at once."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be built as it is held.

    `row` is the identifier of the row in the source. `left_out` is what the census lacks for it.
    `worker` and `team` are whose it is to mend, as far as the source says.
    """

    child: str
    module: str
    element: str
    row: str
    wrong: str
    left_out: str
    worker: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """What the header says of who returns the census, and when it was made.

    Without the authority's number there can be no `Source`, and the header says the year alone.
    """

    authority: str | None
    at: datetime
    serial: int = 1


@dataclass(slots=True)
class Built:
    """A census that was built: how many of each part it has, and what could not be built."""

    census: Census
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def counted(self) -> Iterator[tuple[str, int]]:
        """How many there are of each element that is a table of its own, children first."""
        for name in TABLES:
            if isinstance(ELEMENTS[name], Group) and ELEMENTS[name].many:
                yield name, self.counts[name]


Told = Callable[[float], None]
"""Told how much of the census has been written, from 0 to 1."""


def build(
    tables: Mapping[str, pa.Table],
    *,
    year: int,
    header: Header,
    out: Path,
    from_census: bool = False,
    progress: Told = lambda share: None,
) -> Built:
    """Write the census that ends in March of `year` to `out`, in place of one of that name.

    `tables` gives the dataset's rows by table name. `from_census` says that they were read from a
    census: if it is this year's, everything in it is kept. Raises `OSError` if it cannot be
    written. A child in the census is written whole before the next is read, so memory holds the
    tables and not the census. Where no child can be built, nothing is written.
    """
    census = Census(year)
    choice = Choice(census, everything=from_census and _is_of(tables, census))
    building = _Building(tables, choice)
    unfinished = out.with_name(f".{out.name}.unfinished")
    try:
        building.write(unfinished, header, progress)
        if building.built.counts["Child"]:
            unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
    return building.built


def write_problems(problems: list[Problem], out: Path) -> None:
    """Write the problems as CSV, in place of a file of that name. No cell begins as a formula."""
    with out.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(each.name for each in fields(Problem))
        for problem in problems:
            cells = [getattr(problem, each.name) for each in fields(Problem)]
            rows.writerow(f"'{cell}" if BEGINS_A_FORMULA.match(cell) else cell for cell in cells)


def _is_of(tables: Mapping[str, pa.Table], census: Census) -> bool:
    """Whether tables that were read from a census are of this one, by how far back they reach."""
    reach = tables.get("hl_coverage")
    days = set(reach["hlco_complete_from"].to_pylist()) if reach is not None else set()
    return days == {census.period_start}


# ---- Where rows come from ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Module:
    """A table whose rows hang on a referral, and what the census makes of each."""

    table: str
    key: str
    referral: str
    started: str
    ended: str
    element: str
    called: str
    worker: str = ""
    team: str = ""


_MODULES = (
    _Module(
        "ssd_cin_assessments",
        "cina_assessment_id",
        "cina_referral_id",
        "cina_assessment_start_date",
        "cina_assessment_auth_date",
        "Assessments",
        "assessment",
        "cina_assessment_worker_id",
        "cina_assessment_team",
    ),
    _Module(
        "ssd_cin_plans",
        "cinp_cin_plan_id",
        "cinp_referral_id",
        "cinp_cin_plan_start_date",
        "cinp_cin_plan_end_date",
        "CINPlanDates",
        "child in need plan",
        "cinp_cin_plan_worker_id",
        "cinp_cin_plan_team",
    ),
    _Module(
        "ssd_s47_enquiry",
        "s47e_s47_enquiry_id",
        "s47e_referral_id",
        "s47e_s47_start_date",
        "s47e_s47_end_date",
        "Section47",
        "enquiry",
        "s47e_s47_completed_by_worker_id",
        "s47e_s47_completed_by_team",
    ),
    _Module(
        "ssd_cp_plans",
        "cppl_cp_plan_id",
        "cppl_referral_id",
        "cppl_cp_plan_start_date",
        "cppl_cp_plan_end_date",
        "ChildProtectionPlans",
        "child protection plan",
    ),
)
_CONFERENCE = _Module(
    "ssd_initial_cp_conference",
    "icpc_icpc_id",
    "icpc_referral_id",
    "icpc_icpc_date",
    "icpc_icpc_date",
    "DateOfInitialCPC",
    "initial conference",
    "icpc_icpc_worker_id",
    "icpc_icpc_team",
)
"""Placed by the enquiry it followed, and by its referral only where the child moved in."""

_BESIDE = (
    _CONFERENCE.table,
    "ssd_linked_identifiers",
    "ssd_disability",
    "ssd_cp_reviews",
    "hl_assessments",
    "hl_s47_enquiries",
    "hl_cp_plans",
)
"""Tables of one child each whose rows are placed otherwise than by a referral."""

_NUMBERS = {"unique pupil number": "UPN", "former unique pupil number": "FormerUPN"}
_GENDER_OF_SEX = {"M": "1", "F": "2", "U": "0"}
_NOT = {"Y": "N", "N": "Y", None: None}
_YES = ("Y", "1", "true", True, 1)


def _whole(tables: Mapping[str, pa.Table], name: str) -> pa.Table:
    """A table with every column it declares, those not held empty."""
    declared = BY_NAME[name].arrow_schema()
    rows = tables.get(name)
    if rows is None:
        return declared.empty_table()
    return pa.table(
        [
            rows[each.name] if each.name in rows.column_names else pa.nulls(len(rows), each.type)
            for each in declared
        ],
        schema=declared,
    )


def _each(rows: pa.Table) -> Iterator[Row]:
    """The rows of a table, few of them at once as Python's objects."""
    for batch in rows.to_batches(max_chunksize=_BATCH):
        yield from batch.to_pylist()


class _ByChild:
    """Rows of a table by child, asked for in the order of the children's identifiers."""

    def __init__(self, rows: pa.Table, person: str) -> None:
        self.person = person
        self.rows = _each(rows.sort_by(person))
        self.next: Row | None = next(self.rows, None)

    def of(self, child: str) -> list[Row]:
        """The rows of a child. Those of children passed over are let go."""
        found: list[Row] = []
        while self.next is not None and self.next[self.person] <= child:
            if self.next[self.person] == child:
                found.append(self.next)
            self.next = next(self.rows, None)
        return found


@dataclass(slots=True)
class _Part:
    """What is to stand in a group: values and parts by element, and the row they are made from."""

    held: dict[str, Any]
    row: str = ""
    called: str = ""
    referral: str = ""
    worker: str = ""
    team: str = ""


def _in_order(rows: list[Row], key: str, started: str = "") -> list[Row]:
    """Rows by day, then by identifier, `A10` after `A9`: the same however they were held."""

    def place(row: Row) -> tuple[date, int, str]:
        day = row[started] if started else None
        return (day_of(day) if day else date.max, len(row[key]), row[key])

    return sorted(rows, key=place)


def _codes(text: str | None) -> list[str]:
    """The codes in a JSON list, or in an object that says yes to them. Raises `ValueError`."""
    held = json.loads(text or "[]")
    match held:
        case list():
            return [str(code) for code in held]
        case dict():
            return [str(code) for code, says in held.items() if says in _YES]
        case _:
            raise ValueError("neither a list nor an object")


# ---- Building ------------------------------------------------------------------------------------


class _Building:
    """One census as it is built."""

    def __init__(self, tables: Mapping[str, pa.Table], choice: Choice) -> None:
        self.tables = tables
        self.choice = choice
        self.year = choice.census.year
        self.built = Built(choice.census)
        self.told: list[tuple[Problem, str]] = []
        """Problems, each with the referral by which to find whose it is."""
        self.child_of: dict[str, str] = {}
        """The child of each referral that is held."""
        self.episodes: dict[str, list[Row]] = {}
        """The episodes of the census by child."""
        self._choose_episodes()
        self.children = pa.array([*self.episodes], pa.string())
        self.referrals = pa.array(
            [row["cine_referral_id"] for rows in self.episodes.values() for row in rows],
            pa.string(),
        )
        self.factors = self._held_factors()

    def _choose_episodes(self) -> None:
        people = set(_whole(self.tables, "ssd_person")["pers_person_id"].to_pylist())
        for row in _each(_whole(self.tables, "ssd_cin_episodes")):
            referral, child = row["cine_referral_id"], row["cine_person_id"]
            is_again = referral in self.child_of
            self.child_of.setdefault(referral, child)
            if not self.choice.has_episode(row):
                continue
            if is_again or child not in people:
                wrong = (
                    "Another referral has this identifier."
                    if is_again
                    else "The child it names is not held."
                )
                part = self._part_of_episode(row, {})
                self._tell("CINdetails", "CINreferralDate", part, child, wrong, "This episode")
                continue
            self.episodes.setdefault(child, []).append(row)

    def _held_factors(self) -> dict[str, list[str | None]]:
        """What is held of the factors of each assessment of these children."""
        of = _whole(self.tables, "ssd_cin_assessments")
        theirs = of.filter(pc.is_in(of["cina_person_id"], self.children))["cina_assessment_id"]
        rows = _whole(self.tables, "ssd_assessment_factors")
        rows = rows.filter(pc.is_in(rows["cinf_assessment_id"], theirs.combine_chunks()))
        found: dict[str, list[str | None]] = {}
        for row in _in_order(rows.to_pylist(), "cinf_table_id"):
            found.setdefault(row["cinf_assessment_id"], []).append(
                row["cinf_assessment_factors_json"]
            )
        return found

    def _streams(self) -> dict[str, _ByChild]:
        """The rows of each table that may stand in the census, by child."""
        streams = {}
        for module in _MODULES:
            rows = _whole(self.tables, module.table)
            theirs = rows[module.referral]
            rows = rows.filter(pc.or_(pc.is_in(theirs, self.referrals), pc.is_null(theirs)))
            streams[module.table] = self._stream(module.table, rows)
        for name in _BESIDE:
            streams[name] = self._stream(name, _whole(self.tables, name))
        return streams

    def _stream(self, name: str, rows: pa.Table) -> _ByChild:
        person = BY_NAME[name].person
        return _ByChild(rows.filter(pc.is_in(rows[person], self.children)), person)

    # ---- The file

    def write(self, path: Path, header: Header, progress: Told) -> None:
        """Write the census, child by child, and tell of what could not be built."""
        said = self._element(HEADER, _Part(_header(self.choice.census, header)), "")
        with path.open("wb") as stream, etree.xmlfile(stream, encoding="UTF-8") as file:
            file.write_declaration()
            with file.element("Message"):
                file.write("\n")
                if said is not None:
                    file.write(said, pretty_print=True)
                with file.element("Children"):
                    file.write("\n")
                    for child in self._built_children(progress):
                        file.write(child, pretty_print=True)
        self._tell_of_the_unplaced()
        self._say_what_is_not_supplied(header)
        self.built.problems = self._with_owners()

    def _built_children(self, progress: Told) -> Iterator["etree._Element"]:
        """Each child that can be built, by identifier."""
        people = _whole(self.tables, "ssd_person")
        people = people.filter(pc.is_in(people["pers_person_id"], self.children))
        streams = self._streams()
        last = None
        for done, person in enumerate(_each(people.sort_by("pers_person_id"))):
            child = person["pers_person_id"]
            if child == last:
                part = _Part({}, child)
                wrong = "Another child has this identifier."
                self._tell("Child", "LAchildID", part, child, wrong, "This child")
                continue
            last = child
            of = {name: stream.of(child) for name, stream in streams.items()}
            element = self._element(CHILD, self._child(person, of), child)
            if element is not None:
                self.built.counts.update(str(each.tag) for each in element.iter())
                yield element
            if done % _BATCH == 0:
                progress(done / len(people))
        progress(1.0)

    def _element(self, group: Group, part: _Part, child: str) -> "etree._Element | None":
        """A group with what it holds, in the schema's order; None where it cannot stand."""
        element = etree.Element(group.name)
        is_whole = True
        for member in group.members:
            if not member.is_in(self.year):
                continue
            given = part.held.get(member.name)
            several = given if isinstance(given, list) else [] if given in (None, "") else [given]
            before = len(element)
            for each in several:
                if isinstance(member, Group):
                    inner = self._element(member, each, child)
                    if inner is not None:
                        element.append(inner)
                elif (text := self._text(group, member, each, part, child)) is not None:
                    etree.SubElement(element, member.name).text = text
            if member.needed and len(element) == before:
                is_whole = False
                if not several:  # of what was given and could not stand, it has been told
                    self._tell_of(group, member.name, part, child, f"No {member.name} is held.")
        return element if is_whole and len(element) else None

    def _text(
        self, group: Group, member: Field, value: object, part: _Part, child: str
    ) -> str | None:
        """How a value is written; None where there is nothing, or nothing that may stand."""
        match member.holds:
            case Holds.DATE if isinstance(value, date):
                return day_of(value).isoformat()
            case Holds.INSTANT if isinstance(value, datetime):
                return value.isoformat(timespec="seconds")
            case Holds.FLAG:
                return "1" if value == "Y" else "0"
            case Holds.NUMBER | Holds.YEAR if isinstance(value, int) and value >= 0:
                return str(value)
            case Holds.TEXT | Holds.CODE:
                text = str(value).strip(" \t\r\n")
                if text and is_allowed(member, text):
                    return text
        wrong = "What is held is not what the census takes here."
        self._tell_of(group, member.name, part, child, wrong)
        return None

    # ---- What stands in it

    def _child(self, person: Row, of: Mapping[str, list[Row]]) -> _Part:
        child = person["pers_person_id"]
        disabilities = [
            row["disa_disability_code"] for row in _in_order(of["ssd_disability"], "disa_table_id")
        ]
        characteristics = {
            "Ethnicity": person["pers_ethnicity"],
            "Disabilities": _Part({"Disability": disabilities}, child) if disabilities else None,
        }
        episodes = _in_order(self.episodes[child], "cine_referral_id", "cine_referral_date")
        placed = {
            module.element: self._placed(module, of[module.table], episodes, child)
            for module in _MODULES
        }
        details = []
        conferences = self._conferences(of, placed["Section47"], episodes, child)
        for episode in episodes:
            referral = episode["cine_referral_id"]
            theirs = {element: rows.get(referral, []) for element, rows in placed.items()}
            details.append(self._episode(episode, theirs, of, conferences))
        return _Part(
            {
                "ChildIdentifiers": _Part(self._identifiers(person, of), child),
                "ChildCharacteristics": _Part(characteristics, child),
                "CINdetails": details,
            },
            child,
        )

    def _identifiers(self, person: Row, of: Mapping[str, list[Row]]) -> dict[str, Any]:
        choice = self.choice
        numbers: dict[str, str | None] = {}
        for row in _in_order(of["ssd_linked_identifiers"], "link_table_id", "link_valid_from_date"):
            element = _NUMBERS.get((row["link_identifier_type"] or "").lower())
            begun, ended = row["link_valid_from_date"], row["link_valid_to_date"]
            if element and (begun is None or begun <= choice.end):
                if element == "UPN" and ended is not None and ended <= choice.end:
                    element = "FormerUPN"
                numbers[element] = row["link_identifier_value"]
        unknown = person["pers_upn_unknown"]
        born, expected = choice.by_then(person["pers_dob"]), person["pers_expected_dob"]
        if not choice.everything:
            unknown = None if numbers.get("UPN") else unknown
            expected = None if born else expected
            if person["pers_dob"] and not born and not expected:
                self._tell(
                    "ChildIdentifiers",
                    "ExpectedPersonBirthDate",
                    _Part({}, person["pers_person_id"]),
                    person["pers_person_id"],
                    "Born after the census year; when they were expected is not held.",
                    "ExpectedPersonBirthDate",
                )
        return {
            "LAchildID": person["pers_person_id"],
            **numbers,
            "UPNunknown": unknown,
            "PersonBirthDate": born,
            "ExpectedPersonBirthDate": expected,
            "GenderCurrent": _GENDER_OF_SEX.get(person["pers_sex"]),
            "Sex": person["pers_sex"],
            "PersonDeathDate": choice.by_then(person["pers_death_date"]),
        }

    def _placed(
        self, module: _Module, rows: list[Row], episodes: list[Row], child: str
    ) -> dict[str, list[Row]]:
        """Rows of a module by referral, in order; those that name none by the day they began."""
        placed: dict[str, list[Row]] = {}
        for row in _in_order(rows, module.key, module.started):
            referral = row[module.referral] or _only_episode(episodes, row[module.started])
            if referral:
                placed.setdefault(referral, []).append(row)
            elif self.choice.overlaps(row[module.started], row[module.ended]):
                self._tell_unplaced(
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
        known = {row["s47e_s47_enquiry_id"] for rows in enquiries.values() for row in rows}
        theirs = {row["cine_referral_id"] for row in episodes}
        found: dict[str, Row] = {}
        for row in _in_order(of[_CONFERENCE.table], _CONFERENCE.key, _CONFERENCE.started):
            held = row["icpc_icpc_date"]
            in_year = held is not None and self.choice.overlaps(held, held)
            if row["icpc_icpc_transfer_in"] == "Y":
                referral = row["icpc_referral_id"] or _only_episode(episodes, held)
                owner, wrong = referral, "The referral it names is not in the census."
                owner = referral if referral in theirs else None
                if not in_year:
                    continue
            else:
                enquiry = row["icpc_s47_enquiry_id"]
                owner = enquiry if enquiry in known else None
                wrong = "The enquiry it followed is not in the census."
                if enquiry is None:
                    wrong = "It neither names the enquiry it followed nor is of a child moving in."
            if owner is not None and owner not in found:
                found[owner] = row
            elif in_year:
                if owner is not None:
                    wrong = "There is an earlier one of the same enquiry or move."
                self._tell_unplaced(_CONFERENCE, row, child, wrong)
        return found

    def _episode(
        self,
        row: Row,
        theirs: Mapping[str, list[Row]],
        of: Mapping[str, list[Row]],
        conferences: Mapping[str, Row],
    ) -> _Part:
        referral, choice = row["cine_referral_id"], self.choice
        parts = {
            "Assessments": [
                self._assessment(each, of, referral)
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
        return self._part_of_episode(
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
        )

    def _part_of_episode(self, row: Row, held: dict[str, Any]) -> _Part:
        return _Part(
            held,
            row["cine_referral_id"],
            "episode",
            row["cine_referral_id"],
            row["cine_referral_worker_id"] or "",
            row["cine_referral_team"] or "",
        )

    def _part(self, module: _Module, row: Row, referral: str, held: dict[str, Any]) -> _Part:
        worker = row[module.worker] if module.worker else None
        team = row[module.team] if module.team else None
        return _Part(held, row[module.key], module.called, referral, worker or "", team or "")

    def _assessment(self, row: Row, of: Mapping[str, list[Row]], referral: str) -> _Part:
        name = row["cina_assessment_id"]
        review = _first(of["hl_assessments"], "hlas_assessment_id", name)
        authorised = self.choice.by_then(row["cina_assessment_auth_date"])
        part = self._part(
            _MODULE["Assessments"],
            row,
            referral,
            {
                "AssessmentActualStartDate": row["cina_assessment_start_date"],
                "AssessmentInternalReviewDate": review and review["hlas_internal_review_date"],
                "AssessmentAuthorisationDate": authorised,
            },
        )
        # Factors are what was found at the end of it (rule 8614).
        if authorised or self.choice.everything:
            try:
                found = [code for text in self.factors.get(name, ()) for code in _codes(text)]
            except ValueError:
                self._tell_of(
                    ASSESSMENTS,
                    "FactorsIdentifiedAtAssessment",
                    part,
                    row["cina_person_id"],
                    "The factors are not held as a list of codes.",
                )
            else:
                codes = [*dict.fromkeys(found)]
                part.held["FactorsIdentifiedAtAssessment"] = (
                    self._part(_MODULE["Assessments"], row, referral, {"AssessmentFactors": codes})
                    if codes
                    else None
                )
        return part

    def _plan(self, row: Row, referral: str) -> _Part:
        return self._part(
            _MODULE["CINPlanDates"],
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
    ) -> _Part | None:
        name = row["s47e_s47_enquiry_id"]
        conference = conferences.get(name)
        held_on = conference["icpc_icpc_date"] if conference else None
        said = _first(of["hl_s47_enquiries"], "hlse_s47_enquiry_id", name)
        required = said["hlse_conference_required"] if said else None
        ended = self.choice.by_then(row["s47e_s47_end_date"])
        if required is None:
            required = "Y" if held_on else "N" if row["s47e_s47_nfa"] == "Y" else None
        if not self.choice.has_enquiry(row, held_on, required):
            return None
        if ended is None and (required is None or row["s47e_s47_end_date"] is not None):
            required = "Y"  # that none is needed had not been decided by then
        return self._part(
            _MODULE["Section47"],
            row,
            referral,
            {
                "S47ActualStartDate": row["s47e_s47_start_date"],
                "InitialCPCtarget": conference["icpc_icpc_target_date"] if conference else None,
                "DateOfInitialCPC": self.choice.by_then(held_on),
                "ICPCnotRequired": _NOT[required],
            },
        )

    def _protection_plan(self, row: Row, of: Mapping[str, list[Row]], referral: str) -> _Part:
        name = row["cppl_cp_plan_id"]
        said = _first(of["hl_cp_plans"], "hlcp_cp_plan_id", name)
        days = [
            review["cppr_cp_review_date"]
            for review in of["ssd_cp_reviews"]
            if review["cppr_cp_plan_id"] == name and review["cppr_cp_review_date"]
        ]
        reviews = self.choice.reviews(days)
        module = _MODULE["ChildProtectionPlans"]
        return self._part(
            module,
            row,
            referral,
            {
                "CPPstartDate": row["cppl_cp_plan_start_date"],
                "CPPendDate": self.choice.by_then(row["cppl_cp_plan_end_date"]),
                "InitialCategoryOfAbuse": row["cppl_cp_plan_initial_category"],
                "LatestCategoryOfAbuse": row["cppl_cp_plan_latest_category"],
                "NumberOfPreviousCPP": said["hlcp_previous_plans"] if said else None,
                "Reviews": self._part(module, row, referral, {"CPPreviewDate": reviews})
                if reviews
                else None,
            },
        )

    # ---- What could not be built

    def _tell_of(self, group: Group, element: str, part: _Part, child: str, wrong: str) -> None:
        """Tell of an element of a group, and of the smallest part that cannot stand without it."""
        if not any(each.name == element and each.needed for each in group.members):
            left_out = element
        elif group is CHILD or (group.needed and not group.many):
            left_out = "The child"
        else:
            left_out = f"This {part.called}"
        self._tell(group.name, element, part, child, wrong, left_out)

    def _tell_unplaced(self, module: _Module, row: Row, child: str, wrong: str) -> None:
        part = self._part(module, row, row[module.referral] or "", {})
        self._tell(module.element, module.element, part, child, wrong, f"This {module.called}")

    def _tell(
        self, module: str, element: str, part: _Part, child: str, wrong: str, left_out: str
    ) -> None:
        problem = Problem(child, module, element, part.row, wrong, left_out, part.worker, part.team)
        self.told.append((problem, part.referral))

    def _tell_of_the_unplaced(self) -> None:
        """What happened in the year and hangs on nothing that is in the census."""
        if self.choice.everything:
            return
        chosen = set(self.referrals.to_pylist())
        for module in _MODULES:
            rows = _whole(self.tables, module.table)
            started, ended = rows[module.started], rows[module.ended]
            in_year = pc.and_kleene(
                pc.less_equal(started, self.choice.end),
                pc.or_kleene(pc.is_null(ended), pc.greater_equal(ended, self.choice.start)),
            )
            if module.element == "Section47":  # one that has no end may be long over
                in_year = pc.and_kleene(in_year, pc.greater_equal(started, self.choice.start))
            for row in _each(rows.filter(in_year)):
                child, referral = row[BY_NAME[module.table].person], row[module.referral]
                if row.get("cppl_cp_plan_ola") == "Y" or self.child_of.get(referral) == child:
                    wrong = "Its referral is not of this census year."
                    if referral in chosen or row.get("cppl_cp_plan_ola") == "Y":
                        continue
                elif referral is None:
                    wrong = "It names no referral, and the child has no episode in the year."
                    if child in self.episodes:  # told of with the child
                        continue
                elif referral in self.child_of:
                    wrong = "The referral it names is another child's."
                else:
                    wrong = "The referral it names is not held."
                self._tell_unplaced(module, row, child, wrong)
        self._tell_of_unplaced_reviews()

    def _tell_of_unplaced_reviews(self) -> None:
        plans = _whole(self.tables, "ssd_cp_plans")["cppl_cp_plan_id"].combine_chunks()
        rows = _whole(self.tables, "ssd_cp_reviews")
        day = rows["cppr_cp_review_date"]
        lost = pc.and_(
            pc.invert(pc.is_in(rows["cppr_cp_plan_id"], plans)),
            pc.and_kleene(
                pc.greater_equal(day, self.choice.start), pc.less_equal(day, self.choice.end)
            ),
        )
        for row in _each(rows.filter(lost)):
            part = _Part({}, row["cppr_cp_review_id"])
            wrong = "The plan it names is not held."
            self._tell(
                "Reviews", "CPPreviewDate", part, row["cppr_person_id"], wrong, "This review"
            )

    def _say_what_is_not_supplied(self, header: Header) -> None:
        if header.authority is None:
            self.built.remarks.append("The header does not say whose it is: give the authority.")
        absent = [module.element for module in _MODULES if module.table not in self.tables]
        if absent:
            self.built.remarks.append(f"The source holds no {', no '.join(absent)}.")

    def _with_owners(self) -> list[Problem]:
        """The problems, each with whose it is by name, by child.

        Whoever is involved: on that referral before any other, now before formerly, and the latest
        before those before; where nobody is, whoever holds the thing itself.
        """
        children = pa.array({problem.child for problem, _ in self.told}, pa.string())
        rows = _whole(self.tables, "ssd_involvements")
        involved: dict[str, list[Row]] = {}
        for row in _each(rows.filter(pc.is_in(rows["invo_person_id"], children))):
            involved.setdefault(row["invo_person_id"], []).append(row)
        workers = {
            row["prof_professional_id"]: row["prof_professional_name"] or row["prof_staff_id"]
            for row in _each(_whole(self.tables, "ssd_professionals"))
        }
        teams = {
            row["dept_team_id"]: row["dept_team_name"]
            for row in _each(_whole(self.tables, "ssd_department"))
        }
        owned = []
        for problem, referral in self.told:
            worker, team = problem.worker, problem.team
            if theirs := involved.get(problem.child):
                latest = max(theirs, key=lambda row: _claim(row, referral))
                worker = latest["invo_professional_id"]
                team = latest["invo_professional_team"] or team
            owned.append(
                replace(
                    problem,
                    worker=workers.get(worker) or worker,
                    team=teams.get(team) or team,
                )
            )
        return sorted(owned, key=lambda one: (one.child, one.module, one.element, one.row))


_MODULE = {module.element: module for module in _MODULES}


def _claim(row: Row, referral: str) -> tuple[bool, bool, date, str]:
    return (
        row["invo_referral_id"] == referral,
        row["invo_involvement_end_date"] is None,
        row["invo_involvement_start_date"] or date.min,
        row["invo_involvements_id"],
    )


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


def _first(rows: list[Row], column: str, name: str) -> Row | None:
    return next((row for row in rows if row[column] == name), None)


def _header(census: Census, header: Header) -> dict[str, Any]:
    """What the header says, by element."""
    source = {
        "SourceLevel": "L",
        "LEA": header.authority,
        "SoftwareCode": "Harbourlight",
        "Release": __version__,
        "SerialNo": f"{header.serial:03}",
        "DateTime": header.at,
    }
    return {
        "CollectionDetails": _Part(
            {
                "Collection": "CIN",
                "Year": census.year,
                "ReferenceDate": census.reference_date,
            }
        ),
        "Source": [_Part(source)] if header.authority else [],
    }

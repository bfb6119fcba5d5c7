"""What could not be built, and whose it is to mend."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from harbourlight.dataset.formulas import inert
from harbourlight.dataset.whole import written_whole
from harbourlight.returns.cin.building.rows import Module, Part, Row, each, part_of, whole
from harbourlight.returns.cin.elements import CHILD, Group

NOT_RECORDED = {
    "LAchildID": "The child has no identifier.",
    "Sex": "The child's sex is not recorded.",
    "GenderCurrent": "The child's sex is not recorded.",
    "Ethnicity": "The child's ethnicity is not recorded.",
    "CINreferralDate": "The day of the referral is not recorded.",
    "ReferralSource": "Who made the referral is not recorded.",
    "ReferralNFA": "Whether the referral led to anything is not recorded.",
    "AssessmentActualStartDate": "The day on which the assessment began is not recorded.",
    "CINPlanStartDate": "The day on which the plan began is not recorded.",
    "S47ActualStartDate": "The day on which the enquiry began is not recorded.",
    "ICPCnotRequired": "Whether the enquiry needed an initial conference is not recorded.",
    "CPPstartDate": "The day on which the protection plan began is not recorded.",
    "InitialCategoryOfAbuse": "The first category of abuse is not recorded.",
    "LatestCategoryOfAbuse": "The latest category of abuse is not recorded.",
    "NumberOfPreviousCPP": "How many protection plans came before is not recorded.",
}
"""How the want of an element that must be given is said to whoever can mend it."""


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


class Problems:
    """The problems met with as a census is built."""

    def __init__(self) -> None:
        self._told: list[tuple[Problem, str]] = []
        """Each with the referral by which to find whose it is."""

    def tell_of(self, group: Group, element: str, part: Part, child: str, wrong: str) -> None:
        """Tell of an element of a group, and of the smallest part that cannot stand without it."""
        if group is CHILD:
            left_out = "The child"
        elif not any(one.name == element and one.needed and not one.many for one in group.members):
            left_out = element  # one of several, or one that may be lacking
        elif group.needed and not group.many:
            left_out = "The child"
        else:
            left_out = f"This {part.called}"
        self.tell(group.name, element, part, child, wrong, left_out)

    def tell_unplaced(self, module: Module, row: Row, child: str, wrong: str) -> None:
        """Tell of a row that can be put under no episode, enquiry or plan."""
        part = part_of(module, row, row[module.referral] or "", {})
        self.tell(module.element, module.element, part, child, wrong, f"This {module.called}")

    def tell(
        self, module: str, element: str, part: Part, child: str, wrong: str, left_out: str
    ) -> None:
        """Tell of anything else."""
        problem = Problem(child, module, element, part.row, wrong, left_out, part.worker, part.team)
        self._told.append((problem, part.referral))

    def with_owners(self, tables: Mapping[str, pa.Table]) -> list[Problem]:
        """The problems, each with whose it is by name, by child.

        Whoever is involved: on that referral before any other, now before formerly, and the latest
        before those before; where nobody is, whoever holds the thing itself.
        """
        children = pa.array({problem.child for problem, _ in self._told}, pa.string())
        rows = whole(tables, "ssd_involvements")
        involved: dict[str, list[Row]] = {}
        for row in each(rows.filter(pc.is_in(rows["invo_person_id"], children))):
            involved.setdefault(row["invo_person_id"], []).append(row)
        workers = {
            row["prof_professional_id"]: row["prof_professional_name"] or row["prof_staff_id"]
            for row in each(whole(tables, "ssd_professionals"))
        }
        teams = {
            row["dept_team_id"]: row["dept_team_name"]
            for row in each(whole(tables, "ssd_department"))
        }
        owned = []
        for problem, referral in self._told:
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


def _claim(row: Row, referral: str) -> tuple[bool, bool, date, str]:
    return (
        row["invo_referral_id"] == referral,
        row["invo_involvement_end_date"] is None,
        row["invo_involvement_start_date"] or date.min,
        row["invo_involvements_id"],
    )


def write_problems(problems: list[Problem], out: Path) -> None:
    """Write the problems as CSV, in place of a file of that name. No cell begins as a formula.

    The file begins with the mark by which Excel knows UTF-8, and takes its name once it is whole.
    """
    with (
        written_whole(out) as unfinished,
        unfinished.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(one.name for one in fields(Problem))
        for problem in problems:
            rows.writerow(inert(getattr(problem, one.name)) for one in fields(Problem))

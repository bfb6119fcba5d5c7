"""Whose a finding is to mend: who works with the child now; failing them, who did the thing itself.

It is read from the same tables as the census, so that both are of one moment. Nobody is an answer.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from harbourlight.record.episodes.actions import CASE_WORKER

Tables = Mapping[str, pa.Table]


@dataclass(frozen=True, slots=True)
class Owner:
    """A worker and a team, each by identifier, or None."""

    worker: str | None = None
    team: str | None = None

    def __bool__(self) -> bool:
        return bool(self.worker or self.team)


NOBODY = Owner()

_HOLDS = {
    "ssd_cin_episodes": ("cine_referral_id", "cine_referral_worker_id", "cine_referral_team"),
    "ssd_cin_assessments": (
        "cina_assessment_id",
        "cina_assessment_worker_id",
        "cina_assessment_team",
    ),
    "ssd_cin_plans": ("cinp_cin_plan_id", "cinp_cin_plan_worker_id", "cinp_cin_plan_team"),
    "ssd_s47_enquiry": (
        "s47e_s47_enquiry_id",
        "s47e_s47_completed_by_worker_id",
        "s47e_s47_completed_by_team",
    ),
    "ssd_initial_cp_conference": ("icpc_icpc_id", "icpc_icpc_worker_id", "icpc_icpc_team"),
}
"""The tables whose rows say who did a thing: their identifier, worker and team."""


class Owners:
    """Whose what was found of some children is."""

    def __init__(self, tables: Tables, children: Collection[str]) -> None:
        self._with_child = _allocated(tables, children)
        self._with_case = _with_case(tables, children)
        self._did: dict[tuple[str, str], Owner] = {}
        for name, (key, worker, team) in _HOLDS.items():
            rows = tables[name].select([key, worker, team])
            named = rows.filter(pc.or_(pc.is_valid(rows[worker]), pc.is_valid(rows[team])))
            for row in named.to_pylist():
                self._did[name, row[key]] = Owner(row[worker], row[team])

    def of(self, child: str, table: str, row: str) -> Owner:
        """Whose a finding of a child is, that lies in a row of a table."""
        return (
            self._with_child.get(child)
            or self._did.get((table, row))
            or self._with_case.get(child)
            or NOBODY
        )


def _of_children(rows: pa.Table, person: str, children: Collection[str]) -> pa.Table:
    return rows.filter(pc.is_in(rows[person], pa.array([*children], pa.string())))


def _allocated(tables: Tables, children: Collection[str]) -> dict[str, Owner]:
    """The worker allocated to each child now; of several, the last allocated."""
    rows = _of_children(tables["ssd_involvements"], "invo_person_id", children)
    is_now = pc.and_(
        pc.equal(rows["invo_professional_role_id"], CASE_WORKER),
        pc.is_null(rows["invo_involvement_end_date"]),
    )
    held = rows.filter(is_now).sort_by(
        [("invo_involvement_start_date", "ascending"), ("invo_involvements_id", "ascending")]
    )
    return {
        row["invo_person_id"]: Owner(row["invo_professional_id"], row["invo_professional_team"])
        for row in held.to_pylist()
    }


def _with_case(tables: Tables, children: Collection[str]) -> dict[str, Owner]:
    """Who holds each child's case: of several, one that is open, and the last that was referred."""
    rows = _of_children(tables["ssd_cin_episodes"], "cine_person_id", children)
    found: dict[str, tuple[Any, Owner]] = {}
    for row in rows.to_pylist():
        owner = Owner(row["cine_referral_worker_id"], row["cine_referral_team"])
        claim = (row["cine_close_date"] is None, str(row["cine_referral_date"] or ""))
        before = found.get(row["cine_person_id"])
        if owner and (before is None or before[0] < claim):
            found[row["cine_person_id"]] = claim, owner
    return {child: owner for child, (_, owner) in found.items()}

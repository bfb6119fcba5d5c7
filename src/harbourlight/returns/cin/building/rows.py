"""The rows that a census is made from: which tables they stand in, and each child's in turn.

It knows nothing of XML, nor of which rows a census takes.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from harbourlight.dataset.tables import BY_NAME

Row = dict[str, Any]

_BATCH = 5_000
"""Rows of a table held as Python objects at once."""


@dataclass(frozen=True, slots=True)
class Module:
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


MODULES = (
    Module(
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
    Module(
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
    Module(
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
    Module(
        "ssd_cp_plans",
        "cppl_cp_plan_id",
        "cppl_referral_id",
        "cppl_cp_plan_start_date",
        "cppl_cp_plan_end_date",
        "ChildProtectionPlans",
        "child protection plan",
    ),
)
CONFERENCE = Module(
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

BESIDE = (
    CONFERENCE.table,
    "ssd_linked_identifiers",
    "ssd_disability",
    "ssd_cp_reviews",
    "hl_assessments",
    "hl_s47_enquiries",
    "hl_cp_plans",
)
"""Tables of one child each whose rows are placed otherwise than by a referral."""

MODULE = {module.element: module for module in MODULES}
"""Each of them by the element it becomes."""

_YES = ("Y", "1", "true", True, 1)


def whole(tables: Mapping[str, pa.Table], name: str) -> pa.Table:
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


def each(rows: pa.Table) -> Iterator[Row]:
    """The rows of a table, few of them at once as Python's objects."""
    for batch in rows.to_batches(max_chunksize=_BATCH):
        yield from batch.to_pylist()


class ByChild:
    """Rows of a table by child, asked for in the order of the children's identifiers."""

    def __init__(self, rows: pa.Table, person: str) -> None:
        self.person = person
        self.rows = each(rows.sort_by(person))
        self.next: Row | None = next(self.rows, None)

    def of(self, child: str) -> list[Row]:
        """The rows of a child. Those of children passed over are let go."""
        found: list[Row] = []
        while self.next is not None and self.next[self.person] <= child:
            if self.next[self.person] == child:
                found.append(self.next)
            self.next = next(self.rows, None)
        return found


def in_order(rows: list[Row], key: str, started: str = "") -> list[Row]:
    """Rows by day, then by identifier, `A10` after `A9`: the same however they were held."""

    def place(row: Row) -> tuple[date, int, str]:
        day = row[started] if started else None
        return (day_of(day) if day else date.max, len(row[key]), row[key])

    return sorted(rows, key=place)


def codes(text: str | None) -> list[str]:
    """The codes in a JSON list, or in an object that says yes to them. Raises `ValueError`."""
    held = json.loads(text or "[]")
    match held:
        case list():
            return [str(code) for code in held]
        case dict():
            return [str(code) for code, says in held.items() if says in _YES]
        case _:
            raise ValueError("neither a list nor an object")


def first(rows: list[Row], column: str, name: str) -> Row | None:
    """The first row whose column says this, if there is one."""
    return next((row for row in rows if row[column] == name), None)


def day_of(moment: date) -> date:
    """The day of a date or of a date and time."""
    return moment.date() if isinstance(moment, datetime) else moment


@dataclass(frozen=True, slots=True)
class Origin:
    """A row of the source, by the name of its table and its identifier there."""

    table: str
    row: str


@dataclass(slots=True)
class Part:
    """What is to stand in a group: values and parts by element, and the row they are made from.

    `others` gives the rows that single elements are made from, where they are not the group's own:
    one for each value that is held of the element.
    """

    held: dict[str, Any]
    row: str = ""
    called: str = ""
    referral: str = ""
    worker: str = ""
    team: str = ""
    table: str = ""
    others: dict[str, list[Origin]] = field(default_factory=dict)


def part_of(
    module: Module,
    row: Row,
    referral: str,
    held: dict[str, Any],
    others: dict[str, list[Origin]] | None = None,
) -> Part:
    """A part made from a row of a module, under a referral."""
    worker = row[module.worker] if module.worker else None
    team = row[module.team] if module.team else None
    return Part(
        held,
        row[module.key],
        module.called,
        referral,
        worker or "",
        team or "",
        module.table,
        others or {},
    )


def part_of_episode(
    row: Row, held: dict[str, Any], others: dict[str, list[Origin]] | None = None
) -> Part:
    """A part made from a referral."""
    referral = row["cine_referral_id"]
    worker, team = row["cine_referral_worker_id"], row["cine_referral_team"]
    return Part(
        held,
        referral,
        "episode",
        referral,
        worker or "",
        team or "",
        "ssd_cin_episodes",
        others or {},
    )


def origins(table: str, key: str, *rows: Row | None) -> list[Origin]:
    """Where rows of a table come from, by its column of identifiers. None is no row."""
    return [Origin(table, row[key]) for row in rows if row is not None]

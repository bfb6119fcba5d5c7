"""Small random datasets: a few children with everything the standards read, odd dates and all.

Days fall round the moment the ledger is asked for, at the distances the clocks measure, so that
most duties sit on one side or the other of their limit. Every row is about the child who owns what
it refers to; a row may refer to nothing held.
"""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from harbourlight.dataset.tables import BY_NAME, SOURCE_TABLES
from harbourlight.standards.calendar import LAST_DAY

MOMENTS = tuple(
    datetime.fromisoformat(moment)
    for moment in (
        "2026-03-31T23:59:59",  # the end of a census year, Good Friday three days off
        "2024-02-29T12:00:00",  # leap day
        "2022-06-06T00:00:00",  # midnight, the Monday after the jubilee weekend
        "2025-10-26T01:30:00",  # the hour that happens twice
        "2013-07-01T09:00:00",  # some duties are not yet in force for what began in spring
        "2040-12-28T09:00:00",  # the calendar ends while clocks run
    )
)
"""When the ledger is asked for."""

# Each choice is one draw from a flat list: nested strategies took four times as long.
_CLOCKS = (0, 1, 2, 3, 4, 5, 15, 20, 21, 22, 23, 45, 62, 63, 64, 65, 66, 67, 68, 69, 89, 90, 91, 92)
_YEARS = (180, 181, 182, 183, 184, 185, 364, 365, 366, 367, 728, 729, 730, 731, 732)
_BEFORE = st.sampled_from((*_CLOCKS, *_YEARS, 10, 30, 120, 250, 2000, 7000, -1, -3, -10))
_AFTER = st.sampled_from((*_CLOCKS, *_YEARS, 7, 10, 30, 40, 120, -1, -2))
_AFTER_OR_NONE = st.sampled_from((*[None] * 12, *_CLOCKS, *_YEARS[:10], 7, 10, 30, 40, 120, -1, -2))
_HOURS = st.sampled_from((time(0, 0), time(9, 30), time(0, 0, 1), time(17, 0), time(23, 59, 59)))
_YES_NO = st.sampled_from((None, "Y", "N"))
_WORKERS = st.sampled_from((None, "w1", "w2"))
_HELD_BY = st.sampled_from(("w1", "w2", "w3"))
_TEAMS = st.sampled_from((None, "t1", "T2"))
_FEW, _SOME, _MANY = st.integers(0, 2), st.integers(0, 3), st.integers(0, 4)
_FIRST_LETTER = st.sampled_from("aBz_")
_SAID = st.sampled_from(
    (
        None,
        {},
        *({"CP_CONFERENCE_FLAG": value} for value in ("Y", "N", "Yes", 1, 0, True, "", None)),
    )
)
_SAID_BESIDE = st.sampled_from(
    ({}, {"NFA_FLAG": "Y"}, {"NFA_FLAG": "N"}, {"MONITOR_FLAG": True}, {"MONITOR_FLAG": 0})
)
_INDENT = st.sampled_from((None, 2))

Rows = dict[str, list[dict[str, Any]]]


def row(table: str, **values: Any) -> dict[str, Any]:
    """A row of a table with every declared column; those not given are null."""
    columns = [column.name for column in BY_NAME[table].columns]
    unknown = values.keys() - set(columns)
    if unknown:
        raise KeyError(f"{table} has no column {', '.join(sorted(unknown))}")
    return dict.fromkeys(columns) | values


@st.composite
def worlds(draw: st.DrawFn, moment: datetime, children: int = 3) -> Rows:
    """A dataset of up to some children, as rows by table, with what its source covers."""
    rows: Rows = {table.name: [] for table in SOURCE_TABLES}
    for number in range(draw(st.integers(1, children))):
        _Child(draw, rows, f"c{number}", moment).live()
    for table in (
        "hl_decisions",
        "ssd_cin_episodes",
        "ssd_cin_assessments",
        "ssd_cp_plans",
        "ssd_cp_reviews",
    ):
        if draw(st.booleans()):
            rows["hl_coverage"].append(
                row(
                    "hl_coverage",
                    hlco_table=table,
                    hlco_complete_from=moment.date() - timedelta(days=draw(_BEFORE)),
                    hlco_last_before_held=draw(_YES_NO),
                )
            )
    return rows


class _Child:
    """Adds one child's rows."""

    def __init__(self, draw: st.DrawFn, rows: Rows, child: str, moment: datetime) -> None:
        self.draw = draw
        self.rows = rows
        self.child = child
        self.moment = moment
        self.named = 0

    # --- choices

    def name(self, kind: str) -> str:
        """A name that does not sort in the order it is made, nor alike in every collation."""
        self.named += 1
        return f"{self.draw(_FIRST_LETTER)}{kind}-{self.child}-{self.named}"

    def day(self) -> date:
        """A day near the moment, or about the length of some clock before it."""
        return self.moment.date() - timedelta(days=self.draw(_BEFORE))

    def after(self, start: date) -> date:
        """A day some clock's length after another, rarely before it."""
        return min(start + timedelta(days=self.draw(_AFTER)), LAST_DAY + timedelta(days=40))

    def perhaps_after(self, start: date) -> date | None:
        """The same, or nothing recorded."""
        days = self.draw(_AFTER_OR_NONE)
        return None if days is None else start + timedelta(days=days)

    def at(self, day: date) -> datetime:
        """Some hour of a day."""
        return datetime.combine(day, self.draw(_HOURS))

    def times(self, how_many: st.SearchStrategy[int]) -> range:
        """So many times."""
        return range(self.draw(how_many))

    def add(self, table: str, **values: Any) -> None:
        """Adds a row about the child."""
        self.rows[table].append(row(table, **{BY_NAME[table].person: self.child}, **values))

    # --- what happened

    def live(self) -> None:
        """Adds everything."""
        self.add("ssd_person")
        for _ in self.times(_FEW):
            self.contact()
        episodes: list[tuple[str | None, date]] = [self.episode() for _ in self.times(_SOME)]
        # Some things are of no episode, or of one that is not held.
        episodes += [(None, self.day()), (self.name("gone"), self.day())]
        chosen = st.sampled_from(episodes)
        for referral, referred_on in episodes:
            if referral is not None:
                for _ in self.times(_FEW):
                    self.assessment(referral, referred_on)
        for _ in self.times(_FEW):
            self.enquiry(*self.draw(chosen))
        for _ in self.times(_SOME):
            self.plan(self.draw(chosen)[0], self.day())

    def contact(self) -> None:
        contact, received_on = self.name("k"), self.day()
        self.add("ssd_contacts", cont_contact_id=contact, cont_contact_date=self.at(received_on))
        self.decisions("contact", contact, received_on)

    def decisions(self, about: str, about_id: str, received_on: date) -> None:
        for _ in self.times(_FEW):
            self.add(
                "hl_decisions",
                hlde_decision_id=self.name("d"),
                hlde_about=about,
                hlde_about_id=about_id,
                hlde_decided_at=self.at(self.after(received_on)),
                hlde_decided_by=self.draw(_WORKERS),
            )

    def episode(self) -> tuple[str, date]:
        referral, referred_on = self.name("r"), self.day()
        self.add(
            "ssd_cin_episodes",
            cine_referral_id=referral,
            cine_referral_date=self.at(referred_on),
            cine_referral_nfa=self.draw(_YES_NO),
            cine_close_date=self.perhaps_after(referred_on),
            cine_referral_worker_id=self.draw(_WORKERS),
            cine_referral_team=self.draw(_TEAMS),
        )
        for _ in self.times(_FEW):
            self.add(
                "ssd_involvements",
                invo_involvements_id=self.name("i"),
                invo_professional_id=self.draw(_HELD_BY),
                invo_professional_team=self.draw(_TEAMS),
                invo_involvement_start_date=self.perhaps_after(referred_on),
                invo_referral_id=referral,
            )
        self.decisions("referral", referral, referred_on)
        return referral, referred_on

    def assessment(self, referral: str, referred_on: date) -> None:
        self.add(
            "ssd_cin_assessments",
            cina_assessment_id=self.name("a"),
            cina_referral_id=referral,
            cina_assessment_start_date=self.perhaps_after(referred_on),
            cina_assessment_auth_date=self.perhaps_after(referred_on),
            cina_assessment_worker_id=self.draw(_WORKERS),
            cina_assessment_team=self.draw(_TEAMS),
        )

    def enquiry(self, referral: str | None, day: date) -> None:
        enquiry, started_on = self.name("s"), self.after(day)
        said = self.draw(_SAID)
        self.add(
            "ssd_s47_enquiry",
            s47e_s47_enquiry_id=enquiry,
            s47e_referral_id=referral,
            s47e_s47_start_date=started_on,
            s47e_s47_end_date=self.perhaps_after(started_on),
            s47e_s47_nfa=self.draw(_YES_NO),
            s47e_s47_outcome_json=None
            if said is None
            else json.dumps(said | self.draw(_SAID_BESIDE), indent=self.draw(_INDENT)),
            s47e_s47_completed_by_worker_id=self.draw(_WORKERS),
        )
        if self.draw(st.booleans()):
            self.add(
                "hl_s47_enquiries",
                hlse_s47_enquiry_id=enquiry,
                hlse_conference_required=self.draw(_YES_NO),
            )
        for _ in self.times(_FEW):
            self.add(
                "ssd_initial_cp_conference",
                icpc_icpc_id=self.name("m"),
                icpc_s47_enquiry_id=self.draw(st.sampled_from((enquiry, enquiry, None))),
                icpc_icpc_date=self.perhaps_after(started_on),
            )

    def plan(self, referral: str | None, started_on: date) -> None:
        plan = self.name("p")
        conferences = [
            held["icpc_icpc_id"]
            for held in self.rows["ssd_initial_cp_conference"]
            if held["icpc_person_id"] == self.child
        ]
        self.add(
            "ssd_cp_plans",
            cppl_cp_plan_id=plan,
            cppl_referral_id=referral,
            cppl_icpc_id=self.draw(st.sampled_from((None, "not-held", *conferences))),
            cppl_cp_plan_start_date=started_on,
            cppl_cp_plan_end_date=self.perhaps_after(started_on),
            cppl_cp_plan_ola=self.draw(_YES_NO),
        )
        if self.draw(st.booleans()):
            self.add(
                "hl_cp_plans",
                hlcp_cp_plan_id=plan,
                hlcp_previous_plans=self.draw(st.sampled_from((None, 0, 1))),
            )
        for _ in self.times(_MANY):
            self.add(
                "ssd_cp_reviews",
                cppr_cp_review_id=self.name("v"),
                cppr_cp_plan_id=plan,
                cppr_cp_review_date=self.perhaps_after(started_on),
            )

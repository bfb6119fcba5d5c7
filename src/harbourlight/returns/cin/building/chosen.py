"""What of the dataset is in a census: its children, their episodes, and their rows in turn."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from harbourlight.dataset.tables import BY_NAME
from harbourlight.returns.cin.building.choosing import Choice
from harbourlight.returns.cin.building.problems import NOT_RECORDED, Problems
from harbourlight.returns.cin.building.rows import (
    BESIDE,
    MODULES,
    ByChild,
    Row,
    each,
    in_order,
    part_of_episode,
    whole,
)


class Chosen:
    """The children and the episodes of a census.

    `episodes` gives the episodes by child, `children` and `referrals` the identifiers of both, and
    `child_of` the child of every referral that is held, in the census or not.
    """

    def __init__(self, tables: Mapping[str, pa.Table], choice: Choice, problems: Problems) -> None:
        self.tables = tables
        self.choice = choice
        self.episodes: dict[str, list[Row]] = {}
        rows = whole(tables, "ssd_cin_episodes")
        self.child_of: dict[str, str] = dict(
            zip(
                rows["cine_referral_id"].to_pylist(),
                rows["cine_person_id"].to_pylist(),
                strict=True,
            )
        )
        self._choose_episodes(rows, problems)
        self.children = pa.array([*self.episodes], pa.string())
        self.referrals = pa.array(
            [row["cine_referral_id"] for rows in self.episodes.values() for row in rows],
            pa.string(),
        )

    def people(self) -> pa.Table:
        """The children's own rows, by identifier."""
        rows = whole(self.tables, "ssd_person")
        rows = rows.filter(pc.is_in(rows["pers_person_id"], self.children))
        return rows.sort_by("pers_person_id")

    def _choose_episodes(self, rows: pa.Table, problems: Problems) -> None:
        people = set(whole(self.tables, "ssd_person")["pers_person_id"].to_pylist())
        if not self.choice.everything:  # years of closed episodes are passed over at once
            closed = rows["cine_close_date"]
            rows = rows.filter(
                pc.or_kleene(pc.is_null(closed), pc.greater_equal(closed, self.choice.start))
            )
        seen: set[str] = set()
        for row in each(rows):
            referral, child = row["cine_referral_id"], row["cine_person_id"]
            if not self.choice.has_episode(row):
                continue
            wrong = ""
            if referral in seen:
                wrong = "Another referral has this identifier."
            elif child not in people:
                wrong = "The child it names is not held."
            elif row["cine_referral_date"] is None:
                wrong = NOT_RECORDED["CINreferralDate"]
            seen.add(referral)
            if wrong:
                part = part_of_episode(row, {})
                problems.tell("CINdetails", "CINreferralDate", part, child, wrong, "This episode")
                continue
            self.episodes.setdefault(child, []).append(row)

    def factors(self) -> dict[str, list[Row]]:
        """The rows of the factors of each assessment of these children."""
        of = whole(self.tables, "ssd_cin_assessments")
        theirs = of.filter(pc.is_in(of["cina_person_id"], self.children))["cina_assessment_id"]
        rows = whole(self.tables, "ssd_assessment_factors")
        rows = rows.filter(pc.is_in(rows["cinf_assessment_id"], theirs.combine_chunks()))
        found: dict[str, list[Row]] = {}
        for row in in_order(rows.to_pylist(), "cinf_table_id"):
            found.setdefault(row["cinf_assessment_id"], []).append(row)
        return found

    def streams(self) -> dict[str, ByChild]:
        """The rows of each table that may stand in the census, by child."""
        streams = {}
        for module in MODULES:
            rows = whole(self.tables, module.table)
            theirs = rows[module.referral]
            if module.element != "ChildProtectionPlans":  # whose earlier ones may be counted
                rows = rows.filter(pc.or_(pc.is_in(theirs, self.referrals), pc.is_null(theirs)))
            streams[module.table] = self._stream(module.table, rows)
        for name in BESIDE:
            streams[name] = self._stream(name, whole(self.tables, name))
        return streams

    def _stream(self, name: str, rows: pa.Table) -> ByChild:
        person = BY_NAME[name].person
        return ByChild(rows.filter(pc.is_in(rows[person], self.children)), person)

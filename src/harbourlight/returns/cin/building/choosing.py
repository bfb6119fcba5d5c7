"""Which children, episodes and other rows of the dataset belong to a year's census.

The year runs from 1 April to 31 March (domain.md 10). An episode belongs if it was open on any of
its days; a referral that led to no further action, if it was made or decided in it. Within an
episode belongs what happened in the year or was still open at its start, and of a plan's reviews
the last before it too. The census tells how things stood on its last day: what came later is not
said, and what ended later is shown open.

A census that is read back was chosen by whoever made it. Choosing again would hide its faults from
the rules, so everything in it is kept.
"""

from dataclasses import dataclass
from datetime import date

from harbourlight.returns.cin.building.rows import Row, day_of, in_order
from harbourlight.returns.cin.conditions import Census


@dataclass(frozen=True, slots=True)
class Choice:
    """What is taken of each module into one census. `everything` is for a census read back."""

    census: Census
    everything: bool = False

    @property
    def start(self) -> date:
        """1 April."""
        return self.census.period_start

    @property
    def end(self) -> date:
        """31 March, the day as at which the census tells."""
        return self.census.reference_date

    def by_then(self, day: date | None) -> date | None:
        """A day that had come by the last of the census, or None."""
        return day if day is not None and (self.everything or day <= self.end) else None

    def overlaps(self, started: date | None, ended: date | None) -> bool:
        """Whether what started and ended on these days touched the year. None has not ended."""
        if self.everything:
            return True
        return (started is None or started <= self.end) and (ended is None or ended >= self.start)

    def has_episode(self, row: Row) -> bool:
        """Whether an episode belongs."""
        referred, closed = row["cine_referral_date"], row["cine_close_date"]
        referred = day_of(referred) if referred is not None else None
        if closed is None and row["cine_referral_nfa"] == "Y":
            closed = referred  # nothing was opened that could stay open
        return self.overlaps(referred, closed)

    def has_assessment(self, row: Row) -> bool:
        """Whether an assessment belongs: open at the start, or begun or authorised in the year."""
        return self.overlaps(row["cina_assessment_start_date"], row["cina_assessment_auth_date"])

    def has_plan(self, row: Row) -> bool:
        """Whether a child in need plan belongs."""
        return self.overlaps(row["cinp_cin_plan_start_date"], row["cinp_cin_plan_end_date"])

    def has_protection_plan(self, row: Row) -> bool:
        """Whether a protection plan belongs. One of another authority is that authority's."""
        if row["cppl_cp_plan_ola"] == "Y":
            return False
        return self.overlaps(row["cppl_cp_plan_start_date"], row["cppl_cp_plan_end_date"])

    def has_enquiry(self, row: Row, conference: date | None, required: str | None) -> bool:
        """Whether an enquiry belongs: begun in the year, or its conference held in it, or open.

        It is over with its conference; where none was needed, when it ended, or at once where that
        is not held.
        """
        started = row["s47e_s47_start_date"]
        ended = conference
        if ended is None and required != "Y":
            ended = row["s47e_s47_end_date"]
            if ended is None and required == "N":
                ended = started
        return self.overlaps(started, ended)

    def reviews(self, rows: list[Row]) -> list[Row]:
        """The reviews of a plan that belong, by day: the year's, and the last before it."""
        held = in_order(
            [row for row in rows if row["cppr_cp_review_date"]],
            "cppr_cp_review_id",
            "cppr_cp_review_date",
        )
        if self.everything:
            return held
        before = [row for row in held if row["cppr_cp_review_date"] < self.start]
        return before[-1:] + [
            row for row in held if self.start <= row["cppr_cp_review_date"] <= self.end
        ]

"""What happened in the year and hangs on nothing that is in its census."""

import pyarrow.compute as pc

from harbourlight.dataset.tables import BY_NAME
from harbourlight.returns.cin.building.chosen import Chosen
from harbourlight.returns.cin.building.problems import Problems
from harbourlight.returns.cin.building.rows import MODULES, Module, Part, Row, each, whole


def tell_of_the_unplaced(chosen: Chosen, problems: Problems) -> None:
    """Tell of each row of the year whose referral, or whose plan, is not in the census."""
    choice = chosen.choice
    if choice.everything:
        return
    referrals = frozenset(chosen.referrals.to_pylist())
    for module in MODULES:
        rows = whole(chosen.tables, module.table)
        started, ended = rows[module.started], rows[module.ended]
        in_year = pc.and_kleene(
            pc.less_equal(started, choice.end),
            pc.or_kleene(pc.is_null(ended), pc.greater_equal(ended, choice.start)),
        )
        if module.element == "Section47":  # one that has no end may be long over
            in_year = pc.and_kleene(in_year, pc.greater_equal(started, choice.start))
        for row in each(rows.filter(in_year)):
            child = row[BY_NAME[module.table].person]
            if wrong := _wrong_with(row, module, child, chosen, referrals):
                problems.tell_unplaced(module, row, child, wrong)
    _tell_of_reviews(chosen, problems)


def _wrong_with(
    row: Row, module: Module, child: str, chosen: Chosen, referrals: frozenset[str]
) -> str:
    """Why a row cannot be placed; nothing where it can, or where that has been told."""
    referral = row[module.referral]
    if row.get("cppl_cp_plan_ola") == "Y":
        return ""
    if referral is None:
        if child in chosen.episodes:
            return ""
        return "It names no referral, and the child has no episode in the year."
    if referral not in chosen.child_of:
        return "The referral it names is not held."
    if chosen.child_of[referral] != child:
        return "The referral it names is another child's."
    return "" if referral in referrals else "Its referral is not of this census year."


def _tell_of_reviews(chosen: Chosen, problems: Problems) -> None:
    plans = whole(chosen.tables, "ssd_cp_plans")["cppl_cp_plan_id"].combine_chunks()
    rows = whole(chosen.tables, "ssd_cp_reviews")
    day = rows["cppr_cp_review_date"]
    in_year = pc.and_kleene(
        pc.greater_equal(day, chosen.choice.start), pc.less_equal(day, chosen.choice.end)
    )
    lost = pc.and_kleene(in_year, pc.invert(pc.is_in(rows["cppr_cp_plan_id"], plans)))
    for row in each(rows.filter(lost)):
        problems.tell(
            "Reviews",
            "CPPreviewDate",
            Part({}, row["cppr_cp_review_id"]),
            row["cppr_person_id"],
            "The plan it names is not held.",
            "This review",
        )

"""The ledger worked out slowly and obviously: loops over rows, a day at a time.

Written from the reading of each rule (the standard's duty, its notes and its source), not from its
expression, so that the two can be wrong only independently. It must use nothing of Ibis.

A dataset here is a mapping from a table's name to its rows, each a dict of every declared column.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from harbourlight.standards.calendar import OutsideCalendar
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.clocks import add_months
from harbourlight.standards.standard import Kind, Outcome, Standard, Standing, outcome_at

Row = Mapping[str, Any]
Data = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a standard may bear on, as read from the rows alone: no clock has run yet."""

    about: str
    about_id: str
    child_id: str
    worker_id: str | None
    team_id: str | None
    starts_at: datetime | None
    met_at: datetime | None = None
    lapsed_at: datetime | None = None
    source_begins_at: datetime | None = None
    standing: Standing = Standing.APPLIES
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger at one moment; `detail` is a code, not its sentence."""

    standard: str
    about: str
    about_id: str
    child_id: str
    worker_id: str | None
    team_id: str | None
    starts_at: datetime | None
    due_at: datetime | None
    met_at: datetime | None
    outcome: Outcome
    detail: str | None


def ledger(data: Data, as_at: datetime, codes: Sequence[str] = tuple(CATALOGUE)) -> list[Entry]:
    """Every entry of the standards named, as at a moment, in no particular order."""
    found = []
    for code in codes:
        for subject in SUBJECTS[code](data):
            judged, due_at = judge(CATALOGUE[code], subject)
            if judged.starts_at is not None and judged.starts_at > as_at:
                continue
            found.append(entry(code, judged, due_at, as_at))
    return found


def judge(standard: Standard, subject: Subject) -> tuple[Subject, datetime | None]:
    """What no passing of time changes: when it is due, and whether it bears on the subject."""
    start = subject.starts_at
    if start is None:
        if subject.standing is Standing.APPLIES:
            return replace(subject, standing=Standing.CANNOT_TELL, detail="no_start"), None
        return subject, None
    limit = standard.limit_on(start.date())
    if limit is None:
        return replace(subject, standing=Standing.NOT_APPLICABLE, detail="not_in_force"), None
    if subject.standing is Standing.NOT_APPLICABLE:
        return subject, None
    if standard.kind is Kind.OCCURRENCE:
        due_at = start
    else:
        try:
            due_at = limit.due(start)
        except OutsideCalendar:
            if subject.standing is Standing.CANNOT_TELL:
                return subject, None
            return replace(subject, standing=Standing.CANNOT_TELL, detail="outside_calendar"), None
    if subject.standing is Standing.CANNOT_TELL:
        return subject, due_at
    if subject.met_at is not None and subject.met_at.date() < start.date():
        return replace(subject, standing=Standing.CANNOT_TELL, detail="dates_contradict"), due_at
    in_time = subject.met_at is not None and subject.met_at <= due_at
    hidden = subject.source_begins_at is not None and subject.source_begins_at > start
    if hidden and not in_time:
        return replace(subject, standing=Standing.CANNOT_TELL, detail="unseen"), due_at
    return subject, due_at


def entry(code: str, subject: Subject, due_at: datetime | None, as_at: datetime) -> Entry:
    """How a judged subject stands at a moment, knowing only what had happened by then."""
    outcome = outcome_at(
        standing=subject.standing,
        due_at=due_at,
        met_at=subject.met_at,
        lapsed_at=subject.lapsed_at,
        as_at=as_at,
    )
    lapsed = subject.standing is Standing.APPLIES and outcome is Outcome.NOT_APPLICABLE
    known = subject.met_at if subject.met_at is not None and subject.met_at <= as_at else None
    return Entry(
        code,
        subject.about,
        subject.about_id,
        subject.child_id,
        subject.worker_id,
        subject.team_id,
        subject.starts_at,
        due_at,
        known,
        outcome,
        "lapsed" if lapsed else subject.detail,
    )


# --- the standards, one function each -----------------------------------------------------------


def decisions(data: Data) -> Iterator[Subject]:
    """REF-DEC: every contact and every referral is decided once; the first decision answers it."""
    begins = begins_at(data, "hl_decisions")
    for contact in data["ssd_contacts"]:
        decision = first_decision(data, "contact", contact["cont_contact_id"])
        yield Subject(
            "contact",
            contact["cont_contact_id"],
            contact["cont_person_id"],
            decision["hlde_decided_by"] if decision else None,
            None,
            contact["cont_contact_date"],
            met_at=decision["hlde_decided_at"] if decision else None,
            source_begins_at=begins,
        )
    for episode in data["ssd_cin_episodes"]:
        decision = first_decision(data, "referral", episode["cine_referral_id"])
        worker, team = holder(data, episode["cine_referral_id"])
        decided_by = decision["hlde_decided_by"] if decision else None
        yield Subject(
            "referral",
            episode["cine_referral_id"],
            episode["cine_person_id"],
            worker or episode["cine_referral_worker_id"] or decided_by,
            team or episode["cine_referral_team"],
            episode["cine_referral_date"],
            met_at=decision["hlde_decided_at"] if decision else None,
            source_begins_at=begins,
        )


def re_referrals(data: Data) -> Iterator[Subject]:
    """REREF-12M: a referral with another of the same child in the twelve months up to it.

    The anniversary itself is outside the twelve months. Of two referrals on one day the later to
    be named is the re-referral.
    """
    begins = begins_at(data, "ssd_cin_episodes")
    for episode in data["ssd_cin_episodes"]:
        day = episode["cine_referral_date"].date()
        limit = CATALOGUE["REREF-12M"].limit_on(day)
        anniversary = add_months(day, -limit.count) if limit else None
        again = False
        for other in data["ssd_cin_episodes"]:
            if other["cine_person_id"] != episode["cine_person_id"] or anniversary is None:
                continue
            earlier = (other["cine_referral_date"], other["cine_referral_id"]) < (
                episode["cine_referral_date"],
                episode["cine_referral_id"],
            )
            if earlier and other["cine_referral_date"].date() > anniversary:
                again = True
        hidden = (
            anniversary is not None
            and begins is not None
            and any(
                anniversary + timedelta(days=back) < begins.date()
                for back in range(1, (day - anniversary).days + 1)
            )
        )
        worker, team = holder(data, episode["cine_referral_id"])
        subject = Subject(
            "referral",
            episode["cine_referral_id"],
            episode["cine_person_id"],
            worker or episode["cine_referral_worker_id"],
            team or episode["cine_referral_team"],
            episode["cine_referral_date"],
        )
        yield once(subject, again, hidden, "re_referral", "earlier_referrals_not_held")


def assessments(data: Data) -> Iterator[Subject]:
    """ASM-45: the first assessment runs from the referral, a later one from its own start.

    A referral with no assessment is itself the subject, unless it led to no further action.
    """
    begins = begins_at(data, "ssd_cin_assessments")
    for assessment in data["ssd_cin_assessments"]:
        episode = one(data["ssd_cin_episodes"], cine_referral_id=assessment["cina_referral_id"])
        siblings = [
            other
            for other in data["ssd_cin_assessments"]
            if other["cina_referral_id"] == assessment["cina_referral_id"]
        ]
        siblings.sort(
            key=lambda row: (
                row["cina_assessment_start_date"] or date.max,
                row["cina_assessment_id"],
            )
        )
        is_first = siblings[0] is assessment
        worker, team = holder(data, assessment["cina_referral_id"])
        subject = Subject(
            "assessment",
            assessment["cina_assessment_id"],
            assessment["cina_person_id"],
            worker or assessment["cina_assessment_worker_id"],
            team or assessment["cina_assessment_team"],
            midnight(assessment["cina_assessment_start_date"]),
            met_at=midnight(assessment["cina_assessment_auth_date"]),
            lapsed_at=midnight(episode["cine_close_date"]) if episode else None,
        )
        if not is_first:
            yield replace(subject, detail="later_assessment")
            continue
        if episode is None:
            yield replace(
                subject,
                starts_at=None,
                standing=Standing.CANNOT_TELL,
                detail="referral_not_held",
            )
            continue
        subject = replace(subject, starts_at=episode["cine_referral_date"])
        referred_on = episode["cine_referral_date"].date()
        started_on = assessment["cina_assessment_start_date"]
        long_after = started_on is not None and (started_on - referred_on).days > 63
        if long_after and begins is not None and referred_on < begins.date():
            subject = replace(subject, standing=Standing.CANNOT_TELL, detail="may_not_be_first")
        yield subject
    for episode in data["ssd_cin_episodes"]:
        if one(data["ssd_cin_assessments"], cina_referral_id=episode["cine_referral_id"]):
            continue
        worker, team = holder(data, episode["cine_referral_id"])
        no_action = episode["cine_referral_nfa"] == "Y"
        yield Subject(
            "referral",
            episode["cine_referral_id"],
            episode["cine_person_id"],
            worker or episode["cine_referral_worker_id"],
            team or episode["cine_referral_team"],
            episode["cine_referral_date"],
            lapsed_at=midnight(episode["cine_close_date"]),
            source_begins_at=begins,
            standing=Standing.NOT_APPLICABLE if no_action else Standing.APPLIES,
            detail="no_further_action" if no_action else "no_assessment",
        )


def conferences(data: Data) -> Iterator[Subject]:
    """S47-ICPC-15: each enquiry that leads to an initial conference, met by the earliest one."""
    for enquiry in data["ssd_s47_enquiry"]:
        held_on = [
            conference["icpc_icpc_date"]
            for conference in data["ssd_initial_cp_conference"]
            if conference["icpc_s47_enquiry_id"] == enquiry["s47e_s47_enquiry_id"]
            and conference["icpc_icpc_date"] is not None
        ]
        episode = one(data["ssd_cin_episodes"], cine_referral_id=enquiry["s47e_referral_id"])
        worker, team = holder(data, enquiry["s47e_referral_id"])
        subject = Subject(
            "s47_enquiry",
            enquiry["s47e_s47_enquiry_id"],
            enquiry["s47e_person_id"],
            worker or enquiry["s47e_s47_completed_by_worker_id"],
            team or enquiry["s47e_s47_completed_by_team"],
            midnight(enquiry["s47e_s47_start_date"]),
            met_at=midnight(min(held_on)) if held_on else None,
            lapsed_at=midnight(episode["cine_close_date"]) if episode else None,
        )
        match conference_required(data, enquiry, bool(held_on)):
            case True:
                yield subject
            case False:
                yield replace(
                    subject, standing=Standing.NOT_APPLICABLE, detail="no_conference_required"
                )
            case None:
                yield replace(
                    subject, standing=Standing.CANNOT_TELL, detail="requirement_not_recorded"
                )


def conference_required(data: Data, enquiry: Row, was_held: bool) -> bool | None:
    """Whether an enquiry calls for a conference; None where it ended and nothing says."""
    if was_held:
        return True
    extra = one(data["hl_s47_enquiries"], hlse_s47_enquiry_id=enquiry["s47e_s47_enquiry_id"])
    if extra is not None and extra["hlse_conference_required"] is not None:
        return bool(extra["hlse_conference_required"] == "Y")
    if enquiry["s47e_s47_nfa"] == "Y":
        return False
    ended = enquiry["s47e_s47_end_date"] is not None
    said = {}
    for flag, value in json.loads(enquiry["s47e_s47_outcome_json"] or "{}").items():
        word = str(value).upper()
        if word in {"Y", "YES", "1", "TRUE"}:
            said[flag.upper()] = True
        elif word in {"N", "NO", "0", "FALSE"}:
            said[flag.upper()] = False
    if said.get("CP_CONFERENCE_FLAG") is True:
        return True
    if any(said.values()):
        return False  # it came to some other outcome
    if not ended:
        return True  # nothing is decided yet, so the clock runs
    return said.get("CP_CONFERENCE_FLAG")


def first_reviews(data: Data) -> Iterator[Subject]:
    """RCPC-3M: each plan, from its initial conference to its first review."""
    begins = begins_at(data, "ssd_cp_reviews")
    for plan in own_plans(data):
        reviews = sorted(
            review["cppr_cp_review_date"]
            for review in data["ssd_cp_reviews"]
            if review["cppr_cp_plan_id"] == plan["cppl_cp_plan_id"]
            and review["cppr_cp_review_date"] is not None
        )
        conference = one(data["ssd_initial_cp_conference"], icpc_icpc_id=plan["cppl_icpc_id"])
        starts_on = plan["cppl_cp_plan_start_date"]
        if conference is not None and conference["icpc_icpc_date"] is not None:
            starts_on = conference["icpc_icpc_date"]
        seen_whole = False
        if begins is not None and last_before_held(data, "ssd_cp_reviews"):
            # The source gives the last review before it begins: none means there was none, and
            # more than one means it gave more than it had to. Just one may hide others.
            earlier = [day for day in reviews if day < begins.date()]
            seen_whole = len(earlier) != 1
        worker, team = holder(data, plan["cppl_referral_id"])
        yield Subject(
            "cp_plan",
            plan["cppl_cp_plan_id"],
            plan["cppl_person_id"],
            worker,
            team,
            midnight(starts_on),
            met_at=midnight(reviews[0]) if reviews else None,
            lapsed_at=midnight(plan["cppl_cp_plan_end_date"]),
            source_begins_at=None if seen_whole else begins,
        )


def next_reviews(data: Data) -> Iterator[Subject]:
    """RCPC-6M: each review, to the next of the same plan."""
    begins = begins_at(data, "ssd_cp_reviews")
    for plan in own_plans(data):
        reviews = [
            review
            for review in data["ssd_cp_reviews"]
            if review["cppr_cp_plan_id"] == plan["cppl_cp_plan_id"]
            and review["cppr_cp_review_date"] is not None
        ]
        reviews.sort(key=lambda row: (row["cppr_cp_review_date"], row["cppr_cp_review_id"]))
        worker, team = holder(data, plan["cppl_referral_id"])
        for place, review in enumerate(reviews):
            following = reviews[place + 1] if place + 1 < len(reviews) else None
            yield Subject(
                "cp_review",
                review["cppr_cp_review_id"],
                plan["cppl_person_id"],
                worker,
                team,
                midnight(review["cppr_cp_review_date"]),
                met_at=midnight(following["cppr_cp_review_date"]) if following else None,
                lapsed_at=midnight(plan["cppl_cp_plan_end_date"]),
                source_begins_at=None if last_before_held(data, "ssd_cp_reviews") else begins,
            )


def plan_lengths(data: Data) -> Iterator[Subject]:
    """CPP-2Y: each plan, from its start to its end."""
    for plan in own_plans(data):
        worker, team = holder(data, plan["cppl_referral_id"])
        yield Subject(
            "cp_plan",
            plan["cppl_cp_plan_id"],
            plan["cppl_person_id"],
            worker,
            team,
            midnight(plan["cppl_cp_plan_start_date"]),
            met_at=midnight(plan["cppl_cp_plan_end_date"]),
        )


def repeat_plans(data: Data) -> Iterator[Subject]:
    """CPP-REPEAT: a plan of a child who has had another in this authority, however long ago.

    Of two plans that start on one day the later to be named is the repeat.
    """
    begins = begins_at(data, "ssd_cp_plans")
    for plan in own_plans(data):
        again = False
        for other in own_plans(data):
            if other["cppl_person_id"] == plan["cppl_person_id"]:
                again |= (other["cppl_cp_plan_start_date"], other["cppl_cp_plan_id"]) < (
                    plan["cppl_cp_plan_start_date"],
                    plan["cppl_cp_plan_id"],
                )
        extra = one(data["hl_cp_plans"], hlcp_cp_plan_id=plan["cppl_cp_plan_id"])
        counted = extra["hlcp_previous_plans"] if extra else None
        again |= counted is not None and counted > 0
        worker, team = holder(data, plan["cppl_referral_id"])
        subject = Subject(
            "cp_plan",
            plan["cppl_cp_plan_id"],
            plan["cppl_person_id"],
            worker,
            team,
            midnight(plan["cppl_cp_plan_start_date"]),
        )
        hidden = counted is None and begins is not None
        yield once(subject, again, hidden, "repeat_plan", "earlier_plans_not_held")


SUBJECTS: Mapping[str, Callable[[Data], Iterator[Subject]]] = {
    "REF-DEC": decisions,
    "REREF-12M": re_referrals,
    "ASM-45": assessments,
    "S47-ICPC-15": conferences,
    "RCPC-3M": first_reviews,
    "RCPC-6M": next_reviews,
    "CPP-2Y": plan_lengths,
    "CPP-REPEAT": repeat_plans,
}


# --- what several of them ask -------------------------------------------------------------------


def once(subject: Subject, again: bool, hidden: bool, seen: str, unseen: str) -> Subject:
    """A subject of something that should happen once: settled, or not to be told, at its start."""
    if again:
        return replace(subject, detail=seen)
    if hidden:
        return replace(subject, standing=Standing.CANNOT_TELL, detail=unseen)
    return replace(subject, met_at=subject.starts_at)


def one(rows: Sequence[Row], **key: str | None) -> Row | None:
    """The first row whose column holds a value; None for no row or no value."""
    ((column, value),) = key.items()
    if value is None:
        return None
    for row in rows:
        if row[column] == value:
            return row
    return None


def first_decision(data: Data, about: str, about_id: str) -> Row | None:
    """The earliest decision on a contact or a referral."""
    found = [
        row
        for row in data["hl_decisions"]
        if row["hlde_about"] == about and row["hlde_about_id"] == about_id
    ]
    return min(
        found, key=lambda row: (row["hlde_decided_at"], row["hlde_decision_id"]), default=None
    )


def holder(data: Data, referral_id: str | None) -> tuple[str | None, str | None]:
    """Worker and team of the latest involvement on an episode; a start not known is the oldest."""
    found = [
        row
        for row in data["ssd_involvements"]
        if referral_id is not None and row["invo_referral_id"] == referral_id
    ]
    if not found:
        return None, None
    latest = max(
        found,
        key=lambda row: (
            row["invo_involvement_start_date"] or date.min,
            row["invo_involvements_id"],
        ),
    )
    return latest["invo_professional_id"], latest["invo_professional_team"]


def own_plans(data: Data) -> list[Row]:
    """The plans this authority made."""
    return [plan for plan in data["ssd_cp_plans"] if plan["cppl_cp_plan_ola"] != "Y"]


def begins_at(data: Data, table: str) -> datetime | None:
    """The moment from which the source holds every row of a table; None where it always did."""
    coverage = one(data["hl_coverage"], hlco_table=table)
    return midnight(coverage["hlco_complete_from"]) if coverage else None


def last_before_held(data: Data, table: str) -> bool:
    """Whether the source also holds the last row before it begins."""
    coverage = one(data["hl_coverage"], hlco_table=table)
    return coverage is not None and coverage["hlco_last_before_held"] == "Y"


def midnight(day: date | None) -> datetime | None:
    """A day as the instant it begins."""
    return None if day is None else datetime.combine(day, time.min)

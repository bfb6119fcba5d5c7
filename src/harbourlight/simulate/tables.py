"""The declared tables, written from what was recorded: a function for each, named as its table.

Each gives the columns it fills; those it does not give are null throughout.
"""

import json
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harbourlight.dataset.tables import SOURCE_TABLES
from harbourlight.simulate import names, outcomes
from harbourlight.simulate.columns import (
    coded,
    constant,
    dates,
    either,
    flags,
    identifiers,
    instants,
    lists_json,
    outcome_json,
    where,
)
from harbourlight.simulate.contacts import SOURCE_CODES
from harbourlight.simulate.days import (
    NEVER,
    Flags,
    Ints,
    add_months,
    date_of,
    number_of,
)
from harbourlight.simulate.families import MOST_CHILDREN
from harbourlight.simulate.recorded import Recorded, Stack
from harbourlight.simulate.workforce import SERVICE_NAMES, Service
from harbourlight.standards.code_sets import label

Columns = dict[str, pa.Array]

ALLOCATED_CASE_WORKER = "Allocated Case Worker"
TRUST_NAME = "Children's services"

_CHILD_SEEN = 0.95
_QUORATE = 0.95
_NO_FACTOR_FOUND = 0.08
"""Of assessments that found no need."""
_EDUCATION_PLAN = 0.11
"""Children of school age with an education, health and care plan."""
_MOTHER = 0.006
"""Girls of fourteen and over who are mothers."""
_SEX_UNRECORDED = 0.0005
_CATEGORY_CHANGES = 0.12

_REFERRAL_OUTCOMES = (
    outcome_json("SINGLE_ASSESSMENT_FLAG"),
    outcome_json("SINGLE_ASSESSMENT_FLAG", "STRATEGY_DISCUSSION_FLAG"),
    outcome_json("NFA_FLAG"),
)
_ASSESSMENT_OUTCOMES = (
    outcome_json("NFA_FLAG"),
    outcome_json("OTHER_ACTIONS_FLAG"),
    outcome_json("PROV_OF_SERVICES_FLAG"),
    outcome_json("STRATEGY_DISCUSSION_FLAG", "PROV_OF_SERVICES_FLAG"),
    outcome_json("NFA_S47_END_FLAG"),
)
_ENQUIRY_OUTCOMES = (
    outcome_json("CP_CONFERENCE_FLAG"),
    outcome_json("PROV_OF_SERVICES_FLAG"),
    outcome_json("NFA_CONTINUE_SINGLE_FLAG"),
    outcome_json("NFA_FLAG"),
)
_CONFERENCE_OUTCOMES = (outcome_json("PROV_OF_SERVICES_FLAG"), outcome_json("CP_FLAG"))


def make_tables(
    recorded: Recorded, rng: np.random.Generator, progress: Callable[[float], None]
) -> dict[str, pa.Table]:
    """Every source table of the dataset, in declared order and of exactly the declared type."""
    made: dict[str, pa.Table] = {}
    streams = rng.spawn(len(SOURCE_TABLES))
    for table, stream in zip(SOURCE_TABLES, streams, strict=True):
        given = _TABLES[table.name](recorded, stream)
        length = len(next(iter(given.values()), ()))
        arrays = [
            given.pop(column.name) if column.name in given else pa.nulls(length, column.arrow_type)
            for column in table.columns
        ]
        assert not given, f"{table.name} declares no {', '.join(given)}"
        made[table.name] = pa.Table.from_arrays(arrays, schema=table.arrow_schema())
        progress(len(made) / len(SOURCE_TABLES))
    return made


def _ssd_person(recorded: Recorded, rng: np.random.Generator) -> Columns:
    families, last = recorded.story.families, recorded.last
    child = recorded.people
    family, count = child // MOST_CHILDREN, len(child)
    born, boy = families.born[child], families.boy[child]
    unborn = born > last
    forename = names.forenames(names.draw_forenames(rng, families.community[family], boy))
    surname = np.where(
        families.other_name[child], families.other_surname[family], families.surname[family]
    )
    unrecorded = rng.random(count) < _SEX_UNRECORDED
    sex = np.where(unborn | unrecorded, 2, (~boy).astype(np.int64))
    of_school_age = born <= last - 4 * 365
    older_girl = ~boy & (born <= last - 14 * 365)
    known_unborn = recorded.known_from[child] < born
    return {
        "pers_person_id": recorded.person_id(child),
        "pers_forename": either(unborn, constant("Unborn", count), forename),
        "pers_surname": names.surnames(surname),
        "pers_sex": coded(("M", "F", "U"), sex),
        "pers_ethnicity": names.ethnicities(rng, families.ethnicity[family]),
        "pers_dob": dates(born, last),
        "pers_upn_unknown": coded(("UN1", "UN6"), _why_no_pupil_number(recorded)),
        "pers_send_flag": flags(of_school_age & (rng.random(count) < _EDUCATION_PLAN)),
        # The one date that may lie ahead: a birth expected.
        "pers_expected_dob": dates(
            np.where(known_unborn, families.expected[child], NEVER), NEVER - 1
        ),
        "pers_death_date": dates(
            np.where(families.died[child], families.until[child], NEVER), last
        ),
        "pers_is_mother": flags(older_girl & (rng.random(count) < _MOTHER)),
    }


def _why_no_pupil_number(recorded: Recorded) -> Ints:
    """For each person, the place of the reason there is no pupil number, or -1 where there is one:
    too young, or not to be had of one in forty. The unborn need no reason."""
    born, last = recorded.story.families.born[recorded.people], recorded.last
    of_age = born <= last - _AT_SCHOOL_DAYS
    none = np.where(of_age, np.where(recorded.people % 40 == 0, 1, -1), 0)
    return np.where(born <= last, none, -1)


def _ssd_contacts(recorded: Recorded, rng: np.random.Generator) -> Columns:
    contacts, histories = recorded.story.contacts, recorded.story.histories
    rows = recorded.contacts
    event = contacts.event[rows]
    decided = histories.decided_at[rows] <= recorded.last_second
    outcome = [outcome_json(flag) for flag in outcomes.CONTACT_FLAGS]
    return {
        "cont_contact_id": identifiers("C", np.arange(len(rows))),
        "cont_person_id": recorded.person_id(contacts.child[rows]),
        "cont_contact_date": instants(contacts.received_at[event]),
        **_source("cont_contact_source_code", "cont_contact_source_desc", contacts.source[event]),
        "cont_contact_outcome_json": coded(outcome, np.where(decided, histories.outcome[rows], -1)),
    }


def _source(code: str, description: str, source: Ints) -> Columns:
    labels = [label("referral_source", each) for each in SOURCE_CODES]
    return {code: coded(SOURCE_CODES, source), description: coded(labels, source)}


def _ssd_cin_episodes(recorded: Recorded, rng: np.random.Generator) -> Columns:
    journeys, work = recorded.story.histories.journeys, recorded.story.workforce
    rows = recorded.journeys
    decided = journeys.decided_at[rows] <= recorded.last_second
    no_action = journeys.no_action[rows]
    at_once = journeys.first_enquiry.start[rows] <= journeys.decided_on[rows] + 1
    result = np.select([~decided, no_action], [-1, 2], at_once.astype(np.int64))
    # Brothers and sisters mostly have one need; it is known where the referral is taken further.
    need = _shared(rng, journeys.event[rows], outcomes.PRIMARY_NEED_SHARES)
    closed = journeys.close[rows] <= recorded.last
    front_door = recorded.story.workforce.referral_worker[rows]
    return {
        "cine_referral_id": recorded.referral_id(rows),
        "cine_person_id": recorded.person_id(journeys.child[rows]),
        "cine_referral_date": instants(journeys.received_at[rows]),
        "cine_cin_primary_need_code": coded(
            outcomes.PRIMARY_NEEDS, np.where(decided & ~no_action, need, -1)
        ),
        **_source(
            "cine_referral_source_code",
            "cine_referral_source_desc",
            recorded.story.contacts.source[journeys.event[rows]],
        ),
        "cine_referral_outcome_json": coded(_REFERRAL_OUTCOMES, result),
        "cine_referral_nfa": where(decided, flags(no_action)),
        "cine_close_reason": coded(outcomes.CLOSURES, np.where(closed, journeys.closure[rows], -1)),
        "cine_close_date": dates(journeys.close[rows], recorded.last),
        "cine_referral_team": recorded.team_id(work.posts.team[work.workers.post[front_door]]),
        "cine_referral_worker_id": recorded.worker_id(front_door),
    }


def _shared(rng: np.random.Generator, event: Ints, shares: tuple[float, ...]) -> Ints:
    """A choice for each row, the same for nine in ten of those of one event."""
    edges = np.cumsum(shares)[:-1]
    together = rng.random(int(event.max(initial=0)) + 1)[event]
    drawn = np.where(rng.random(len(event)) < 0.9, together, rng.random(len(event)))
    return np.searchsorted(edges, drawn, "right")


def _assessment_results(recorded: Recorded) -> Ints:
    """What each recorded assessment came to, by place in `_ASSESSMENT_OUTCOMES`."""
    journeys, stack = recorded.story.histories.journeys, recorded.assessments
    rows = stack.journey
    enquired = stack.pick(journeys.first_enquiry.start, journeys.later_enquiry.start) < NEVER
    helped = (journeys.need_start[rows] < NEVER) | (journeys.protection.start[rows] < NEVER)
    early_help = journeys.closure[rows] == outcomes.TO_EARLY_HELP
    return np.select([helped & enquired, helped, enquired, early_help], [3, 2, 4, 1], 0)


def _ssd_cin_assessments(recorded: Recorded, rng: np.random.Generator) -> Columns:
    journeys, stack = recorded.story.histories.journeys, recorded.assessments
    start = stack.pick(journeys.first.start, journeys.later.start)
    authorised = stack.pick(journeys.first.authorised, journeys.later.authorised)
    done = authorised <= recorded.last
    result = _assessment_results(recorded)
    team, worker = recorded.working(stack.journey, authorised)
    return {
        "cina_assessment_id": _assessment_ids(stack),
        "cina_person_id": recorded.person_id(journeys.child[stack.journey]),
        "cina_referral_id": recorded.referral_id(stack.journey),
        "cina_assessment_start_date": dates(start, recorded.last),
        "cina_assessment_child_seen": where(done, flags(rng.random(len(start)) < _CHILD_SEEN)),
        "cina_assessment_auth_date": dates(authorised, recorded.last),
        "cina_assessment_outcome_json": coded(_ASSESSMENT_OUTCOMES, np.where(done, result, -1)),
        "cina_assessment_outcome_nfa": where(done, flags((result == 0) | (result == 4))),
        "cina_assessment_team": team,
        "cina_assessment_worker_id": worker,
    }


def _assessment_ids(stack: Stack) -> pa.Array:
    return identifiers("A", np.arange(len(stack.journey)))


def _ssd_assessment_factors(recorded: Recorded, rng: np.random.Generator) -> Columns:
    journeys, stack = recorded.story.histories.journeys, recorded.assessments
    authorised = stack.pick(journeys.first.authorised, journeys.later.authorised)
    done = authorised <= recorded.last
    count = int(done.sum())
    codes = [code for code, _ in outcomes.FACTORS]
    shares = np.array([share for _, share in outcomes.FACTORS])
    # The largest few of randomly scaled shares: so many factors, none of them twice.
    scores = np.log(shares).astype(np.float32) + rng.gumbel(size=(count, len(codes)))
    wanted = rng.choice(len(outcomes.FACTOR_COUNTS), size=count, p=outcomes.FACTOR_COUNTS)
    most = len(outcomes.FACTOR_COUNTS)
    highest = -np.partition(-scores, most - 1, axis=1)[:, :most]
    cut = np.take_along_axis(-np.sort(-highest, axis=1), wanted[:, None], axis=1)
    no_need = _assessment_results(recorded)[done] <= 1
    nothing = no_need & (rng.random(count) < _NO_FACTOR_FOUND)
    found = (scores >= cut) & ~nothing[:, None]
    return {
        "cinf_table_id": identifiers("AF", np.arange(count)),
        "cinf_assessment_id": _assessment_ids(stack).filter(pa.array(done)),
        "cinf_assessment_factors_json": lists_json(
            [*codes, outcomes.NO_FACTOR], np.column_stack([found, nothing])
        ),
    }


def _ssd_s47_enquiry(recorded: Recorded, rng: np.random.Generator) -> Columns:
    journeys, stack = recorded.story.histories.journeys, recorded.enquiries
    first, later = journeys.first_enquiry, journeys.later_enquiry
    end = stack.pick(first.end, later.end)
    ended = end <= recorded.last
    required = stack.pick(first.conference, later.conference) < NEVER
    assessing = stack.pick(journeys.first.authorised, journeys.later.authorised) > end
    helped = stack.pick(journeys.need_start, journeys.need_start) < NEVER
    result = np.select([required, helped & ~assessing, assessing], [0, 1, 2], 3)
    team, worker = recorded.working(stack.journey, end)
    return {
        "s47e_s47_enquiry_id": recorded.enquiry_id(stack),
        "s47e_referral_id": recorded.referral_id(stack.journey),
        "s47e_person_id": recorded.person_id(journeys.child[stack.journey]),
        "s47e_s47_start_date": dates(stack.pick(first.start, later.start), recorded.last),
        "s47e_s47_end_date": dates(end, recorded.last),
        "s47e_s47_nfa": where(ended, flags(result == 3)),
        "s47e_s47_outcome_json": coded(_ENQUIRY_OUTCOMES, np.where(ended, result, -1)),
        "s47e_s47_completed_by_worker_id": worker,
        "s47e_s47_completed_by_team": team,
    }


def _hl_s47_enquiries(recorded: Recorded, rng: np.random.Generator) -> Columns:
    journeys, stack = recorded.story.histories.journeys, recorded.enquiries
    first, later = journeys.first_enquiry, journeys.later_enquiry
    required = stack.pick(first.conference, later.conference) < NEVER
    ended = stack.pick(first.end, later.end) <= recorded.last
    return {
        "hlse_s47_enquiry_id": recorded.enquiry_id(stack),
        "hlse_person_id": recorded.person_id(journeys.child[stack.journey]),
        "hlse_conference_required": where(ended, flags(required)),
    }


def _meetings(event: Ints, day: Ints) -> pa.Array:
    """One meeting for the brothers and sisters whose conferences fall on one day."""
    _, number = np.unique(np.stack([day, event], axis=1), axis=0, return_inverse=True)
    return identifiers("M", number.ravel())


def _ssd_initial_cp_conference(recorded: Recorded, rng: np.random.Generator) -> Columns:
    journeys, stack = recorded.story.histories.journeys, recorded.conferences
    first, later = journeys.first_enquiry, journeys.later_enquiry
    held = stack.pick(first.conference, later.conference)
    planned = np.where(stack.is_first, first.planned[stack.journey], later.planned[stack.journey])
    team, worker = recorded.working(stack.journey, held)
    return {
        "icpc_icpc_id": identifiers("IC", np.arange(len(held))),
        "icpc_icpc_meeting_id": _meetings(journeys.event[stack.journey], held),
        "icpc_s47_enquiry_id": recorded.enquiry_id(stack),
        "icpc_person_id": recorded.person_id(journeys.child[stack.journey]),
        "icpc_cp_plan_id": where(planned, recorded.plan_id(stack.journey)),
        "icpc_referral_id": recorded.referral_id(stack.journey),
        "icpc_icpc_transfer_in": flags(np.zeros(len(held), bool)),
        "icpc_icpc_target_date": dates(
            stack.pick(first.conference_due, later.conference_due), NEVER - 1
        ),
        "icpc_icpc_date": dates(held, recorded.last),
        "icpc_icpc_outcome_cp_flag": flags(planned),
        "icpc_icpc_outcome_json": coded(_CONFERENCE_OUTCOMES, planned.astype(np.int64)),
        "icpc_icpc_team": team,
        "icpc_icpc_worker_id": worker,
    }


def _ssd_cp_plans(recorded: Recorded, rng: np.random.Generator) -> Columns:
    journeys, rows = recorded.story.histories.journeys, recorded.protection_plans
    plans = journeys.protection
    initial = _shared(rng, journeys.event[rows], outcomes.CATEGORY_SHARES)
    changed = _shared(rng, journeys.event[rows], outcomes.CATEGORY_SHARES)
    changes = rng.random(len(rows)) < _CATEGORY_CHANGES
    return {
        "cppl_cp_plan_id": recorded.plan_id(rows),
        "cppl_referral_id": recorded.referral_id(rows),
        "cppl_icpc_id": recorded.conference_id(rows),
        "cppl_person_id": recorded.person_id(journeys.child[rows]),
        "cppl_cp_plan_start_date": dates(plans.start[rows], recorded.last),
        "cppl_cp_plan_end_date": dates(plans.end[rows], recorded.last),
        "cppl_cp_plan_initial_category": coded(outcomes.CATEGORIES, initial),
        "cppl_cp_plan_ola": flags(np.zeros(len(rows), bool)),
        "cppl_cp_plan_latest_category": coded(
            outcomes.CATEGORIES, np.where(changes, changed, initial)
        ),
    }


def _hl_cp_plans(recorded: Recorded, rng: np.random.Generator) -> Columns:
    rows = recorded.protection_plans
    return {
        "hlcp_cp_plan_id": recorded.plan_id(rows),
        "hlcp_person_id": recorded.person_id(recorded.story.histories.journeys.child[rows]),
        "hlcp_previous_plans": pa.array(recorded.earlier_plans[rows]),
    }


def _ssd_cp_reviews(recorded: Recorded, rng: np.random.Generator) -> Columns:
    journeys, reviews = recorded.story.histories.journeys, recorded.reviews
    plans, rows = journeys.protection, reviews.journey
    due = plans.review_due[rows, reviews.place]
    held = np.where(reviews.was_held, plans.review_held[rows, reviews.place], NEVER)
    under_four = held < add_months(recorded.story.families.born[journeys.child[rows]], 48)
    taking_part = rng.choice(
        len(outcomes.PARTICIPATION), size=len(rows), p=outcomes.PARTICIPATION_SHARES
    )
    taking_part = np.where(under_four, 0, taking_part)
    meeting = _meetings(journeys.event[rows], held)
    return {
        "cppr_cp_review_id": identifiers("CR", np.arange(len(rows))),
        "cppr_person_id": recorded.person_id(journeys.child[rows]),
        "cppr_cp_plan_id": recorded.plan_id(rows),
        "cppr_cp_review_due": dates(due, NEVER - 1),
        "cppr_cp_review_date": dates(held, recorded.last),
        "cppr_cp_review_meeting_id": where(reviews.was_held, meeting),
        "cppr_cp_review_outcome_continue_cp": where(
            reviews.was_held, flags(held != plans.end[rows])
        ),
        "cppr_cp_review_quorate": where(reviews.was_held, flags(rng.random(len(rows)) < _QUORATE)),
        "cppr_cp_review_participation": coded(
            outcomes.PARTICIPATION, np.where(reviews.was_held, taking_part, -1)
        ),
    }


def _ssd_cin_plans(recorded: Recorded, rng: np.random.Generator) -> Columns:
    journeys, stack = recorded.story.histories.journeys, recorded.need_plans
    end = stack.pick(journeys.need_end, journeys.step_down_end)
    team, worker = recorded.working(stack.journey, end)
    return {
        "cinp_cin_plan_id": identifiers("N", np.arange(len(end))),
        "cinp_referral_id": recorded.referral_id(stack.journey),
        "cinp_person_id": recorded.person_id(journeys.child[stack.journey]),
        "cinp_cin_plan_start_date": dates(
            stack.pick(journeys.need_start, journeys.step_down_start), recorded.last
        ),
        "cinp_cin_plan_end_date": dates(end, recorded.last),
        "cinp_cin_plan_team": team,
        "cinp_cin_plan_worker_id": worker,
    }


def _ssd_involvements(recorded: Recorded, rng: np.random.Generator) -> Columns:
    every, rows = recorded.story.workforce.involvements, recorded.involvements
    journey = every.journey[rows]
    return {
        "invo_involvements_id": identifiers("I", np.arange(len(rows))),
        "invo_professional_id": recorded.worker_id(every.worker[rows]),
        "invo_professional_role_id": constant(ALLOCATED_CASE_WORKER, len(rows)),
        "invo_professional_team": recorded.team_id(
            recorded.story.workforce.posts.team[every.post[rows]]
        ),
        "invo_involvement_start_date": dates(every.start[rows], recorded.last),
        "invo_involvement_end_date": dates(every.end[rows], recorded.last),
        "invo_worker_change_reason": coded(outcomes.CHANGE_REASONS, every.reason[rows]),
        "invo_person_id": recorded.person_id(recorded.story.histories.journeys.child[journey]),
        "invo_referral_id": recorded.referral_id(journey),
    }


_TITLES = ("Team manager", "Social worker", "Senior social worker", "Newly qualified social worker")


def _ssd_professionals(recorded: Recorded, rng: np.random.Generator) -> Columns:
    work = recorded.story.workforce
    rows, count = recorded.workers, len(recorded.workers)
    post, agency = work.workers.post[rows], work.workers.agency[rows]
    manages = work.posts.manages[post]
    community = names.draw_communities(rng, count)
    forename = names.forenames(names.draw_forenames(rng, community, rng.random(count) < 0.19))
    surname = names.surnames(names.draw_surnames(rng, community))
    ladder = rng.random(count)
    title = np.select([manages, ladder < 0.22, (ladder > 0.87) & ~agency], [0, 2, 3], 1)
    full_time = np.array([1.0, 0.8, 0.6, 0.5])[rng.choice(4, size=count, p=(0.8, 0.1, 0.07, 0.03))]
    team_names = [name for _, name in work.teams]
    registration = 9_000_000 + rng.choice(1_000_000, size=count, replace=False)
    return {
        "prof_professional_id": recorded.worker_id(rows),
        "prof_staff_id": identifiers("E", np.arange(count)),
        "prof_professional_name": names.full(forename, surname),
        "prof_social_worker_registration_no": identifiers("SW", registration),
        "prof_professional_job_title": coded(_TITLES, title),
        "prof_professional_caseload": _caseloads(recorded, rows, manages),
        "prof_professional_department": coded(team_names, work.posts.team[post]),
        "prof_full_time_equivalency": pa.array(full_time),
        "prof_agency_worker_flag": flags(agency),
    }


def _caseloads(recorded: Recorded, workers: Ints, manages: Flags) -> pa.Array:
    """Children held on the 30 September before, by those who held cases and were in post then."""
    every = recorded.story.workforce.workers
    last = date_of(recorded.last)
    census = last.replace(month=9, day=30)
    if census > last:
        census = census.replace(year=last.year - 1)
    day = number_of(census)
    held = recorded.story.workforce.involvements
    rows = recorded.involvements
    on_the_day = rows[(held.start[rows] <= day) & (held.end[rows] > day)]
    counts = np.bincount(held.worker[on_the_day], minlength=len(every.post))[workers]
    in_post = (every.start[workers] <= day) & (every.end[workers] > day)
    return pa.array(counts, mask=~in_post | manages)


def _ssd_department(recorded: Recorded, rng: np.random.Generator) -> Columns:
    teams = recorded.story.workforce.teams
    services = list(Service)
    parents = [-1] + [0] * len(services) + [1 + services.index(service) for service, _ in teams]
    titles = [TRUST_NAME, *SERVICE_NAMES.values(), *(name for _, name in teams)]
    parent = np.array(parents)
    return {
        "dept_team_id": identifiers("T", np.arange(len(titles))),
        "dept_team_name": pa.array(titles, pa.string()),
        "dept_team_parent_id": identifiers("T", parent),
        "dept_team_parent_name": coded(titles, parent),
    }


def _hl_decisions(recorded: Recorded, rng: np.random.Generator) -> Columns:
    histories, work = recorded.story.histories, recorded.story.workforce
    journeys, contacts = histories.journeys, recorded.contacts
    referrals = recorded.journeys
    outcome = np.concatenate(
        [
            histories.outcome[contacts],
            np.where(journeys.no_action[referrals], outcomes.NO_FURTHER_ACTION, outcomes.REFERRED),
        ]
    )
    decided_at = np.concatenate([histories.decided_at[contacts], journeys.decided_at[referrals]])
    about_id = pa.concat_arrays(
        [identifiers("C", np.arange(len(contacts))), recorded.referral_id(referrals)]
    )
    child = np.concatenate([recorded.story.contacts.child[contacts], journeys.child[referrals]])
    decider = np.concatenate([work.contact_decider[contacts], work.referral_decider[referrals]])
    edges = np.cumsum(np.array(outcomes.LEVEL_SHARES), axis=1)[outcome]
    level = np.minimum((rng.random(len(outcome))[:, None] > edges).sum(axis=1), 3)
    about = (np.arange(len(outcome)) >= len(contacts)).astype(np.int64)

    rows = np.flatnonzero(decided_at <= recorded.last_second)
    rows = rows[np.argsort(decided_at[rows], kind="stable")]
    return {
        "hlde_decision_id": identifiers("D", np.arange(len(rows))),
        "hlde_person_id": recorded.person_id(child[rows]),
        "hlde_about": coded(("contact", "referral"), about[rows]),
        "hlde_about_id": about_id.take(pa.array(rows)),
        "hlde_decided_at": instants(decided_at[rows]),
        "hlde_decided_by": recorded.worker_id(decider[rows]),
        "hlde_level": coded(outcomes.LEVELS, level[rows]),
        "hlde_outcome": coded(outcomes.CONTACT_OUTCOMES, outcome[rows]),
    }


def _hl_coverage(recorded: Recorded, rng: np.random.Generator) -> Columns:
    dated = [table.name for table in SOURCE_TABLES if table.dated]
    first = np.full(len(dated), recorded.story.period.first)
    return {
        "hlco_table": pa.array(dated, pa.string()),
        "hlco_complete_from": dates(first, recorded.last),
        "hlco_last_before_held": flags(np.zeros(len(dated), bool)),
    }


def _ssd_disability(recorded: Recorded, rng: np.random.Generator) -> Columns:
    """The disabilities of some children; of the others in need that there is none, but for the few
    nobody asked about. Of children who are not in need only what somebody mentioned is known."""
    count = len(recorded.people)
    born = recorded.story.families.born[recorded.people] <= recorded.last
    asked = ~recorded.disability_unrecorded
    disabled = born & asked & (rng.random(count) < _DISABLED)
    several = disabled & (rng.random(count) < _DISABLED_TWICE)
    drawn = rng.choice(len(_DISABILITIES), size=count, p=_DISABILITY_SHARES)
    # Another than the first: as many places further on, and round again.
    further = rng.integers(1, len(_DISABILITIES), count)
    none = recorded.in_need & asked & ~disabled
    rows = np.concatenate([np.flatnonzero(which) for which in (disabled, several, none)])
    code = np.concatenate(
        [
            drawn[disabled],
            (drawn + further)[several] % len(_DISABILITIES),
            np.full(none.sum(), len(_DISABILITIES)),
        ]
    )
    order = np.argsort(rows, kind="stable")
    return {
        "disa_person_id": recorded.person_id(recorded.people[rows[order]]),
        "disa_table_id": identifiers("D", np.arange(len(rows))),
        "disa_disability_code": coded((*_DISABILITIES, "NONE"), code[order]),
    }


def _ssd_address(recorded: Recorded, rng: np.random.Generator) -> Columns:
    """Where each child lives: the home of the family, in an invented town."""
    families, child = recorded.story.families, recorded.people
    _, home = np.unique(child // MOST_CHILDREN, return_inverse=True)
    homes = int(home.max()) + 1
    house, street = rng.integers(1, 140, homes), rng.integers(0, len(_STREETS), homes)
    sector, unit = rng.integers(1, 10, homes), rng.integers(0, 400, homes)
    district = 1 + street % 30
    lines = [
        json.dumps({"LINES": f"{number} {_STREETS[place]}\nHarbourton"})
        for number, place in zip(house, street, strict=True)
    ]
    letters = "ABDEFGHJLNPQRSTUWXYZ"  # those that end a postcode
    postcodes = [
        f"QX{outward}{inward}{letters[pair // 20]}{letters[pair % 20]}"
        for outward, inward, pair in zip(district, sector, unit, strict=True)
    ]
    since = families.born[child]
    return {
        "addr_table_id": identifiers("H", np.arange(len(child))),
        "addr_address_json": pa.array(lines, pa.string()).take(pa.array(home)),
        "addr_person_id": recorded.person_id(child),
        "addr_address_type": constant("home", len(child)),
        "addr_address_start_date": dates(since, recorded.last),
        "addr_address_postcode": pa.array(postcodes, pa.string()).take(pa.array(home)),
    }


def _ssd_linked_identifiers(recorded: Recorded, rng: np.random.Generator) -> Columns:
    """The unique pupil number of each child at school."""
    of_age = recorded.story.families.born[recorded.people] <= recorded.last - _AT_SCHOOL_DAYS
    rows = np.flatnonzero(of_age & (_why_no_pupil_number(recorded) < 0))
    number = np.arange(len(rows))
    # The five last figures run out at 100,000: others begin at other schools.
    school = rng.integers(0, _SCHOOLS, len(rows)) + _SCHOOLS * (number // 100_000)
    parts = (_PUPIL_NUMBERS_OF, 3), (2000 + school, 4), (number // 1000 % 100, 2), (number, 3)
    figures = [
        np.broadcast_to(value // 10**place % 10, rows.shape)
        for value, length in parts
        for place in reversed(range(length))
    ]
    weights = np.arange(2, 2 + len(figures))
    check = (weights[:, None] * np.stack(figures)).sum(axis=0) % len(_CHECK_LETTERS)
    written = [pc.cast(pa.array(figure), pa.string()) for figure in figures]
    return {
        "link_table_id": identifiers("U", number),
        "link_person_id": recorded.person_id(recorded.people[rows]),
        "link_identifier_type": constant("Unique Pupil Number", len(rows)),
        "link_identifier_value": pc.binary_join_element_wise(
            coded(tuple(_CHECK_LETTERS), check), *written, ""
        ),
    }


def _ssd_family(recorded: Recorded, rng: np.random.Generator) -> Columns:
    """Who is of which family."""
    _, number = np.unique(recorded.people // MOST_CHILDREN, return_inverse=True)
    return {
        "fami_table_id": identifiers("M", np.arange(len(recorded.people))),
        "fami_family_id": identifiers("F", number),
        "fami_person_id": recorded.person_id(recorded.people),
    }


_AT_SCHOOL_DAYS = 5 * 365 + 1
_PUPIL_NUMBERS_OF = 201
"""The authority whose number they begin with."""
_SCHOOLS = 60
_CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""By the sum of each figure times its place, over 23 (DfE, Unique pupil numbers, annex)."""
_DISABLED = 0.11
_DISABLED_TWICE = 0.3
"""Of the disabled, who have a second disability recorded."""
_DISABILITIES = (
    "LD",
    "AUT",
    "BEH",
    "COMM",
    "MOB",
    "HEAR",
    "VIS",
    "CON",
    "PC",
    "INC",
    "HAND",
    "DDA",
)
_DISABILITY_SHARES = (0.24, 0.25, 0.16, 0.11, 0.06, 0.03, 0.03, 0.02, 0.03, 0.02, 0.01, 0.04)
_STREETS = tuple(
    f"{name} {kind}"
    for kind in ("Street", "Road", "Close", "Terrace", "Lane", "Gardens")
    for name in (
        "Quay",
        "Lantern",
        "Slipway",
        "Ropewalk",
        "Beacon",
        "Cooper",
        "Saltmarsh",
        "Mariner",
        "Tidewell",
        "Oarsman",
        "Chandler",
        "Gannet",
        "Fathom",
        "Harbour",
        "Windlass",
        "Shingle",
    )
)
"""Invented. No postcode begins with QX."""


def _none(recorded: Recorded, rng: np.random.Generator) -> Columns:
    """No row: nothing in the story is told by this table."""
    return {}


_TABLES: dict[str, Callable[[Recorded, np.random.Generator], Columns]] = {
    "ssd_person": _ssd_person,
    "ssd_contacts": _ssd_contacts,
    "ssd_cin_episodes": _ssd_cin_episodes,
    "ssd_cin_assessments": _ssd_cin_assessments,
    "ssd_assessment_factors": _ssd_assessment_factors,
    "ssd_s47_enquiry": _ssd_s47_enquiry,
    "ssd_initial_cp_conference": _ssd_initial_cp_conference,
    "ssd_cp_plans": _ssd_cp_plans,
    "ssd_cp_reviews": _ssd_cp_reviews,
    "ssd_cin_plans": _ssd_cin_plans,
    "ssd_involvements": _ssd_involvements,
    "ssd_professionals": _ssd_professionals,
    "ssd_department": _ssd_department,
    "hl_decisions": _hl_decisions,
    "hl_s47_enquiries": _hl_s47_enquiries,
    "hl_cp_plans": _hl_cp_plans,
    "hl_coverage": _hl_coverage,
    "ssd_disability": _ssd_disability,
    "ssd_address": _ssd_address,
    "ssd_linked_identifiers": _ssd_linked_identifiers,
    "ssd_family": _ssd_family,
    "ssd_mother": _none,
    "hl_assessments": _none,
}

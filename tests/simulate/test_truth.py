"""The truth file says of a trust what its tables say, worked out again slowly and from nothing."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

import pytest

from harbourlight.dataset.engines import DuckDB, load_tables
from harbourlight.ledger.evaluation import evaluate
from harbourlight.simulate import simulate
from harbourlight.standards.calendar import add_working_days
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.clocks import add_months
from harbourlight.standards.standard import Outcome


def planted(trust):
    return {
        (failing["standard"], failing["about"]): failing["subjects"]
        for failing in trust.truth["failings"]
    }


class Read:
    """A trust's tables as lists of rows, and each standard asked of them one row at a time."""

    def __init__(self, trust):
        self.first = date.fromisoformat(trust.truth["first_day"])
        self.last = date.fromisoformat(trust.truth["until"])
        for name, rows in trust.tables.items():
            setattr(self, name, rows.to_pylist())
        self.episodes = {row["cine_referral_id"]: row for row in self.ssd_cin_episodes}

    def gone_by(self, due, *met):
        """Whether `due` went by before any of the days met, or the last day."""
        return min([self.last, *(day for day in met if day is not None)]) > due

    def undecided(self, about, received):
        decided = {
            row["hlde_about_id"]: row["hlde_decided_at"].date()
            for row in self.hl_decisions
            if row["hlde_about"] == about
        }
        return {
            key
            for key, at in received
            if at.date() >= self.first
            and self.gone_by(add_working_days(at.date(), 1), decided.get(key))
        }

    def contacts(self):
        return self.undecided(
            "contact", ((r["cont_contact_id"], r["cont_contact_date"]) for r in self.ssd_contacts)
        )

    def referrals(self):
        return self.undecided(
            "referral",
            ((r["cine_referral_id"], r["cine_referral_date"]) for r in self.ssd_cin_episodes),
        )

    def re_referrals(self):
        by_child = defaultdict(list)
        for row in self.ssd_cin_episodes:
            by_child[row["cine_person_id"]].append(row)
        return {
            row["cine_referral_id"]
            for rows in by_child.values()
            for row in rows
            for other in rows
            if other["cine_referral_date"] < row["cine_referral_date"]
            and other["cine_referral_date"].date()
            > add_months(row["cine_referral_date"].date(), -12)
        }

    def assessments(self):
        late, seen = set(), set()
        for row in sorted(self.ssd_cin_assessments, key=lambda r: r["cina_assessment_start_date"]):
            episode = self.episodes[row["cina_referral_id"]]
            start = row["cina_assessment_start_date"]
            if episode["cine_referral_id"] not in seen:
                start = episode["cine_referral_date"].date()
            seen.add(episode["cine_referral_id"])
            if self.gone_by(add_working_days(start, 45), row["cina_assessment_auth_date"]):
                late.add(row["cina_assessment_id"])
        return late

    def conferences(self):
        held = {
            r["icpc_s47_enquiry_id"]: r["icpc_icpc_date"] for r in self.ssd_initial_cp_conference
        }
        required = {
            r["hlse_s47_enquiry_id"]
            for r in self.hl_s47_enquiries
            if r["hlse_conference_required"] == "Y"
        }
        return {
            row["s47e_s47_enquiry_id"]
            for row in self.ssd_s47_enquiry
            if row["s47e_s47_enquiry_id"] in required
            and self.gone_by(
                add_working_days(row["s47e_s47_start_date"], 15),
                held.get(row["s47e_s47_enquiry_id"]),
            )
        }

    def reviews_of(self, plan):
        return sorted(
            (
                row
                for row in self.ssd_cp_reviews
                if row["cppr_cp_plan_id"] == plan["cppl_cp_plan_id"] and row["cppr_cp_review_date"]
            ),
            key=lambda row: row["cppr_cp_review_date"],
        )

    def first_reviews(self):
        return {
            plan["cppl_cp_plan_id"]
            for plan in self.ssd_cp_plans
            if plan["cppl_cp_plan_start_date"] >= self.first
            and self.gone_by(
                add_months(plan["cppl_cp_plan_start_date"], 3),
                plan["cppl_cp_plan_end_date"],
                *(row["cppr_cp_review_date"] for row in self.reviews_of(plan)),
            )
        }

    def next_reviews(self):
        late = set()
        for plan in self.ssd_cp_plans:
            reviews = self.reviews_of(plan)
            following = [row["cppr_cp_review_date"] for row in reviews[1:]] + [None]
            for row, then in zip(reviews, following, strict=False):
                held = row["cppr_cp_review_date"]
                due = add_months(held, 6)
                if held >= self.first and self.gone_by(due, then, plan["cppl_cp_plan_end_date"]):
                    late.add(row["cppr_cp_review_id"])
        return late

    def long_plans(self):
        return {
            plan["cppl_cp_plan_id"]
            for plan in self.ssd_cp_plans
            if self.gone_by(
                add_months(plan["cppl_cp_plan_start_date"], 24), plan["cppl_cp_plan_end_date"]
            )
        }

    def repeat_plans(self):
        return {r["hlcp_cp_plan_id"] for r in self.hl_cp_plans if r["hlcp_previous_plans"] > 0}


SLOWLY = {
    ("REF-DEC", "contact"): Read.contacts,
    ("REF-DEC", "referral"): Read.referrals,
    ("REREF-12M", "referral"): Read.re_referrals,
    ("ASM-45", "assessment"): Read.assessments,
    ("S47-ICPC-15", "s47_enquiry"): Read.conferences,
    ("RCPC-3M", "cp_plan"): Read.first_reviews,
    ("RCPC-6M", "cp_review"): Read.next_reviews,
    ("CPP-2Y", "cp_plan"): Read.long_plans,
    ("CPP-REPEAT", "cp_plan"): Read.repeat_plans,
}


@pytest.fixture(scope="module")
def read(trust):
    return Read(trust)


@pytest.mark.parametrize("failing", SLOWLY, ids=" ".join)
def test_the_truth_is_what_the_tables_say(trust, read, failing):
    subjects = planted(trust)[failing]
    assert len(set(subjects)) == len(subjects) > 0
    assert set(subjects) == SLOWLY[failing](read)


def test_every_standard_has_its_failings_planted(trust):
    assert planted(trust).keys() == SLOWLY.keys()
    assert {standard for standard, _ in SLOWLY} == set(CATALOGUE)


@pytest.mark.parametrize(
    ("seed", "until"),
    [
        (1, date(2026, 3, 31)),
        (2, date(2025, 12, 25)),  # a bank holiday, with a new year still to come
        (3, date(2024, 2, 29)),
    ],
)
def test_the_ledger_finds_every_planted_failing_and_no_other(seed, until):
    trust = simulate(children=600, years=3, seed=seed, until=until)
    with DuckDB() as engine:
        load_tables(engine, trust.tables)
        end = datetime.combine(until, time(23, 59, 59))
        entries = evaluate(engine, list(CATALOGUE.values()), end).to_pylist()
    found = defaultdict(set)
    for entry in entries:
        if entry["outcome"] in (Outcome.MET_LATE, Outcome.OVERDUE):
            found[entry["standard"], entry["about"]].add(entry["about_id"])
    assert {failing: set(subjects) for failing, subjects in planted(trust).items()} == {
        failing: found[failing] for failing in SLOWLY
    }


def test_assessments_run_late_in_the_months_when_the_truth_says_they_did(trust, read):
    [change] = trust.truth["changes"]
    begin, end = (date.fromisoformat(change[key]) for key in ("from", "to"))
    late = set(planted(trust)["ASM-45", "assessment"])
    shares = {}
    for meanwhile in (True, False):
        begun = [
            row["cina_assessment_id"]
            for row in read.ssd_cin_assessments
            if (begin <= row["cina_assessment_start_date"] <= end) == meanwhile
            and read.first <= row["cina_assessment_start_date"] < read.last - timedelta(120)
        ]
        shares[meanwhile] = len(late.intersection(begun)) / len(begun)
    assert 0.25 < shares[True] < 0.45
    assert 0.10 < shares[False] < 0.20


def test_agency_workers_hold_the_assessment_teams_in_those_months(ask, trust):
    [change] = trust.truth["changes"]
    begin, end = (date.fromisoformat(change[key]) for key in ("from", "to"))

    def agency_share(day):
        [(share,)] = ask(
            f"""SELECT avg((prof_agency_worker_flag = 'Y')::INT) FROM ssd_involvements
            JOIN ssd_professionals ON prof_professional_id = invo_professional_id
            JOIN ssd_department ON dept_team_id = invo_professional_team
            WHERE dept_team_name LIKE 'Assessment%'
            AND DATE '{day}' >= invo_involvement_start_date
            AND DATE '{day}' < coalesce(invo_involvement_end_date, DATE '2100-01-01')"""
        )
        return share

    before, meanwhile = agency_share(begin - timedelta(90)), agency_share(end - timedelta(60))
    assert meanwhile > before + 0.15

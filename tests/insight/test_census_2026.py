"""Two real-shaped censuses, judged by hand: some children in words, and the whole by plain loops.

The days were counted on a calendar, from the XML, before the ledger was asked. Where the words give
a count they give it by weeks: "2 + 5 + 3" is two days to the end of the first week, and so on.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import holidays
import pytest
from lxml import etree

from harbourlight.dataset.engines import DuckDB, load_tables
from harbourlight.dataset.loaders import Source, read
from harbourlight.ledger.evaluation import evaluate
from harbourlight.standards.catalogue import CATALOGUE
from tests.samples import SAMPLES, needs_samples

pytestmark = needs_samples

FULL, REFERRALS_ONLY = SAMPLES / "cin_census_2026.xml", SAMPLES / "cin_census_sample.xml"
AS_AT = datetime.fromisoformat("2026-03-31T23:59:59")


def judged(source: Source, as_at: datetime) -> list[dict]:
    """The ledger of the standards that the source can answer; details as their codes."""
    standards = [held for held in CATALOGUE.values() if set(held.needs) <= source.held]
    with DuckDB() as engine:
        load_tables(engine, source.tables)
        return evaluate(engine, standards, as_at).to_pylist()


@pytest.fixture(scope="module")
def census() -> Source:
    return read(FULL)


@pytest.fixture(scope="module")
def ledger(census) -> list[dict]:
    return judged(census, AS_AT)


# --- twenty-two children, by hand -----------------------------------------------------------------

ONE_YEAR_HELD = (
    "cannot_tell",
    "earlier_referrals_not_held",
    "A census holds the referrals of its year; the twelve months before this one reach further "
    "back, and an earlier referral that had closed would not be here.",
)
BEFORE_THE_YEAR = (
    "cannot_tell",
    "unseen",
    "Referred before 1 April 2025 with no assessment here: one authorised before that day would "
    "not be.",
)
PLAN_RUNNING = ("due", None, "Open, and not yet two years old.")
ENDED_WITHIN_2_YEARS = ("met", None, "It ended within two years.")
NO_PLAN_BEFORE = ("met", None, "The census counts no plan before it.")
NO_CONFERENCE = ("not_applicable", "no_conference_required", "The census says none was required.")
REVIEW_TO_COME = ("due", None, "The last review so far; six months have not passed.")

CHILDREN = {
    "S17C000299 assessed on the last day, with two bank holidays in May": [
        ("ASM-45", "1.A1", "2025-04-28", "2025-07-02", "2025-07-02", "met", None,
         "4 to 2 May, 4 without May Day, 5, 5, 4 without the 26th, then 5, 5, 5, 5 to 27 June make "
         "42; 30 June, 1 and 2 July are the last three."),
        ("REREF-12M", "1", "2025-04-28", "2025-04-28", None, *ONE_YEAR_HELD),
        ("S47-ICPC-15", "1.S1", "2025-04-30", None, None, *NO_CONFERENCE),
    ],
    "S17C000271 assessed one working day late, over Easter": [
        ("ASM-45", "1.A1", "2025-04-09", "2025-06-17", "2025-06-18", "met_late", None,
         "2 + 4 to Maundy Thursday, 4 after Easter Monday, 5, 4, 5, 5, 4, 5, 5 to 13 June make 43; "
         "16 and 17 June are the last two."),
        ("REREF-12M", "1", "2025-04-09", "2025-04-09", None, *ONE_YEAR_HELD),
        ("S47-ICPC-15", "1.S1", "2025-04-11", None, None, *NO_CONFERENCE),
    ],
    "S17C000808 an assessment and a conference over Christmas": [
        ("ASM-45", "1.A1", "2025-12-18", "2026-02-24", "2026-02-19", "met", None,
         "1 + 3 to Christmas Eve, 3 + 1 round New Year, then seven weeks from 5 January make 43 on "
         "20 February; 23 and 24 February."),
        ("S47-ICPC-15", "1.S1", "2025-12-19", "2026-01-14", "2026-01-12", "met", None,
         "3 + 3 + 1 to 2 January, 5 to the 9th, then 12, 13 and 14. The file's own target of 9 "
         "January forgets Christmas Day, Boxing Day and New Year's Day."),
        ("RCPC-3M", "1.P1", "2026-01-12", "2026-04-12", None, "due", None,
         "Three months from the conference is 12 April."),
        ("CPP-2Y", "1.P1", "2026-01-12", "2028-01-12", None, *PLAN_RUNNING),
        ("CPP-REPEAT", "1.P1", "2026-01-12", "2026-01-12", "2026-01-12", *NO_PLAN_BEFORE),
        ("REREF-12M", "1", "2025-12-18", "2025-12-18", None, *ONE_YEAR_HELD),
    ],
    "S17C000720 open and overdue by one day": [
        ("ASM-45", "2.A1", "2026-01-26", "2026-03-30", None, "overdue", None,
         "4 to 30 January and eight whole weeks to 27 March are 44; the 45th is 30 March. Nothing "
         "was authorised by the 31st."),
        ("ASM-45", "1", "2024-11-20", "2025-01-27", None, *BEFORE_THE_YEAR),
        ("REREF-12M", "1", "2024-11-20", "2024-11-20", None, *ONE_YEAR_HELD),
        ("REREF-12M", "2", "2026-01-26", "2026-01-26", None, *ONE_YEAR_HELD),
    ],
    "S17C000431 open and due on the day before Good Friday": [
        ("ASM-45", "1.A1", "2025-02-26", "2025-05-02", "2025-04-04", "met", None,
         "2, then 5 a week to 11 April make 32; 4 to Maundy Thursday, 4, 5 to 2 May. Referred "
         "before the year but assessed within nine weeks, so it is taken to be the first."),
        ("ASM-45", "2.A1", "2026-01-29", "2026-04-02", None, "due", None,
         "1 and eight whole weeks to 27 March are 41; 30 and 31 March, 1 and 2 April."),
        ("REREF-12M", "1", "2025-02-26", "2025-02-26", None, *ONE_YEAR_HELD),
        ("REREF-12M", "2", "2026-01-29", "2026-01-29", None, "overdue", "re_referral",
         "The referral of 26 February 2025 is eleven months before."),
    ],
    "S17C000003 from before the year, closed in its first days, no assessment held": [
        ("ASM-45", "1", "2024-08-02", "2024-10-07", None, *BEFORE_THE_YEAR),
        ("REREF-12M", "1", "2024-08-02", "2024-08-02", None, *ONE_YEAR_HELD),
    ],
    "S17C000026 no further action": [
        ("ASM-45", "1", "2025-04-04", None, None, "not_applicable", "no_further_action",
         "ReferralNFA is true and there is no assessment."),
        ("REREF-12M", "1", "2025-04-04", "2025-04-04", None, *ONE_YEAR_HELD),
    ],
    "S17C000364 everything began on the August bank holiday": [
        ("ASM-45", "1.A1", "2025-08-25", "2025-10-27", "2025-10-28", "met_late", None,
         "4 to 29 August and eight whole weeks to 24 October are 44; the 45th is Monday 27th."),
        ("S47-ICPC-15", "1.S1", "2025-08-25", "2025-09-15", "2025-09-15", "met", None,
         "4 + 5 + 5 to 12 September; the 15th is the 15th."),
        ("RCPC-3M", "1.P1", "2025-09-15", "2025-12-15", "2025-12-19", "met_late", None,
         "Four days after the three months."),
        ("RCPC-6M", "1.P1.R1", "2025-12-19", "2026-06-19", None, *REVIEW_TO_COME),
        ("CPP-2Y", "1.P1", "2025-09-15", "2027-09-15", None, *PLAN_RUNNING),
        ("CPP-REPEAT", "1.P1", "2025-09-15", "2025-09-15", None, "overdue", "repeat_plan",
         "The census counts two plans before it, neither of them in the file."),
        ("REREF-12M", "1", "2025-08-25", "2025-08-25", None, *ONE_YEAR_HELD),
    ],
    "S17C000334 came back: two referrals, two enquiries, two plans": [
        ("ASM-45", "1.A1", "2025-04-03", "2025-06-11", "2025-06-27", "met_late", None,
         "1 + 5 + 4 to Maundy Thursday, 4, 5, 4, 5, 5, 4, 5 to 6 June make 42; 9, 10, 11 June."),
        ("ASM-45", "2.A1", "2025-11-07", "2026-01-14", "2025-11-28", "met", None,
         "Three weeks after the referral."),
        ("S47-ICPC-15", "1.S1", "2025-04-05", "2025-04-29", "2025-04-25", "met", None,
         "From a Saturday: 5 + 4 to Maundy Thursday, 4 to the 25th, then 28 and 29 April."),
        ("S47-ICPC-15", "2.S1", "2025-11-09", "2025-11-28", "2025-12-01", "met_late", None,
         "From a Sunday, three whole weeks end on Friday 28th; it was held on the Monday."),
        ("RCPC-3M", "1.P1", "2025-04-25", "2025-07-25", "2025-07-29", "met_late", None,
         "Four days late, and before the plan ended."),
        ("RCPC-3M", "2.P1", "2025-12-01", "2026-03-01", "2026-02-19", "met", None,
         "Before 1 March."),
        ("RCPC-6M", "1.P1.R1", "2025-07-29", "2026-01-29", None, "not_applicable", "lapsed",
         "The plan ended on 3 August, five days later."),
        ("RCPC-6M", "2.P1.R1", "2026-02-19", "2026-08-19", None, *REVIEW_TO_COME),
        ("CPP-2Y", "1.P1", "2025-04-25", "2027-04-25", "2025-08-03", *ENDED_WITHIN_2_YEARS),
        ("CPP-2Y", "2.P1", "2025-12-01", "2027-12-01", None, *PLAN_RUNNING),
        ("CPP-REPEAT", "1.P1", "2025-04-25", "2025-04-25", "2025-04-25", *NO_PLAN_BEFORE),
        ("CPP-REPEAT", "2.P1", "2025-12-01", "2025-12-01", None, "overdue", "repeat_plan",
         "The census counts none before it, and yet the first is in the same file."),
        ("REREF-12M", "1", "2025-04-03", "2025-04-03", None, *ONE_YEAR_HELD),
        ("REREF-12M", "2", "2025-11-07", "2025-11-07", None, "overdue", "re_referral",
         "Seven months after the referral of 3 April."),
    ],
    "S17C000044 a conference required and none held yet, over the Easter to come": [
        ("S47-ICPC-15", "1.S1", "2026-03-13", "2026-04-07", None, "due", None,
         "5 + 5 + 4 to Maundy Thursday 2 April; the 15th is Tuesday the 7th. The file's target is "
         "Good Friday itself."),
        ("ASM-45", "1.A1", "2026-03-10", "2026-05-15", None, "due", None,
         "3, 5, 5, 4 to Maundy Thursday, 4 after Easter Monday, 5, 5, 5 to 1 May, 4 after May Day, "
         "and 5 to the 15th."),
        ("REREF-12M", "1", "2026-03-10", "2026-03-10", None, *ONE_YEAR_HELD),
    ],
    "S17C000041 an enquiry begun on a Saturday that needed no conference": [
        ("S47-ICPC-15", "1.S1", "2025-11-29", None, None, *NO_CONFERENCE),
        ("ASM-45", "1.A1", "2025-11-27", "2026-02-03", "2026-01-23", "met", None,
         "1 + 5 + 5 + 5 + 3 to Christmas Eve, 3 + 1, then four weeks to 30 January make 43."),
        ("REREF-12M", "1", "2025-11-27", "2025-11-27", None, *ONE_YEAR_HELD),
    ],
    "S17C000017 the first review on the last day": [
        ("RCPC-3M", "1.P1", "2025-06-02", "2025-09-02", "2025-09-02", "met", None,
         "2 June to 2 September."),
        ("RCPC-6M", "1.P1.R1", "2025-09-02", "2026-03-02", None, "not_applicable", "lapsed",
         "The plan ended on 19 December."),
        ("ASM-45", "1.A1", "2025-05-12", "2025-07-15", "2025-07-22", "met_late", None,
         "4 + 5 + 4 without the 26th, then six whole weeks to 11 July make 43; 14 and 15 July."),
        ("S47-ICPC-15", "1.S1", "2025-05-14", "2025-06-05", "2025-06-02", "met", None,
         "2 + 5 + 4 to 30 May, then 2 to 5 June. The file's target of the 4th forgets the 26th."),
        ("CPP-2Y", "1.P1", "2025-06-02", "2027-06-02", "2025-12-19", *ENDED_WITHIN_2_YEARS),
        ("CPP-REPEAT", "1.P1", "2025-06-02", "2025-06-02", "2025-06-02", *NO_PLAN_BEFORE),
        ("REREF-12M", "1", "2025-05-12", "2025-05-12", None, *ONE_YEAR_HELD),
    ],
    "S17C000016 the first review late, from before the year, with its whole history held": [
        ("RCPC-3M", "1.P1", "2024-05-24", "2024-08-24", "2024-08-26", "met_late", None,
         "Due on a Saturday and held on the Monday. A census need give only the last review before "
         "the year; this gives two, so nothing is hidden between."),
        ("RCPC-6M", "1.P1.R1", "2024-08-26", "2025-02-26", "2025-01-23", "met", None,
         "Five months after the first."),
        ("RCPC-6M", "1.P1.R2", "2025-01-23", "2025-07-23", None, "not_applicable", "lapsed",
         "The plan ended on 18 July, five days before."),
        ("ASM-45", "1", "2024-04-29", "2024-07-03", None, *BEFORE_THE_YEAR),
        ("CPP-2Y", "1.P1", "2024-05-24", "2026-05-24", "2025-07-18", *ENDED_WITHIN_2_YEARS),
        ("CPP-REPEAT", "1.P1", "2024-05-24", "2024-05-24", "2024-05-24", *NO_PLAN_BEFORE),
        ("REREF-12M", "1", "2024-04-29", "2024-04-29", None, *ONE_YEAR_HELD),
    ],
    "S17C000171 whether the first review was in time cannot be told": [
        ("RCPC-3M", "1.P1", "2024-11-07", "2025-02-07", "2025-02-10", "cannot_tell", "unseen",
         "One review from before the year is held, three days late: it is the last before the year "
         "and there may have been one before it."),
        ("RCPC-6M", "1.P1.R1", "2025-02-10", "2025-08-10", "2025-08-04", "met", None,
         "Six days to spare."),
        ("RCPC-6M", "1.P1.R2", "2025-08-04", "2026-02-04", "2026-01-01", "met", None,
         "A month to spare, on New Year's Day."),
        ("RCPC-6M", "1.P1.R3", "2026-01-01", "2026-07-01", None, *REVIEW_TO_COME),
        ("ASM-45", "1", "2024-10-15", "2024-12-17", None, *BEFORE_THE_YEAR),
        ("CPP-2Y", "1.P1", "2024-11-07", "2026-11-07", None, *PLAN_RUNNING),
        ("CPP-REPEAT", "1.P1", "2024-11-07", "2024-11-07", "2024-11-07", *NO_PLAN_BEFORE),
        ("REREF-12M", "1", "2024-10-15", "2024-10-15", None, *ONE_YEAR_HELD),
    ],
    "S17C000224 a gap of more than six months, and a review overdue": [
        ("RCPC-6M", "1.P1.R1", "2024-09-30", "2025-03-30", "2025-04-08", "met_late", None,
         "The last review before the year and the first in it are both held: nine days late."),
        ("RCPC-6M", "1.P1.R2", "2025-04-08", "2025-10-08", "2025-09-30", "met", None,
         "Eight days to spare."),
        ("RCPC-6M", "1.P1.R3", "2025-09-30", "2026-03-30", None, "overdue", None,
         "Six months from 30 September is 30 March; the plan is open and it is the 31st."),
        ("RCPC-3M", "1.P1", "2024-06-26", "2024-09-26", "2024-09-30", "cannot_tell", "unseen",
         "One review from before the year, four days late, may hide another."),
        ("ASM-45", "1", "2024-06-05", "2024-08-07", None, *BEFORE_THE_YEAR),
        ("CPP-2Y", "1.P1", "2024-06-26", "2026-06-26", None, *PLAN_RUNNING),
        ("CPP-REPEAT", "1.P1", "2024-06-26", "2024-06-26", "2024-06-26", *NO_PLAN_BEFORE),
        ("REREF-12M", "1", "2024-06-05", "2024-06-05", None, *ONE_YEAR_HELD),
    ],
    "S17C000943 a plan that ended after two years": [
        ("CPP-2Y", "1.P1", "2024-01-02", "2026-01-02", "2026-03-12", "met_late", None,
         "Two years and ten weeks."),
        ("RCPC-3M", "1.P1", "2024-01-02", "2024-04-02", "2024-04-08", "met_late", None,
         "Six days late; three reviews from before the year are held."),
        ("RCPC-6M", "1.P1.R1", "2024-04-08", "2024-10-08", "2024-09-30", "met", None,
         "Eight days to spare."),
        ("RCPC-6M", "1.P1.R2", "2024-09-30", "2025-03-30", "2025-02-27", "met", None,
         "A month to spare."),
        ("RCPC-6M", "1.P1.R3", "2025-02-27", "2025-08-27", "2025-08-29", "met_late", None,
         "Two days late."),
        ("RCPC-6M", "1.P1.R4", "2025-08-29", "2026-02-28", "2026-01-26", "met", None,
         "There is no 29 February in 2026: the last day of the month."),
        ("RCPC-6M", "1.P1.R5", "2026-01-26", "2026-07-26", None, "not_applicable", "lapsed",
         "The plan ended on 12 March."),
        ("ASM-45", "1", "2023-12-11", "2024-02-15", None, *BEFORE_THE_YEAR),
        ("CPP-REPEAT", "1.P1", "2024-01-02", "2024-01-02", "2024-01-02", *NO_PLAN_BEFORE),
        ("REREF-12M", "1", "2023-12-11", "2023-12-11", None, *ONE_YEAR_HELD),
    ],
    "S17C000683 an open plan of more than two years, a second one": [
        ("CPP-2Y", "1.P1", "2024-03-04", "2026-03-04", None, "overdue", None,
         "Two years were up on 4 March and it is open."),
        ("CPP-REPEAT", "1.P1", "2024-03-04", "2024-03-04", None, "overdue", "repeat_plan",
         "The census counts one plan before it."),
        ("RCPC-3M", "1.P1", "2024-03-04", "2024-06-04", "2024-06-03", "met", None,
         "The day before."),
        ("RCPC-6M", "1.P1.R1", "2024-06-03", "2024-12-03", "2024-11-25", "met", None,
         "Eight days to spare."),
        ("RCPC-6M", "1.P1.R2", "2024-11-25", "2025-05-25", "2025-05-27", "met_late", None,
         "Due on the Sunday of the bank holiday weekend; months count every day."),
        ("RCPC-6M", "1.P1.R3", "2025-05-27", "2025-11-27", "2025-12-03", "met_late", None,
         "Six days late."),
        ("RCPC-6M", "1.P1.R4", "2025-12-03", "2026-06-03", None, *REVIEW_TO_COME),
        ("ASM-45", "1", "2024-02-12", "2024-04-17", None, *BEFORE_THE_YEAR),
        ("REREF-12M", "1", "2024-02-12", "2024-02-12", None, *ONE_YEAR_HELD),
    ],
    "S17C000004 a second plan by the census's own count": [
        ("CPP-REPEAT", "1.P1", "2024-04-30", "2024-04-30", None, "overdue", "repeat_plan",
         "NumberOfPreviousCPP is 1; the earlier plan is not in the file."),
        ("CPP-2Y", "1.P1", "2024-04-30", "2026-04-30", "2025-06-24", *ENDED_WITHIN_2_YEARS),
        ("RCPC-3M", "1.P1", "2024-04-30", "2024-07-30", "2024-08-05", "met_late", None,
         "Six days late; two reviews from before the year are held."),
        ("RCPC-6M", "1.P1.R1", "2024-08-05", "2025-02-05", "2025-01-27", "met", None,
         "Nine days to spare."),
        ("RCPC-6M", "1.P1.R2", "2025-01-27", "2025-07-27", None, "not_applicable", "lapsed",
         "The plan ended on 24 June."),
        ("ASM-45", "1", "2024-04-05", "2024-06-11", None, *BEFORE_THE_YEAR),
        ("REREF-12M", "1", "2024-04-05", "2024-04-05", None, *ONE_YEAR_HELD),
    ],
    "S17C000029 referred again three days short of the anniversary": [
        ("REREF-12M", "2", "2025-07-14", "2025-07-14", None, "overdue", "re_referral",
         "The window opens after 14 July 2024, and the other referral was on the 17th: held, for "
         "its episode was open into April 2025."),
        ("REREF-12M", "1", "2024-07-17", "2024-07-17", None, *ONE_YEAR_HELD),
        ("ASM-45", "2.A1", "2025-07-14", "2025-09-16", "2025-09-12", "met", None,
         "4, then five whole weeks to 22 August make 29, 4 after the bank holiday, 5, 5 to 12 "
         "September make 43; 15 and 16 September."),
        ("ASM-45", "1", "2024-07-17", "2024-09-19", None, *BEFORE_THE_YEAR),
    ],
    "S17C000088 referred again three days after the anniversary": [
        ("REREF-12M", "2", "2025-09-01", "2025-09-01", None, *ONE_YEAR_HELD),
        ("REREF-12M", "1", "2024-08-29", "2024-08-29", None, *ONE_YEAR_HELD),
        ("ASM-45", "2.A1", "2025-09-01", "2025-11-03", "2025-12-16", "met_late", None,
         "4 and eight whole weeks to 31 October are 44; the 45th is Monday 3 November."),
        ("ASM-45", "1", "2024-08-29", "2024-10-31", None, *BEFORE_THE_YEAR),
        ("S47-ICPC-15", "2.S1", "2025-09-01", "2025-09-22", "2025-09-22", "met", None,
         "From a Monday, the Monday three weeks on is the 15th."),
        ("RCPC-3M", "2.P1", "2025-09-22", "2025-12-22", "2025-12-22", "met", None,
         "On the day."),
        ("RCPC-6M", "2.P1.R1", "2025-12-22", "2026-06-22", None, "not_applicable", "lapsed",
         "The plan ended on 31 December."),
        ("CPP-2Y", "2.P1", "2025-09-22", "2027-09-22", "2025-12-31", *ENDED_WITHIN_2_YEARS),
        ("CPP-REPEAT", "2.P1", "2025-09-22", "2025-09-22", None, "overdue", "repeat_plan",
         "The census counts one plan before it."),
    ],
    "S17C000882 from the last day of a month to the last day of a shorter one": [
        ("RCPC-6M", "1.P1.R1", "2025-03-31", "2025-09-30", "2025-09-30", "met", None,
         "There is no 31 September: the 30th is the last day, and on time."),
        ("RCPC-6M", "1.P1.R2", "2025-09-30", "2026-03-30", None, "not_applicable", "lapsed",
         "The plan ended on 24 February."),
        ("RCPC-3M", "1.P1", "2024-12-31", "2025-03-31", "2025-03-31", "met", None,
         "On the last day, so it does not matter what else was held before the year."),
        ("CPP-2Y", "1.P1", "2024-12-31", "2026-12-31", "2026-02-24", *ENDED_WITHIN_2_YEARS),
        ("CPP-REPEAT", "1.P1", "2024-12-31", "2024-12-31", "2024-12-31", *NO_PLAN_BEFORE),
        ("ASM-45", "1", "2024-12-16", "2025-02-20", None, *BEFORE_THE_YEAR),
        ("REREF-12M", "1", "2024-12-16", "2024-12-16", None, *ONE_YEAR_HELD),
    ],
    "S17C000465 a review one day late, and a plan that ended soon after": [
        ("RCPC-6M", "1.P1.R1", "2024-09-30", "2025-03-30", "2025-03-31", "met_late", None,
         "Due on a Sunday and held on the Monday: months count every day."),
        ("RCPC-6M", "1.P1.R2", "2025-03-31", "2025-09-30", None, "not_applicable", "lapsed",
         "The plan ended on 27 April."),
        ("RCPC-3M", "1.P1", "2024-07-01", "2024-10-01", "2024-09-30", "met", None,
         "The day before."),
        ("CPP-2Y", "1.P1", "2024-07-01", "2026-07-01", "2025-04-27", *ENDED_WITHIN_2_YEARS),
        ("CPP-REPEAT", "1.P1", "2024-07-01", "2024-07-01", "2024-07-01", *NO_PLAN_BEFORE),
        ("ASM-45", "1", "2024-06-12", "2024-08-14", None, *BEFORE_THE_YEAR),
        ("REREF-12M", "1", "2024-06-12", "2024-06-12", None, *ONE_YEAR_HELD),
    ],
}  # fmt: skip
"""Every entry of each child: standard, the row's name after the child's, began, due, met, outcome,
detail, and why."""


@pytest.mark.parametrize("story", CHILDREN)
def test_a_childs_entries_are_those_counted_by_hand(ledger, story):
    child = story.split(" ")[0]
    found = {
        (entry["standard"], entry["about_id"]): (
            *(_day(entry[name]) for name in ("starts_at", "due_at", "met_at")),
            entry["outcome"],
            entry["detail"],
        )
        for entry in ledger
        if entry["child_id"] == child
    }
    expected = {
        (code, f"{child}.{row}"): (*days, outcome, CATALOGUE[code].says(detail) or None)
        for code, row, *days, outcome, detail, _why in CHILDREN[story]
    }
    assert found == expected


def _day(moment: datetime | None) -> str | None:
    """The day alone: a census has no hours, so a start is midnight and a limit the last second."""
    if moment is None:
        return None
    assert moment.time() in (time(0, 0), time(23, 59, 59))
    return moment.date().isoformat()


# --- the whole file, by another way ---------------------------------------------------------------

Verdict = tuple[str, str]


class Reading:
    """Standards and outcomes read straight from a census's XML, with plain loops.

    It shares nothing with the loader, the calendar or the standards; its holidays are those of the
    `holidays` package.
    """

    def __init__(self, path: Path, last_day: date) -> None:
        self.children = etree.parse(path).getroot().findall("Children/Child")
        self.last_day = last_day
        self.first_day = date(last_day.year - 1, 4, 1)
        self.closed = holidays.country_holidays("GB", subdiv="ENG")

    def verdicts(self) -> Iterator[Verdict]:
        for child in self.children:
            details = child.findall("CINdetails")
            plans = sorted(
                (plan for part in details for plan in part.findall("ChildProtectionPlans")),
                key=lambda plan: plan.findtext("CPPstartDate"),
            )
            for part in details:
                if self.day(part, "CINreferralDate") <= self.last_day:
                    yield "REREF-12M", self.referred_again(part, details)
                    yield from self.assessed(part)
                for enquiry in part.findall("Section47"):
                    if self.day(enquiry, "S47ActualStartDate") <= self.last_day:
                        yield "S47-ICPC-15", self.conference(enquiry, part)
                conferences = {
                    self.day(held, "DateOfInitialCPC") for held in (part, *part.iter("Section47"))
                }
                for plan in part.findall("ChildProtectionPlans"):
                    started_on = self.day(plan, "CPPstartDate")
                    # A plan starts on the day of its conference (rule 2885), so one day does for
                    # both: no conference of the year is the plan's and on another day.
                    if started_on >= self.first_day:
                        assert conferences == {None} or started_on in conferences
                    yield from self.reviewed(plan)
                    yield "CPP-2Y", self.long(plan)
            for seen, plan in enumerate(plans):
                earlier = seen or int(plan.findtext("NumberOfPreviousCPP"))
                yield "CPP-REPEAT", "overdue" if earlier else "met"

    def referred_again(self, part: etree._Element, details: list[etree._Element]) -> str:
        this = self.day(part, "CINreferralDate")
        if this < date(2008, 4, 1):
            return "not_applicable"
        anniversary = self.months_on(this, -12)
        place = details.index(part)
        for number, other in enumerate(details):
            that = self.day(other, "CINreferralDate")
            if number != place and anniversary < that <= this and (that, number) < (this, place):
                return "overdue"
        return "met" if self.first_day <= anniversary + timedelta(days=1) else "cannot_tell"

    def assessed(self, part: etree._Element) -> Iterator[Verdict]:
        referred_on = self.day(part, "CINreferralDate")
        due_on = self.working_days_on(referred_on, 45)
        assessments = part.findall("Assessments")
        assert len(assessments) <= 1, "this reading knows no second assessment"
        if assessments:
            started_on = self.day(assessments[0], "AssessmentActualStartDate")
            assert (started_on - referred_on).days <= 63
            done_on = self.day(assessments[0], "AssessmentAuthorisationDate")
            yield "ASM-45", self.stands(due_on, done_on, self.day(part, "CINclosureDate"))
        elif part.findtext("ReferralNFA") in ("true", "1"):
            yield "ASM-45", "not_applicable"
        elif referred_on < self.first_day:
            yield "ASM-45", "cannot_tell"
        else:
            yield "ASM-45", self.stands(due_on, None, self.day(part, "CINclosureDate"))

    def conference(self, enquiry: etree._Element, part: etree._Element) -> str:
        held_on = self.day(enquiry, "DateOfInitialCPC")
        if held_on is None and enquiry.findtext("ICPCnotRequired") in ("true", "1"):
            return "not_applicable"
        due_on = self.working_days_on(self.day(enquiry, "S47ActualStartDate"), 15)
        return self.stands(due_on, held_on, self.day(part, "CINclosureDate"))

    def reviewed(self, plan: etree._Element) -> Iterator[Verdict]:
        started_on, ended_on = self.day(plan, "CPPstartDate"), self.day(plan, "CPPendDate")
        days = sorted(
            date.fromisoformat(review.text) for review in plan.findall("Reviews/CPPreviewDate")
        )
        due_on = self.months_on(started_on, 3)
        first_on = days[0] if days else None
        one_before = sum(day < self.first_day for day in days) == 1
        if started_on < self.first_day and one_before and first_on > due_on:
            yield "RCPC-3M", "cannot_tell"
        else:
            yield "RCPC-3M", self.stands(due_on, first_on, ended_on)
        for place, this in enumerate(days, 1):
            following = days[place] if place < len(days) else None
            yield "RCPC-6M", self.stands(self.months_on(this, 6), following, ended_on)

    def long(self, plan: etree._Element) -> str:
        due_on = self.months_on(self.day(plan, "CPPstartDate"), 24)
        return self.stands(due_on, self.day(plan, "CPPendDate"), None)

    def stands(self, due_on: date, done_on: date | None, ended_on: date | None) -> str:
        if done_on is not None and done_on <= due_on:
            return "met"
        if ended_on is not None and ended_on <= due_on:
            return "not_applicable"
        if done_on is not None:
            return "met_late"
        return "due" if self.last_day <= due_on else "overdue"

    def working_days_on(self, day: date, count: int) -> date:
        while count:
            day += timedelta(days=1)
            if day.weekday() < 5 and day not in self.closed:
                count -= 1
        return day

    @staticmethod
    def months_on(day: date, count: int) -> date:
        month = day.year * 12 + day.month - 1 + count
        for last in (day.day, 30, 29, 28):
            try:
                return date(month // 12, month % 12 + 1, min(day.day, last))
            except ValueError:
                continue
        raise AssertionError(day)

    @staticmethod
    def day(element: etree._Element, name: str) -> date | None:
        text = element.findtext(name)
        return date.fromisoformat(text) if text else None


def counted(ledger: list[dict]) -> Counter[Verdict]:
    return Counter((entry["standard"], entry["outcome"]) for entry in ledger)


def test_the_whole_file_comes_to_what_plain_loops_over_its_xml_come_to(ledger):
    assert counted(ledger) == Counter(Reading(FULL, AS_AT.date()).verdicts())


def test_the_totals_of_the_whole_file(ledger):
    """As they were when the children above were counted: a change here is a change of meaning."""
    assert counted(ledger) == {
        ("ASM-45", "cannot_tell"): 464,
        ("ASM-45", "due"): 82,
        ("ASM-45", "met"): 653,
        ("ASM-45", "met_late"): 410,
        ("ASM-45", "not_applicable"): 74,
        ("ASM-45", "overdue"): 12,
        ("CPP-2Y", "due"): 135,
        ("CPP-2Y", "met"): 197,
        ("CPP-2Y", "met_late"): 1,
        ("CPP-2Y", "overdue"): 3,
        ("CPP-REPEAT", "met"): 275,
        ("CPP-REPEAT", "overdue"): 61,
        ("RCPC-3M", "cannot_tell"): 31,
        ("RCPC-3M", "due"): 17,
        ("RCPC-3M", "met"): 204,
        ("RCPC-3M", "met_late"): 84,
        ("RCPC-6M", "due"): 119,
        ("RCPC-6M", "met"): 176,
        ("RCPC-6M", "met_late"): 77,
        ("RCPC-6M", "not_applicable"): 198,
        ("RCPC-6M", "overdue"): 2,
        ("REREF-12M", "cannot_tell"): 1620,
        ("REREF-12M", "overdue"): 75,
        ("S47-ICPC-15", "due"): 9,
        ("S47-ICPC-15", "met"): 92,
        ("S47-ICPC-15", "met_late"): 48,
        ("S47-ICPC-15", "not_applicable"): 144,
    }


def unanswered(source: Source) -> set[str]:
    return {code for code, held in CATALOGUE.items() if not set(held.needs) <= source.held}


def test_a_census_cannot_say_when_a_contact_or_referral_was_decided(census):
    assert unanswered(census) == {"REF-DEC"}


# --- the census of referrals alone ----------------------------------------------------------------


def test_a_census_of_referrals_alone_answers_one_standard_and_says_which_it_cannot():
    source = read(REFERRALS_ONLY)
    assert unanswered(source) == CATALOGUE.keys() - {"REREF-12M"}


def test_re_referrals_in_the_census_of_referrals_alone():
    as_at = datetime.fromisoformat("2022-03-31T23:59:59")
    ledger = judged(read(REFERRALS_ONLY), as_at)
    by_loops = Counter(
        verdict
        for verdict in Reading(REFERRALS_ONLY, as_at.date()).verdicts()
        if verdict[0] == "REREF-12M"
    )
    assert counted(ledger) == by_loops
    assert by_loops == {
        ("REREF-12M", "cannot_tell"): 327,
        ("REREF-12M", "not_applicable"): 20,
        ("REREF-12M", "overdue"): 9,
    }

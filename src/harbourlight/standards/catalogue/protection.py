"""Standards of child protection: enquiries, conferences, plans and their reviews."""

import ibis
import ibis.expr.types as ir

from harbourlight.standards.catalogue.sources import (
    NATIONAL_INDICATORS_2008,
    WORKING_TOGETHER_2013,
    census_guide,
    review_procedures,
)
from harbourlight.standards.clocks import Limit, Unit
from harbourlight.standards.expressions import (
    APPLIES,
    CANNOT_TELL,
    NO_TEXT,
    NO_TIME,
    NOT_APPLICABLE,
    complete_from,
    last_before_held,
    subjects,
    with_holder,
)
from harbourlight.standards.sources import Mark, Source
from harbourlight.standards.standard import Kind, Standard, Tables

_YES = ('"Y', "1", "TRUE", '"1', '"TRUE')
_NO = ('"N', "0", "FALSE", '"0', '"FALSE')
"""How authorities begin the value of a flag: "Y", "Yes", 1 or true, and their opposites."""


def _asked(outcome: ir.Value, flag: str, ended: ir.Value) -> ir.Value:
    """Whether a many-valued outcome calls for what `flag` names; null where it does not say.

    An outcome that sets some other flag has come to something else. One that sets none is decided
    only if the enquiry has ended and the flag is there to say no: systems write every flag, or an
    empty object, before anything is decided.
    """
    text = outcome.cast("string").upper().replace(" ", "")

    def says(name: str, values: tuple[str, ...]) -> ir.BooleanValue:
        return ibis.or_(*(text.contains(f'{name}":{value}') for value in values))

    return ibis.cases(
        (says(f'"{flag}', _YES), ibis.literal(True)),
        (says("", _YES) | (ended & says(f'"{flag}', _NO)), ibis.literal(False)),
        else_=ibis.null("boolean"),
    )


def _enquired(data: Tables) -> ir.Table:
    """Each section 47 enquiry, met by the initial conference that follows it."""
    extra = data.hl_s47_enquiries.select("hlse_s47_enquiry_id", "hlse_conference_required")
    conferences = data.ssd_initial_cp_conference
    conferences = (
        conferences.filter(conferences.icpc_s47_enquiry_id.notnull())
        .group_by("icpc_s47_enquiry_id")
        .aggregate(conference_on=conferences.icpc_icpc_date.min())
    )
    episodes = data.ssd_cin_episodes.select("cine_referral_id", "cine_close_date")
    enquiries = data.ssd_s47_enquiry
    rows = enquiries.left_join(extra, enquiries.s47e_s47_enquiry_id == extra.hlse_s47_enquiry_id)
    rows = rows.left_join(conferences, rows.s47e_s47_enquiry_id == conferences.icpc_s47_enquiry_id)
    rows = rows.left_join(episodes, rows.s47e_referral_id == episodes.cine_referral_id)
    rows = with_holder(rows, data, "s47e_referral_id")
    ended = rows.s47e_s47_end_date.notnull()
    asked = _asked(rows.s47e_s47_outcome_json, "CP_CONFERENCE_FLAG", ended)
    required = ibis.coalesce(
        rows.conference_on.notnull() | ibis.null("boolean"),
        rows.hlse_conference_required == "Y",
        ibis.ifelse(rows.s47e_s47_nfa == "Y", ibis.literal(False), ibis.null("boolean")),
        asked,
        # An enquiry still open has not decided: its clock runs until it does.
        ibis.ifelse(ended, ibis.null("boolean"), ibis.literal(True)),
    )
    return subjects(
        rows,
        about=ibis.literal("s47_enquiry"),
        about_id=rows.s47e_s47_enquiry_id,
        child_id=rows.s47e_person_id,
        worker_id=ibis.coalesce(rows.holder_worker_id, rows.s47e_s47_completed_by_worker_id),
        team_id=ibis.coalesce(rows.holder_team_id, rows.s47e_s47_completed_by_team),
        starts_at=rows.s47e_s47_start_date,
        met_at=rows.conference_on,
        lapsed_at=rows.cine_close_date,
        standing=ibis.cases(
            (required, APPLIES), (required.isnull(), CANNOT_TELL), else_=NOT_APPLICABLE
        ),
        detail=ibis.cases(
            (required, NO_TEXT),
            (required.isnull(), ibis.literal("requirement_not_recorded")),
            else_=ibis.literal("no_conference_required"),
        ),
    )


CONFERENCE_IN_15_WORKING_DAYS = Standard(
    code="S47-ICPC-15",
    title="Initial conference within 15 working days",
    duty=(
        "Where a section 47 enquiry leads to an initial child protection conference, it is held "
        "within 15 working days of the strategy discussion that began the enquiry."
    ),
    area="Child protection",
    kind=Kind.DEADLINE,
    limits=(
        Limit(15, Unit.WORKING_DAY, census_guide("s4.12.1 to s4.12.2"), WORKING_TOGETHER_2013),
    ),
    sources=(census_guide("s4.12.1 to s4.12.2"),),
    subjects=_enquired,
    needs=(
        "ssd_s47_enquiry.s47e_s47_start_date",
        "ssd_initial_cp_conference.icpc_icpc_date",
    ),
    starts="the strategy discussion began the enquiry",
    met_by="the initial conference was held",
    measure="Initial conferences held within 15 working days of the enquiry starting",
    met_label="Held in time",
    unmet_label="Not held in time",
    details={
        "no_conference_required": "The enquiry decided that no conference was needed.",
        "requirement_not_recorded": (
            "The enquiry has ended and whether it called for a conference is not recorded."
        ),
    },
    note=(
        "The start may be a day that is not worked; the conference may not. An enquiry still open "
        "with nothing decided is shown as due. A conference dated before its enquiry cannot be "
        "judged; published durations leave it out too."
    ),
)


def _plans(data: Tables) -> ir.Table:
    """This authority's child protection plans, with who holds each."""
    plans = data.ssd_cp_plans
    plans = plans.filter(ibis.coalesce(plans.cppl_cp_plan_ola != "Y", ibis.literal(True)))
    return with_holder(plans, data, "cppl_referral_id")


def _first_reviewed(data: Tables) -> ir.Table:
    """Each plan, met by its first review conference."""
    held_from = complete_from(data, "ssd_cp_reviews")
    reviews = data.ssd_cp_reviews
    reviews = reviews.filter(reviews.cppr_cp_review_date.notnull())
    reviews = reviews.mutate(
        before=ibis.coalesce(reviews.cppr_cp_review_date < held_from, ibis.literal(False))
    )
    firsts = reviews.group_by("cppr_cp_plan_id").aggregate(
        first_on=reviews.cppr_cp_review_date.min(), before=ibis.ifelse(reviews.before, 1, 0).sum()
    )
    conferences = data.ssd_initial_cp_conference.select("icpc_icpc_id", "icpc_icpc_date")
    plans = _plans(data)
    rows = plans.left_join(firsts, plans.cppl_cp_plan_id == firsts.cppr_cp_plan_id)
    rows = rows.left_join(conferences, rows.cppl_icpc_id == conferences.icpc_icpc_id)
    starts_on = ibis.coalesce(rows.icpc_icpc_date, rows.cppl_cp_plan_start_date)
    # A source that also holds the last review before its coverage begins, and shows none, had
    # none. One that shows exactly one may be hiding others; two or more is a whole history.
    before = ibis.coalesce(rows.before, ibis.literal(0))
    silent = (starts_on < held_from) & (~last_before_held(data, "ssd_cp_reviews") | (before == 1))
    return subjects(
        rows,
        about=ibis.literal("cp_plan"),
        about_id=rows.cppl_cp_plan_id,
        child_id=rows.cppl_person_id,
        worker_id=rows.holder_worker_id,
        team_id=rows.holder_team_id,
        starts_at=starts_on,
        met_at=rows.first_on,
        lapsed_at=rows.cppl_cp_plan_end_date,
        unseen_before=ibis.ifelse(silent, held_from.cast("timestamp"), NO_TIME),
    )


_REVIEW_NOTE = (
    "Calendar months; where the month has no such day, its last day. The published share of plans "
    "reviewed in time looks only at plans open three months or more on 31 March."
)

FIRST_REVIEW_IN_3_MONTHS = Standard(
    code="RCPC-3M",
    title="First review within 3 months",
    duty=(
        "The first review conference of a child protection plan is held within three months of the "
        "initial conference."
    ),
    area="Child protection",
    kind=Kind.DEADLINE,
    limits=(Limit(3, Unit.MONTH, review_procedures(), WORKING_TOGETHER_2013),),
    sources=(review_procedures(), census_guide("s5.5.1")),
    subjects=_first_reviewed,
    needs=("ssd_cp_plans.cppl_cp_plan_start_date", "ssd_cp_reviews.cppr_cp_review_date"),
    starts="the initial conference made the plan",
    met_by="the first review conference was held",
    measure="First review conferences held within three months",
    met_label="Held in time",
    unmet_label="Not held in time",
    note=_REVIEW_NOTE
    + " A census holds the reviews of its year and the last one before: where a plan began before "
    "the year and shows a single earlier review, held late, an earlier one may be missing.",
)


def _next_reviewed(data: Tables) -> ir.Table:
    """Each review, met by the next review of the same plan."""
    reviews = data.ssd_cp_reviews
    reviews = reviews.filter(reviews.cppr_cp_review_date.notnull())
    reviews = reviews.mutate(
        next_on=reviews.cppr_cp_review_date.lead().over(
            ibis.window(
                group_by=reviews.cppr_cp_plan_id,
                order_by=[
                    ibis.asc(reviews.cppr_cp_review_date),
                    ibis.asc(reviews.cppr_cp_review_id),
                ],
            )
        )
    )
    plans = _plans(data)
    rows = reviews.inner_join(plans, reviews.cppr_cp_plan_id == plans.cppl_cp_plan_id)
    held_from = complete_from(data, "ssd_cp_reviews")
    silent = (rows.cppr_cp_review_date < held_from) & ~last_before_held(data, "ssd_cp_reviews")
    return subjects(
        rows,
        about=ibis.literal("cp_review"),
        about_id=rows.cppr_cp_review_id,
        child_id=rows.cppl_person_id,
        worker_id=rows.holder_worker_id,
        team_id=rows.holder_team_id,
        starts_at=rows.cppr_cp_review_date,
        met_at=rows.next_on,
        lapsed_at=rows.cppl_cp_plan_end_date,
        unseen_before=ibis.ifelse(silent, held_from.cast("timestamp"), NO_TIME),
    )


NEXT_REVIEW_IN_6_MONTHS = Standard(
    code="RCPC-6M",
    title="Next review within 6 months",
    duty="After a review conference, the next is held within six months while the plan goes on.",
    area="Child protection",
    kind=Kind.DEADLINE,
    limits=(Limit(6, Unit.MONTH, review_procedures(), WORKING_TOGETHER_2013),),
    sources=(review_procedures(), census_guide("s5.5.1")),
    subjects=_next_reviewed,
    needs=("ssd_cp_plans.cppl_cp_plan_start_date", "ssd_cp_reviews.cppr_cp_review_date"),
    starts="the review conference was held",
    met_by="the next review conference was held",
    measure="Review conferences followed by the next within six months",
    met_label="Held in time",
    unmet_label="Not held in time",
    note=_REVIEW_NOTE,
)

_DASHBOARD = Source(
    "DfE, Children's social care dashboard: supporting information",
    "October 2024, indicator list",
    Mark.VERIFIED,
    "How the published figure is computed was not read.",
)


def _ended(data: Tables) -> ir.Table:
    """Each plan, met by its end."""
    rows = _plans(data)
    return subjects(
        rows,
        about=ibis.literal("cp_plan"),
        about_id=rows.cppl_cp_plan_id,
        child_id=rows.cppl_person_id,
        worker_id=rows.holder_worker_id,
        team_id=rows.holder_team_id,
        starts_at=rows.cppl_cp_plan_start_date,
        met_at=rows.cppl_cp_plan_end_date,
    )


PLAN_UNDER_2_YEARS = Standard(
    code="CPP-2Y",
    title="Protection plan under 2 years",
    duty="A child protection plan has done its work, or other action is taken, within two years.",
    area="Child protection",
    kind=Kind.DURATION,
    limits=(Limit(2, Unit.YEAR, _DASHBOARD, NATIONAL_INDICATORS_2008),),
    sources=(_DASHBOARD,),
    subjects=_ended,
    needs=("ssd_cp_plans.cppl_cp_plan_start_date", "ssd_cp_plans.cppl_cp_plan_end_date"),
    starts="the plan started",
    met_by="the plan ended",
    measure="Protection plans that had ended by their second anniversary",
    met_label="Ended within two years",
    unmet_label="Two years or more",
    note="A plan that ends on its second anniversary ended within two years.",
)


def _repeated(data: Tables) -> ir.Table:
    """Each plan, met when the child had no earlier plan in this authority."""
    extra = data.hl_cp_plans.select("hlcp_cp_plan_id", "hlcp_previous_plans")
    plans = _plans(data)
    plans = plans.mutate(
        place=ibis.row_number().over(
            ibis.window(
                group_by=plans.cppl_person_id,
                order_by=[
                    ibis.asc(plans.cppl_cp_plan_start_date),
                    ibis.asc(plans.cppl_cp_plan_id),
                ],
            )
        )
    )
    rows = plans.left_join(extra, plans.cppl_cp_plan_id == extra.hlcp_cp_plan_id)
    again = (rows.place > 0) | ibis.coalesce(rows.hlcp_previous_plans > 0, ibis.literal(False))
    silent = (
        ~again & rows.hlcp_previous_plans.isnull() & complete_from(data, "ssd_cp_plans").notnull()
    )
    started_at = rows.cppl_cp_plan_start_date.cast("timestamp")
    return subjects(
        rows,
        about=ibis.literal("cp_plan"),
        about_id=rows.cppl_cp_plan_id,
        child_id=rows.cppl_person_id,
        worker_id=rows.holder_worker_id,
        team_id=rows.holder_team_id,
        starts_at=started_at,
        met_at=ibis.ifelse(again | silent, NO_TIME, started_at),
        standing=ibis.ifelse(silent, CANNOT_TELL, APPLIES),
        detail=ibis.cases(
            (again, ibis.literal("repeat_plan")),
            (silent, ibis.literal("earlier_plans_not_held")),
            else_=NO_TEXT,
        ),
    )


_REPEAT_SOURCE = Source(
    "LG Inform metric 100 (formerly NI 65, table D3)",
    "definition",
    Mark.VERIFIED,
    "Any earlier plan in the same council, however long ago.",
)

REPEAT_PLAN = Standard(
    code="CPP-REPEAT",
    title="Second or later protection plan",
    duty="A child who has been protected does not have to come back to a protection plan.",
    area="Child protection",
    kind=Kind.OCCURRENCE,
    limits=(Limit(0, Unit.NONE, _REPEAT_SOURCE, NATIONAL_INDICATORS_2008),),
    sources=(_REPEAT_SOURCE, _DASHBOARD),
    subjects=_repeated,
    needs=("ssd_cp_plans.cppl_cp_plan_start_date",),
    starts="the plan started",
    met_by="no earlier plan in this authority, ever",
    measure="Plans starting for a child who has had one before in this authority",
    met_label="First plan",
    unmet_label="Second or later plan",
    details={
        "repeat_plan": "The child has had a child protection plan in this authority before.",
        "earlier_plans_not_held": (
            "The source neither counts earlier plans nor holds all of them."
        ),
    },
    note=(
        "Ever, and in this authority only. Local measures of repeats within 12 or 24 months are "
        "other measures. A measure of the system, never of a family."
    ),
)

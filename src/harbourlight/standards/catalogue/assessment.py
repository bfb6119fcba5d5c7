"""Standards of assessment."""

import ibis
import ibis.expr.types as ir

from harbourlight.standards.catalogue.sources import WORKING_TOGETHER_2013, census_guide
from harbourlight.standards.clocks import Limit, Unit
from harbourlight.standards.expressions import (
    APPLIES,
    CANNOT_TELL,
    NO_TEXT,
    NO_TIME,
    NOT_APPLICABLE,
    complete_from,
    subjects,
    with_holder,
)
from harbourlight.standards.standard import Kind, Standard, Tables

LATE_FOR_A_FIRST_ASSESSMENT_DAYS = 63
"""Nine weeks: 45 working days and no bank holiday. Where the source begins after the referral, an
assessment that starts later than this may have had another before it that is not held."""


def _assessed(data: Tables) -> ir.Table:
    """Each assessment, and each referral that has none."""
    held_from = complete_from(data, "ssd_cin_assessments")
    return _assessments(data, held_from).union(_unassessed_referrals(data, held_from))


def _assessments(data: Tables, held_from: ir.Value) -> ir.Table:
    """The first assessment of an episode runs from the referral; a later one from its own start."""
    assessments = data.ssd_cin_assessments
    assessments = assessments.mutate(
        place=ibis.row_number().over(
            ibis.window(
                group_by=assessments.cina_referral_id,
                order_by=[
                    ibis.asc(assessments.cina_assessment_start_date, nulls_first=False),
                    ibis.asc(assessments.cina_assessment_id),
                ],
            )
        )
    )
    episodes = data.ssd_cin_episodes
    rows = with_holder(
        assessments.left_join(episodes, assessments.cina_referral_id == episodes.cine_referral_id),
        data,
        "cina_referral_id",
    )
    first = rows.place == 0
    referred_on = rows.cine_referral_date.date()
    started_on = rows.cina_assessment_start_date
    unreferred = first & rows.cine_referral_id.isnull()
    perhaps_later = first & ibis.coalesce(
        (referred_on < held_from)
        & (started_on > referred_on + ibis.interval(days=LATE_FOR_A_FIRST_ASSESSMENT_DAYS)),
        ibis.literal(False),
    )
    return subjects(
        rows,
        about=ibis.literal("assessment"),
        about_id=rows.cina_assessment_id,
        child_id=rows.cina_person_id,
        worker_id=ibis.coalesce(rows.holder_worker_id, rows.cina_assessment_worker_id),
        team_id=ibis.coalesce(rows.holder_team_id, rows.cina_assessment_team),
        starts_at=ibis.ifelse(first, rows.cine_referral_date, started_on.cast("timestamp")),
        met_at=rows.cina_assessment_auth_date,
        lapsed_at=rows.cine_close_date,
        standing=ibis.ifelse(unreferred | perhaps_later, CANNOT_TELL, APPLIES),
        detail=ibis.cases(
            (unreferred, ibis.literal("referral_not_held")),
            (perhaps_later, ibis.literal("may_not_be_first")),
            (~first, ibis.literal("later_assessment")),
            else_=NO_TEXT,
        ),
    )


def _unassessed_referrals(data: Tables, held_from: ir.Value) -> ir.Table:
    episodes = data.ssd_cin_episodes
    assessments = data.ssd_cin_assessments
    rows = with_holder(
        episodes.anti_join(assessments, episodes.cine_referral_id == assessments.cina_referral_id),
        data,
        "cine_referral_id",
    )
    no_action = ibis.coalesce(rows.cine_referral_nfa == "Y", ibis.literal(False))
    held_from = held_from.cast("timestamp")
    return subjects(
        rows,
        about=ibis.literal("referral"),
        about_id=rows.cine_referral_id,
        child_id=rows.cine_person_id,
        worker_id=ibis.coalesce(rows.holder_worker_id, rows.cine_referral_worker_id),
        team_id=ibis.coalesce(rows.holder_team_id, rows.cine_referral_team),
        starts_at=rows.cine_referral_date,
        lapsed_at=rows.cine_close_date,
        unseen_before=ibis.ifelse(rows.cine_referral_date < held_from, held_from, NO_TIME),
        standing=ibis.ifelse(no_action, NOT_APPLICABLE, APPLIES),
        detail=ibis.ifelse(
            no_action, ibis.literal("no_further_action"), ibis.literal("no_assessment")
        ),
    )


ASSESSMENT_IN_45_WORKING_DAYS = Standard(
    code="ASM-45",
    title="Assessment within 45 working days",
    duty=(
        "An assessment reaches a decision, authorised by a manager, no later than 45 working days "
        "from the referral."
    ),
    area="Assessment",
    kind=Kind.DEADLINE,
    limits=(Limit(45, Unit.WORKING_DAY, census_guide("s4.9"), WORKING_TOGETHER_2013),),
    sources=(census_guide("s4.9"),),
    subjects=_assessed,
    needs=(
        "ssd_cin_episodes.cine_referral_date",
        "ssd_cin_assessments.cina_assessment_start_date",
        "ssd_cin_assessments.cina_assessment_auth_date",
    ),
    starts="the child was referred",
    met_by="a manager authorised the assessment",
    measure="Assessments authorised within 45 working days",
    met_label="Authorised in time",
    unmet_label="Not authorised in time",
    details={
        "referral_not_held": "The referral it belongs to is not held, so its clock has no start.",
        "may_not_be_first": (
            "It began long after a referral made before the source begins: an earlier assessment "
            "may not be held, so whether this one runs from the referral cannot be told."
        ),
        "later_assessment": "A later assessment of the same episode: it runs from its own start.",
        "no_further_action": "The referral led to no further action after initial consideration.",
        "no_assessment": "No assessment is recorded for this referral.",
    },
    note=(
        "Runs from the referral, the practice clock. Published duration bands may run from the "
        "start of the assessment: which is not verified. A second assessment of an episode has "
        "no referral of its own and runs from its start."
    ),
)

"""Standards of the front door: how soon a contact is decided, and whether a child comes back."""

import ibis
import ibis.expr.types as ir

from harbourlight.standards.catalogue.sources import (
    NATIONAL_INDICATORS_2008,
    WORKING_TOGETHER_2013,
    census_guide,
)
from harbourlight.standards.clocks import Limit, Unit
from harbourlight.standards.expressions import (
    APPLIES,
    CANNOT_TELL,
    NO_TEXT,
    NO_TIME,
    complete_from,
    first_row,
    subjects,
    window_start,
    with_holder,
)
from harbourlight.standards.sources import Mark, Source
from harbourlight.standards.standard import Kind, Standard, Tables


def _decided(data: Tables) -> ir.Table:
    """Contacts and referrals, each with the first decision on it."""
    contacts = data.ssd_contacts.select(
        about=ibis.literal("contact"),
        about_id="cont_contact_id",
        child_id="cont_person_id",
        starts_at="cont_contact_date",
        worker_id=NO_TEXT,
        team_id=NO_TEXT,
    )
    episodes = with_holder(data.ssd_cin_episodes, data, "cine_referral_id")
    referrals = episodes.select(
        about=ibis.literal("referral"),
        about_id="cine_referral_id",
        child_id="cine_person_id",
        starts_at="cine_referral_date",
        worker_id=ibis.coalesce(episodes.holder_worker_id, episodes.cine_referral_worker_id),
        team_id=ibis.coalesce(episodes.holder_team_id, episodes.cine_referral_team),
    )
    asked = contacts.union(referrals)
    decisions = data.hl_decisions
    decisions = decisions.mutate(
        key=decisions.hlde_about.concat(":").concat(decisions.hlde_about_id)
    )
    first = first_row(
        decisions,
        "key",
        [ibis.asc(decisions.hlde_decided_at), ibis.asc(decisions.hlde_decision_id)],
    )
    rows = asked.left_join(
        first, (asked.about == first.hlde_about) & (asked.about_id == first.hlde_about_id)
    )
    held_from = complete_from(data, "hl_decisions").cast("timestamp")
    return subjects(
        rows,
        about=rows.about,
        about_id=rows.about_id,
        child_id=rows.child_id,
        worker_id=ibis.coalesce(rows.worker_id, rows.hlde_decided_by),
        team_id=rows.team_id,
        starts_at=rows.starts_at,
        met_at=rows.hlde_decided_at,
        unseen_before=ibis.ifelse(rows.starts_at < held_from, held_from, NO_TIME),
    )


DECISION_IN_ONE_WORKING_DAY = Standard(
    code="REF-DEC",
    title="Decision within one working day",
    duty=(
        "Within one working day of a contact or referral being received, a manager decides what "
        "response it needs and records the decision."
    ),
    area="Front door",
    kind=Kind.DEADLINE,
    limits=(Limit(1, Unit.WORKING_DAY, census_guide("s4.1, s4.9"), WORKING_TOGETHER_2013),),
    sources=(
        census_guide("s4.1, s4.9"),
        Source("Keeping children safe in education 2025", "para 62", Mark.VERIFIED),
    ),
    subjects=_decided,
    needs=("hl_decisions.hlde_decided_at",),
    starts="the contact or referral was received",
    met_by="a manager's decision was recorded",
    measure="Contacts and referrals decided within one working day",
    met_label="Decided in time",
    unmet_label="Not decided in time",
    note=(
        "The same clock is used for contacts, by local choice. A contact that becomes a referral "
        "counts once as each. No published measure exists to compare with."
    ),
)

_RE_REFERRAL_SOURCE = Source(
    "DfE, Children in need: a focus on sexual abuse and exploitation (methodology)",
    "re-referrals",
    Mark.VERIFIED,
    "Whether the anniversary itself is inside the window is not stated; here it is outside.",
)
_RE_REFERRAL_LIMITS = (Limit(12, Unit.MONTH, _RE_REFERRAL_SOURCE, NATIONAL_INDICATORS_2008),)


def _re_referred(data: Tables) -> ir.Table:
    """Each referral, met when no other referral of the child came in the twelve months before."""
    episodes = data.ssd_cin_episodes
    episodes = episodes.mutate(
        previous=episodes.cine_referral_date.lag().over(
            ibis.window(
                group_by=episodes.cine_person_id,
                order_by=[
                    ibis.asc(episodes.cine_referral_date),
                    ibis.asc(episodes.cine_referral_id),
                ],
            )
        )
    )
    rows = with_holder(episodes, data, "cine_referral_id")
    since = window_start(_RE_REFERRAL_LIMITS, rows.cine_referral_date.date())
    again = ibis.coalesce(rows.previous.date() > since, ibis.literal(False))
    held_from = complete_from(data, "ssd_cin_episodes")
    # The window opens the day after the anniversary: a source that begins then holds all of it.
    opens = since + ibis.interval(days=1)
    silent = ~again & ibis.coalesce(held_from > opens, ibis.literal(False))
    return subjects(
        rows,
        about=ibis.literal("referral"),
        about_id=rows.cine_referral_id,
        child_id=rows.cine_person_id,
        worker_id=ibis.coalesce(rows.holder_worker_id, rows.cine_referral_worker_id),
        team_id=ibis.coalesce(rows.holder_team_id, rows.cine_referral_team),
        starts_at=rows.cine_referral_date,
        met_at=ibis.ifelse(again | silent, NO_TIME, rows.cine_referral_date),
        standing=ibis.ifelse(silent, CANNOT_TELL, APPLIES),
        detail=ibis.cases(
            (again, ibis.literal("re_referral")),
            (silent, ibis.literal("earlier_referrals_not_held")),
            else_=NO_TEXT,
        ),
    )


RE_REFERRAL = Standard(
    code="REREF-12M",
    title="Re-referral within 12 months",
    duty=(
        "A child whose needs were met does not have to be referred again within 12 months of the "
        "previous referral."
    ),
    area="Front door",
    kind=Kind.OCCURRENCE,
    limits=_RE_REFERRAL_LIMITS,
    sources=(_RE_REFERRAL_SOURCE,),
    subjects=_re_referred,
    needs=("ssd_cin_episodes.cine_referral_date",),
    starts="the child was referred",
    met_by="no other referral in the 12 months before",
    measure="Referrals within 12 months of a previous referral of the same child",
    met_label="Not a re-referral",
    unmet_label="Re-referral",
    details={
        "re_referral": "The child was referred within the 12 months before.",
        "earlier_referrals_not_held": (
            "The source does not hold every referral of the 12 months before."
        ),
    },
    note=(
        "A measure of the system, never of a family. Each re-referral counts. The published rate "
        "divides by all referrals in the year."
    ),
)

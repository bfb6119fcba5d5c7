"""An assessment from its start to its authorisation, and two people writing at once."""

import html
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from harbourlight.foundation.actions import Refused
from harbourlight.record.assessment import actions
from harbourlight.record.assessment.models import Assessment, Stage
from harbourlight.record.assessment.policies import MOVES, may_move, stage_of
from harbourlight.record.assessment.selectors import (
    returned_to,
    waiting_for_authorisation,
    with_stage,
)
from harbourlight.record.episodes.actions import allocate
from harbourlight.record.live_ledger.models import Entry
from harbourlight.record.workforce.models import Professional, Team
from harbourlight.standards import code_sets
from tests.record.families import NOW, Record, moment
from tests.record.people.test_adding import sent_by


@pytest.fixture
def assessment(record: Record) -> Assessment:
    """Begun on 16 March, of a child referred on 10 March and held by Sol Westing."""
    child = record.child("Ash Sorrel")
    episode = record.referred(child, at=moment(10))
    return actions.start_assessment(
        by=record.user("social_worker"),
        at=moment(16),
        episode=episode,
        on=date(2026, 3, 16),
        worker=record.worker,
        team=record.team,
    )


def move(record: Record, assessment: Assessment, stage: Stage) -> None:
    who = {"by": record.user("team_manager"), "at": NOW}
    match stage:
        case Stage.WRITING:
            actions.write_assessment(assessment, {"analysis": "So."}, **who)
        case Stage.SENT:
            actions.send_for_authorisation(assessment, **who)
        case Stage.RETURNED:
            actions.return_assessment(assessment, **who, comment="More, please")
        case Stage.AUTHORISED:
            actions.authorise_assessment(assessment, **who)


WAY_TO: dict[Stage, tuple[Stage, ...]] = {
    Stage.WRITING: (),
    Stage.SENT: (Stage.SENT,),
    Stage.RETURNED: (Stage.SENT, Stage.RETURNED),
    Stage.AUTHORISED: (Stage.SENT, Stage.AUTHORISED),
}


@pytest.mark.parametrize("before", list(Stage))
@pytest.mark.parametrize("after", list(Stage))
def test_every_move_is_done_or_refused_with_a_reason(
    record: Record, assessment: Assessment, before: Stage, after: Stage
) -> None:
    for stage in WAY_TO[before]:
        move(record, assessment, stage)
    assert stage_of(assessment) is before
    assert with_stage(Assessment.objects.all()).get().stage == before
    if after in MOVES[before]:
        assert may_move(assessment, after)
        move(record, assessment, after)
        saved_only = after is Stage.WRITING
        assert stage_of(assessment) is (before if saved_only else after)
    else:
        assert not may_move(assessment, after)
        with pytest.raises(Refused, match="cannot be changed in that way"):
            move(record, assessment, after)
        assert stage_of(assessment) is before
    assert (Assessment.objects.get().authorised_on is not None) == (
        stage_of(assessment) is Stage.AUTHORISED
    )


def test_an_assessment_that_came_without_steps_is_told_by_its_date(
    record: Record, assessment: Assessment
) -> None:
    assessment.steps.all().delete()
    assert stage_of(assessment) is Stage.WRITING
    Assessment.objects.update(authorised_on=date(2026, 3, 17))
    assessment.refresh_from_db()
    assert stage_of(assessment) is Stage.AUTHORISED
    assert with_stage(Assessment.objects.all()).get().stage == Stage.AUTHORISED


def test_what_a_manager_would_miss_is_said_and_stops_nobody(
    record: Record, assessment: Assessment, at_desk: Callable[[str], Any]
) -> None:
    desk = at_desk("social_worker")
    page = desk.get(f"/assessments/{assessment.pk}/send/").content.decode()
    assert "own words have not been recorded" in page
    assert "There is no analysis" in page
    assert desk.post(f"/assessments/{assessment.pk}/send/").status_code == 302
    assert stage_of(assessment) is Stage.SENT


def test_it_waits_for_the_manager_of_the_team_that_holds_the_case_now(
    record: Record, assessment: Assessment
) -> None:
    other = Team.objects.create(name="Other Team")
    taking = Professional.objects.create(name="Ola Nexton", team=other)
    manager = record.user("team_manager")
    move(record, assessment, Stage.SENT)
    assert [one.pk for one in waiting_for_authorisation(manager, record.team.pk)] == [assessment.pk]
    allocate(
        by=manager, at=NOW, episode=assessment.episode, team=other, worker=taking, on=NOW.date()
    )
    assert not waiting_for_authorisation(manager, record.team.pk)
    assert [one.pk for one in waiting_for_authorisation(manager, other.pk)] == [assessment.pk]
    move(record, assessment, Stage.RETURNED)
    worker = record.user("social_worker")
    worker.professional_id = taking.pk
    assert [one.stage_comment for one in returned_to(worker)] == ["More, please"]


def test_a_corrected_date_moves_the_entry_and_keeps_what_was_believed(
    record: Record, assessment: Assessment, at_desk: Callable[[str], Any]
) -> None:
    move(record, assessment, Stage.SENT)
    move(record, assessment, Stage.AUTHORISED)
    assert Entry.objects.get(standard="ASM-45").met_at.date() == NOW.date()
    desk = at_desk("team_manager")
    address = f"/assessments/{assessment.pk}/correct/"
    typed = sent_by(desk.get(address), "Correct") | {
        "authorised_on-day": "17",
        "because": "It was signed the day before",
    }
    assert desk.post(address, typed).status_code == 302
    assert Entry.objects.get(standard="ASM-45").met_at.date() == date(2026, 3, 17)
    page = desk.get(address).content.decode()
    assert "18 March 2026" in page
    assert "17 March 2026" in page
    assert "It was signed the day before" in page
    late = desk.post(address, typed | {"authorised_on-day": "16", "submission": ""})
    assert "Somebody else changed this" in late.content.decode()


def test_an_internal_review_point_is_set_at_the_start_and_corrected(
    record: Record, at_desk: Callable[[str], Any]
) -> None:
    episode = record.referred(record.child("Ash Sorrel"), at=moment(10))
    desk = at_desk("team_manager")
    start = f"/assessments/start/{episode.pk}/"
    day = {"internal_review_on-month": "3", "internal_review_on-year": "2026"}
    typed = (
        sent_by(desk.get(start), "Start the assessment") | day | {"internal_review_on-day": "27"}
    )
    assert desk.post(start, typed).status_code == 302
    begun = Assessment.objects.get()
    address = f"/assessments/{begun.pk}/"
    assert "Internal review point: 27 March 2026" in desk.get(address).content.decode()
    typed = sent_by(desk.get(f"{address}correct/"), "Correct") | {
        "internal_review_on-day": "26",
        "because": "It was the day before",
    }
    assert desk.post(f"{address}correct/", typed).status_code == 302
    begun.refresh_from_db()
    assert begun.internal_review_on == date(2026, 3, 26)


def test_the_factors_of_an_authorised_assessment_are_corrected_and_what_was_believed_is_kept(
    record: Record, assessment: Assessment, at_desk: Callable[[str], Any]
) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(factors=["1A", "8A"])
    move(record, assessment, Stage.SENT)
    move(record, assessment, Stage.AUTHORISED)
    desk, address = at_desk("team_manager"), f"/assessments/{assessment.pk}/correct/"
    shown = desk.get(address)
    assert "8A, which is no longer a choice" in shown.content.decode()
    typed = sent_by(shown, "Correct") | {
        "factors": ["2B", "8A"],
        "because": "It was the other parent",
    }
    assert desk.post(address, typed).status_code == 302
    assessment.refresh_from_db()
    assert assessment.factors == ["2B", "8A"]
    page = desk.get(address).content.decode()
    assert "It was the other parent" in page
    assert code_sets.label("assessment_factor", "1A") in html.unescape(page)


def test_a_struck_out_assessment_leaves_the_standard_to_the_referral(
    record: Record, assessment: Assessment, at_desk: Callable[[str], Any]
) -> None:
    desk = at_desk("team_manager")
    assert Entry.objects.get(standard="ASM-45").about == "assessment"
    struck = desk.post(f"/assessments/{assessment.pk}/strike-out/", {"because": "Wrong child"})
    assert struck.status_code == 302
    assert Entry.objects.get(standard="ASM-45").about == "referral"
    assert desk.get(f"/assessments/{assessment.pk}/").status_code == 404

"""Who has looked at a record: everybody who was shown it, for those who may see that."""

from datetime import timedelta
from typing import Any

import pytest

from harbourlight.foundation.access import Capability, roles_with
from harbourlight.foundation.history.models import Event, record_reading
from harbourlight.record.confidentiality import actions as confidentiality
from harbourlight.record.matching.merging import merge
from tests.record.families import MOST_QUERIES, NOW, Record, queries_of

pytestmark = pytest.mark.django_db


def test_it_says_who_when_and_which_page_and_is_narrowed_by_each(
    record: Record, at_desk: Any
) -> None:
    child, other = record.child("Ash Sorrel"), record.child("Briar Fen")
    read = [
        ("social_worker", "child:page", 0, [child]),
        ("social_worker", "child:chronology", 1, [child]),
        ("team_manager", "contact:queue", 2, [child, other]),
        ("team_manager", "child:page", 3, [other]),
    ]
    for role, page, days, children in read:
        record_reading(
            name=page,
            by=record.user(role),
            at=NOW - timedelta(days=days),
            children=[one.pk for one in children],
        )
    desk, page = at_desk("records_officer"), f"/looking/people/{child.pk}/"

    def rows(query: str = "") -> list[str]:
        shown = desk.get(page + query).content.decode()
        return shown.split("Each time")[2].split("<tr")[2:]

    assert [any(words in row for row in rows()) for words in (
        "Social Worker, social worker", "Chronology", "Named in the queue of contacts with 1 other",
    )] == [True, True, True]  # fmt: skip
    assert len(rows(f"?reader={record.user('social_worker').pk}")) == 2
    assert len(rows("?page=child:chronology")) == 1
    day = "{0}-day=17&{0}-month=3&{0}-year=2026"
    assert len(rows(f"?{day.format('since')}&{day.format('until')}")) == 1
    nobody = desk.get(f"{page}?until-day=1&until-month=1&until-year=2020").content.decode()
    assert "Nobody has looked as you have chosen." in nobody
    # Having looked at this is itself a line of it, and printing it another.
    printed = desk.get(f"{page}pdf/")
    assert (printed.status_code, printed.content[:5]) == (200, b"%PDF-")
    assert "Who has looked, printed" in desk.get(page).content.decode()
    assert queries_of(desk, page) <= MOST_QUERIES


def test_it_is_for_those_who_may_alone_and_managers_see_the_openings(
    record: Record, at_desk: Any
) -> None:
    child = record.child("Ash Sorrel")
    record.referred(child, at=NOW)
    may = {role.code for role in roles_with(Capability.SEE_WHO_LOOKED)}
    for role in ("records_officer", "social_worker", "front_door_manager", "inspector"):
        answer = at_desk(role).get(f"/looking/people/{child.pk}/")
        assert answer.status_code == (200 if role in may else 403), role
        assert at_desk(role).get("/looking/unusual/").status_code == (200 if role in may else 403)
    because = "A neighbour telephoned about them."
    other = record.child("Briar Fen")
    confidentiality.open_record(other, by=record.user("social_worker"), at=NOW, because=because)
    record.contact(child, other, at=NOW)
    shown = at_desk("records_officer").get(f"/looking/people/{other.pk}/openings/")
    assert because in shown.content.decode()
    none = at_desk("team_manager").get(f"/looking/people/{child.pk}/openings/").content.decode()
    assert "Nobody has opened this record with a reason." in none


def test_the_readers_of_a_restricted_record_are_shown_and_of_one_made_one_with_it(
    record: Record, at_desk: Any
) -> None:
    child, same = record.child("Ash Sorrel"), record.child("Ash Sorel")
    officer = record.user("records_officer")
    record_reading(name="child:page", by=record.user("inspector"), at=NOW, children=[same.pk])
    merge(by=officer, at=NOW, kept=child, retired=same, because="One child, twice.")
    confidentiality.restrict(child, by=officer, at=NOW, because="Adoption.")
    shown = at_desk("records_officer").get(f"/looking/people/{child.pk}/").content.decode()
    assert "Inspector, inspector" in shown


def test_a_long_list_comes_in_pages(record: Record, at_desk: Any) -> None:
    child = record.child("Ash Sorrel")
    for _ in range(60):
        record_reading(name="child:page", by=record.user("inspector"), at=NOW, children=[child.pk])
    assert Event.objects.filter(children=[child.pk], kind="read").count() == 60
    shown = at_desk("records_officer").get(f"/looking/people/{child.pk}/").content.decode()
    assert "Showing 1 to 50 of 61 times" in shown

"""The board: its numbers are the entries behind them, as the day it stands on knew them."""

import csv
import io
import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from harbourlight.foundation.history.models import Event
from harbourlight.pages.presenters.board import Part, behind
from harbourlight.record.live_ledger.models import Coverage, Entry
from harbourlight.record.live_ledger.selectors import begun, months, of_month, undated
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.clocks import add_months
from harbourlight.standards.standard import Kind
from tests.pages.reading import links, main_of, rows, section, text_of
from tests.pages.service import NOW, Service

# ---- Counts and the entries behind them ---------------------------------------------------------

BEGINNING = datetime.combine(date(2024, 1, 1), time.min)


def any_ledger(seed: int, count: int = 1500) -> list[Entry]:
    """Entries of every standard in every plight, at the edges of months more often than not."""
    chance = random.Random(seed)

    def some_time() -> datetime:
        day = add_months(BEGINNING.date(), chance.randrange(30)) + timedelta(
            days=chance.choice((-1, 0, 0, 1, chance.randrange(28)))
        )
        clock = chance.choice((time.min, time(23, 59, 59), time(9, 30)))
        return datetime.combine(day, clock)

    entries = []
    for number in range(count):
        standard = chance.choice([*CATALOGUE.values()])
        standing = chance.choices(("applies", "cannot_tell", "not_applicable"), weights=(8, 2, 1))[
            0
        ]
        starts = some_time() if standing == "applies" or chance.random() < 0.8 else None
        due = starts and datetime.combine(
            starts.date() + timedelta(days=chance.randrange(70)), time(23, 59, 59)
        )
        if standard.kind is Kind.OCCURRENCE:
            due = starts
        if standing == "not_applicable" or (standing == "cannot_tell" and chance.random() < 0.5):
            due = None
        met = some_time() if chance.random() < 0.7 else None
        if standard.kind is Kind.OCCURRENCE:
            met = starts if met else None
        entries.append(
            Entry(
                standard=standard.code,
                about="referral",
                about_id=f"R{number:05}",
                child_id=f"C{number % 97:05}",
                worker_id=chance.choice((None, "W1", "W2")),
                team_id=chance.choice((None, "T1", "T2")),
                starts_at=starts,
                due_at=due,
                met_at=met,
                lapsed_at=some_time() if chance.random() < 0.15 else None,
                standing=standing,
            )
        )
    return entries


def every_point(as_at: datetime) -> Iterator[tuple[Any, date]]:
    for standard in CATALOGUE.values():
        month = BEGINNING.date().replace(month=1) - timedelta(days=1)
        month = month.replace(day=1)
        while month <= as_at.date():
            yield standard, month
            month = add_months(month, 1)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    "as_at",
    [
        datetime.fromisoformat("2026-03-18T10:00:00"),
        datetime.fromisoformat("2025-08-31T23:59:59"),
        datetime.fromisoformat("2025-09-01T00:00:00"),
    ],
)
def test_the_entries_behind_every_point_add_up_to_it(db: None, seed: int, as_at: datetime) -> None:
    Entry.objects.bulk_create(any_ledger(seed))
    for team in (None, "T1"):
        where = {"team_id": team} if team else {}
        counted = {
            (row["standard"], row["month"]): (
                row["numerator"],
                row["denominator"],
                row["cannot_tell"],
            )
            for row in months(as_at, where=where)
        }
        found = {}
        for standard, month in every_point(as_at):
            entries = of_month(Entry.objects.filter(**where), standard, month)
            point = behind(standard, begun(entries, as_at), as_at)
            numbers = (
                point.numerator,
                point.denominator,
                len(point.parts[Part.CANNOT_TELL]),
            )
            if any(numbers):
                found[standard.code, month] = numbers
        assert found == counted


def test_counting_only_the_latest_months_counts_them_the_same(db: None) -> None:
    Entry.objects.bulk_create(any_ledger(4))
    as_at = datetime.fromisoformat("2026-03-18T10:00:00")
    since = date(2025, 2, 15)
    every = [row for row in months(as_at) if row["month"] >= since.replace(day=1)]
    assert every
    assert months(as_at, since=since) == every
    assert months(as_at, ["ASM-45"], since=since) == [
        row for row in every if row["standard"] == "ASM-45"
    ]


def test_what_is_in_no_month_is_counted_by_itself(db: None, see: Any, account: Any) -> None:
    Entry.objects.bulk_create(any_ledger(5))
    lost = [
        entry
        for entry in Entry.objects.filter(standard="ASM-45", standing="cannot_tell")
        if entry.starts_at is None and entry.due_at is None
    ]
    assert len(lost) > 1
    assert undated(Entry.objects.filter(standard="ASM-45")).count() == len(lost)
    page = see(account("performance_analyst"), "/board/ASM-45/")
    assert f"{len(lost)} entries are in no month" in section(page, "months")
    listed = rows(see(account("team_manager"), "/board/ASM-45/undated/"))
    assert len(listed) == len(lost)


# ---- What was recorded, on the board ------------------------------------------------------------


@pytest.fixture
def winter(service: Service) -> Service:
    """Referred on 1 December, so due on 5 February: one in time, one late, one not yet.

    And one whose assessment is due in the month now running, and was early.
    """
    first = date(2025, 12, 1)
    for name, day in (("Amy Prompt", date(2026, 2, 4)), ("Ben Late", date(2026, 2, 16))):
        episode = service.referred(name, first, team="Harbour", to="Sol West")
        at = datetime.combine(day, time(15), NOW.tzinfo)
        service.authorised(episode, at=at, by="Sol West", manager="Tam Over")
    service.referred("Cat Still", first, team="Lantern", to="Ned North")
    early = service.referred("Dan Early", date(2026, 1, 20), team="Harbour", to="Sol West")
    service.authorised(early, at=NOW, by="Sol West", manager="Tam Over")
    return service


def test_a_month_says_how_many_and_opens_them(winter: Service, see: Any) -> None:
    analyst = winter.users["Pat Figg"]
    page = see(analyst, "/board/ASM-45/")
    assert rows(page, "months")[0] == [
        "February 2026",
        "1",
        "3",
        "33%",
        "0",
        "Ordinary",
    ]
    month = see(analyst, links(page)["February 2026"])
    assert "Authorised in time: 1 of 3 (33%)." in text_of(main_of(month))
    assert [(row[0], row[2], row[3]) for row in rows(month)] == [
        ("Ben Late", "5 February 2026", "Not authorised in time, done late 16 February 2026"),
        (
            "Cat Still",
            "5 February 2026 29 working days late",
            "Not authorised in time, not done yet",
        ),
        ("Amy Prompt", "5 February 2026", "Authorised in time 4 February 2026"),
    ]
    for part, names in (("unmet", ["Ben Late", "Cat Still"]), ("met", ["Amy Prompt"])):
        only = see(analyst, f"/board/ASM-45/2026-02/?part={part}")
        assert [row[0] for row in rows(only)] == names


def test_one_met_before_its_month_is_over_is_shown_and_not_yet_counted(
    winter: Service, see: Any
) -> None:
    page = see(winter.users["Pat Figg"], "/board/ASM-45/2026-03/")
    said = text_of(main_of(page))
    assert "Nothing is counted in this month." in said
    assert "1 not counted" in said
    assert [row[0] for row in rows(page)] == ["Dan Early"]


def test_the_board_stands_as_it_stood_on_a_day(winter: Service, see: Any) -> None:
    """On 10 February Ben's was not done: two of three were late then, and one is now."""
    analyst = winter.users["Pat Figg"]
    then = see(analyst, "/board/ASM-45/?as_at=2026-02-10")
    assert "As it stood at the end of 10 February 2026" in text_of(main_of(then))
    assert "2 late now" in text_of(main_of(then))
    assert "1 late now" in text_of(main_of(see(analyst, "/board/ASM-45/")))
    behind_then = see(analyst, "/board/ASM-45/unmet/?as_at=2026-02-10")
    assert [row[0] for row in rows(behind_then)] == ["Ben Late", "Cat Still", "Dan Early"]
    assert "3 working days late" in rows(behind_then)[0][2]


def test_a_day_chosen_in_boxes_comes_to_one_address(winter: Service, client: Any) -> None:
    client.force_login(winter.users["Pat Figg"])
    team = winter.teams["Harbour"].pk
    typed = f"?team={team}&as_at-day=10&as_at-month=February&as_at-year=2026"
    for page in ("/board/", "/board/ASM-45/"):
        answer = client.get(page + typed)
        assert answer.headers["Location"] == f"{page}?team={team}&as_at=2026-02-10"


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ("as_at=2026-03-19", "must be today or in the past"),
        ("as_at=2026-02-30", "real date"),
        ("as_at=soon", "must include"),
        ("team=NOSUCHTEAM", "Select team from the list"),
    ],
)
def test_what_cannot_be_shown_is_said_and_the_board_stands_now(
    winter: Service, see: Any, asked: str, fault: str
) -> None:
    page = see(winter.users["Pat Figg"], f"/board/?{asked}")
    said = text_of(main_of(page))
    assert "There is a problem" in said
    assert fault in said
    assert "As it stands on 18 March 2026" in said
    assert "title>Error: " in page.content.decode()


def test_a_team_chosen_is_all_that_is_counted(winter: Service, see: Any) -> None:
    analyst, team = winter.users["Pat Figg"], winter.teams["Harbour"].pk
    page = see(analyst, f"/board/ASM-45/?team={team}")
    assert "Harbour only." in text_of(main_of(page))
    assert rows(page, "months")[0][:4] == ["February 2026", "1", "2", "50%"]
    month = see(analyst, links(page)["February 2026"])
    assert [row[0] for row in rows(month)] == ["Ben Late", "Amy Prompt"]


def test_every_standard_has_a_card_with_its_finding_and_its_counts(
    winter: Service, see: Any
) -> None:
    page = see(winter.users["Pat Figg"], "/board/")
    said = text_of(main_of(page))
    for standard in CATALOGUE.values():
        assert standard.title in said
    assert "Too few months to say what is ordinary" in said
    assert links(page)["1 late now : Assessment within 45 working days"] == "/board/ASM-45/unmet/"


def test_each_mark_of_the_large_chart_opens_its_month(winter: Service, see: Any) -> None:
    page = see(winter.users["Pat Figg"], f"/board/ASM-45/?team={winter.teams['Harbour'].pk}")
    team = winter.teams["Harbour"].pk
    marks = main_of(page).xpath("//*[local-name()='svg']//*[local-name()='a']")
    assert {mark.get("href") for mark in marks} == {f"/board/ASM-45/2026-02/?team={team}"}
    assert {mark.get("aria-label") for mark in marks} == {"February 2026: 50%, 1 of 2"}


def test_months_the_record_does_not_wholly_hold_are_left_out(winter: Service, see: Any) -> None:
    Coverage.objects.create(table="ssd_cin_assessments", complete_from=date(2025, 12, 15))
    page = see(winter.users["Pat Figg"], "/board/ASM-45/")
    assert "The record can answer in full from 1 March 2026" in section(page, "finding")
    assert rows(page, "months") == []


def test_the_children_behind_a_number_are_written_down_as_read(winter: Service, see: Any) -> None:
    see(winter.users["Pat Figg"], "/board/")
    assert not Event.objects.filter(kind=Event.Kind.READ).exists()
    see(winter.users["Pat Figg"], "/board/ASM-45/2026-02/?part=met")
    (event,) = Event.objects.filter(kind=Event.Kind.READ)
    assert (event.name, event.children) == ("board:entries", [winter.child("Amy Prompt").pk])


# ---- Downloads ----------------------------------------------------------------------------------


def rows_of(answer: Any) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))]


def test_the_months_download_is_the_table_and_is_written_down(winter: Service, see: Any) -> None:
    team = winter.teams["Harbour"]
    type(team).objects.filter(pk=team.pk).update(name="=Harbour")
    address = f"/board/ASM-45/download/?team={team.pk}&as_at=2026-03-17"
    answer = see(winter.users["Pat Figg"], address)
    named = 'attachment; filename="ASM-45-months-as-at-2026-03-17.csv"'
    assert answer.headers["Content-Disposition"] == named
    (month,) = rows_of(answer)
    assert (month["month"], month["numerator"], month["denominator"]) == ("2026-02-01", "1", "2")
    assert (month["team"], month["value"], month["whole"]) == ("'=Harbour", "0.5", "Y")
    (event,) = Event.objects.filter(kind=Event.Kind.READ)
    assert event.name == "board:download"
    assert event.subjects == {
        "file": "ASM-45-months",
        "team": team.pk,
        "as_at": "2026-03-17T23:59:59",
    }


def test_the_entries_download_has_no_name_in_it_and_says_whose_were_read(
    winter: Service, see: Any
) -> None:
    answer = see(winter.users["Pat Figg"], "/board/ASM-45/2026-02/download/")
    got = {row["child_id"]: row["outcome"] for row in rows_of(answer)}
    assert got == {
        winter.child("Amy Prompt").pk: "met",
        winter.child("Ben Late").pk: "met_late",
        winter.child("Cat Still").pk: "overdue",
    }
    assert "Prompt" not in answer.content.decode()
    (event,) = Event.objects.filter(kind=Event.Kind.READ)
    assert event.children == sorted(got)


def test_only_who_may_download_is_offered_it(winter: Service, see: Any) -> None:
    for page in ("/board/ASM-45/", "/board/ASM-45/2026-02/"):
        for name, offered in (("Pat Figg", True), ("Tam Over", False)):
            assert ("download/" in see(winter.users[name], page).content.decode()) is offered

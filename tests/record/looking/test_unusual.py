"""Access that is unusual: what each rule finds and leaves, and what is decided about it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from harbourlight.foundation.history.models import Event, record_reading
from harbourlight.foundation.jobs import Work
from harbourlight.record.confidentiality import actions as confidentiality
from harbourlight.record.looking import jobs
from harbourlight.record.looking.actions import look_through
from harbourlight.record.looking.models import AccessReview, UnusualAccess
from harbourlight.record.looking.rules import MANY, RULES
from harbourlight.record.people import actions as people
from harbourlight.record.people.actions import NewPerson
from harbourlight.record.people.details import BY_CODE
from harbourlight.record.workforce.models import Professional, Team
from tests.record.families import LONDON, Record

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 17)  # a Tuesday, the day before `families.NOW`
SITUATIONS = """
own surname      | Vi Sorrel     | Ash Sorrel       | child:page    | 11:00 | own_surname unrelated
half a name      | Vi Sorrel     | Rue Rowan-Sorrel | child:page    | 11:00 | own_surname unrelated
in a list alone  | Vi Sorrel     | Ash Sorrel       | people:search | 11:00 |
another surname  | Vi Rowann     | Ash Sorrel       | child:page    | 11:00 | unrelated
own home         | Wren Fen      | Lark Moor        | child:page    | 11:00 | own_address unrelated
a neighbour's    | Wren Fen      | Ash Sorrel       | child:page    | 11:00 | unrelated
allocated        | Sol Westing   | Bay Worked       | child:page    | 11:00 |
of the same team | Una Teams     | Bay Worked       | child:page    | 11:00 |
their family     | Sol Westing   | Sib Worked       | child:page    | 11:00 |
of another team  | Ned Elsewhere | Bay Worked       | child:page    | 11:00 | unrelated
it ended before  | Sol Westing   | Old Ended        | child:page    | 11:00 | unrelated
wrote lately     | Fay Door      | Told Lately      | child:page    | 11:00 |
wrote long ago   | Fay Door      | Told Longago     | child:page    | 11:00 | unrelated
gave a reason    | Ned Elsewhere | Opened Reason    | child:page    | 11:00 |
seven exactly    | Sol Westing   | Bay Worked       | child:page    | 07:00 |
a minute before  | Sol Westing   | Bay Worked       | child:page    | 06:59 | out_of_hours
before eight     | Sol Westing   | Bay Worked       | child:page    | 19:59 |
eight at night   | Sol Westing   | Bay Worked       | child:page    | 20:00 | out_of_hours
a list by night  | Sol Westing   | Bay Worked       | my_work:list  | 23:30 | out_of_hours
"""


@pytest.fixture
def world(record: Record, account: Any) -> dict[str, Any]:
    """Children, and readers with and without a reason to read of them; by name."""
    other = Team.objects.create(name="Lantern Team")
    ned = Professional.objects.create(name="Ned Elsewhere", team=other)
    door = record.user("front_door_worker")
    manager = record.user("front_door_manager")

    def at(days: int) -> datetime:
        return datetime.combine(DAY - timedelta(days=days), datetime.min.time(), LONDON).replace(
            hour=10
        )

    def child(name: str, **more: Any) -> Any:
        forename, surname = name.split(" ", 1)
        return record.add(NewPerson(forename, surname, **more), at=at(200))[0]

    made = {name: child(name) for name in ("Ash Sorrel", "Rue Rowan-Sorrel", "Lark Moor")}
    made |= {
        one.name: one
        for one in record.add(NewPerson("Bay", "Worked"), NewPerson("Sib", "Worked"), at=at(200))
    }
    made |= {
        name: child(name) for name in ("Old Ended", "Opened Reason", "Told Lately", "Told Longago")
    }
    record.referred(made["Bay Worked"], at=at(60))
    ended = record.referred(made["Old Ended"], at=at(60))
    type(ended).objects.filter(pk=ended.pk).update(closed_on=DAY - timedelta(days=1))
    ended.allocations.update(ended_on=DAY - timedelta(days=1))
    record.contact(made["Told Lately"], at=at(29))
    record.contact(made["Told Longago"], at=at(32))
    wren = child("Wren Fen", place="parent")
    for person, lines in ((wren, "4 Mill Lane"), (made["Lark Moor"], "4, mill lane")):
        given = {"kind": "home", "lines": lines, "postcode": "NE1 4XX"}
        people.add_fact(BY_CODE["addresses"], person, given, by=manager, at=at(100))
    users = {
        "Vi Sorrel": account("inspector", username="s", full_name="Vi Sorrel"),
        "Vi Rowann": account("inspector", username="r", full_name="Vi Rowann"),
        "Wren Fen": account("inspector", username="f", full_name="Wren Fen"),
        "Sol Westing": record.user("social_worker"),
        "Una Teams": record.user("team_manager"),
        "Ned Elsewhere": account(
            "social_worker", username="n", full_name="Ned Elsewhere",
            team_id=other.pk, professional_id=ned.pk,
        ),
        "Fay Door": door,
    }  # fmt: skip
    confidentiality.open_record(
        made["Opened Reason"],
        by=users["Ned Elsewhere"],
        at=at(0),
        because="A call about them came in.",
    )
    # What made them is not what is asked about: of this day, only what a situation reads.
    return {"people": made, "users": users}


def situations() -> Iterator[list[str]]:
    for line in SITUATIONS.strip().splitlines():
        yield [cell.strip() for cell in line.split("|")]


def test_each_situation_is_found_by_its_rules_and_by_no_other(
    world: dict[str, Any], assured: Callable[[str, str], None]
) -> None:
    wrong = []
    fired = set()
    for name, reader, read, page, at, expected in situations():
        hour, minute = map(int, at.split(":"))
        moment = datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=LONDON)
        user, child = world["users"][reader], world["people"][read]
        lines = Event.objects.filter(kind="read").values_list("pk", flat=True)
        before = {*lines.all()}
        record_reading(name=page, by=user, at=moment, children=[child.pk])
        look_through(DAY, at=moment)
        found = UnusualAccess.objects.filter(
            user=user, lines__contains=[max({*lines.all()} - before)]
        )
        rules = {one.rule for one in found}
        fired |= rules
        if rules != {*expected.replace("unrelated", "no_relationship").split()}:
            wrong.append(f"{name}: {sorted(rules)}, and not {expected}")
        UnusualAccess.objects.all().delete()
    assert wrong == []
    assert fired == {rule.code for rule in RULES} - {"many_records"}
    assured(
        "unusual-access", f"{len([*situations()])} situations of {len(RULES)} rules: 0 mismatches"
    )


@pytest.mark.parametrize(
    ("day", "is_unusual"),
    [(date(2026, 3, 14), True), (date(2026, 4, 3), True), (date(2026, 3, 16), False)],
    ids=["a Saturday", "Good Friday", "a Monday"],
)
def test_a_day_that_is_not_worked_is_out_of_hours(world, day: date, is_unusual: bool) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=LONDON)
    children = [world["people"]["Bay Worked"].pk]
    user = world["users"]["Sol Westing"]
    record_reading(name="child:page", by=user, at=noon, children=children)
    look_through(day, at=noon)
    assert UnusualAccess.objects.filter(rule="out_of_hours").exists() is is_unusual


@pytest.mark.parametrize(
    ("children", "minutes", "is_unusual"),
    [(MANY, 59, True), (MANY - 1, 59, False), (MANY, 90, False)],
    ids=["as many in an hour", "one fewer", "as many in longer"],
)
def test_many_records_in_an_hour(
    record: Record, children: int, minutes: int, is_unusual: bool
) -> None:
    user = record.user("inspector")
    begun = datetime(2026, 3, 17, 10, tzinfo=LONDON)
    for number in range(children):
        at = begun + timedelta(minutes=minutes) * number / (children - 1)
        for _ in range(2):  # twice the same is one record
            record_reading(name="child:page", by=user, at=at, children=[f"CHILD{number:05}"])
    look_through(DAY, at=begun)
    assert UnusualAccess.objects.filter(rule="many_records").exists() is is_unusual


def test_the_job_makes_up_for_nights_missed_and_finds_nothing_twice(world: dict[str, Any]) -> None:
    user, child = world["users"]["Vi Sorrel"], world["people"]["Ash Sorrel"]
    noon = datetime(2026, 3, 12, 12, tzinfo=LONDON)
    for days in (0, 6):
        at = noon + timedelta(days=days)
        record_reading(name="child:page", by=user, at=at, children=[child.pk])
    night = noon + timedelta(days=6, hours=17)
    for _ in range(2):
        jobs.look.function(Work(at=night))
    found = UnusualAccess.objects.filter(rule="own_surname", user=user)
    assert [one.day for one in found] == [date(2026, 3, 18), date(2026, 3, 12)]


# ---- Deciding -----------------------------------------------------------------------------------


@pytest.fixture
def found(world: dict[str, Any]) -> UnusualAccess:
    """Somebody read of a child of their own surname."""
    user, child = world["users"]["Vi Sorrel"], world["people"]["Ash Sorrel"]
    noon = datetime(2026, 3, 17, 12, tzinfo=LONDON)
    record_reading(name="child:page", by=user, at=noon, children=[child.pk])
    look_through(DAY, at=noon)
    return UnusualAccess.objects.get(rule="own_surname", user=user)


def test_what_was_found_is_listed_read_and_decided_about_and_the_decision_is_kept(
    found: UnusualAccess, at_desk: Any, record: Record
) -> None:
    desk = at_desk("records_officer")
    listed = desk.get("/looking/unusual/").content.decode()
    assert "Own surname" in listed
    assert "Ash Sorrel" in listed
    page = f"/looking/unusual/{found.pk}/"
    shown = desk.get(page).content.decode()
    assert "have a surname in common" in shown
    assert Event.objects.filter(name="looking:access", children=[found.person_id]).exists()
    lacking = desk.post(page, {"decision": "asked"}).content.decode()
    assert "There is a problem" in lacking
    given = {"decision": "asked", "words": "Not a relation: they checked.", "after": ""}
    assert desk.post(page, given).status_code == 302
    review = AccessReview.objects.get()
    assert (review.decision, review.words) == ("asked", "Not a relation: they checked.")
    assert "Ash Sorrel" not in desk.get("/looking/unusual/?decision=waiting").content.decode()
    assert "Ash Sorrel" in desk.get("/looking/unusual/?decision=asked").content.decode()
    # Somebody with a page from before does not decide over it; and having read it, may.
    stale = desk.post(page, given | {"decision": "concern", "words": "Hm."}).content.decode()
    assert "Somebody else has decided about this since" in stale
    assert f'value="{review.pk}"' in stale
    again = {"decision": "concern", "words": "More came to light.", "after": review.pk}
    assert desk.post(page, again).status_code == 302
    assert {one.decision for one in AccessReview.objects.all()} == {"concern", "asked"}


def test_nobody_decides_about_their_own_access(found: UnusualAccess, at_desk: Any, record) -> None:
    UnusualAccess.objects.filter(pk=found.pk).update(user=record.user("records_officer"))
    desk, page = at_desk("records_officer"), f"/looking/unusual/{found.pk}/"
    assert "Somebody else decides about it" in desk.get(page).content.decode()
    given = {"decision": "seen", "words": "It was me.", "after": ""}
    assert "Somebody else decides" in desk.post(page, given).content.decode()
    assert not AccessReview.objects.exists()


def test_where_nothing_was_found_the_list_says_so(at_desk: Any) -> None:
    shown = at_desk("records_officer").get("/looking/unusual/").content.decode()
    assert "Nothing waits for a decision." in shown
    assert timezone.now()

"""A finding opens the child at the field: each element of a census has its place in the record."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from harbourlight.record.census.fields import FIELDS, OVERVIEW, ROWS, page_of
from harbourlight.record.census.models import Census, CensusFinding
from harbourlight.record.episodes.actions import close_episode
from harbourlight.record.people.models import Disability, Identifier, Person
from harbourlight.record.plans.models import NeedPlan
from harbourlight.record.protection.models import Conference, Enquiry, ProtectionPlan, Review
from harbourlight.record.publishing import published_tables
from harbourlight.returns.cin.building import Header, Place, build
from harbourlight.returns.cin.elements import (
    CHILD,
    CIN_PLANS,
    ELEMENTS,
    PRE_PROCEEDINGS,
    PROTECTION_PLANS,
    SECTION_47,
    Field,
    Group,
)
from tests.record.families import MOST_QUERIES, NOW, Record, moment, queries_of


@dataclass
class World:
    """A child with a row of each kind that a census is made of, and one with next to none."""

    whole: Person
    bare: Person
    places: list[Place]


def _fact(record: Record) -> dict[str, Any]:
    return {"recorded_at": NOW, "recorded_by": record.user("team_manager")}


def _whole(record: Record) -> Person:
    """Somebody of whom everything is held."""
    child = record.child("Wren Ash")
    episode = record.referred(child, at=moment(2, month=6, year=2025))
    fact = {"child": child, **_fact(record)}
    held = {"person": child, **_fact(record)}
    Person.objects.filter(pk=child.pk).update(
        ethnicity="WBRI", upn_unknown="UN3", sex="F", died_on=date(2026, 3, 2)
    )
    for code in ("MOB", "HAND"):
        Disability.objects.create(code=code, **held)
    for value, ended in (("A123456789012", None), ("B123456789012", date(2025, 1, 1))):
        Identifier.objects.create(kind="upn", value=value, ended_on=ended, **held)
    episode.assessments.create(
        started_on=date(2025, 6, 3),
        internal_review_on=date(2025, 6, 20),
        authorised_on=date(2025, 7, 1),
        factors=["1A", "2B"],
        **fact,
    )
    NeedPlan.objects.create(episode=episode, started_on=date(2025, 7, 2), **fact)
    enquiry = Enquiry.objects.create(
        episode=episode,
        started_on=date(2025, 8, 1),
        ended_on=date(2025, 8, 8),
        conference_required=True,
        **fact,
    )
    met = {"target_on": date(2025, 8, 22), "episode": episode, **fact}
    conference = Conference.objects.create(
        enquiry=enquiry, held_on=date(2025, 8, 20), made_plan=True, **met
    )
    Conference.objects.create(transfer_in=True, held_on=date(2025, 9, 1), **met)
    plan = ProtectionPlan.objects.create(
        episode=episode,
        conference=conference,
        started_on=date(2025, 8, 20),
        initial_category="NEG",
        latest_category="EMO",
        previous_plans=1,
        **fact,
    )
    for weeks in range(12, 30, 4):
        Review.objects.create(plan=plan, held_on=date(2025, 8, 20) + timedelta(weeks=weeks), **fact)
    close_episode(
        by=record.user("team_manager"), at=NOW, episode=episode, on=date(2026, 3, 3), reason="RC1"
    )
    return child


def _bare(record: Record) -> Person:
    """Somebody unborn of whom a referral is held, and nothing besides."""
    child = record.child("Bay Elder", born_on=None, expected_on=date(2026, 7, 1))
    record.referred(child, at=moment(3))
    return child


@pytest.fixture
def world(record: Record, at_now: None, tmp_path: Path, transactional_db: None) -> World:
    """The two, and where everything of the first stands in the census of the record."""
    whole, bare = _whole(record), _bare(record)
    Person.objects.filter(pk=bare.pk).update(ethnicity="WBRI")
    out = tmp_path / "census.xml"
    header = Header("999", datetime(2026, 4, 1))  # noqa: DTZ001 - as the dataset has it
    built = build(published_tables(), year=2026, header=header, out=out, with_places=True)
    assert built.places is not None
    assert not built.problems
    lines = range(1, out.read_text().count("\n"))
    places = {place: None for line in lines if (place := built.places.place_of(line))}
    return World(whole, bare, [*places])


def _within(group: Group, above: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every element of a group, with what it stands in."""
    yield group.name, above
    for member in group.members:
        if isinstance(member, Field):
            yield member.name, (*above, group.name)
        else:
            yield from _within(member, (*above, group.name))


def _led_to(world: World) -> Iterator[tuple[str, Place]]:
    """Each element as a finding may tell of it: at its own row, and, for want of one, at the row of
    anything that it stands in."""
    places: dict[str, list[Place]] = {}
    for place in world.places:
        places.setdefault(place.element, []).append(place)
    for name, above in _within(CHILD):
        for around in (name, *above):
            for place in places.get(around, ()):
                yield name, place


class Pages:
    """Pages of the record, each asked for once."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk
        self.ids: dict[str, list[str]] = {}

    def has(self, address: str) -> bool:
        """Whether an address leads to one part of its page, that the keyboard goes to."""
        page, _, anchor = address.partition("#")
        if page not in self.ids:
            answer = self.desk.get(page)
            assert answer.status_code == 200, address
            drawn = html.fromstring(answer.content)
            ids = drawn.xpath("//@id")
            assert len(ids) == len(set(ids)), f"{page}: an id stands twice"
            self.ids[page] = drawn.xpath("//*[@data-anchor][@tabindex='-1']/@id")
        return self.ids[page].count(anchor) == 1 if anchor else True


def test_every_element_of_a_census_opens_the_child_at_a_part_of_a_page_that_is_there(
    world: World, at_desk: Callable[[str], Any]
) -> None:
    pages = Pages(at_desk("front_door_manager"))
    lost, seen = set(), set()
    for element, place in _led_to(world):
        address = page_of(place.child, element, table=place.table, row=place.row)
        seen.add((element, place.table))
        if not pages.has(address):
            lost.add((element, place.table, address))
    assert lost == set()
    assert {table for _, table in seen} == {*ROWS} - {"hl_s47_enquiries", "hl_cp_plans"}
    assert {element for element, _ in seen} == {name for name, _ in _within(CHILD)}
    for place in world.places:  # and what has a row of its own, at that row
        address = page_of(place.child, place.element, table=place.table, row=place.row)
        assert (place.child if place.table == "ssd_person" else place.row) in address
    # Where nothing is held that it could be of, the child's page says so, at what would list it.
    for element in ELEMENTS:
        for child in (world.whole, world.bare):
            assert pages.has(page_of(child.pk, element)), element


MENDED_BY = {
    "UPN": "value",
    "FormerUPN": "value",
    "UPNunknown": "upn_unknown",
    "PersonBirthDate": "born_on",
    "ExpectedPersonBirthDate": "expected_on",
    "Sex": "sex",
    "GenderCurrent": "sex",
    "PersonDeathDate": "died_on",
    "Ethnicity": "ethnicity",
    "Disability": "code",
    "CINreferralDate": "referred_at",
    "ReferralSource": "source_code",
    "PrimaryNeedCode": "primary_need",
    "CINclosureDate": "closed_on",
    "ReasonForClosure": "close_reason",
    "ReferralNFA": "no_further_action",
    "AssessmentActualStartDate": "started_on",
    "AssessmentInternalReviewDate": "internal_review_on",
    "AssessmentAuthorisationDate": "authorised_on",
    "AssessmentFactors": "factors",
}
"""What corrects each field, or adds it, on a form that the page of the field leads to."""

MENDED_BY_NOBODY = {
    name
    for group in (CIN_PLANS, SECTION_47, PROTECTION_PLANS, PRE_PROCEEDINGS)
    for name, _ in _within(group)
}
"""No page of the record changes plans and enquiries yet. LAchildID is the record's own."""


def _forms(desk: Any, page: str, asked: dict[str, list[str]]) -> Iterator[str]:
    """The names of what is asked on the forms of correcting and adding that a page leads to."""
    drawn = html.fromstring(desk.get(page).content)
    for way in set(drawn.xpath("//main//a/@href")):
        if way.endswith(("/correct/", "/add/")):
            if way not in asked:
                asked[way] = html.fromstring(desk.get(way).content).xpath("//form//@name")
            yield from asked[way]


def test_whoever_may_correct_a_field_finds_the_way_to_from_where_it_is_read(
    world: World, at_desk: Callable[[str], Any]
) -> None:
    desk, lost, asked = at_desk("front_door_manager"), set(), dict[str, list[str]]()
    episode = world.whole.episodes.get()
    rows = {
        "episodes": ("ssd_cin_episodes", episode.pk),
        "assessments": ("ssd_cin_assessments", episode.assessments.get().pk),
    }
    for element, name in MENDED_BY.items():
        kind = page_of(world.whole.pk, element).partition("#")[2]
        table, row = rows.get(kind, ("ssd_person", world.whole.pk))
        page = page_of(world.whole.pk, element, table=table, row=row).partition("#")[0]
        if not any(one.split("-")[0] == name for one in _forms(desk, page, asked)):
            lost.add((element, page))
    assert lost == set()
    fields = {name for name, _ in _within(CHILD) if isinstance(ELEMENTS[name], Field)}
    assert fields == {*MENDED_BY} | (fields & MENDED_BY_NOBODY) | {"LAchildID"}


def test_every_element_but_those_that_no_child_of_ours_has_is_given_its_place() -> None:
    given = {name for name, _ in _within(CHILD)} - {name for name, _ in _within(PRE_PROCEEDINGS)}
    assert {*FIELDS} == given
    for element in ("Message", "LEA", "PPStartDate", "an element that nobody knows"):
        assert page_of("x", element) == OVERVIEW.address("x", "")
        assert page_of("x", element, table="hl_coverage", row="y") == OVERVIEW.address("x", "")


def test_what_is_led_to_is_named_by_no_name() -> None:
    """The address goes into the browser's history: it carries identifiers alone."""
    address = page_of("c-1", "CPPreviewDate", table="ssd_cp_reviews", row="of 3/4 & more#x")
    assert address == "/people/c-1/#review-of%203%2F4%20%26%20more%23x"


@pytest.mark.django_db
def test_a_child_with_reviews_and_findings_asks_no_more_of_the_database(
    record: Record, at_desk: Callable[[str], Any]
) -> None:
    child = record.child("Wren Ash")
    plan = ProtectionPlan.objects.create(child=child, started_on=date(2025, 1, 1), **_fact(record))
    desk, address = at_desk("front_door_manager"), f"/people/{child.pk}/"
    for weeks in (1, 2):
        Review.objects.create(
            child=child, plan=plan, held_on=date(2025, 1, 1) + timedelta(weeks), **_fact(record)
        )
    desk.get(address), desk.get(address)  # signing in changes the session, and the next page
    before = queries_of(desk, address)
    for weeks in range(3, 9):
        Review.objects.create(
            child=child, plan=plan, held_on=date(2025, 1, 1) + timedelta(weeks), **_fact(record)
        )
    census = Census.objects.create(year=2026, made_at=NOW)
    for rule in ("8500", "8510"):
        CensusFinding.objects.create(
            census=census, child=child, kind=3, rule=rule, message="It is wanting", element="Sex"
        )
    assert "8510" in desk.get(address).content.decode()
    assert queries_of(desk, address) == before <= MOST_QUERIES

"""How people are related: recorded, said, drawn, corrected, and hidden where one of them is."""

from datetime import date
from typing import Any

import pytest

from harbourlight.foundation.actions import Refused
from harbourlight.record.people import actions
from harbourlight.record.people.actions import NewPerson, Related, relate
from harbourlight.record.people.details import BY_CODE
from harbourlight.record.people.genogram import Link
from harbourlight.record.people.kinship import Kinship
from harbourlight.record.people.models import FamilyMember, Person, Relationship
from harbourlight.record.people.relations import INVERSE, KINDS, side_of, sides
from tests.pages.reading import links, main_of, rows, text_of
from tests.record.families import MOST_QUERIES, NOW, queries_of
from tests.record.people.test_adding import sent_by


@pytest.fixture
def family(record: Any) -> dict[str, Person]:
    """Three generations, with a half-sibling and an aunt."""
    people = record.add(
        NewPerson("Maya", "Rowan", sex="F", born_on=date(2015, 5, 1)),
        NewPerson("Noah", "Rowan", sex="M", born_on=date(2019, 5, 1)),
        NewPerson("Hazel", "Rowan", place="parent", sex="F", born_on=date(1988, 1, 1)),
        NewPerson("Adam", "Elder", place="parent", sex="M", born_on=date(1985, 1, 1)),
        NewPerson("Ben", "Ash", place="parent", sex="M", born_on=date(1990, 1, 1)),
        NewPerson("Ivy", "Rowan", place="other", sex="F", born_on=date(1960, 1, 1)),
        NewPerson("Fern", "Rowan", place="other", sex="F", born_on=date(1992, 1, 1)),
    )
    at = {one.forename.lower(): one for one in people}
    by = record.user("front_door_worker")

    def say(person: str, **others: str) -> None:
        relate(
            at[person], [Related(at[name], what) for name, what in others.items()], by=by, at=NOW
        )

    relate(
        at["maya"],
        [
            Related(at["hazel"], "parent_birth", "yes", "birth_mother"),
            Related(at["adam"], "parent_birth", "no"),
        ],
        by=by,
        at=NOW,
    )
    say("noah", hazel="parent_birth", ben="parent_birth")
    say("hazel", ivy="parent_birth", adam="divorced", ben="cohabiting")
    say("ivy", fern=f"{INVERSE}parent_birth")
    return at


def test_what_each_is_to_a_child_follows_from_what_is_recorded(family, at_desk) -> None:
    page = at_desk("front_door_worker").get(f"/people/{family['maya'].pk}/family/")
    said = {row[0]: row[1] for row in rows(page)}
    assert said == {
        "Maya Rowan": "This is their family",
        "Hazel Rowan": "Birth mother Has parental responsibility: Gave birth to the child",
        "Adam Elder": "Birth father Has no parental responsibility",
        "Noah Rowan": "Half-brother",
        "Ben Ash": "Parent’s partner or former partner",
        "Ivy Rowan": "Grandmother",
        "Fern Rowan": "Aunt",
    }
    words = text_of(main_of(page))
    assert "Divorced from: Hazel Rowan" in words
    assert "Birth mother of Noah Rowan" in words


def test_everybody_of_the_table_is_a_link_of_the_genogram_that_says_who_they_are(
    family, at_desk
) -> None:
    page = main_of(at_desk("front_door_worker").get(f"/people/{family['maya'].pk}/family/"))
    drawn = page.xpath(".//*[local-name()='svg'][@role='group']")[0]
    people = drawn.xpath(".//*[local-name()='a']")
    assert len(people) == len(page.xpath(".//tbody/tr")) == 7
    names = [one.get("aria-label") for one in people]
    assert names[0].startswith("Ivy Rowan, Grandmother"), "the eldest generation first"
    assert "Maya Rowan, whose family this is, born 1 May 2015, 10 years old" in names
    shown = {link for line in drawn.xpath(".//@data-links") for link in line.split()}
    assert shown == set(Relationship.objects.values_list("pk", flat=True))
    double = drawn.xpath(".//*[contains(@class, 'person--index')]//*[local-name()='circle']")
    assert len(double) == 2, "whose page it is has a double outline"
    assert "The table below says the same" in text_of(drawn)


def test_relationships_are_recorded_for_a_whole_family_on_one_page(record, at_desk) -> None:
    child, sibling = record.rowans(2)
    hazel = Person.objects.get(forename="Hazel")
    desk, address = at_desk("front_door_worker"), f"/people/{child.pk}/family/relate/"
    typed = sent_by(desk.get(address), "Save")
    nothing = desk.post(address, typed)
    assert "Say how at least one of them is related" in text_of(main_of(nothing))
    given = {
        f"is-{hazel.pk}": "parent_birth",
        f"responsible-{hazel.pk}": "yes",
        f"is-{sibling.pk}": "sibling_full",
    }
    answer = desk.post(address, sent_by(desk.get(address), "Save") | given)
    assert answer.headers["Location"] == f"/people/{child.pk}/family/"
    held = Relationship.objects.order_by("kind")
    assert [(one.kind, one.parental_responsibility) for one in held] == [
        ("parent_birth", "yes"),
        ("sibling_full", ""),
    ], "it is asked of adults alone"
    again = desk.get(address)
    assert again.headers["Location"].startswith("/people/?for=relation"), "nobody is left to ask of"


def test_one_relationship_is_corrected_ended_and_struck_out_like_any_other_fact(
    family, at_desk
) -> None:
    fact = Relationship.objects.get(kind="cohabiting")
    desk = at_desk("front_door_manager")
    ben = family["ben"]
    one = f"/people/{ben.pk}/details/relationships/{fact.pk}/"
    desk.post(
        f"{one}correct/",
        sent_by(desk.get(f"{one}correct/"), "Correct") | {"kind": "married", "because": "Seen."},
    )
    fact.refresh_from_db()
    assert fact.kind == "married"
    answer = desk.post(f"{one}end/", sent_by(desk.get(f"{one}end/"), "End it"))
    assert answer.headers["Location"] == f"/people/{ben.pk}/family/#relationships"
    desk.post(
        f"{one}strike-out/",
        sent_by(desk.get(f"{one}strike-out/"), "Strike it out") | {"because": "Not they."},
    )
    assert "Not they." in text_of(main_of(desk.get(f"/people/{ben.pk}/details/relationships/")))
    stranger = family["maya"]
    assert desk.get(one.replace(ben.pk, stranger.pk) + "correct/").status_code == 404
    assert desk.get(f"/people/{ben.pk}/details/relationships/add/").status_code == 404


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([], "at least one"),
        ([("hazel", "parent_birth")], "recorded already"),
        ([("maya", "sibling_full")], "to themselves"),
    ],
)
def test_what_cannot_be_is_refused_with_why_and_nothing_is_kept(
    record, family, answers, message
) -> None:
    before = Relationship.objects.count()
    related = [Related(family[name], answer) for name, answer in answers]
    with pytest.raises(Refused, match=message):
        relate(family["maya"], related, by=record.user("front_door_worker"), at=NOW)
    assert Relationship.objects.count() == before


def test_somebody_found_elsewhere_joins_the_family_they_are_related_to(record, family) -> None:
    stranger = record.child("Sol Sorrel")
    by = record.user("front_door_worker")
    relate(family["maya"], [Related(stranger, "cousin")], by=by, at=NOW)
    members = FamilyMember.objects.filter(family__members__person=family["maya"])
    assert stranger.pk in set(members.values_list("person_id", flat=True))


def test_a_parent_younger_than_the_child_is_told_of_and_kept(record, at_desk) -> None:
    child, sibling = record.rowans(2)
    by = record.user("front_door_worker")
    relate(child, [Related(sibling, "parent_birth")], by=by, at=NOW)
    page = at_desk("front_door_worker").get(f"/people/{child.pk}/family/")
    assert "Rowan1 Rowan is the younger: check which way round it is." in text_of(main_of(page))


def test_those_at_one_address_are_one_household_and_a_confidential_one_gives_nothing_away(
    record, family, at_desk
) -> None:
    by = record.user("front_door_worker")
    address = {"kind": "home", "lines": "1 Quay St.", "postcode": "NE1 4XX", "started_on": None}
    plain = address | {"ended_on": None, "is_confidential": False}
    kind = BY_CODE["addresses"]
    actions.add_fact(
        kind, family["maya"], plain, by=by, at=NOW, also=[family["noah"], family["hazel"]]
    )
    actions.add_fact(kind, family["ivy"], plain | {"lines": "1 QUAY ST"}, by=by, at=NOW)
    there = f"/people/{family['maya'].pk}/family/"
    page = at_desk("performance_analyst").get(there)
    together = [row[0] for row in rows(page) if "Lives at the same address" in row[1]]
    assert sorted(together) == ["Hazel Rowan", "Ivy Rowan", "Noah Rowan"]
    for fact in kind.model.objects.all():
        changes = {"is_confidential": True}
        actions.correct_fact(kind, fact, changes, by=by, at=NOW, because="They are in danger.")
    hidden = at_desk("performance_analyst").get(there).content.decode()
    assert "Lives at the same address</span></div>" not in hidden
    assert 'class="hl-genogram__household" points="4,4' in hidden, "the key alone"
    assert hidden.count("hl-genogram__household") == 1
    assert (
        at_desk("front_door_worker").get(there).content.decode().count("hl-genogram__household") > 1
    )


def test_a_large_family_asks_no_more_of_the_database_than_a_small_one(
    record, family, at_desk
) -> None:
    desk = at_desk("front_door_worker")
    there = f"/people/{family['maya'].pk}/family/"
    desk.get(there)
    few = queries_of(desk, there)
    by = record.user("front_door_worker")
    cousins = record.add(*(NewPerson(f"Cousin{n}", "Rowan") for n in range(12)))
    relate(
        family["fern"], [Related(one, f"{INVERSE}parent_birth") for one in cousins], by=by, at=NOW
    )
    assert queries_of(desk, there) <= few <= MOST_QUERIES
    assert len(rows(desk.get(there))) == 19


def test_a_family_of_one_says_so(record, at_desk) -> None:
    child = record.child("Sol Sorrel")
    page = at_desk("front_door_worker").get(f"/people/{child.pk}/family/")
    assert "No one else is recorded in a family with Sol Sorrel." in text_of(main_of(page))
    assert "Record how people are related" not in links(page)


# ---- Words --------------------------------------------------------------------------------------


def test_every_kind_is_said_from_both_sides_and_found_again_from_either() -> None:
    offered = [code for code, _ in sides()]
    assert len(offered) == len(set(offered))
    for kind in KINDS:
        assert side_of(kind.code) == (kind, False)
        if not kind.is_same_both_ways:
            assert side_of(f"{INVERSE}{kind.code}") == (kind, True)


@pytest.mark.parametrize(
    ("ties", "said"),
    [
        # who, what they are, to whom; then what "o" is to "i"
        ([("o", "parent_birth", "i")], "Birth mother"),
        ([("i", "parent_birth", "o")], "Daughter"),
        ([("p", "parent_birth", "i"), ("o", "parent_adoptive", "p")], "Grandmother"),
        (
            [
                *[("p", "parent_birth", "i"), ("p", "parent_birth", "o")],
                *[("q", "parent_birth", "i"), ("q", "parent_birth", "o")],
            ],
            "Sister",
        ),
        (
            [
                *[("p", "parent_birth", "i"), ("p", "parent_birth", "o")],
                *[("q", "parent_birth", "i"), ("r", "parent_birth", "o")],
            ],
            "Half-sister",
        ),
        ([("p", "parent_birth", "i"), ("p", "parent_birth", "o")], "Sister or half-sister"),
        ([("p", "parent_birth", "i"), ("p", "sibling_full", "o")], "Aunt"),
        (
            [("p", "parent_birth", "i"), ("p", "sibling_full", "q"), ("q", "parent_birth", "o")],
            "Cousin",
        ),
        ([("p", "parent_birth", "i"), ("p", "married", "o")], "Parent’s partner or former partner"),
        ([("p", "other", "i"), ("p", "carer", "o")], "Connected through Pat"),
        ([("p", "parent_birth", "i")], ""),
    ],
)
def test_what_somebody_is_follows_in_a_step_or_two_and_is_never_guessed(ties, said) -> None:
    found = [Link(str(number), *tie[::2], tie[1]) for number, tie in enumerate(ties)]
    people = "iopqr"
    kinship = Kinship("i", found, dict.fromkeys(people, "F"), dict.fromkeys(people, "Pat"))
    assert kinship.of("o") == said

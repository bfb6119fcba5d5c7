"""Pairs are proposed with their reasons; twins are not; what was decided is remembered."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from harbourlight.record.matching.model import MODEL
from harbourlight.record.matching.models import Proposal
from harbourlight.record.matching.proposing import Held, pairs, propose_duplicates
from harbourlight.record.people.models import Person
from tests.record.families import Record

AT = datetime(2026, 3, 18, 2, 30, tzinfo=UTC)
WAS = Held(
    "A",
    "william",
    "penhalwick",
    "M",
    date(2015, 3, 12),
    "PNLK",
    frozenset({"william"}),
    frozenset({"penhalwick"}),
    frozenset({"QA14 5BD"}),
    frozenset({"nhs_number:9434765919"}),
    frozenset({"F1"}),
)


def like(**changed: Any) -> Held:
    """Another record: as the first, but for what is said; elsewhere and in no family, if unsaid."""
    given = {"id": "B", "numbers": frozenset(), "postcodes": frozenset(), "families": frozenset()}
    given |= changed
    for one, many in (("forename", "forenames"), ("surname", "surnames")):
        if one in changed:
            given[many] = frozenset({changed[one]} - {""})
    return replace(WAS, **given)


HOME = {"postcodes": WAS.postcodes, "families": WAS.families}


@pytest.mark.parametrize(
    ("other", "proposed"),
    [
        (like(), True),
        (like(forename="bill"), True),
        (like(surname="penhalwik", sound="PNLK", postcodes=WAS.postcodes), True),
        (like(born=date(2015, 12, 3), postcodes=WAS.postcodes), True),
        (like(surname="elverstow", sound="ALFR", numbers=WAS.numbers), True),
        (like(**HOME), True),  # one child entered twice in one family
        (like(forename="thomas"), False),
        (like(born=date(2009, 6, 30)), False),
        # Twins, brothers and sisters: alike in all they share.
        (like(forename="thomas", **HOME), False),
        (like(forename="willow", sex="F", **HOME), False),
        (like(sex="F", **HOME), False),
        (like(forename="wilfred", born=date(2017, 1, 1), **HOME), False),
        (like(forename="wiliam", **HOME), False),
        (like(forename="thomas", numbers=WAS.numbers, **HOME), True),  # the evidence is specific
    ],
)
def test_who_is_proposed(other, proposed) -> None:
    assert bool(pairs([WAS, other])) is proposed


def test_twins_are_never_proposed_without_something_specific(assured) -> None:
    names = ("thomas", "wilfred", "ava", "eva", "jayden", "jaydon", "mia", "maya", "willam")
    others = [
        like(forename=name, sex=sex, surname=surname, id=f"B-{name}-{sex}-{surname}", **HOME)
        for name in names
        for sex in "MFU"
        for surname in ("penhalwick", "penhalwik", "elverstow")
    ]
    others.append(like(sex="F", id="B-same name, other sex", **HOME))
    assert [one for one in pairs([WAS, *others]) if one.person.id == "A"] == []
    assert pairs([WAS, like(id="B", **HOME)], frozenset({("A", "B")})) == []  # recorded as related
    assured("twins", f"{len(others) + 1} pairs of twins, brothers and sisters: 0 proposed")


def test_the_reasons_add_up_to_the_weight_and_are_in_words() -> None:
    (pair,) = pairs([WAS, like(forename="bill")])
    said = {one.name: one.says for one in pair.reasons}
    assert said["Forename"] == "a short form of the other"
    assert said["Postcode, now or before"] == "not known of both"
    from math import log2

    prior = log2(MODEL.two_at_random / (1 - MODEL.two_at_random))
    assert pair.weight == pytest.approx(prior + sum(one.weight for one in pair.reasons), abs=0.3)


def test_every_level_s_chances_add_up_to_one() -> None:
    for one in MODEL.comparisons:
        assert sum(level.m for level in one.levels) == pytest.approx(1, abs=0.001), one.code
        assert sum(level.u for level in one.levels) == pytest.approx(1, abs=0.02), one.code


def test_what_was_decided_is_remembered_until_what_was_compared_changes(record: Record) -> None:
    record.child("William Penhalwick", date(2015, 3, 12))
    other = record.child("Bill Penhalwick", date(2015, 3, 12))
    assert propose_duplicates(at=AT) == 1
    proposal = Proposal.objects.get()
    before = (proposal.pk, proposal.reasons)
    assert propose_duplicates(at=AT + timedelta(days=1)) == 1
    assert [(one.pk, one.reasons) for one in Proposal.objects.all()] == [before]

    proposal.decision, proposal.decided_at = Proposal.Decision.DIFFERENT, AT
    proposal.decided_by = record.user("records_officer")
    proposal.save()
    assert propose_duplicates(at=AT + timedelta(days=2)) == 0
    Person.objects.filter(pk=other.pk).update(sex="M")
    assert propose_duplicates(at=AT + timedelta(days=3)) == 1
    Person.objects.filter(pk=other.pk).update(surname="Elverstow", forename="Thomas")
    other.personname_facts.update(surname="Elverstow", forename="Thomas")
    assert propose_duplicates(at=AT + timedelta(days=4)) == 0
    assert not Proposal.objects.exists()

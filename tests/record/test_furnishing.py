"""The demonstration's families have parents, homes and professionals, all of them invented."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db.models import F

from harbourlight.record.furnishing import furnish
from harbourlight.record.live_ledger.keeping import differences
from harbourlight.record.loading import load_record
from harbourlight.record.people import addresses, details, identifiers, relations
from harbourlight.record.people.models import (
    Address,
    ContactDetail,
    FamilyMember,
    Identifier,
    NetworkMember,
    Person,
    PersonFact,
    PersonLanguage,
    PersonName,
    PersonWarning,
    Relationship,
)
from harbourlight.simulate import simulate

AT = datetime(2026, 3, 31, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_families_worked_with_lately_are_furnished_whole_and_the_ledger_is_untouched() -> None:
    trust = simulate(children=150, years=2, seed=3, until=date(2026, 3, 30))
    load_record(trust.tables, at=AT)
    families = furnish(at=AT)
    adults = Person.objects.filter(held_as="adult")
    assert families >= 10
    assert adults.count() > 1.5 * families, "a mother for each, and most fathers"
    for child in Person.objects.filter(
        episodes__closed_on=None, episodes__no_further_action=False, episodes__isnull=False
    ).distinct():
        parents = Relationship.objects.filter(other=child, kind="parent_birth")
        assert parents.filter(person__sex="F").count() == 1
        assert parents.count() <= 2, "nobody has two fathers"
        assert child.networkmember_facts.exists()
        assert child.personlanguage_facts.exists()
    for one in adults:
        assert FamilyMember.objects.filter(person=one).count() == 1
        assert (one.born_on or date.max) < date(2014, 1, 1)
    _are_well_made()
    assert differences() == []


def _are_well_made() -> None:
    kinds: list[tuple[type[PersonFact], str]] = [
        (PersonName, "kind"),
        (Address, "kind"),
        (ContactDetail, "kind"),
        (NetworkMember, "kind"),
        (PersonWarning, "kind"),
        (Relationship, "responsibility_by"),
    ]
    for model, field in kinds:
        named: Any = model._meta.get_field(field)
        codes = {code for code, _ in named.choices} | {""}
        held = set(model._default_manager.values_list(field, flat=True))
        assert held, f"{model.__name__} are furnished"
        assert held <= codes, model.__name__
    assert set(Relationship.objects.values_list("kind", flat=True)) <= set(relations.BY_CODE)
    for number in Identifier.objects.filter(kind="nhs_number"):
        assert number.value.startswith("999"), "set aside for tests: nobody's"
        assert not identifiers.problem_of("nhs_number", number.value)
    for address in Address.objects.all():
        assert addresses.is_postcode(address.postcode), address.postcode
    assert PersonLanguage.objects.exclude(language="English").exists()
    for model in (kind.model for kind in (*details.KINDS, details.RELATIONSHIPS)):
        backwards = model._default_manager.filter(ended_on__lt=F("started_on"))
        assert not backwards.exists(), model.__name__

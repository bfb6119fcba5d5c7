"""The record as it was known at any past moment is the record as it was then."""

import pytest
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from harbourlight.foundation.history.past import as_known
from harbourlight.record.people.models import Person
from tests.record.families import Record


@pytest.mark.django_db(transaction=True)
def test_smoke(record: Record) -> None:
    before = timezone.now()
    child = record.child("Ash Sorrel")
    between = timezone.now()
    Person.objects.filter(pk=child.pk).update(surname="Sorrell")
    with as_known(before):
        assert not Person.objects.exists()
    with as_known(between):
        found = Person.objects.get()
        assert (found.surname, found.name_plain) == ("Sorrel", "ash sorrel")
        assert list(found.families.all())
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            QuerySet(Person).update(surname="")
    assert Person.objects.get().surname == "Sorrell"

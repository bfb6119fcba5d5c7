"""People a user may see, and families. Finding a person is in `search`."""

from collections.abc import Iterable

from django.db.models import QuerySet

from harbourlight.foundation.accounts.models import User
from harbourlight.record.confidentiality.policy import known
from harbourlight.record.people.models import FamilyMember, Person


def visible_to(user: User) -> QuerySet[Person]:
    """The people a user may know of. Of how much they are shown, `confidentiality.policy` tells."""
    return known(user, Person.objects.standing(), "pk")


# ---- Families -----------------------------------------------------------------------------------


def families_of(person_ids: Iterable[str]) -> QuerySet[FamilyMember]:
    """Everyone in a family with any of these people, themselves too: children first, by age."""
    families = FamilyMember.objects.standing().filter(person_id__in=list(person_ids))
    return (
        FamilyMember.objects.standing()
        .filter(family_id__in=families.values("family_id"), person__struck_out_at__isnull=True)
        .select_related("person", "family")
        .order_by("place", "person__born_on", "person_id")
    )

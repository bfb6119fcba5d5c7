"""What there is to decide, and what was merged, for whoever may know of both people."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db.models import Count, QuerySet

from harbourlight.foundation.accounts.models import User
from harbourlight.record.matching.models import Merger, Proposal
from harbourlight.record.matching.relations import moved
from harbourlight.record.people.models import Person
from harbourlight.record.people.selectors import visible_to


def proposals_for(user: User) -> QuerySet[Proposal]:
    """Pairs of people whom a user may both know of."""
    people = visible_to(user)
    return Proposal.objects.filter(person__in=people, other__in=people).select_related(
        "person", "other", "decided_by"
    )


def waiting_for(user: User) -> QuerySet[Proposal]:
    """Pairs nobody has decided yet, or that somebody is being asked about; the likeliest first."""
    return proposals_for(user).filter(
        decision__in=[Proposal.Decision.OPEN, Proposal.Decision.ASKED]
    )


def mergers_for(user: User) -> QuerySet[Merger]:
    """Mergers into people whom a user may know of."""
    return Merger.objects.filter(person__in=visible_to(user)).select_related(
        "person", "retired", "by", "undone_by"
    )


def counts_of(people: Sequence[Person]) -> Mapping[str, Counter[str]]:
    """How many rows of each kind hang on each of these people: kind, then person."""
    found: dict[str, Counter[str]] = {}
    ids = [one.pk for one in people]
    for relation in moved():
        name = relation.field.attname
        counted = (
            relation.model._base_manager.filter(**{f"{name}__in": ids})
            .values_list(name)
            .annotate(rows=Count("pk"))
            .order_by()
        )
        kind = str(relation.model._meta.verbose_name_plural)
        for person, rows in counted:
            found.setdefault(kind, Counter())[person] += rows
    return found

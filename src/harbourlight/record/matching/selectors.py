"""What there is to decide, and what was merged, for whoever may know of both people."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from django.db.models import Count, QuerySet, TextField, Value
from django.db.models.functions import Cast

from harbourlight.foundation.accounts.models import User
from harbourlight.record.matching.models import Merger, Proposal
from harbourlight.record.matching.relations import moving
from harbourlight.record.people.details import DetailKind
from harbourlight.record.people.models import Person, PersonFact
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
    """How many rows of each kind hang on each of these people: what they are called, then person.

    One query: a page may ask twenty, and there are more kinds than that.
    """
    ids = [one.pk for one in people]
    counted = [
        relation.model._base_manager.filter(**{f"{relation.field.attname}__in": ids})
        .order_by()
        .values_list(relation.field.attname)
        .annotate(rows=Count("pk"), of=Value(str(how.rows)))
        for relation, how in moving()
    ]
    found: dict[str, Counter[str]] = {}
    if counted:
        for person, rows, of in counted[0].union(*counted[1:], all=True):
            found.setdefault(of, Counter())[person] += rows
    return {
        of: found[of] for of in dict.fromkeys(str(how.rows) for _, how in moving()) if of in found
    }


def written_since(merger: Merger) -> Counter[str]:
    """How many rows of each kind were written about the person kept since a merger: what they are
    called, in one query. They stay with that person if it is undone."""
    before = {(model, pk) for model, pk in merger.manifest["held"]}
    held = [
        relation.model._base_manager.filter(**{relation.field.name: merger.person_id})
        .order_by()
        .annotate(
            row_key=Cast("pk", TextField()), row_of=Value(str(how.rows)), row_label=Value(label)
        )
        .values_list("row_label", "row_key", "row_of")
        for relation, how in moving()
        if (label := relation.model._meta.label)
    ]
    rows = held[0].union(*held[1:], all=True) if held and not merger.undone_at else ()
    return Counter(of for label, key, of in rows if (label, key) not in before)


def facts_of(kind: DetailKind, ids: Collection[str]) -> QuerySet[PersonFact]:
    """The standing facts of a kind about some people, the first recorded first."""
    rows = kind.model._default_manager.filter(person_id__in=ids, struck_out_at__isnull=True)
    return rows.order_by("recorded_at", "pk")

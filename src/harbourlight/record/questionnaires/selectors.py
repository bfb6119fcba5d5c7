"""Reading responses: those a person may see, those of one occasion, and the one before."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import QuerySet

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.instruments.instrument import Instrument
from harbourlight.foundation.instruments.selectors import in_force
from harbourlight.record.confidentiality.policy import areas_of, in_areas, read_whole
from harbourlight.record.people.models import Person
from harbourlight.record.people.selectors import families_of
from harbourlight.record.people.selectors import visible_to as people_visible_to
from harbourlight.record.questionnaires.models import Response


def may_enter(user: User, area: str) -> bool:
    """Whether a person may see what is in an area; everyone may where there is none."""
    return not area or area in areas_of(user)


def visible_to(user: User) -> QuerySet[Response]:
    """The responses a user may see: of children they read whole, in the areas they may enter."""
    return in_areas(user, read_whole(user, Response.objects.standing()))


def of_occasion(user: User, occasion: str) -> QuerySet[Response]:
    """The responses given together, the eldest child first."""
    return (
        visible_to(user)
        .filter(occasion=occasion)
        .select_related("child", "edition", "worker", "finished_by")
        .order_by("child__born_on", "child_id")
    )


def is_alone(response: Response) -> bool:
    """Whether no other child was answered for on the occasion, as far as can be seen."""
    others = Response.objects.filter(occasion=response.occasion).exclude(pk=response.pk)
    return not others.exists()


def instruments_for(user: User, on: date) -> list[Instrument]:
    """The instruments in force on a day that a person may answer."""
    every = [one.instrument for one in in_force(on).values()]
    return [one for one in every if may_enter(user, one.area)]


def before(response: Response, user: User) -> QuerySet[Response]:
    """The responses of the same child to the same instrument finished before, the latest first."""
    earlier = visible_to(user).filter(
        child_id=response.child_id, code=response.code, finished_at__isnull=False
    )
    return (
        earlier.exclude(pk=response.pk)
        .filter(on__lte=response.on, recorded_at__lt=response.recorded_at)
        .select_related("edition", "worker", "child")
        .order_by("-on", "-recorded_at")
    )


def children_read_by(user: User) -> QuerySet[Person]:
    """The children whose whole record a person reads, and so may write in."""
    children = people_visible_to(user).filter(held_as=Person.HeldAs.CHILD)
    return read_whole(user, children, "pk")


def children_of_family(user: User, child: Person) -> list[Person]:
    """A child and the other children of their family whose whole record a person reads."""
    others = [one.pk for one in family_of(user, [child.pk]) if one.pk != child.pk]
    return [child, *children_read_by(user).filter(pk__in=others).order_by("born_on", "pk")]


def family_of(user: User, child_ids: Iterable[str]) -> list[Person]:
    """Everyone in a family with these children whom a person may see, children first, by age."""
    members = families_of(child_ids)
    seen = set(
        people_visible_to(user)
        .filter(pk__in=[one.person_id for one in members])
        .values_list("pk", flat=True)
    )
    found = {one.person_id: one.person for one in members if one.person_id in seen}
    return [*found.values()]


def names_of(user: User, ids: Collection[str]) -> dict[str, str]:
    """The names of people, of those a person may see."""
    if not ids:
        return {}
    return {one.pk: one.name for one in people_visible_to(user).filter(pk__in=ids)}

"""Reading the lines of who looked, what is known of a day's readers, and what was found of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.history.models import Event
from harbourlight.record.assessment.models import Assessment
from harbourlight.record.confidentiality.models import Grant, Opening
from harbourlight.record.confidentiality.policy import known
from harbourlight.record.episodes.models import Allocation, Episode
from harbourlight.record.looking.models import AccessReview, UnusualAccess
from harbourlight.record.looking.rules import (
    LONDON,
    WORKED_WITH,
    Day,
    Reading,
    folded,
    surname_parts,
)
from harbourlight.record.looking.words import LISTS
from harbourlight.record.matching.models import Merger
from harbourlight.record.people.models import Address, FamilyMember, Person, PersonName
from harbourlight.record.protection.models import Enquiry
from harbourlight.record.workforce.models import Team

# ---- Who has looked -----------------------------------------------------------------------------


def readings_of(user: User, person: Person) -> QuerySet[Event]:
    """Each time a page showed a person, the latest first; also as a record since made one with it.

    Nothing for somebody who may not see who looked, or not know of the person.
    """
    may = user.can(Capability.SEE_WHO_LOOKED)
    if not may or not known(user, Person.objects.filter(pk=person.pk), "pk").exists():
        return Event.objects.none()
    found = Event.objects.filter(kind=Event.Kind.READ, children__overlap=also_held_as(person.pk))
    return found.select_related("by").order_by("-at", "-id")


def also_held_as(person_id: str) -> list[str]:
    """What a person was ever held under: their identifier, and of records made one with it."""
    held, fresh = [person_id], [person_id]
    while fresh:
        mergers = Merger.objects.filter(undone_at=None, person_id__in=fresh)
        fresh = [one for one in mergers.values_list("retired_id", flat=True) if one not in held]
        held += fresh
    return held


def narrowed(
    found: QuerySet[Event],
    *,
    reader: str = "",
    page: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Event]:
    """Those by one account, of one kind of page, from a day to a day, as far as each is given."""
    if reader:
        found = found.filter(by_id=reader)
    if page:
        found = found.filter(name=page)
    if since:
        found = found.filter(at__gte=begins(since))
    if until:
        found = found.filter(at__lt=begins(until + timedelta(days=1)))
    return found


def by_reader(found: QuerySet[Event]) -> list[dict[str, Any]]:
    """Who looked, how many times, and when last; whoever looked last first."""
    readers = found.order_by().values("by_id", "by__full_name", "by__role")
    counted = readers.annotate(times=Count("id"), last_at=Max("at")).order_by("-last_at")
    return [dict(one) for one in counted]


def begins(day: date) -> datetime:
    """The moment a day begins in London."""
    return datetime.combine(day, time(), LONDON)


# ---- A day of readings --------------------------------------------------------------------------


def day_of(day: date) -> Day:
    """Every reading of a day, with what the rules ask of the readers and the people read."""
    lines = Event.objects.filter(
        kind=Event.Kind.READ, at__gte=begins(day), at__lt=begins(day + timedelta(days=1))
    ).exclude(by=None)
    readings = tuple(
        Reading(line, user_id, at, tuple(children), name not in LISTS)
        for line, user_id, at, children, name in lines.order_by("at", "id").values_list(
            "id", "by_id", "at", "children", "name"
        )
        if children
    )
    people = {person for one in readings if one.chosen for person in one.people}
    users = {one.pk: one for one in User.objects.filter(pk__in={one.user_id for one in readings})}
    return Day(
        day=day,
        readings=readings,
        names={user.pk: user.full_name for user in users.values()},
        surnames=_surnames(people),
        homes=_homes(users.values()),
        related=_related(users.values(), people, day),
    )


def _surnames(people: Collection[str]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    told = Person.objects.filter(pk__in=people).values_list("pk", "surname")
    names = PersonName.objects.standing().filter(person_id__in=people)
    for person_id, surname in [*told, *names.values_list("person_id", "surname")]:
        found[person_id] |= surname_parts(surname)
    return found


def _homes(users: Iterable[User]) -> dict[str, frozenset[str]]:
    """Of each account, the people who live or lived where somebody of its own name does or did.

    Two addresses are one where their letters and figures are, whatever the case and the stops.
    """
    users = [*users]
    own = {folded(user.full_name): user.pk for user in users}
    surnames = {user.full_name.split()[-1] for user in users if user.full_name.split()}
    alike = Q()
    for surname in surnames:
        alike |= Q(surname__iexact=surname)
    if not alike:
        return {}
    named: dict[str, set[str]] = defaultdict(set)
    for model, key in ((Person, "pk"), (PersonName, "person_id")):
        rows = model._default_manager.filter(alike).values_list(key, "forename", "surname")
        for person_id, forename, surname in rows:
            user_id = own.get(folded(f"{forename} {surname}"))
            if user_id:
                named[person_id].add(user_id)
    postcodes = set(
        Address.objects.standing().filter(person_id__in=named).values_list("postcode", flat=True)
    )
    at: dict[str, set[str]] = defaultdict(set)
    whose: dict[str, set[str]] = defaultdict(set)
    addresses = Address.objects.standing().filter(postcode__in=postcodes)
    for person_id, lines, postcode in addresses.values_list("person_id", "lines", "postcode"):
        place = "".join(letter for letter in f"{lines}{postcode}".casefold() if letter.isalnum())
        at[place].add(person_id)
        for user_id in named.get(person_id, ()):
            whose[user_id].add(place)
    return {
        user_id: frozenset().union(*(at[place] for place in places))
        for user_id, places in whose.items()
    }


def _related(
    users: Iterable[User], people: Collection[str], day: date
) -> frozenset[tuple[str, str]]:
    """Pairs of an account and a person they worked with on a day, or whose family they did."""
    users = [*users]
    relatives = _relatives(people)
    everyone = {one for family in relatives.values() for one in family}
    workers, teams = _worked_with(everyone, day)
    beneath = _teams_beneath()
    until = begins(day + timedelta(days=1))
    acted: dict[str, set[str]] = defaultdict(set)
    acts = Event.objects.filter(
        kind=Event.Kind.WRITE, by__in=users, at__gte=begins(day) - WORKED_WITH, at__lt=until
    )
    for user_id, children in acts.values_list("by_id", "children"):
        acted[user_id] |= {*children}
    openings = Opening.objects.standing().filter(
        recorded_by__in=users, recorded_at__lt=until, ends_at__gte=begins(day)
    )
    granted = Grant.objects.standing().filter(user__in=users, recorded_at__lt=until)
    granted = granted.filter(Q(ended_at=None) | Q(ended_at__gte=begins(day)))
    for rows in (
        openings.values_list("recorded_by_id", "person_id"),
        granted.values_list("user_id", "person_id"),
    ):
        for user_id, person_id in rows:
            acted[user_id].add(person_id)
    found = set()
    for user in users:
        own_teams = beneath.get(user.team_id or "", frozenset())
        for person_id in people:
            for one in relatives[person_id]:
                if (
                    one in acted[user.pk]
                    or (user.professional_id and user.professional_id in workers[one])
                    or own_teams & teams[one]
                ):
                    found.add((user.pk, person_id))
                    break
    return frozenset(found)


def _relatives(people: Collection[str]) -> dict[str, set[str]]:
    """Each person with those of their families."""
    found = {person_id: {person_id} for person_id in people}
    standing = FamilyMember.objects.standing()
    families = dict.fromkeys(
        standing.filter(person_id__in=people).values_list("family_id", flat=True), ()
    )
    members: dict[str, set[str]] = defaultdict(set)
    for family_id, person_id in standing.filter(family_id__in=[*families]).values_list(
        "family_id", "person_id"
    ):
        members[family_id].add(person_id)
    for family in members.values():
        for person_id in family & found.keys():
            found[person_id] |= family
    return found


Sets = Mapping[str, set[str]]


def _worked_with(people: Collection[str], day: date) -> tuple[Sets, Sets]:
    """Of each person, the workers and the teams that held something open of theirs on a day."""
    workers: dict[str, set[str]] = defaultdict(set)
    teams: dict[str, set[str]] = defaultdict(set)
    for model, ended in (
        (Allocation, "ended_on"),
        (Episode, "closed_on"),
        (Assessment, "authorised_on"),
        (Enquiry, "ended_on"),
    ):
        open_then = Q(**{ended: None}) | Q(**{f"{ended}__gte": day})
        rows = model._default_manager.filter(open_then, child_id__in=people, struck_out_at=None)
        for child, worker, team in rows.values_list("child_id", "worker_id", "team_id"):
            workers[child].add(worker or "")
            teams[child].add(team or "")
    return workers, teams


def _teams_beneath() -> dict[str, frozenset[str]]:
    """Each team with every team beneath it."""
    parents = dict(Team.objects.values_list("pk", "parent_id"))
    found: dict[str, set[str]] = {team: {team} for team in parents}
    for team in parents:
        above: str | None = parents[team]
        seen = {team}
        while above and above not in seen:
            found[above].add(team)
            seen.add(above)
            above = parents.get(above)
    return {team: frozenset(within) for team, within in found.items()}


# ---- Unusual access -----------------------------------------------------------------------------


def unusual_visible_to(user: User) -> QuerySet[UnusualAccess]:
    """Unusual access that a user may review, the latest first, with what was last decided."""
    if not user.can(Capability.SEE_WHO_LOOKED):
        return UnusualAccess.objects.none()
    last = AccessReview.objects.standing().filter(access=OuterRef("pk"))
    last = last.order_by("-recorded_at", "-id")
    found = known(user, UnusualAccess.objects.all(), "person_id")
    return found.select_related("user", "person").annotate(
        decision=Subquery(last.values("decision")[:1])
    )


def readings_behind(access: UnusualAccess) -> QuerySet[Event]:
    """The lines of history that unusual access was found from, the first first."""
    return Event.objects.filter(pk__in=access.lines).order_by("at", "id")


def reviews_of(access: UnusualAccess) -> QuerySet[AccessReview]:
    """What was decided about unusual access, the latest first."""
    return AccessReview.objects.standing().filter(access=access).select_related("recorded_by")

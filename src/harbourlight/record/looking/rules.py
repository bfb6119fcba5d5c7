"""What makes access unusual: each rule once, with why it is looked for, in words.

A rule is given a day of readings with what is known of those who read and of whom they read, and
says what it finds. It asks the database nothing, and says nothing of whether anybody did wrong:
somebody decides that.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from harbourlight.standards.calendar import OutsideCalendar, is_working_day

LONDON = ZoneInfo("Europe/London")
OPENS, CLOSES = time(7), time(20)
"""Between which, on a working day, work is usual. A local target."""
MANY, WITHIN = 40, timedelta(hours=1)
"""So many different records in so long are more than work asks for. A local target."""
WORKED_WITH = timedelta(days=30)
"""For so long after somebody recorded something of a child they have a relationship to them."""


@dataclass(frozen=True)
class Reading:
    """A page that showed people's records, to whom and when. `chosen` is false of a list.

    `line` is its number in history.
    """

    line: int
    user_id: str
    at: datetime
    people: tuple[str, ...]
    chosen: bool = True


@dataclass(frozen=True)
class Day:
    """A day of readings, and what is known of those in it.

    `related` are pairs of an account and a person they work with, or whose family they do.
    `surnames` are of people, `names` of accounts; `homes` are the people who lived at an address of
    somebody of the account's own name.
    """

    day: date
    readings: tuple[Reading, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    surnames: Mapping[str, frozenset[str]] = field(default_factory=dict)
    homes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    related: frozenset[tuple[str, str]] = frozenset()

    def chosen(self) -> Iterator[tuple[Reading, str]]:
        """Each reading of a record that was chosen, with whose it was."""
        return ((one, person) for one in self.readings if one.chosen for person in one.people)


@dataclass(frozen=True)
class Found:
    """What a rule found: whose reading, of whom, and the pages. `person` where it is of one."""

    user_id: str
    person: str | None
    people: frozenset[str]
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Rule:
    """One kind of unusual access."""

    code: str
    title: str | Promise
    because: str | Promise
    """Why it is looked for, as a sentence."""
    finds: Callable[[Day], Iterable[Found]]


def folded(name: str) -> str:
    """A name without its accents, capitals and stops, to compare."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(one for one in letters if one.isalnum() or one in " -").strip()


def surname_parts(name: str) -> frozenset[str]:
    """What a surname is compared by: each part of one of several parts."""
    return frozenset(part for part in folded(name).replace("-", " ").split() if len(part) > 1)


def _of_one_person(day: Day, is_unusual: Callable[[str, str], bool]) -> Iterator[Found]:
    found: dict[tuple[str, str], list[Reading]] = defaultdict(list)
    for reading, person in day.chosen():
        if is_unusual(reading.user_id, person):
            found[reading.user_id, person].append(reading)
    for (user_id, person), readings in found.items():
        yield Found(user_id, person, frozenset([person]), tuple(readings))


def _own_surname(day: Day) -> Iterator[Found]:
    own = {
        user_id: surname_parts(name.split()[-1])
        for user_id, name in day.names.items()
        if name.split()
    }

    def is_unusual(user_id: str, person: str) -> bool:
        return bool(own.get(user_id, frozenset()) & day.surnames.get(person, frozenset()))

    return _of_one_person(day, is_unusual)


def _own_address(day: Day) -> Iterator[Found]:
    return _of_one_person(
        day, lambda user_id, person: person in day.homes.get(user_id, frozenset())
    )


def _no_relationship(day: Day) -> Iterator[Found]:
    found: dict[str, list[Reading]] = defaultdict(list)
    people: dict[str, set[str]] = defaultdict(set)
    for reading, person in day.chosen():
        if (reading.user_id, person) not in day.related:
            people[reading.user_id].add(person)
            if reading not in found[reading.user_id]:
                found[reading.user_id].append(reading)
    for user_id, readings in found.items():
        yield Found(user_id, None, frozenset(people[user_id]), tuple(readings))


def _out_of_hours(day: Day) -> Iterator[Found]:
    by_user: dict[str, list[Reading]] = defaultdict(list)
    for reading in day.readings:
        if is_out_of_hours(reading.at):
            by_user[reading.user_id].append(reading)
    for user_id, readings in by_user.items():
        people = frozenset(person for one in readings for person in one.people)
        yield Found(user_id, None, people, tuple(readings))


def is_out_of_hours(at: datetime) -> bool:
    """Whether a moment is outside the hours, in London, or not on a working day."""
    here = at.astimezone(LONDON)
    try:
        works = is_working_day(here.date())
    except OutsideCalendar:
        works = here.weekday() < 5
    return not works or not OPENS <= here.time() < CLOSES


def _many(day: Day) -> Iterator[Found]:
    by_user: dict[str, list[Reading]] = defaultdict(list)
    for reading in day.readings:
        if reading.chosen:
            by_user[reading.user_id].append(reading)
    for user_id, readings in by_user.items():
        readings.sort(key=lambda one: one.at)
        busiest: tuple[Reading, ...] = ()
        most, start = MANY - 1, 0
        for end, reading in enumerate(readings):
            while reading.at - readings[start].at > WITHIN:
                start += 1
            window = readings[start : end + 1]
            if len({person for one in window for person in one.people}) > most:
                most = len({person for one in window for person in one.people})
                busiest = tuple(window)
        if busiest:
            people = frozenset(person for one in busiest for person in one.people)
            yield Found(user_id, None, people, busiest)


RULES: tuple[Rule, ...] = (
    Rule(
        "own_surname",
        _("Own surname"),
        _("The account and the person whose record it is have a surname in common."),
        _own_surname,
    ),
    Rule(
        "own_address",
        _("Own address"),
        _("The person lives, or lived, where somebody of the account's own name does or did."),
        _own_address,
    ),
    Rule(
        "no_relationship",
        _("No relationship"),
        _(
            "Neither they nor their team worked with the child or the family, they had recorded "
            "nothing about them in 30 days, and they gave no reason for opening the record."
        ),
        _no_relationship,
    ),
    Rule(
        "out_of_hours",
        _("Out of hours"),
        _("Pages that show children were read before 7am, after 8pm, or not on a working day."),
        _out_of_hours,
    ),
    Rule(
        "many_records",
        _("Many records"),
        _("More than 39 different records were opened within an hour."),
        _many,
    ),
)

BY_CODE = {rule.code: rule for rule in RULES}

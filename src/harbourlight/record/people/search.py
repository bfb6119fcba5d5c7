"""Finding a person by whatever is known of them, typed in one box.

What was typed is read (words of a name, a date, an age, part of a postcode, an identifier), said
back, and given to the function `people_find`, which compares it with everybody's names as they are
spelt, as they sound and as they are shortened. It must not be used to list people: it offers the
few most alike.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Func, TextField
from django.utils.translation import gettext as _
from nicknames import NickNamer

from harbourlight.foundation.accounts.models import User
from harbourlight.record.people.identifiers import BY_CODE
from harbourlight.record.people.models import Identifier, Person, PersonName
from harbourlight.record.people.selectors import visible_to
from harbourlight.record.people.successors import successor_of
from harbourlight.ui.formats import date_in_words

MOST_RESULTS = 20
MOST_WORDS = 6

FAR_BEHIND = 5.5
"""Somebody this much less like what was typed than the best is not offered: they share a surname
and no more. Weights are about natural logarithms: five and a half is once in 250."""

LEAST_PER_WORD = -4.6
"""How unlike, on average, the words of a name may be: one of two right and the other not there."""


@dataclass(frozen=True)
class Sought:
    """What a person searches for: what they typed in the one box, a date of birth, or both."""

    name: str = ""
    born_on: date | None = None

    def __bool__(self) -> bool:
        return bool(self.name.strip() or self.born_on)


@dataclass(frozen=True)
class Understood:
    """What was typed, read. `outward` is the first half of a postcode, in small letters."""

    words: tuple[str, ...] = ()
    born_on: date | None = None
    age: int | None = None
    outward: str = ""
    identifiers: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    """The words of the name as they were typed."""

    def __bool__(self) -> bool:
        return bool(self.words or self.born_on or self.outward or self.identifiers)

    @property
    def can_find(self) -> bool:
        """Whether it is enough to find somebody by: an age or part of a postcode fits too many."""
        return bool(self.words or self.born_on)

    def in_words(self) -> list[str]:
        """What it was taken for, to be said back."""
        said = []
        if self.words:
            said.append(_("a name like “%(name)s”") % {"name": " ".join(self.words)})
        if self.born_on:
            said.append(_("born %(day)s, or near it") % {"day": date_in_words(self.born_on)})
        if self.age is not None:
            said.append(_("about %(age)d years old") % {"age": self.age})
        if self.outward:
            said.append(_("a postcode beginning %(code)s") % {"code": self.outward.upper()})
        said += [_("the identifier %(one)s") % {"one": one} for one in self.identifiers]
        return said


# ---- Reading what was typed ---------------------------------------------------------------------

_DATES = (
    re.compile(r"\b(?P<day>\d{1,2})[/.\-](?P<month>\d{1,2})[/.\-](?P<year>\d{4}|\d{2})\b"),
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b"),
)
_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?) ?(?:\d(?:[a-z]{2})?)?(?!\S)", re.IGNORECASE)
_AGE = re.compile(
    r"(?<!\S)(?:(?:about|aged?|around|approx|roughly|circa|c)\.? +)*"
    r"(\d{1,2}) *(?:years?|yrs?|yo|y/o)?(?: +old)?(?!\S)",
    re.IGNORECASE,
)
_JOINS = frozenset({"o", "mc", "mac", "d", "fitz"})
"""What is written apart from the rest of a surname as often as with it: O Brien, O'Brien."""


def understood(sought: Sought, *, on: date) -> Understood:
    """What was typed, read as a name, a date, an age, a postcode and identifiers."""
    left = f" {sought.name} "
    born_on = sought.born_on
    for pattern in _DATES:
        for dated in pattern.finditer(left):
            day = _day(dated, on)
            if day:
                born_on, left = born_on or day, left.replace(dated.group(), " ")
    figures = re.sub(r"\s", "", left)
    if figures.isdigit() and len(figures) >= 6:
        return Understood(identifiers=(figures,), born_on=born_on)
    outward, age = "", None
    if match := _POSTCODE.search(left):
        outward, left = match[1].lower(), left.replace(match.group(), " ", 1)
    if match := _AGE.search(left):
        age, left = int(match[1]), left.replace(match.group(), " ", 1)
    parts = left.split()
    identifiers = tuple(one for one in parts if any(letter.isdigit() for letter in one))
    named = tuple(one for one in parts if one not in identifiers)
    return Understood(_words(named)[:MOST_WORDS], born_on, age, outward, identifiers, named)


def _day(match: re.Match[str], on: date) -> date | None:
    year = int(match["year"])
    if year < 100:
        year += 2000 if year <= on.year % 100 + 1 else 1900
    try:
        return date(year, int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _words(parts: Iterable[str]) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_plain(%s)", [" ".join(parts)])
        plain = str(cursor.fetchone()[0]).split()
    joined: list[str] = []
    for word in plain:
        if joined and joined[-1] in _JOINS:
            joined[-1] += word
        else:
            joined.append(word)
    return tuple(joined)


# ---- Searching ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Match:
    """Somebody found: how like what was typed, 0 for the same and less for less, their name's part
    of that, and in words why, where what is shown of them does not say it."""

    person: Person
    weight: float = 0.0
    named: float = 0.0
    because: tuple[str, ...] = ()


def search(user: User, sought: Sought, *, on: date) -> list[Match]:
    """People like those sought, the most alike first, at most `MOST_RESULTS`.

    A name need not be spelt as it is held, nor be the one they go by now. A date of birth, an age
    and a postcode put those they fit first and leave nobody out, because they too may be wrong. An
    identifier typed in full finds its person alone.
    """
    asked = understood(sought, on=on)
    if identified := _identified_by(user, sought, asked):
        return identified
    if not asked.can_find:
        return []
    found = _like(user, asked, on=on)
    best = max((one.weight for one in found), default=0.0)
    return [one for one in found if one.weight > best - FAR_BEHIND]


def _identified_by(user: User, sought: Sought, asked: Understood) -> list[Match]:
    """Whom an identifier belongs to: ours, or any that somebody else knows them by."""
    typed = {*asked.identifiers}
    if not asked.words and any(letter.isdigit() for letter in sought.name):
        typed.add(" ".join(sought.name.split()))
    if not typed:
        return []
    # As `identifiers.normalised` keeps a reference, and as it keeps a number. The bearers are asked
    # for by themselves: either way to a person in one query would read every person there is.
    kept_as = {
        form for one in typed for form in (one, one.upper(), re.sub(r"[\s-]", "", one).upper())
    }
    numbers: dict[str, str] = {}
    for one in Identifier.objects.standing().filter(value__in=kept_as)[:MOST_RESULTS]:
        kind = BY_CODE.get(one.kind)
        numbers.setdefault(one.person_id, f"{kind.label if kind else _('Identifier')}: {one.value}")
    found = visible_to(user).filter(pk__in=kept_as | {*numbers})[:MOST_RESULTS]
    matches = [Match(one, because=(numbers[one.pk],) if one.pk in numbers else ()) for one in found]
    if matches:
        return matches
    led = {successor_of(one): one for one in kept_as}
    found = visible_to(user).filter(pk__in={*led} - {None})
    said = _("%(retired)s was found to be the same person")
    return [Match(one, because=(said % {"retired": led[one.pk]},)) for one in found]


def _like(user: User, asked: Understood, *, on: date) -> list[Match]:
    """People like those asked for, the likeliest first, at most `MOST_RESULTS`."""
    nicknames = [
        (place, form) for place, word in enumerate(asked.words, 1) for form in _other_forms(word)
    ]
    # Everybody born near a day is too many: without a name it must be the day itself.
    days = [*_days_near(asked.born_on)] if asked.born_on else []
    days = days if asked.words else days[:1]
    years = [*_years_of(asked.age, on)] if asked.age is not None else []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, weight, named, met, ways, from_others, lives_there, lived_there "
            "FROM people_find(%s::text[], %s::integer[], %s::text[], %s::date[], %s::real[], "
            "%s::integer[], %s::real[], %s, %s)",
            [
                list(asked.words),
                [place for place, _form in nicknames],
                [form for _place, form in nicknames],
                [day for day, _weight in days],
                [weight for _day, weight in days],
                [year for year, _weight in years],
                [weight for _year, weight in years],
                asked.outward,
                MOST_RESULTS,
            ],
        )
        met = [Met(*row) for row in cursor.fetchall()]
    people = visible_to(user).in_bulk([one.person_id for one in met])
    least = LEAST_PER_WORD * len(asked.words) - (8 if days or years else 0)
    least -= 4.5 if asked.outward else 0
    met = [one for one in met if one.person_id in people and one.weight >= least]
    others = _other_names(met)
    return [
        Match(
            people[one.person_id],
            one.weight,
            one.named,
            tuple(_because(asked, one, others.get(one.person_id, ()))),
        )
        for one in met
    ]


# ---- Why somebody was found ---------------------------------------------------------------------


@dataclass(frozen=True)
class Met:
    """A row of `people_find`. `words`, `ways` and `from_others` have a place for each word typed:
    the word it met, how, and whether only another of their names has it."""

    person_id: str
    weight: float
    named: float
    words: Sequence[str | None] | None
    ways: Sequence[str | None] | None
    from_others: Sequence[bool | None] | None
    lives_there: bool | None
    lived_there: bool | None

    @property
    def of_others(self) -> frozenset[str]:
        """The words met that only another name has."""
        both = zip(self.words or (), self.from_others or (), strict=True)
        return frozenset(word for word, other in both if word and other)


class Words(Func):
    """The words of part of a name, as they are compared."""

    function = "people_words"
    output_field = ArrayField(TextField())


def _other_names(met: Sequence[Met]) -> dict[str, list[str]]:
    """By person, the names of theirs that were met and are not the one shown, each with its kind.

    Asked for only where there are any.
    """
    wanted = {one.person_id: one.of_others for one in met if one.of_others}
    if not wanted:
        return {}
    names = PersonName.objects.standing().filter(person_id__in=wanted)
    found: dict[str, list[str]] = {}
    for name in names.annotate(words=Words("forename"), more=Words("surname")).order_by("pk"):
        if wanted[name.person_id] & {*name.words, *name.more}:
            said = f"{name.get_kind_display()}: {name.full}"
            found.setdefault(name.person_id, []).append(said)
    return found


def _because(asked: Understood, met: Met, others: Iterable[str]) -> Iterator[str]:
    """Why somebody was found, where their name as it is shown does not say it."""
    yield from others
    for typed, held, way in zip(asked.words, met.words or (), met.ways or (), strict=False):
        if way == "nickname" and held:
            yield _("“%(typed)s” is a form of “%(held)s”") % {
                "typed": typed.title(),
                "held": held.title(),
            }
    if met.lives_there:
        yield _("Lives in %(code)s") % {"code": asked.outward.upper()}
    elif met.lived_there:
        yield _("Has lived in %(code)s") % {"code": asked.outward.upper()}


# ---- What else somebody may be called, and when born --------------------------------------------


@cache
def _nicknames() -> NickNamer:
    return NickNamer()


def _other_forms(word: str) -> frozenset[str]:
    """Names this is short for, what they and it are shortened to: Bill, Will and William."""
    names = _nicknames()
    whole = names.canonicals_of(word)
    forms = {*whole, *names.nicknames_of(word)}
    for one in whole:
        forms |= names.nicknames_of(one)
    return frozenset(form for form in forms - {word} if form.isalpha())


def _days_near(day: date) -> Iterator[tuple[date, float]]:
    """A day and those it may be a slip for, each with its weight: day and month exchanged, a year,
    a month or a day either side, ten of either."""
    seen = set()
    for near, weight in _slips(day):
        if near and near not in seen:
            seen.add(near)
            yield near, weight


def _slips(day: date) -> Iterator[tuple[date | None, float]]:
    yield day, 0.0
    yield _made(day.year, day.day, day.month), -2.0
    for by in (1, -1):
        yield _made(day.year + by, day.month, day.day), -2.3
        yield day + timedelta(days=by), -2.5
        yield _made(day.year, day.month + by, day.day), -2.8
        yield _made(day.year + 10 * by, day.month, day.day), -3.0
        yield _made(day.year, day.month, day.day + 10 * by), -3.0


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _years_of(age: int, on: date) -> Iterator[tuple[int, float]]:
    """The years somebody of about this age may be born in, and what each weighs."""
    latest = on.year - age
    yield from ((latest, 0.0), (latest - 1, 0.0), (latest + 1, -1.0), (latest - 2, -1.0))
    yield from ((latest + 2, -2.5), (latest - 3, -2.5))


# ---- Somebody alike -----------------------------------------------------------------------------

VERY_ALIKE = -3.2
"""How alike a name must be for it to be asked about where no day of birth decides."""


def alike(user: User, sought: Sought, *, on: date) -> list[Match]:
    """People already held who may be the one about to be added, the most alike first.

    Born or expected on the same day with a name that is alike; or with a name very much alike and
    a day of birth that is not known, or that differs in one of its day, month and year.
    """
    asked = understood(sought, on=on)
    if not asked.words:
        return []
    return [
        one
        for one in _like(user, asked, on=on)
        if (
            asked.born_on in {one.person.born_on, one.person.expected_on} - {None}
            and one.named >= LEAST_PER_WORD * len(asked.words)
        )
        or (one.named >= VERY_ALIKE and _may_be_same_day(one.person, asked.born_on))
    ]


def _may_be_same_day(person: Person, day: date | None) -> bool:
    held = person.born_on or person.expected_on
    if held is None or day is None:
        return True
    parts = zip(held.timetuple()[:3], day.timetuple()[:3], strict=True)
    return sum(one == other for one, other in parts) >= 2


def said_back(sought: Sought, *, on: date) -> Sequence[str]:
    """What the search took the typed words for."""
    return understood(sought, on=on).in_words()


def can_find(sought: Sought, *, on: date) -> bool:
    """Whether what was typed is enough to find somebody by."""
    asked = understood(sought, on=on)
    return asked.can_find or bool(asked.identifiers)

"""How people are asked for, and what goes wrong as they are: the error model of `bench search`.

It is data, and it is printed with every result. The four slips of one letter, and that they are
about nine in ten of all misspellings, are Damerau's (Communications of the ACM, 1964) as Pollock
and Zamora later counted them; that names go wrong otherwise (other spellings of a sound, short
forms, a part left out, parts exchanged, a surname changed by marriage) and dates by exchanged or
neighbouring figures is what Friedman and Sideli (1992) and Christen's Data Matching (2012) report
of registers of patients and of people. We know these at second hand; the rates are ours, rounded.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from nicknames import NickNamer

from bench.population import UNTIL, Someone

Rng = np.random.Generator


@dataclass(frozen=True)
class Typed:
    """What somebody means to type, in its parts. An empty part is left out."""

    forename: str = ""
    surname: str = ""
    born_on: date | None = None
    age: int | None = None
    postcode: str = ""
    identifier: str = ""
    surname_first: bool = False

    def __str__(self) -> str:
        names = (
            [self.surname, self.forename] if self.surname_first else [self.forename, self.surname]
        )
        day = f"{self.born_on:%d/%m/%Y}" if self.born_on else ""
        age = "" if self.age is None else str(self.age)
        return " ".join(filter(None, [*names, day, age, self.postcode, self.identifier]))


# ---- How they are asked for ---------------------------------------------------------------------


@dataclass(frozen=True)
class Form:
    """What is known of the person, and how often in a hundred searches."""

    name: str
    share: float
    of: Callable[[Rng, Someone], Typed | None]


def _name(rng: Rng, one: Someone) -> Typed:
    return Typed(one.forename, one.surname)


def _age(one: Someone) -> int:
    before = (UNTIL.month, UNTIL.day) < (one.born_on.month, one.born_on.day)
    return UNTIL.year - one.born_on.year - before


def _identifier(rng: Rng, one: Someone) -> Typed | None:
    held = [number for number in (one.nhs_number, one.earlier_id) if number]
    if not held:
        return None
    number = held[int(rng.integers(len(held)))]
    if number.isdigit() and rng.random() < 0.5:
        number = f"{number[:3]} {number[3:6]} {number[6:]}"
    return Typed(identifier=number)


FORMS: tuple[Form, ...] = (
    Form(
        "name and date of birth", 40, lambda rng, one: replace(_name(rng, one), born_on=one.born_on)
    ),
    Form("name alone", 25, _name),
    Form("name and age", 12, lambda rng, one: replace(_name(rng, one), age=_age(one))),
    Form(
        "name and part of a postcode",
        10,
        lambda rng, one: replace(_name(rng, one), postcode=one.postcodes[-1].split()[0]),
    ),
    Form(
        "surname and date of birth",
        6,
        lambda rng, one: Typed(surname=one.surname, born_on=one.born_on),
    ),
    Form("identifier", 7, _identifier),
)

# ---- What goes wrong ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Error:
    """One kind of error: how often in a hundred searches, and what it does. None: not possible."""

    name: str
    share: float
    make: Callable[[Rng, Someone, Typed], Typed | None]


def _in_a_name(change: Callable[[Rng, str], str | None]) -> Callable[..., Typed | None]:
    """A change to the forename or to the surname, the surname twice as often."""

    def make(rng: Rng, one: Someone, typed: Typed) -> Typed | None:
        part = "surname" if rng.random() < 2 / 3 or not typed.forename else "forename"
        was = getattr(typed, part)
        now = change(rng, was) if was else None
        return replace(typed, **{part: now}) if now and now != was else None

    return make


_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _letter(rng: Rng) -> str:
    return _LETTERS[int(rng.integers(26))]


def _place(rng: Rng, name: str) -> int:
    """A place in a name: four times in five not its first letter, which is seldom wrong."""
    return 0 if rng.random() < 0.2 else int(rng.integers(1, len(name)))


def _inserted(rng: Rng, name: str) -> str:
    at = _place(rng, name)
    return name[:at] + (name[at] if rng.random() < 0.5 else _letter(rng)) + name[at:]


def _deleted(rng: Rng, name: str) -> str | None:
    at = _place(rng, name)
    return name[:at] + name[at + 1 :] if len(name) > 3 else None


def _substituted(rng: Rng, name: str) -> str:
    at = _place(rng, name)
    return name[:at] + _letter(rng) + name[at + 1 :]


def _transposed(rng: Rng, name: str) -> str:
    at = min(_place(rng, name), len(name) - 2)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _twice_wrong(rng: Rng, name: str) -> str | None:
    if len(name) < 6:
        return None
    once = (_substituted, _inserted, _transposed)[int(rng.integers(3))](rng, name)
    return _deleted(rng, once)


_SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("c", "k"), ("y", "i"), ("i", "y"), ("ee", "ea"), ("ea", "ee"),
    ("ou", "ow"), ("s", "z"), ("ll", "l"), ("tt", "t"), ("nn", "n"), ("l", "ll"), ("t", "tt"),
    ("ai", "ay"), ("oo", "u"), ("wh", "w"), ("th", "t"), ("ei", "ie"), ("x", "ks"), ("j", "g"),
)  # fmt: skip


def _as_it_sounds(rng: Rng, name: str) -> str | None:
    able = [(one, other) for one, other in _SOUNDS if one in name[1:].lower()]
    if not able:
        return None
    one, other = able[int(rng.integers(len(able)))]
    return name[0] + re.sub(one, other, name[1:], count=1, flags=re.IGNORECASE)


_NICKNAMES = NickNamer()


def _nickname(rng: Rng, one: Someone, typed: Typed) -> Typed | None:
    if not typed.forename:
        return None
    forms = {*_NICKNAMES.nicknames_of(typed.forename), *_NICKNAMES.canonicals_of(typed.forename)}
    able = sorted(form for form in forms if form.isalpha())
    return replace(typed, forename=able[int(rng.integers(len(able)))]) if able else None


def _swapped(rng: Rng, one: Someone, typed: Typed) -> Typed | None:
    return replace(typed, surname_first=True) if typed.forename and typed.surname else None


def _part_missing(rng: Rng, one: Someone, typed: Typed) -> Typed | None:
    for part in ("surname", "forename"):
        words = re.split(r"[ -]", getattr(typed, part))
        if len(words) > 1:
            return replace(typed, **{part: words[int(rng.integers(len(words)))]})
    return None


def _marks(rng: Rng, one: Someone, typed: Typed) -> Typed | None:
    """Hyphens and apostrophes run together or apart, and accents left out."""
    for part in ("surname", "forename"):
        name = getattr(typed, part)
        if re.search(r"['’-]", name):
            return replace(typed, **{part: re.sub(r"['’-]", ("", " ")[int(rng.integers(2))], name)})
        if not name.isascii():
            plain = {"ë": "e", "á": "a", "â": "a", "ï": "i", "ł": "l", "Ł": "L"}
            return replace(typed, **{part: "".join(plain.get(x, x) for x in name)})
    return None


def _other_name(rng: Rng, one: Someone, typed: Typed) -> Typed | None:
    if not one.others or not typed.surname:
        return None
    forename, surname = one.others[0]
    return replace(typed, forename=typed.forename and forename, surname=surname)


def _day_and_month(rng: Rng, one: Someone, typed: Typed) -> Typed | None:
    day = typed.born_on
    if day is None or day.day > 12 or day.day == day.month:
        return None
    return replace(typed, born_on=date(day.year, day.day, day.month))


def _year(rng: Rng, one: Someone, typed: Typed) -> Typed | None:
    by = 1 if rng.random() < 0.5 else -1
    if typed.age is not None:
        return replace(typed, age=max(0, typed.age + by))
    if typed.born_on is None or (typed.born_on.month, typed.born_on.day) == (2, 29):
        return None
    return replace(typed, born_on=typed.born_on.replace(year=typed.born_on.year + by))


ERRORS: tuple[Error, ...] = (
    Error("none", 30, lambda rng, one, typed: typed),
    Error("a letter too many", 5, _in_a_name(_inserted)),
    Error("a letter missing", 9, _in_a_name(_deleted)),
    Error("another letter", 10, _in_a_name(_substituted)),
    Error("two letters exchanged", 6, _in_a_name(_transposed)),
    Error("two letters wrong", 2, _in_a_name(_twice_wrong)),
    Error("spelt as it sounds", 9, _in_a_name(_as_it_sounds)),
    Error("nickname or its whole name", 7, _nickname),
    Error("surname first", 3, _swapped),
    Error("part of a double name missing", 4, _part_missing),
    Error("hyphen, apostrophe, accent", 4, _marks),
    Error("previous or other name", 5, _other_name),
    Error("day and month exchanged", 3, _day_and_month),
    Error("a year out", 3, _year),
)

"""A million invented people to search among: names with the skew of real ones, families, addresses.

Nobody here is anyone. Surnames are put together from syllables, forenames are ordinary ones, and
postcodes begin with a letter no British postcode begins with. How often each name occurs follows
the shape of English registers as we know it: about one pair of people in 1,100 shares a surname,
one in 200 a forename, the commonest surname is borne by about 1.2 % and half of all people have
one of a few thousand. The same size and seed give the same people, whatever the machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from nicknames import NickNamer

from harbourlight.simulate.names import COMMUNITIES, Community

UNTIL = date(2026, 3, 31)
"""The day on which everybody's age is told."""

FROM = date(1950, 1, 1)
"""The first day anybody was born on."""

DESCRIPTION = (
    "invented people in families of one to seven, six in ten of them born since 2008; forenames "
    "and surnames of eleven communities with Zipf-like frequencies; 6 % hyphenated or double "
    "surnames, 5 % double forenames, 8 % held under a nickname, 15 % with a previous surname or "
    "another name, 30 % with an earlier address; about 1,400 people to an outward code"
)

SHARE_WITH_OTHER_NAME = 0.15
SHARE_NICKNAMED = 0.08
SHARE_DOUBLE_SURNAME = 0.06
SHARE_DOUBLE_FORENAME = 0.05
SHARE_MOVED = 0.30
SHARE_CHILDREN = 0.6
CHILDREN_SINCE = date(2008, 4, 1)

_ONSETS = [
    "B",
    "Br",
    "C",
    "Cl",
    "D",
    "Dr",
    "F",
    "G",
    "Gr",
    "H",
    "K",
    "L",
    "M",
    "N",
    "P",
    "Pl",
    "R",
    "S",
    "St",
    "T",
    "Th",
    "Tr",
    "W",
    "Wh",
    "Sh",
    "Ch",
]
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "oo"]
_CODAS = [
    "b",
    "ck",
    "d",
    "ff",
    "g",
    "ld",
    "ll",
    "m",
    "mp",
    "n",
    "nd",
    "ng",
    "r",
    "rd",
    "rk",
    "rl",
    "rn",
    "rs",
    "rt",
    "sk",
    "ss",
    "st",
    "t",
    "th",
    "tt",
    "v",
    "x",
]
_ENDS = [
    "son",
    "ton",
    "ley",
    "ham",
    "er",
    "ers",
    "by",
    "ford",
    "wood",
    "man",
    "ing",
    "well",
    "worth",
    "den",
    "more",
    "land",
    "field",
    "ridge",
    "combe",
    "wick",
    "garth",
    "mere",
    "stow",
    "lock",
    "sett",
    "holt",
    "brook",
    "er",
    "s",
    "",
    "",
]
_MIDDLES = ("", "", "", "a", "en", "is", "el", "or")
SURNAMES_OF_MOST = 30_000


@dataclass(frozen=True)
class Someone:
    """One person, as a search may be about them. `others` are previous and other names."""

    id: str
    family: str
    forename: str
    surname: str
    sex: str
    born_on: date
    held_as: str
    others: tuple[tuple[str, str], ...]
    postcodes: tuple[str, ...]
    nhs_number: str
    earlier_id: str


class Population:
    """`size` people, the same for the same seed."""

    def __init__(self, size: int, seed: int = 1) -> None:
        self.size = size
        self.seed = seed
        self._rng = np.random.default_rng(seed)
        self._make()

    def __iter__(self) -> Iterator[Someone]:
        return (self[place] for place in range(self.size))

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, place: int) -> Someone:
        others = []
        if self._has_other[place]:
            kind = self._other_kind[place]
            other = self._surnames[self._other_surname[place]]
            alias = self._forenames[self._other_forename[place]]
            others.append((alias, self._surname(place)) if kind else (self._forename(place), other))
        postcodes = [self._postcode(int(self._house[place]))]
        if self._moved[place]:
            postcodes.append(self._postcode(int(self._earlier_house[place])))
        return Someone(
            id=f"B{place:07d}",
            family=f"BF{int(self._family[place]):07d}",
            forename=self._forename(place),
            surname=self._surname(place),
            sex="M" if self._boy[place] else "F",
            born_on=FROM + timedelta(days=int(self._born[place])),
            held_as="child" if self._is_child[place] else "adult",
            others=tuple(others),
            postcodes=tuple(postcodes),
            nhs_number=_nhs_number(400_000_000 + place) if self._has_nhs[place] else "",
            earlier_id=f"OLD{place * 7 % 10_000_019:08d}" if self._has_earlier[place] else "",
        )

    def _make(self) -> None:
        rng, size = self._rng, self.size
        families = rng.choice(7, size, p=[0.2, 0.2, 0.22, 0.2, 0.1, 0.05, 0.03]) + 1
        count = int(np.searchsorted(np.cumsum(families), size)) + 1
        self._family = np.repeat(np.arange(count), families[:count])[:size]
        shares = np.array([one.share for one in COMMUNITIES])
        community = rng.choice(len(COMMUNITIES), count, p=shares / shares.sum())
        pools = [_surnames_of(one, number) for number, one in enumerate(COMMUNITIES)]
        self._surnames, of_family = _drawn(rng, pools, community)
        self._boy = rng.random(size) < 0.5
        forenames = [_forenames_of(one, boys) for one in COMMUNITIES for boys in (False, True)]
        person_community = community[self._family]
        self._forenames, self._first = _drawn(rng, forenames, person_community * 2 + self._boy)
        _, self._middle = _drawn(rng, forenames, person_community * 2 + self._boy)
        _, self._other_forename = _drawn(rng, forenames, person_community * 2 + self._boy)
        # One in seven bears another surname than the rest of the family.
        _, own = _drawn(rng, pools, person_community)
        self._last = np.where(rng.random(size) < 0.14, own, of_family[self._family])
        _, self._second_last = _drawn(rng, pools, person_community)
        _, self._other_surname = _drawn(rng, pools, person_community)
        self._double_last = rng.random(size) < SHARE_DOUBLE_SURNAME
        self._double_first = rng.random(size) < SHARE_DOUBLE_FORENAME
        self._nicknamed = rng.random(size) < SHARE_NICKNAMED
        self._nickname = rng.random(size)
        self._has_other = rng.random(size) < SHARE_WITH_OTHER_NAME
        self._other_kind = rng.random(size) < 0.35
        self._is_child = rng.random(size) < SHARE_CHILDREN
        young = (CHILDREN_SINCE - FROM).days
        last = (UNTIL - FROM).days
        self._born = np.where(
            self._is_child, rng.integers(young, last, size), rng.integers(0, young, size)
        )
        self._house_of_family = rng.integers(0, _HOUSES, count)
        self._house = self._house_of_family[self._family]
        self._earlier_house = rng.integers(0, _HOUSES, count)[self._family]
        self._moved = rng.random(size) < SHARE_MOVED
        self._has_nhs = rng.random(size) < 0.7
        self._has_earlier = rng.random(size) < 0.5

    @cached_property
    def outwards(self) -> int:
        """How many outward codes there are: as many as give each about 1,400 people."""
        return max(4, self.size // 1_400)

    def _forename(self, place: int) -> str:
        name = self._forenames[self._first[place]]
        if self._nicknamed[place]:
            short = sorted(_NICKNAMES.nicknames_of(name))
            if short:
                name = short[int(self._nickname[place] * len(short))].title()
        if self._double_first[place]:
            name += ("-", " ")[place % 2] + self._forenames[self._middle[place]]
        return name

    def _surname(self, place: int) -> str:
        name = self._surnames[self._last[place]]
        if self._double_last[place]:
            name += ("-", " ")[place % 3 == 0] + self._surnames[self._second_last[place]]
        return name

    def _postcode(self, house: int) -> str:
        outward = house % self.outwards
        within = house // self.outwards
        letters = "ABDEFGHJLN"
        unit = letters[within // 10 % 10] + letters[within // 100 % 10]
        return f"Q{'ABCDEFGHJK'[outward // 90 % 10]}{outward % 90 + 1} {within % 10}{unit}"


_HOUSES = 50_000_000
_NICKNAMES = NickNamer()


def _nhs_number(nine: int) -> str:
    """A number whose last figure checks: of the nine, weighted ten to two, modulo eleven."""
    total = sum(
        int(figure) * weight for figure, weight in zip(str(nine), range(10, 1, -1), strict=True)
    )
    check = (11 - total % 11) % 11
    return f"{nine}{check}" if check < 10 else ""


def _weights(count: int, *, shift: float, power: float) -> np.ndarray:
    weights = 1 / (np.arange(count) + shift) ** power
    return weights / weights.sum()


Pool = tuple[list[str], np.ndarray]


def _surnames_of(community: Community, number: int) -> Pool:
    """Surnames of a community, the commonest first, and how often each occurs."""
    rng = np.random.default_rng(1000 + number)
    if community.share > 0.5:
        names: dict[str, None] = {}
        while len(names) < SURNAMES_OF_MOST:
            parts = [str(rng.choice(some)) for some in (_ONSETS, _VOWELS, _CODAS)]
            names.setdefault("".join(parts) + str(rng.choice(_ENDS)))
        listed = [name for name in names if len(name) > 3]
        weights = _weights(len(listed), shift=9.0, power=0.98)
    else:
        listed = sorted(
            {b + m + e for b in community.begins for m in _MIDDLES[2:] for e in community.ends}
        )
        rng.shuffle(listed)
        weights = _weights(len(listed), shift=6.0, power=0.9)
    # Every seventh name has a neighbour that is only another spelling of it, and less common.
    spelt = {
        _respelt(name): weight / 3 for name, weight in zip(listed[::7], weights[::7], strict=True)
    }
    spelt = {name: weight for name, weight in spelt.items() if name not in set(listed)}
    listed = [*listed, *spelt]
    weights = np.concatenate([weights, np.array([*spelt.values()])])
    return listed, weights / weights.sum()


def _respelt(name: str) -> str:
    for one, other in (
        ("ck", "k"),
        ("ll", "l"),
        ("ey", "y"),
        ("ea", "ee"),
        ("i", "y"),
        ("tt", "t"),
        ("c", "k"),
    ):
        if one in name[1:]:
            return name[0] + name[1:].replace(one, other, 1)
    return name + "e"


def _forenames_of(community: Community, boys: bool) -> Pool:
    """Forenames of a community, the commonest first, and how often each occurs."""
    listed = [*(community.boys if boys else community.girls)]
    if community.share > 0.5:
        more = sorted(_NICKNAMES.nickname_lookup)[boys::2]
        np.random.default_rng(7 + boys).shuffle(more)
        listed += [name.title() for name in more if name.isalpha()]
        weights = _weights(len(listed), shift=3.0, power=1.0)
    else:
        weights = _weights(len(listed), shift=4.0, power=0.6)
    return listed, weights


def _drawn(
    rng: np.random.Generator, pools: list[Pool], of: np.ndarray
) -> tuple[list[str], np.ndarray]:
    """All names end to end, and the place of one drawn for each row from the pool it is `of`."""
    drawn = np.zeros(len(of), np.int64)
    chance = rng.random(len(of))
    names: list[str] = []
    for number, (listed, weights) in enumerate(pools):
        here = of == number
        places = np.searchsorted(np.cumsum(weights)[:-1], chance[here], "right")
        drawn[here] = len(names) + places
        names += listed
    return names, drawn

"""Furnishing the demonstration: what a simulated trust has no table for.

The dataset says which children are of one family and where they live. A record knows their parents
and grandparents, who lives with whom, what is spoken at home, the school, the GP, and what to
beware of at the door. All of it is invented here, for the families worked with lately, alike at
every start. Numbers are of those set aside: telephones that ring nowhere, NHS numbers for tests.

It must never run on a real record: `furnish` is called by the demonstration alone, once, when it
has filled an empty one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from random import Random
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate
from stdnum.gb import nhs

from harbourlight.foundation.history.origin import act_told
from harbourlight.foundation.ids import new_id
from harbourlight.record.confidentiality.row_security import force_row_security
from harbourlight.simulate.names import COMMUNITIES, Community

LATELY = timedelta(days=60)
"""Families with a case open within this time are furnished, and no more, so that the demonstration
is soon there: a year's would be 1,840 of them."""

_YEAR = timedelta(days=365)

_FACT: tuple[str, ...] = ("id", "recorded_at", "struck_out_because")
_DATED = ("person_id", "started_on", "ended_on")

_TABLES: Mapping[str, tuple[str, ...]] = {
    "people_person": (
        *("held_as", "forename", "surname", "known_as", "sex", "gender", "pronouns", "ethnicity"),
        *("born_on", "died_on", "upn_unknown", "nationality", "religion"),
    ),
    "people_personname": (*_DATED, "kind", "forename", "surname"),
    "people_identifier": (*_DATED, "kind", "value"),
    "people_address": (*_DATED, "kind", "lines", "postcode", "is_confidential"),
    "people_contactdetail": (*_DATED, "kind", "value", "is_preferred", "is_safe", "when_not"),
    "people_personlanguage": (*(*_DATED, "language", "is_preferred", "needs_interpreter", "note"),),
    "people_personwarning": (*_DATED, "kind", "words", "about", "review_on"),
    "people_networkmember": (*_DATED, "kind", "organisation", "name", "telephone", "email"),
    "people_familymember": ("family_id", "person_id", "place"),
    "people_relationship": (
        *(*_DATED, "other_id", "kind", "parental_responsibility", "responsibility_by", "note"),
    ),
}
"""The columns that are filled, besides those every fact has. In the order they may be written."""

_CHILDREN = """
SELECT m.family_id, p.id, p.forename, p.surname, p.sex, p.ethnicity, p.born_on,
       coalesce(a.lines, ''), coalesce(a.postcode, '')
FROM people_familymember m
JOIN people_person p ON p.id = m.person_id
LEFT JOIN people_address a ON a.person_id = p.id
WHERE m.family_id IN (
    SELECT f.family_id FROM people_familymember f
    JOIN episodes_episode e ON e.child_id = f.person_id
    WHERE e.closed_on IS NULL AND NOT coalesce(e.no_further_action, false) OR e.closed_on >= %s
)
ORDER BY m.family_id, coalesce(p.born_on, p.expected_on), p.id
"""

_LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "Agnieszka": ("Polish", "Polish", "Polish", "Lithuanian"),
    "Alina": ("Romanian",),
    "Aaliyah": ("Urdu", "Panjabi", "Bengali", "Pashto"),
    "Anjali": ("Panjabi", "Gujarati", "Hindi"),
    "Abena": ("Yoruba", "Igbo", "Twi", "French"),
    "Ayaan": ("Somali", "Somali", "Tigrinya"),
    "Amal": ("Arabic", "Kurdish Sorani", "Farsi"),
    "Jia": ("Cantonese", "Mandarin", "Vietnamese"),
}
"""What may be spoken at home, by the first of a community's names; elsewhere English is."""

_PRIMARY = ("Beacon Hill", "Ropewalk", "Saltmarsh", "Lantern Lane", "Gannet Bay", "Slipway")
_SECONDARY = ("Harbourton High School", "Tidewell Academy", "Fathom Park School")
_PRACTICES = ("Quayside Surgery", "Windlass Medical Centre", "Mariner Health Centre")
_WARNINGS = (
    (
        "animal",
        "A large dog, loose in the hall. Telephone first and ask for it to be shut in.",
        "",
    ),
    (
        "risk_to_workers",
        "Threatened a worker at the door. Visit in pairs, and tell the office when you leave.",
        "A visitor to the home",
    ),
    ("health", "Severe nut allergy: an adrenaline pen is kept in the kitchen.", ""),
    ("do_not_contact", "Do not leave a message: somebody else may listen to it.", ""),
)
_COUPLES = (
    *(("married", True),) * 24,
    *(("cohabiting", True),) * 30,
    *(("partner", False),) * 6,
    *(("separated", False),) * 12,
    *(("divorced", False),) * 8,
    *(("former_partner", False),) * 20,
)
"""How the parents stand to each other, and whether they live together, in hundredths."""


@dataclass(frozen=True)
class _Child:
    family: str
    id: str
    forename: str
    surname: str
    sex: str
    ethnicity: str
    born_on: date | None
    lines: str
    postcode: str


def furnish(*, at: datetime) -> int:
    """Invent what is known of the families worked with lately. Returns how many there are."""
    on = localdate(at)
    with transaction.atomic(), act_told("record:furnish", None), connection.cursor() as cursor:
        cursor.execute(_CHILDREN, [on - LATELY])
        children = [_Child(*row) for row in cursor.fetchall()]
        rows: dict[str, list[Sequence[Any]]] = {table: [] for table in _TABLES}
        count = 0
        for family, members in groupby(children, key=lambda child: child.family):
            count += 1
            for table, fact in _Home(Random(family), [*members], on).facts():
                rows[table].append([new_id(), at, "", *fact] if table != "people_person" else fact)
        force_row_security(False, [*_TABLES])
        for table, facts in rows.items():
            _copy(cursor, table, facts, at)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered before they are kept
        force_row_security(True, [*_TABLES])
    return count


def _copy(cursor: Any, table: str, facts: Sequence[Sequence[Any]], at: datetime) -> None:
    columns = ", ".join((*_FACT, *_TABLES[table]))
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for fact in facts:
            copy.write_row([fact[0], at, "", *fact[1:]] if table == "people_person" else fact)


_Fact = tuple[str, Sequence[Any]]


class _Home:
    """One family: its children, and the choices that make up the rest, in order."""

    def __init__(self, chance: Random, children: Sequence[_Child], on: date) -> None:
        self.chance, self.children, self.on = chance, children, on
        born = [child.born_on or on for child in children]
        self.eldest_born = min(born)
        self.community = _community_of(children[0].ethnicity, chance)
        self.home = (children[0].lines, children[0].postcode)

    def facts(self) -> Iterator[_Fact]:
        """Every row, as its table and the columns of `_TABLES`; of a person, the identifier too."""
        likely = self.chance.random
        surname = self.children[0].surname
        age = timedelta(days=int(self.chance.triangular(17, 42, 26) * 365))
        mother = new_id()
        yield from self._adult(mother, "F", surname, self.eldest_born - age, at_home=True)
        if likely() < 0.4:
            maiden = self.chance.choice(self.community.surnames)
            yield self._named(mother, "maiden", "", maiden)
        yield from self._parents_children(mother, self.children, "birth_mother")
        yield from self._elders(mother, self.eldest_born - age, surname)
        yield from self._fathers(mother, self.eldest_born - age, surname)
        speaks = self._home_language()
        for one in (mother, *(child.id for child in self.children)):
            yield from self._languages(one, speaks, is_child=one != mother)
        for child in self.children:
            yield from self._known_to(child)
        if likely() < 0.06:
            yield from self._warnings(mother)

    def _adult(
        self,
        person: str,
        sex: str,
        surname: str,
        born_on: date,
        *,
        at_home: bool,
        elder: bool = False,
    ) -> Iterator[_Fact]:
        names = self.community.girls if sex == "F" else self.community.boys
        forename = self.chance.choice(names)
        died_on = None
        if elder and self.chance.random() < 0.2:
            died_on = self.on - _YEAR * self.chance.uniform(0.2, 9)
        ethnicity = self.children[0].ethnicity
        shown = (forename, surname, "", sex, "", "", ethnicity, born_on, died_on, "", "", "")
        yield "people_person", (person, "adult", *shown)
        yield "people_personname", (person, None, None, "legal", forename, surname)
        place = "other" if elder else "parent"
        yield "people_familymember", (self.children[0].family, person, place)
        if died_on:
            return
        lines, postcode = self.home if at_home else self._elsewhere()
        # One in fifty who live apart have an address that nobody may be told.
        hidden = not at_home and self.chance.random() < 0.02
        since = self.eldest_born if at_home else self.on - _YEAR * self.chance.uniform(0.3, 6)
        yield "people_address", (person, since, None, "home", lines, postcode, hidden)
        number = f"07700 900{self.chance.randrange(1000):03}"
        safe = self.chance.choice(("yes", "yes", "yes", "not_known", "no"))
        yield "people_contactdetail", (person, None, None, "mobile", number, True, safe, "")

    def _named(self, person: str, kind: str, forename: str, surname: str) -> _Fact:
        return "people_personname", (person, None, self.eldest_born, kind, forename, surname)

    def _elsewhere(self) -> tuple[str, str]:
        lines, postcode = self.home
        number, _, street = lines.partition(" ")
        moved = int(number) + self.chance.randrange(2, 60) if number.isdigit() else 1
        return f"{moved} {street}", postcode

    def _parents_children(
        self, parent: str, children: Sequence[_Child], how: str, sure: float = 1.0
    ) -> Iterator[_Fact]:
        for child in children:
            has = self.chance.random() < sure
            responsibility = ("yes", how) if has else ("not_known", "")
            yield (
                "people_relationship",
                _tie(parent, child.id, "parent_birth", *responsibility),
            )

    def _elders(self, mother: str, born_on: date, surname: str) -> Iterator[_Fact]:
        """The mother's parents, of some."""
        if self.chance.random() < 0.45:
            grandmother, grandfather = new_id(), new_id()
            before = born_on - _YEAR * self.chance.uniform(18, 34)
            yield from self._adult(grandmother, "F", surname, before, at_home=False, elder=True)
            yield "people_relationship", _tie(grandmother, mother, "parent_birth")
            if self.chance.random() < 0.6:
                yield from self._adult(
                    grandfather, "M", surname, before - _YEAR, at_home=False, elder=True
                )
                yield "people_relationship", _tie(grandfather, mother, "parent_birth")
                kind = self.chance.choice(("married", "married", "divorced", "separated"))
                yield "people_relationship", _tie(grandmother, grandfather, kind)

    def _fathers(self, mother: str, born_on: date, surname: str) -> Iterator[_Fact]:
        """The father of all the children, or of the elder and of the younger another."""
        if self.chance.random() > 0.82:
            return
        groups = [[*self.children]]
        cut = next(
            (
                place
                for place, child in enumerate(self.children)
                if place and child.surname != self.children[0].surname
            ),
            None,
        )
        if cut is None and len(self.children) > 1 and self.chance.random() < 0.22:
            cut = len(self.children) // 2
            twins = self.children[cut - 1].born_on == self.children[cut].born_on
            cut = None if twins else cut
        if cut:
            groups = [[*self.children[:cut]], [*self.children[cut:]]]
        for place, children in enumerate(groups):
            kind, together = self.chance.choice(_COUPLES)
            if place < len(groups) - 1:
                kind, together = self.chance.choice(("separated", "former_partner")), False
            father = new_id()
            born = born_on - _YEAR * self.chance.uniform(-4, 9)
            name = children[0].surname if kind == "married" or place else surname
            yield from self._adult(father, "M", name, born, at_home=together)
            how = "marriage" if kind in ("married", "divorced") else "registration"
            yield from self._parents_children(father, children, how, 0.8)
            met = (children[0].born_on or self.on) - _YEAR
            yield "people_relationship", _tie(mother, father, kind, since=met)

    def _home_language(self) -> str:
        spoken = _LANGUAGES.get(self.community.girls[0], ())
        return self.chance.choice(spoken) if spoken and self.chance.random() < 0.7 else "English"

    def _languages(self, person: str, speaks: str, *, is_child: bool) -> Iterator[_Fact]:
        needs = not is_child and speaks != "English" and self.chance.random() < 0.4
        yield "people_personlanguage", (person, None, None, speaks, not is_child, needs, "")
        if is_child and speaks != "English":
            yield "people_personlanguage", (person, None, None, "English", True, False, "")

    def _known_to(self, child: _Child) -> Iterator[_Fact]:
        """The professionals who know a child, by age, and the child's NHS number."""
        practice = _PRACTICES[self.chance.randrange(len(_PRACTICES))]
        born = child.born_on
        if born is None:
            yield from self._professional(child, "midwife", "Harbourton Maternity Unit", None)
            return
        yield "people_identifier", (child.id, None, None, "nhs_number", _nhs_number(self.chance))
        yield from self._professional(child, "gp", practice, born + timedelta(days=30))
        age = (self.on - born).days / 365.25
        if age < 5:
            yield from self._professional(child, "health_visitor", practice, born, until=None)
        if 2.5 < age < 5:
            since = born + _YEAR * 2.5
            yield from self._professional(child, "nursery", "Little Oars Nursery", since)
        if age >= 5:
            primary = f"{self.chance.choice(_PRIMARY)} Primary School"
            started = date(born.year + 5 - (born.month < 9), 9, 2)
            left = date(started.year + 7, 7, 20)
            ended = left if left < self.on else None
            yield from self._professional(child, "school", primary, started, until=ended)
            if ended and age < 18.5:
                secondary, begun = self.chance.choice(_SECONDARY), date(left.year, 9, 2)
                if begun <= self.on:
                    yield from self._professional(child, "school", secondary, begun)

    def _professional(
        self, child: _Child, kind: str, where: str, since: date | None, until: date | None = None
    ) -> Iterator[_Fact]:
        everyone = COMMUNITIES[self.chance.randrange(3)]
        who = f"{self.chance.choice(everyone.girls)} {self.chance.choice(everyone.surnames)}"
        telephone = f"01632 960{self.chance.randrange(1000):03}"
        fact = (child.id, since, until, kind, where, who, telephone, "")
        yield "people_networkmember", fact

    def _warnings(self, mother: str) -> Iterator[_Fact]:
        kind, words, about = self.chance.choice(_WARNINGS)
        since = self.on - timedelta(days=self.chance.randrange(20, 300))
        review = since + timedelta(days=180)
        for person in (mother, *(child.id for child in self.children)):
            yield "people_personwarning", (person, since, None, kind, words, about, review)


def _tie(
    person: str,
    other: str,
    kind: str,
    responsibility: str = "",
    how: str = "",
    since: date | None = None,
) -> Sequence[Any]:
    return (person, since, None, other, kind, responsibility, how, "")


def _community_of(ethnicity: str, chance: Random) -> Community:
    fitting = [one for one in COMMUNITIES if ethnicity in (code for code, _ in one.ethnicity)]
    fitting = fitting or [COMMUNITIES[0]]
    return chance.choices(fitting, [one.share for one in fitting])[0]


def _nhs_number(chance: Random) -> str:
    """One that checks, of those that begin 999, which no one is given."""
    while True:
        number = f"999{chance.randrange(10_000_000):07}"
        if nhs.is_valid(number):
            return number

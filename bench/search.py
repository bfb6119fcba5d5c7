"""Finding one person among very many, asked for as people ask and misspelt as people misspell.

It makes its own population, in a database of its own; `bench.population` says what it is like and
`bench.misspelling` how it is asked for. Each search is made as a page makes it: in a transaction
of its own, as the role that serves pages, bound by row-level security, with people hidden from who
asks. The floor is the rows it found, by plain SQL and their keys, turn about with it; beside it
stands a plain exact match of the name, which finds nobody misspelt.
"""

import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.misspelling import ERRORS, FORMS, Typed
from bench.population import DESCRIPTION as POPULATION
from bench.population import UNTIL, Population, Someone
from bench.timing import Figure, figure_of

if TYPE_CHECKING:
    from harbourlight.foundation.accounts.models import User

AT = datetime(2026, 3, 31, 12, tzinfo=UTC)
HIDDEN = 500
"""People restricted, of whom who asks may not know: none of those asked for."""

DESCRIPTION = (
    f"{POPULATION}. Asked for as bench/misspelling.py says, with one error at most in a search; "
    "the share found is of those whom what was meant to be typed tells from all but nine others; "
    f"{HIDDEN} people hidden from who asks"
)
FIRST = 10
"""The right person must be among so many."""


@dataclass
class Result:
    """What was found, and how long it and its floor took, in seconds."""

    asked: int = 0
    found: int = 0
    tellable: int = 0
    tellable_found: int = 0
    took: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)

    def add(self, found: bool, tellable: bool, took: float, floor: float) -> None:
        """One search."""
        self.asked += 1
        self.found += found
        self.tellable += tellable
        self.tellable_found += found and tellable
        self.took.append(took)
        self.floors.append(floor)

    @property
    def recall(self) -> float:
        """The share found, of people whom what was meant to be typed tells from all but nine."""
        return self.tellable_found / self.tellable if self.tellable else 1.0

    @property
    def recall_of_all(self) -> float:
        """The share found of everybody asked for."""
        return self.found / self.asked if self.asked else 1.0

    def under(self, share: float) -> float:
        """The time, in milliseconds, that this share of searches was under."""
        times = sorted(self.took)
        return 1000 * times[min(len(times) - 1, int(share * len(times)))]


@dataclass(frozen=True)
class Asked:
    """One search: for whom, how, with what error, and what was typed.

    `tellable` is whether ten people at most fit what was meant to be typed.
    """

    person: str
    form: str
    error: str
    typed: str
    tellable: bool


class Fitting:
    """How many people fit each thing that may be typed of them."""

    def __init__(self) -> None:
        self._names: Counter[tuple[str, str]] = Counter()
        self._aged: Counter[tuple[str, str, int]] = Counter()
        self._there: Counter[tuple[str, str, str]] = Counter()

    def add(self, one: Someone) -> None:
        """Count a person under each of their names."""
        for forename, surname in {(one.forename, one.surname), *one.others}:
            self._names[forename, surname] += 1
            self._aged[forename, surname, one.born_on.year] += 1
            for outward in {postcode.split()[0] for postcode in one.postcodes}:
                self._there[forename, surname, outward] += 1

    def tellable(self, one: Someone, meant: Typed) -> bool:
        """Whether what is meant fits at most ten people. A date of birth always tells."""
        if meant.identifier or meant.born_on:
            return True
        name = (one.forename, one.surname)
        if meant.age is not None:
            years = (one.born_on.year - 1, one.born_on.year, one.born_on.year + 1)
            return sum(self._aged[*name, year] for year in years) <= FIRST
        if meant.postcode:
            return self._there[*name, meant.postcode] <= FIRST
        return self._names[name] <= FIRST


def searches(population: Population, fitting: Fitting, count: int, seed: int = 2) -> list[Asked]:
    """So many searches by the error model: the same for the same seed."""
    rng = np.random.default_rng(seed)
    shares = np.array([form.share for form in FORMS], float)
    slips = np.array([error.share for error in ERRORS], float)
    made: list[Asked] = []
    for error in rng.choice(len(ERRORS), count, p=slips / slips.sum()):
        while True:
            one = population[int(rng.integers(len(population)))]
            form = FORMS[int(rng.choice(len(FORMS), p=shares / shares.sum()))]
            meant = form.of(rng, one)
            typed = ERRORS[error].make(rng, one, meant) if meant else None
            if meant and typed:
                break
        made.append(
            Asked(one.id, form.name, ERRORS[error].name, str(typed), fitting.tellable(one, meant))
        )
    return made


def load(population: Population) -> Fitting:
    """Copy everybody into the record now open, and make search ready. Counts who fits what."""
    from django.db import connection, transaction

    from harbourlight.record.confidentiality.row_security import force_row_security
    from harbourlight.record.people import models

    fitting = Fitting()
    columns = _rows()
    tables = [model._meta.db_table for model in columns]
    with transaction.atomic(), connection.cursor() as cursor:
        force_row_security(False, tables)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for number, (model, made) in enumerate(columns.items()):
            names = ", ".join(_COLUMNS[model.__name__])
            with cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as copy:
                families: set[str] = set()
                for one in population:
                    if not number:
                        fitting.add(one)
                    if model is models.Family:
                        if one.family not in families:
                            families.add(one.family)
                            copy.write_row((one.family,))
                        continue
                    for row in made(one):
                        copy.write_row(row)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        force_row_security(True, tables)
        cursor.execute("SELECT people_searchrefresh(NULL)")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return fitting


_KEPT = ("recorded_at", "struck_out_because")
_COLUMNS: dict[str, tuple[str, ...]] = {
    "Person": (
        "id", "held_as", "forename", "surname", "known_as", "sex", "gender", "pronouns",
        "ethnicity", "born_on", "upn_unknown", "nationality", "religion", *_KEPT,
    ),
    "Family": ("id",),
    "FamilyMember": ("id", "family_id", "person_id", "place", *_KEPT),
    "PersonName": ("id", "person_id", "kind", "forename", "surname", *_KEPT),
    "Identifier": ("id", "person_id", "kind", "value", *_KEPT),
    "Address": (
        "id", "person_id", "kind", "lines", "postcode", "is_confidential", "ended_on", *_KEPT,
    ),
}  # fmt: skip


def _rows() -> dict[Any, Callable[[Someone], Iterator[tuple[Any, ...]]]]:
    from harbourlight.record.people import models

    kept = (AT, "")

    def person(one: Someone) -> Iterator[tuple[Any, ...]]:
        empty = ("", "", "", "")
        yield (
            one.id, one.held_as, one.forename, one.surname, "", one.sex, "", "", "", one.born_on,
            *empty[:3], *kept,
        )  # fmt: skip

    def member(one: Someone) -> Iterator[tuple[Any, ...]]:
        place = "child" if one.held_as == "child" else "parent"
        yield (f"M{one.id}", one.family, one.id, place, *kept)

    def names(one: Someone) -> Iterator[tuple[Any, ...]]:
        yield (f"N{one.id}", one.id, "legal", one.forename, one.surname, *kept)
        for number, (forename, surname) in enumerate(one.others):
            yield (f"N{one.id}-{number}", one.id, "previous", forename, surname, *kept)

    def identifiers(one: Someone) -> Iterator[tuple[Any, ...]]:
        if one.nhs_number:
            yield (f"I{one.id}", one.id, "nhs_number", one.nhs_number, *kept)
        if one.earlier_id:
            yield (f"E{one.id}", one.id, "other", one.earlier_id, *kept)

    def addresses(one: Someone) -> Iterator[tuple[Any, ...]]:
        for number, postcode in enumerate(one.postcodes):
            ended = UNTIL if number else None
            yield (f"A{one.id}-{number}", one.id, "home", "", postcode, False, ended, *kept)

    return {
        models.Person: person,
        models.Family: person,
        models.FamilyMember: member,
        models.PersonName: names,
        models.Identifier: identifiers,
        models.Address: addresses,
    }


def run(
    user: "User",
    asked: list[Asked],
    *,
    heed: Callable[[Asked, bool], None] | None = None,
) -> dict[tuple[str, str], Result]:
    """Search for each; results by what they are grouped by, its kind and its name."""
    results: dict[tuple[str, str], Result] = defaultdict(Result)
    for one in asked[: len(asked) // 20]:
        _search_once(user, one)
    for one in asked:
        found, took, floor = _search_once(user, one)
        right = one.person in found[:FIRST]
        if heed:
            heed(one, right)
        for group in (("all", ""), ("error", one.error), ("form", one.form)):
            results[group].add(right, one.tellable, took, floor)
    return results


def _search_once(user: "User", one: Asked) -> tuple[list[str], float, float]:
    """Whom a search finds, how long it takes, and how long the same rows by plain SQL."""
    from django.db import connection, transaction

    from harbourlight.record.confidentiality.identity import take
    from harbourlight.record.people.search import Sought, search

    with transaction.atomic():
        take(user, AT)
        began = time.perf_counter()
        found = [match.person.pk for match in search(user, Sought(one.typed), on=UNTIL)]
        took = time.perf_counter() - began
    with transaction.atomic(), connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute("SELECT * FROM people_person WHERE id = ANY (%s)", [found])
        cursor.fetchall()
        floor = time.perf_counter() - began
    return found, took, floor


def hide(population: Population, asked: list[Asked], by: "User") -> int:
    """Restrict some of those nobody asks for, so that every search has somebody to leave out."""
    from django.db import transaction

    from harbourlight.record.confidentiality.models import Restriction

    wanted = {one.person for one in asked}
    step = max(1, len(population) // HIDDEN)
    ids = [population[place].id for place in range(0, len(population), step)]
    with transaction.atomic():
        made = Restriction.objects.bulk_create(
            Restriction(person_id=one, because="Measured", recorded_at=AT, recorded_by=by)
            for one in ids
            if one not in wanted
        )
    return len(made)


@contextmanager
def open_record() -> Iterator[None]:
    """Django with an empty, durable database of its own, taken away at the end."""
    import os

    from harbourlight.server.assets import prepare
    from harbourlight.server.postgres import Cluster

    with tempfile.TemporaryDirectory(prefix="hl-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        prepare(Path("node_modules"), home / "assets")
        with Cluster(home / "postgres") as cluster:
            cluster.ensure_database("bench")
            os.environ |= {
                "DATABASE_URL": cluster.url("bench"),
                "HARBOURLIGHT_HOME": str(home),
                "DJANGO_SETTINGS_MODULE": "harbourlight.settings",
            }
            import django

            django.setup()
            from django.core.management import call_command
            from django.db import connections

            call_command("migrate", verbosity=0, interactive=False)
            yield
            connections.close_all()


def measure(people: int, count: int = 4_000) -> list[Figure]:
    """Load, search, and say what was found and how fast: all, and by what was known and wrong."""
    with open_record():
        from django.db import connection

        from harbourlight.foundation.accounts.actions import add_account

        population = Population(people)
        fitting = load(population)
        user, _ = add_account(
            username="bench",
            role="front_door_worker",
            full_name="Bench",
            by=None,
            at=AT,
            password="three small blue boats",
        )
        asked = searches(population, fitting, count)
        hide(population, asked, user)
        results = run(user, asked)
        ids = [one.person for one in asked[:300]]
        with connection.cursor() as cursor:
            cursor.execute("SELECT name_plain FROM people_person WHERE id = ANY(%s)", [ids])
            names = [row[0] for row in cursor.fetchall()]
            exact = "SELECT id FROM people_person WHERE name_plain = %s LIMIT 20"
            exactly = _timed(lambda name: cursor.execute(exact, [name]).fetchall(), names)
    return [*_figures(results, exactly)]


def _timed(work: Callable[[str], object], over: list[str]) -> float:
    """The median time, in seconds."""
    took = []
    for one in over:
        began = time.perf_counter()
        work(one)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def _figures(results: dict[tuple[str, str], Result], exactly: float) -> Iterator[Figure]:
    every = results["all", ""]
    yield _figure("every search", every, "floor: the rows it found, by their keys")
    beside = _figure("the same, beside SQL", every, "floor: the exact name, by index")
    yield replace(beside, floor=exactly)
    for kind, declared in (("form", FORMS), ("error", ERRORS)):
        for one in declared:
            result = results[kind, one.name]
            if result.asked:
                yield _figure(one.name, result, f"{one.share} in 100")


def _figure(what: str, result: Result, note: str) -> Figure:
    said = f"{result.recall:.1%} in the first {FIRST} ({result.recall_of_all:.1%} of all); {note}"
    return figure_of(what, result.took, result.floors, note=said)

"""What a social worker waits for after pressing a button: acts, their entries and their history.

The floor of an act is the rows it left, written again by plain SQL: the same INSERTs and UPDATEs of
the record's own tables, in one transaction and committed as the act was.
The ledger's entries, the line of history and what PostgreSQL keeps of every change are over it.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import TypeVar

from bench.record import AT, loaded_record, made_trust
from bench.timing import Figure, figure_of

TURNS = 60

T = TypeVar("T")

_OURS = ("people_", "front_door_", "episodes_", "assessment_", "protection_", "plans_")
_WRITES = tuple(f'{verb} "{stem}' for verb in ("INSERT INTO", "UPDATE") for stem in _OURS)


def measure(children: int, years: int) -> list[Figure]:
    """Each act a referral meets, on children of a loaded trust."""
    with loaded_record(made_trust(children, years)):
        return list(_figures())


def _figures() -> Iterator[Figure]:
    from django.db import connection

    for name, acts in _acts():
        took: tuple[list[float], list[float]] = ([], [])
        for turn, act in zip(range(TURNS + 1), acts, strict=False):
            written = _Written()
            began = time.perf_counter()
            with connection.execute_wrapper(written.keep):
                act()
            seconds = time.perf_counter() - began
            floor = written.write_again()
            if turn:
                took[0].append(seconds)
                took[1].append(floor)
        rows = len(written.statements)
        yield figure_of(name, *took, note=f"{written.count} queries; floor: {rows} of its rows")


@dataclass
class _Written:
    """The statements of an act that wrote the record's own rows, to be written again."""

    statements: list[tuple[str, list[object]]] = field(default_factory=list)
    count: int = 0

    def keep(
        self, execute: Callable[..., object], sql: str, params: Sequence[object], *rest: object
    ) -> object:
        self.count += 1
        if sql.startswith(_WRITES):
            self.statements.append((sql, list(params)))
        return execute(sql, params, *rest)

    def write_again(self) -> float:
        """The same rows by the same statements, in one transaction that first, untimed, deletes the
        rows the act left. Seconds from the first statement until it was committed."""
        from django.db import connection, transaction

        with transaction.atomic(), connection.cursor() as cursor:
            for sql, params in reversed(self.statements):
                verb, table, _, first, *_ = sql.split('"')
                if verb.startswith("INSERT") and first == "id":
                    cursor.execute(f'DELETE FROM "{table}" WHERE id = %s', params[:1])
            began = time.perf_counter()
            for sql, params in self.statements:
                cursor.execute(sql, params)
        return time.perf_counter() - began


def _acts() -> Iterator[tuple[str, Iterator[Callable[[], object]]]]:
    """Each act's name, and the act again and again, each time on other children."""
    from harbourlight.foundation.access import ROLES
    from harbourlight.foundation.accounts.actions import add_account, make_password
    from harbourlight.record.assessment import actions as assessments
    from harbourlight.record.assessment.models import Assessment
    from harbourlight.record.episodes import actions as episodes
    from harbourlight.record.episodes.models import Episode
    from harbourlight.record.front_door import actions as front_door
    from harbourlight.record.front_door.models import ContactChild
    from harbourlight.record.people.models import Person
    from harbourlight.record.workforce.models import Professional

    role = next(role for role in ROLES if role.code == "team_manager").code
    user, _ = add_account(
        username="bench",
        full_name="Bench",
        role=role,
        password=make_password(),
        by=None,
        at=AT,
    )
    worker = Professional.objects.at_work().filter(team__isnull=False).order_by("pk").first()
    moments = (AT + timedelta(minutes=minute) for minute in count(1))
    pairs = _in_pairs(
        Person.objects.filter(held_as="child")
        .exclude(episodes__in=Episode.objects.still_open())
        .order_by("pk")[: 4 * TURNS]
    )

    def received() -> Iterator[Callable[[], object]]:
        for pair in pairs:
            at = next(moments)
            said = front_door.Received(
                at - timedelta(hours=1), "1A", what_was_said="What a school rang to say. " * 20
            )
            yield lambda at=at, said=said, pair=pair: front_door.record_contact(
                by=user, at=at, received=said, children=pair
            )

    def decided() -> Iterator[Callable[[], object]]:
        lines = ContactChild.objects.filter(contact__recorded_by=user).select_related(
            "contact", "child"
        )
        for pair in _in_pairs(lines.order_by("contact_id", "pk")):
            decisions = [
                front_door.ForChild(
                    line, "4", "referral", "Why a manager thinks so. " * 10, "N1", worker.team
                )
                for line in pair
            ]
            at = next(moments)
            yield lambda at=at, decisions=decisions: front_door.decide_contact(
                by=user, at=at, decisions=decisions
            )

    ours = Episode.objects.filter(recorded_by=user).select_related("child").order_by("pk")

    def allocated() -> Iterator[Callable[[], object]]:
        for episode in ours:
            at = next(moments)
            yield lambda at=at, episode=episode: episodes.allocate(
                by=user, at=at, episode=episode, team=worker.team, worker=worker, on=at.date()
            )

    def started() -> Iterator[Callable[[], object]]:
        for episode in ours:
            at = next(moments)
            yield lambda at=at, episode=episode: assessments.start_assessment(
                by=user, at=at, episode=episode, on=at.date(), worker=worker, team=worker.team
            )

    def saved() -> Iterator[Callable[[], object]]:
        for one in Assessment.objects.filter(recorded_by=user).order_by("pk"):
            at = next(moments)
            yield lambda at=at, one=one: assessments.write_assessment(
                one, {"analysis": "What this means. " * 400}, by=user, at=at
            )

    yield "record a contact about two children", received()
    yield "decide it: two referrals", decided()
    yield "allocate a child to a worker", allocated()
    yield "start an assessment", started()
    yield "save what is written in it", saved()


def _in_pairs(rows: Iterable[T]) -> Iterator[list[T]]:
    held = list(rows)
    for place in range(0, len(held) - 1, 2):
        yield held[place : place + 2]

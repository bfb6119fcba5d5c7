"""Pages of the record as their users ask for them: time on the server, queries, and the floor.

The floor of a page is its own queries run again as plain SQL, fetched and thrown away: what no
amount of care with templates could go below.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from bench.crowd import at_work
from bench.record import AT, loaded_record, made_trust
from bench.timing import Figure, beside

if TYPE_CHECKING:
    from harbourlight.foundation.accounts.models import User

TURNS = 30


def measure(children: int, years: int) -> list[Figure]:
    """Each page for the person it is made for."""
    with loaded_record(made_trust(children, years)):
        made = _censuses_made()
        pages = _pages()
        return [*(_page(*asked) for asked in pages), at_work(pages), made]


def _censuses_made() -> Figure:
    """Both years' censuses, as the night makes them; the pages of returns show them."""
    from django.utils import timezone

    from harbourlight.record.census.making import make
    from harbourlight.record.census.models import CensusChild
    from harbourlight.record.publishing import published_tables

    figure = beside(
        "both censuses made", lambda: make(at=timezone.now()), published_tables, turns=1
    )
    return replace(
        figure,
        note=f"{CensusChild.objects.count() // 2:,} children in both; floor: the record read",
    )


def _pages() -> list[tuple[str, "User", str]]:
    """What is asked: a name, who asks, and the address."""
    from django.urls import reverse
    from django.utils import timezone

    from harbourlight.foundation.accounts.models import User
    from harbourlight.record.census.years import made_on
    from harbourlight.record.confidentiality.policy import sight_of
    from harbourlight.record.demonstration import prepare
    from harbourlight.record.episodes.models import Episode
    from harbourlight.settings import HOME

    prepare(HOME / "demonstration.json", at=AT)
    who = {user.role: user for user in User.objects.all()}
    worker, manager = who["social_worker"], who["team_manager"]
    theirs = Episode.objects.filter(child_id__in=sight_of(worker, AT).related)
    episode = (
        theirs.filter(assessments__isnull=False, contact__isnull=False)
        .select_related("contact")
        .order_by("pk")
        .first()
    )
    assert episode is not None, "the demonstration's social worker works with nobody"
    return [
        ("my work", worker, reverse("pages:my_work")),
        ("team", manager, reverse("pages:team")),
        ("child", worker, reverse("people:child", args=[episode.child_id])),
        ("chronology", worker, reverse("chronology:page", args=[episode.child_id])),
        ("episode", worker, reverse("episodes:episode", args=[episode.pk])),
        (
            "contact",
            who["front_door_manager"],
            reverse("front_door:contact", args=[episode.contact.contact_id]),
        ),
        ("contacts", who["front_door_manager"], reverse("front_door:queue")),
        ("board", who["performance_analyst"], reverse("pages:board")),
        (
            "one standard",
            who["performance_analyst"],
            reverse("pages:board_standard", args=["ASM-45"]),
        ),
        ("returns", who["performance_analyst"], reverse("census:page")),
        (
            "findings of the census",
            who["performance_analyst"],
            reverse("census:findings", args=[made_on(timezone.localdate())[0]]),
        ),
    ]


def _page(name: str, user: "User", address: str) -> Figure:
    from django.db import connection
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    asked: list[tuple[str, object]] = []

    def keep(execute: Callable[..., object], sql: str, params: object, *rest: object) -> object:
        asked.append((sql, params))
        return execute(sql, params, *rest)

    def page() -> None:
        response = client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{name} answered {response.status_code}")

    with connection.execute_wrapper(keep):
        page()
    reads = [(sql, params) for sql, params in asked if sql.lstrip().upper().startswith("SELECT")]

    def floor() -> None:
        with connection.cursor() as cursor:
            for sql, params in reads:
                cursor.execute(sql, params)
                cursor.fetchall()

    return beside(name, page, floor, turns=TURNS, note=f"{len(asked)} queries; floor: the reads")

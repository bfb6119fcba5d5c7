"""No page asks the database more for a long list than for a short one, nor more than 20 things."""

from datetime import timedelta

from django.test import Client

from harbourlight.record.assessment import actions as assessment
from tests.pages.service import DUE_2_DAYS_AGO, DUE_IN_3_DAYS, NOW, Service
from tests.record.families import MOST_QUERIES, queries_of


def more_work(service: Service, number: int) -> None:
    """One more of everything that a page can list."""
    service.contact(f"Kit N{number}", f"Kat N{number}", at=NOW - timedelta(days=number))
    service.referred(f"Fox N{number}", DUE_IN_3_DAYS, team="Harbour", to=None)
    for child in ("Amy", "Ben"):
        episode = service.referred(
            f"{child} N{number}", DUE_2_DAYS_AGO, team="Harbour", to="Sol West"
        )
        held = service.assessed(episode, started=DUE_2_DAYS_AGO, by="Sol West")
        assessment.send_for_authorisation(
            held, by=service.users["Sol West"], at=NOW - timedelta(hours=1)
        )
        if child == "Ben":
            assessment.return_assessment(
                held, by=service.users["Tam Over"], at=NOW, comment="Say more."
            )


PAGES = (
    ("Mo Gate", "/my-work/"),
    ("Sol West", "/my-work/"),
    ("Tam Over", "/my-work/"),
    ("Tam Over", "/team/"),
    ("Tam Over", "/team/without-worker/"),
    ("Pat Figg", "/board/"),
    ("Pat Figg", "/board/ASM-45/"),
    ("Pat Figg", "/board/REF-DEC/2026-03/"),
    ("Pat Figg", "/board/ASM-45/unmet/"),
    ("Pat Figg", "/board/REF-DEC/2026-03/download/"),
    ("Sol West", "/standards/ASM-45/"),
)


def test_a_page_asks_at_most_twenty_things_and_no_more_for_a_longer_list(
    service: Service, at_now: None
) -> None:
    asked = []
    for numbers in (range(1, 3), range(3, 6)):
        for number in numbers:
            more_work(service, number)
        asked.append({page: questions(service, *page) for page in PAGES})
    short, long = asked
    assert long == short
    assert {page: count for page, count in long.items() if count > MOST_QUERIES} == {}


def questions(service: Service, name: str, address: str) -> int:
    """How many things a page asks the database of somebody who has just signed in."""
    desk = Client()  # its own: to sign in over somebody else asks more
    desk.force_login(service.users[name])
    return queries_of(desk, address)

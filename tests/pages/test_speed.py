"""No page asks the database more for a long list than for a short one, nor more than 20 things."""

from datetime import timedelta
from typing import Any

import pytest

from harbourlight.record.assessment import actions as assessment
from tests.pages.service import DUE_2_DAYS_AGO, DUE_IN_3_DAYS, NOW, Service

MOST_QUERIES = 20


@pytest.fixture
def busy(service: Service) -> Service:
    """Everything that a page can list, several times over."""
    for number in range(6):
        service.contact(f"Kit N{number}", f"Kat N{number}", at=NOW - timedelta(days=number))
        service.referred(f"Fox N{number}", DUE_IN_3_DAYS, team="Harbour", to=None)
        episode = service.referred(f"Amy N{number}", DUE_2_DAYS_AGO, team="Harbour", to="Sol West")
        held = service.assessed(episode, started=DUE_2_DAYS_AGO, by="Sol West")
        assessment.send_for_authorisation(
            held, by=service.users["Sol West"], at=NOW - timedelta(hours=1)
        )
        if number % 2:
            assessment.return_assessment(
                held, by=service.users["Tam Over"], at=NOW, comment="Say more."
            )
    return service


@pytest.mark.parametrize(
    ("name", "address"),
    [
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
    ],
)
def test_a_page_asks_at_most_twenty_things(
    busy: Service,
    client: Any,
    at_now: None,
    django_assert_max_num_queries: Any,
    name: str,
    address: str,
) -> None:
    client.force_login(busy.users[name])
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(address).status_code == 200

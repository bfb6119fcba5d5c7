"""The pages as they are met: at two widths, by keyboard, on paper, and without JavaScript."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import expect

from harbourlight.record.assessment import actions as assessment
from harbourlight.record.live_ledger.models import Entry
from harbourlight.standards.clocks import add_months
from tests.browsing import arrive_by, follow, press
from tests.pages.service import DUE_2_DAYS_AGO, DUE_IN_3_DAYS, DUE_IN_6_DAYS, NOW, Service

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG_NAME = "Maximiliana-Wilhelmina Featherstonehaugh-Cholmondeley-Majoribanks"


def fourteen_months(service: Service) -> Iterator[Entry]:
    """Assessments due each month to February 2026: six of seven in time, then none."""
    children = [service.child(f"Child N{number}") for number in range(7)]
    for back in range(14, 0, -1):
        due_on = add_months(date(2026, 3, 10), -back)
        for number, child in enumerate(children):
            days_late = 9 if back < 8 or number == 0 else -1
            yield Entry(
                standard="ASM-45",
                about="assessment",
                about_id=f"A{back}N{number}",
                child_id=child.pk,
                worker_id=service.workers["Sol West"].pk,
                team_id=service.teams["Harbour"].pk,
                starts_at=datetime.combine(due_on - timedelta(days=63), time(9)),
                due_at=datetime.combine(due_on, time(23, 59, 59)),
                met_at=datetime.combine(due_on + timedelta(days=days_late), time.min),
                standing="applies",
            )


@pytest.fixture
def harbour(service: Service) -> Iterator[Service]:
    """Past months in the ledger, and in the record work of every kind to do."""
    for name, on in ((LONG_NAME, DUE_2_DAYS_AGO), ("Ben Soon", DUE_IN_3_DAYS)):
        episode = service.referred(name, on, team="Harbour", to="Sol West")
    held = service.assessed(episode, started=on, by="Sol West")
    sent_at = NOW - timedelta(hours=3)
    assessment.send_for_authorisation(held, by=service.users["Sol West"], at=sent_at)
    given_back = service.assessed(
        service.referred("Dan Back", DUE_IN_6_DAYS, team="Harbour", to="Sol West"),
        started=DUE_IN_6_DAYS,
        by="Sol West",
    )
    assessment.send_for_authorisation(given_back, by=service.users["Sol West"], at=sent_at)
    assessment.return_assessment(
        given_back, by=service.users["Tam Over"], at=NOW, comment="What does the school say?"
    )
    service.referred("Eve Nobody", DUE_IN_6_DAYS, team="Harbour", to=None)
    service.contact("Fox Told", "Gus Told", at=NOW - timedelta(days=5))
    # Last: an act on one of these children would compute its entries again, from nothing recorded.
    Entry.objects.bulk_create(fourteen_months(service))
    with time_machine.travel(NOW, tick=True):
        yield service


@pytest.fixture
def desk(
    open_page: Callable[..., Any], sign_in: Callable[..., None], harbour: Service
) -> Callable[..., Any]:
    """Sits somebody down at a page of their own."""

    def sit(name: str, **how: Any) -> Any:
        page = open_page(**how)
        sign_in(page, harbour.users[name])
        return page

    return sit


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_finding_is_followed_from_the_board_to_a_child(desk: Any, javascript: bool) -> None:
    page = desk("Pat Figg", javascript=javascript)
    page.wait_for_url("**/board/")
    arrive_by(page.get_by_role("link", name="Worse than ordinary since").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Assessment within 45 working days")
    chart = page.get_by_role("group", name="Assessment within 45 working days. Worse than")
    mark = chart.get_by_role("link", name="February 2026: 0%, 0 of 7")
    expect(mark).to_have_count(1)  # once the style sheet hides the chart for narrow screens
    mark.focus()
    with page.expect_navigation(url="**/board/ASM-45/2026-02/"):
        page.keyboard.press("Enter")
    expect(page.get_by_text("Authorised in time: 0 of 7 (0%).")).to_be_visible()
    follow(page, "7 not authorised in time")
    expect(page.get_by_text("Showing only one part.")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(8)
    follow(page, "Child N3")
    page.wait_for_url("**/people/*/")


def test_the_small_chart_takes_the_place_of_the_large_on_a_phone(desk: Any) -> None:
    page = desk("Pat Figg")
    page.goto("/board/ASM-45/")
    for width, shown in ((1280, "wide"), (375, "narrow")):
        page.set_viewport_size({"width": width, "height": 900})
        charts = page.locator(".hl-chart")
        expect(charts).to_have_count(2)
        for place, size in enumerate(("wide", "narrow")):
            expect(charts.nth(place)).to_be_visible(visible=size == shown)


def test_a_team_and_a_day_are_chosen_and_taken_off_again(desk: Any) -> None:
    page = desk("Pat Figg")
    page.get_by_text("Choose a team or a day").click()
    expect(page.get_by_label("Team")).to_be_visible()
    page.get_by_label("Team").select_option(label="Lantern")
    for label, value in (("Day", "10"), ("Month", "2"), ("Year", "2026")):
        page.get_by_label(label, exact=True).fill(value)
    press(page, "Show")
    page.wait_for_url("**as_at=2026-02-10")
    expect(page.get_by_text("Nothing has fallen due").first).to_be_visible()
    follow(page, "Show every team")
    follow(page, "Show it as it is now")
    page.wait_for_url("**/board/")


def test_a_list_prints_short_and_without_the_ways_to_act(desk: Any) -> None:
    page = desk("Sol West")
    why = page.get_by_text("Children in need census").first
    page.get_by_text("Assessment within 45 working days").first.click()
    expect(why).to_be_visible()
    page.emulate_media(media="print")
    expect(why).not_to_be_visible()
    expect(page.get_by_role("navigation", name="Menu")).not_to_be_visible()
    for words in ("Ben Soon", "Assessment within 45 working days", "2 working days late"):
        expect(page.get_by_text(words).first).to_be_visible()

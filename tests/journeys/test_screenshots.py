"""The pictures in the README and the docs are of the pages as they are.

`HARBOURLIGHT_SCREENSHOTS=1 make test ARGUMENTS=tests/journeys/test_screenshots.py` takes them again
into `docs/images`; at other times they go to a temporary folder and only their pages are checked.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from harbourlight.foundation.accounts.models import User
from harbourlight.record.demonstration import prepare
from harbourlight.record.live_ledger.selectors import london_time, visible_to, waiting
from harbourlight.record.loading import load_record
from harbourlight.simulate import simulate
from tests.browsing import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

IMAGES = Path(__file__).parents[2] / "docs" / "images"


def test_the_pictures_are_of_the_pages_as_they_are(
    open_page: Callable[..., Page], tmp_path: Path, check_access: Callable[[Page], None]
) -> None:
    now = timezone.now()
    until = timezone.localdate(now) - timedelta(days=1)
    trust = simulate(children=3000, years=3, seed=2026, until=until)
    load_record(trust.tables, at=now)
    cards = {card.role: card for card in prepare(tmp_path / "demonstration.json", at=now)}
    folder = IMAGES if os.environ.get("HARBOURLIGHT_SCREENSHOTS") else tmp_path
    folder.mkdir(exist_ok=True)

    def as_role(role: str) -> Any:
        desk = open_page()
        desk.goto("/sign-in/")
        desk.get_by_label("Username").fill(cards[role].username)
        desk.get_by_label("Password", exact=True).fill(cards[role].password)
        press(desk, "Sign in")
        expect(desk.get_by_role("button", name="Sign out")).to_be_visible()
        return desk

    def picture(desk: Page, name: str) -> None:
        check_access(desk)
        desk.screenshot(path=folder / f"{name}.png")
        assert (folder / f"{name}.png").stat().st_size > 10_000

    board = as_role("performance_analyst")
    board.goto("/board/")
    expect(board.get_by_role("main")).to_contain_text("Assessment within 45 working days")
    picture(board, "board")

    work = as_role("social_worker")
    work.goto("/my-work/")
    expect(work.get_by_role("main")).to_contain_text("working days")
    picture(work, "my-work")

    worker = User.objects.get(role="social_worker")
    entry = waiting(visible_to(worker), london_time(now)).filter(worker_id=worker.professional_id)[
        0
    ]
    work.goto(f"/people/{entry.child_id}/")
    expect(work.get_by_role("main")).to_contain_text("What is due, and why")
    picture(work, "child")

"""What every test may ask for: a database, people with accounts, a browser.

One PostgreSQL cluster, of no durability, serves a whole run. A run in one process starts it when a
test first asks for a database; a run in several starts it before they do, and each has a database
of its own in it. Nothing here touches `var/`.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from re import Pattern
from typing import Any

import hypothesis
import pytest

from harbourlight.server.assets import AssetsMissing, prepare
from harbourlight.server.postgres import Cluster

PROJECT = Path(__file__).parents[1]
HOME = "HARBOURLIGHT_HOME"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


def pytest_configure(config: pytest.Config) -> None:
    """Settle where the run keeps its files, then the settings, before any test is collected."""
    if not hasattr(config, "workerinput"):
        home = Path(tempfile.mkdtemp(prefix="hl-tests-"))
        home.chmod(0o755)  # the server's account must be able to reach its folder
        os.environ |= {
            HOME: str(home),
            "DJANGO_SETTINGS_MODULE": "harbourlight.settings",
            # Replaced by the cluster's own address when a test first asks for a database.
            "DATABASE_URL": "postgresql:///not_started",
            "HARBOURLIGHT_GALLERY": "1",
            # Playwright's loop runs in the thread of the test, and Django would refuse the
            # database there.
            "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
        }
        _made.append(home)
        try:
            prepare(PROJECT / "node_modules", home / "assets")
        except AssetsMissing as error:
            raise pytest.UsageError(str(error)) from error
        if getattr(config.option, "numprocesses", None):
            _cluster().start()

    # A busy machine is not a failing; where CI is set, Hypothesis already thinks so.
    if not os.environ.get("CI"):
        hypothesis.settings.register_profile("unhurried", deadline=None)
        hypothesis.settings.load_profile("unhurried")

    import django
    from django.conf import settings

    django.setup()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # for speed
    # A run signs in more often than a person may, and some of it at one instant. (An empty mapping
    # would mean allauth's own limits.)
    settings.ACCOUNT_RATE_LIMITS = False


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    for home in _made:  # only where this process made it, never one that was there
        _cluster().destroy()
        shutil.rmtree(home, ignore_errors=True)


_made: list[Path] = []
_held: list[Cluster] = []


def _cluster() -> Cluster:
    if not _held:
        _held.append(Cluster(Path(os.environ[HOME]) / "postgres", durable=False))
    return _held[0]


# ---- The database -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def shared_cluster() -> Cluster:
    """The run's PostgreSQL, started."""
    cluster = _cluster()
    cluster.start()
    return cluster


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    shared_cluster: Cluster, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Point Django at the cluster before pytest-django makes the test database in it."""
    from django.db import connections

    from harbourlight.foundation.environment import database_from

    shared_cluster.ensure_database("harbourlight")
    there = database_from(shared_cluster.url("harbourlight"))
    for alias in connections:
        connections[alias].settings_dict.update(there)
    _let_tables_be_emptied(shared_cluster)


def _let_tables_be_emptied(cluster: Cluster) -> None:
    """Have Django empty the tables between tests, where triggers refuse that to everybody."""
    import psycopg
    from django.db.backends.postgresql.operations import DatabaseOperations

    from harbourlight.server.postgres import OWNER, SUPERUSER

    with psycopg.connect(cluster.url("postgres", SUPERUSER)) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(1)")  # several runs may come at once
        connection.execute(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}")
    emptying = DatabaseOperations.sql_flush

    def sql_flush(*args: Any, **named: Any) -> list[str]:
        statements = emptying(*args, **named)
        return statements and ["SET LOCAL session_replication_role = replica", *statements]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]  # in tests alone


# ---- People with accounts -----------------------------------------------------------------------

PASSWORD = "three small blue boats"


@pytest.fixture
def account(db: None) -> Callable[..., Any]:
    """Adds an account: `account("social_worker", username="sam")`. Its password is PASSWORD."""
    from django.utils import timezone

    from harbourlight.foundation.access import role_for
    from harbourlight.foundation.accounts import actions

    def add(role: str, username: str = "", **fields: Any) -> Any:
        name = username or role.replace("_", ".")
        if role_for(role).time_limited:
            fields.setdefault("ends_on", timezone.localdate() + timedelta(days=365))
        fields.setdefault("full_name", name.replace(".", " ").title())
        user, _ = actions.add_account(
            username=name, role=role, by=None, at=timezone.now(), password=PASSWORD, **fields
        )
        return user

    return add


# ---- A browser ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, from `$CHROMIUM`, the system or Playwright."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=15_000)

    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=named, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page with a session of its own: `open_page(javascript=False)`.

    A page on which a script failed, or that asked for what the content policy refuses, fails the
    test at its end.
    """
    contexts, complaints = [], []

    def open_one(*, javascript: bool = True) -> Any:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": 1280, "height": 900},
            java_script_enabled=javascript,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        context.set_default_timeout(30_000)  # a busy machine is no fault of a page
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text) if "Content Security Policy" in message.text else 0
            ),
        )
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    """A page at the width of a desk, with JavaScript."""
    return open_page()


@pytest.fixture
def sign_in() -> Callable[..., None]:
    """Signs a person in on a page: `sign_in(page, user)`."""
    from tests.browsing import press

    def go(page: Any, user: Any, password: str = PASSWORD) -> None:
        page.goto("/sign-in/")
        page.get_by_label("Username").fill(user.username)
        page.get_by_label("Password", exact=True).fill(password)
        press(page, "Sign in")

    return go


@pytest.fixture(scope="session")
def axe_finds() -> Callable[[Any], list[str]]:
    """What axe finds on the page as it stands, in words: `axe_finds(page)`."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()

    def forgiven(rule: str, element: dict[str, Any]) -> bool:
        # GOV.UK Frontend says on a radio whether what it reveals is open. ARIA does not list that
        # for radios; screen readers do read it, and its makers keep it on purpose.
        return rule == "aria-allowed-attr" and "aria-controls" in element["html"]

    def look(page: Any) -> list[str]:
        return [
            f"{found['help']}: {element['html']}"
            for found in axe.run(page).response["violations"]
            for element in found["nodes"]
            if not forgiven(found["id"], element)
        ]

    return look


@pytest.fixture(scope="session")
def check_access(axe_finds: Callable[[Any], list[str]]) -> Callable[..., None]:
    """Fails if axe finds anything on the page as it stands, or if it scrolls sideways.

    Axe looks on a desk's screen and in a hand, and the page must fit the narrowest too; it is left
    as wide as it was. `look` asks first whether it is the page that was meant.
    """

    def widen(page: Any, width: int) -> None:
        page.set_viewport_size({"width": width, "height": 900})
        shown, over = page.evaluate(
            "[innerWidth, document.documentElement.scrollWidth - innerWidth]"
        )
        assert shown == width
        assert over <= 0, f"{page.url} is {over} pixels too wide for {width}"

    def check(page: Any) -> None:
        was = page.viewport_size
        for width in (1280, 375, 320):
            widen(page, width)
            if width != 320:
                assert axe_finds(page) == [], f"{page.url} at {width} pixels"
        page.set_viewport_size(was)

    return check


@pytest.fixture
def look(
    check_access: Callable[[Any], None], request: pytest.FixtureRequest
) -> Callable[[Any, str | Pattern[str]], None]:
    """Looks at the page that a journey came to, by its heading: `look(page, "Accounts")`.

    Everyone must be able to use it (`check_access`). The sweep of every page (`tests/screens`)
    looks at what has an address; this is for what comes only by a journey. Pictures of each page,
    numbered as they were met, go to the folder that SCREENSHOTS names.
    """
    from playwright.sync_api import expect

    folder, met = os.environ.get("SCREENSHOTS"), itertools.count(1)

    def look(page: Any, heading: str | Pattern[str]) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        check_access(page)
        number, was = next(met), page.viewport_size
        for width in (1280, 375, 320) if folder else ():
            page.set_viewport_size({"width": width, "height": 900})
            name = f"{request.node.name}-{number:02}-{width}.png"
            page.screenshot(path=Path(folder or "") / name, full_page=True)
        page.set_viewport_size(was)

    return look

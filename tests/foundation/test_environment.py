"""What an installation's environment is read into."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from harbourlight.foundation.environment import database_from, kept_secret, switched_on


@pytest.mark.parametrize(
    ("url", "read"),
    [
        (
            "postgresql://sam:p%40ss@db.example:5433/harbourlight?sslmode=require",
            {
                "NAME": "harbourlight",
                "USER": "sam",
                "PASSWORD": "p@ss",
                "HOST": "db.example",
                "PORT": "5433",
                "OPTIONS": {"sslmode": "require"},
            },
        ),
        (
            "postgresql:///harbourlight?host=/run/a%20folder",
            {"NAME": "harbourlight", "HOST": "/run/a folder", "OPTIONS": {}},
        ),
        ("dbname=harbourlight user=sam", {"NAME": "harbourlight", "USER": "sam", "OPTIONS": {}}),
    ],
)
def test_a_database_is_named_as_postgresql_names_it(url, read) -> None:
    database = database_from(url)
    assert read.items() <= database.items()
    assert database["CONN_HEALTH_CHECKS"] is True


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (None, "DATABASE_URL is not set"),
        ("", "DATABASE_URL is not set"),
        ("mysql://sam:secret@db/harbourlight", "not a PostgreSQL connection"),
        ("postgresql://sam:secret@db/harbourlight?colour=blue", "not a PostgreSQL connection"),
        ("postgresql://sam:secret@db", "names no database"),
    ],
)
def test_what_names_no_database_is_refused_without_telling_its_password(url, reason) -> None:
    with pytest.raises(ImproperlyConfigured, match=reason) as refused:
        database_from(url)
    assert "secret" not in str(refused.value)


def test_a_secret_is_made_once_for_its_owner_alone_whoever_asks_first(tmp_path: Path) -> None:
    path = tmp_path / "home" / "secret_key"
    with ThreadPoolExecutor(16) as together:
        secrets = [*together.map(kept_secret, [path] * 64)]
    assert len({*secrets}) == 1
    assert len(secrets[0]) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [*path.parent.iterdir()] == [path]


@pytest.mark.parametrize(("value", "on"), [(None, False), ("", False), ("0", False), ("1", True)])
def test_a_switch_is_on_or_off(monkeypatch, value, on) -> None:
    monkeypatch.delenv("SWITCH", raising=False)
    if value is not None:
        monkeypatch.setenv("SWITCH", value)
    assert switched_on("SWITCH") is on


def test_a_switch_that_is_neither_is_refused(monkeypatch) -> None:
    monkeypatch.setenv("SWITCH", "yes")
    with pytest.raises(ImproperlyConfigured, match="SWITCH must be 1 or 0, and is 'yes'"):
        switched_on("SWITCH")


def test_the_run_keeps_its_files_away_from_an_installations_own() -> None:
    assert "hl-tests-" in str(settings.HOME)

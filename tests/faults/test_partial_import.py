"""A load that is killed leaves nothing, and done again leaves what it would have."""

import os
import random
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from harbourlight.server.postgres import Cluster
from harbourlight.simulate import simulate, write
from tests.faults.service import PROGRAM, PROJECT, copy_database, until

pytestmark = pytest.mark.django_db

TABLES = ("people_person", "front_door_contact", "episodes_episode", "live_ledger_entry")
LASTS = 0.8
"""Seconds in which a load of this size is done, more or less."""


def held(url: str) -> tuple[Any, ...]:
    """How many rows of each kind there are, and a digest of who is held."""
    with psycopg.connect(url, autocommit=True) as asking:
        counts = [asking.execute(f"SELECT count(*) FROM {table}").fetchone() for table in TABLES]
        who = asking.execute("SELECT md5(string_agg(id, ',' ORDER BY id)) FROM people_person")
        return (*counts, who.fetchone())


def test_a_load_killed_at_a_random_moment_is_whole_or_nothing_and_can_be_done_again(
    shared_cluster: Cluster, tmp_path: Path, long_form: bool, assured: Any
) -> None:
    trust = simulate(children=1_000, years=2, seed=7, until=date(2026, 3, 1))
    write(trust, tmp_path / "trust", "csv")
    kills, nothing = 20 if long_form else 1, 0
    url = shared_cluster.url("half_loaded")
    shared_cluster.ensure_database("half_loaded")
    copy_database(shared_cluster.url(connection.settings_dict["NAME"]), url)

    def load() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "load", str(tmp_path / "trust")],
            env=os.environ | {"DATABASE_URL": url},
            cwd=PROJECT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def others(which: str = "true") -> int:
        with psycopg.connect(url, autocommit=True) as asking:
            (count,) = asking.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = 'half_loaded'"
                f" AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND {which}"
            ).fetchone()
            return count

    def writing() -> bool:
        return others("(query LIKE 'COPY%' OR query LIKE 'INSERT%') AND state <> 'idle'") > 0

    empty, moment = held(url), random.Random()
    for _ in range(kills):
        loading = load()
        until(lambda: writing() or loading.poll() is not None, 120)  # noqa: B023  # at once
        time.sleep(moment.uniform(0, LASTS))
        loading.kill()
        loading.wait()
        # The database may be committing yet what the load sent before it was killed.
        until(lambda: not others())
        if held(url) != empty:
            break
        nothing += 1
    if held(url) == empty:
        done = load()
        said = done.communicate()[1]
        assert done.returncode == 0, said
    whole = held(url)
    assert all(count[0] > 0 for count in whole[:-1])
    assert whole[0][0] >= trust.tables["ssd_person"].num_rows
    assured("partial-import", f"{nothing} loads killed: nothing held; then loaded whole, once")

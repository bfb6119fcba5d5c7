"""A PostgreSQL of no durability for the run, in which a test makes what it likes."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from harbourlight.server.postgres import Cluster


@pytest.fixture(scope="session")
def scratch_database() -> Iterator[str]:
    # The server's account must be able to reach the folder, and pytest's own are closed to it.
    made = Path(tempfile.mkdtemp(prefix="hl-"))
    made.chmod(0o755)
    cluster = Cluster(made / "postgres", durable=False)
    with cluster:
        cluster.ensure_database("scratch")
        yield cluster.url("scratch")
    cluster.destroy()
    shutil.rmtree(made)

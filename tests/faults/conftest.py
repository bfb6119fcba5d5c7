"""One service for the whole of the faults: it takes longer to make than to break."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from harbourlight.server.postgres import Cluster
from tests.faults.service import Service

SAVERS = 4
VOLUME = "900m"
"""Room for the record, its log and what the tests write, and no more."""


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """A folder that the server's account can reach: a small volume of its own where we are root."""
    folder = Path(tempfile.mkdtemp(prefix="hl-faults-"))
    small = os.geteuid() == 0 and not subprocess.call(
        ["mount", "-t", "tmpfs", "-o", f"size={VOLUME}", "tmpfs", folder],
        stderr=subprocess.DEVNULL,
    )
    folder.chmod(0o755)
    yield folder
    if small:
        subprocess.check_call(["umount", "--lazy", folder])
        folder.rmdir()


@pytest.fixture(scope="session")
def service(home: Path, shared_cluster: Cluster, django_db_setup: None) -> Iterator[Service]:
    """`harbourlight serve`, on a durable cluster of its own, with people signed in."""
    tables = shared_cluster.url(connection.settings_dict["NAME"])
    service = Service(home, SAVERS, tables)
    try:
        service.start()
        yield service
    finally:
        service.stop()

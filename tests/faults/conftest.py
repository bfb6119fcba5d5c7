"""One service for the whole of the faults: it takes longer to make than to break."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from harbourlight.server.postgres import Cluster
from tests.faults.service import Service

SAVERS = 4


@pytest.fixture(scope="session")
def service(shared_cluster: Cluster, django_db_setup: None) -> Iterator[Service]:
    """`harbourlight serve`, on a durable cluster of its own, with people signed in."""
    home = Path(tempfile.mkdtemp(prefix="hl-faults-"))
    home.chmod(0o755)  # the server's account must be able to reach its folder
    tables = shared_cluster.url(connection.settings_dict["NAME"])
    service = Service(home, SAVERS, tables)
    try:
        service.start()
        yield service
    finally:
        service.stop()

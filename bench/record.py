"""A record to measure: a cluster of our own in a temporary folder, with a simulated trust."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from harbourlight.server.assets import prepare
from harbourlight.server.postgres import Cluster
from harbourlight.simulate import Trust, simulate

UNTIL = date(2026, 3, 31)
AT = datetime(2026, 3, 31, 12, tzinfo=UTC)


def made_trust(children: int, years: int) -> Trust:
    """The trust to measure with: the same each time."""
    return simulate(children=children, years=years, seed=1, until=UNTIL)


@contextmanager
def loaded_record(trust: Trust) -> Iterator[None]:
    """Django with a durable database that holds the trust, as the demonstration's is."""
    with tempfile.TemporaryDirectory(prefix="hl-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        prepare(Path("node_modules"), home / "assets")
        cluster = Cluster(home / "postgres")
        with cluster:
            cluster.ensure_database("bench")
            os.environ |= {
                "DATABASE_URL": cluster.url("bench"),
                "HARBOURLIGHT_HOME": str(home),
            }
            import django

            django.setup()
            from django.core.management import call_command
            from django.db import connections

            from harbourlight.record.loading import load_record

            call_command("migrate", verbosity=0, interactive=False)
            load_record(trust.tables, at=AT)
            yield
            connections.close_all()

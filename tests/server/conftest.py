"""Clusters to break. One is made by initdb for the whole run; every test has a copy of it."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harbourlight.server.postgres import Cluster


@pytest.fixture(scope="session", autouse=True)
def ordinary_mask() -> Iterator[None]:
    """Folders made by the tests can be entered by others, whatever the mask they are run with."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the server's account can reach; pytest's own are closed to all but us."""
    made = Path(tempfile.mkdtemp(prefix="hl-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="session")
def template(ordinary_mask: None) -> Iterator[Path]:
    """A cluster once started and stopped. It is never started again."""
    made = Path(tempfile.mkdtemp(prefix="hl-"))
    made.chmod(0o755)
    cluster = Cluster(made / "template", durable=False)
    with cluster:
        cluster.ensure_database("trust")
    yield cluster.directory
    cluster.destroy()
    made.rmdir()


@pytest.fixture
def place(template: Path, folder: Path) -> Callable[[Path], Path]:
    """Puts a copy of the template where a test wants it."""

    def copy(to: Path) -> Path:
        shutil.copytree(template, to)
        for root, folders, files in os.walk(to):
            for name in (*folders, *files):
                original = template / Path(root, name).relative_to(to)
                os.chown(Path(root, name), original.stat().st_uid, original.stat().st_gid)
        return to

    return copy


@pytest.fixture
def cluster(place: Callable[[Path], Path], folder: Path) -> Iterator[Cluster]:
    """A durable cluster that is not running, with a database called `trust`."""
    cluster = Cluster(place(folder / "postgres"))
    yield cluster
    cluster.destroy()

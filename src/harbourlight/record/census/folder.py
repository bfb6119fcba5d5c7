"""Where censuses lie as files, each under a name made at random: those built, and those given.

They are readable by their owner alone, are never served from there, and are not documents.
"""

import os
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings


def path_of(name: str) -> Path:
    """Where the file of a name lies. The folder is made if it is not there."""
    folder: Path = settings.CENSUSES
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / name


def new_name() -> str:
    """A name that nothing has and nobody can guess."""
    return f"{secrets.token_hex(16)}.xml"


def keep(chunks: Iterable[bytes]) -> str:
    """Keep what was given, whole and on the disk when this returns, and give its name."""
    name = new_name()
    path = path_of(name)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return name


def settle(name: str) -> None:
    """Put a file that was written here on the disk, for its owner alone to read."""
    path = path_of(name)
    path.chmod(0o600)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def forget(*names: str) -> None:
    """Remove files. One that is gone is no matter."""
    for name in filter(None, names):
        path_of(name).unlink(missing_ok=True)


def forget_unnamed(named: Collection[str], *, before: datetime) -> int:
    """Remove files that no row names and that are older than `before`; how many."""
    count = 0
    for path in path_of(".").glob("*"):
        if path.name not in named and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            count += 1
    return count

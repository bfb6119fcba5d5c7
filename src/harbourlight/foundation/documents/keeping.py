"""Where files lie: in a folder beside the database, each under the checksum of its content.

A file is whole and on the disk before any row can name it; a row is what makes it somebody's. So a
row without its file cannot come about, and a file that no row names is nobody's: `forget` removes
it. It must not know whose a file is.
"""

import hashlib
import os
import tempfile
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path


class Altered(RuntimeError):
    """A kept file is not what it was when it was given, or is gone."""


def _path(folder: Path, checksum: str) -> Path:
    return folder / checksum[:2] / checksum


def keep(content: bytes, *, folder: Path) -> str:
    """Keep a file and return its checksum (SHA-256, in hexadecimal). The same file is kept once.

    It appears whole or not at all, readable by its owner alone, and is on the disk when this
    returns.
    """
    checksum = hashlib.sha256(content).hexdigest()
    path = _path(folder, checksum)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as draft:
        try:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
            os.replace(draft.name, path)  # NamedTemporaryFile is 0600 from its birth
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
    entry = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(entry)  # or the name of a file that is on the disk might not be
    finally:
        os.close(entry)
    return checksum


def path_of(checksum: str, *, folder: Path) -> Path:
    """Where a kept file lies, for a scanner to look at."""
    return _path(folder, checksum)


def read(checksum: str, *, folder: Path) -> bytes:
    """A kept file. Raises `Altered` if it is not what was given, or is not there."""
    try:
        content = _path(folder, checksum).read_bytes()
    except FileNotFoundError as error:
        raise Altered("a document's file is not there") from error
    if hashlib.sha256(content).hexdigest() != checksum:
        raise Altered("a document's file is not what was given")
    return content


def kept(*, folder: Path) -> Iterator[Path]:
    """Every file in the folder, with drafts that were never finished."""
    yield from (path for path in folder.glob("*/*") if path.is_file())


def forget(named: Collection[str], *, folder: Path, before: datetime) -> int:
    """Remove files that nobody's row names and that are older than `before`; how many.

    A younger one may belong to somebody who is saving it at this moment.
    """
    count = 0
    for path in kept(folder=folder):
        if path.name not in named and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            count += 1
    return count

"""Files that take their names only when they are whole: whoever finds one finds all of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole(out: Path) -> Iterator[Path]:
    """Where to write what is to be `out`, beside it: it takes that name when the block ends.

    A block that fails, or removes what it wrote, leaves `out` as it was, and nothing beside it.
    """
    unfinished = out.with_name(f".{out.name}.unfinished")
    try:
        yield unfinished
        if unfinished.exists():
            unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)

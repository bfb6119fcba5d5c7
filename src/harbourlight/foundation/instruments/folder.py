"""An authority's own folder of changes: files that are read in as drafts, by whoever may change.

`HARBOURLIGHT_INSTRUMENTS` names it; `instruments` in the folder of the installation when it does
not. Nothing in it is in force by lying there: somebody reads it in, looks at it and puts it in
force, so that what people are asked never changes behind their backs.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


def folder() -> Path:
    """Where the authority keeps its files."""
    named = os.environ.get("HARBOURLIGHT_INSTRUMENTS")
    return Path(named) if named else settings.HOME / "instruments"


@dataclass(frozen=True)
class OwnFile:
    """A file of the folder, and what it says."""

    name: str
    text: str


def file_for(code: str) -> OwnFile | None:
    """The authority's file of changes to an instrument, `CODE.toml`; None if there is none.

    `code` must be one of ours: it names the file. What is not text in it reads as a mark that no
    file may have, and so is told by its line.
    """
    file = folder() / f"{code}.toml"
    try:
        return OwnFile(file.name, file.read_text(encoding="utf-8", errors="replace"))
    except (FileNotFoundError, NotADirectoryError):
        return None

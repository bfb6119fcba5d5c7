"""The instruments there are: every version of each, in files, and which is in force on a day.

Whoever knows what an instrument is about puts its folder here (`put_on_shelf`), once, when it is
ready. Each folder holds all versions there have been, and `locked.toml`: the digest of each. A file
that no longer says what it said when its version was published is refused when the service starts.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from harbourlight.foundation.instruments.comparison import changed_meanings
from harbourlight.foundation.instruments.file_format import BadFile, Fault, read_file
from harbourlight.foundation.instruments.instrument import Instrument

LOCK = "locked.toml"

_folders: list[Path] = []


class ChangedWithoutVersion(Exception):
    """An instrument says something else than when its version was published."""


def put_on_shelf(folder: Path) -> None:
    """Offer the instruments of a folder. Raises `BadFile` or `ChangedWithoutVersion`."""
    if folder not in _folders:
        check_lock(folder)
        _folders.append(folder)


@lru_cache
def instruments_in(folder: Path) -> tuple[Instrument, ...]:
    """Every instrument of a folder, by code and version. Raises `BadFile`.

    Two files of one code and version are refused, two versions in force on one day, and a name that
    comes to stand for another kind of answer.
    """
    found: dict[tuple[str, int], tuple[Instrument, str]] = {}
    for file in sorted(folder.glob("*.toml")):
        if file.name == LOCK:
            continue
        one = read_file(file)
        key = (one.code, one.version)
        if key in found:
            says = f"{one.code} version {one.version} is in {found[key][1]} already"
            raise BadFile(file.name, [Fault(1, says)])
        found[key] = (one, file.name)
    in_order = [found[key] for key in sorted(found)]
    for (before, _), (after, name) in pairwise(in_order):
        if before.code != after.code:
            continue
        if before.in_force_from >= after.in_force_from:
            says = f"version {after.version} must come into force after version {before.version}"
            raise BadFile(name, [Fault(1, says)])
        if before.in_force_to and before.in_force_to >= after.in_force_from:
            says = f"version {before.version} is still in force when this begins"
            raise BadFile(name, [Fault(1, says)])
        if wrong := changed_meanings(before, after):
            raise BadFile(name, [Fault(1, says) for says in wrong])
    return tuple(one for one, _ in in_order)


def all_versions() -> list[Instrument]:
    """Every version of every instrument, by code and version."""
    found = [one for folder in _folders for one in instruments_in(folder)]
    return sorted(found, key=lambda one: (one.code, one.version))


def as_it_came(code: str, on: date) -> Instrument | None:
    """The version of an instrument in force on a day, without local changes; None if none is."""
    versions = [one for one in all_versions() if one.code == code and one.is_in_force(on)]
    return versions[-1] if versions else None


def codes() -> list[str]:
    """The codes of the instruments there are."""
    return [*dict.fromkeys(one.code for one in all_versions())]


# ---- The lock -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Locked:
    code: str
    version: int
    digest: str


def _locked_in(folder: Path) -> dict[tuple[str, int], str]:
    lock = folder / LOCK
    if not lock.is_file():
        return {}
    tables: Mapping[str, Mapping[str, str]] = tomllib.loads(lock.read_text(encoding="utf-8"))
    return {
        (code, int(version)): digest
        for code, versions in tables.items()
        for version, digest in versions.items()
    }


def check_lock(folder: Path) -> None:
    """Raise `ChangedWithoutVersion` unless every file says what its version said when published.

    A version that is not locked yet is refused too: nobody could tell later what it said.
    """
    locked = _locked_in(folder)
    held = {(one.code, one.version): one.digest for one in instruments_in(folder)}
    for (code, version), digest in locked.items():
        if held.get((code, version)) not in (digest, None):
            raise ChangedWithoutVersion(
                f"{code} version {version} has changed since it was published. Put it back as it "
                f"was, and write what is new as version {version + 1} in a file of its own."
            )
        if (code, version) not in held:
            raise ChangedWithoutVersion(
                f"{code} version {version} was published and its file is gone. Put it back: "
                "answers may have been given to it."
            )
    for code, version in held:
        if (code, version) not in locked:
            raise ChangedWithoutVersion(
                f"{code} version {version} is not in {LOCK} yet. Run `harbourlight generate`."
            )


def lock_text(folder: Path) -> str:
    """The lock of a folder with versions that are new added to it.

    Raises `ChangedWithoutVersion` for one that is locked and says something else: the lock is never
    made to follow a file.
    """
    locked = _locked_in(folder)
    held = {(one.code, one.version): one.digest for one in instruments_in(folder)}
    for (code, version), digest in locked.items():
        if held.get((code, version)) != digest:
            raise ChangedWithoutVersion(
                f"{code} version {version} is locked and has changed or is gone: give what is new "
                f"version {version + 1}, in a file of its own"
            )
    lines = [
        "# What each published version says, as a digest. Written by `harbourlight generate`,",
        "# which adds to it and never changes it.",
    ]
    for code in dict.fromkeys(code for code, _ in sorted(held)):
        lines += ["", f"[{code}]"]
        lines += [
            f'{version} = "{digest}"'
            for (one, version), digest in sorted(held.items())
            if one == code
        ]
    return "\n".join(lines) + "\n"

"""The code sets of the national collections, and our own, with labels that change by year.

The codes and their meaning are those of the children in need census and the Standard Safeguarding
Dataset; labels are shortened. `level_of_need`, `decision_about` and `decision_outcome` are ours:
levels are set by local safeguarding partners and an authority may edit its own.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Code:
    """One code of one set, with the days between which it carries this label."""

    set: str
    code: str
    label: str
    valid_from: date | None
    valid_to: date | None

    def valid_on(self, day: date) -> bool:
        """Whether the code carried this label on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@cache
def _all() -> dict[str, tuple[Code, ...]]:
    sets: dict[str, list[Code]] = {}
    with Path(__file__).with_name("code_sets.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            sets.setdefault(row["set"], []).append(
                Code(row["set"], row["code"], row["label"], _day(row["from"]), _day(row["to"]))
            )
    return {name: tuple(codes) for name, codes in sets.items()}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def names() -> tuple[str, ...]:
    """Every set's name."""
    return tuple(_all())


def listed(name: str) -> tuple[Code, ...]:
    """Every code of a set in the set's own order, once for each label it has carried.

    Raises `KeyError` for a set that is not declared.
    """
    return _all()[name]


@cache
def codes(name: str) -> frozenset[str]:
    """Every code the set has ever held. Raises `KeyError` for a set that is not declared."""
    return frozenset(code.code for code in _all()[name])


def choices(name: str, on: date) -> tuple[tuple[str, str], ...]:
    """The codes that may be chosen on a day, with their labels, in the set's own order."""
    return tuple((code.code, code.label) for code in _all()[name] if code.valid_on(on))


def label(name: str, code: str, on: date | None = None) -> str:
    """What a code meant on a day (or means latest); the code itself if the set lacks it."""
    held = [entry for entry in _all()[name] if entry.code == code]
    for entry in held:
        if on is not None and entry.valid_on(on):
            return entry.label
    return held[-1].label if held else code

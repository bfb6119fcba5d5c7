"""A child's unique pupil number and the one before it, from the dataset's linked identifiers.

Nothing is corrected here: a number is told as it is held, and whoever takes the return says what is
wrong with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

_CURRENT, _FORMER = "unique pupil number", "former unique pupil number"
"""How the SSD names them, whatever the letters' case."""


@dataclass(frozen=True, slots=True)
class PupilNumbers:
    """The number a child had on a day, and the last they had before it. Empty where not held.

    `current_row` and `former_row` are the identifiers of the rows they are from.
    """

    current: str = ""
    former: str = ""
    current_row: str = ""
    former_row: str = ""


def pupil_numbers(linked: Iterable[Mapping[str, Any]], *, on: date) -> PupilNumbers:
    """The numbers of one child on a day, from their rows of `ssd_linked_identifiers`.

    A number that had ended by then is a former one. Of several, the last to begin.
    """
    found = {_CURRENT: ("", ""), _FORMER: ("", "")}
    for row in sorted(linked, key=_place):
        kind = (row["link_identifier_type"] or "").lower()
        begun, ended = row["link_valid_from_date"], row["link_valid_to_date"]
        if kind in found and (begun is None or begun <= on):
            if ended is not None and ended <= on:
                kind = _FORMER
            found[kind] = (row["link_identifier_value"] or "", row["link_table_id"])
    (current, current_row), (former, former_row) = found[_CURRENT], found[_FORMER]
    return PupilNumbers(current, former, current_row, former_row)


def _place(row: Mapping[str, Any]) -> tuple[date, int, str]:
    name = row["link_table_id"]
    return (row["link_valid_from_date"] or date.max, len(name), name)

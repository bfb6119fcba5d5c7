"""How many of each part of a census each of its children has, read from the file that was built."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from harbourlight.returns.cin.elements import TABLES
from harbourlight.returns.cin.reading import read
from harbourlight.returns.cin.tables import Tables, placed, rows_of

PARTS = {
    "episodes": "CINdetails",
    "assessments": "Assessments",
    "need_plans": "CINPlanDates",
    "enquiries": "Section47",
    "protection_plans": "ChildProtectionPlans",
}
"""What is counted, by the column of `CensusChild`, and the element it is."""


def counts_of_children(path: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """The LAchildID of each child, and how many of each of `PARTS` it has."""
    for piece in read(path):
        if piece.is_header:
            continue
        right = placed(piece.elements, "Children")
        tables = Tables(piece.elements, rows_of(piece.elements, right, TABLES))
        people = tables.rows["Child"]
        counted = {
            name: np.bincount(
                tables.rows[element].within["Child"], minlength=len(people.elements)
            ).tolist()
            for name, element in PARTS.items()
        }
        for row, cell in enumerate(people.cells["LAchildID"].tolist()):
            yield piece.elements.text_of(cell), {name: of[row] for name, of in counted.items()}

"""Making a trust and writing it to a folder."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from harbourlight.dataset.files import Format, write_folder
from harbourlight.dataset.whole import written_whole
from harbourlight.simulate.contacts import make_contacts
from harbourlight.simulate.days import period
from harbourlight.simulate.families import make_families
from harbourlight.simulate.journeys import make_journeys
from harbourlight.simulate.recorded import Recorded, Story
from harbourlight.simulate.tables import make_tables
from harbourlight.simulate.truth import make_truth
from harbourlight.simulate.workforce import make_workforce

FEWEST_CHILDREN = 100
"""Fewer would leave some tables empty and some teams with no one."""

Progress = Callable[[str, float], None]
"""Told the stage of a long work, in words, and how much of that stage is done, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Trust:
    """A simulated trust: the dataset's source tables, and the truth."""

    tables: dict[str, pa.Table]
    truth: dict[str, Any]
    """`failings`: each a `standard`, what it is `about`, what it `means` and its `subjects`;
    `unrecorded`: the same of what a `rule` of the census asks for and nobody wrote down;
    `changes`: what truly changed and when; and how the trust was made."""


def simulate(
    *,
    children: int,
    years: int,
    seed: int,
    until: date,
    progress: Progress | None = None,
) -> Trust:
    """A trust with `years` years of activity that end on `until`, the same for the same arguments.

    `children` is its size: the children it has known in the last two years, or near enough. Each
    makes one contact a year and 0.42 of a referral, so that 60,000 make the 60,000 contacts and
    25,000 referrals of a large authority.

    Raises `ValueError` for fewer than a hundred children or no years, and `OutsideCalendar` if the
    working-day calendar does not hold the years and the two before them.
    """
    if children < FEWEST_CHILDREN:
        raise ValueError(f"a trust has at least {FEWEST_CHILDREN} children, not {children}")
    tell = progress or _tell_no_one
    days = period(years, until)
    streams = np.random.default_rng(seed).spawn(5)
    tell("families", 0.0)
    families = make_families(streams[0], children, days)
    tell("contacts", 0.0)
    contacts = make_contacts(streams[1], families, children, days)
    histories = make_journeys(
        streams[2], families, contacts, days, lambda done: tell("journeys", done)
    )
    tell("workforce", 0.0)
    workforce = make_workforce(
        streams[3], histories.journeys, contacts.event, histories.decided_at, days
    )
    recorded = Recorded(Story(days, families, contacts, histories, workforce))
    tables = make_tables(recorded, streams[4], lambda done: tell("tables", done))
    return Trust(
        tables=tables,
        truth=make_truth(recorded, children=children, years=years, seed=seed),
    )


def _tell_no_one(stage: str, done: float) -> None:
    """For callers who watch nothing."""


def write(trust: Trust, folder: Path, format: Format, progress: Progress | None = None) -> None:
    """One file for each table, and `truth.json`, in `folder`, which is made if need be.

    Files of those names are replaced, each only once its successor is whole.
    """
    tell = progress or _tell_no_one
    for place, (name, table) in enumerate(trust.tables.items()):
        tell("writing", place / len(trust.tables))
        write_folder({name: table}, folder, format)
    with written_whole(folder / "truth.json") as unfinished:
        unfinished.write_text(json.dumps(trust.truth, indent=1) + "\n", encoding="utf-8")
    tell("writing", 1.0)

"""The families an authority may come to know: their children, when each is born and lives under 18.

Whether anyone ever contacts the authority about them is decided elsewhere; most never are known.
"""

from dataclasses import dataclass

import numpy as np

from harbourlight.simulate import names
from harbourlight.simulate.days import NEVER, Flags, Floats, Ints, Period, add_months

MOST_CHILDREN = 6
UNBORN_DAYS = 150
"""How long before the expected birth an authority may be told of a pregnancy."""

_FAMILIES_PER_CHILD = 4.2
"""Families in the area for each child known: enough that most who are referred are new."""
_SIZES = (0.27, 0.34, 0.22, 0.10, 0.05, 0.02)
_SPREAD = 0.35
"""Shape of the gamma spread of how often families are contacted about: small is more unequal."""
_ELDEST_YEARS = 26
"""How long ago the eldest of a family may have been born, so that the youngest still count."""
_DEATHS = 0.0015


@dataclass(frozen=True, slots=True)
class Families:
    """Families by row; their children in `MOST_CHILDREN` places each, `NEVER` where there is none.

    A child is named by one number: its family's row times `MOST_CHILDREN`, plus its place.
    """

    weight: Floats
    """How often a family is contacted about, beside the others."""
    community: Ints
    surname: Ints
    other_surname: Ints
    ethnicity: Ints
    earlier_plans: Ints
    """Protection plans each child had here before the simulation, if the child is old enough."""
    born: Ints  # by child
    expected: Ints  # by child: the birth day expected before birth
    until: Ints  # by child: the last day under 18 and alive
    died: Flags  # by child: whether that day is a death and not a birthday
    boy: Flags  # by child
    other_name: Flags  # by child: whether the child bears the family's other surname


def make_families(rng: np.random.Generator, children: int, period: Period) -> Families:
    """The families of an authority with `children` children known to it at a time."""
    count = round(children * _FAMILIES_PER_CHILD)
    community = names.draw_communities(rng, count)
    eldest = rng.integers(period.opens - _ELDEST_YEARS * 365, period.last + UNBORN_DAYS, count)
    gaps = 400 + rng.exponential(750, (count, MOST_CHILDREN - 1)).astype(np.int64)
    twins = rng.random(gaps.shape) < 0.012
    gaps[twins] = 0
    born = eldest[:, None] + np.concatenate(
        [np.zeros((count, 1), np.int64), np.cumsum(gaps, axis=1)], axis=1
    )
    size = 1 + rng.choice(MOST_CHILDREN, size=count, p=_SIZES)
    born[np.arange(MOST_CHILDREN) >= size[:, None]] = NEVER
    born = born.ravel()
    until = np.where(born < NEVER, add_months(np.minimum(born, NEVER), 18 * 12) - 1, -NEVER)
    dies = rng.integers(period.opens, period.last, len(born))
    died = (rng.random(len(born)) < _DEATHS) & (dies > born + 30) & (dies < until)
    earlier = (rng.random(count) < 0.2) * (1 + rng.geometric(0.75, count) - 1)
    return Families(
        weight=rng.gamma(_SPREAD, 1 / _SPREAD, count),
        community=community,
        surname=names.draw_surnames(rng, community),
        other_surname=names.draw_surnames(rng, community),
        ethnicity=names.draw_ethnicity(rng, community),
        earlier_plans=earlier.astype(np.int64),
        born=born,
        expected=born + np.clip(rng.normal(3, 9, len(born)), -21, 40).astype(np.int64),
        until=np.where(died, dies, until),
        died=died,
        boy=rng.random(len(born)) < 0.512,
        other_name=rng.random(len(born)) < 0.14,
    )

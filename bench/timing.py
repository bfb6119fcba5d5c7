"""Timing something beside its floor, turn about, in one run."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """How long something took, beside the least it could have taken; in seconds."""

    what: str
    median: float
    most: float
    floor: float
    note: str = ""

    @property
    def ratio(self) -> float:
        """The median as a multiple of the floor's."""
        return self.median / self.floor if self.floor else float("inf")


def beside(
    what: str,
    work: Callable[[], object],
    floor: Callable[[], object],
    *,
    turns: int,
    note: str = "",
) -> Figure:
    """Time `work` and `floor` turn about, after one turn of each that does not count."""
    took: tuple[list[float], list[float]] = ([], [])
    for turn in range(turns + 1):
        for each, run in zip(took, (work, floor), strict=True):
            began = time.perf_counter()
            run()
            if turn:
                each.append(time.perf_counter() - began)
    return figure_of(what, *took, note=note)


def figure_of(what: str, took: list[float], floors: list[float], *, note: str = "") -> Figure:
    """What the turns of something and of its floor, in seconds, come to."""
    times = sorted(took)
    return Figure(
        what,
        statistics.median(times),
        times[min(len(times) - 1, int(0.95 * len(times)))],
        statistics.median(floors),
        note,
    )

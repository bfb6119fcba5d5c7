"""kill -9 at any moment loses no save that was acknowledged, and keeps no half of one."""

import random
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.faults.service import Load, Service, kill, reckon

pytestmark = pytest.mark.django_db  # the service begins with a copy of the run's tables

BACK_IN = 10.0
"""Seconds after a kill in which somebody's save must be acknowledged again, as the long form asks.

The short form, which shares its machine with every other test, asks that it comes back at all.
"""
KILLED: dict[str, tuple[str, Callable[[Service], int]]] = {
    "kill-database": ("the database", Service.database),
    "kill-web": ("a web worker", Service.web_worker),
    "kill-worker": ("the background worker", Service.background_worker),
}


@pytest.mark.parametrize("promise", KILLED)
def test_a_kill_at_a_random_moment_loses_nothing_and_halves_nothing(
    service: Service, promise: str, long_form: bool, assured: Any
) -> None:
    what, found = KILLED[promise]
    kills, moment = 100 if long_form else 3, random.Random()
    waits = []
    with Load(service) as load:
        load.next_save(time.monotonic())
        for _ in range(kills):
            time.sleep(moment.uniform(0.05, 0.6))
            killed = kill(partial(found, service))
            waits.append(load.next_save(killed + 0.01))
    load.check()
    result = reckon(load)
    assert (result.lost, result.twice, result.partial) == (0, 0, 0)
    assert all(one.led for one in load.saved if one.sent), "every one sent was sent until it was in"
    assert not long_form or max(waits) <= BACK_IN
    assured(
        promise,
        f"{kills} kills of {what}: {result.acknowledged} saves acknowledged, 0 lost, 0 partial, "
        f"0 twice ({result.retried} sent again); back in {max(waits):.1f} s at most; "
        f"{result.faults} faults seen",
    )

"""Fifty people at work at once: the real server, asked over HTTP by people who stop to read.

Sessions are made beforehand. Each person asks for a page of theirs, reads it for a few seconds and
asks for another. What is timed is the whole request as the person's browser would see it.
"""

import http.client
import os
import random
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bench.timing import Figure, figure_of

if TYPE_CHECKING:
    from harbourlight.foundation.accounts.models import User

PEOPLE = 50
SECONDS = 60
READING = (2.0, 6.0)  # seconds a person looks at a page before asking for the next
ALONE = 60  # pages one person asks for, one after another, with nobody else there


def at_work(pages: Sequence[tuple[str, "User", str]]) -> Figure:
    """Any page, with everybody at work; the floor is one person alone at the same pages."""
    asked = [(_cookie(user), address) for _, user, address in pages]
    with _server() as port:
        alone = [_ask(port, *asked[turn % len(asked)]) for turn in range(ALONE)]
        took: list[float] = []
        until = time.monotonic() + SECONDS
        crowd = [
            threading.Thread(target=_work, args=(port, asked, random.Random(seed), until, took))
            for seed in range(PEOPLE)
        ]
        for person in crowd:
            person.start()
        for person in crowd:
            person.join()
    note = f"{len(took):,} pages asked for in {SECONDS} s; floor: one person alone"
    return figure_of(f"any page, {PEOPLE} people at work", took, alone, note=note)


def _work(
    port: int,
    asked: Sequence[tuple[str, str]],
    chance: random.Random,
    until: float,
    took: list[float],
) -> None:
    time.sleep(chance.uniform(0, READING[1]))
    while time.monotonic() < until:
        took.append(_ask(port, *chance.choice(asked)))
        time.sleep(chance.uniform(*READING))


def _ask(port: int, cookie: str, address: str) -> float:
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", address, headers={"Cookie": cookie})
    response = connection.getresponse()
    response.read()
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{address} answered {response.status}")
    return time.perf_counter() - began


def _cookie(user: "User") -> str:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


@contextmanager
def _server() -> Iterator[int]:
    """The web server as `harbourlight serve` runs it, on a free port, until the block ends."""
    from harbourlight.server.processes import web_command

    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    process = subprocess.Popen(web_command(port), env=dict(os.environ), stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)

"""The web server beside its database: killed, started again, stopped in order."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from harbourlight.server.postgres import Cluster

SUPERVISED = Path(__file__).with_name("supervised.py")


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not come to pass in time"
        time.sleep(0.02)


@dataclass
class Supervised:
    """A supervisor in a process of its own, with what it has said so far."""

    cluster: Cluster
    port: int = field(default_factory=free_port)
    lines: list[str] = field(default_factory=list)

    def start(self, *program: str) -> None:
        self.lines.clear()
        self.process = subprocess.Popen(
            [sys.executable, SUPERVISED, self.cluster.directory.parent, str(self.port), *program],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        threading.Thread(target=self._listen, args=[self.process], daemon=True).start()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout:
            self.lines.append(line.strip())

    def said(self, words: str) -> bool:
        return any(words in line for line in self.lines)

    def ask(self, path: str = "/") -> tuple[int, int] | None:
        """The answer and the web server's process number, or None while it has none to give."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as page:
                answer, number = page.read().split()
                return int(answer), int(number)
        except (OSError, urllib.error.URLError):
            return None

    def leftovers(self) -> list[psutil.Process]:
        """The processes of this trust that still run."""
        marks = (str(self.cluster.data_directory), self.cluster._name, f"127.0.0.1:{self.port}")
        return [
            process
            for process in psutil.process_iter(["cmdline", "status"])
            if any(mark in " ".join(process.info["cmdline"] or []) for mark in marks)
            and process.info["status"] != psutil.STATUS_ZOMBIE
        ]


@pytest.fixture
def supervised(cluster: Cluster) -> Iterator[Supervised]:
    supervised = Supervised(cluster)
    supervised.start()
    try:
        until(lambda: supervised.said("ready"))
        yield supervised
    finally:
        supervised.process.terminate()
        supervised.process.wait(60)


def test_whatever_dies_is_started_again_and_ctrl_c_leaves_nothing(supervised: Supervised) -> None:
    answer, web = supervised.ask()
    assert answer == 42

    # The web server's master alone: its workers must not keep the port from the next.
    os.kill(web, signal.SIGKILL)
    until(lambda: supervised.said("The web server has ended; starting it again in 0.5 s."))
    until(lambda: (supervised.ask() or (0, web))[1] != web)

    number_of_worker = supervised.cluster.directory.parent / "worker"
    until(lambda: number_of_worker.exists() and number_of_worker.read_text())
    worker = int(number_of_worker.read_text())
    os.kill(worker, signal.SIGKILL)
    until(lambda: supervised.said("The background worker has ended; starting it again in 0.5 s."))
    until(lambda: int(number_of_worker.read_text() or worker) != worker)

    number = (supervised.cluster.data_directory / "postmaster.pid").read_text().splitlines()[0]
    os.kill(int(number), signal.SIGKILL)
    until(lambda: supervised.said("The database answers again."))
    assert supervised.ask()[0] == 42
    assert supervised.lines.count("ready") == 1

    # A request in hand when Ctrl-C comes is answered: the database outlives the web server.
    answers = []
    request = threading.Thread(target=lambda: answers.append(supervised.ask("/slow")))
    request.start()
    until((supervised.cluster.directory.parent / "slow page begun").exists)
    supervised.process.send_signal(signal.SIGINT)
    assert supervised.process.wait(60) == 0
    request.join()
    assert answers[0][0] == 42
    assert supervised.leftovers() == []
    assert (supervised.cluster.directory.parent / "worker ended").exists()
    assert not psutil.pid_exists(int(number_of_worker.read_text()))
    log = supervised.cluster.log.read_text()
    assert log.endswith("database system is shut down\n")


def test_a_supervisor_killed_outright_frees_the_port_and_the_next_start_recovers(
    supervised: Supervised,
) -> None:
    _, web = supervised.ask()
    supervised.process.kill()
    supervised.process.wait()
    supervised.start()
    until(lambda: supervised.said("ready"))
    answer, after = supervised.ask()
    assert answer == 42
    assert after != web
    supervised.process.terminate()
    assert supervised.process.wait(60) == 0
    assert supervised.leftovers() == []


def test_a_port_held_by_another_program_is_one_clear_error(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harbourlight.server import processes

    monkeypatch.setattr(processes, "_PORT_PATIENCE_SECONDS", 0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(
            processes.PortTaken, match=rf"Port {port} .*process {os.getpid()}\).*another port"
        ):
            processes.supervise(
                cluster, ["never", "run"], env={}, url=f"http://127.0.0.1:{port}/",
                ready=lambda: None, report=lambda words: None,
            )  # fmt: skip
    assert not cluster.answers()


@pytest.mark.parametrize(
    ("program", "status"),
    [
        pytest.param([sys.executable, "-c", "raise SystemExit(3)"], 3, id="it fails"),
        pytest.param([sys.executable, "-c", ""], 1, id="it ends without a word"),
        pytest.param(["/nowhere/to/be/found"], 1, id="there is no such program"),
    ],
)
def test_a_web_server_that_never_answered_is_not_tried_again(
    cluster: Cluster, program: list[str], status: int
) -> None:
    supervised = Supervised(cluster)
    supervised.start(*program)
    assert supervised.process.wait(60) == status
    until(lambda: supervised.said("report: The web server could not start"))
    assert supervised.leftovers() == []

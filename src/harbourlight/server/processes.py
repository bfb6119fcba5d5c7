"""Keeps a web server running beside its database until somebody stops it.

The web server runs in a session of its own, so that Ctrl-C at the terminal reaches only us and we
stop things in order: the web server first, so that requests in hand are finished, then the
database. What dies is started again. It must not know what the web server serves.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FrameType
from urllib.parse import urlsplit

import psutil

from harbourlight.server.postgres import Cluster, ClusterError

_LOOK_SECONDS = 0.2
_DATABASE_LOOK_SECONDS = 1.0
_GRACE_SECONDS = 10.0  # for requests in hand when asked to stop
_PORT_PATIENCE_SECONDS = 5.0  # a web server whose supervisor was killed is still leaving
_LONGEST_DELAY_SECONDS = 30.0
_SETTLED_SECONDS = 60.0  # having run this long, a failure is a new one


class PortTaken(RuntimeError):
    """The address the web server is to listen on cannot be had."""


def require_free_port(url: str) -> None:
    """Wait a few seconds for the address in `url` to be free.

    Raises PortTaken if it is not: the message names the program that holds it where the system
    tells.
    """
    host, port = _address(url)
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    until = time.monotonic() + _PORT_PATIENCE_SECONDS
    while True:
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(address)
                return
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise PortTaken(f"Cannot listen on {host}:{port}: {error.strerror}.") from error
        if time.monotonic() > until:
            raise PortTaken(
                f"Port {port} on {host} is in use by another program{_holder(port)}. "
                "Stop that program, or choose another port."
            )
        time.sleep(_LOOK_SECONDS)


def web_command(port: int) -> list[str]:
    """The command that serves the application on this machine: two processes of four threads.

    It is loaded once, before they part (`--preload`): when one is killed the next answers at once.
    Loading it anew kept everybody waiting 16 s, where both were killed on a busy machine.
    """
    command = [sys.executable, "-m", "gunicorn", "harbourlight.wsgi:application"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4"]
    return [*command, "--preload", "--log-level", "warning", "--graceful-timeout", "8"]


def supervise(
    cluster: Cluster | None,
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    url: str,
    ready: Callable[[], None],
    report: Callable[[str], None],
    worker: Sequence[str] | None = None,
) -> int:
    """Run the web server `command` beside `cluster` until SIGINT, SIGTERM or SIGHUP.

    `cluster` may be started already; None when the database is somebody else's to run. `url` is an
    address the web server will answer, used to tell when it does; `ready` is called once, when it
    first does. `report` is given a sentence whenever something is wrong or well again.

    `worker`, if there is one, does background work: it is begun when the web server first answers,
    and is begun again whenever it ends.

    On a signal the web server is stopped, then the worker, then the cluster if it is ours, and 0 is
    returned. A second signal does not wait for requests in hand. A web server that ends before it
    ever answered is not started again: everything is stopped and its exit status is returned. One
    that ends later is started again, after a delay that grows with each failure; so is the
    database.

    Must be called from the main thread. Raises PortTaken or ClusterError, leaving nothing running.
    """
    with _signals() as signals:
        try:
            require_free_port(url)
            if cluster is not None:
                cluster.start(cancelled=lambda: bool(signals))
            web = _WebServer(command, env, url)
            beside = _Beside(_Program(worker, env) if worker else None, report)
            return _watch(cluster, web, beside, signals, ready, report)
        finally:
            if cluster is not None:
                cluster.stop()


def _watch(
    cluster: Cluster | None,
    web: _WebServer,
    worker: _Beside,
    signals: list[int],
    ready: Callable[[], None],
    report: Callable[[str], None],
) -> int:
    announced = False
    delays = _Delays()
    database = _DatabaseWatch(cluster, report)
    try:
        web.start()
        while not signals:
            if web.status is None:
                if web.answered.is_set() and not announced:
                    announced = True
                    worker.start()
                    ready()
                if web.age > _SETTLED_SECONDS:
                    delays.reset()
                database.look(signals)
                worker.look()
                _pause(_LOOK_SECONDS, signals)
            elif not announced:
                report("The web server could not start; what it said is above.")
                return max(web.status, 1)  # a status below 0 is the signal that ended it
            else:
                delay = delays.next()
                report(f"The web server has ended; starting it again in {delay:g} s.")
                web.end(grace=0)
                _pause(delay, signals)
                if not signals:
                    web.start()
        return 0
    finally:
        worker.ask_to_end()
        web.end(grace=_GRACE_SECONDS, hurry=lambda: len(signals) > 1)
        worker.end(hurry=lambda: len(signals) > 1)


class _Program:
    """A program and the processes it makes: one session, one process group."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self._tether = [sys.executable, "-m", "harbourlight.server.tether"]
        self._command = list(command)
        self._env = dict(env)
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0

    @property
    def status(self) -> int | None:
        """The exit status, or None while it runs."""
        return self._process.poll() if self._process else None

    @property
    def age(self) -> float:
        return time.monotonic() - self._started

    def start(self) -> None:
        self._process = subprocess.Popen(
            [*self._tether, str(os.getpid()), *self._command],
            env=self._env,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._started = time.monotonic()

    def ask_to_end(self) -> None:
        """Ask the whole group to end, and do not wait."""
        if self._process is not None:
            _signal_group(self._process.pid, signal.SIGTERM)

    def end(self, *, grace: float, hurry: Callable[[], bool] = lambda: False) -> None:
        """End the whole group: asked first, then, when the grace is over, without asking."""
        if self._process is None:
            return
        until = time.monotonic() + grace
        self.ask_to_end()
        while self.status is None and time.monotonic() < until and not hurry():
            time.sleep(0.05)
        # Workers whose master was killed would hold the port until they noticed.
        _signal_group(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None


class _WebServer(_Program):
    """The web server, which says that it is ready by answering."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], url: str) -> None:
        super().__init__(command, env)
        self._url = url
        self.answered = threading.Event()

    def start(self) -> None:
        super().start()
        if not self.answered.is_set():
            # In a thread, because a first page may take seconds and Ctrl-C must not wait for it.
            threading.Thread(target=self._await_answer, args=[self._process], daemon=True).start()

    def _await_answer(self, process: subprocess.Popen[bytes]) -> None:
        host, port = _address(self._url)
        while process.returncode is None:
            try:
                connection = http.client.HTTPConnection(host, port, timeout=30)
                connection.request("GET", urlsplit(self._url).path or "/")
                connection.getresponse().read()
                self.answered.set()
                return
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
            finally:
                connection.close()


class _Beside:
    """A program that runs beside the web server, if there is one, and is kept running."""

    def __init__(self, program: _Program | None, report: Callable[[str], None]) -> None:
        self._program = program
        self._report = report
        self._delays = _Delays()
        self._again_at: float | None = None

    def start(self) -> None:
        if self._program is not None:
            self._again_at = None
            self._program.start()

    def look(self) -> None:
        """Start it again if it has ended, after a delay that grows with each failure."""
        if self._program is None:
            return
        if self._again_at is not None:
            if time.monotonic() >= self._again_at:
                self.start()
        elif self._program.status is not None:
            delay = self._delays.next()
            self._report(f"The background worker has ended; starting it again in {delay:g} s.")
            self._program.end(grace=0)
            self._again_at = time.monotonic() + delay
        elif self._program.age > _SETTLED_SECONDS:
            self._delays.reset()

    def ask_to_end(self) -> None:
        if self._program is not None:
            self._program.ask_to_end()

    def end(self, hurry: Callable[[], bool]) -> None:
        if self._program is not None:
            self._program.end(grace=_GRACE_SECONDS, hurry=hurry)


class _DatabaseWatch:
    """Looks at the database now and then, and has it recovered when it does not answer."""

    def __init__(self, cluster: Cluster | None, report: Callable[[str], None]) -> None:
        self._cluster = cluster
        self._report = report
        self._delays = _Delays()
        self._next = 0.0

    def look(self, signals: list[int]) -> None:
        if self._cluster is None or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _DATABASE_LOOK_SECONDS
        if self._cluster.answers():
            return
        self._report("The database does not answer; recovering it.")
        try:
            self._cluster.start(cancelled=lambda: bool(signals))
        except ClusterError as error:
            delay = self._delays.next()
            self._next = time.monotonic() + delay
            self._report(f"{error}\nTrying again in {delay:g} s.")
        else:
            self._delays.reset()
            if not signals:
                self._report("The database answers again.")


class _Delays:
    """Half a second, then twice as long each time, up to a limit."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._delay = 0.5

    def next(self) -> float:
        delay = self._delay
        self._delay = min(2 * delay, _LONGEST_DELAY_SECONDS)
        return delay


@contextlib.contextmanager
def _signals() -> Iterator[list[int]]:
    """The signals received, oldest first. While this lasts none of them does anything else."""
    received: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)

    watched = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, note) for number in watched}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _pause(seconds: float, signals: list[int]) -> None:
    until = time.monotonic() + seconds
    while not signals and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, _LOOK_SECONDS))


def _signal_group(group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or 80


def _holder(port: int) -> str:
    """The program that listens on a port, as far as the system tells us."""
    try:
        for connection in psutil.net_connections("tcp"):
            ours = connection.laddr and connection.laddr.port == port
            if ours and connection.status == psutil.CONN_LISTEN and connection.pid:
                return f" ({psutil.Process(connection.pid).name()}, process {connection.pid})"
    except psutil.Error:
        pass
    return ""

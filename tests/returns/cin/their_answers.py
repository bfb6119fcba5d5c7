"""What the sector's open validator answers to each generated file, as it was recorded.

`python -m tests.returns.cin.their_answers --python ENVIRONMENT/bin/python` asks it again, where
ENVIRONMENT is a virtual environment of its own with `csc-validator-be-cin` and never the project's.
Only the files that are new or have changed are asked about, half a second each: a recording that
was broken off goes on where it ended. `--all` asks about every file, as for another version.
"""

import hashlib
import json
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue

import click

from bench.cin import VALIDATOR, VERSION
from tests.returns.cin.generated import LAST_YEAR, Generated, generated

PROCESS = Path(__file__).with_name("their_process.py")
RECORD = Path(__file__).with_name("their_answers.txt")
HEAD = f"""\
# What {VALIDATOR} {VERSION} finds in each file of generated.py, recorded by
# their_answers.py: the file's name, its checksum, and for each child the rules found broken.
# "return" is of no child, "failed" are rules that stopped with an error, and "stopped" is the
# error with which the validator itself did.
"""
_SEPARATOR = " | "


@dataclass(frozen=True)
class Answer:
    """What it found, as (rule, LAchildID or None), and what failed."""

    found: frozenset[tuple[str, str | None]]
    failed: frozenset[str] = frozenset()
    stopped: str = ""


def checksum(file: Generated) -> str:
    """By which a file that is made otherwise than it was is known."""
    return hashlib.sha256(f"{file.year} {file.xml}".encode()).hexdigest()[:10]


def recorded() -> dict[str, tuple[str, Answer]]:
    """The checksum and the answer of each file, by its name."""
    if not RECORD.exists():
        return {}
    lines = RECORD.read_text(encoding="utf-8").splitlines()
    return dict(_read(line) for line in lines if not line.startswith("#"))


def _read(line: str) -> tuple[str, tuple[str, Answer]]:
    name, said, *parts = line.split(_SEPARATOR)
    found: set[tuple[str, str | None]] = set()
    failed: set[str] = set()
    stopped = ""
    for part in parts:
        of, _, rest = part.rpartition(": ")
        if of == "failed":
            failed = set(rest.split())
        elif of == "stopped":
            stopped = rest
        else:
            child = None if of == "return" else of.removeprefix("child ")
            found |= {(rule, child) for rule in rest.split()}
    return name, (said, Answer(frozenset(found), frozenset(failed), stopped))


def _written(name: str, said: str, answer: Answer) -> str:
    parts = []
    for child in sorted({child for _, child in answer.found}, key=lambda child: child or ""):
        rules = " ".join(sorted(rule for rule, of in answer.found if of == child))
        parts.append(f"{'return' if child is None else f'child {child}'}: {rules}")
    if answer.failed:
        parts.append(f"failed: {' '.join(sorted(answer.failed))}")
    if answer.stopped:
        parts.append(f"stopped: {answer.stopped}")
    return _SEPARATOR.join((name, said, *parts))


def _ask(python: str, files: "Queue[Generated]") -> Iterator[tuple[str, Answer]]:
    """Each file's answer, from one process for as long as there are files."""
    with subprocess.Popen(
        ["nice", "-n", "15", python, str(PROCESS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        while (file := _next(files)) is not None:
            asked = {"name": file.name, "year": file.year, "xml": file.xml}
            process.stdin.write(json.dumps(asked) + "\n")
            process.stdin.flush()
            given = json.loads(process.stdout.readline())
            assert given["name"] == file.name
            found = frozenset((rule, child) for rule, child in given["found"])
            yield file.name, Answer(found, frozenset(given["failed"]), given["stopped"])
        process.stdin.close()


def _next(files: "Queue[Generated]") -> Generated | None:
    try:
        return files.get_nowait()
    except Empty:
        return None


@click.command()
@click.option("--python", required=True, help="The Python of its virtual environment.")
@click.option("--processes", default=1, show_default=True)
@click.option("--all", "every", is_flag=True, help="Ask about files that have been answered too.")
def main(python: str, processes: int, every: bool) -> None:
    """Record its answers."""
    known = {} if every else recorded()
    files = generated()
    sums = {file.name: checksum(file) for file in files}
    answers = {name: answer for name, (said, answer) in known.items() if sums.get(name) == said}
    waiting: Queue[Generated] = Queue()
    for file in sorted(files, key=lambda one: one.year != LAST_YEAR):
        if file.name not in answers:
            waiting.put(file)
    asked, lock = waiting.qsize(), threading.Lock()

    def write() -> None:
        lines = [_written(name, sums[name], answers[name]) for name in sums if name in answers]
        RECORD.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")

    def work() -> None:
        for name, answer in _ask(python, waiting):
            with lock:
                answers[name] = answer
                if len(answers) % 25 == 0:
                    write()

    workers = [threading.Thread(target=work) for _ in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    write()
    click.echo(f"{asked:,} of {len(files):,} files asked about; all are in {RECORD.name}")


if __name__ == "__main__":
    main()

"""The census checker beside the sector's open validator, each a whole process on the same file.

`python -m bench cin` makes a trust's census of 10,000 children and one of England's size, has ours
check both and `csc-validator-be-cin` the smaller, and prints how many times as fast ours is. Where
`--validator` names no Python that has the validator, an environment of its own is made for it in
`var/bench/`, by pip and with the version below: it is never installed beside this project. Where
that cannot be done, ours is measured alone, and the table says so.

A process's time and memory are the system's own account of it when it ends. What makes the files
runs in processes of its own too: a child is charged with its parent's memory as it begins.
"""

import json
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.table import Table

VALIDATOR, VERSION = "csc-validator-be-cin", "0.1.13"
CHILDREN = 10_000
ENGLAND = 800_000
TURNS = 5
"""Runs of ours, after one that does not count; one of the validator's is between them."""
YEAR = 2026
KEPT = Path("var/bench")
KEPT_FIGURES = KEPT / "cin.json"
PAGE = Path("docs/returns.md")
HARBOURLIGHT = Path(sys.executable).with_name("harbourlight")

_LACKS_SOMETHING = 0.02
"""The share of children who lack an element that they had: there is something to find."""
_SIMULATED_FOR_EACH = 2
"""Children simulated for each in the census: half are known for a contact that came to nothing."""
_CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


@dataclass(frozen=True)
class Spent:
    """What a process took: seconds from start to end, seconds of processor, and megabytes at its
    peak."""

    wall: float
    processor: float
    memory: float


@dataclass(frozen=True)
class Row:
    """One line of the table: ours, the validator's where it was measured, and what is promised."""

    what: str
    ours: str
    validators: str
    compared: str
    promised: str


def measure(validator: str | None) -> None:
    """Make the files, have them checked, print the table and keep it. `validator` is a Python."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT, prefix="cin-") as folder:
        trust, england = Path(folder, "trust.xml"), Path(folder, "england.xml")
        _in_a_process(make_census, trust, CHILDREN)
        _in_a_process(multiply_census, trust, england, ENGLAND)
        python = validator or _own_environment()
        loads = [os.getloadavg()[0]]
        ours, theirs = _turns(trust, python)
        whole = _spent([str(HARBOURLIGHT), "cin", "validate", str(england)], also=1)
        loads.append(os.getloadavg()[0])
        sizes = [f"{path.stat().st_size / 1e6:,.0f} MB" for path in (trust, england)]
    rows = list(_rows(ours, theirs, whole))
    kept = {
        "title": f"A trust's census of {CHILDREN:,} children ({sizes[0]}), and England's of "
        f"{ENGLAND:,} ({sizes[1]})",
        "on": datetime.now(UTC).date().isoformat(),
        "load": f"{loads[0]:.1f} as it began and {loads[1]:.1f} as it ended",
        "rows": [asdict(row) for row in rows],
    }
    KEPT_FIGURES.write_text(json.dumps(kept), encoding="utf-8")
    table = Table(title=kept["title"], title_justify="left")
    for heading in _HEADINGS:
        table.add_column(heading)
    for row in rows:
        table.add_row(*asdict(row).values())
    Console(width=130).print(table, f"{os.cpu_count()} processors; load {kept['load']}.")


_HEADINGS = ("What", "Harbourlight", f"{VALIDATOR} {VERSION}", "Ratio", "Promised")


def _rows(ours: list[Spent], theirs: Spent | None, whole: Spent) -> Iterator[Row]:
    wall, processor, memory = (
        statistics.median(getattr(one, name) for one in ours)
        for name in ("wall", "processor", "memory")
    )
    range_of = f"{min(one.wall for one in ours):.2f} to {max(one.wall for one in ours):.2f} s"

    def beside(figure: float, mine: float, unit: str) -> tuple[str, str]:
        return f"{figure:,.1f} {unit}", f"{figure / mine:,.0f} times"

    absent = ("not installed", "not measured")
    yield Row(
        f"{CHILDREN:,} children, from start to end",
        f"{wall:.2f} s ({range_of})",
        *(beside(theirs.wall, wall, "s") if theirs else absent),
        "at least 100 times as fast",
    )
    yield Row(
        "the same, seconds of processor",
        f"{processor:.2f} s",
        *(beside(theirs.processor, processor, "s") if theirs else absent),
        "",
    )
    yield Row(
        "the same, memory at its peak",
        f"{memory:,.0f} MB",
        *(
            (f"{theirs.memory:,.0f} MB", f"{memory / theirs.memory:.2f} of it")
            if theirs
            else absent
        ),
        "no more",
    )
    yield Row(
        f"{ENGLAND:,} children, from start to end",
        f"{whole.wall:,.0f} s ({whole.processor:,.0f} s of processor)",
        "",
        "",
        "under 180 s on two cores",
    )
    yield Row("the same, memory at its peak", f"{whole.memory:,.0f} MB", "", "", "under 4,000 MB")


def _turns(census: Path, python: str | None) -> tuple[list[Spent], Spent | None]:
    """Ours several times, and the validator once between them."""
    ours, theirs = [], None
    for turn in range(TURNS + 1):
        spent = _spent([str(HARBOURLIGHT), "cin", "validate", str(census)], also=1)
        if turn:
            ours.append(spent)
        if python and turn == TURNS // 2:
            rules = f"cin{YEAR - 1}_{YEAR % 100}"
            theirs = _spent([python, "-m", "cin_validator", "run", str(census), "-r", rules])
    return ours, theirs


def _spent(command: list[str], *, also: int = 0) -> Spent:
    """What a command took. Exits with what it said where it did not end with 0, or `also`."""
    with tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, also):
            errors.seek(0)
            raise SystemExit(f"{' '.join(command)}: {errors.read().decode(errors='replace')}")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if usage.ru_maxrss <= own:
        raise SystemExit("The memory of a process cannot be told from that of what started it.")
    return Spent(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _own_environment() -> str | None:
    """The Python of an environment with the validator, made where there is none yet."""
    folder = KEPT / f"{VALIDATOR}-{VERSION}"
    python = folder.absolute() / "bin" / "python"
    is_there = [str(python), "-c", "import cin_validator.__main__"]
    if python.exists() and subprocess.run(is_there, stderr=subprocess.DEVNULL).returncode == 0:
        return str(python)
    venv.create(folder, with_pip=True, clear=True)
    # Its pandas is of before numpy 2, and its command imports pytest: it declares neither.
    wanted = [f"{VALIDATOR}=={VERSION}", "numpy<2", "pytest"]
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]
    if all(subprocess.run(each, check=False).returncode == 0 for each in (pip, is_there)):
        return str(python)
    Console(stderr=True).print(
        f"{VALIDATOR} {VERSION} could not be installed in {folder}: ours is measured alone. Give "
        "--validator the Python of an environment that has it to measure both."
    )
    return None


# ---- The files ---------------------------------------------------------------------------


def _in_a_process(work: Callable[..., None], *given: Path | int) -> None:
    """Do something in a process of its own. Exits where it failed."""
    process = get_context("spawn").Process(target=work, args=given)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{work.__name__} failed: see above.")


def make_census(out: Path, children: int) -> None:
    """A simulated trust's census of so many children, some of whom lack something."""
    with tempfile.TemporaryDirectory(dir=KEPT, prefix="cin-") as folder:
        simulated, built = Path(folder, "trust"), Path(folder, "census.xml")
        size = ["--children", str(children * _SIMULATED_FOR_EACH), "--years", "3"]
        until = ["--until", f"{YEAR}-03-31", "--seed", "4", "--out", str(simulated)]
        _run("simulate", *size, *until)
        year = ["--year", str(YEAR), "--authority", "201"]
        _run("cin", "build", *year, "--from", str(simulated), "--out", str(built))
        head, found, tail = _split(built)
    if len(found) < children:
        raise SystemExit(f"The trust's census has {len(found):,} children of {children:,}.")
    chance = random.Random(YEAR)
    chosen = (
        _lacking(child, chance) if chance.random() < _LACKS_SOMETHING else child
        for child in found[:children]
    )
    out.write_text(head + "".join(chosen) + tail, encoding="utf-8")


def multiply_census(of: Path, out: Path, children: int) -> None:
    """The children of a census again and again, each with an identifier and a UPN of their own."""
    head, found, tail = _split(of)
    with out.open("w", encoding="utf-8") as file:
        file.write(head)
        for number in range(children):
            child = re.sub(
                r"(<LAchildID>)[^<]*", rf"\g<1>E{number:09}", found[number % len(found)], count=1
            )
            file.write(re.sub(r"(<UPN>)[^<]*", rf"\g<1>{_upn(number)}", child, count=1))
        file.write(tail)


def _run(*words: str) -> None:
    subprocess.run([str(HARBOURLIGHT), *words], check=True, stdout=subprocess.DEVNULL)


def _split(census: Path) -> tuple[str, list[str], str]:
    """What comes before the children, each child, and what comes after."""
    text = census.read_text(encoding="utf-8")
    head, opening, rest = text.partition("<Children>\n")
    children, closing, tail = rest.rpartition("</Children>")
    found = [f"{child}</Child>\n" for child in children.split("</Child>\n") if child.strip()]
    return head + opening, found, closing + tail


def _lacking(child: str, chance: random.Random) -> str:
    lines = child.splitlines(keepends=True)
    # Not the identifier: without one of them the validator stops, and checks no child at all.
    leaves = [
        at for at, line in enumerate(lines) if line.count("<") == 2 and "LAchildID" not in line
    ]
    del lines[chance.choice(leaves)]
    return "".join(lines)


def _upn(number: int) -> str:
    digits = f"201{number:09}"
    total = sum(int(digit) * place for place, digit in enumerate(digits, start=2))
    return _CHECK_LETTERS[total % 23] + digits


# ---- The page ----------------------------------------------------------------------------


def write_page() -> None:
    """Write `docs/returns.md` from the last measurement, the rules, and what the tests measured."""
    PAGE.write_text("\n".join(_page()) + "\n", encoding="utf-8")


def _page() -> Iterator[str]:
    from harbourlight.returns.cin.rules import BY_CODE, rules_of
    from tests.assurance import KEPT as KEPT_BY_TESTS
    from tests.assurance import PROMISES
    from tests.returns.cin.making import situations

    yield "# Returns: what was measured"
    yield ""
    yield (
        "Written by `python -m bench cin --page`, which makes the files, runs both programs as "
        "whole processes on the same file, and prints the first table."
    )
    if KEPT_FIGURES.exists():
        kept = json.loads(KEPT_FIGURES.read_text(encoding="utf-8"))
        yield ""
        yield "## Checking a children in need census"
        yield ""
        yield (
            f"{kept['title']}. Measured on {kept['on']} on a shared two-core machine, whose load "
            f"was {kept['load']}. Of {TURNS} runs of ours the median, with the validator's one "
            "between them; it is given the rules of the same year. England's children are the "
            "trust's, again and again under other identifiers; its file is made for the run."
        )
        yield ""
        yield f"| {' | '.join(_HEADINGS)} |"
        yield f"|{'---|' * len(_HEADINGS)}"
        for row in kept["rows"]:
            yield f"| {' | '.join(row.values())} |"
    yield ""
    yield "## What the tests hold"
    yield ""
    yield "| What | Measured |"
    yield "|---|---|"
    rules = rules_of(YEAR)
    queries = sum(applied.code.endswith("Q") for applied in rules)
    provisional = sum(applied.rule.is_provisional for applied in rules_of(YEAR + 1))
    yield (
        f"| Rules of the census of {YEAR - 1}/{YEAR % 100} | {len(rules)}: {len(rules) - queries} "
        f"errors and {queries} queries; {provisional} more, provisional, the year after |"
    )
    yield (
        f"| Situations that say what each rule finds | {sum(1 for _ in situations()):,} of "
        f"{len(BY_CODE)} rules |"
    )
    figures = json.loads(KEPT_BY_TESTS.read_text()) if KEPT_BY_TESTS.exists() else {}
    for name, promise in PROMISES.items():
        if promise.section == "Statutory returns":
            figure, _, day = figures.get(name, ("not measured: run `make assurance`", "", ""))
            yield f"| {promise.says} | {figure}{f' ({day})' if day else ''} |"

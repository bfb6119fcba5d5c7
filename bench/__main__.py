"""`python -m bench [ledger] [pages] …`: run the benchmarks named, or all, and print a table each.

Each is a module here with `measure(children, years) -> list[Figure]`. With `--page`, the tables are
written to `docs/speed.md` as well; what was not measured this time stays there as it was. `cin` is
measured beside another program, and has a table and a page of its own: `docs/returns.md`.
"""

import importlib
import json
import os
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bench import cin
from bench.timing import Figure

NAMES = ("ledger", "pages", "actions", "search", "cin")
KEPT = Path("var/bench")
PAGE = Path("docs/speed.md")
HEADINGS = ("What", "Median", "95 % under", "Floor", "Times the floor", "Note")


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES))
@click.option("--children", default=6_000, show_default=True, help="Known in about two years.")
@click.option("--years", default=5, show_default=True)
@click.option("--people", default=1_000_000, show_default=True, help="To search among.")
@click.option("--validator", help="For cin: a Python that has csc-validator-be-cin installed.")
@click.option("--page", is_flag=True, help=f"Write {PAGE} and {cin.PAGE}.")
def main(
    names: tuple[str, ...],
    children: int,
    years: int,
    people: int,
    validator: str | None,
    page: bool,
) -> None:
    """Measure and print. Each in a process of its own: Django is set up for one database."""
    if len(names) != 1:
        size = ["--children", str(children), "--years", str(years), "--people", str(people)]
        if validator:
            size += ["--validator", validator]
        for name in names or NAMES:
            subprocess.run([sys.executable, "-m", "bench", name, *size], check=True)
    elif names == ("cin",):
        cin.measure(validator)
    else:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harbourlight.settings")
        module = importlib.import_module(f"bench.{names[0]}")
        if names[0] == "search":
            title = f"search: {people:,} {module.DESCRIPTION}"
            figures = module.measure(people)
        else:
            title = f"{names[0]}: {children:,} children, {years} years"
            figures = module.measure(children, years)
        Console(width=110).print(_table(title, figures))
        _keep(names[0], title, figures)
    if page and names != ("cin",):
        PAGE.write_text("\n".join(_lines()) + "\n", encoding="utf-8")
    if page and "cin" in (names or NAMES):
        cin.write_page()


def _row(one: Figure) -> tuple[str, ...]:
    times = (f"{seconds * 1000:,.1f} ms" for seconds in (one.median, one.most, one.floor))
    return (one.what, *times, f"{one.ratio:,.1f}", one.note)


def _table(title: str, figures: list[Figure]) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading in ("What", "Note") else "right")
    for one in figures:
        table.add_row(*_row(one))
    return table


def _keep(name: str, title: str, figures: list[Figure]) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = {
        "title": title,
        "on": datetime.now(UTC).date().isoformat(),
        "figures": [asdict(one) for one in figures],
    }
    (KEPT / f"{name}.json").write_text(json.dumps(kept), encoding="utf-8")


def _lines() -> list[str]:
    lines = [
        "# Speed",
        "",
        "Written by `python -m bench --page`. Times are of one shared two-core machine; the last "
        "column but one, the median as a multiple of the floor's in the same run, travels better. "
        "What each floor is, the note says: the same rows by plain SQL, or one pass over the file.",
    ]
    for name in NAMES:
        if name == "cin" or not (KEPT / f"{name}.json").exists():
            continue
        kept = json.loads((KEPT / f"{name}.json").read_text(encoding="utf-8"))
        lines += ["", f"## {kept['title']}", "", f"Measured on {kept['on']}.", ""]
        lines += [f"| {' | '.join(HEADINGS)} |", "|---|--:|--:|--:|--:|---|"]
        lines += [f"| {' | '.join(_row(Figure(**one)))} |" for one in kept["figures"]]
    return lines


if __name__ == "__main__":
    main()

"""`python -m bench [ledger] [pages]`: run the benchmarks named, or all, and print a table each."""

import os
import subprocess
import sys

import click
from rich.console import Console
from rich.table import Table

from bench.timing import Figure

NAMES = ("ledger", "pages")


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES))
@click.option("--children", default=6_000, show_default=True, help="Known in about two years.")
@click.option("--years", default=5, show_default=True)
def main(names: tuple[str, ...], children: int, years: int) -> None:
    """Measure and print. Each in a process of its own: Django is set up for one database."""
    if len(names) != 1:
        for name in names or NAMES:
            size = ["--children", str(children), "--years", str(years)]
            subprocess.run([sys.executable, "-m", "bench", name, *size], check=True)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harbourlight.settings")
    if names[0] == "ledger":
        from bench.ledger import measure
    else:
        from bench.pages import measure
    figures = measure(children, years)
    Console(width=110).print(_table(f"{names[0]}: {children:,} children, {years} years", figures))


def _table(title: str, figures: list[Figure]) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in ("What", "Median", "95 % under", "Floor", "Times the floor", "Note"):
        table.add_column(heading, justify="left" if heading in ("What", "Note") else "right")
    for one in figures:
        table.add_row(
            one.what,
            f"{one.median * 1000:,.1f} ms",
            f"{one.most * 1000:,.1f} ms",
            f"{one.floor * 1000:,.1f} ms",
            f"{one.ratio:,.1f}",
            one.note,
        )
    return table


if __name__ == "__main__":
    main()

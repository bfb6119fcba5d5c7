"""`python -m bench [ledger] [pages]`: run the benchmarks named, or all, and print a table each."""

import os

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
    """Measure and print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harbourlight.settings")
    console = Console(width=110)
    for name in names or NAMES:
        if name == "ledger":
            from bench.ledger import measure
        else:
            from bench.pages import measure
        console.print(
            _table(f"{name}: {children:,} children, {years} years", measure(children, years))
        )


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

"""The command line: an interface others rely on.

Commands that need no record (`assess`, `simulate`) start no Django and no database. Commands that
do find the database in `DATABASE_URL`, or start the embedded one under `var/`. Here, at the edge,
is where "today" is asked.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, cast
from zoneinfo import ZoneInfo

import click

from harbourlight import __version__

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.console import Console

    from harbourlight.dataset.loaders import Source
    from harbourlight.returns.cin.building import Built
    from harbourlight.returns.csc_api.outbox import Outbox
    from harbourlight.server.postgres import Cluster

DEMONSTRATION_CHILDREN = 6_000
"""A tenth of a large authority."""
DEMONSTRATION_YEARS = 5
DEMONSTRATION_SEED = 2026

DATABASE = "harbourlight"


class _Terminal:
    """Rich's console, made when it is first used: `cin validate` does without, in half the time."""

    def __init__(self, *, stderr: bool = False) -> None:
        self._stderr = stderr

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the console has)
        return getattr(self.console, name)

    @cached_property
    def console(self) -> "Console":
        """The console itself."""
        from rich.console import Console

        return Console(stderr=self._stderr)


console = _Terminal()
errors = _Terminal(stderr=True)


class Day(click.ParamType):
    """A date written as `2026-03-31`."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """The date. Fails with how to write one."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a date: write it as 2026-03-31", param, ctx)


class Refused(click.ClickException):
    """What was given cannot be read, or what was asked for cannot be written.

    Exit 2, as for a wrong option: 1 is for what a command was asked to find, and found.
    """

    exit_code = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="harbourlight")
def main() -> None:
    """Harbourlight: an open record and practice-assurance system for children's services."""


# ---- Without a record --------------------------------------------------------------------


@main.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--as-at", type=Day(), required=True, help="The day to look from the end of.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder to write.")
@click.option("--engine", type=click.Choice(["duckdb"]), default="duckdb", show_default=True)
def assess(source: Path, as_at: date, out: Path, engine: str) -> None:
    """Say how every standard was met, from files alone.

    SOURCE is a children in need census XML, or a folder of Standard Safeguarding Dataset tables
    (CSV or Parquet). Writes ledger.parquet, measures.csv, report.html and cannot_answer.csv.
    """
    from harbourlight.dataset.loaders import UnreadableSource
    from harbourlight.insight.assessment import CannotWrite
    from harbourlight.insight.assessment import assess as assess_source

    with _spinner() as told:
        try:
            assessment = assess_source(source, as_at=as_at, out=out, progress=told)
        except (UnreadableSource, CannotWrite) as error:
            raise Refused(str(error)) from error
    for line in assessment.summary():
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    console.print(f"Written to {out}: open {out / 'report.html'}", highlight=False, markup=False)


@main.command()
@click.option("--children", type=click.IntRange(min=100), default=60_000, show_default=True)
@click.option("--years", type=click.IntRange(1, 15), default=5, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--until", type=Day(), help="The last day simulated; today when not given.")
@click.option(
    "--format", "form", type=click.Choice(["parquet", "csv"]), default="parquet", show_default=True
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
def simulate(
    children: int, years: int, seed: int, until: date | None, form: str, out: Path
) -> None:
    """Make a synthetic trust: SSD-shaped files, one a table, and truth.json. Nobody in it is real.

    --children is how many the trust has known in about two years: 60,000 is a large authority.
    """
    from harbourlight.simulate import simulate as simulate_trust
    from harbourlight.simulate import write

    with _bar() as told:
        trust = simulate_trust(
            children=children,
            years=years,
            seed=seed,
            until=until or _today(),
            progress=told,
        )
        try:
            write(trust, out, cast(Literal["parquet", "csv"], form))
        except OSError as error:
            raise _unwritable(out, error) from error
    for name, rows in trust.tables.items():
        console.print(f"{len(rows):>10,}  {name}", highlight=False)


# ---- With a record -----------------------------------------------------------------------


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def demo(port: int) -> None:
    """Run the demonstration trust on this machine, and print how to sign in.

    The first start makes the database and the trust; later ones keep what is there. Everything is
    under `var/`.
    """
    _serve(port, demonstration=True)


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def serve(port: int) -> None:
    """Serve the record on this machine, migrating the database first."""
    _serve(port, demonstration=False)


@main.command()
def work() -> None:
    """Do background work until stopped. `demo` and `serve` do it already.

    For an installation whose web server is run by something else. DATABASE_URL must name the
    database, as its owner.
    """
    if "DATABASE_URL" not in os.environ:
        raise click.ClickException("DATABASE_URL is not set: it names the database to work on.")
    from harbourlight.foundation.jobs.worker import main as run_worker

    run_worker()


@main.command()
@click.argument("source", type=click.Path(path_type=Path))
def load(source: Path) -> None:
    """Fill an empty record from a census file or a folder of SSD tables."""
    with _spinner() as told:
        tables = _read_source(source, told).tables
    with _database():
        _start_django()
        _migrate()
        from django.db import IntegrityError

        from harbourlight.record.loading import RecordNotEmpty, load_record

        try:
            with _bar() as shown:
                entries = load_record(tables, at=datetime.now(UTC), progress=_steps(shown))
        except RecordNotEmpty as error:
            raise click.ClickException(str(error)) from error
        except IntegrityError as error:
            raise click.ClickException(
                "The source refers to a row it does not hold, so nothing was loaded. "
                f"{str(error).strip().splitlines()[-1]}"
            ) from error
    console.print(f"Loaded: {entries:,} entries in the ledger.")


@main.group()
def ledger() -> None:
    """The live record's ledger."""


@ledger.command("verify")
def ledger_verify() -> None:
    """Compare the stored ledger with one computed from nothing. Exit 1 where they differ."""
    with _database():
        _start_django()
        from harbourlight.record.live_ledger.keeping import differences

        found = differences()
    for side, standard, about, about_id, *_ in found[:50]:
        console.print(f"{side}: {standard} {about} {about_id}", highlight=False)
    if found:
        raise click.ClickException(
            f"{len(found):,} entries differ. `harbourlight ledger rebuild` puts them right; tell "
            "whoever looks after the record, because a write did not keep them."
        )
    console.print("The ledger is true.")


@ledger.command("rebuild")
def ledger_rebuild() -> None:
    """Compute the stored ledger again from nothing."""
    with _database():
        _start_django()
        from harbourlight.record.live_ledger.keeping import recompute

        count = recompute()
    console.print(f"{count:,} entries.")


@main.group()
def history() -> None:
    """What was known when, and proof that nobody has changed it."""


@history.command("seal")
def history_seal() -> None:
    """Seal every line of history not yet sealed, and print the seal in one line.

    The line is also added to seals.log. Send it to somebody who does not run the database: it is
    what shows that the newest lines were not removed with their seals.
    """
    with _database():
        _start_django()
        from harbourlight.foundation.history.sealing import TransactionsWentBack, anchor_line, seal

        try:
            made = seal(at=datetime.now(UTC))
        except TransactionsWentBack as error:
            raise click.ClickException(str(error)) from error
    click.echo(anchor_line(made) if made else "Nothing to seal: nothing was written since.")


@history.command("verify")
@click.option(
    "--anchors",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A copy of seals.log kept elsewhere; this installation's own when not given.",
)
def history_verify(anchors: Path | None) -> None:
    """Compute every seal again, and say which row of which table is not as it was sealed.

    Exit 1 where anything was changed, removed, added or chopped off.
    """
    with _database(), _spinner() as told:
        _start_django()
        from harbourlight.foundation.history.sealing import verify

        told("Verifying")
        verified = verify(anchors)
    for tampering in verified.found[:100]:
        console.print(str(tampering), highlight=False, markup=False, soft_wrap=True)
    if verified.unanchored:
        console.print(
            f"{verified.unanchored:,} seals are not in the file of anchors: what they cover could "
            "have been removed with them and not be missed.",
            highlight=False,
        )
    if verified.found:
        raise click.ClickException(
            f"History is not as it was sealed, in {len(verified.found):,} places. Keep the "
            "database as it is, and tell whoever answers for the record."
        )
    console.print(
        f"{verified.rows:,} lines in {verified.seals:,} seals are as they were.", highlight=False
    )


@main.command()
def reader() -> None:
    """Print the address at which an analyst's own tools may read the dataset, and nothing else.

    The database must be running (`harbourlight demo` or `serve`). Keep the address as you would a
    password: it holds one.
    """
    from harbourlight.server.postgres import READER

    if "DATABASE_URL" in os.environ:
        raise click.ClickException(
            "This database is run by somebody else: ask them for a login that is a member of the "
            f"role {READER}."
        )
    click.echo(_cluster().url(DATABASE, READER))


# ---- Returns, from the record or from files ----------------------------------------------

_from = click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    help="A census file, an Annex A workbook or a folder of SSD tables; the live record when not "
    "given.",
)


@main.group()
def ssd() -> None:
    """The Standard Safeguarding Dataset."""


@ssd.command("build")
@_from
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option(
    "--format", "form", type=click.Choice(["parquet", "csv"]), default="csv", show_default=True
)
def ssd_build(source: Path | None, out: Path, form: Literal["parquet", "csv"]) -> None:
    """Write every table the dataset holds as a file of the SSD, with its version.

    The files hold names, dates of birth and what families were told: keep them as you would the
    record.
    """
    from harbourlight.returns import ssd as returned

    with _spinner() as told:
        tables = _dataset(source, told)
        told(f"Writing {out}")
        try:
            returned.build(tables, out, form, at=datetime.now(UTC))
        except OSError as error:
            raise _unwritable(out, error) from error
    for name, rows in tables.items():
        console.print(f"{len(rows):>10,}  {name}", highlight=False)
    console.print(f"Written to {out}", highlight=False, markup=False)


@main.group("annex-a")
def annex_a() -> None:
    """Ofsted's Annex A: the lists of children asked for at an inspection."""


@annex_a.command("build")
@_from
@click.option("--as-at", type=Day(), help="The last day to tell of; today when not given.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
def annex_a_build(source: Path | None, as_at: date | None, out: Path) -> None:
    """Write lists 1 to 8 as a workbook (.xlsx), looking back six months.

    A last sheet says what is not held. The lists name children: keep them as you would the record.
    """
    from harbourlight.returns import annex_a as returned

    _require_a_place(out)
    with _spinner() as told:
        tables = _dataset(source, told)
        told(f"Writing {out.name}")
        made_from = source.name if source else "the live record"
        try:
            lists = returned.build(tables, as_at=as_at or _today(), out=out, source=made_from)
        except OSError as error:
            raise _unwritable(out, error) from error
    for built in lists:
        told_of = built.of.lacking or f"{len(built.rows):,} rows"
        console.print(
            f"List {built.of.number}  {built.of.name}: {told_of}", highlight=False, soft_wrap=True
        )
    console.print(f"Written to {out}", highlight=False, markup=False)


@main.group("csc-api")
def csc_api() -> None:
    """The department's daily feed of children's social care (version 1.0.1).

    What is to be sent waits in an outbox, one file, which also keeps what was accepted: keep it
    safe, and keep it as you would the record.
    """


_outbox = click.option(
    "--outbox",
    "outbox_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file of what is to be sent and what was accepted; csc-api.sqlite in the home folder "
    "when not given.",
)


@csc_api.command("build")
@_from
@click.option("--as-at", type=Day(), help="The last day to tell of; today when not given.")
@_outbox
def csc_api_build(source: Path | None, as_at: date | None, outbox_path: Path | None) -> None:
    """Put into the outbox what has changed since what was last accepted. Sends nothing.

    A child who is no longer held is purged only once `approve-purge` names who approves it.
    """
    from harbourlight.returns.csc_api.building import children, identifiers

    with _spinner() as told:
        tables = _dataset(source, told)
        told("Comparing with what was accepted")
        now = children(tables, as_at=as_at or _today())
        with _opened_outbox(outbox_path) as outbox:
            prepared = outbox.prepare(now, identifiers(tables), at=datetime.now(UTC))
    _say(
        f"{prepared.children:,} children to send in {prepared.batches:,} batches; "
        f"{prepared.unchanged:,} as they were accepted; "
        f"{prepared.waiting:,} in batches not yet settled."
    )
    for child, why in prepared.set_aside.items():
        _say(f"Not to be sent: {child}: {why}")
    for child in prepared.to_approve:
        _say(f"No longer held, to be approved for purging: {child}")


@csc_api.command("send")
@click.option("--url", required=True, envvar="HARBOURLIGHT_CSC_URL")
@click.option("--token-url", required=True, envvar="HARBOURLIGHT_CSC_TOKEN_URL")
@click.option("--authority", type=click.IntRange(1, 999), required=True)
@click.option("--client-id", required=True, envvar="HARBOURLIGHT_CSC_CLIENT_ID")
@click.option("--scope", default="", envvar="HARBOURLIGHT_CSC_SCOPE")
@_outbox
def csc_api_send(
    url: str, token_url: str, authority: int, client_id: str, scope: str, outbox_path: Path | None
) -> None:
    """Send what is in the outbox, and print each receipt.

    The client's secret and the supplier's key are read from HARBOURLIGHT_CSC_SECRET and
    HARBOURLIGHT_CSC_SUPPLIER_KEY. Exit 1 where anything waits for another time.
    """
    import time

    from harbourlight.returns.csc_api.sending import Feed, Service, send

    service = Service(
        url,
        authority,
        token_url,
        client_id,
        os.environ.get("HARBOURLIGHT_CSC_SECRET", ""),
        scope,
        os.environ.get("HARBOURLIGHT_CSC_SUPPLIER_KEY", ""),
    )

    def now() -> datetime:
        return datetime.now(UTC)

    with _spinner() as told, _opened_outbox(outbox_path) as outbox:
        sent = send(outbox, Feed(service, now=now, wait=time.sleep), now=now, told=told)
    for receipt in sent.receipts:
        _say(f"Receipt {receipt}")
    _say(f"{sent.children:,} children accepted in {len(sent.receipts):,} batches.")
    for child, why in sent.set_aside.items():
        _say(f"Set aside: {child}: {why}")
    if sent.waiting:
        raise click.ClickException(
            f"{sent.waiting:,} batches wait in the outbox. "
            f"{sent.stopped or 'Send again later: nothing is lost, and nothing is sent twice.'}"
        )


@csc_api.command("approve-purge")
@click.argument("child")
@click.option("--by", required=True, help="Who approves it, by name.")
@_outbox
def csc_api_approve_purge(child: str, by: str, outbox_path: Path | None) -> None:
    """Let everything the department holds of a child be removed: CHILD as `build` lists them."""
    with _opened_outbox(outbox_path) as outbox:
        if not outbox.approve_purge(child, by=by, at=datetime.now(UTC)):
            raise click.ClickException(f"{child} is not among those to be approved for purging.")
    _say(f"{child} will be purged: build again, and send.")


@csc_api.command("try-again")
@click.argument("child")
@_outbox
def csc_api_try_again(child: str, outbox_path: Path | None) -> None:
    """Let a child who was refused be sent again as they are."""
    with _opened_outbox(outbox_path) as outbox:
        if not outbox.try_again(child):
            raise click.ClickException(f"{child} was not refused.")
    _say(f"{child} will be tried again: build again, and send.")


@contextmanager
def _opened_outbox(path: Path | None) -> "Iterator[Outbox]":
    import sqlite3

    from harbourlight.returns.csc_api.outbox import Outbox

    if path is None:
        _home().mkdir(parents=True, exist_ok=True)
        path = _home() / "csc-api.sqlite"
    _require_a_place(path)
    try:
        try:
            opened = Outbox(path)
        except OSError as error:
            raise _unwritable(path, error) from error
        with opened as outbox:
            yield outbox
    except sqlite3.DatabaseError as error:
        match error.sqlite_errorcode & 0xFF:  # the rest says more nearly which of its kind it is
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                raise click.ClickException(
                    f"{path} is in use by another sender: wait until it is done."
                ) from error
            case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
                raise Refused(f"{path} is not an outbox, or is damaged. Give another.") from error
        raise _unwritable(path, OSError(0, str(error))) from error


def _say(sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False, soft_wrap=True)


def _unwritable(out: Path, error: OSError) -> Refused:
    reason = (error.strerror or "the system refused").lower()
    return Refused(
        f"{out} cannot be written: {reason}. Give a place that you may write to, with room in it."
    )


def _require_a_place(out: Path | None) -> None:
    """Refuse, before any work is done, a file that could not be put where it is asked for."""
    if out is None or out == _SCREEN:
        return
    if not out.parent.is_dir():
        raise Refused(
            f"{out} cannot be written: there is no folder {out.parent}. "
            "Make the folder first, or give another."
        )
    if out.exists() and not out.is_file():
        raise Refused(f"{out} cannot be written: it is not an ordinary file. Give another name.")


_SCREEN = Path("-")


@contextmanager
def _written_whole(out: Path | None, encoding: str = "utf-8") -> Iterator[IO[str]]:
    """The screen, or a file that takes its name only when it is whole."""
    if out is None or out == _SCREEN:
        with click.open_file("-", "w", encoding="utf-8") as stream:
            yield stream
        return
    from harbourlight.dataset.whole import written_whole

    with written_whole(out) as unfinished, unfinished.open("w", encoding=encoding) as stream:
        yield stream


def _dataset(source: Path | None, told: Callable[[str], None]) -> "Mapping[str, pa.Table]":
    """The dataset's tables from files, or from the live record as it stands."""
    if source is not None:
        return _read_source(source, told).tables
    told("Reading the record")
    with _database():
        _start_django()
        from harbourlight.record.publishing import published_tables

        return published_tables()


def _read_source(source: Path, told: Callable[[str], None]) -> "Source":
    from harbourlight.dataset.loaders import UnreadableSource, read

    told(f"Reading {source.name}")
    try:
        return read(source)
    except UnreadableSource as error:
        raise Refused(str(error)) from error


_LONG_WORK = 50_000_000
"""Bytes of a census from which it takes long enough to show how far it has come."""


def _is_long(file: Path) -> bool:
    return sys.stderr.isatty() and file.is_file() and file.stat().st_size > _LONG_WORK


@main.group()
def cin() -> None:
    """The children in need census."""


_census_year = click.option(
    "--year",
    type=click.IntRange(2010, 2099),
    required=True,
    help="The year in which the census ends: 2026 is that of 2025/26.",
)


@cin.command("build")
@_census_year
@_from
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option(
    "--authority",
    type=click.IntRange(1, 999),
    help="The department's number for the authority; a census file's own when not given.",
)
@click.option(
    "--serial", type=click.IntRange(1), default=1, show_default=True, help="The return's number."
)
@click.option(
    "--problems",
    "problems_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write what could not be built, as CSV.",
)
def cin_build(
    year: int,
    source: Path | None,
    out: Path,
    authority: int | None,
    serial: int,
    problems_path: Path | None,
) -> None:
    """Write the census as the department takes it (XML).

    What cannot be built is listed for whoever can mend it, and everything else is built. Keep the
    census as you would the record: it tells of children who can be known from it.
    """
    from harbourlight.returns.cin.building import Header, build, write_problems

    _require_a_place(out)
    _require_a_place(problems_path)
    with _spinner() as told:
        read = _read_source(source, told) if source is not None else None
        said = read.authority if read is not None else ""
        header = Header(
            authority=f"{authority:03}" if authority is not None else said,
            at=datetime.now(ZoneInfo("Europe/London")).replace(tzinfo=None),
            serial=serial,
        )
        tables = read.tables if read is not None else _dataset(None, told)
        from_census = read is not None and read.kind == "CIN census"
        told(f"Writing {out.name}")
        try:
            built = build(tables, year=year, header=header, out=out, from_census=from_census)
        except OSError as error:
            raise _unwritable(out, error) from error
    _tell_of_built(built)
    if problems_path is not None:
        try:
            write_problems(built.problems, problems_path)
        except OSError as error:
            raise _unwritable(problems_path, error) from error
        _say(f"What could not be built is in {problems_path}")
    if not built.counts["Child"]:
        raise click.ClickException(
            f"No child could be built into the census of {built.census.name}: nothing was written."
        )
    _say(f"Written to {out}")


_PROBLEMS_SHOWN = 20


def _tell_of_built(built: "Built") -> None:
    """How much is in a census, and what could not be built of it and by whom it can be mended."""
    from rich.markup import escape
    from rich.table import Table

    for element, count in built.counted():
        console.print(f"{count:>10,}  {element}", highlight=False)
    for remark in built.remarks:
        _say(remark)
    if not built.problems:
        return
    count = len(built.problems)
    _say(f"Warning: {count:,} {'thing' if count == 1 else 'things'} could not be built.")
    for wrong, times in Counter(problem.wrong for problem in built.problems).most_common():
        console.print(f"{times:>10,}  {escape(wrong)}", highlight=False, soft_wrap=True)
    shown = Table(
        "Child", "Element", "What is wrong", "Left out", "Whose", box=None, pad_edge=False
    )
    for problem in built.problems[:_PROBLEMS_SHOWN]:
        whose = ", ".join(filter(None, (problem.worker, problem.team)))
        cells = (problem.child, problem.element, problem.wrong, problem.left_out, whose)
        # A terminal obeys what is not printable, and a stranger may have written it.
        shown.add_row(*(escape(cell if cell.isprintable() else ascii(cell)) for cell in cells))
    console.print(shown, highlight=False)
    if count > _PROBLEMS_SHOWN:
        _say(f"and {count - _PROBLEMS_SHOWN:,} more: give --problems to have them all.")


@cin.command("schema")
@_census_year
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Where to write it.")
def cin_schema(year: int, out: Path | None) -> None:
    """Write our XML schema (XSD) of the census."""
    from harbourlight.returns.cin.schema import written

    _require_a_place(out)
    try:
        with _written_whole(out) as stream:
            stream.write(written(year).decode())
    except OSError as error:
        raise _unwritable(out or Path("-"), error) from error


@cin.command("validate")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--year",
    type=click.IntRange(2001, 2040),
    help="The census to check it as, by the year in which it ends.",
)
@click.option(
    "--last-year",
    type=click.Path(path_type=Path),
    help="Last year's file, to make the year-on-year checks.",
)
@click.option("--json", "form", flag_value="json", help="Write the findings as JSON.")
@click.option("--csv", "form", flag_value="csv", help="Write the findings as CSV.")
@click.option("--html", "form", flag_value="html", help="Write a page to read and to share.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Where to write.")
def cin_validate(
    file: Path, year: int | None, last_year: Path | None, form: str | None, out: Path | None
) -> None:
    """Check a census file: its structure, then every rule of its year.

    Exit 0 where nothing is found, 1 where something is, 2 where the file cannot be read.
    """
    from harbourlight.dataset.unreadable import UnreadableSource
    from harbourlight.returns.cin import writing
    from harbourlight.returns.cin.checking import check

    _require_a_place(out)
    try:
        with _bar() if _is_long(file) else nullcontext(lambda *_: None) as told:
            checked = check(
                file,
                year=year,
                last_year=last_year,
                progress=lambda share: told(f"Checking {file.name}", share),
            )
    except UnreadableSource as error:
        raise Refused(str(error)) from error
    try:
        # Excel knows UTF-8 by a mark at its start, which a file of CSV therefore has.
        with _written_whole(out, "utf-8-sig" if form == "csv" else "utf-8") as stream:
            writing.write(checked, form or "text", stream)
    except BrokenPipeError:  # whoever read the first lines needed no more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise _unwritable(out or Path("-"), error) from error
    raise SystemExit(1 if checked.findings else 0)


# ---- The project's own -------------------------------------------------------------------


@main.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 where a file is out of date.")
def generate(check: bool) -> None:
    """Write again the documents that are made from declarations."""
    os.environ.setdefault("DATABASE_URL", "postgresql:///not_asked")  # declarations alone are read
    _start_django()
    from harbourlight.generated import GENERATED

    stale = [path for path, text in GENERATED.items() if not _is(Path(path), text())]
    if check and stale:
        raise click.ClickException(
            f"Out of date: {', '.join(stale)}. Run `harbourlight generate` and commit the change."
        )
    for path in stale:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(GENERATED[path](), encoding="utf-8")
        console.print(f"wrote {path}", highlight=False)


def _today() -> date:
    return datetime.now(ZoneInfo("Europe/London")).date()


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


# ---- How they are run --------------------------------------------------------------------


def _home() -> Path:
    return Path(os.environ.get("HARBOURLIGHT_HOME", "var")).resolve()


def _cluster() -> "Cluster":
    from harbourlight.server.postgres import Cluster

    return Cluster(_home() / "postgres")


@contextmanager
def _database() -> Iterator["Cluster | None"]:
    """The database commands use: what `DATABASE_URL` names, or the embedded one, started."""
    from harbourlight.server.postgres import ClusterError

    if "DATABASE_URL" in os.environ:
        yield None
        return
    cluster = _cluster()
    try:
        with cluster:
            cluster.ensure_database(DATABASE)
            os.environ["DATABASE_URL"] = cluster.url(DATABASE)
            os.environ.setdefault("HARBOURLIGHT_DATA_FOLDERS", str(cluster.data_directory))
            yield cluster
    except ClusterError as error:
        raise click.ClickException(str(error)) from error


def _start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harbourlight.settings")
    import django

    django.setup()


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _serve(port: int, *, demonstration: bool) -> None:
    from harbourlight.server.assets import AssetsMissing, prepare
    from harbourlight.server.processes import PortTaken, require_free_port, supervise, web_command

    url = f"http://127.0.0.1:{port}"
    try:
        require_free_port(url)
        prepare(Path("node_modules"), _home() / "assets")
    except (PortTaken, AssetsMissing) as error:
        raise click.ClickException(str(error)) from error
    with _database() as cluster:
        console.print("Starting …" if cluster is None else "Starting the database …")
        _start_django()
        _migrate()
        sign_ins: list[str] = []
        if demonstration:
            sign_ins = _prepare_demonstration()
        else:
            _begin_record()
        from django.db import connections

        connections.close_all()

        def ready() -> None:
            console.print(f"\nHarbourlight is ready: {url}\n", style="bold", highlight=False)
            for line in sign_ins:
                console.print(line, highlight=False, markup=False, soft_wrap=True)
            console.print("\nCtrl-C stops it.", highlight=False)

        status = supervise(
            cluster,
            web_command(port),
            env=dict(os.environ),
            url=f"{url}/sign-in/",
            ready=ready,
            report=lambda sentence: errors.print(sentence, highlight=False),
            worker=[sys.executable, "-m", "harbourlight.foundation.jobs.worker"],
        )
    if status:
        raise SystemExit(status)


def _begin_record() -> None:
    """Where the record is empty, say from when it will hold everything: today."""
    from harbourlight.record.live_ledger.keeping import begin
    from harbourlight.record.people.models import Person

    if not Person.objects.exists():
        begin(_today())


def _prepare_demonstration() -> list[str]:
    """Make the demonstration trust if the record is empty; the lines that say how to sign in."""
    from harbourlight.record.demonstration import prepare, sign_in_lines
    from harbourlight.record.people.models import Person

    first = not Person.objects.exists()
    with _bar() if first else nullcontext(lambda *_: None) as told:
        if first:
            from harbourlight.record.furnishing import furnish
            from harbourlight.record.loading import load_record
            from harbourlight.simulate import simulate as simulate_trust

            trust = simulate_trust(
                children=DEMONSTRATION_CHILDREN,
                years=DEMONSTRATION_YEARS,
                seed=DEMONSTRATION_SEED,
                until=_today() - timedelta(days=1),  # nothing in it is still to happen today
                progress=told,
            )
            load_record(
                trust.tables,
                at=datetime.now(UTC),
                progress=_steps(told),
            )
            told("Furnishing families", 1.0)
            furnish(at=datetime.now(UTC))
    cards = prepare(_home() / "demonstration.json", at=datetime.now(UTC))
    return sign_in_lines(cards)


Told = Callable[[str, float], None]


def _steps(told: Told) -> Callable[[str, int, int], None]:
    return lambda what, done, of: told(f"Loading: {what}", done / of)


@contextmanager
def _bar() -> Iterator[Told]:
    """A progress bar, told what is being done and how far it has come (0 to 1)."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<40}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors.console) as progress:
        task = progress.add_task("", total=1.0)
        yield lambda what, share: progress.update(task, description=what, completed=share)


@contextmanager
def _spinner() -> Iterator[Callable[[str], None]]:
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=errors.console, disable=not errors.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield lambda what: progress.update(task, description=what)

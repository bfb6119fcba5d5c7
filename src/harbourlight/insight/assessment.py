"""From a source's files to a folder of answers: the ledger, the measures, the report.

The one path of `harbourlight assess`. Everything is written or nothing is, and what the source
cannot answer is listed, never guessed.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as parquet

from harbourlight.dataset.engines import DuckDB, load_tables
from harbourlight.dataset.loaders import Source, read
from harbourlight.dataset.tables import BY_NAME
from harbourlight.insight.comma_separated import Row, write_rows
from harbourlight.insight.findings import signal_words
from harbourlight.insight.process_behaviour import (
    Month,
    ProcessBehaviour,
    behaviour,
    good_direction,
)
from harbourlight.insight.report import Report, Section, Unanswered, render, section
from harbourlight.insight.wording import column, counted, day, number, percent, period
from harbourlight.ledger.evaluation import LEDGER_SCHEMA, evaluate
from harbourlight.ledger.measures import MEASURES_SCHEMA, by_month, whole_from
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.clocks import END_OF_DAY, add_months
from harbourlight.standards.standard import Outcome, Standard

CHARTED_MONTHS = 36
"""How far back a chart and its limits reach. Older months say how another service did."""

LEDGER, MEASURES, REPORT, CANNOT_ANSWER = (
    "ledger.parquet",
    "measures.csv",
    "report.html",
    "cannot_answer.csv",
)
FILES = (LEDGER, MEASURES, REPORT, CANNOT_ANSWER)
"""What an assessment writes."""

MEASURES_COLUMNS = (
    "standard",
    "title",
    *MEASURES_SCHEMA.names[1:],
    "mean",
    "lower_limit",
    "upper_limit",
    "signal",
    "whole",
)
"""The columns of `measures.csv`. `whole` is Y where the month is over and the source holds all of
it; limits and signals are given for whole months of the last three years only."""

CANNOT_ANSWER_COLUMNS = ("standard", "title", "lacking", "lacking_in_words")


class CannotWrite(Exception):
    """The folder asked for cannot be written, and nothing was."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an assessment found, and where it was written."""

    out: Path
    report: Report
    entries: int

    @property
    def files(self) -> tuple[Path, ...]:
        """The files written."""
        return tuple(self.out / name for name in FILES)

    def summary(self) -> Iterator[str]:
        """What was found, in a few lines: each standard, and those that were not answered."""
        yield f"{self.report.title}, as at {day(self.report.as_at)}"
        if (ended := self.report.ends_early) is not None:
            yield f"The files end, or seem to, on {day(ended)}: what was done since is not in them."
        for each in self.report.sections:
            share = "no whole month yet"
            if each.denominator:
                share = (
                    f"{percent(each.numerator / each.denominator)} "
                    f"({number(each.numerator)} of {number(each.denominator)}, "
                    f"{period(each.recent[0].month.month, each.recent[-1].month.month)})"
                )
            past = "happened" if each.is_occurrence else "past due"
            yield (
                f"{each.standard.title}: {share}; {number(each.counts[Outcome.OVERDUE])} {past}, "
                f"{number(each.counts[Outcome.CANNOT_TELL])} cannot be told"
            )
        if self.report.unanswered:
            titles = "; ".join(each.standard.title for each in self.report.unanswered)
            yield f"Not answered, for want of data: {titles}"


def assess(
    path: Path,
    *,
    as_at: date,
    out: Path,
    progress: Callable[[str], None] = lambda _said: None,
    standards: Mapping[str, Standard] = CATALOGUE,
) -> Assessment:
    """Assess a source as it stood at the end of `as_at`, into the folder `out`.

    Files of the same names in `out` are replaced and others left alone. `progress` is told each
    stage as it begins. Raises `UnreadableSource` for a source that cannot be read and `CannotWrite`
    for a folder that cannot be written; either way nothing in `out` has changed.
    """
    with _written_whole(out) as folder:
        progress(f"Reading {path.name or path}")
        source = read(path)
        answered, unanswered = answerable(source, standards)
        moment = datetime.combine(as_at, END_OF_DAY)
        progress(f"Evaluating {counted(len(answered), 'standard')}")
        ledger = _ledger(source, answered, moment)
        progress(f"Counting {counted(len(ledger), 'entry', 'entries')} by month")
        measures = by_month(ledger, {held.code: held for held in answered}, moment)
        sections = tuple(
            _section(standard, source, ledger, measures, as_at) for standard in answered
        )
        report = Report(
            title=source.title,
            as_at=as_at,
            sections=sections,
            unanswered=unanswered,
            complete_to=complete_to(source),
            latest=_latest(source, as_at),
            read={name: len(rows) for name, rows in source.tables.items() if name != "hl_coverage"},
            remarks=source.remarks,
        )
        progress("Writing the report")
        parquet.write_table(ledger, folder / LEDGER, compression="zstd")
        write_rows(
            folder / MEASURES,
            MEASURES_COLUMNS,
            _measure_rows(measures, sections, min(as_at, complete_to(source) or as_at)),
        )
        write_rows(folder / CANNOT_ANSWER, CANNOT_ANSWER_COLUMNS, _unanswered_rows(unanswered))
        (folder / REPORT).write_text(render(report), encoding="utf-8")
    return Assessment(out, report, len(ledger))


def answerable(
    source: Source, standards: Mapping[str, Standard]
) -> tuple[tuple[Standard, ...], tuple[Unanswered, ...]]:
    """The standards a source can answer, and those it cannot with the columns it lacks."""
    lacking = {
        code: tuple(needed for needed in standard.needs if needed not in source.held)
        for code, standard in standards.items()
    }
    return (
        tuple(standard for code, standard in standards.items() if not lacking[code]),
        tuple(Unanswered(standards[code], columns) for code, columns in lacking.items() if columns),
    )


def _ledger(source: Source, standards: Sequence[Standard], as_at: datetime) -> pa.Table:
    if not standards:
        return LEDGER_SCHEMA.empty_table()
    with DuckDB() as engine:
        load_tables(engine, source.tables)
        return evaluate(engine, standards, as_at)


def _section(
    standard: Standard, source: Source, ledger: pa.Table, measures: pa.Table, as_at: date
) -> Section:
    complete_from = _complete_from(source, standard)
    whole = None if complete_from is None else whole_from(standard, complete_from)
    until = min(as_at, complete_to(source) or as_at)
    first = add_months(until.replace(day=1), 1 - CHARTED_MONTHS)
    chart = behaviour(
        [
            Month(row["month"], row["numerator"], row["denominator"], row["cannot_tell"])
            for row in measures.to_pylist()
            if row["standard"] == standard.code and row["month"] >= max(first, whole or first)
        ],
        good_direction(standard.kind),
        as_at=until,
    )
    return section(
        standard,
        ledger,
        chart,
        as_at=as_at,
        charted_from=first,
        complete_from=complete_from,
        whole_from=whole,
    )


def complete_to(source: Source) -> date | None:
    """The last day of which the source holds everything; None where it does not say.

    A census is of one year. What was done after it is not in the file, so a month after it would
    be counted from part of what happened.
    """
    if source.kind != "CIN census":
        return None
    begins = max(_coverage(source).values(), default=None)
    return begins and add_months(begins, 12) - timedelta(days=1)


def _latest(source: Source, as_at: date) -> date | None:
    """The latest day, up to `as_at`, on which the files say that something happened."""
    latest = None
    for name, rows in source.tables.items():
        if dated := BY_NAME[name].dated:
            days = rows[dated].cast(pa.date32())
            found = pc.max(days.filter(pc.less_equal(days, pa.scalar(as_at)))).as_py()
            latest = max(filter(None, (latest, found)), default=None)
    return latest


def _complete_from(source: Source, standard: Standard) -> date | None:
    """The day from which the source holds every row of every table the standard needs."""
    tables = {needed.partition(".")[0] for needed in standard.needs}
    return max((day for name, day in _coverage(source).items() if name in tables), default=None)


def _coverage(source: Source) -> dict[str, date]:
    """The day from which each table is complete, for those of which the source says."""
    held = source.tables.get("hl_coverage")
    return {
        row["hlco_table"]: row["hlco_complete_from"]
        for row in (held.to_pylist() if held is not None else ())
        if row["hlco_complete_from"] is not None
    }


def _measure_rows(measures: pa.Table, sections: Sequence[Section], until: date) -> Iterator[Row]:
    held = {each.standard.code: each for each in sections}
    for row in measures.to_pylist():
        answered = held[row["standard"]]
        yield {
            **row,
            "title": answered.standard.title,
            **_charted(answered.chart, row["month"]),
            "whole": "Y" if _is_whole(answered, row["month"], until) else "N",
        }


def _charted(chart: ProcessBehaviour, month: date) -> Row:
    """A month's limits and signal, where it is charted."""
    segment = chart.segment_of(month)
    point = next((point for point in chart.points if point.month.month == month), None)
    if segment is None or segment.limits is None or point is None:
        return {}
    return {
        "mean": float(segment.limits.mean),
        "lower_limit": float(segment.limits.lower),
        "upper_limit": float(segment.limits.upper),
        "signal": signal_words(point),
    }


def _is_whole(answered: Section, month: date, until: date) -> bool:
    """Whether a month is over by the last day held, and the source holds all of it."""
    begins = answered.whole_from
    return add_months(month, 1) <= until + timedelta(days=1) and (begins is None or begins <= month)


def _unanswered_rows(unanswered: Sequence[Unanswered]) -> Iterator[Row]:
    for each in unanswered:
        yield {
            "standard": each.standard.code,
            "title": each.standard.title,
            "lacking": "; ".join(each.lacking),
            "lacking_in_words": "; ".join(column(name) for name in each.lacking),
        }


@contextmanager
def _written_whole(out: Path) -> Iterator[Path]:
    """A folder to write in, whose files all take their places in `out` at the end, or none does.

    It stands inside `out`, so that each file need only be renamed. Raises `CannotWrite`, at once
    where that can be known before the work is done.
    """
    if out.exists() and not out.is_dir():
        raise CannotWrite(f"{out} is a file. Give a folder to write the answers in.")
    for name in FILES:
        if (out / name).is_dir():
            raise CannotWrite(
                f"{out / name} is a folder, and a file of that name is to be written."
            )
    is_new = not out.exists()
    folder: Path | None = None
    is_done = False
    try:
        out.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".harbourlight-", dir=out))
        yield folder
        _take_places(folder, out)
        is_done = True
    except OSError as error:
        raise CannotWrite(
            f"{out} cannot be written: {(error.strerror or str(error)).lower()}. "
            "Nothing in it was changed. Give a folder that you may write in, with room in it."
        ) from error
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        if is_new and not is_done:
            with suppress(OSError):
                out.rmdir()


def _take_places(folder: Path, out: Path) -> None:
    """Move each file into `out`; if one cannot be, put back all that were there."""
    set_aside = folder / "replaced"
    set_aside.mkdir()
    moved: list[str] = []
    try:
        for name in FILES:
            if (out / name).exists():
                (out / name).rename(set_aside / name)
            moved.append(name)
            (folder / name).rename(out / name)
    except OSError:
        for name in moved:
            (out / name).unlink(missing_ok=True)
            if (set_aside / name).exists():
                (set_aside / name).rename(out / name)
        raise

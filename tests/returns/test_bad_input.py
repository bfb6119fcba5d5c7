"""Bad input: one clear message on the command line, exit 2, and nothing written.

Every command that reads a census, a workbook or a folder is given each kind of bad file, and every
command that writes is given each place that cannot be written to.
"""

import csv
import io
import os
import struct
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any

import click
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from lxml import html
from python_calamine import CalamineWorkbook

from harbourlight.cli import main
from harbourlight.dataset.files import write_folder
from harbourlight.dataset.loaders import annex_a
from harbourlight.dataset.loaders import folder as folder_of_tables
from harbourlight.dataset.schema import Kind
from harbourlight.dataset.tables import SOURCE_TABLES
from harbourlight.standards.code_sets import codes
from tests.returns.cin.making import make

GOOD = make("2 Child; Assessments; Section47").xml()
BEGINS = ("=", "+", "-", "@")

Command = tuple[str, ...]

OF_A_SOURCE: dict[str, Command] = {
    "assess": ("assess", "{file}", "--as-at", "2026-03-31", "--out", "{out}/report"),
    "cin build": ("cin", "build", "--year", "2026", "--from", "{file}", "--out", "{out}/c.xml"),
    "ssd build": ("ssd", "build", "--from", "{file}", "--out", "{out}/ssd"),
    "annex-a build": (
        *("annex-a", "build", "--from", "{file}"),
        *("--as-at", "2026-03-31", "--out", "{out}/lists.xlsx"),
    ),
    "csc-api build": ("csc-api", "build", "--from", "{file}", "--outbox", "{out}/box.sqlite"),
    "load": ("load", "{file}"),
}
"""Commands that read a census, a workbook or a folder."""

OF_A_CENSUS: dict[str, Command] = {
    "cin validate": ("cin", "validate", "{file}", "--out", "{out}/said"),
    "--json": ("cin", "validate", "{file}", "--json", "--out", "{out}/said"),
    "--csv": ("cin", "validate", "{file}", "--csv", "--out", "{out}/said"),
    "--html": ("cin", "validate", "{file}", "--html", "--out", "{out}/said"),
    "--last-year": ("cin", "validate", "{good}", "--last-year", "{file}", "--out", "{out}/said"),
}
"""Commands that read a census alone."""


def run(command: Command, **places: Path) -> Result:
    words = [word.format(**places) for word in command]
    return CliRunner().invoke(main, words)


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """A good census, and a folder that nothing has been written to."""
    monkeypatch.setenv("HARBOURLIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (out := tmp_path / "out").mkdir()
    (good := tmp_path / "good.xml").write_text(GOOD, encoding="utf-8")
    return {"out": out, "good": good}


def assert_refused(result: Result, wrong: str, out: Path) -> None:
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    [said] = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert wrong in said
    assert said.endswith((".", ")."))
    assert len(said) < 400
    assert "Traceback" not in result.output
    assert result.stdout == ""
    assert [*out.rglob("*")] == [], "nothing is written, in part or whole"


TESTED_WITH_ANOTHER = {
    ("verify", "--anchors"),  # with what it verifies
    *((name, "--outbox") for name in ("send", "approve-purge", "try-again")),  # opened as by build
}


def _asked_for(group: click.Group) -> Iterator[tuple[str, str]]:
    """Each command that takes a file or a folder, and the option it is taken by, if by one."""
    for command in group.commands.values():
        if isinstance(command, click.Group):
            yield from _asked_for(command)
            continue
        for param in command.params:
            if isinstance(param.type, click.Path):
                is_option = isinstance(param, click.Option)
                yield command.name or "", param.opts[0] if is_option else ""


def _given(words: Command) -> Iterator[tuple[str, str]]:
    """The same of a command as it is tested here."""
    *_, name = takewhile(lambda word: not word.startswith(("-", "{")), words)
    for before, word in pairwise(words):
        if word in ("{file}", "{to}"):
            yield name, before if before.startswith("--") else ""


def test_every_command_that_reads_or_writes_files_is_among_those_below(assured: Any) -> None:
    read = [*OF_A_SOURCE.values(), *OF_A_CENSUS.values()]
    written = [*WRITES_A_FILE.values(), *WRITES_A_FOLDER.values()]
    tested = {given for words in (*read, *written) for given in _given(words)}
    assert {*_asked_for(main)} - tested == TESTED_WITH_ANOTHER
    files = len(BAD_CENSUS) * len(read) + len(BAD_SOURCE) * len(OF_A_SOURCE)
    nowhere = len(NO_PLACE_FOR_A_FILE) * len(WRITES_A_FILE)
    nowhere += len(NO_PLACE_FOR_A_FOLDER) * len(WRITES_A_FOLDER)
    assured("bad-input", f"{files} of command and bad file, {nowhere} of command and bad place")


# ---- A census ---------------------------------------------------------------------------------


def _text(content: str, encoding: str = "utf-8") -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        (path := folder / "census.xml").write_bytes(content.encode(encoding))
        return path

    return made


def _with(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def _declared(doctype: str, value: str) -> str:
    return f"<!DOCTYPE Message [{doctype}]>\n" + _with("WBRI", value)


def _one_long_element(folder: Path) -> Path:
    """Two gigabytes in one element: as far as anybody reads it, letters; then a hole."""
    before, after = GOOD.encode().split(b"WBRI", 1)
    with (path := folder / "census.xml").open("wb") as file:
        file.write(before)
        for _ in range(24):
            file.write(b"A" * (1 << 20))
        file.seek(2 << 30)
        file.write(after)
    return path


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

BAD_CENSUS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "something to be fetched": (
        _text(_declared('<!ENTITY x SYSTEM "file:///etc/hostname">', "&x;")),
        "census.xml: It has a document type declaration (DOCTYPE)",
    ),
    "a billion laughs": (
        _text(_declared(f'<!ENTITY l0 "ha">{_LAUGHS}', "&l9;")),
        "census.xml: It has a document type declaration (DOCTYPE)",
    ),
    "one element of 2 GB": (_one_long_element, "It nests, expands or runs on further"),
    "2 GB that is no element's": (
        lambda folder: _long(folder, b"<Message>" + b" " * (20 << 20)),
        "It nests, expands or runs on further",
    ),
    "an entity that is not declared": (
        _text(_with("WBRI", "&nbsp;")),
        "It names an entity, as &nbsp; is, that XML has not",
    ),
    "an ampersand": (_text(_with("WBRI", "B & B")), "It holds an & or a < as text"),
    "Latin-1 that says it is UTF-8": (
        _text('<?xml version="1.0" encoding="utf-8"?>' + _with("WBRI", "WBR\xe9"), "latin-1"),
        "Its characters are not in the encoding it declares",
    ),
    "UTF-8 that says it is UTF-16": (
        _text('<?xml version="1.0" encoding="utf-16"?>' + GOOD),
        "census.xml",
    ),
    "an encoding that nobody knows": (
        _text('<?xml version="1.0" encoding="klingon"?>' + GOOD),
        "It declares an encoding that is not known",
    ),
    "nothing": (_text(""), "census.xml: It is empty"),
    "no XML": (_text("Dear colleague,"), "census.xml, line 1: It is not XML"),
    "another document": (_text("<html/>"), "It is XML, but not a children in need census"),
    "cut short": (_text(GOOD[: len(GOOD) // 2]), "census.xml, line"),
    "not there": (lambda folder: folder / "census.xml", "census.xml: There is no such file"),
}


def _long(folder: Path, begins: bytes, name: str = "census.xml") -> Path:
    with (path := folder / name).open("wb") as file:
        file.write(begins)
        file.truncate(2 << 30)
    return path


@pytest.mark.parametrize("command", [*OF_A_CENSUS.values(), *OF_A_SOURCE.values()], ids=" ".join)
@pytest.mark.parametrize(("bad", "wrong"), BAD_CENSUS.values(), ids=BAD_CENSUS)
def test_a_census_that_cannot_be_read_is_refused_in_one_sentence(
    command: Command,
    bad: Callable[[Path], Path],
    wrong: str,
    places: dict[str, Path],
    tmp_path: Path,
) -> None:
    assert_refused(run(command, file=bad(tmp_path), **places), wrong, places["out"])


@pytest.mark.parametrize("command", ["cin validate", "assess"])
def test_of_a_file_of_two_gigabytes_no_more_is_read_than_a_child_may_have(
    command: str, places: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, most, real = _one_long_element(tmp_path), 0, Path.open

    class Counted(io.FileIO):
        def read(self, size: int | None = -1, /) -> bytes:
            nonlocal most
            most = max(most, self.tell())
            assert size is not None
            assert 0 < size < 1 << 24
            return super().read(size) or b""

    def opened(self: Path, *args: Any, **kwargs: Any) -> Any:
        return Counted(self) if self == given else real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", opened)
    result = run({**OF_A_CENSUS, **OF_A_SOURCE}[command], file=given, **places)
    assert_refused(result, "runs on further than a census does", places["out"])
    assert 0 < most < 40 << 20


def test_utf_16_that_says_so_is_read_as_what_it_is(places: dict[str, Path]) -> None:
    content = '<?xml version="1.0" encoding="utf-16"?>' + GOOD
    places["good"].write_bytes(content.encode("utf-16"))
    plain = places["out"] / "plain.xml"
    plain.write_text(GOOD, encoding="utf-8")
    read, same = (
        CliRunner().invoke(main, ["cin", "validate", str(path), "--csv"]).stdout
        for path in (places["good"], plain)
    )
    assert read == same
    assert read.count("\n") > 1


@pytest.mark.parametrize(
    ("content", "rule", "wrong"),
    [
        (
            _with("2025-05-06", "2025-02-31"),
            "schema-type",
            "CINreferralDate: “2025-02-31” is not a day or time that exists",
        ),
        (
            _with("<LAchildID>C2</LAchildID>", "<LAchildID>C1</LAchildID>"),
            "8510",
            "This child has the LAchildID of the child on line",
        ),
    ],
    ids=["31 February", "two children with one identifier"],
)
def test_what_a_census_says_wrongly_is_a_finding_and_is_never_loaded(
    content: str, rule: str, wrong: str, places: dict[str, Path], tmp_path: Path
) -> None:
    bad = _text(content)(tmp_path)
    found = CliRunner().invoke(main, ["cin", "validate", str(bad), "--csv"])
    assert found.exit_code == 1
    assert rule in {row["rule"] for row in csv.DictReader(io.StringIO(found.stdout))}
    for command in OF_A_SOURCE.values():
        assert_refused(run(command, file=bad, **places), wrong, places["out"])


# ---- A workbook, a folder, and what is neither --------------------------------------------------


def _folder(table: str, content: bytes) -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        (path := folder / "extract").mkdir()
        (path / table).write_bytes(content)
        return path

    return made


def _file(name: str, content: bytes) -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        (path := folder / name).write_bytes(content)
        return path

    return made


def _made_folder(*names: str) -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        folder.joinpath(*names).mkdir(parents=True)
        return folder / names[0]

    return made


def _bomb(*, lies: bool) -> Callable[[Path], Path]:
    """A workbook that unpacks into more than is allowed, and may say that it does not."""

    def made(folder: Path) -> Path:
        with zipfile.ZipFile(path := folder / "lists.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", b"\0" * (3 << 20))
        assert path.stat().st_size < 5_000
        if lies:
            true, said = struct.pack("<I", 3 << 20), struct.pack("<I", 3 << 10)
            assert path.read_bytes().count(true) == 2
            path.write_bytes(path.read_bytes().replace(true, said))
        return path

    return made


def _parquet(folder: Path) -> Path:
    """Two children of one identifier."""
    (path := folder / "extract").mkdir()
    pq.write_table(pa.table({"pers_person_id": ["A1", "A1"]}), path / "ssd_person.parquet")
    return path


def _many_rows(folder: Path) -> Path:
    (path := folder / "extract").mkdir()
    pq.write_table(pa.table({"pers_person_id": ["A"] * 3_000}), path / "ssd_person.parquet")
    return path


_HEADER = b"pers_person_id,pers_dob\n"
BAD_SOURCE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a zip bomb": (_bomb(lies=False), "lists.xlsx: It unpacks into 3 MB, more than the 2 allowed"),
    "a zip bomb that lies": (_bomb(lies=True), "lists.xlsx: It is not an Excel workbook, or is"),
    "no workbook": (_file("lists.xlsx", b"hello"), "lists.xlsx: It is not an Excel workbook"),
    "an empty workbook": (_file("lists.xlsx", b""), "lists.xlsx: It is not an Excel workbook"),
    "a workbook of another kind": (_file("lists.xls", b""), "Save it as an Excel workbook (.xlsx)"),
    "31 February in CSV": (
        _folder("ssd_person.csv", _HEADER + b"A1,2020-02-31\n"),
        "ssd_person.csv, line 2, pers_dob: The value is not a day or time that exists",
    ),
    "two children with one identifier in CSV": (
        _folder("ssd_person.csv", _HEADER + b"A1,\nA1,\n"),
        "ssd_person.csv, line 3, pers_person_id: This row has the identifier of line 2 too",
    ),
    "two children with one identifier in Parquet": (
        _parquet,
        "ssd_person.parquet, record 2, pers_person_id: This row has the identifier of record 1",
    ),
    "Latin-1 in CSV": (
        _folder("ssd_person.csv", b"pers_person_id,pers_forename\nA1,Zo\xeb\n"),
        "ssd_person.csv, line 2: It is not in UTF-8",
    ),
    "UTF-16 in CSV": (
        _folder("ssd_person.csv", _HEADER.decode().encode("utf-16")),
        "ssd_person.csv, line 1: It holds a NUL byte, as a file saved in UTF-16 does",
    ),
    "an empty CSV": (_folder("ssd_person.csv", b""), "ssd_person.csv: It is empty"),
    "an empty Parquet": (_folder("ssd_person.parquet", b""), "It is not a Parquet file, or it is"),
    "a damaged Parquet": (_folder("ssd_person.parquet", b"PAR1 and no more"), "it is damaged"),
    "a CSV of 2 GB": (
        lambda folder: _long(_made_folder("extract")(folder), _HEADER, "ssd_person.csv").parent,
        "ssd_person.csv: It has 2,048 MB, more than the 1,024 that a CSV may have",
    ),
    "a small Parquet of many rows": (
        _many_rows,
        "ssd_person.parquet: It holds 3,000 rows, more than the 2,000 that a table may have",
    ),
    "a folder for a table": (_made_folder("extract", "ssd_person.csv"), "This is a folder where a"),
    "a folder for a workbook": (
        _made_folder("lists.xlsx"),
        "This folder holds no table of the SSD",
    ),
    "an empty folder": (_made_folder("extract"), "This folder holds no table of the SSD"),
    "one table": (_file("ssd_person.csv", _HEADER), "Give the folder that holds it"),
}


@pytest.mark.parametrize("command", OF_A_SOURCE.values(), ids=OF_A_SOURCE)
@pytest.mark.parametrize(("bad", "wrong"), BAD_SOURCE.values(), ids=BAD_SOURCE)
def test_a_source_that_cannot_be_read_is_refused_in_one_sentence(
    command: Command,
    bad: Callable[[Path], Path],
    wrong: str,
    places: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(annex_a, "LARGEST", 2 << 20)
    monkeypatch.setattr(folder_of_tables, "MOST_ROWS", 2_000)
    assert_refused(run(command, file=bad(tmp_path), **places), wrong, places["out"])


@pytest.mark.parametrize("command", OF_A_CENSUS.values(), ids=OF_A_CENSUS)
def test_what_is_no_census_is_refused_by_the_checker(
    command: Command, places: dict[str, Path], tmp_path: Path
) -> None:
    folder = _folder("ssd_person.csv", _HEADER)(tmp_path)
    assert_refused(run(command, file=folder, **places), "This is a folder", places["out"])
    workbook = _bomb(lies=False)(tmp_path)
    assert_refused(run(command, file=workbook, **places), "It is not XML", places["out"])


@pytest.fixture
def shut(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], None]]:
    """Shuts a file to whoever runs the tests, who stops being root for as long."""
    was = os.geteuid()

    def shut_file(path: Path) -> None:
        path.chmod(0)
        if was == 0:
            for above in [path, *path.parents][1:]:
                if above.stat().st_mode & 0o077 == 0:
                    above.chmod(0o755)
            os.seteuid(65534)

    yield shut_file
    os.seteuid(was)


@pytest.mark.parametrize("name", ["census.xml", "lists.xlsx"])
def test_a_file_that_may_not_be_read_is_said_to_be_so(
    name: str, places: dict[str, Path], tmp_path: Path, shut: Callable[[Path], None]
) -> None:
    commands = [*OF_A_SOURCE.values(), *OF_A_CENSUS.values()]
    (bad := tmp_path / name).write_text(GOOD, encoding="utf-8")
    places["out"].chmod(0o777)
    for command in commands:  # what is imported when first used is imported by whoever may
        if command[0] != "load":
            run(command, file=places["good"], **places)
    for path in sorted(places["out"].rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    shut(bad)
    for command in commands:
        wrong = f"{name}: It cannot be opened: permission denied. Check that it is there"
        assert_refused(run(command, file=bad, **places), wrong, places["out"])


# ---- Where nothing can be written ---------------------------------------------------------------

WRITES_A_FILE: dict[str, Command] = {
    "cin validate": ("cin", "validate", "{good}", "--out", "{to}"),
    "--json": ("cin", "validate", "{good}", "--json", "--out", "{to}"),
    "--csv": ("cin", "validate", "{good}", "--csv", "--out", "{to}"),
    "--html": ("cin", "validate", "{good}", "--html", "--out", "{to}"),
    "cin build": ("cin", "build", "--year", "2026", "--from", "{good}", "--out", "{to}"),
    "--problems": (
        *("cin", "build", "--year", "2026", "--from", "{good}"),
        *("--out", "{out}/c.xml", "--problems", "{to}"),
    ),
    "cin schema": ("cin", "schema", "--year", "2026", "--out", "{to}"),
    "annex-a build": ("annex-a", "build", "--from", "{good}", "--out", "{to}"),
    "csc-api build": ("csc-api", "build", "--from", "{good}", "--outbox", "{to}"),
}
WRITES_A_FOLDER: dict[str, Command] = {
    "assess": ("assess", "{good}", "--as-at", "2026-03-31", "--out", "{to}"),
    "ssd build": ("ssd", "build", "--from", "{good}", "--out", "{to}"),
    "ssd build, Parquet": (
        *("ssd", "build", "--from", "{good}", "--out", "{to}"),
        *("--format", "parquet"),
    ),
    "simulate": ("simulate", "--children", "100", "--years", "1", "--out", "{to}"),
}


def _pipe(folder: Path) -> Path:
    os.mkfifo(path := folder / "pipe")
    return path


NO_PLACE_FOR_A_FILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a folder": (lambda folder: folder, "is a directory"),
    "in a folder that is not there": (lambda folder: folder / "no" / "such", "there is no folder"),
    "in what is no folder": (lambda folder: folder / "good.xml" / "in", "there is no folder"),
    "no ordinary file": (_pipe, "it is not an ordinary file"),
    "where nobody may write": (lambda folder: Path("/proc/census"), "cannot be written: no such"),
}
NO_PLACE_FOR_A_FOLDER: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a file": (lambda folder: folder / "good.xml", "is a file"),
    "in what is no folder": (lambda folder: folder / "good.xml" / "in", "not a directory"),
    "where nobody may write": (lambda folder: Path("/proc/census"), "cannot be written: no such"),
}


@pytest.mark.parametrize(
    ("command", "to", "wrong"),
    [
        pytest.param(command, to, wrong, id=f"{name} to {where}")
        for commands, nowhere in (
            (WRITES_A_FILE, NO_PLACE_FOR_A_FILE),
            (WRITES_A_FOLDER, NO_PLACE_FOR_A_FOLDER),
        )
        for name, command in commands.items()
        for where, (to, wrong) in nowhere.items()
    ],
)
def test_where_it_cannot_be_written_is_said_and_nothing_else_is_changed(
    command: Command,
    to: Callable[[Path], Path],
    wrong: str,
    places: dict[str, Path],
    tmp_path: Path,
) -> None:
    place = to(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    result = run(command, to=place, **places)
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    [said] = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert wrong in said
    assert "Traceback" not in result.output
    # A census may be whole before its list of problems is found to have no place.
    assert sorted(tmp_path.rglob("*")) in (before, [*before, places["out"] / "c.xml"])
    assert places["good"].read_text(encoding="utf-8") == GOOD


def test_a_file_keeps_what_it_held_until_its_successor_is_whole(
    places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from harbourlight.returns.cin import writing

    def fails(checked: object, out: Any) -> None:
        out.write("half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "write_csv", fails)
    (to := places["out"] / "findings.csv").write_text("last week's", encoding="utf-8")
    result = run(WRITES_A_FILE["--csv"], to=to, **places)
    assert result.exit_code == 2
    assert "cannot be written: no space left on device" in result.stderr
    assert to.read_text(encoding="utf-8") == "last week's"
    assert [*places["out"].iterdir()] == [to]


# ---- Formulas in cells ------------------------------------------------------------------------


def _hostile() -> dict[str, pa.Table]:
    """Two children, everything of whom that may be said in letters begins as a formula does."""
    tables = {}
    for table in SOURCE_TABLES:
        rows = []
        for place, sign in enumerate(BEGINS):
            row: dict[str, Any] = {}
            for column in table.columns:
                text = f"{sign}cmd|'/C calc'!A{place}"
                match column.kind:
                    case Kind.DATE:
                        row[column.name] = date(2026, 1, 5)
                    case Kind.INSTANT:
                        row[column.name] = datetime.fromisoformat("2026-01-05T09:00")
                    case Kind.TEXT if not column.code_set:
                        row[column.name] = text
                    case Kind.TEXT if column.needed:
                        row[column.name] = min(codes(column.code_set))
                    case Kind.JSON:
                        row[column.name] = "[]"
            rows.append(row)
        tables[table.name] = pa.Table.from_pylist(rows, schema=table.arrow_schema())
    del tables["hl_coverage"]
    return tables


def test_no_cell_that_we_write_begins_as_a_formula_does(
    places: dict[str, Path], tmp_path: Path, assured: Any
) -> None:
    write_folder(_hostile(), tmp_path / "extract", "parquet")
    out = places["out"]
    for name, command in OF_A_SOURCE.items():
        if name != "load":
            result = run(command, file=tmp_path / "extract", **places)
            assert result.exit_code in (0, 1), result.output
    problems = ("--problems", "{out}/problems.csv")
    run((*OF_A_SOURCE["cin build"], *problems), file=tmp_path / "extract", **places)
    census = tmp_path / "census.xml"
    words = "; ".join(f"Child LAchildID={sign}1+1 Ethnicity={sign}2+2" for sign in BEGINS)
    census.write_text(make(words).xml(), encoding="utf-8")
    for form in ("csv", "html"):
        to = out / f"findings.{form}"
        run(("cin", "validate", "{file}", f"--{form}", "--out", "{to}"), file=census, to=to)
    cells: dict[str, list[str]] = {}
    for path in out.rglob("*"):
        match path.suffix:
            case ".csv":
                with path.open(encoding="utf-8-sig", newline="") as file:
                    cells[path.name] = [cell for row in csv.reader(file) for cell in row]
            case ".html":
                page = html.fromstring(path.read_text(encoding="utf-8"))
                cells[path.name] = [
                    each.text_content().strip() for each in page.xpath("//td | //th | //caption")
                ]
            case ".xlsx":
                with zipfile.ZipFile(path) as archive:
                    held = b"".join(archive.read(name) for name in archive.namelist())
                assert b"<f>" not in held
                with CalamineWorkbook.from_path(str(path)) as workbook:
                    cells[path.name] = [
                        str(cell)
                        for name in workbook.sheet_names
                        for row in workbook.get_sheet_by_name(name).to_python()
                        for cell in row
                    ]
    assert {"ssd_person.csv", "problems.csv", "findings.csv", "findings.html", "lists.xlsx"} <= {
        *cells
    }
    for name, held in cells.items():
        assert not [cell for cell in held if cell.startswith(BEGINS)], name
    for name in ("ssd_person.csv", "problems.csv", "findings.csv", "findings.html", "lists.xlsx"):
        assert any("'=" in cell for cell in cells[name]), name
    count = sum(len(held) for held in cells.values())
    assured("cells-inert", f"{count:,} cells in {len(cells)} files: 0 begin as a formula")

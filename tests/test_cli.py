"""The command line, as somebody with files and no server would use it."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from harbourlight.cli import main
from harbourlight.ledger.evaluation import LEDGER_SCHEMA
from harbourlight.standards.standard import Outcome
from tests.samples import SAMPLES, needs_samples


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_simulated_trust_is_written_and_assessed(tmp_path: Path, form: str) -> None:
    made = run(
        "simulate", "--children", 300, "--years", 2, "--seed", 3, "--until", "2026-03-31",
        "--format", form, "--out", tmp_path / "trust",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    assert (tmp_path / "trust" / f"ssd_cin_episodes.{form}").is_file()
    truth = json.loads((tmp_path / "trust" / "truth.json").read_text())
    said = run("assess", tmp_path / "trust", "--as-at", "2026-03-31", "--out", tmp_path / "out")
    assert said.exit_code == 0, said.output
    assert "Assessment within 45 working days" in said.output
    ledger = pq.read_table(tmp_path / "out" / "ledger.parquet")
    assert ledger.schema.names == LEDGER_SCHEMA.names
    assert set(ledger["outcome"].to_pylist()) <= set(Outcome)
    failed = {
        (row["standard"], row["about"], row["about_id"])
        for row in ledger.to_pylist()
        if row["outcome"] in (Outcome.MET_LATE, Outcome.OVERDUE)
    }
    planted = {
        (failing["standard"], failing["about"], subject)
        for failing in truth["failings"]
        for subject in failing["subjects"]
    }
    assert failed == planted
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "ledger.parquet", "measures.csv", "report.html", "cannot_answer.csv",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (("assess", "nowhere", "--as-at", "2026-03-31", "--out", "out"), "no such file or folder"),
        (("assess", ".", "--as-at", "31/03/2026", "--out", "out"), "write it as 2026-03-31"),
        (("assess", ".", "--out", "out"), "--as-at"),
        (("simulate", "--children", "1", "--out", "out"), "--children"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], wrong: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = run(*words)
    assert said.exit_code != 0
    assert wrong in said.output
    assert "Traceback" not in said.output
    assert not (tmp_path / "out").exists()


def test_what_is_generated_is_up_to_date_and_a_change_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("generate", "--check").exit_code == 0
    monkeypatch.chdir(tmp_path)
    stale = run("generate", "--check")
    assert stale.exit_code == 1
    assert "docs/standards.md" in stale.output
    assert run("generate").exit_code == 0
    assert run("generate", "--check").exit_code == 0


@needs_samples
def test_assessing_files_starts_no_django(tmp_path: Path) -> None:
    census = SAMPLES / "cin_census_sample.xml"
    asked = (
        "import sys; from harbourlight.cli import main; "
        f"main(['assess', {str(census)!r}, '--as-at', '2022-03-31', "
        f"'--out', {str(tmp_path / 'out')!r}], standalone_mode=False); "
        "sys.exit('django' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_command_that_the_readme_shows_is_one_that_can_be_given() -> None:
    text = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"\.venv/bin/harbourlight ([^\n`#&|]+)", text)
    for row in re.findall(r"^\| `([^|]+) \|", text, re.MULTILINE):
        shown += [words for words in re.findall(r"([^`]+)`", f"{row}`") if words.strip(" ,")]
    assert len(shown) > 12
    for words in shown:
        command, given = main, [word for word in shlex.split(words) if word != "--help"]
        while given and isinstance(command, click.Group):
            command = command.commands[given.pop(0)]
        if "--" in words:
            command.make_context("harbourlight", given)

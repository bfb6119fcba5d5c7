"""What is promised, the mark each promise must reach, and the page of figures a test run writes.

A test gives its figure by `assured("kill-database", "100 kills: 0 lost, 0 partial")`. A run with
`--assurance` takes the long form of each test, and writes `docs/assurance.md` from what passed.
`PROMISES` is the only list: a figure for a promise that is not in it fails the test, and a long run
that leaves one without a figure fails.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "assurance.md"
KEPT = Path(__file__).parents[1] / "var" / "assurance.json"
"""The figures of every long run so far, the latest of each."""


@dataclass(frozen=True)
class Promise:
    """One thing the system must make true, and what a test must measure for it to be believed."""

    section: str
    says: str
    mark: str


PROMISES: dict[str, Promise] = {
    "access-table": Promise(
        "Who may see",
        "Every address, for every role and class of record, answers as its reviewed cell decides",
        "every cell exercised, 0 mismatches",
    ),
    "row-security": Promise(
        "Who may see",
        "Every table about a person has a policy in PostgreSQL, its history included",
        "0 without",
    ),
    "forgotten-filter": Promise(
        "Who may see", "A view that forgets its filter shows nothing hidden", "0 rows"
    ),
    "policy-mutants": Promise(
        "Who may see", "Each policy that is taken away is noticed by a test", "all"
    ),
    "restricted-is-nobody": Promise(
        "Who may see",
        "A restricted record answers those who may not know of it as one that is not there",
        "same status, page and time",
    ),
    "identity-leaks": Promise(
        "Who may see", "Whose identity a request has is not carried to the next", "0 carried over"
    ),
    "private-words": Promise(
        "Questionnaires",
        "On one visit to several children, no child's own words are in a sibling's record",
        "0 found",
    ),
    "asked-only-if": Promise(
        "Questionnaires",
        "What is not asked is not kept, in whatever order the answers came",
        "every set of answers",
    ),
    "digest-lock": Promise(
        "Questionnaires",
        "A published questionnaire that says something else is refused, whatever was changed in it",
        "every change refused",
    ),
    "every-table-tracked": Promise(
        "What was known when",
        "Every table of the record keeps each state of each row, whoever wrote it and however",
        "every table",
    ),
    "known-then": Promise(
        "What was known when",
        "The record as it was known at any past moment is what it was then",
        "equal at every moment",
    ),
    "reads-logged": Promise(
        "What was known when",
        "Every page that shows a child writes down that it did, in its own transaction",
        "every address, every child shown",
    ),
    "tampering-found": Promise(
        "What was known when",
        "History changed, removed, forged, chopped off or sealed again is found, and said where",
        "each of them, to the row",
    ),
    "sealing-speed": Promise(
        "What was known when",
        "History is verified quickly enough to be verified every night",
        "each table in a few statements, never row by row",
    ),
    "unusual-access": Promise(
        "What was known when",
        "Access that is unusual is found by the rule it breaks, and what is usual by none",
        "every situation",
    ),
    "loading-ratio": Promise(
        "What was known when",
        "Filling a record is hardly slower for keeping every row's history",
        "1.6 times without",
    ),
    "identifiers": Promise(
        "People",
        "An NHS number or a pupil number with one character mistyped, or two neighbours changed "
        "round, is told of",
        "every one",
    ),
    "round-trip": Promise(
        "People",
        "What a record is loaded with, of every column of the dataset, comes back as it was given",
        "every row",
    ),
    "genogram": Promise(
        "People",
        "In any family a genogram lays no symbol on another, draws every relationship, and has "
        "everybody in its table",
        "every family",
    ),
    "notices-email": Promise(
        "Background work",
        "An e-mail says that there is something to read, and nothing of whom or what",
        "not a word",
    ),
    "notices-known": Promise(
        "Background work",
        "Nobody is shown, counted or sent a notice about a child they may no longer know of",
        "in none",
    ),
    "documents-safe": Promise(
        "Documents",
        "A file that could run, is not what it says, or unpacks into too much is refused with why",
        "every one planted",
    ),
    "documents-altered": Promise(
        "Documents",
        "A file changed on the disk is never given as a document, and the nightly check finds it",
        "found",
    ),
    "chronology-apps": Promise(
        "Chronology",
        "Every app that records facts about a child tells the chronology of them, or says why not",
        "every app",
    ),
    "chronology-long": Promise(
        "Chronology",
        "A chronology of a thousand events is read a page at a time",
        "no more than 20 queries",
    ),
    "printed-canary": Promise(
        "Documents",
        "No print or letter holds a confidential address for somebody who may not see it",
        "in none",
    ),
    "printed-by": Promise(
        "Documents",
        "Every page of a PDF says who printed it, as what and when; nothing is fetched for it",
        "every page",
    ),
    "jobs-stalled": Promise(
        "Background work",
        "What a worker that died was at is done by the next",
        "done, once",
    ),
    "sign-in-app": Promise(
        "Signing in",
        "An authenticator app's code is good once, and a recovery code is good once",
        "none twice",
    ),
    "sign-in-passkey": Promise(
        "Signing in",
        "A passkey signs in by itself and as the second step, until it is removed",
        "all of it",
    ),
    "sign-in-work-account": Promise(
        "Signing in",
        "A work account signs in its own person alone, and adds no account",
        "0 wrongly let in",
    ),
    "sign-in-slowed": Promise(
        "Signing in",
        "Guessing is stopped in every process at once, the right password with it",
        "after 5 tries",
    ),
    "words-kept": Promise(
        "Signing in",
        "What was typed when a session ended comes back to whoever typed it, and to nobody else",
        "0 words lost, 0 shown to another",
    ),
    "accounts-end": Promise(
        "Signing in",
        "An account that has ended is refused at the very next request",
        "0 pages after the last day",
    ),
    "drafts": Promise(
        "Nothing lost",
        "What is typed is kept as it is typed, for its writer alone, until it is sent",
        "every form page",
    ),
    "two-editors": Promise(
        "Nothing lost",
        "Of people who change one thing at once, each one's edit is kept or they are shown both",
        "0 overwritten unseen",
    ),
    "lost-connections": Promise(
        "Nothing lost", "Losing every connection to the database is seen by nobody", "0 faults seen"
    ),
    "sent-twice": Promise(
        "Nothing lost",
        "A form sent twice, ten times at once, or again by the Back button acts once",
        "1 record, the same answer",
    ),
    "acts-once": Promise(
        "Nothing lost", "Every view that records something acts once for each form", "all of them"
    ),
    "partial-import": Promise(
        "Nothing lost",
        "A load that is killed leaves nothing, and can be done again",
        "0 half loaded",
    ),
    "clocks": Promise(
        "Nothing lost",
        "What happened in the hour that comes twice is recorded as it was, and the hour that never "
        "came is refused in words",
        "every minute of both nights",
    ),
    "disk-full": Promise(
        "Nothing lost",
        "A disk that fills is told of, then refused in words, and loses nothing",
        "told below 10%, refused below 5%, 0 lost",
    ),
    "kill-database": Promise(
        "Nothing lost",
        "Killing the database at any moment loses no acknowledged save and keeps no half of one",
        "0 lost, 0 partial, back in 10 s",
    ),
    "kill-web": Promise(
        "Nothing lost",
        "Killing a web worker at any moment loses no acknowledged save and keeps no half of one",
        "0 lost, 0 partial, back in 10 s",
    ),
    "kill-worker": Promise(
        "Nothing lost",
        "Killing the background worker at any moment loses no acknowledged save",
        "0 lost, 0 partial, back in 10 s",
    ),
    "search-recall": Promise(
        "Finding people",
        "The right person is among the first ten, however they are misspelt or asked for",
        "98 in 100",
    ),
    "search-speed": Promise(
        "Finding people",
        "A search answers at once",
        "95 % under 50 ms, among a million",
    ),
    "twins": Promise(
        "Finding people",
        "Twins, brothers and sisters are not proposed as one without something specific to both",
        "0 proposed",
    ),
    "merge-undone": Promise(
        "Finding people",
        "A merger of two people is undone exactly, whatever their records held",
        "every table the same to the byte",
    ),
    "merge-refuses-unknown": Promise(
        "Finding people",
        "Merging refuses a relation to a person that it was not told of, by its name",
        "every relation named",
    ),
    "every-page-open-to-all": Promise(
        "Screens",
        "On every page axe finds nothing, nothing scrolls sideways at 320 pixels (400 % zoom), and "
        "the Tab key reaches everything",
        "0 faults",
    ),
    "every-string-translatable": Promise(
        "Screens",
        "Every word of a page that nobody recorded is looked up in the catalogue of a language",
        "0 words of ours that are not",
    ),
    "csp": Promise(
        "Screens",
        "Every answer carries the strict policy, and none has a script, a style or a handler in it",
        "0 answers without, 0 inline",
    ),
    "printing": Promise(
        "Screens",
        "A page on paper has no menus or buttons, and says who printed it and as it stood when",
        "every page looked at",
    ),
    "bad-input": Promise(
        "Statutory returns",
        "A bad file, or a place that cannot be written to, gets one clear message and exit 2 from "
        "every command, and nothing is written",
        "every command with every bad file",
    ),
    "cells-inert": Promise(
        "Statutory returns",
        "No cell that we write for a spreadsheet begins as a formula does",
        "0 cells of hostile children",
    ),
    "simulated-gaps": Promise(
        "Statutory returns",
        "The errors in a census built from a simulated trust are what nobody recorded, and no more",
        "the planted gaps",
    ),
    "census-as-checked": Promise(
        "Statutory returns",
        "The page of the census shows what the checker finds in the file that would be submitted, "
        "and each finding of a child leads to its row of the record",
        "every finding the same, none lacking",
    ),
    "census-whole": Promise(
        "Statutory returns",
        "A making of the census that is cut short, wherever it is, leaves the last one whole",
        "every place it tells of its progress",
    ),
    "census-hidden": Promise(
        "Statutory returns",
        "A restricted child leaves no trace on a page, in a count or in a file of findings for who "
        "may not know, and is in the whole census",
        "0 traces",
    ),
    "foreign-file": Promise(
        "Statutory returns",
        "Checking another system's census changes no table of the record, and nobody but who gave "
        "it sees it",
        "0 rows",
    ),
    "record-census": Promise(
        "Statutory returns",
        "The census built from the record is that of the files it was filled from",
        "to the byte",
    ),
    "cin-differences": Promise(
        "Statutory returns",
        "Of thousands of small censuses ours and the sector's open validator answer alike, but "
        "where docs/cin-differences.md says why not",
        "0 unexplained",
    ),
    "cin-round-trip": Promise(
        "Statutory returns",
        "A census that is read and built again has the same children, elements and values",
        "every census",
    ),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--assurance`: the long form, and the page."""
    parser.addoption("--assurance", action="store_true", help="long forms; write docs/assurance.md")


@pytest.fixture(scope="session")
def long_form(pytestconfig: pytest.Config) -> bool:
    """Whether the run is the long one: a hundred kills where `make test` does a few."""
    return bool(pytestconfig.getoption("--assurance"))


@pytest.fixture
def assured(record_property: Callable[[str, object], None]) -> Callable[[str, str], None]:
    """Gives the figure a promise reached, in the test that measured it."""

    def give(promise: str, figure: str) -> None:
        assert promise in PROMISES, f"{promise} is not among the promises of tests/assurance.py"
        record_property("assurance", [promise, figure])

    return give


class Page:
    """Gathers the figures of a long run, keeps them, and writes the page at its end.

    A run of some of the tests leaves the other figures as they were last measured.
    """

    def __init__(self) -> None:
        self.day = datetime.now(UTC).date().isoformat()  # before any test stops the clock
        self.figures: dict[str, list[str]] = {}
        if KEPT.is_file():
            self.figures = json.loads(KEPT.read_text(encoding="utf-8"))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a test that passed measured, and forget what one that failed did before.

        (xdist carries the properties to us.)
        """
        if report.failed:
            for name in [one for one, kept in self.figures.items() if kept[1] == report.nodeid]:
                del self.figures[name]
        if report.when == "call" and report.passed:
            for name, value in report.user_properties:
                if name == "assurance":
                    promise, figure = value  # type: ignore[misc]  # what `assured` gave
                    self.figures[promise] = [figure, report.nodeid, self.day]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the page; a promise nobody measured fails the run."""
        KEPT.parent.mkdir(parents=True, exist_ok=True)
        KEPT.write_text(json.dumps(self.figures, indent=1), encoding="utf-8")
        if self._lacking():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        else:
            PAGE.write_text("\n".join(self._lines()) + "\n", encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say which promises no passing test gave a figure for."""
        if lacking := self._lacking():
            terminalreporter.write_line(f"no figure for: {', '.join(lacking)}", red=True)

    def _lacking(self) -> list[str]:
        return [name for name in PROMISES if name not in self.figures]

    def _lines(self) -> Iterator[str]:
        yield "# Assurance"
        yield ""
        yield (
            "Written by `make assurance` from a run of the tests in their long form. Each line is "
            "a promise, the mark it must reach, what the run measured and when, and the test that "
            "fails if it is broken. `make test` runs a short form of the same tests."
        )
        for section in dict.fromkeys(promise.section for promise in PROMISES.values()):
            yield f"\n## {section}\n"
            yield "| Promise | Mark | Measured | On | Test |"
            yield "|---|---|---|---|---|"
            for name, promise in PROMISES.items():
                if promise.section == section:
                    figure, test, day = self.figures[name]
                    yield f"| {promise.says} | {promise.mark} | {figure} | {day} | `{test}` |"


def pytest_configure(config: pytest.Config) -> None:
    """In the process that gathers the reports, and a long run alone, keep the page."""
    if config.getoption("--assurance") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Page())

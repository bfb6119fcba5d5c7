"""What a file may say, and the exact words, with the line, for what it may not."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from harbourlight.foundation.instruments.file_format import (
    BadFile,
    from_definition,
    read_instrument,
)
from harbourlight.foundation.instruments.manual import instruments_manual
from harbourlight.foundation.instruments.toml_text import written
from harbourlight.record.questionnaires.lock import INSTRUMENTS
from tests.foundation.instruments.instruments import HEAD, WALK, walk

SECTION = '[[section.question]]\nname = "one"\n'
TEXT = SECTION + 'type = "text"\nlabel = "One"\n'

# What stands after the head of nine lines, or is put in its place; and all that is told.
SITUATIONS: dict[str, tuple[str, str]] = {
    "not TOML": (
        "this is = = not",
        "line 9: this is not TOML: Expected '=' after a key in a key/value pair",
    ),
    "a type that is none": (
        SECTION + 'type = "slider"\nlabel = "One"',
        "line 11: type “slider” is not known. There are: text, long_text, one_of, many_of, scale, "
        "yes_no, yes_no_not_known, date, instant, time, number, who, place",
    ),
    "a key that is none": (
        TEXT + "colour = 3",
        "line 13: “colour” is not a key here. There are: name, type, label, noun, hint, guidance, "
        "wanted, choices, when, about, private, fills, needed_by, retired",
    ),
    "a score": (TEXT + "score = 3", "line 13: “score”: an instrument has no scores, of any kind"),
    "a weight on a choice": (
        SECTION + 'type = "one_of"\nlabel = "One"\nchoices = [ '
        '{ value = "a", text = "A", weight = 2 }, { value = "b", text = "B" } ]',
        "line 13: “weight”: an instrument has no scores, of any kind",
    ),
    "figures on a scale": (
        SECTION + 'type = "scale"\nlabel = "One"\nchoices = [ '
        '{ value = "1", text = "Bad" }, { value = "2", text = "Good" } ]',
        "line 13: a scale has words and no figures: an instrument has no scores",
    ),
    "no label": (
        SECTION + 'type = "text"',
        "line 9: label is missing. The question itself.",
    ),
    "a wrong sort of value": (TEXT + "hint = 3", "line 13: hint must be text"),
    "one choice": (
        SECTION + 'type = "one_of"\nlabel = "One"\nchoices = [ { value = "a", text = "A" } ]',
        "line 13: a question of type one_of offers at least two choices",
    ),
    "a choice twice": (
        SECTION + 'type = "one_of"\nlabel = "One"\nchoices = [ '
        '{ value = "a", text = "A" }, { value = "a", text = "B" } ]',
        "line 13: the choice “a” is there twice",
    ),
    "choices where there are none": (
        TEXT + 'choices = [ { value = "a", text = "A" }, { value = "b", text = "B" } ]',
        "line 13: a question of type text offers no choices of its own",
    ),
    "a name twice": (TEXT + TEXT, "line 13: there are two questions “one”"),
    "a name in capitals": (
        SECTION.replace("one", "One") + 'type = "text"\nlabel = "One"',
        "line 10: “One” must be small letters, figures and _, beginning with a letter",
    ),
    "a name of a form's own": (
        SECTION.replace("one", "submission") + 'type = "text"\nlabel = "One"',
        "line 10: “submission” is a name that pages use for themselves",
    ),
    "waiting for nobody": (
        TEXT + 'when = { question = "two", is = "yes" }',
        "line 13: “one” waits for “two”, which is not a question here",
    ),
    "waiting for what is retired": (
        TEXT + 'when = { question = "two", answered = true }\n'
        + TEXT.replace('"one"', '"two"') + "retired = true",
        "line 13: “one” waits for “two”, which is retired",
    ),
    "waiting for an answer that is none": (
        TEXT + 'when = { question = "two", is = "maybe" }\n'
        '[[section.question]]\nname = "two"\ntype = "yes_no"\nlabel = "Two"',
        "line 13: “maybe” is not an answer of “two”. There are: yes, no",
    ),
    "waiting for words": (
        TEXT + 'when = { question = "two", is = "maybe" }\n' + TEXT.replace('"one"', '"two"'),
        "line 13: “two” offers no choices: only answered can be asked of it",
    ),
    "a condition with arithmetic": (
        TEXT + 'when = { question = "two", above = 3 }',
        "line 13: when is not one we can follow. Write { question = …, is = … }, or with "
        "is_any_of, includes or answered in place of is; or { all = […] }, { any = […] }, "
        "{ not = {…} }",
    ),
    "two that wait for each other": (
        TEXT + 'when = { question = "two", answered = true }\n'
        + TEXT.replace('"one"', '"two"') + 'when = { question = "one", answered = false }',
        "line 13: these questions wait for each other: one → two → one",
    ),
    "said once, waiting for each": (
        TEXT + 'about = "shared"\nwhen = { question = "two", answered = true }\n'
        + TEXT.replace('"one"', '"two"'),
        "line 14: “one” is said once for all, so it cannot wait for “two”, "
        "which each answers apart",
    ),
    "private and shared": (
        TEXT + 'about = "shared"\nprivate = true',
        "line 14: private words belong to one person: about must be each",
    ),
    "a column that is no column": (
        TEXT + 'fills = "seen"',
        "line 13: fills must be kind.column, not “seen”",
    ),
    "nothing to ask": ("", "line 1: there is no question to ask"),
}  # fmt: skip


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_is_wrong_is_told_with_its_line(situation: str) -> None:
    added, told = SITUATIONS[situation]
    with pytest.raises(BadFile) as bad:
        read_instrument(HEAD + added, "walk.toml")
    assert str(bad.value) == f"walk.toml, {told}"


def test_every_fault_of_a_file_is_told_at_once_in_the_order_of_its_lines() -> None:
    text = WALK.replace('"scale"', '"slider"').replace("version = 1", "version = 0\npoints = 3")
    with pytest.raises(BadFile) as bad:
        read_instrument(text, "walk.toml")
    assert [fault.line for fault in bad.value.faults] == [3, 4, 41, 43]


def test_a_line_is_found_past_text_of_several_lines_that_looks_like_tables() -> None:
    text = WALK.replace(
        'about = "shared"', 'guidance = """\n[[section]]\nname = "not this"\n"""\nabout = "others"'
    )
    with pytest.raises(BadFile, match="line 37: about “others” is not known"):
        read_instrument(text, "walk.toml")


@pytest.mark.parametrize("file", sorted(INSTRUMENTS.glob("*-*.toml")), ids=lambda file: file.stem)
def test_what_is_read_is_kept_whole_and_written_back_the_same(file: Path) -> None:
    instrument = read_instrument(file.read_text(encoding="utf-8"), file.name)
    assert from_definition(instrument.definition) == instrument
    assert from_definition(instrument.definition).digest == instrument.digest
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    assert tomllib.loads(written(tables)) == tables
    assert read_instrument(written(tables), file.name).digest == instrument.digest


@given(some.text(alphabet=some.characters(exclude_categories=("Cs",))))
def test_whatever_somebody_types_is_written_as_text_that_reads_back_the_same(typed: str) -> None:
    table = {"code": typed, "question": {"seen": {"hint": typed}}, "add": [{"label": typed}]}
    assert tomllib.loads(written(table)) == table


def test_comments_and_spacing_are_no_part_of_what_it_says() -> None:
    assert walk("# a word\n\n" + WALK).digest == walk().digest
    assert walk(WALK.replace("Feet", "Toes")).digest != walk().digest


def test_the_manual_names_every_key_and_every_type() -> None:
    page = instruments_manual()
    for name in ("needed_by", "fills", "wanted", "yes_no_not_known", "is_any_of", "after"):
        assert f"`{name}`" in page or f"{name} =" in page

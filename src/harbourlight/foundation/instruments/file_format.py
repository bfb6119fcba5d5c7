"""The file an instrument is written in: TOML, every key declared here once, checked on reading.

The tables of keys below are the schema. The reader refuses what is not in them, saying on which
line, and `manual` publishes them. All faults of a file are found in one reading.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path as FilePath
from typing import Any

from harbourlight.foundation.instruments.conditions import (
    Condition,
    Is,
    NotACondition,
    leaves,
    read_condition,
)
from harbourlight.foundation.instruments.instrument import (
    WRITTEN_KINDS,
    About,
    Choice,
    Circular,
    Instrument,
    Kind,
    Question,
    Section,
)
from harbourlight.foundation.instruments.toml_text import Path, line_at, lines_of

LOCAL = "local_"
"""How the name of a question, or of a section, begins that an authority has added."""

_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)

_TYPES = {str: "text", int: "a whole number", bool: "true or false", list: "a list", date: "a date"}


@dataclass(frozen=True)
class Key:
    """One key of a table: what it holds, and what it says to its author."""

    name: str
    type: type
    says: str
    required: bool = False


INSTRUMENT_KEYS = (
    Key("code", str, "What the instrument is known by, for ever.", required=True),
    Key("title", str, "What it is called on pages.", required=True),
    Key("version", int, "1, 2, 3: a file whose version was published is not changed.", True),
    Key("in_force_from", date, "The first day it is put to people.", required=True),
    Key("in_force_to", date, "The last day, once that is known."),
    Key("source", str, "What it rests on: the law, guidance or practice it follows.", True),
    Key("introduction", str, "What is said above its list of sections."),
    Key("area", str, "The walled area its answers belong in. Nothing for none."),
    Key("section", list, "The sections, each `[[section]]`.", required=True),
)

SECTION_KEYS = (
    Key("name", str, "Its stable name.", required=True),
    Key("title", str, "Its heading.", required=True),
    Key("introduction", str, "What is said above its questions."),
    Key("question", list, "Its questions, each `[[section.question]]`."),
)

QUESTION_KEYS = (
    Key(
        "name",
        str,
        "Its stable name: small letters, figures and _. It never comes to mean another thing.",
        required=True,
    ),
    Key("type", str, "What kind of answer it takes: see below.", required=True),
    Key("label", str, "The question itself.", required=True),
    Key("noun", str, "What it is called in an error, where the label is a question."),
    Key("hint", str, "A sentence of help, always seen."),
    Key("guidance", str, "More help, seen when it is opened."),
    Key(
        "wanted",
        str,
        "Why an answer is looked for. Who gives none is told this and asked for a reason; "
        "nobody is stopped.",
    ),
    Key("choices", list, "For one_of, many_of and scale: `{ value, text, hint }`, in order."),
    Key("when", dict, "The question is asked only if this holds: see below."),
    Key(
        "about",
        str,
        "Whom it is about, where several are answered for together: `each` (as it is when nothing "
        "is said), `shared` (said once for all), `adult` (said once, about a grown-up).",
    ),
    Key("private", bool, "Whether the words are one person's own and belong in no other record."),
    Key("fills", str, "The column it fills when finished: `kind.column`."),
    Key("needed_by", list, "The standards and returns that rest on it: it is nobody's to remove."),
    Key("retired", bool, "Whether it is no longer asked. Its answers stay readable."),
)

CHOICE_KEYS = (
    Key("value", str, "Its stable value: what is kept.", required=True),
    Key("text", str, "What is read.", required=True),
    Key("hint", str, "A sentence of help."),
)

SCORING = frozenset(
    {"score", "scores", "scoring", "points", "weight", "weights", "total", "threshold", "band"}
)
"""Keys of a kind we refuse: an answer is never a number to add up."""

RESERVED = frozenset({"submission"})
"""Names that no question may have: forms use them."""

CHOOSING_KINDS = (Kind.ONE_OF, Kind.MANY_OF, Kind.SCALE)

_SAID_ONCE_WAITS = (
    "“{name}” is said once for all, so it cannot wait for “{other}”, which each answers apart"
)


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a file, and the line it is on."""

    line: int
    says: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.says}"


class BadFile(ValueError):
    """A file that is not an instrument, or changes one in a way that may not be.

    `faults` are all there are, in the order of the lines.
    """

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        self.name = name
        self.faults = tuple(sorted(faults, key=lambda one: one.line))
        super().__init__("\n".join(f"{name}, {fault}" for fault in self.faults))


@dataclass
class Reading:
    """A file being read: where its things stand, and what was found wrong so far."""

    name: str
    lines: Mapping[Path, int]
    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: Path, says: str) -> None:
        """Something is wrong there."""
        self.faults.append(Fault(line_at(self.lines, path), says))

    def finish(self) -> None:
        """Raise `BadFile` if anything was wrong."""
        if self.faults:
            raise BadFile(self.name, self.faults)

    def table(self, written: object, keys: Sequence[Key], path: Path) -> dict[str, Any]:
        """The keys of a table that are right; each that is not is a fault."""
        if not isinstance(written, Mapping):
            self.fault(path, f"{_spelt(path)} must be a table")
            return {}
        known = {key.name: key for key in keys}
        for name in written:
            if name in SCORING:
                self.fault((*path, name), f"“{name}”: an instrument has no scores, of any kind")
            elif name not in known:
                offered = ", ".join(known)
                self.fault((*path, name), f"“{name}” is not a key here. There are: {offered}")
        right = {}
        for key in keys:
            value = written.get(key.name)
            if value is None:
                if key.required:
                    self.fault(path, f"{key.name} is missing. {key.says}")
            elif not _is(value, key.type):
                words = _TYPES.get(key.type, "a table")
                self.fault((*path, key.name), f"{key.name} must be {words}")
            elif key.required and value in ("", []):
                self.fault((*path, key.name), f"{key.name} is empty. {key.says}")
            else:
                right[key.name] = value.strip() if isinstance(value, str) else value
        return right

    def stable_name(self, name: str, path: Path) -> None:
        """A name must be small letters, figures and _."""
        if name in RESERVED or "__" in name:
            self.fault((*path, "name"), f"“{name}” is a name that pages use for themselves")
        elif name and not _NAME.fullmatch(name):
            says = f"“{name}” must be small letters, figures and _, beginning with a letter"
            self.fault((*path, "name" if path else "code"), says)


def _is(value: object, kind: type) -> bool:
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind is dict:
        return isinstance(value, Mapping)
    return type(value) is kind


def _spelt(path: Path) -> str:
    return str(next((part for part in reversed(path) if isinstance(part, str)), "the file"))


def read_text(text: str, name: str) -> tuple[dict[str, Any], Reading]:
    """The tables of a TOML text. Raises `BadFile` for one that is not TOML."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"^(.*?) \(at line (\d+), column \d+\)$", str(error))
        line = int(found[2]) if found else max(1, len(text.splitlines()))
        says = found[1] if found else str(error).removesuffix(" (at end of document)")
        raise BadFile(name, [Fault(line, f"this is not TOML: {says}")]) from None
    return tables, Reading(name, lines_of(text))


def read_file(file: FilePath) -> Instrument:
    """The instrument a file holds. Raises `BadFile`, with every fault there is."""
    return read_instrument(file.read_text(encoding="utf-8"), file.name)


def read_instrument(text: str, name: str) -> Instrument:
    """The instrument a text holds. Raises `BadFile`, with every fault there is."""
    tables, reading = read_text(text, name)
    instrument = _instrument(tables, reading)
    reading.finish()
    return instrument


def from_definition(definition: Mapping[str, Any]) -> Instrument:
    """The instrument of a definition that was kept: the other way of `Instrument.definition`."""
    said = {key: value for key, value in definition.items() if value is not None}
    edition = said.pop("edition", 0)
    for day in ("in_force_from", "in_force_to"):
        if day in said:
            said[day] = date.fromisoformat(said[day])
    for key in ("introduction", "area"):
        if not said.get(key):
            said.pop(key, None)
    reading = Reading(str(definition.get("code")), {(): 1})
    instrument = _instrument(said, reading, edition=edition)
    reading.finish()
    return instrument


def _instrument(written: Mapping[str, Any], reading: Reading, *, edition: int = 0) -> Instrument:
    said = reading.table(written, INSTRUMENT_KEYS, ())
    reading.stable_name(said.get("code", ""), ())
    if said.get("version", 1) < 1:
        reading.fault(("version",), "version must be 1 or more")
    until = said.get("in_force_to")
    if until and said.get("in_force_from") and until < said["in_force_from"]:
        reading.fault(("in_force_to",), "in_force_to must not be before in_force_from")
    sections = tuple(
        _section(one, reading, ("section", number))
        for number, one in enumerate(said.get("section", ()))
    )
    instrument = Instrument(
        code=said.get("code", ""),
        title=said.get("title", ""),
        version=said.get("version", 1),
        in_force_from=said.get("in_force_from", date.min),
        in_force_to=until,
        source=said.get("source", ""),
        introduction=said.get("introduction", ""),
        area=said.get("area", ""),
        sections=sections,
        edition=edition,
    )
    check_whole(instrument, reading, dict(_paths(instrument)))
    return instrument


def _paths(instrument: Instrument) -> Iterator[tuple[int, Path]]:
    for number, section in enumerate(instrument.sections):
        for place, question in enumerate(section.questions):
            yield id(question), ("section", number, "question", place)


def _section(written: object, reading: Reading, path: Path) -> Section:
    said = reading.table(written, SECTION_KEYS, path)
    reading.stable_name(said.get("name", ""), path)
    return Section(
        name=said.get("name", ""),
        title=said.get("title", ""),
        introduction=said.get("introduction", ""),
        questions=tuple(
            read_question(one, reading, (*path, "question", number))
            for number, one in enumerate(said.get("question", ()))
        ),
    )


def read_question(written: object, reading: Reading, path: Path) -> Question:
    """A question of a file. What is wrong with it goes to the reading's faults."""
    local = isinstance(written, Mapping) and written.get("local") is True
    if local and isinstance(written, Mapping):
        written = {key: value for key, value in written.items() if key != "local"}
    said = reading.table(written, QUESTION_KEYS, path)
    reading.stable_name(said.get("name", ""), path)
    kind = _one_of(Kind, said.get("type", ""), "type", reading, path) or Kind.TEXT
    about = _one_of(About, said.get("about", ""), "about", reading, path) or About.EACH
    choices = _choices(said, kind, reading, path)
    needed_by = said.get("needed_by", [])
    if not all(isinstance(one, str) and one for one in needed_by):
        reading.fault((*path, "needed_by"), "needed_by must be a list of names")
        needed_by = []
    if fills := said.get("fills", ""):
        parts = fills.split(".")
        if len(parts) != 2 or not all(_NAME.fullmatch(part) for part in parts):
            reading.fault((*path, "fills"), f"fills must be kind.column, not “{fills}”")
    if said.get("private") and about is not About.EACH:
        reading.fault((*path, "private"), "private words belong to one person: about must be each")
    if said.get("private") and kind not in WRITTEN_KINDS:
        reading.fault((*path, "private"), "private is for text")
    return Question(
        name=said.get("name", ""),
        kind=kind,
        label=said.get("label", ""),
        noun=said.get("noun", ""),
        hint=said.get("hint", ""),
        guidance=said.get("guidance", ""),
        wanted=said.get("wanted", ""),
        choices=choices,
        when=_condition(said.get("when"), reading, path),
        about=about,
        private=said.get("private", False),
        fills=fills,
        needed_by=tuple(needed_by),
        retired=said.get("retired", False),
        local=local,
    )


def _one_of(kinds: Any, value: str, key: str, reading: Reading, path: Path) -> Any:
    if not value:
        return None
    try:
        return kinds(value)
    except ValueError:
        offered = ", ".join(one.value for one in kinds)
        reading.fault((*path, key), f"{key} “{value}” is not known. There are: {offered}")
        return None


def _choices(
    said: Mapping[str, Any], kind: Kind, reading: Reading, path: Path
) -> tuple[Choice, ...]:
    here = (*path, "choices")
    choices = []
    for number, one in enumerate(said.get("choices", ())):
        told = reading.table(one, CHOICE_KEYS, (*here, number))
        choices.append(Choice(told.get("value", ""), told.get("text", ""), told.get("hint", "")))
    values = [one.value for one in choices]
    if kind in CHOOSING_KINDS and "type" in said and len(choices) < 2:
        reading.fault(here, f"a question of type {kind.value} offers at least two choices")
    if kind not in CHOOSING_KINDS and choices:
        reading.fault(here, f"a question of type {kind.value} offers no choices of its own")
    for value in sorted({one for one in values if values.count(one) > 1}):
        reading.fault(here, f"the choice “{value}” is there twice")
    if kind is Kind.SCALE and any(re.fullmatch(r"[\d.,+-]+", value) for value in values):
        reading.fault(here, "a scale has words and no figures: an instrument has no scores")
    return tuple(choices)


def _condition(written: object, reading: Reading, path: Path) -> Condition | None:
    if written is None:
        return None
    try:
        return read_condition(written)
    except NotACondition as not_one:
        reading.fault((*path, "when"), str(not_one))
        return None


def check_whole(instrument: Instrument, reading: Reading, paths: Mapping[int, Path]) -> None:
    """Look at what only the whole shows: names twice, conditions over what is not there, circles.

    `paths` says, by `id`, where each question stands in the file that is being read; a question
    that stands in another is not in it.
    """
    every = [*instrument.all_questions()]
    sections = [one.name for one in instrument.sections]
    for number, name in enumerate(sections):
        if name and name in sections[:number]:
            reading.fault(("section", number), f"there are two sections “{name}”")
    seen: set[str] = set()
    for question in every:
        if question.name and question.name in seen:
            says = f"there are two questions “{question.name}”"
            reading.fault(paths.get(id(question), ()), says)
        seen.add(question.name)
    if not instrument.questions:
        reading.fault((), "there is no question to ask")
    for question in every:
        path = (*paths.get(id(question), ()), "when")
        for leaf in leaves(question.when) if question.when else ():
            if says := _wrong_with(question, leaf, instrument):
                # What waits may be in no file that is read: then it is what it waits for that is.
                other = instrument.retired_questions.get(leaf.question)
                elsewhere = paths.get(id(other), ()) if id(question) not in paths else ()
                reading.fault(elsewhere or path, says)
        if question.when and question.is_needed and not question.retired:
            unneeded = [
                name
                for name in question.when.names()
                if name in instrument.questions and instrument.questions[name].local
            ]
            if unneeded:
                says = f"“{question.name}” is needed: it cannot wait for a local question"
                reading.fault(path, says)
    try:
        _ = instrument.in_order_of_asking
    except Circular as circle:
        first = instrument.questions[circle.names[0]]
        says = f"these questions wait for each other: {' → '.join(circle.names)}"
        reading.fault((*paths.get(id(first), ()), "when"), says)


def _wrong_with(question: Question, leaf: Any, instrument: Instrument) -> str:
    """What is wrong with one comparison of a question's condition; nothing if it is right."""
    if question.retired:
        return ""
    other = instrument.questions.get(leaf.question)
    if other is None:
        gone = leaf.question in instrument.retired_questions
        how = "is retired" if gone else "is not a question here"
        return f"“{question.name}” waits for “{leaf.question}”, which {how}"
    if question.about.is_said_once and other.about is About.EACH:
        return _SAID_ONCE_WAITS.format(name=question.name, other=other.name)
    if not isinstance(leaf, Is):
        return ""
    if not other.offered:
        return f"“{other.name}” offers no choices: only answered can be asked of it"
    offered = [one.value for one in other.offered]
    for value in leaf.values:
        if value not in offered:
            return f"“{value}” is not an answer of “{other.name}”. There are: {', '.join(offered)}"
    return ""

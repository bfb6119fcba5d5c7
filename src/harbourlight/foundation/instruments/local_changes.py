"""An authority's own changes to an instrument: what may be changed, and the instrument they make.

    code = "visit"

    [question.bedroom]            words of a question that is there; or `retired = true`
    hint = "…"

    [[section]]                   a section of the authority's own
    name = "local_housing"
    title = "Housing"

    [[add]]                       a question of its own
    section = "home"
    after = "bedroom"
    name = "local_damp"
    type = "yes_no"
    label = "Is there damp?"

    [order]                       the order of a section's questions; those not named come after
    home = ["local_damp", "bedroom"]

What a standard, a return or a column rests on may be reworded and moved, and never taken away, nor
its answers changed, nor its condition.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from harbourlight.foundation.instruments.conditions import written_condition
from harbourlight.foundation.instruments.file_format import (
    LOCAL,
    QUESTION_KEYS,
    SECTION_KEYS,
    Key,
    Reading,
    check_whole,
    read_question,
    read_text,
)
from harbourlight.foundation.instruments.instrument import About, Instrument, Question, Section
from harbourlight.foundation.instruments.toml_text import Path, written

CHANGES_KEYS = (
    Key("code", str, "The instrument that is changed.", required=True),
    Key("question", dict, "Changes of words: `[question.NAME]`."),
    Key("section", list, "Sections of the authority's own, each `[[section]]`."),
    Key("add", list, "Questions of its own, each `[[add]]`."),
    Key("order", dict, "The order of questions, by section."),
)

CHANGE_KEYS = (
    Key("label", str, "The question in other words. It must mean the same."),
    Key("noun", str, "What it is called in an error."),
    Key("hint", str, "A sentence of help, always seen."),
    Key("guidance", str, "More help, seen when it is opened."),
    Key("wanted", str, "Why an answer is looked for here."),
    Key("retired", bool, "Whether it is no longer asked. Not for what a standard rests on."),
)

_NOT_LOCAL = frozenset({"fills", "needed_by", "retired"})

ADD_KEYS = (
    Key("section", str, "The section it goes in.", required=True),
    Key("after", str, "The question it follows; the last of the section when not given."),
    *(key for key in QUESTION_KEYS if key.name not in _NOT_LOCAL),
)

LOCAL_SECTION_KEYS = tuple(key for key in SECTION_KEYS if key.name != "question")


@dataclass(frozen=True)
class _Added:
    question: Question
    section: str
    after: str
    path: Path


def changed(base: Instrument, text: str, name: str, *, edition: int) -> Instrument:
    """The instrument with an authority's changes. Raises `BadFile`, each fault with its line."""
    tables, reading = read_text(text, name)
    said = reading.table(tables, CHANGES_KEYS, ())
    if said.get("code") not in (None, base.code):
        reading.fault(("code",), f"these are changes of “{said['code']}”, not of “{base.code}”")
    words = _reworded(base, said.get("question", {}), reading)
    added = [_added(one, reading, ("add", place)) for place, one in enumerate(said.get("add", ()))]
    sections = [
        replace(one, questions=tuple(words.get(q.name, q) for q in one.questions))
        for one in base.sections
    ]
    sections += _local_sections(said.get("section", ()), reading)
    sections = _with_added(sections, added, reading)
    sections = _in_order(sections, said.get("order", {}), reading)
    made = replace(base, sections=tuple(sections), edition=edition, lines={})
    paths = {id(one.question): one.path for one in added}
    paths |= {id(one): ("question", name) for name, one in words.items()}
    check_whole(made, reading, paths)
    reading.finish()
    return made


def _reworded(base: Instrument, tables: Mapping[str, Any], reading: Reading) -> dict[str, Question]:
    every = {one.name: one for one in base.all_questions()}
    words = {}
    for name, table in tables.items():
        path: Path = ("question", name)
        said = reading.table(table, CHANGE_KEYS, path)
        question = every.get(name)
        if question is None:
            reading.fault(path, f"“{name}” is not a question of {base.title}")
            continue
        if said.get("retired") and question.is_needed:
            rests = ", ".join(question.needed_by) or f"the column {question.fills}"
            says = f"“{name}” cannot be retired: {rests} needs it"
            reading.fault((*path, "retired"), says)
            del said["retired"]
        if question.is_needed and said.get("wanted") == "" and question.wanted:
            says = f"“{name}” is needed: what is said when it is not answered may be put otherwise"
            reading.fault((*path, "wanted"), f"{says}, not taken away")
        if said.get("label") == "":
            reading.fault((*path, "label"), "label is empty")
        if said.get("retired") is False and question.retired:
            says = f"“{name}” was retired by those who keep the instrument, and stays so"
            reading.fault((*path, "retired"), says)
        words[name] = replace(question, **said)
    return words


def _added(table: object, reading: Reading, path: Path) -> _Added:
    said = reading.table(table, ADD_KEYS, path)
    keys = {key.name for key in QUESTION_KEYS}
    own = {key: value for key, value in said.items() if key in keys}
    missing = {key.name for key in QUESTION_KEYS if key.required} - own.keys()
    # What is missing was told already; reading it again would tell it twice.
    quiet = Reading(reading.name, reading.lines) if missing else reading
    question = replace(read_question(own, quiet, path), local=True)
    if question.name and not question.name.startswith(LOCAL):
        says = f"the name of a question of your own begins with {LOCAL}: {LOCAL}{question.name}"
        reading.fault((*path, "name"), says)
    return _Added(question, said.get("section", ""), said.get("after", ""), path)


def _local_sections(tables: Sequence[object], reading: Reading) -> list[Section]:
    sections = []
    for number, table in enumerate(tables):
        path: Path = ("section", number)
        said = reading.table(table, LOCAL_SECTION_KEYS, path)
        name = said.get("name", "")
        if name and not name.startswith(LOCAL):
            says = f"the name of a section of your own begins with {LOCAL}: {LOCAL}{name}"
            reading.fault((*path, "name"), says)
        sections.append(Section(name, said.get("title", ""), said.get("introduction", "")))
    return sections


def _with_added(
    sections: list[Section], added: Sequence[_Added], reading: Reading
) -> list[Section]:
    names = [one.name for one in sections]
    for one in added:
        if one.section not in names:
            if one.section:
                says = f"there is no section “{one.section}”. There are: {', '.join(names)}"
                reading.fault((*one.path, "section"), says)
            continue
        place = names.index(one.section)
        questions = [*sections[place].questions]
        after = [question.name for question in questions]
        if one.after and one.after not in after:
            says = f"there is no question “{one.after}” in “{one.section}” to come after"
            reading.fault((*one.path, "after"), says)
        where = after.index(one.after) + 1 if one.after in after else len(questions)
        questions.insert(where, one.question)
        sections[place] = replace(sections[place], questions=tuple(questions))
    return sections


def _in_order(sections: list[Section], order: Mapping[str, Any], reading: Reading) -> list[Section]:
    ordered = {one.name: one for one in sections}
    for name, wanted in order.items():
        path: Path = ("order", name)
        section = ordered.get(name)
        if section is None:
            reading.fault(path, f"there is no section “{name}”. There are: {', '.join(ordered)}")
            continue
        if not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
            reading.fault(path, "the order of a section is a list of the names of its questions")
            continue
        there = {one.name: one for one in section.questions}
        for one in wanted:
            if one not in there:
                reading.fault(path, f"“{one}” is not a question of “{name}”")
        first = [there[one] for one in dict.fromkeys(wanted) if one in there]
        rest = [one for one in section.questions if one not in first]
        ordered[name] = replace(section, questions=(*first, *rest))
    return [*ordered.values()]


# ---- Changes made on pages ----------------------------------------------------------------------


@dataclass
class Changes:
    """An authority's changes as tables, for a page to alter one at a time and write as text."""

    tables: dict[str, Any]

    @classmethod
    def read(cls, text: str, code: str) -> "Changes":
        """The changes a text holds; none for an empty one. Raises `BadFile` if it is not TOML."""
        tables, _ = read_text(text, code) if text.strip() else ({}, None)
        return cls({"code": code} | tables)

    @property
    def text(self) -> str:
        """The file that says them."""
        order = ("code", "question", "section", "add", "order")
        return written({key: self.tables[key] for key in order if self.tables.get(key)})

    def reword(self, question: Question, words: Mapping[str, str], *, retired: bool) -> None:
        """Say other words of a question that is there. What is as it came is not written."""
        said: dict[str, Any] = {
            key: value for key, value in words.items() if value != getattr(question, key)
        }
        if retired:
            said["retired"] = True
        tables = self.tables.setdefault("question", {})
        tables.pop(question.name, None)
        if said:
            tables[question.name] = said

    def add(self, question: Question, *, section: str, after: str = "") -> None:
        """Add a question of the authority's own, or change the one there is of that name."""
        table = {
            "section": section,
            "after": after or None,
            "name": question.name,
            "type": question.kind.value,
            "label": question.label,
            "noun": question.noun or None,
            "hint": question.hint or None,
            "guidance": question.guidance or None,
            "wanted": question.wanted or None,
            "about": question.about.value if question.about is not About.EACH else None,
            "choices": [
                {key: text for key, text in vars(one).items() if text} for one in question.choices
            ],
            "when": written_condition(question.when) if question.when else None,
            "private": question.private or None,
        }
        table = {key: value for key, value in table.items() if value not in (None, [])}
        others = self.tables.get("add", [])
        names = [one.get("name") for one in others]
        if question.name in names:
            others[names.index(question.name)] = table
        else:
            self.tables["add"] = [*others, table]

    def rename(self, name: str, words: Mapping[str, str]) -> None:
        """Say other words of a question of the authority's own. Its name stays."""
        for table in self.tables.get("add", []):
            if table["name"] == name:
                for key, text in words.items():
                    table.pop(key, None)
                    if text:
                        table[key] = text

    def remove(self, name: str) -> None:
        """Take away a question of the authority's own that was never put to anybody, or was."""
        self.tables["add"] = [one for one in self.tables.get("add", []) if one["name"] != name]
        for section, names in self.tables.get("order", {}).items():
            self.tables["order"][section] = [one for one in names if one != name]
        for one in self.tables["add"]:
            if one.get("after") == name:
                one.pop("after")

    def move(self, section: Section, name: str, *, up: bool) -> None:
        """Put a question one place earlier or later in its section."""
        names = [one.name for one in section.questions]
        place = names.index(name)
        other = place - 1 if up else place + 1
        if 0 <= other < len(names):
            names[place], names[other] = names[other], names[place]
            self.tables.setdefault("order", {})[section.name] = names

"""The page that says how an instrument is written: the schema as its tables of keys declare it."""

from collections.abc import Iterator, Sequence

from harbourlight.foundation.instruments.file_format import (
    CHOICE_KEYS,
    CHOOSING_KINDS,
    INSTRUMENT_KEYS,
    LOCAL,
    QUESTION_KEYS,
    SCORING,
    SECTION_KEYS,
    Key,
)
from harbourlight.foundation.instruments.instrument import Kind
from harbourlight.foundation.instruments.local_changes import (
    ADD_KEYS,
    CHANGE_KEYS,
    CHANGES_KEYS,
    LOCAL_SECTION_KEYS,
)

_HOLDS = {
    str: "text",
    int: "whole number",
    bool: "true or false",
    list: "list",
    dict: "table",
}

_CONDITIONS = """\
| Written | Holds if |
|---|---|
| `{ question = "seen", is = "no" }` | the answer is that |
| `{ question = "where", is_any_of = ["home", "relative"] }` | the answer is one of those |
| `{ question = "left_because", includes = "other" }` | that is among what was ticked |
| `{ question = "own_words", answered = true }` | there is an answer; with `false`, none |
| `{ all = [ … ] }`, `{ any = [ … ] }`, `{ not = { … } }` | all, one, or none of those hold |"""


def instruments_manual() -> str:
    """The whole page, as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# How a questionnaire is written"
    yield ""
    yield (
        "Generated from what reads the files: `harbourlight generate`. A file is TOML, one version "
        "of one questionnaire in each. What is not in these tables is refused, with its line. "
        "There are no scores: the keys "
        + ", ".join(f"`{one}`" for one in sorted(SCORING))
        + " are refused wherever they stand."
    )
    yield from _table("A questionnaire", INSTRUMENT_KEYS)
    yield from _table("A section: `[[section]]`", SECTION_KEYS)
    yield from _table("A question: `[[section.question]]`", QUESTION_KEYS)
    yield from _table("A choice: `{ value = …, text = … }`", CHOICE_KEYS)
    yield from ("", "## Types", "", "| `type` | The answer | Choices |", "|---|---|---|")
    for kind in Kind:
        choices = "its own, two or more" if kind in CHOOSING_KINDS else ""
        yield f"| `{kind.value}` | {kind.in_words} | {choices} |"
    yield ""
    yield "The choices of a scale are words: figures are refused."
    yield from ("", "## Asked only if", "", _CONDITIONS, "")
    yield (
        "A question that was not asked counts as not answered. Questions that wait for each other "
        "in a circle are refused, and so is one said once for all that waits for one that each "
        "answers apart. What is not asked is not kept."
    )
    yield from ("", "# An authority's own changes", "")
    yield (
        "Made on the pages under Questionnaires, or as a file there: `CODE.toml` in the folder "
        "that `HARBOURLIGHT_INSTRUMENTS` names (`instruments` in the installation's own folder "
        "when it names none) is offered for reading in. Either way it is a draft, looked at and "
        f"then put in force from a day. Names of one's own begin with `{LOCAL}`."
    )
    yield from _table("The file", CHANGES_KEYS)
    yield from _table("Other words: `[question.NAME]`", CHANGE_KEYS)
    yield from _table("A section of one's own: `[[section]]`", LOCAL_SECTION_KEYS)
    yield from _table("A question of one's own: `[[add]]`", ADD_KEYS)
    yield ""
    yield (
        "What `needed_by` or `fills` names may be reworded and moved. It cannot be retired, and "
        "cannot be made to wait for anything else."
    )


def _table(heading: str, keys: Sequence[Key]) -> Iterator[str]:
    yield from ("", f"## {heading}", "", "| Key | Holds | Says |", "|---|---|---|")
    for key in keys:
        needed = " (required)" if key.required else ""
        yield f"| `{key.name}`{needed} | {_HOLDS.get(key.type, 'date')} | {key.says} |"

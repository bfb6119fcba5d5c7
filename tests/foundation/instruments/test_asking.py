"""What is asked only if, what is kept, and what differs between two versions."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from harbourlight.foundation.instruments.answering import (
    form_for,
    in_words,
    progress,
    questions_of_page,
)
from harbourlight.foundation.instruments.comparison import compared, differences
from harbourlight.foundation.instruments.conditions import (
    is_answer,
    read_condition,
    written_condition,
)
from harbourlight.foundation.instruments.file_format import from_definition
from harbourlight.foundation.instruments.instrument import Instrument
from tests.foundation.instruments.instruments import WALK, walk

ANSWERS = {
    "a": some.sampled_from(["yes", "no", None]),
    "b": some.sampled_from(["yes", "no", None]),
    "c": some.lists(some.sampled_from(["x", "y"]), unique=True),
    "d": some.sampled_from(["Words.", "", None]),
    "e": some.sampled_from(["yes", "no", None]),
}
OFFERED = {"a": ["yes", "no"], "b": ["yes", "no"], "c": ["x", "y"], "e": ["yes", "no"]}
TYPES = {"a": "yes_no", "b": "yes_no", "c": "many_of", "d": "text", "e": "yes_no"}


def _leaf(name: str) -> some.SearchStrategy[dict[str, Any]]:
    answered = some.fixed_dictionaries({"question": some.just(name), "answered": some.booleans()})
    if name not in OFFERED:
        return answered
    value = some.sampled_from(OFFERED[name])
    is_one = some.fixed_dictionaries({"question": some.just(name), "is": value})
    several = some.lists(value, min_size=1, max_size=2, unique=True)
    is_any = some.fixed_dictionaries({"question": some.just(name), "is_any_of": several})
    return answered | is_one | is_any


def _conditions(names: list[str]) -> some.SearchStrategy[dict[str, Any]]:
    return some.recursive(
        some.sampled_from(names).flatmap(_leaf),
        lambda inner: (
            some.lists(inner, min_size=1, max_size=3).map(lambda them: {"all": them})
            | some.lists(inner, min_size=1, max_size=3).map(lambda them: {"any": them})
            | inner.map(lambda one: {"not": one})
        ),
        max_leaves=4,
    )


@some.composite
def instruments(draw: Callable[[Any], Any]) -> Instrument:
    """Five questions in any order on the page, each waiting for any of those before it here."""
    names = [*TYPES]
    questions = []
    for number, name in enumerate(names):
        table: dict[str, Any] = {"name": name, "type": TYPES[name], "label": name}
        if name == "c":
            table["choices"] = [{"value": one, "text": one} for one in OFFERED["c"]]
        if number and draw(some.booleans()):
            table["when"] = draw(_conditions(names[:number]))
        questions.append(table)
    shuffled = draw(some.permutations(questions))
    section = {"name": "only", "title": "Only", "question": [*shuffled]}
    definition = walk().definition | {"section": [section]}
    return from_definition(definition)


def slowly_asked(instrument: Instrument, answers: Mapping[str, Any]) -> set[str]:
    """The same by another way: strike out what is not asked until nothing more changes."""
    asked = set(instrument.questions)
    while True:
        heard = {name: value for name, value in answers.items() if name in asked}
        now = {
            name
            for name, one in instrument.questions.items()
            if one.when is None or one.when.holds(heard)
        }
        if now == asked:
            return asked
        asked = now


@given(instrument=instruments(), answers=some.fixed_dictionaries(ANSWERS), data=some.data())
def test_what_is_not_asked_is_not_kept_in_whatever_order_answers_came(
    instrument: Instrument, answers: dict[str, Any], data: Any
) -> None:
    asked = instrument.asked(answers)
    assert asked == slowly_asked(instrument, answers)
    kept = instrument.kept(answers)
    assert set(kept) == {name for name in asked if is_answer(answers[name])}
    # Keeping is the same done twice, and what was dropped changes nothing.
    assert instrument.kept(kept) == kept
    assert instrument.asked(kept) == asked
    # Nor does the order of the answers, or of the questions.
    order = data.draw(some.permutations([*answers]))
    assert instrument.asked({name: answers[name] for name in order}) == asked
    (section,) = instrument.sections
    turned = replace(section, questions=section.questions[::-1])
    assert replace(instrument, sections=(turned,)).asked(answers) == asked


def test_the_promise_is_measured(assured: Callable[[str, str], None]) -> None:
    """Every set of answers to a walk, in each of which what is kept is what is asked."""
    looked = 0
    for rain in ("yes", "no", None):
        for wet in ([], ["feet"], ["hat"], ["feet", "hat"]):
            for blisters in ("Heel.", ""):
                answers = {"rain": rain, "wet": wet, "blisters": blisters}
                kept = walk().kept(answers)
                assert ("wet" in kept) == (rain == "yes" and bool(wet))
                assert ("blisters" in kept) == ("feet" in kept.get("wet", []) and bool(blisters))
                looked += 1
    assured("asked-only-if", f"{looked} sets by hand and 100 instruments at random: 0 kept wrongly")


@given(_conditions([*TYPES]))
def test_a_condition_is_written_as_it_is_read(written: dict[str, Any]) -> None:
    condition = read_condition(written)
    assert read_condition(written_condition(condition)) == condition


# ---- On a page ----------------------------------------------------------------------------------


def test_a_choice_reveals_on_its_page_what_waits_for_it_and_what_waits_for_that() -> None:
    way = walk().sections[0].questions
    page = questions_of_page(walk(), way, {})
    assert [one.name for one in page] == ["rain", "wet", "blisters", "company"]
    typed = {"rain": "yes", "wet": ["feet", "hat"], "blisters": "Heel."}
    form = form_for(walk(), page, data=typed, answers={})
    assert [bound.name for bound in form.drawn()] == ["rain", "company"]
    assert form.is_valid()
    assert form.given == typed
    stale = form_for(walk(), page, data=typed | {"rain": "no"}, answers={})
    assert stale.is_valid()
    assert stale.given == {"rain": "no"}


def test_progress_is_told_by_what_is_asked_and_wanted() -> None:
    way = walk().sections[0].questions
    assert progress(walk(), way, {}).says == "Not started"
    assert progress(walk(), way, {"company": "Ola"}).says == "In progress"
    assert progress(walk(), way, {"rain": "no"}).says == "Completed"
    assert progress(walk(), way[1:3], {"rain": "no"}).says == "Nothing to ask"


# ---- Two versions -------------------------------------------------------------------------------

SECOND = (
    WALK.replace("version = 1", "version = 2")
    .replace("2026-01-01", "2026-06-01")
    .replace("Did it rain?", "Did it rain at all?")
    .replace('label = "Who came along?"', 'label = "Who came along?"\nretired = true')
    + '[[section.question]]\nname = "supper"\ntype = "text"\nlabel = "What was for supper?"\n'
)


def test_two_versions_are_compared_by_what_was_added_retired_and_reworded() -> None:
    found = {(one.name, one.what) for one in differences(walk(), walk(SECOND))}
    assert found == {
        ("rain", "Reworded"),
        ("company", "Retired"),
        ("supper", "Added"),
    }
    assert differences(walk(), walk()) == []


def test_what_a_retired_question_was_answered_can_be_read_in_its_own_words() -> None:
    then = {"rain": "yes", "company": "Ola", "tired": "very"}
    now = {"rain": "yes", "supper": "Soup"}
    rows = {one.name: one for one in compared(walk(), then, walk(SECOND), now)}
    assert [name for name, one in rows.items() if one.is_changed] == ["company", "tired", "supper"]
    company = rows["company"]
    assert company.then_question
    assert company.then_question.label == "Who came along?"
    assert in_words(company.then_question, company.then, {}) == "Ola"
    assert company.now_question
    assert company.now_question.retired
    assert rows["rain"].is_reworded

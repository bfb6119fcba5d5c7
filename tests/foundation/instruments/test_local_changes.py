"""What an authority may change of an instrument, and what it may not."""

import pytest

from harbourlight.foundation.instruments.file_format import BadFile
from harbourlight.foundation.instruments.forms import new_name
from harbourlight.foundation.instruments.instrument import Choice, Kind, Question
from harbourlight.foundation.instruments.local_changes import Changes, changed
from tests.foundation.instruments.instruments import walk

GOOD = """\
code = "walk"

[question.rain]
label = "Was there rain?"

[question.company]
retired = true

[[section]]
name = "local_dogs"
title = "Dogs"

[[add]]
section = "local_dogs"
name = "local_dog"
type = "yes_no"
label = "Did a dog come?"

[[add]]
section = "way"
after = "rain"
name = "local_mud"
type = "long_text"
label = "How was the mud?"
when = { question = "rain", is = "yes" }

[order]
way = ["blisters", "rain"]
"""

SITUATIONS = {
    "of another instrument": ('code = "run"', "line 1: these are changes of “run”, not of “walk”"),
    "of no question": (
        '[question.snow]\nlabel = "Snow?"',
        "line 2: “snow” is not a question of A walk",
    ),
    "taking away what is needed": (
        "[question.rain]\nretired = true",
        "line 3: “rain” cannot be retired: Drying room needs it",
    ),
    "no longer wanting what is needed": (
        '[question.rain]\nwanted = ""',
        "line 3: “rain” is needed: what is said when it is not answered may be put otherwise, "
        "not taken away",
    ),
    "another kind of answer": (
        '[question.rain]\ntype = "text"',
        "line 3: “type” is not a key here. There are: label, noun, hint, guidance, wanted, retired",
    ),
    "a score": (
        "[question.rain]\nscore = 1",
        "line 3: “score”: an instrument has no scores, of any kind",
    ),
    "another's name": (
        '[[add]]\nsection = "way"\nname = "mud"\ntype = "text"\nlabel = "Mud"',
        "line 4: the name of a question of your own begins with local_: local_mud",
    ),
    "a column of a record": (
        '[[add]]\nsection = "way"\nname = "local_mud"\ntype = "text"\nlabel = "Mud"\nfills = "a.b"',
        "line 7: “fills” is not a key here. There are: section, after, name, type, label, noun, "
        "hint, guidance, wanted, choices, when, about, private",
    ),
    "no such section": (
        '[[add]]\nsection = "sea"\nname = "local_mud"\ntype = "text"\nlabel = "Mud"',
        "line 3: there is no section “sea”. There are: way, after",
    ),
    "what another waits for": (
        "[question.wet]\nretired = true",
        "line 2: “blisters” waits for “wet”, which is retired",
    ),
    "an order of what is not there": (
        '[order]\nway = ["rain", "sun"]',
        "line 3: “sun” is not a question of “way”",
    ),
    "a section not ours": (
        '[[section]]\nname = "dogs"\ntitle = "Dogs"',
        "line 3: the name of a section of your own begins with local_: local_dogs",
    ),
}  # fmt: skip


def test_words_order_and_questions_of_one_s_own_are_changed_and_nothing_else_is() -> None:
    made = changed(walk(), GOOD, "walk.toml", edition=3)
    way, after, dogs = made.sections
    assert [one.name for one in way.questions] == [
        "blisters", "rain", "local_mud", "wet", "company",
    ]  # fmt: skip
    assert after == walk().sections[1]
    assert [one.name for one in dogs.questions] == ["local_dog"]
    assert made.questions["rain"].label == "Was there rain?"
    assert made.questions["rain"].is_needed
    assert made.questions["local_mud"].local
    assert list(made.retired_questions) == ["company"]
    assert made.version_in_words == "version 1 with local changes 3"
    assert made.digest != walk().digest


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_may_not_be_changed_is_told_with_its_line(situation: str) -> None:
    text, told = SITUATIONS[situation]
    text = text if text.startswith("code") else f'code = "walk"\n{text}'
    with pytest.raises(BadFile) as bad:
        changed(walk(), text, "changes", edition=1)
    assert str(bad.value) == f"changes, {told}"


def test_what_is_done_on_pages_is_written_as_a_file_that_reads_the_same() -> None:
    held = Changes.read("", "walk")
    rain = walk().questions["rain"]
    words = {name: getattr(rain, name) for name in ("label", "noun", "hint", "guidance", "wanted")}
    held.reword(rain, words | {"hint": "Any at all.\nEven mist."}, retired=False)
    dog = Question(
        "local_dog",
        Kind.ONE_OF,
        "Which “dog”?",
        choices=(Choice("big", "Big"), Choice("small", "Small", "Under a foot")),
        local=True,
    )
    held.add(dog, section="way", after="rain")
    made = changed(walk(), held.text, "walk.toml", edition=1)
    assert made.questions["rain"].hint == "Any at all.\nEven mist."
    assert made.questions["local_dog"] == dog
    held.move(made.sections[0], "local_dog", up=True)
    again = Changes.read(held.text, "walk")
    assert again.tables == held.tables
    made = changed(walk(), again.text, "walk.toml", edition=1)
    assert [*made.questions][:2] == ["local_dog", "rain"]
    again.rename("local_dog", {"label": "Which?", "hint": ""})
    assert changed(walk(), again.text, "w", edition=1).questions["local_dog"].label == "Which?"
    again.remove("local_dog")
    again.reword(rain, words, retired=False)
    assert not changed(walk(), again.text, "w", edition=0).questions.keys() ^ walk().questions


def test_a_question_of_one_s_own_is_named_by_its_words_and_never_as_another() -> None:
    assert new_name("Is there damp?", []) == "local_is_there_damp"
    assert new_name("Is there damp?", ["local_is_there_damp"]) == "local_is_there_damp_2"
    assert new_name("…", []) == "local_question"

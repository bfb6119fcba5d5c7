"""Small instruments for tests, written as their authors would."""

from harbourlight.foundation.instruments.file_format import read_instrument
from harbourlight.foundation.instruments.instrument import Instrument

HEAD = """\
code = "walk"
title = "A walk"
version = 1
in_force_from = 2026-01-01
source = "Invented for tests"
[[section]]
name = "way"
title = "The way"
"""

WALK = (
    HEAD
    + """\
[[section.question]]
name = "rain"
type = "yes_no"
label = "Did it rain?"
wanted = "Boots dry slowly."
needed_by = ["Drying room"]

[[section.question]]
name = "wet"
type = "many_of"
label = "What got wet?"
choices = [ { value = "feet", text = "Feet" }, { value = "hat", text = "Hat" } ]
when = { question = "rain", is = "yes" }

[[section.question]]
name = "blisters"
type = "long_text"
label = "Where are the blisters?"
when = { question = "wet", includes = "feet" }

[[section.question]]
name = "company"
type = "text"
label = "Who came along?"
about = "shared"

[[section]]
name = "after"
title = "Afterwards"
[[section.question]]
name = "tired"
type = "scale"
label = "How tired were you?"
choices = [ { value = "not", text = "Not at all" }, { value = "very", text = "Very" } ]
"""
)


def walk(text: str = WALK) -> Instrument:
    """The instrument, read."""
    return read_instrument(text, "walk.toml")

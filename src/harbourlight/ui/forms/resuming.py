"""Showing again what was typed before, as it was typed, without judging it.

A form given such data is bound, is not valid, and has no errors: a view then draws it as it would
draw one to be put right. It saves nothing and knows no draft.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

RESUMED = "draft-resumed"


def as_resumed(typed: Mapping[str, Sequence[str]]) -> QueryDict:
    """What was typed, by the name of each box, as a form takes it."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, [*values])
    data[RESUMED] = "yes"
    return data


def is_resumed(data: Any) -> bool:
    """Whether data given to a form is only to be shown again."""
    return data is not None and RESUMED in data

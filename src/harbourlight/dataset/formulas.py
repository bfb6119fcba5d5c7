"""Text held apart from formulas, wherever we write a cell that a spreadsheet may open.

What a cell holds may have been written by a stranger. An apostrophe put before what would be worked
out says that it is text. A page is no exception: a spreadsheet opens HTML too.
"""

import re

BEGINS_A_FORMULA = re.compile("[=+@\t\r\n＝＋－＠-]")
"""A spreadsheet takes a cell that begins so for a formula."""


def inert(text: str) -> str:
    """Text as a cell in which nothing is worked out."""
    return f"'{text}" if BEGINS_A_FORMULA.match(text) else text

"""How numbers, dates and names of columns are written for a reader of a chart or a report."""

from datetime import date, datetime
from fractions import Fraction

from harbourlight.dataset.tables import BY_NAME


def percent(share: Fraction | float | None) -> str:
    """A share as a whole percentage; a dash for none.

    Nearly all is never written as all, nor nearly none as none: one child missed is not nobody.
    """
    if share is None:
        return "–"
    exact = Fraction(share)
    rounded = int(exact * 100 + Fraction(1, 2))
    if rounded == 100 and exact < 1:
        return "over 99%"
    if rounded == 0 and exact > 0:
        return "under 1%"
    return f"{rounded}%"


def number(count: int) -> str:
    """A count with its thousands marked."""
    return f"{count:,}"


def counted(count: int, one: str, many: str = "") -> str:
    """A count and its noun: "1 child", "1,204 children"."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def day(moment: date | datetime | None) -> str:
    """A day written out, "3 March 2026"; a dash for none."""
    return "–" if moment is None else f"{moment.day} {moment:%B %Y}"


def month(first: date) -> str:
    """A month written out, "March 2026"."""
    return f"{first:%B %Y}"


def period(first: date, last: date) -> str:
    """The months from one to another, "July 2025 to March 2026"."""
    return month(first) if first == last else f"{month(first)} to {month(last)}"


def sentence(text: str) -> str:
    """A phrase as a sentence: a capital to begin and a stop to end."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def column(name: str) -> str:
    """What a column `table.column` holds, in the dataset's words.

    Raises `KeyError` for a column the dataset does not declare.
    """
    table, _, held = name.partition(".")
    return f"{BY_NAME[table].column(held).title} ({BY_NAME[table].title})"

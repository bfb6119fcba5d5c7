"""What is compared of two records, and how much each likeness says. Dated, stated, not trained.

A weight is the logarithm to the base of two of how much commoner a likeness is between two records
of one person (`m`) than between records of two (`u`): Fellegi and Sunter's model, which Splink
computes. The values are ours, from what registers of children are like; they are stated so that
the same records always give the same pairs. A new set is a new `Model` with its own date.
"""

from dataclasses import dataclass
from datetime import date
from math import log2


@dataclass(frozen=True)
class Level:
    """One way two records may compare: as SQL over `_l` and `_r` columns, and in words."""

    sql: str
    says: str
    m: float
    u: float

    @property
    def weight(self) -> float:
        """What this likeness says: above 0 for one person, below it for two."""
        return log2(self.m / self.u)


@dataclass(frozen=True)
class Comparison:
    """One thing that is compared. `unknown` is the SQL for when a record says nothing of it."""

    code: str
    name: str
    unknown: str
    levels: tuple[Level, ...]
    """From the most alike to the least; the last is whatever remains."""


@dataclass(frozen=True)
class Model:
    """A dated set of comparisons."""

    since: date
    two_at_random: float
    """How often two records taken at random are of one person."""
    least_weight: float
    """The weight from which a pair is proposed."""
    comparisons: tuple[Comparison, ...]
    blocks: tuple[tuple[str, ...], ...]
    """Pairs are compared that agree on every column of one of these."""


MODEL = Model(
    since=date(2026, 1, 1),
    two_at_random=1e-6,
    least_weight=4.0,
    comparisons=(
        Comparison(
            "number",
            "NHS number, UPN or another identifier",
            "len(numbers_l) = 0 OR len(numbers_r) = 0",
            (
                Level("list_has_any(numbers_l, numbers_r)", "the same", 0.9, 0.000001),
                Level("ELSE", "none the same", 0.1, 0.999999),
            ),
        ),
        Comparison(
            "forename",
            "Forename",
            "len(forenames_l) = 0 OR len(forenames_r) = 0",
            (
                Level("list_has_any(forenames_l, forenames_r)", "the same", 0.8, 0.004),
                Level("list_has_any(forms_l, forms_r)", "a short form of the other", 0.06, 0.003),
                Level(
                    "jaro_winkler_similarity(forename_l, forename_r) >= 0.88",
                    "spelt much alike",
                    0.08,
                    0.004,
                ),
                Level("ELSE", "different", 0.06, 0.989),
            ),
        ),
        Comparison(
            "surname",
            "Surname",
            "len(surnames_l) = 0 OR len(surnames_r) = 0",
            (
                Level("list_has_any(surnames_l, surnames_r)", "the same", 0.78, 0.0015),
                Level(
                    "jaro_winkler_similarity(surname_l, surname_r) >= 0.9",
                    "spelt much alike",
                    0.1,
                    0.002,
                ),
                Level("ELSE", "different", 0.12, 0.9965),
            ),
        ),
        Comparison(
            "born",
            "Date of birth",
            "born_l IS NULL OR born_r IS NULL",
            (
                Level("born_l = born_r", "the same day", 0.85, 0.00015),
                Level(
                    "year(born_l) = year(born_r) AND month(born_l) = day(born_r) "
                    "AND day(born_l) = month(born_r)",
                    "day and month exchanged",
                    0.03,
                    0.0004,
                ),
                Level(
                    "(year(born_l) = year(born_r))::int + (month(born_l) = month(born_r))::int "
                    "+ (day(born_l) = day(born_r))::int = 2",
                    "one of day, month and year different",
                    0.07,
                    0.003,
                ),
                Level("ELSE", "different", 0.05, 0.99645),
            ),
        ),
        Comparison(
            "postcode",
            "Postcode, now or before",
            "len(postcodes_l) = 0 OR len(postcodes_r) = 0",
            (
                Level("list_has_any(postcodes_l, postcodes_r)", "the same", 0.5, 0.0005),
                Level("list_has_any(outwards_l, outwards_r)", "the same first half", 0.25, 0.02),
                Level("ELSE", "different", 0.25, 0.9795),
            ),
        ),
        Comparison(
            "sex",
            "Sex",
            "sex_l = 'U' OR sex_r = 'U'",
            (
                Level("sex_l = sex_r", "the same", 0.98, 0.5),
                Level("ELSE", "different", 0.02, 0.5),
            ),
        ),
    ),
    blocks=(
        ("born",),
        ("number",),
        ("forename", "surname"),
        ("sound", "outward", "year"),
        ("sound", "initial", "year"),
    ),
)

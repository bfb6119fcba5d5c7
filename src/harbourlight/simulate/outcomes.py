"""What was decided, as codes: the vocabularies that the simulated rows draw from.

Each list holds codes of `standards.code_sets`, in the order of the numbers the simulator keeps; a
test finds every one of them there.
"""

from functools import cache

import numpy as np

from harbourlight.simulate.days import Flags, Ints, date_of
from harbourlight.standards.code_sets import choices


def in_use(code_set: str, code: str, days: Ints) -> Flags:
    """Whether the code could be chosen on each day."""
    distinct, place = np.unique(days, return_inverse=True)
    held = [_could_be_chosen(code_set, code, int(day)) for day in distinct]
    return np.array(held, bool)[place]


@cache
def _could_be_chosen(code_set: str, code: str, day: int) -> bool:
    return any(code == choice for choice, _ in choices(code_set, date_of(day)))


CONTACT_OUTCOMES = ("referral", "existing_referral", "early_help", "advice", "no_further_action")
REFERRED, ALREADY_OPEN, EARLY_HELP, ADVICE, NO_FURTHER_ACTION = range(5)

CONTACT_FLAGS = (
    "NEW_REFERRAL_FLAG",
    "EXISTING_REFERRAL_FLAG",
    "OTHER_OUTCOMES_EXIST_FLAG",  # the SSD has no key for early help
    "ADVICE_FLAG",
    "NFA_FLAG",
)

LEVELS = ("1", "2", "3", "4")
LEVEL_SHARES: tuple[tuple[float, float, float, float], ...] = (
    (0.0, 0.0, 0.12, 0.88),
    (0.0, 0.0, 0.15, 0.85),
    (0.0, 0.55, 0.45, 0.0),
    (0.35, 0.50, 0.15, 0.0),
    (0.62, 0.32, 0.06, 0.0),
)
"""How often each outcome goes with each level of need."""

PRIMARY_NEEDS = ("N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9", "N0")
PRIMARY_NEED_SHARES = (0.575, 0.08, 0.03, 0.10, 0.125, 0.03, 0.005, 0.025, 0.015, 0.015)

CLOSURES = ("RC1", "RC2", "RC3", "RC4", "RC5", "RC6", "RC7", "RC8", "RC9")
(
    ADOPTED,
    DIED,
    ARRANGEMENTS_ORDER,
    GUARDIANSHIP,
    TRANSFERRED,
    ADULT_SERVICES,
    SERVICES_CEASED,
    NOT_IN_NEED,
    TO_EARLY_HELP,
) = range(9)

CATEGORIES = ("NEG", "EMO", "PHY", "SAB", "MUL")
CATEGORY_SHARES = (0.50, 0.36, 0.07, 0.04, 0.03)

PARTICIPATION = ("PN0", "PN1", "PN2", "PN3", "PN4", "PN5", "PN6", "PN7")
PARTICIPATION_SHARES = (0.0, 0.14, 0.08, 0.01, 0.05, 0.34, 0.20, 0.18)
"""Of children of four and over; PN0 is for those under four."""

CHANGE_REASONS = ("FCONTA", "LEFTRL", "TSPROC", "MANAGE", "ABSENC", "PCCHAN", "CHCHAN", "OTHERS")
FIRST_WORKER, WORKER_LEFT, HANDED_ON, CASELOADS = range(4)
OTHER_CHANGE_SHARES = (0.55, 0.25, 0.08, 0.04, 0.08)
"""Of changes of worker within a team while the first remains in post, `MANAGE` onwards."""

FACTORS: tuple[tuple[str, float], ...] = (
    ("1A", 0.020),
    ("1B", 0.14),
    ("1C", 0.03),
    ("2A", 0.035),
    ("2B", 0.155),
    ("2C", 0.035),
    ("3A", 0.12),
    ("3B", 0.32),
    ("3C", 0.05),
    ("4A", 0.16),
    ("4B", 0.32),
    ("4C", 0.05),
    ("5A", 0.09),
    ("5B", 0.03),
    ("5C", 0.015),
    ("6A", 0.055),
    ("6B", 0.05),
    ("6C", 0.015),
    ("7A", 0.03),
    ("8F", 0.002),
    ("9A", 0.008),
    ("10A", 0.03),
    ("11A", 0.032),
    ("12A", 0.008),
    ("13A", 0.022),
    ("14A", 0.05),
    ("15A", 0.05),
    ("16A", 0.17),
    ("17A", 0.20),
    ("18B", 0.03),
    ("18C", 0.115),
    ("19B", 0.03),
    ("19C", 0.045),
    ("20", 0.18),
    ("22A", 0.002),
    ("23A", 0.002),
    ("24A", 0.026),
)
"""How often each factor is found, beside the others. Factor 21 (none) stands alone."""
NO_FACTOR = "21"
FACTOR_COUNTS = (0.28, 0.30, 0.21, 0.12, 0.06, 0.03)
"""How many factors an assessment finds, from one to six."""

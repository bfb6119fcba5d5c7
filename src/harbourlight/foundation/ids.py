"""Identifiers of rows: text, in order of time, the same for ever.

They are text so that a record loaded from another system keeps that system's own identifiers, and
upper-case letters and digits only, at most 20, so that a child's identifier is good for the census
and the daily feed without translation.
"""

import secrets
import time

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is taken for a digit."""


def new_id() -> str:
    """A new identifier of 18 characters: ten of time to the millisecond, eight at random.

    Two made in one millisecond are the same once in 2**40 (about 1.1 million million).
    """
    moment = time.time_ns() // 1_000_000
    stamp = "".join(ALPHABET[(moment >> shift) & 31] for shift in range(45, -5, -5))
    return stamp + "".join(secrets.choice(ALPHABET) for _ in range(8))

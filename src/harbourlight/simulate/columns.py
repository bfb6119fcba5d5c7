"""Arrow columns from whole arrays of numbers. What has not happened by the last day is null."""

import json
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harbourlight.simulate.days import Flags, Ints


def identifiers(prefix: str, numbers: Ints) -> pa.Array:
    """Identifiers of rows: the prefix and the row's number from one; null for one below nought.

    Upper-case letters and digits only, so that they are good for the census and the daily feed.
    """
    digits = pc.utf8_lpad(pc.cast(pa.array(numbers + 1), pa.string()), 7, "0")
    named = pc.binary_join_element_wise(prefix, digits, "")
    return where(numbers >= 0, named)


def where(shown: Flags, column: pa.Array) -> pa.Array:
    """The column, null where it is not shown."""
    return pc.if_else(pa.array(shown), column, pa.scalar(None, column.type))


def dates(days: Ints, last: int) -> pa.Array:
    """Days as dates, null after `last`."""
    return pa.array(days.astype(np.int32), pa.int32(), mask=days > last).cast(pa.date32())


def instants(seconds: Ints) -> pa.Array:
    """Seconds as instants."""
    return pa.array(seconds * 1_000_000, pa.int64()).cast(pa.timestamp("us"))


def coded(codes: Sequence[str], places: Ints) -> pa.Array:
    """The code at each place; null for a place below nought."""
    return pa.array(codes, pa.string()).take(pa.array(places, mask=places < 0))


def flags(said: Flags) -> pa.Array:
    """`Y` or `N`."""
    return coded(("N", "Y"), said.astype(np.int64))


def constant(text: str | None, count: int) -> pa.Array:
    """The same text in every row."""
    return pa.repeat(pa.scalar(text, pa.string()), count)


def outcome_json(*flags: str) -> str:
    """A many-valued outcome of the SSD: the keys that hold."""
    return json.dumps(dict.fromkeys(flags, "Y"))


def lists_json(codes: Sequence[str], chosen: Flags) -> pa.Array:
    """For each row, a JSON array of the codes chosen, in the order of the codes.

    `chosen` is by row and code.
    """
    quoted = [json.dumps(code) for code in codes]
    parts = [
        pa.array([None, text], pa.string()).take(pa.array(chosen[:, place].astype(np.int64)))
        for place, text in enumerate(quoted)
    ]
    inner = pc.binary_join_element_wise(*parts, ", ", null_handling="skip")
    return pc.binary_join_element_wise("[", inner, "]", "")


def either(first: Flags, one: pa.Array, other: pa.Array) -> pa.Array:
    """`one` where `first` holds, else `other`."""
    return pc.if_else(pa.array(first), one, other)

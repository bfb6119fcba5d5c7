"""Reading a CSV file's columns as text, fast, and knowing on which line each row began.

Arrow reads the rows and is lenient about quotation marks: a mark left open swallows what follows
without a word. So the marks are checked first, over the bytes, and a file where one is out of place
is refused. Nothing here knows what a column means.
"""

import csv
import io
from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from typing import NoReturn

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as arrow_csv

from harbourlight.dataset.loaders.source import UnreadableSource

_BOM = b"\xef\xbb\xbf"
_QUOTE, _LF, _CR, _COMMA = 34, 10, 13, 44
_AT_AN_EDGE = np.isin(np.arange(256), [_COMMA, _LF, _CR, _QUOTE])
"""For each byte, whether a quotation mark beside it may open or close a field."""

_BLOCK = 1 << 20
_LONGEST_RECORD = 1 << 22
"""Bytes that Arrow reads at once. A record that fits in none of its blocks is refused."""

LARGEST = 1 << 30
"""Bytes of a file, which is read whole: ten times the largest table of a large authority."""

_SAVE_AGAIN = "Save it again as CSV in UTF-8, with commas between fields."


class CSVText:
    """A CSV file in UTF-8, with or without a byte order mark, whose first record is its header."""

    def __init__(self, path: Path) -> None:
        """Read the file's bytes. Raises `UnreadableSource` if they are not text in UTF-8."""
        self.name = path.name
        if path.stat().st_size > LARGEST:
            self._refuse_size(path.stat().st_size)
        self.data = path.read_bytes()
        if not self.data.removeprefix(_BOM).strip():
            self.refuse("It is empty.", "Leave it out, or give at least its header.")
        if (place := self.data.find(b"\0")) >= 0:
            self.refuse("It holds a NUL byte, as a file saved in UTF-16 does.", _SAVE_AGAIN, place)
        try:
            pa.scalar(self.data, pa.large_binary()).cast(pa.large_string())
        except pa.ArrowInvalid:
            self._refuse_encoding()
        self._require_quotation()

    def refuse(
        self, wrong: str, remedy: str, place: int | None = None, field: str = ""
    ) -> NoReturn:
        """Say what is wrong with the file, at the byte `place` if one is to blame."""
        line = None if place is None else int(np.searchsorted(self._line_ends, place)) + 1
        raise UnreadableSource(self.name, wrong, remedy, line=line, field=field)

    def _refuse_size(self, size: int) -> NoReturn:
        raise UnreadableSource(
            self.name,
            f"It has {size >> 20:,} MB, more than the {LARGEST >> 20:,} that a CSV may have.",
            "Check what is in it, or give it as Parquet.",
        )

    @cached_property
    def header(self) -> tuple[str, ...]:
        """The names in the header, as they are written."""
        text = io.TextIOWrapper(io.BytesIO(self.data), "utf-8-sig", newline="")
        try:
            return tuple(next(row for row in csv.reader(text) if row))
        except csv.Error:
            self.refuse("Its first line is not a header of column names.", _SAVE_AGAIN, 0)

    def columns(self, names: Collection[str]) -> dict[str, pa.ChunkedArray]:
        """The columns of these names, which the header has once each, as text or null.

        Raises `UnreadableSource` for a row with more or fewer fields than the header.
        """
        try:
            table, _ = self._parse(names, threads=True)
        except pa.ArrowInvalid:
            if len(self._record_starts) == 1:  # Arrow wants a line to end after the header
                return {name: pa.chunked_array([], pa.string()) for name in names}
            self._refuse_row(names)
        return {name: table[name] for name in names}

    def line_of(self, row: int) -> int:
        """The line of the file on which a row begins, from 1; rows are from 0 after the header."""
        start = self._record_starts[row + 1]
        return int(np.searchsorted(self._line_ends, start)) + 1

    # -- the rows, by Arrow ----------------------------------------------------------------------

    def _parse(
        self, names: Collection[str], *, threads: bool
    ) -> tuple[pa.Table, list[arrow_csv.InvalidRow]]:
        ragged: list[arrow_csv.InvalidRow] = []

        def note(row: arrow_csv.InvalidRow) -> str:
            ragged.append(row)
            return "error" if threads else "skip"

        table = arrow_csv.read_csv(
            pa.py_buffer(self.data),
            read_options=arrow_csv.ReadOptions(use_threads=threads, block_size=_LONGEST_RECORD),
            parse_options=arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=note),
            convert_options=arrow_csv.ConvertOptions(
                column_types={name: pa.string() for name in names},
                include_columns=list(names),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
        return table, ragged

    def _refuse_row(self, names: Collection[str]) -> NoReturn:
        """Find the row that cannot be read. Arrow knows a row's number only when on one thread."""
        try:
            _, ragged = self._parse(names, threads=False)
        except pa.ArrowInvalid:
            ragged = []
        if not ragged:
            self.refuse(f"A record is longer than {_LONGEST_RECORD >> 20} MB.", _SAVE_AGAIN)
        row = ragged[0]
        self.refuse(
            f"This row has {row.actual_columns} fields, and the header has {row.expected_columns}.",
            "Put fields that hold commas or line breaks in quotation marks.",
            int(self._record_starts[row.number - 1]),
        )

    # -- the bytes -------------------------------------------------------------------------------

    @cached_property
    def _bytes(self) -> npt.NDArray[np.uint8]:
        return np.frombuffer(self.data, np.uint8)

    @cached_property
    def _line_ends(self) -> npt.NDArray[np.intp]:
        """Where each line ends: at a line feed, or at a carriage return with none after it."""
        held = self._bytes
        lone = held[:-1] == _CR
        lone &= held[1:] != _LF
        ends = held == _LF
        ends[:-1] |= lone
        return np.flatnonzero(ends)

    @property
    def _first(self) -> int:
        """Where the text begins."""
        return len(_BOM) if self.data.startswith(_BOM) else 0

    @cached_property
    def _record_starts(self) -> npt.NDArray[np.intp]:
        """Where each record starts, the header's first. Empty lines are no records."""
        quotes = np.flatnonzero(self._bytes == _QUOTE)
        outside = np.searchsorted(quotes, self._line_ends) % 2 == 0
        ends = self._line_ends[outside]
        starts = np.concatenate([[self._first], ends + 1])
        ends = np.concatenate([ends, [len(self.data)]])
        blank = ends <= starts
        only_return = ends == starts + 1
        only_return[only_return] = self._bytes[starts[only_return]] == _CR
        kept: npt.NDArray[np.intp] = starts[~(blank | only_return)]
        return kept

    def _require_quotation(self) -> None:
        """Every mark that opens must begin its field, and every mark that closes must end it."""
        held, first, last = self._bytes, self._first, len(self.data) - 1
        is_open, mark = 0, -1
        # By blocks: a file may be marks for the most part, and places are eight times as long.
        for start in range(0, len(held), _BLOCK):
            places = np.flatnonzero(held[start : start + _BLOCK] == _QUOTE) + start
            if not len(places):
                continue
            opening, closing = places[is_open::2], places[1 - is_open :: 2]
            begins = _AT_AN_EDGE[held[np.maximum(opening - 1, 0)]] | (opening == first)
            ends = _AT_AN_EDGE[held[np.minimum(closing + 1, last)]]
            astray = np.concatenate([opening[~begins], closing[~ends]])
            if len(astray):
                self.refuse(
                    "A quotation mark stands in the middle of a field.",
                    "Put the whole field in quotation marks, and write each mark within it twice.",
                    int(astray.min()),
                )
            is_open, mark = (is_open + len(places)) % 2, int(places[-1])
        if is_open:
            self.refuse(
                "A quotation mark is opened and never closed, as in a file cut short.",
                "Ask for the file again, or close it.",
                mark,
            )

    def _refuse_encoding(self) -> NoReturn:
        try:
            self.data.decode("utf-8")
        except UnicodeDecodeError as error:
            self.refuse("It is not in UTF-8.", _SAVE_AGAIN, error.start)
        raise AssertionError("Arrow and Python disagree on what is UTF-8")

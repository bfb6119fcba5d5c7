"""Finding the elements in a piece of a census, all at once.

A census is millions of short elements, and a reader that is called for each spends its time being
called. Here the piece is an array of bytes: every tag is found, named and matched with its closing
by a few dozen operations on whole arrays.

Only plain XML is read so: elements and text, in ASCII or UTF-8, without attributes, entities,
comments or sections. That is what recording systems write. `NotPlain` says that a piece is
something more (or is not XML at all), and then `reading` gives the file to libxml2: nothing is
refused here, and nothing is guessed.
"""

import re
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from harbourlight.returns.cin.elements import ELEMENTS

Numbers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
Words = list[npt.NDArray[np.uint64]]

NAMES = tuple(ELEMENTS)
"""Every element's name. Arrays hold an element's place here."""
NUMBER = {name: number for number, name in enumerate(NAMES)}
UNKNOWN = -1
"""Stands for the name of an element that is no part of a census."""

_WORD = 8
_WORDS = 4
"""A name is looked at as four words of eight bytes; the longest of a census has 29 letters."""
_DEEPEST = 16
"""A census is seven deep below `Children`."""
_LONGEST_SHOWN = 200
_NAME = re.compile(rb"[A-Za-z_][A-Za-z0-9_.-]*")
_MULTIPLIERS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], np.uint64
)
"""Odd numbers by which the words of a name are mixed into one; a test holds that no two of a
census's names come out alike."""


class NotPlain(Exception):
    """A piece that is not plain XML, or not well-formed."""


@dataclass(frozen=True)
class Elements:
    """The elements of a piece, in the order they begin.

    `name` is a place in `NAMES` or `UNKNOWN`; `parent` the number of the element each stands in, or
    -1. An element without elements is a leaf, whose trimmed text is from `begins` to `ends`. `at`
    is where its tag begins. `stray` has a row for each text that stands beside elements: what it
    stands in (-1 for the piece), and the element it follows.
    """

    text: bytes
    name: Numbers
    parent: Numbers
    at: Numbers
    begins: Numbers
    ends: Numbers
    is_leaf: Truths
    stray: Numbers
    first_line: int
    line_of: Numbers | None = None

    @cached_property
    def _newlines(self) -> Numbers:
        return np.flatnonzero(np.frombuffer(self.text, np.uint8) == ord("\n"))

    def lines(self, numbers: Numbers) -> Numbers:
        """The lines of the file on which elements begin."""
        if self.line_of is not None:
            return self.line_of[numbers]
        return self.first_line + np.searchsorted(self._newlines, self.at[numbers])

    def above(self, root: str) -> Numbers:
        """The name of what each element stands in; `root` is what holds the piece."""
        holder = self.name[np.maximum(self.parent, 0)]
        return np.where(self.parent < 0, NUMBER[root], holder)

    def text_of(self, number: int) -> str:
        """The trimmed text of a leaf as its file had it, cut short where it is no value."""
        begins, ends = int(self.begins[number]), int(self.ends[number])
        cut = ends - begins > _LONGEST_SHOWN
        shown = self.text[begins : begins + _LONGEST_SHOWN if cut else ends]
        text = shown.decode("utf-8", "replace") + ("…" if cut else "")
        return text if self.line_of is None else text.translate(_WRITTEN)

    def name_of(self, number: int) -> str:
        """An element's name, known or not."""
        known = int(self.name[number])
        if known != UNKNOWN:
            return NAMES[known]
        found = _NAME.match(self.text, int(self.at[number]) + 1)
        return found[0].decode() if found else ""


STAND_INS = {"<": "\x01", ">": "\x02", "&": "\x03"}
"""What `reading` writes for these signs where they are part of a text. XML allows none of the three
characters, so no file holds them."""

_WRITTEN = str.maketrans({stand_in: sign for sign, stand_in in STAND_INS.items()})


@cache
def _known() -> tuple[npt.NDArray[np.uint64], Words, Numbers]:
    """The mixed words of each known name in order, the words themselves, and their places."""
    padded = b"".join(name.encode().ljust(_WORD * _WORDS, b"\0") for name in NAMES)
    words = np.frombuffer(padded, np.uint64).reshape(-1, _WORDS)
    mixed = _mix(list(words.T))
    order = np.argsort(mixed)
    return mixed[order], [words[order, word] for word in range(_WORDS)], order


def _mix(words: Words) -> npt.NDArray[np.uint64]:
    mixed = np.zeros(len(words[0]), np.uint64)
    for word, multiplier in zip(words, _MULTIPLIERS, strict=True):
        mixed ^= word * multiplier
        mixed ^= mixed >> np.uint64(29)
    return mixed


_MASKS = np.array(
    [
        [(1 << (8 * min(max(length - _WORD * word, 0), _WORD))) - 1 for word in range(_WORDS)]
        for length in range(_WORD * _WORDS + 1)
    ],
    np.uint64,
).T.copy()
"""For each word, which of its bits are a name's own, by the length of the name."""


def _words(text: bytes, starts: Numbers, lengths: Numbers) -> Words:
    """The four words of each name, filled up with nought."""
    held = text + bytes(_WORD * _WORDS)
    at_every_byte = np.ndarray(
        (len(text) + _WORD * (_WORDS - 1),), "<u8", buffer=held, strides=(1,)
    )
    masks = np.minimum(lengths, _WORD * _WORDS)
    return [at_every_byte[starts + _WORD * word] & _MASKS[word][masks] for word in range(_WORDS)]


def _named(text: bytes, starts: Numbers, lengths: Numbers, words: Words) -> Numbers:
    """The place of each name in `NAMES`, or `UNKNOWN`. Raises `NotPlain` for what is no name."""
    mixed, known_words, order = _known()
    place = np.minimum(np.searchsorted(mixed, _mix(words)), len(mixed) - 1)
    is_known = lengths <= _WORD * _WORDS
    for word in range(_WORDS):
        is_known &= known_words[word][place] == words[word]
    names = np.where(is_known, order[place], UNKNOWN)
    for number in np.flatnonzero(~is_known).tolist():
        start = int(starts[number])
        if not _NAME.fullmatch(text, start, start + int(lengths[number])):
            raise NotPlain
    return names


def _require_plain(
    text: bytes, octets: npt.NDArray[np.uint8], controls: npt.NDArray[np.uint8]
) -> None:
    if b"&" in text:
        raise NotPlain
    if not text.isascii():
        try:
            text.decode("utf-8")
        except UnicodeDecodeError:
            raise NotPlain from None
    if not np.isin(octets[octets < 0x20], controls).all():
        raise NotPlain


_BLANKS = np.frombuffer(b"\n\t\r", np.uint8)
_BLANKS_AND_STAND_INS = np.frombuffer(b"\n\t\r" + "".join(STAND_INS.values()).encode(), np.uint8)


def scan(text: bytes, first_line: int = 1, line_of: Numbers | None = None) -> Elements:
    """The elements of a piece of a census that holds whole elements. Raises `NotPlain`.

    `line_of` gives the line of each element where the piece was written out by `reading`.
    """
    octets = np.frombuffer(text, np.uint8)
    _require_plain(text, octets, _BLANKS if line_of is None else _BLANKS_AND_STAND_INS)
    opens = np.flatnonzero(octets == ord("<"))
    shuts = np.flatnonzero(octets == ord(">"))
    if len(opens) != len(shuts) or not ((opens < shuts).all() and (shuts[:-1] < opens[1:]).all()):
        raise NotPlain
    if not len(opens):
        if text.strip():
            raise NotPlain
        nothing = np.zeros(0, np.int64)
        return Elements(
            text,
            name=nothing,
            parent=nothing,
            at=nothing,
            begins=nothing,
            ends=nothing,
            is_leaf=nothing.astype(np.bool_),
            stray=nothing.reshape(-1, 2),
            first_line=first_line,
            line_of=line_of,
        )
    first, last = octets[opens + 1], octets[shuts - 1]
    # A comment, a declaration, an instruction or a section; or the end of one out of place.
    if ((first == ord("!")) | (first == ord("?")) | (last == ord("]"))).any():
        raise NotPlain
    is_closing = first == ord("/")
    is_both = last == ord("/")
    starts = opens + 1 + is_closing
    lengths = shuts - starts - is_both
    if (lengths < 1).any() or (is_closing & is_both).any():
        raise NotPlain
    words = _words(text, starts, lengths)
    elements = np.flatnonzero(~is_closing)
    names = _named(text, starts[elements], lengths[elements], [word[elements] for word in words])

    begins_level = ~is_closing & ~is_both
    level = np.cumsum(begins_level.astype(np.int64) - is_closing) + ~begins_level
    if level.min() < 1 or level.max() > _DEEPEST or level[-1] != 1 or begins_level[-1]:
        raise NotPlain

    is_element = ~is_closing
    number = np.cumsum(is_element) - 1
    parent = np.full(int(number[-1]) + 1, -1, np.int64)
    element_of = number.copy()
    above = np.zeros(0, np.int64)
    for depth in range(1, int(level.max()) + 1):
        here = np.flatnonzero(level == depth)
        paired = here[~is_both[here]]
        opened, closed = paired[::2], paired[1::2]
        if len(opened) != len(closed) or is_closing[opened].any() or not is_closing[closed].all():
            raise NotPlain
        _require_same_names(text, words, starts, lengths, opened, closed)
        element_of[closed] = number[opened]
        inner = here[is_element[here]]
        if depth > 1:
            parent[number[inner]] = number[above[np.searchsorted(above, inner) - 1]]
        above = opened

    followed_by_closing = np.append(is_closing[1:], False)
    is_leaf = is_both[elements] | followed_by_closing[elements]
    begins = shuts[elements] + 1
    after = np.append(opens, len(text))
    ends = np.where(is_both[elements], begins, after[elements + 1])
    ends = np.where(is_leaf, ends, begins)
    begins, ends = _trimmed(octets, begins, ends)
    return Elements(
        text=text,
        name=names,
        parent=parent,
        at=opens[elements],
        begins=begins,
        ends=ends,
        is_leaf=is_leaf,
        stray=_stray(octets, opens, shuts, begins_level, followed_by_closing, element_of, parent),
        first_line=first_line,
        line_of=line_of,
    )


def _require_same_names(
    text: bytes,
    words: Words,
    starts: Numbers,
    lengths: Numbers,
    opened: Numbers,
    closed: Numbers,
) -> None:
    same = lengths[opened] == lengths[closed]
    for word in words:
        same &= word[opened] == word[closed]
    if not same.all():
        raise NotPlain
    for pair in np.flatnonzero(lengths[opened] > _WORD * _WORDS).tolist():
        one, other = (
            text[int(starts[tag]) : int(starts[tag] + lengths[tag])]
            for tag in (opened[pair], closed[pair])
        )
        if one != other:
            raise NotPlain


def _is_blank(octets: npt.NDArray[np.uint8]) -> Truths:
    blank: Truths = (octets == 0x20) | (octets == 0x0A) | (octets == 0x0D) | (octets == 0x09)
    return blank


def _trimmed(
    octets: npt.NDArray[np.uint8], begins: Numbers, ends: Numbers
) -> tuple[Numbers, Numbers]:
    """Where texts begin and end without the blanks round them."""
    begins, ends = begins.copy(), ends.copy()
    some = np.flatnonzero(begins < ends)
    while len(some := some[_is_blank(octets[begins[some]])]):
        begins[some] += 1
        some = some[begins[some] < ends[some]]
    some = np.flatnonzero(begins < ends)
    while len(some := some[_is_blank(octets[ends[some] - 1])]):
        ends[some] -= 1
        some = some[begins[some] < ends[some]]
    return begins, ends


def _stray(
    octets: npt.NDArray[np.uint8],
    opens: Numbers,
    shuts: Numbers,
    begins_level: Truths,
    followed_by_closing: Truths,
    element_of: Numbers,
    parent: Numbers,
) -> Numbers:
    """Where text stands beside elements: in what, and after which."""
    first = shuts + 1
    last = np.append(opens[1:], len(octets))
    between = np.flatnonzero((first < last) & ~(begins_level & followed_by_closing))
    found: list[tuple[int, int]] = []
    if len(between):
        edges = np.column_stack((first[between], last[between])).ravel()
        if edges[-1] == len(octets):
            edges = edges[:-1]
        # The largest byte of each stretch: a blank is at most a space.
        largest = np.maximum.reduceat(octets, edges)[::2]
        for tag in between[largest > 0x20].tolist():
            element = int(element_of[tag])
            found.append((element if begins_level[tag] else int(parent[element]), element))
    if (octets[: opens[0]] > 0x20).any():
        found.append((-1, 0))
    return np.array(found, np.int64).reshape(-1, 2)

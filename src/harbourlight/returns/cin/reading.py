"""A census file, read in pieces so that memory does not grow with it.

A piece is a run of whole children. Plain XML is scanned as it stands; anything more (attributes,
entities, comments, another encoding) is read by libxml2, which writes it out plain and keeps each
element's line. What is no census is refused by the reader of `dataset`, in its words: one file is
not refused two ways.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from xml.parsers import expat

import numpy as np

from harbourlight.dataset.unreadable import UnreadableSource
from harbourlight.returns.cin.scanning import STAND_INS, Elements, NotPlain, scan

if TYPE_CHECKING:
    from lxml import etree

_PIECE = 1 << 21
"""Bytes read at once. Two million stay within a processor's cache as they are worked over."""
_LARGEST_HEAD = 1 << 16
"""Bytes before the first child; a census has about eight hundred."""
_LARGEST_CHILD = 1 << 24
"""Bytes without a child ending, after which libxml2's reader is asked to say what is wrong."""
_CHILDREN_AT_ONCE = 2_000
"""Children that libxml2's reader writes out for one piece."""
_DEEPEST = 12
"""How deep elements are written out: a census is seven deep, and what is deeper is in something
that is no part of one."""
_LAST_LINE_KEPT = (1 << 16) - 1

_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*"
    rb"(?:<\?xml\s+version=[\"']1\.0[\"'](?:\s+encoding=[\"'](?i:utf-8|us-ascii)[\"'])?"
    rb"(?:\s+standalone=[\"'](?:yes|no)[\"'])?\s*\?>)?"
    rb"\s*<Message(?:\s[^<>]*)?>"
)
_FIRST_CHILD = re.compile(rb"<Children\s*>")
_TAIL = re.compile(rb"\s*</Children\s*>\s*</Message\s*>\s*")
_CHILD_ENDS = b"</Child>"
_NOT_OF_A_NAME = re.compile(r"[^A-Za-z0-9_.-]")
_TO_STAND_INS = str.maketrans(STAND_INS)

_WHAT_IS_READ = "Give the XML file that was made for the children in need census."


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a census: its header, or some of its children."""

    is_header: bool
    elements: Elements


Progress = Callable[[float], None]
"""Told how much of the file has been read, from 0 to 1."""


def read(path: Path, progress: Progress = lambda share: None) -> Iterator[Piece]:
    """The pieces of a census, its header first. Raises `UnreadableSource`."""
    name = path.name or str(path)
    try:
        if path.is_dir():
            raise UnreadableSource(name, "This is a folder.", _WHAT_IS_READ)
        if not path.exists():
            raise UnreadableSource(name, "There is no such file.", _WHAT_IS_READ)
        if not path.is_file():
            raise UnreadableSource(name, "This is not an ordinary file.", _WHAT_IS_READ)
        size = max(path.stat().st_size, 1)
        with path.open("rb") as file:
            yield from _pieces(file, name, lambda: progress(min(file.tell() / size, 1.0)))
    except OSError as error:
        raise UnreadableSource(
            name,
            f"It cannot be opened: {(error.strerror or 'the system refused').lower()}.",
            "Check that it is there and that you may read it.",
        ) from error


def _pieces(file: BinaryIO, name: str, told: Callable[[], None]) -> Iterator[Piece]:
    """The pieces scanned for as long as they are plain, and from there on by libxml2."""
    header_given, children_given = False, 0
    try:
        for piece in _plain(file):
            yield piece
            header_given |= piece.is_header
            if not piece.is_header:
                children_given += int(np.count_nonzero(piece.elements.parent == -1))
            told()
    except NotPlain:
        file.seek(0)
        for piece in _by_libxml2(file, name, header_given, children_given):
            yield piece
            told()


def _plain(file: BinaryIO) -> Iterator[Piece]:
    held = file.read(_PIECE)
    opening = _HEAD.match(held)
    children = _FIRST_CHILD.search(held, opening.end() if opening else 0, _LARGEST_HEAD)
    if opening is None or children is None:
        raise NotPlain
    _require_well_formed(held[: children.end()])
    line = 1 + held.count(b"\n", 0, opening.end())
    yield Piece(is_header=True, elements=scan(held[opening.end() : children.start()], line))
    line += held.count(b"\n", opening.end(), children.end())
    held = held[children.end() :]
    while True:
        if (end := held.rfind(_CHILD_ENDS)) >= 0:
            end += len(_CHILD_ENDS)
            yield Piece(is_header=False, elements=scan(held[:end], line))
            line += held.count(b"\n", 0, end)
            held = held[end:]
        elif len(held) > _LARGEST_CHILD:
            raise NotPlain
        more = file.read(_PIECE)
        if not more:
            break
        held += more
    if not _TAIL.fullmatch(held):
        raise NotPlain


def _require_well_formed(head: bytes) -> None:
    """Raise `NotPlain` for a head whose XML is at fault; it alone may hold attributes."""
    parser = expat.ParserCreate()
    try:
        parser.Parse(head + b"</Children></Message>", True)
    except expat.ExpatError:
        raise NotPlain from None


def _by_libxml2(
    file: BinaryIO, name: str, header_given: bool, children_given: int
) -> Iterator[Piece]:
    """The pieces that have not been given, however they are written."""
    from harbourlight.dataset.loaders.census_xml import CensusXML, local_name

    header, children = _Writing(), _Writing()
    seen = 0
    for element in CensusXML(name).elements(file):
        above = element.getparent()
        if above is not None and local_name(above) == "Children":
            if not header_given:
                yield Piece(is_header=True, elements=header.scanned())
                header_given, header = True, _Writing()
            seen += 1
            if seen > children_given:
                children.write(element)
            if children.count == _CHILDREN_AT_ONCE:
                yield Piece(is_header=False, elements=children.scanned())
                children = _Writing()
        elif local_name(element) != "Children" and not (header_given and not seen):
            header.write(element)
    if header.count or not header_given:
        yield Piece(is_header=True, elements=header.scanned())
    if children.count:
        yield Piece(is_header=False, elements=children.scanned())


@dataclass(slots=True)
class _Writing:
    """Elements written out plain, with the line of each."""

    count: int = 0
    parts: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def write(self, element: "etree._Element", depth: int = 1) -> None:
        from harbourlight.dataset.loaders.census_xml import local_name

        name = _NOT_OF_A_NAME.sub("_", local_name(element))
        self.count += depth == 1
        self.lines.append(_line(element))
        self.parts.append(f"<{name}>{_plain_text(element.text)}")
        if depth < _DEEPEST:
            for inner in element:
                self.write(inner, depth + 1)
                self.parts.append(_plain_text(inner.tail))
        self.parts.append(f"</{name}>")

    def scanned(self) -> Elements:
        return scan("".join(self.parts).encode(), line_of=np.array(self.lines, np.int64))


def _line(element: "etree._Element") -> int:
    """The line on which an element begins.

    libxml2 keeps 16 bits of it. Beyond them it tells where the text within the element ends.
    """
    line = element.sourceline or 0
    return line - (element.text or "").count("\n") if line >= _LAST_LINE_KEPT else line


def _plain_text(text: str | None) -> str:
    return text.translate(_TO_STAND_INS) if text else ""

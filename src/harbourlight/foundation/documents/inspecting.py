"""What a file is, by what is in it, and whether it may be kept.

A name and a browser's word for a type are only claims. A kind of file is kept if it is on this list
and is what it begins by saying it is. Nothing is ever unpacked: of an office file only the list of
what is in it is read, before anything else looks inside.
"""

import io
import shlex
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import puremagic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

UNPACKED_MOST = 300 * 1024 * 1024
"""Bytes an office file may come to when it is unpacked."""

UNPACKED_RATIO = 200
"""How many times its own size it may come to. A dense document of text comes to about twenty."""

ENTRIES_MOST = 10_000
"""Files an office file may hold."""

SCAN_SECONDS = 60


class NotKept(ValueError):
    """A file that is not kept, with the reason in words fit for the person who gave it."""


@dataclass(frozen=True)
class FileKind:
    """A kind of file that is kept."""

    media_type: str
    extension: str
    name: str
    shown_inline: bool = False
    """Whether a browser may show it on its own page. Never one that could run a script of ours."""


PDF = FileKind("application/pdf", "pdf", gettext_noop("PDF"), shown_inline=True)
PNG = FileKind("image/png", "png", gettext_noop("Picture (PNG)"), shown_inline=True)
JPEG = FileKind("image/jpeg", "jpg", gettext_noop("Picture (JPEG)"), shown_inline=True)
GIF = FileKind("image/gif", "gif", gettext_noop("Picture (GIF)"), shown_inline=True)
TIFF = FileKind("image/tiff", "tif", gettext_noop("Picture (TIFF)"))
HEIC = FileKind("image/heic", "heic", gettext_noop("Picture (HEIC)"))
RTF = FileKind("application/rtf", "rtf", gettext_noop("Rich text"))
TEXT = FileKind("text/plain", "txt", gettext_noop("Plain text"))
EMAIL = FileKind("message/rfc822", "eml", gettext_noop("E-mail"))
_OPEN = "application/vnd.openxmlformats-officedocument"
WORD = FileKind(f"{_OPEN}.wordprocessingml.document", "docx", gettext_noop("Word document"))
EXCEL = FileKind(f"{_OPEN}.spreadsheetml.sheet", "xlsx", gettext_noop("Excel workbook"))
POWERPOINT = FileKind(
    f"{_OPEN}.presentationml.presentation", "pptx", gettext_noop("PowerPoint presentation")
)
WRITER = FileKind(
    "application/vnd.oasis.opendocument.text", "odt", gettext_noop("OpenDocument text")
)
CALC = FileKind(
    "application/vnd.oasis.opendocument.spreadsheet",
    "ods",
    gettext_noop("OpenDocument spreadsheet"),
)

KINDS = (
    PDF, WORD, EXCEL, POWERPOINT, WRITER, CALC, RTF, TEXT, EMAIL, PNG, JPEG, GIF, TIFF, HEIC,
)  # fmt: skip

_BY_TYPE = {kind.media_type: kind for kind in KINDS}
_BY_START: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"{\\rtf", RTF),
)
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<head", b"<body", b"<iframe")
_OFFICE_PARTS = (("word/", WORD), ("xl/", EXCEL), ("ppt/", POWERPOINT))


def kind_for(media_type: str) -> FileKind:
    """The kind of file with this media type. Raises `KeyError` for one that is not kept."""
    return _BY_TYPE[media_type]


def kinds_in_words() -> str:
    """The kinds that are kept, for a hint."""
    return _("PDF, Word, Excel, PowerPoint, OpenDocument, text, e-mail (.eml) and pictures")


def kind_of(content: bytes) -> FileKind:
    """What a file is. Raises `NotKept`, with why, for what is not kept."""
    if not content:
        raise NotKept(_("This file is empty"))
    if content[:4] == b"PK\x03\x04":
        return _office(content)
    for start, kind in _BY_START:
        if content.startswith(start):
            return kind
    if content[4:8] == b"ftyp" and content[8:12] in {b"heic", b"heix", b"mif1", b"msf1"}:
        return HEIC
    if (text := _text(content)) is not None:
        return text
    raise NotKept(_("This file is {what}, which is not kept").format(what=_named(content)))


def _text(content: bytes) -> FileKind | None:
    """Plain text or an e-mail; None for what is neither, which what a browser would run is not."""
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in content[:65536]):
        return None
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if any(start.startswith(mark) for mark in _MARKUP):
        raise NotKept(_("This file is a web page or a drawing that can run a program"))
    head = {line.partition(b":")[0] for line in start.split(b"\n\n")[0].splitlines()}
    if {b"from", b"date"} <= head and head & {b"to", b"subject", b"message-id"}:
        return EMAIL
    return TEXT


def _office(content: bytes) -> FileKind:
    """Which office file a zip is, judged by its list of contents alone."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            unpacked = sum(entry.file_size for entry in entries)
            if len(entries) > ENTRIES_MOST or unpacked > UNPACKED_MOST:
                raise NotKept(_("This file comes to too much when it is unpacked"))
            if unpacked > UNPACKED_RATIO * len(content):
                raise NotKept(_("This file comes to too much when it is unpacked"))
            if any(entry.flag_bits & 1 for entry in entries):
                raise NotKept(_("This file has a password, so nobody could check what is in it"))
            if any(name.lower().endswith(("vbaproject.bin", ".exe", ".js")) for name in names):
                raise NotKept(_("This file holds a program (a macro)"))
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                said = archive.read("mimetype").decode("ascii", "replace").strip()
                if said in {WRITER.media_type, CALC.media_type}:
                    return _BY_TYPE[said]
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, NotImplementedError) as error:
        if isinstance(error, NotKept):
            raise
        raise NotKept(_("This file is damaged: it cannot be opened")) from error
    if "[Content_Types].xml" in names:
        for part, kind in _OFFICE_PARTS:
            if any(name.startswith(part) for name in names):
                return kind
    raise NotKept(_("This file is a zip. Add each file in it by itself"))


def _named(content: bytes) -> str:
    """What the library of magic numbers calls a file, for a refusal to say."""
    try:
        found = puremagic.magic_string(content[:4096])
    except (puremagic.PureError, ValueError):
        return _("of a kind we do not know")
    return str(found[0].name) if found else _("of a kind we do not know")


# ---- Looking for what would do harm -------------------------------------------------------------


def scan(path: Path, *, command: str) -> bool | None:
    """Whether the scanner finds nothing wrong in a file; None where there is no scanner.

    `command` is given the file as its last argument, and says by its exit status: 0 for nothing
    found, 1 for something (as clamdscan does). Raises `NotKept` if it cannot say.
    """
    if not command:
        return None
    try:
        ended = subprocess.run(
            [*shlex.split(command), str(path)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SCAN_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotKept(_("The virus scanner is not answering. Try again later")) from error
    if ended.returncode not in (0, 1):
        raise NotKept(_("The virus scanner is not answering. Try again later"))
    return ended.returncode == 0

"""What a file is, is judged by what is in it; what could run, or is a bomb, is refused with why."""

import io
import zipfile

import pytest

from harbourlight.foundation.documents import inspecting
from harbourlight.foundation.documents.inspecting import NotKept, kind_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def zipped(*, compress: bool = True, **parts: bytes) -> bytes:
    """A zip of parts, their names with __ for / and _dot_ for a dot."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED if compress else 0) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return held.getvalue()


def office(part: str, **more: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<document/>" * 20)
        for name, content in more.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", inspecting.PDF),
        (PNG, inspecting.PNG),
        (b"\xff\xd8\xff\xe0" + b"\0" * 40, inspecting.JPEG),
        (b"{\\rtf1 hello}", inspecting.RTF),
        ("Plain words, with an é.".encode(), inspecting.TEXT),
        (b"From: a@b.example\nDate: Mon, 2 Mar 2026\nTo: c@d.example\n\nWords", inspecting.EMAIL),
        (office("word/document.xml"), inspecting.WORD),
        (office("xl/workbook.xml"), inspecting.EXCEL),
        (
            zipped(mimetype=b"application/vnd.oasis.opendocument.text", compress=False),
            inspecting.WRITER,
        ),
    ],
)
def test_a_file_is_what_is_in_it(content: bytes, kind: inspecting.FileKind) -> None:
    assert kind_of(content) is kind


REFUSED = [
    (b"", "empty"),
    (b"<!DOCTYPE html><script>alert(1)</script>", "web page"),
    (b"\xef\xbb\xbf  <svg onload='x()'/>", "web page"),
    (b"<?xml version='1.0'?><svg/>", "web page"),
    (b"MZ\x90\x00\x03" + b"\0" * 100, "not kept"),
    (b"\x7fELF" + b"\0" * 100, "not kept"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "not kept"),
    (zipped(a_dot_txt=b"words"), "is a zip"),
    (office("word/document.xml", word__vbaProject_dot_bin=b"\1\2"), "macro"),
    (office("word/document.xml", word__bomb_dot_xml=b"0" * 40_000_000), "unpacked"),
    (b"PK\x03\x04 and then nothing", "damaged"),
]


@pytest.mark.parametrize(("content", "why"), REFUSED)
def test_what_could_do_harm_is_refused_with_why(content: bytes, why: str) -> None:
    with pytest.raises(NotKept, match=why):
        kind_of(content)


def test_nothing_planted_is_kept(assured) -> None:
    kept = 0
    for content, _ in REFUSED:
        try:
            kind_of(content)
            kept += 1
        except NotKept:
            continue
    assert kept == 0
    assured("documents-safe", f"{len(REFUSED)} planted: {kept} kept")


def test_a_scanner_says_by_its_exit_status(tmp_path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"words")
    assert inspecting.scan(file, command="") is None
    assert inspecting.scan(file, command="true") is True
    assert inspecting.scan(file, command="false") is False
    for broken in ("sh -c 'exit 2'", "no-such-scanner-here"):
        with pytest.raises(NotKept, match="not answering"):
            inspecting.scan(file, command=broken)

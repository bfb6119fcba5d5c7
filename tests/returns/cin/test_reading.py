"""A census is read the same however it is written, and what is none is refused in a sentence."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from harbourlight.dataset.unreadable import UnreadableSource
from harbourlight.returns.cin import reading
from harbourlight.returns.cin.checking import check
from harbourlight.returns.cin.findings import Finding
from harbourlight.returns.cin.scanning import NAMES, UNKNOWN, NotPlain, _known, scan
from tests.returns.cin.making import make
from tests.samples import SAMPLES, needs_samples

WORDS = """Child PersonBirthDate=2026-04-01 UPN=P201123456789;
CINdetails CINclosureDate=2025-02-31; Assessments; AssessmentFactors 21; AssessmentFactors 1A;
Child LAchildID=A<B&C; ChildProtectionPlans CPPstartDate=2025-06-07;
CPPreviewDate 2025-06-01; Child LAchildID=C1; CINdetails -"""
PLAIN = make(WORDS.replace("A<B&C", "A-B")).xml()


def findings(text: str | bytes, folder: Path) -> list[Finding]:
    path = folder / "census.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return sorted(check(path).findings, key=str)


@pytest.mark.parametrize(
    ("otherwise", "written"),
    [
        ("a declaration", '<?xml version="1.0" encoding="UTF-8"?>' + PLAIN),
        ("a byte order mark", "\ufeff" + PLAIN),
        ("another encoding", PLAIN.encode("utf-16")),
        ("an encoding declared", ('<?xml version="1.0" encoding="iso-8859-1"?>' + PLAIN)),
        ("a namespace", PLAIN.replace("<Message>", '<Message xmlns="urn:census">')),
        (
            "a prefix",
            re.sub("<(/?)", r"<\1c:", PLAIN).replace("<c:Message>", '<c:Message xmlns:c="urn:c">'),
        ),
        ("attributes", PLAIN.replace("<Child>", '<Child number="1">')),
        ("comments", PLAIN.replace("<Child>", "<!-- <Child> --><Child>")),
        ("sections", PLAIN.replace(">F<", "><![CDATA[F]]><")),
        ("characters by number", PLAIN.replace(">F<", ">&#70;<")),
        ("blanks within tags", PLAIN.replace("<Sex>", "<Sex >").replace("</Child>", "</Child >")),
        ("blanks round values", PLAIN.replace(">F<", "> F <")),
        ("lines ended as Windows does", PLAIN.replace("\n", "\r\n")),
    ],
)
def test_it_is_read_the_same_however_it_is_written(
    otherwise: str, written: str | bytes, tmp_path: Path
):
    assert findings(written, tmp_path) == findings(PLAIN, tmp_path)


def test_what_stands_for_a_sign_is_shown_as_the_sign(tmp_path: Path):
    shown = [one for one in findings(make(WORDS).xml(), tmp_path) if one.rule == "1580"]
    assert [(one.child, one.value) for one in shown] == [("A<B&C", "A<B&C")]


@pytest.mark.parametrize("size", [150, 1_000, 4_096])
def test_it_is_read_the_same_in_any_pieces(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    whole = findings(PLAIN, tmp_path)
    monkeypatch.setattr(reading, "_PIECE", max(size, len(PLAIN) // 3))
    assert findings(PLAIN, tmp_path) == whole
    odd_in_the_middle = PLAIN.replace("CPPendDate", "CPPendDate", 1).replace(
        "<InitialCategoryOfAbuse>", '<InitialCategoryOfAbuse a="1">'
    )
    assert findings(odd_in_the_middle, tmp_path) == whole


def test_lines_are_right_far_down_a_file(tmp_path: Path):
    wide = PLAIN.replace("<Children>", "<Children>" + "\n" * 70_000)
    by_scanning = findings(wide, tmp_path)
    assert max(one.line or 0 for one in by_scanning) > 70_000
    assert findings(wide.replace("<Child>", '<Child a="1">'), tmp_path) == by_scanning


LAUGHS = """<?xml version="1.0"?><!DOCTYPE Message [<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><Message><Children>&b;</Children></Message>"""
OUTSIDE = """<!DOCTYPE Message [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<Message><Children><Child>&a;</Child></Children></Message>"""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "It is empty."),
        (b"LAchildID,UPN\n1,2\n", "It is not XML."),
        (b"<Other/>", "not a children in need census"),
        (LAUGHS.encode(), "document type declaration"),
        (OUTSIDE.encode(), "document type declaration"),
        (PLAIN.encode()[: len(PLAIN) // 2], "ends before its last element is closed|middle of a"),
        (PLAIN.encode()[:-3], "middle of a tag|ends before"),
        (PLAIN.replace(">F<", ">\x01<").encode(), "a character that XML does not allow"),
        (PLAIN.replace(">F<", ">\xe9<").encode("latin-1"), "not in the encoding it declares"),
        (PLAIN.replace("</Sex>", "</Sx>").encode(), "closed that is not the one last opened"),
        (PLAIN.encode() + b"<Message/>", "Something follows the end"),
        (b'<?xml version="1.0" encoding="utf-99"?>' + PLAIN.encode(), "encoding that is not known"),
    ],
)
def test_what_is_no_census_is_refused_in_a_sentence(content: bytes, said: str, tmp_path: Path):
    path = tmp_path / "census.xml"
    path.write_bytes(content)
    with pytest.raises(UnreadableSource) as refused:
        check(path)
    assert re.search(said, str(refused.value))
    assert str(refused.value).startswith("census.xml")
    assert "\n" not in str(refused.value)


def test_what_cannot_be_opened_is_refused(tmp_path: Path):
    for path, said in ((tmp_path, "folder"), (tmp_path / "none.xml", "no such file")):
        with pytest.raises(UnreadableSource, match=said):
            check(path)


def test_an_element_without_end_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """As a file of two gigabytes would be: the limit is lowered, and not the file made large."""
    from harbourlight.dataset.loaders import census_xml

    monkeypatch.setattr(reading, "_LARGEST_CHILD", 1 << 17)
    monkeypatch.setattr(reading, "_PIECE", 1 << 15)
    monkeypatch.setattr(census_xml, "_LARGEST_CHILD", 1 << 18)
    path = tmp_path / "census.xml"
    with path.open("w") as file:
        file.write(PLAIN.partition("</LAchildID>")[0])
        file.write("A" * (1 << 20))
    read_to: list[float] = []
    with pytest.raises(UnreadableSource, match=r"pass without a child ending|runs on further"):
        check(path, progress=read_to.append)


def test_a_child_with_too_much_of_anything_is_refused(tmp_path: Path):
    words = "; ".join(["Disability LD"] * 4_900)
    path = tmp_path / "census.xml"
    path.write_text(make(words).xml())
    assert sum(finding.rule == "8794" for finding in check(path).findings) == 4_900
    path.write_text(path.read_text().replace("<Disabilities>", "<Disabilities>" + "<A/>" * 200))
    with pytest.raises(UnreadableSource, match="more than 5,000 elements"):
        check(path)


def by_libxml2(text: bytes) -> list[tuple[str, str | None, int, int]] | None:
    """Each element's name, text where it has no elements, parent and line; None if it is no XML."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    try:
        root = etree.fromstring(b"<all>" + text + b"</all>", parser)
    except etree.XMLSyntaxError:
        return None
    numbers = {element: number for number, element in enumerate(root.iter(), start=-1)}
    return [
        (
            element.tag,
            (element.text or "").strip(" \t\r\n") if not len(element) else None,
            numbers[element.getparent()],
            element.sourceline,
        )
        for element in root.iterdescendants()
    ]


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_whatever_a_file_holds_it_is_checked_or_refused(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
):
    """Lines lost, doubled and moved, and values that are none: no crash, and no wrong line."""
    lines = make(WORDS).xml().splitlines()
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(("lose", "double", "move", "say"))):
            case "lose":
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "move":
                lines.insert(data.draw(st.integers(0, len(lines) - 1)), lines.pop(at))
            case _:
                said = data.draw(st.sampled_from(SAID) | st.text(alphabet="09AZ-é '/", max_size=70))
                lines[at] = re.sub(">[^<]*</", f">{said}</", lines[at])
    path = tmp_path_factory.getbasetemp() / "fuzzed.xml"
    path.write_text("\n".join(lines), encoding="utf-8")
    try:
        checked = check(path)
    except UnreadableSource:
        return
    written = [*lines, ""]
    for finding in checked.findings:
        assert (
            finding.line is None
            or f"<{finding.element}" in written[finding.line - 1]
            or (finding.value is None)
        )
    assert sum(1 for _ in checked.by_rule()) == len({one.rule for one in checked.findings})


SAID = ["2026-02-31", "9999-12-31", "0001-01-01", "31/12/9999", "99999", "2099", "", "true", "21"]


PIECE = PLAIN.partition("<Children>")[2].partition("</Children>")[0].encode()


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_what_is_scanned_is_what_libxml2_reads(data: st.DataObject):
    """Whatever is done to a census, the scanner reads what libxml2 does, or says it cannot."""
    text = bytearray(PIECE)
    bits = [b"<", b">", b"/", b"</", b"/>", b"\n", b" ", b"&lt;", b"<Sex>", b"</Sex>", b"<Sex/>"]
    bits += [b"<Other.1>x</Other.1>", b"\xc3\xa9", b"\x00", b"<!-- -->", b"]]>", b'a="1"', b"1"]
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(text)))
        text[at : at + data.draw(st.integers(0, 8))] = data.draw(st.sampled_from(bits))
    try:
        elements = scan(bytes(text))
    except NotPlain:
        return
    scanned = [
        (
            elements.name_of(number),
            elements.text_of(number) if elements.is_leaf[number] else None,
            int(elements.parent[number]),
            int(elements.lines(np.array([number]))[0]),
        )
        for number in range(len(elements.name))
    ]
    assert scanned == by_libxml2(bytes(text))


@needs_samples
def test_a_census_as_it_is_commonly_written_is_scanned():
    text = (SAMPLES / "cin_census_2026.xml").read_bytes()
    children = text[text.index(b"<Child>") : text.index(b"</Children>")]
    elements = scan(children)
    assert len(elements.name) == len(by_libxml2(children))
    assert not (elements.name == UNKNOWN).any()


def test_no_two_names_are_mixed_into_one():
    mixed, _, _ = _known()
    assert len(np.unique(mixed)) == len(NAMES)

"""What is given is known for what it is, or what could be given is said."""

import pickle

import pytest

from harbourlight.dataset.loaders import UnreadableSource, read

FAULTS = {
    "missing.xml": (None, "There is no such file or folder."),
    "annex_a.xlsx": (b"PK", "It is not an Excel workbook, or is damaged."),
    "annex_a.ods": (b"PK", "This is a workbook of another kind."),
    "ssd_person.csv": (b"pers_person_id\n", "This is one table of several. Give the folder"),
    "ssd_person.parquet": (b"PAR1", "This is one table of several. Give the folder"),
    "picture.png": (b"\x89PNG\r\n", "It is not XML."),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_read_is_named_without_its_folder(tmp_path, name):
    content, message = FAULTS[name]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableSource) as caught:
        read(tmp_path / name)
    assert str(caught.value).startswith(name)
    assert message in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_a_file_shut_to_us_is_said_to_be(tmp_path, monkeypatch):
    # Root may read anything, so the refusal is made here and not by the system.
    path = tmp_path / "census.xml"
    path.write_text("<Message/>")

    def shut(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.open", shut)
    with pytest.raises(UnreadableSource) as caught:
        read(path)
    assert str(caught.value) == (
        "census.xml: It cannot be opened: permission denied. "
        "Check that it is there and that you may read it."
    )


def test_an_error_tells_its_parts():
    error = UnreadableSource(
        "census.xml", "It is wrong.", "Put it right.", line=1234, field="Sex", value="1"
    )
    assert str(error) == "census.xml, line 1,234, Sex: It is wrong. Put it right."
    assert str(UnreadableSource("a.parquet", "It is wrong.", "Mend it.", record=3)) == (
        "a.parquet, record 3: It is wrong. Mend it."
    )
    assert (error.file, error.line, error.record) == ("census.xml", 1234, None)
    assert (error.field, error.value) == ("Sex", "1")
    assert pickle.loads(pickle.dumps(error)).line == 1234

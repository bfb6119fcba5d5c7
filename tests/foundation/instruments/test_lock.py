"""A published instrument stays as it was."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harbourlight.foundation.instruments import shelf
from harbourlight.foundation.instruments.file_format import BadFile
from harbourlight.foundation.instruments.instrument import Instrument
from harbourlight.foundation.instruments.shelf import ChangedWithoutVersion, check_lock, lock_text
from harbourlight.record.questionnaires.lock import INSTRUMENTS
from tests.foundation.instruments.instruments import WALK

CHANGES = {
    "a word of a question": ("Did it rain?", "Was it wet?"),
    "a choice": ('text = "Feet"', 'text = "Toes"'),
    "what it waits for": ('includes = "feet"', 'includes = "hat"'),
    "why it is wanted": ("Boots dry slowly.", "Boots matter."),
    "who needs it": ('needed_by = ["Drying room"]', ""),
    "whom it is about": ('about = "shared"', 'about = "each"'),
    "a question taken away": ('name = "company"', 'name = "companions"'),
    "the day it begins": ("2026-01-01", "2026-02-01"),
    "its source": ("Invented for tests", "Invented"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one published instrument."""
    (tmp_path / "walk-1.toml").write_text(WALK, encoding="utf-8")
    _lock(tmp_path)
    return tmp_path


def _lock(folder: Path) -> None:
    shelf.instruments_in.cache_clear()
    (folder / shelf.LOCK).write_text(lock_text(folder), encoding="utf-8")


def _write(folder: Path, text: str, name: str = "walk-1.toml") -> None:
    (folder / name).write_text(text, encoding="utf-8")
    shelf.instruments_in.cache_clear()


def test_what_was_published_and_says_something_else_is_refused_at_the_start(
    folder: Path, assured: Callable[[str, str], None]
) -> None:
    check_lock(folder)
    for was, now in CHANGES.values():
        assert was in WALK
        _write(folder, WALK.replace(was, now))
        with pytest.raises(ChangedWithoutVersion, match="walk version 1 has changed"):
            check_lock(folder)
        with pytest.raises(ChangedWithoutVersion, match="give what is new version 2"):
            lock_text(folder)
    _write(folder, "# A comment is nobody's question.\n" + WALK)
    check_lock(folder)
    assured("digest-lock", f"{len(CHANGES)} kinds of change: {len(CHANGES)} refused")


def test_a_file_that_is_gone_is_missed(folder: Path) -> None:
    (folder / "walk-1.toml").unlink()
    shelf.instruments_in.cache_clear()
    with pytest.raises(ChangedWithoutVersion, match="its file is gone"):
        check_lock(folder)


def test_a_new_version_is_added_and_the_old_one_kept(folder: Path) -> None:
    later = WALK.replace("version = 1", "version = 2").replace("2026-01-01", "2026-06-01")
    _write(folder, later, "walk-2.toml")
    with pytest.raises(ChangedWithoutVersion, match=r"version 2 is not in locked\.toml yet"):
        check_lock(folder)
    before = (folder / shelf.LOCK).read_text(encoding="utf-8")
    _lock(folder)
    check_lock(folder)
    assert (folder / shelf.LOCK).read_text(encoding="utf-8").startswith(before.strip())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("", ""), "walk version 1 is in walk-1.toml already"),
        (("version = 1", "version = 2"), "version 2 must come into force after version 1"),
        (
            (
                "version = 1",
                "version = 2",
                "2026-01-01",
                "2026-06-01",
                'type = "long_text"',
                'type = "place"',
            ),
            "is a place and was text in version 1: what is new needs a name",
        ),
    ],
)
def test_two_files_that_cannot_both_be_are_refused(
    folder: Path, change: tuple[str, ...], told: str
) -> None:
    text = WALK
    for was, now in zip(change[::2], change[1::2], strict=True):
        assert was in text
        text = text.replace(was, now) if was else text
    _write(folder, text, "walk-two.toml")
    with pytest.raises(BadFile, match=told):
        shelf.instruments_in(folder)


def test_what_comes_with_the_record_is_locked() -> None:
    check_lock(INSTRUMENTS)
    assert len(shelf.instruments_in(INSTRUMENTS)) >= 5


def test_what_comes_with_the_record_says_what_it_rests_on_and_hears_the_child() -> None:
    latest = {one.code: one for one in shelf.instruments_in(INSTRUMENTS)}
    for code, one in latest.items():
        assert one.source, code
        assert all(each.noun or not each.label.endswith("?") for each in one.all_questions()), code
        # Supervision is about a child and not with one; in all others the child is heard.
        heard = any(each.private for each in one.questions.values())
        assert heard is (code != "supervision"), code
    kept = {name for one in shelf.instruments_in(INSTRUMENTS) for name in _rested_on(one)}
    assert kept == {name for one in latest.values() for name in _rested_on(one)}


def _rested_on(one: Instrument) -> set[tuple[str, str]]:
    """What a standard, a return or a column rests on, which a newer version still asks."""
    return {(one.code, each.name) for each in one.questions.values() if each.is_needed}

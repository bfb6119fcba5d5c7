"""The situations of the manual hold on every engine and by the slow reference."""

from dataclasses import asdict
from pathlib import Path

import pytest

from harbourlight.standards.catalogue import CATALOGUE
from tests.ledger.situation import Misread, read

FILES = sorted((Path(__file__).parents[1] / "standards" / "situations").glob("*.md"))
SITUATIONS = [situation for path in FILES for situation in read(path)]


@pytest.mark.parametrize("situation", SITUATIONS, ids=str)
def test_the_ledger_says_what_the_manual_says(situation, ledger):
    for as_at, expected in situation.expected:
        found = [asdict(entry) for entry in ledger(situation.rows, as_at, [situation.code])]
        found.sort(key=lambda entry: (entry["about"], entry["about_id"]))
        names = expected[0].keys() if expected else ()
        said = [{name: entry[name] for name in names} for entry in found]
        assert said == sorted(
            expected, key=lambda entry: (entry.get("about", ""), entry["about_id"])
        ), f"as at {as_at}"


def test_every_standard_has_its_situations_and_no_two_share_a_title():
    assert {situation.code for situation in SITUATIONS} == CATALOGUE.keys()
    titles = [str(situation) for situation in SITUATIONS]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("standard", CATALOGUE.values(), ids=lambda standard: standard.code)
def test_every_detail_a_standard_may_give_is_shown_in_some_situation(standard):
    shown = {
        entry["detail"]
        for situation in SITUATIONS
        if situation.code == standard.code
        for _, entries in situation.expected
        for entry in entries
    }
    assert standard.details.keys() <= shown


def test_a_day_written_with_the_wrong_weekday_is_refused(tmp_path):
    path = tmp_path / "wrong.md"
    path.write_text("# ASM-45\n\n## A day\n\nAs at Tue 5 May 2025: nothing.\n", encoding="utf-8")
    with pytest.raises(Misread, match="was a Monday"):
        read(path)

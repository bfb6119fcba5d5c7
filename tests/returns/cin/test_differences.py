"""`docs/cin-differences.md` holds two answers for each difference: ours is run, theirs was."""

from pathlib import Path

import pytest

from harbourlight.returns.cin.checking import check
from tests.returns.cin.making import make, situations

PAGE = Path(__file__).parents[3] / "docs" / "cin-differences.md"
ANSWERS = {"found", "not found", "fails"}

DIFFERENCES = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| Rule ")
]
BY_NAME = {(one.code, one.title): one for one in situations()}


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda row: f"{row[0]}: {row[1]}")
def test_each_difference_is_one_and_is_explained(difference: tuple[str, ...], tmp_path: Path):
    code, title, ours, theirs, why = difference
    assert {ours, theirs} <= ANSWERS
    assert ours != theirs
    assert why
    path = tmp_path / "census.xml"
    path.write_text(make(BY_NAME[code, title].census).xml(), encoding="utf-8")
    codes = {finding.rule for finding in check(path).findings}
    assert (code in codes) == (ours == "found")

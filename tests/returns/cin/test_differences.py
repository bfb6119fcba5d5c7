"""Of several thousand small files, ours and the sector's open validator answer alike but where
`differences` says why not, and `docs/cin-differences.md` says the same.

The validator's answers were recorded (see `their_answers`); ours are made anew. The page is written
again by `python -m tests.returns.cin.comparing`.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.returns.cin.comparing import PAGE, explained, page
from tests.returns.cin.differences import FOUND, NOT_FOUND
from tests.returns.cin.generated import Generated, generated
from tests.returns.cin.their_answers import Answer, checksum, recorded

RECORD_AGAIN = "run python -m tests.returns.cin.their_answers --python ENVIRONMENT/bin/python"


def test_every_file_is_the_one_that_the_validator_was_given():
    sums = {file.name: checksum(file) for file in generated()}
    given = {name: said for name, (said, _) in recorded().items()}
    other = [name for name in sums.keys() | given.keys() if sums.get(name) != given.get(name)]
    assert not other, f"{len(other)} files are new, changed or made no more: {RECORD_AGAIN}"


def test_every_disagreement_is_one_of_those_explained(assured: Callable[[str, str], None]):
    found = explained()
    assert [case.said for case in found.unexplained] == []
    assert [one.why for one, cases in found.by_difference.items() if not cases] == []
    assert PAGE.read_text(encoding="utf-8") == page(found), (
        "run python -m tests.returns.cin.comparing"
    )
    assured(
        "cin-differences",
        f"{found.files:,} files: {found.count:,} answers differ, of {len(found.by_difference)} "
        "kinds; 0 unexplained",
    )


@pytest.mark.parametrize("planted", ["found by it alone", "found by us alone"])
def test_a_disagreement_that_nobody_explained_is_told_of(planted: str):
    file = next(one for one in generated() if one.name == "2026 on a plan: as it is")
    _, answer = recorded()[file.name]
    if planted == "found by it alone":
        answer = replace(answer, found=answer.found | {("4220", "C1")})
        says = ("4220", "C1", NOT_FOUND, FOUND)
    else:
        wrong = file.xml.replace("<Ethnicity>WBRI", "<Ethnicity>X")
        file = Generated(file.name, file.year, wrong)
        answer = Answer(answer.found | {("4220", "W1")})
        says = ("4220", "C1", FOUND, NOT_FOUND)
    (case,) = explained({file: answer}).unexplained
    assert (case.rule, case.child, case.ours, case.theirs) == says

"""The page of each standard says all that was declared of it."""

from typing import Any

import pytest

from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.standard import COMMON_DETAILS
from tests.pages.reading import links, main_of, text_of


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_standard_says_its_duty_its_limit_its_sources_and_what_it_may_answer(
    code: str, see: Any, account: Any
) -> None:
    standard = CATALOGUE[code]
    said = text_of(main_of(see(account("administrator"), f"/standards/{code}/")))
    for words in (
        standard.title,
        standard.duty,
        standard.measure,
        standard.starts,
        standard.met_by,
        standard.note,
        *standard.details.values(),
        *COMMON_DETAILS.values(),
    ):
        assert " ".join(words.split()) in said, words
    for source in (*standard.sources, *(limit.source for limit in standard.limits)):
        assert str(source) in said
        assert source.mark.meaning in said.lower()


def test_the_list_leads_to_each_and_each_to_the_board_for_who_may_see_it(
    see: Any, account: Any
) -> None:
    found = links(see(account("social_worker"), "/standards/"))
    for standard in CATALOGUE.values():
        assert found[standard.title] == f"/standards/{standard.code}/"
    board = "/board/ASM-45/"
    assert board not in links(see(account("administrator"), "/standards/ASM-45/")).values()
    assert board in links(see(account("performance_analyst"), "/standards/ASM-45/")).values()

"""The page of standards says all that is declared, and its links lead somewhere."""

import re
from dataclasses import replace
from datetime import date

import pytest

from harbourlight.standards import manual
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.clocks import Limit, Unit
from harbourlight.standards.manual import standards_manual
from harbourlight.standards.sources import Mark, Source

PAGE = standards_manual()


@pytest.mark.parametrize("standard", CATALOGUE.values(), ids=lambda standard: standard.code)
def test_a_standard_is_told_in_full(standard):
    section = PAGE.split(f"\n## {standard.code}: ")[1].split("\n## ")[0]
    for said in (
        standard.title,
        standard.duty,
        standard.starts,
        standard.met_by,
        standard.measure,
        standard.note,
        *(f"`{column}`" for column in standard.needs),
        *(sentence for sentence in standard.details.values()),
        *(
            f"{source} (`{source.mark.value}`, {source.mark.meaning})"
            for source in standard.sources
        ),
        *(str(limit) for limit in standard.limits),
        *(limit.unit.calendar for limit in standard.limits),
    ):
        assert said in section


def test_every_limit_a_standard_has_had_is_told_with_its_dates(monkeypatch):
    old, new = (
        Source(f"The {edition} edition", "p 1", Mark.UNVERIFIED) for edition in ("old", "new")
    )
    two_editions = replace(
        CATALOGUE["ASM-45"],
        limits=(
            Limit(35, Unit.WORKING_DAY, old, date(2010, 4, 1), date(2013, 4, 14)),
            Limit(45, Unit.WORKING_DAY, new, date(2013, 4, 15), in_force_mark=Mark.VERIFIED),
        ),
    )
    monkeypatch.setattr(manual, "CATALOGUE", {two_editions.code: two_editions})
    page = standards_manual()
    assert (
        "- Limit: 35 working days, for what begins from 1 April 2010 to 14 April 2013 "
        "(general knowledge, not yet checked), by The old edition, p 1\n" in page
    )
    assert (
        "- Limit: 45 working days, for what begins from 15 April 2013 (read in the source), "
        "by The new edition, p 1\n" in page
    )
    assert "- Source: The old edition, p 1 (`U`, general knowledge, not yet checked)." in page


def test_every_link_leads_to_a_heading():
    headings = {
        re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    }
    links = set(re.findall(r"\]\(#([^)]+)\)", PAGE))
    assert len(links) == len(CATALOGUE)
    assert links <= headings

"""The census of the live record: what is found, whose it is, and that it goes when mended."""

from datetime import timedelta
from typing import Any

import pytest

from tests.pages.reading import main_of, text_of
from tests.record.families import NOW, Record, moment

pytestmark = pytest.mark.django_db


def test_what_cannot_be_built_is_found_under_its_rule_and_goes_when_mended(
    record: Record, at_desk: Any, make: Any
) -> None:
    child = record.child("Ash Sorrel", sex="F")
    record.referred(child, at=moment(10))
    make()
    desk = at_desk("performance_analyst")
    assert "1 cannot be built" in text_of(main_of(desk.get("/returns/")))
    listed = main_of(desk.get("/returns/2026/findings/?rule=build-Ethnicity"))
    (link,) = listed.xpath(".//tbody//th/a")
    assert text_of(link).startswith("Ash Sorrel")
    assert link.get("href") == f"/people/{child.pk}/details/#about-ethnicity"
    assert "Sol Westing Harbour Team" in text_of(listed)
    child.ethnicity = "WBRI"
    child.save()
    make(at=NOW + timedelta(hours=1))
    after = main_of(desk.get("/returns/2026/findings/?rule=build-Ethnicity"))
    assert "Ash Sorrel" not in text_of(after)

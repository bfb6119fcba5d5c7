"""What the pages show is what the checker finds in the file that would be submitted."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from harbourlight.record.assessment.models import Assessment
from harbourlight.record.census import folder, selectors
from harbourlight.record.census.models import Census, Kind
from harbourlight.record.episodes.models import Episode
from harbourlight.record.loading import load_record
from harbourlight.record.people.models import Person
from harbourlight.returns.cin.checking import check
from harbourlight.simulate import simulate
from tests.record.census import here

AT = datetime(2026, 3, 31, 21, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_the_pages_find_what_cin_validate_finds_in_the_file_of_the_census(
    account: Any, client: Any, assured: Any
) -> None:
    load_record(simulate(children=150, years=3, seed=5, until=date(2026, 3, 31)).tables, at=AT)
    every = [*Assessment.objects.filter(authorised_on__gte=date(2025, 4, 1)).order_by("pk")]
    for number, one in enumerate(every[:12]):
        spoilt = ({"factors": []}, {"authorised_on": one.started_on - timedelta(days=1)})[
            number % 2
        ]
        Assessment.objects.filter(pk=one.pk).update(**spoilt)
    Episode.objects.filter(pk__in=[one.episode_id for one in every[12:20]]).update(primary_need="")
    Person.objects.filter(pk__in=[one.child_id for one in every[20:24]]).update(ethnicity="")
    analyst = account("performance_analyst")
    found = 0
    for census in here.make(AT):
        path = folder.path_of(census.file)
        last = Census.objects.filter(year=census.year - 1).first()
        file_of_last = folder.path_of(last.file) if last else None
        by_command = check(path, year=census.year, last_year=file_of_last).findings
        shown = selectors.findings_visible_to(analyst, census).exclude(kind=Kind.BUILD)
        told = Counter(shown.values_list("rule", "child_id", "element", "value", "line"))
        told.update(
            (one["rule"], None, one["element"], one["value"], one["line"]) for one in census.whole
        )
        assert told == Counter(
            (one.rule, one.child, one.element, one.value, one.line) for one in by_command
        ), census.year
        found += sum(told.values())
        assert census.children == census.of_children.count() == by_children(path)
        counted = selectors.counts_of_parts(analyst, census)
        assert counted["assessments"] == path.read_bytes().count(b"<Assessments>")
        # Each finding of a child leads to the row it lies in.
        assert not shown.filter(row="").exists()
    assert census.last_year, "the year before is what it is compared with"
    assert {"8608", "8897"} & {*shown.values_list("rule", flat=True)}
    assert selectors.findings_visible_to(analyst, census).filter(kind=Kind.BUILD).exists()
    assert Path(settings.CENSUSES).stat().st_mode & 0o077 == 0
    assert path.stat().st_mode & 0o077 == 0
    assured("census-as-checked", f"{found} findings of two censuses: each the same, none lacking")


def by_children(path: Path) -> int:
    """How many children a census has."""
    return path.read_bytes().count(b"<Child>")

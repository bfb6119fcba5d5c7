"""The census of the live record: what is found, whose it is, and that it goes when mended."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob

from harbourlight.foundation.actions import Refused
from harbourlight.foundation.jobs.models import Run
from harbourlight.record.assessment.models import Assessment
from harbourlight.record.census import actions, jobs, selectors
from harbourlight.record.census.models import Census, CensusChild, CensusFinding
from harbourlight.record.census.years import made_on, shown_first
from harbourlight.record.confidentiality.actions import restrict
from harbourlight.record.people.models import Identifier, Person
from tests.pages.reading import main_of, text_of
from tests.record.census import here
from tests.record.families import MOST_QUERIES, NOW, Record, moment, queries_of

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
NO_ETHNICITY, BEFORE_IT_BEGAN, SAME_NUMBER = "build-Ethnicity", "8608", "1520"


def words(answer: Any) -> str:
    return text_of(main_of(answer))


def child_of(record: Record, name: str, **more: Any) -> Person:
    """A child who was referred, of whom everything is held that a census must have."""
    child = record.child(name, sex="F", ethnicity="WBRI", **more)
    record.referred(child, at=moment(10))
    return child


def assessed(child: Person) -> Assessment:
    """An assessment of a child, authorised before it began."""
    return Assessment.objects.create(
        child=child,
        episode=child.episodes.get(),
        started_on=date(2026, 3, 16),
        authorised_on=date(2026, 3, 13),
        factors=["3A"],
        recorded_at=NOW,
    )


@pytest.mark.parametrize(
    ("on", "made", "first"),
    [
        (date(2026, 3, 31), (2025, 2026), 2026),
        (date(2026, 4, 1), (2026, 2027), 2026),
        (date(2026, 7, 31), (2026, 2027), 2026),
        (date(2026, 8, 1), (2026, 2027), 2027),
        (date(2027, 1, 1), (2026, 2027), 2027),
    ],
)
def test_the_census_last_ended_is_shown_first_until_its_collection_closes(
    on: date, made: tuple[int, int], first: int
) -> None:
    assert made_on(on) == made
    assert shown_first(on) == first


# ---- What is found ------------------------------------------------------------------------------


def test_a_failing_stands_under_its_rule_team_worker_and_child_and_goes_when_mended(
    record: Record, at_desk: Any, make: Any
) -> None:
    bare = record.child("Ash Sorrel", sex="F")
    record.referred(bare, at=moment(10))
    wrong = child_of(record, "Elm Sorrel")
    assessment = assessed(wrong)
    make()

    pages = {
        "/returns/2026/findings/?rule={rule}": "performance_analyst",
        "/returns/2026/findings/?rule={rule}&team={team}": "team_manager",
        "/returns/2026/findings/?rule={rule}&worker={worker}": "front_door_manager",
        "/returns/mine/": "social_worker",
        "/my-work/": "social_worker",
    }
    given = {"team": record.team.pk, "worker": record.worker.pk}
    for rule, child, leads_to in (
        (NO_ETHNICITY, bare, f"/people/{bare.pk}/details/#about-ethnicity"),
        (BEFORE_IT_BEGAN, wrong, f"/assessments/{assessment.pk}/#started"),
    ):
        for page, role in pages.items():
            answer = main_of(at_desk(role).get(page.format(rule=rule, **given)))
            links = answer.xpath(f'.//a[@href="{leads_to}"]')
            assert links, (rule, page)
            assert text_of(links[0]).startswith(child.name), page
    own = main_of(at_desk("social_worker").get(f"/people/{wrong.pk}/"))
    assert own.xpath(f'.//a[@href="/assessments/{assessment.pk}/#started"]')
    for page, named in (("teams", "Harbour Team"), ("workers", "Sol Westing")):
        assert named in words(at_desk("performance_analyst").get(f"/returns/2026/{page}/"))
    assert "to mend in the census" in words(at_desk("team_manager").get("/team/"))

    Person.objects.filter(pk=bare.pk).update(ethnicity="WBRI")
    Assessment.objects.filter(pk=assessment.pk).update(authorised_on=date(2026, 3, 17))
    make(LATER)
    for rule in (NO_ETHNICITY, BEFORE_IT_BEGAN):
        left = at_desk("performance_analyst").get(f"/returns/2026/findings/?rule={rule}")
        assert "There is none as you have chosen" in words(left), rule
    assert "fewer" in words(at_desk("performance_analyst").get("/returns/")) or "more" in words(
        at_desk("performance_analyst").get("/returns/")
    )


def test_what_nobody_works_with_is_whoever_did_it_or_nobodys(
    record: Record, at_desk: Any, make: Any
) -> None:
    child = record.child("Ash Sorrel", sex="F")
    episode = record.referred(child, at=moment(10))
    episode.allocations.update(ended_on=date(2026, 3, 12))
    make()
    found = CensusFinding.objects.get(child=child)
    assert (found.worker, found.team) == (episode.worker, episode.team)
    type(episode).objects.filter(pk=episode.pk).update(worker=None, team=None)
    make(LATER)
    page = main_of(at_desk("performance_analyst").get("/returns/2026/workers/"))
    (nobody,) = page.xpath('.//tbody//a[text()="Nobody"]/@href')
    assert "Ash Sorrel" in words(at_desk("performance_analyst").get(nobody))


# ---- Whom it is shown ---------------------------------------------------------------------------

SHOWN = (
    "/returns/",
    "/returns/2026/teams/",
    "/returns/2026/workers/",
    "/returns/2026/findings/",
    "/returns/2026/findings/download/",
)


def test_a_restricted_child_leaves_no_trace_for_who_may_not_know_and_is_in_the_whole_file(
    record: Record, at_desk: Any, make: Any, assured: Any
) -> None:
    for child in (child_of(record, "Ash Sorrel"), child_of(record, "Elm Sorrel")):
        assessed(child)
    make()
    seen = {page: words_of(at_desk("performance_analyst").get(page)) for page in SHOWN}

    hidden = child_of(record, "Quill Quillon")
    assessed(hidden)
    hidden.episodes.get().allocations.update(ended_on=date(2026, 3, 12))
    type(hidden.episodes.get()).objects.filter(child=hidden).update(worker=None, team=None)
    # Who has a pupil number that the hidden child has too is not told that somebody has.
    twin = Person.objects.get(forename="Elm")
    for one in (twin, hidden):
        Identifier.objects.create(person=one, kind="upn", value="A123456789012", recorded_at=NOW)
    restrict(hidden, by=record.user("records_officer"), at=NOW, because="Adoption is planned.")
    Census.objects.all().delete()
    make()
    assert CensusChild.objects.filter(child=hidden).exists()
    assert CensusFinding.objects.filter(child=twin, beside=hidden).exists()
    for page in SHOWN:
        told = words_of(at_desk("performance_analyst").get(page))
        for trace in (hidden.pk, "Quillon", SAME_NUMBER):
            assert trace not in told, (page, trace)
    summary = words_of(at_desk("performance_analyst").get("/returns/"))
    assert "Children 2 Episodes 2" in summary
    assert "counts the children whose records you read" in summary
    assert "counts the children" not in seen["/returns/"]
    assert at_desk("performance_analyst").get("/returns/2026/file/").status_code == 403

    officer = at_desk("records_officer")
    told = words_of(officer.get("/returns/2026/findings/"))
    assert "Quill Quillon" in told
    assert SAME_NUMBER in told
    taken = officer.get("/returns/2026/file/")
    assert hidden.pk.encode() in taken.content
    assured("census-hidden", f"{len(SHOWN)} pages and files of findings: 0 traces")


def words_of(answer: Any) -> str:
    """The words of a page, or of a file."""
    if answer["Content-Type"].startswith("text/html"):
        return words(answer)
    return answer.content.decode()


def test_a_manager_is_shown_the_children_whose_records_they_read(
    record: Record, at_desk: Any, make: Any
) -> None:
    own, other = child_of(record, "Ash Sorrel"), child_of(record, "Elm Sorrel")
    for child in (own, other):
        assessed(child)
    other.episodes.get().allocations.update(ended_on=date(2026, 3, 12))
    type(other.episodes.get()).objects.filter(child=other).update(worker=None, team=None)
    make()
    for page in SHOWN[3:]:
        told = words_of(at_desk("team_manager").get(page))
        assert own.pk in told or own.name in told, page
        assert other.pk not in told, page
        assert other.name not in told, page


def test_the_download_has_whose_each_is_and_begins_no_cell_as_a_formula(
    record: Record, at_desk: Any, make: Any
) -> None:
    child = child_of(record, "Ash Sorrel")
    assessed(child)
    make()
    CensusFinding.objects.filter(rule=BEFORE_IT_BEGAN).update(value='=HYPERLINK("x")')
    file = at_desk("performance_analyst").get(
        f"/returns/2026/findings/download/?rule={BEFORE_IT_BEGAN}"
    )
    (row,) = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    assert (row["rule"], row["child"], row["worker"]) == (BEFORE_IT_BEGAN, child.pk, "Sol Westing")
    assert row["value"] == '\'=HYPERLINK("x")'


def test_each_page_asks_the_database_little_however_much_is_found(
    record: Record, at_desk: Any, make: Any
) -> None:
    child = child_of(record, "Ash Sorrel")
    make()
    make(LATER)
    (one,) = CensusFinding.objects.filter(child=child, census__made_at=LATER)[:1]
    others = Person.objects.bulk_create(
        Person(forename="Ash", surname=f"Sorrel{number}", recorded_at=NOW) for number in range(60)
    )
    held = {"census": one.census, "kind": one.kind, "worker": one.worker, "team": one.team}
    CensusFinding.objects.bulk_create(
        CensusFinding(**held, rule=f"{8000 + number}", child=other, message="It is not so.")
        for number, other in enumerate(others)
    )
    desk = at_desk("performance_analyst")
    for page in SHOWN[:4]:
        assert queries_of(desk, page) <= MOST_QUERIES, page
    assert queries_of(at_desk("social_worker"), "/my-work/") <= MOST_QUERIES
    assert queries_of(at_desk("social_worker"), "/returns/mine/") <= MOST_QUERIES


# ---- Made whole or not at all -------------------------------------------------------------------


def test_a_making_cut_short_leaves_the_last_in_place_and_no_file(
    record: Record, make: Any, assured: Any
) -> None:
    child_of(record, "Ash Sorrel")
    make()
    held = shown()
    told: list[int] = []
    here.make(LATER, tell=lambda done, total: told.append(done))
    assert len(told) > 6
    for stop in range(1, len(told)):
        at = LATER + timedelta(minutes=stop)
        with pytest.raises(Stopped):
            here.make(at, tell=stopping_at(stop))
        assert shown() == held, stop
        lying = {path.name for path in Path(settings.CENSUSES).iterdir()}
        assert lying == {*Census.objects.exclude(file="").values_list("file", flat=True)}, stop
    assured("census-whole", f"cut short in {len(told) - 1} places: the last shown each time")


def shown() -> dict[int, tuple[int, int]]:
    """How many children and findings the census of each year has that a page would show."""
    made = (selectors.made_for(year).now for year in (2025, 2026))
    return {one.year: (one.of_children.count(), one.findings.count()) for one in made if one}


class Stopped(BaseException):
    """Whatever was making the census was killed."""


def stopping_at(count: int) -> Any:
    """Tells of progress, and is stopped when it has told so often."""
    told = iter(range(count))

    def tell(done: int, total: int) -> None:
        if next(told) == count - 1:
            raise Stopped

    return tell


def test_a_making_that_failed_is_said_and_yesterdays_is_shown(
    record: Record, at_desk: Any, make: Any
) -> None:
    make()
    ProcrastinateJob.objects.filter(pk=jobs.make.later()).update(status="failed")
    told = words(at_desk("performance_analyst").get("/returns/"))
    assert "The census could not be made" in told
    assert "as the record stood at 18 March 2026 at 10am" in told


def test_the_button_has_it_made_once_however_many_press_it(
    record: Record, at_desk: Any, monkeypatch: Any
) -> None:
    told = words(at_desk("team_manager").post("/returns/make/", follow=True))
    assert "The census is being made again" in told
    assert "The census is about to be made" in told
    again = words(at_desk("front_door_manager").post("/returns/make/", follow=True))
    assert "The census is waiting to be made already" in again
    # Two press at one moment: neither has seen the other's.
    none = selectors.Making(None, None, None, is_worked=True)
    monkeypatch.setattr(actions, "making", lambda at: none)
    with pytest.raises(Refused):
        actions.make_again(by=record.user("records_officer"), at=NOW)
    assert ProcrastinateJob.objects.filter(task_name=jobs.make.name).count() == 1
    ProcrastinateJob.objects.filter(task_name=jobs.make.name).update(status="doing")
    monkeypatch.undo()
    job = selectors.making(NOW).at_work
    assert job is not None
    Run.objects.create(job_id=job.pk, attempt=1, started_at=NOW, done=80, total=200)
    page = main_of(at_desk("team_manager").get("/returns/"))
    assert "The census is being made 40%" in text_of(page)
    assert page.xpath('.//*[@id="work"][@data-refreshing="true"]//progress[@value="40"]')
    assert not page.xpath('.//form[@action="/returns/make/"]'), "it is offered once it is done"
    with pytest.raises(Refused, match="being made already"):
        actions.make_again(by=record.user("records_officer"), at=NOW)

"""The chronology: each app tells it, a person marks and narrows it, and it says who printed it."""

import re
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.test import RequestFactory

from harbourlight.foundation.actions import Refused
from harbourlight.foundation.documents.printing import NotOurs, our_file, printed
from harbourlight.foundation.facts import Fact
from harbourlight.foundation.history.models import Event
from harbourlight.record.chronology import actions
from harbourlight.record.chronology.models import Mark
from harbourlight.record.chronology.selectors import Asked, happenings
from harbourlight.record.documents.models import Document
from harbourlight.record.people import chronology as registry
from harbourlight.record.people.chronology import chronology
from tests.pages.reading import main_of, text_of
from tests.record.families import MOST_QUERIES, NOW, moment, queries_of

pytestmark = pytest.mark.django_db

TELLS_NOTHING = {
    "workforce": "about workers, not children",
    "confidentiality": "who may see a record is for the pages of restriction and openings",
    "looking": "about who read a record, for the page of who has looked",
    "matching": "about whether two records are one, not about a child's life",
    "live_ledger": "worked out from what the others hold",
    "organisations": "about organisations, not children",
}
"""The apps whose facts are in no chronology, and why."""


def test_every_app_that_records_facts_tells_the_chronology_or_says_why_not(assured) -> None:
    tells = {function.__module__.split(".")[-2] for function in registry._contributions.values()}
    holds = {
        config.label
        for config in apps.get_app_configs()
        if config.name in settings.RECORD_APPS
        and any(issubclass(model, Fact) for model in config.get_models())
    }
    assert holds - tells - set(TELLS_NOTHING) == set()
    assert tells & set(TELLS_NOTHING) == set()
    assured("chronology-apps", f"{len(holds)} apps hold facts: {len(holds & tells)} tell")


def test_everything_that_happened_has_a_key_of_its_own(record) -> None:
    for child in record.busy():
        found = chronology([child.pk])
        keys = [(one.kind, one.key) for one in found]
        assert all(key for _, key in keys)
        assert len(set(keys)) == len(keys)


@pytest.fixture
def child(record):
    child = record.child("Maya Thornwick")
    record.decide(record.contact(child, at=moment(2), said="A bruise was seen."), at=moment(2, 12))
    record.referred(child, at=moment(10))
    return child


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        (Asked(significant=True), ["Referral", "Born"]),
        (Asked(words="bruise SEEN"), ["Contact from"]),
        (Asked(words="nothing of the kind"), []),
        (Asked(until=date(2026, 3, 2)), ["Decision", "Contact from", "Born"]),
        (Asked(since=date(2026, 3, 3), until=date(2026, 3, 9)), []),
        (Asked(kinds=["episode"], since=date(2026, 3, 10), words="referral"), ["Referral"]),
    ],
)
def test_it_is_narrowed_by_kind_period_significance_and_words(child, asked, titles) -> None:
    found = [one.title for one in happenings([child.pk], asked)]
    assert len(found) == len(titles)
    assert all(one.startswith(title) for one, title in zip(found, titles, strict=True))


def test_a_person_marks_and_unmarks_and_the_last_word_stands(record, child) -> None:
    by = record.user("front_door_worker")
    contact = next(one for one in chronology([child.pk]) if one.title.startswith("Contact"))
    for significant in (True, False, True):
        actions.mark(
            by=by, at=NOW, child=child, kind=contact.kind, key=contact.key,
            is_significant=significant,
        )  # fmt: skip
        shown = [one for one in happenings([child.pk], Asked()) if one.key == contact.key]
        assert [one.is_significant for one in shown] == [significant]
        assert shown[0].marked_by == str(by)
    assert Mark.objects.count() == 1
    assert Event.objects.filter(name="chronology:mark", children=[child.pk]).count() == 3
    with pytest.raises(Refused):
        actions.mark(by=by, at=NOW, child=child, kind="contact", key="x", is_significant=True)


def test_what_was_written_down_long_afterwards_says_so_with_whose_rule_it_is(
    record, at_desk
) -> None:
    child = record.child("Maya Thornwick")
    record.contact(child, at=moment(2))
    registry_row = next(iter(chronology([child.pk])))
    assert not registry_row.is_recorded_late
    from harbourlight.record.front_door.models import Contact

    Contact.objects.update(recorded_at=moment(17))
    page = at_desk("front_door_worker").get(f"/people/{child.pk}/chronology/?late=on")
    words = text_of(main_of(page))
    assert "Recorded late, on 17 March 2026" in words
    assert "more than 2 working days afterwards (local target)" in words


def test_the_page_marks_narrows_and_says_when_nothing_is_as_chosen(record, at_desk, child) -> None:
    desk = at_desk("front_door_worker")
    address = f"/people/{child.pk}/chronology/"
    contact = next(one for one in chronology([child.pk]) if one.title.startswith("Contact"))
    form = {"kind": contact.kind, "key": contact.key, "child": child.pk, "as": "significant"}
    back = f"{address}?kind=contact"
    assert desk.post(f"{address}mark/", form | {"back": back}).headers["Location"] == back
    away = desk.post(f"{address}mark/", form | {"back": "https://elsewhere.example/"})
    assert away.headers["Location"] == address
    assert "marked by" in text_of(main_of(desk.get(f"{address}?significant=on")))
    nothing = text_of(main_of(desk.get(f"{address}?words=zebra")))
    assert "Nothing that happened is as you have chosen." in nothing


def test_a_family_together_costs_no_more_to_ask(record, at_desk) -> None:
    children = record.busy()
    desk = at_desk("front_door_worker")
    of_all = "&".join(f"child={one.pk}" for one in children)
    address = f"/people/{children[0].pk}/chronology/"
    desk.get(address)  # the first page of a session writes its sign-in down
    assert queries_of(desk, address) <= MOST_QUERIES
    assert queries_of(desk, f"{address}?{of_all}") <= MOST_QUERIES


def test_a_thousand_events_are_read_a_page_at_a_time(record, at_desk, child, assured) -> None:
    by = record.user("front_door_worker")
    first = date(2023, 6, 1)
    Document.objects.bulk_create(
        Document(child=child, kind="letter", title=f"Letter {number}", recorded_by=by,
                 received_on=first + timedelta(days=number), recorded_at=NOW)
        for number in range(1000)
    )  # fmt: skip
    desk = at_desk("front_door_worker")
    address = f"/people/{child.pk}/chronology/"
    desk.get(address)
    asked = queries_of(desk, address)
    assert asked <= MOST_QUERIES
    seen: list[str] = []
    of_all = len(chronology([child.pk]))
    for page in (1, 2, 20, 21):
        words = desk.get(f"{address}?page={page}").content.decode()
        seen += re.findall(r'<h2 class="moj-timeline__title">.*?(Letter [0-9]+)<', words)
    assert len(seen) == len(set(seen)), "nothing is on two pages"
    assert {"Letter 999", "Letter 0"} <= set(seen)
    narrowed = text_of(main_of(desk.get(f"{address}?words=Letter+999")))
    assert "Letter 999" in narrowed
    assert "Letter 998" not in narrowed
    assured("chronology-long", f"{of_all:,} events, {asked} queries")


# ---- Printing -----------------------------------------------------------------------------------


def test_every_page_of_a_pdf_says_whose_it_is_and_who_printed_it(record, at_desk, assured) -> None:
    child = record.child("Maya Thornwick")
    for day in range(2, 12):
        record.contact(child, at=moment(day), said="They came cold. " * 60)
    desk = at_desk("front_door_worker")
    answer = desk.get(f"/people/{child.pk}/chronology/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert "Thornwick" not in answer["Content-Disposition"]
    pdf = answer.content
    assert pdf.startswith(b"%PDF-")
    assert Event.objects.filter(name="child:chronology-printed").count() == 1
    html = printed_html_pages(child, record)
    assert len(html) > 1
    for page in html:
        assert "Chronology of Maya Thornwick" in page
        assert "Printed by Front Door Worker, front door worker, 18 March 2026" in page
    assured("printed-by", f"{len(html)} pages of {len(html)}; 3 addresses elsewhere refused")


def printed_html_pages(child, record) -> list[str]:
    """The words of each page as WeasyPrint lays it out."""
    from django.template.loader import render_to_string
    from weasyprint import HTML

    from harbourlight.record.chronology.presenters import entries_of

    request = RequestFactory().get("/")
    by = record.user("front_door_worker")
    heading = f"Chronology of {child.name}"
    context = {
        "heading": heading,
        "entries": entries_of(chronology([child.pk]), {child.pk: child.name}),
        "narrowed": [],
        "on_each_page": printed(heading, by=by, at=NOW),
    }
    html = render_to_string("chronology/printed.html", context, request)
    document = HTML(string=html, base_url="static:///", url_fetcher=our_file).render()
    return [_words_of(page._page_box) for page in document.pages]


def _words_of(box) -> str:
    words = getattr(box, "text", "") or ""
    for inner in getattr(box, "children", ()):
        words += f" {_words_of(inner)}"
    return re.sub(r"\s+", " ", words)


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/a.png", "file:///etc/hostname", "static:///../settings.py"],
)
def test_nothing_is_fetched_for_a_pdf_but_our_own_static_files(address) -> None:
    with pytest.raises((NotOurs, SuspiciousFileOperation)):
        our_file(address)

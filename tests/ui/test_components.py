"""Components, each by what it must never get wrong."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import jinja2
import pytest
from django.template import engines
from django.test import RequestFactory
from lxml import html

from harbourlight.foundation.instruments.instrument import Kind
from harbourlight.ui import formats, navigation
from harbourlight.ui.forms.fields import Drawn
from harbourlight.ui.gallery.pieces import shown
from harbourlight.ui.gallery.views import EveryFieldForm, LongWordsForm
from harbourlight.ui.listing import address_without, list_page, sorting_of

TEMPLATES = Path(formats.__file__).parent / "jinja2" / "ui"
PLANTED = "<script>alert('planted')</script>"


def draw(source: str, **context) -> str:
    return engines["jinja2"].env.from_string(source).render(**context)


def component(name: str, macro: str, params) -> html.HtmlElement:
    drawn = draw(
        f"{{% from 'ui/components/{name}.html' import {macro} %}}{{{{ {macro}(params) }}}}",
        params=params,
    )
    return html.fragment_fromstring(drawn, create_parent=True)


def test_every_component_is_in_the_gallery() -> None:
    pages = "".join(page.read_text() for page in TEMPLATES.glob("gallery*.html"))
    lacking = []
    for file in (TEMPLATES / "components").glob("*.html"):
        macros = re.findall(r"{% macro (\w+)\(", file.read_text())
        if not macros and f'include "ui/components/{file.name}"' not in pages:
            lacking.append(file.name)
        lacking += [f"{file.name}: {one}" for one in macros if f"{one}(" not in pages]
    assert lacking == []


def test_every_kind_of_field_is_in_the_gallery() -> None:
    def kinds(of: type) -> set[type]:
        return {of, *(one for inner in of.__subclasses__() for one in kinds(inner))}

    ours = {one for one in kinds(Drawn) if one.__module__.startswith("harbourlight.ui.forms")}
    drawn = {type(one) for one in EveryFieldForm.base_fields.values()}
    assert {one.__name__ for one in ours - drawn if not one.__name__.startswith("_")} == {"Drawn"}
    short = {type(one).__name__ for one in LongWordsForm.base_fields.values()}
    assert {"TextField", "TextAreaField", "RadiosField", "CheckboxesField", "SelectField"} <= short


@pytest.mark.django_db
def test_the_gallery_shows_what_other_apps_contribute(client) -> None:
    assert [one.name for one in shown()] == ["Chronology", "Genogram", "Questionnaire"]
    page = client.get("/gallery/").text
    for one in shown():
        assert f">{one.name}</h2>" in page
    for kind in Kind:
        assert kind.value.replace("_", " ") in page


@pytest.mark.parametrize(
    "source", ["{{ child }}", "{{ day.nmae }}", "{% for one in children %}{% endfor %}"]
)
def test_a_name_that_does_not_exist_is_an_error_and_not_a_blank(source) -> None:
    with pytest.raises(jinja2.UndefinedError):
        draw(source, day=date(2026, 11, 23))


@pytest.mark.parametrize(
    ("name", "macro", "params"),
    [
        (
            "identity-bar",
            "identityBar",
            {
                "name": PLANTED,
                "facts": [{"key": PLANTED, "value": PLANTED}],
                "badges": [{"text": PLANTED}],
                "actions": [{"text": PLANTED, "href": PLANTED}],
            },
        ),
        (
            "timeline",
            "timeline",
            {"items": [{"title": PLANTED, "text": PLANTED, "by": PLANTED, "more": PLANTED}]},
        ),
        ("alert", "alert", {"text": PLANTED, "heading": PLANTED}),
        ("answers", "answers", {"rows": [{"key": PLANTED, "value": PLANTED, "href": PLANTED}]}),
        ("due-date", "dueDate", {"words": PLANTED}),
        ("why-due", "whyDue", {"duty": PLANTED, "clock": PLANTED, "source": {"text": PLANTED}}),
        ("in-place", "inPlace", {"state": "missing", "text": PLANTED}),
        ("link", "link", {"href": PLANTED, "text": PLANTED}),
        ("empty-state", "emptyState", {"text": PLANTED}),
        ("stat-line", "statLine", {"items": [{"value": PLANTED, "text": PLANTED}]}),
        (
            "table",
            "table",
            {"caption": PLANTED, "head": [{"text": PLANTED}], "rows": [[{"text": PLANTED}]]},
        ),
        ("sub-navigation", "subNavigation", {"items": [{"text": PLANTED, "href": PLANTED}]}),
    ],
)
def test_nothing_that_was_typed_becomes_part_of_the_page(name, macro, params) -> None:
    drawn = component(name, macro, params)
    assert drawn.xpath("//script") == []
    assert "alert('planted')" in drawn.text_content()


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [
        (-12, "12 working days late", "late"),
        (-1, "1 working day late", "late"),
        (0, "due today", "soon"),
        (1, "due in 1 working day", "soon"),
        (2, "due in 2 working days", "soon"),
        (3, "due in 3 working days", None),
    ],
)
def test_a_due_date_says_in_words_what_its_colour_says(left, words, tone) -> None:
    drawn = component("due-date", "dueDate", {"due": date(2026, 11, 23), "working_days_left": left})
    assert " ".join(drawn.text_content().split()) == f"23 November 2026 {words}"
    assert drawn.xpath("//time/@datetime") == ["2026-11-23"]
    assert (f"hl-due--{tone}" if tone else "") in drawn[0].get("class")
    assert tone or "--" not in drawn[0].get("class")


def test_a_chronology_gives_no_day_a_midnight_it_did_not_have() -> None:
    drawn = component(
        "timeline",
        "timeline",
        {
            "items": [
                {"title": "Seen", "at": datetime(2026, 6, 1, 23, 30, tzinfo=UTC)},
                {"title": "Born", "on": date(2019, 3, 27)},
                {"title": "Moved"},
            ]
        },
    )
    dates = [one.text_content().strip() for one in drawn.find_class("moj-timeline__date")]
    assert dates == ["2 June 2026 at 12:30am", "27 March 2019", "Date not recorded"]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (formats.day_in_words(date(2026, 11, 23)), "Monday 23 November 2026"),
        (
            formats.instant_in_words(datetime(2026, 11, 23, 14, 5, tzinfo=UTC)),
            "23 November 2026 at 2:05pm",
        ),
        (formats.date_in_words(datetime(2026, 6, 1, 23, 30, tzinfo=UTC)), "2 June 2026"),
        (formats.time_in_words(datetime(2026, 11, 23, 12, tzinfo=UTC)), "midday"),
        (formats.time_in_words(datetime(2026, 11, 23, 9, tzinfo=UTC)), "9am"),
        (formats.count_of(1, "child", "children"), "1 child"),
        (formats.count_of(1204, "visit"), "1,204 visits"),
        (formats.in_list(["a", "b", "c"], "or"), "a, b or c"),
        (formats.in_list(["a"]), "a"),
        (formats.in_list([]), ""),
        (formats.in_sentence("Date received"), "date received"),
        (formats.in_sentence("NHS number"), "NHS number"),
    ],
)
def test_things_are_written_as_people_read_them(written, words) -> None:
    assert written == words


# ---- Lists --------------------------------------------------------------------------------------


def asked(query: str):
    return RequestFactory().get(f"/children/{query}")


@pytest.mark.parametrize(
    ("query", "number", "summary"),
    [
        ("", 1, "Showing 1 to 50 of 120 children"),
        ("?page=3", 3, "Showing 101 to 120 of 120 children"),
        ("?page=99", 3, "Showing 101 to 120 of 120 children"),
        ("?page=x", 1, "Showing 1 to 50 of 120 children"),
    ],
)
def test_a_long_list_is_cut_where_the_address_says(query, number, summary) -> None:
    listing = list_page(asked(query), range(120), one="child", many="children")
    assert (listing.number, listing.summary) == (number, summary)
    assert len(listing.items) == (20 if number == 3 else 50)


def test_the_way_to_another_page_keeps_the_rest_of_the_address() -> None:
    listing = list_page(asked("?team=east&page=2"), range(120), one="child")
    assert listing.next_href == "/children/?team=east&page=3"
    assert listing.previous_href == "/children/?team=east"


def test_a_column_sorts_one_way_and_then_the_other_from_the_first_page() -> None:
    columns = {"name": ("family_name", "given_name"), "due": "-due_on"}
    by_name = sorting_of(asked("?sort=name&page=4&team=east"), columns, default="due")
    assert by_name.ordering == ["family_name", "given_name"]
    assert by_name.order_of("name") == "ascending"
    assert by_name.href_for("name") == "/children/?sort=-name&team=east"
    back = sorting_of(asked("?sort=-name"), columns, default="due")
    assert back.ordering == ["-family_name", "-given_name"]
    assert back.href_for("name") == "/children/?sort=name"
    assert sorting_of(asked("?sort=password"), columns, default="-due").ordering == ["due_on"]


def test_a_chosen_filter_is_taken_off_without_the_others() -> None:
    request = asked("?agency=police&agency=school&page=2&sort=name")
    assert address_without(request, "agency", "police") == "/children/?agency=school&sort=name"


# ---- Navigation ---------------------------------------------------------------------------------


class Person:
    is_authenticated = True

    def __init__(self, *capabilities):
        self.capabilities = capabilities

    def can(self, capability):
        return capability in self.capabilities


@pytest.mark.urls("harbourlight.foundation.accounts.urls")
def test_the_navigation_offers_what_a_person_may_use_and_says_where_they_are(monkeypatch) -> None:
    monkeypatch.setattr(navigation, "_items", {})
    navigation.register("Last", "account_change_password", order=9)
    navigation.register("Accounts", "accounts", "manage", order=1)
    navigation.register("Hidden", "account_add", "something else")
    request = RequestFactory().get("/accounts/add/")
    request.user = Person("manage")
    assert [
        (one["text"], one["current"], one["active"]) for one in navigation.items_for(request)
    ] == [
        ("Accounts", False, True),
        ("Last", False, False),
    ]
    request.user = Person()
    assert [one["text"] for one in navigation.items_for(request)] == ["Last"]

"""Forms that draw themselves: their words, what they ask only if, and what they carry."""

import re
import uuid
from datetime import date

import pytest
import time_machine
from django.http import QueryDict
from lxml import html

from harbourlight.ui import forms
from harbourlight.ui.gallery.views import ChildForm, EveryFieldForm


def post(**typed):
    data = QueryDict(mutable=True)
    for name, value in typed.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return data


class Asked(forms.Form):
    text = forms.TextField(label="Full name", max_length=5)
    question = forms.TextField(label="Who rang?", noun="who rang")
    nhs = forms.TextField(label="NHS number", missing="Enter the NHS number, or say it is unknown")
    number = forms.NumberField(label="Number of children", least=1, most=9)
    area = forms.TextAreaField(label="Reasons", max_length=4)
    born_on = forms.DateField(label="Date of birth", past=True)
    due_on = forms.DateField(label="Review date", future=True, latest=date(2027, 1, 1))
    at = forms.TimeField(label="Time")
    radio = forms.RadiosField(label="Role", choices=[("a", "A")])
    select = forms.SelectField(label="Agency", choices=[("a", "A")])
    boxes = forms.CheckboxesField(label="Concerns", choices=[("a", "A")])
    agreed = forms.YesNoField(label="Did they agree?", noun="agreement")
    tick = forms.CheckboxField(label="I have read it", missing="Say that you have read it")


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("text", "", "Enter full name"),
        ("text", "longer", "Full name must be 5 characters or fewer"),
        ("question", "", "Enter who rang"),
        ("nhs", "", "Enter the NHS number, or say it is unknown"),
        ("number", "", "Enter number of children"),
        ("number", "two", "Number of children must be a whole number"),
        ("number", "0", "Number of children must be 1 or more"),
        ("number", "1,000", "Number of children must be 9 or fewer"),
        ("area", "12345", "Reasons must be 4 characters or fewer"),
        ("born_on", "", "Enter date of birth"),
        ("born_on", "24/11/2026", "Date of birth must be today or in the past"),
        ("born_on", "31/12/1899", "Date of birth must be on or after 1 January 1900"),
        ("due_on", "22/11/2026", "Review date must be today or in the future"),
        ("due_on", "2/1/2027", "Review date must be on or before 1 January 2027"),
        ("at", "", "Enter time"),
        ("at", "later", "Time must be a time, like 9:30am or 14:45"),
        ("radio", "", "Select role"),
        ("radio", "z", "Select role from the list"),
        ("select", "", "Select agency"),
        ("boxes", "z", "Select concerns from the list"),
        ("agreed", "", "Select yes or no for agreement"),
        ("agreed", "maybe", "Select agreement from the list"),
        ("tick", "", "Say that you have read it"),
    ],
)
@time_machine.travel("2026-11-23T23:30:00Z", tick=False)
def test_an_error_is_in_the_words_of_its_declaration(field, typed, error) -> None:
    name = f"{field}-day" if isinstance(Asked.base_fields[field], forms.DateField) else field
    form = Asked(post(**{name: typed} if typed else {}))
    assert form.errors[field] == [error]


def test_a_question_without_a_noun_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="give its noun"):
        forms.TextField(label="Who rang?")


@time_machine.travel("2026-11-23T23:30:00Z", tick=False)
def test_today_is_neither_past_nor_future() -> None:
    form = Asked(post(**{"born_on-day": "23/11/2026", "due_on-day": "23/11/2026"}))
    assert not {"born_on", "due_on"} & set(form.errors)


def test_a_line_end_counts_as_one_character() -> None:
    form = Asked(post(area="ab\r\nc"))
    assert "area" not in form.errors
    assert form.cleaned_data["area"] == "ab\nc"


def test_every_error_leads_to_a_box_on_the_page_and_is_told_to_those_who_listen() -> None:
    form = EveryFieldForm(
        post(
            **{
                "consent": "no",
                "born_on-day": "31",
                "born_on-month": "6",
                "seen_at-day": "25",
                "seen_at-month": "10",
                "seen_at-year": "2026",
                "seen_at-time": "1:30",
            }
        )
    )
    page = html.fragment_fromstring(str(form), create_parent=True)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    links = {link["text"]: link["href"][1:] for link in form.error_links}
    assert links["Date of birth must include a year"] == "id_born_on-year"
    assert links["Enter why a parent has not agreed"] == "id_why_not"
    assert next(text for text in links if "which" in text)
    for text, target in links.items():
        (box,) = page.xpath(f"//*[@id='{target}']")
        assert box.tag in {"input", "textarea", "select"}
        described = " ".join(
            [box.get("aria-describedby", "")]
            + [one.get("aria-describedby", "") for one in box.iterancestors("fieldset")]
        ).split()
        told = [page.xpath(f"//*[@id='{one}']")[0].text_content() for one in described]
        assert any(text in one for one in told), text
    assert set(re.findall(r'aria-describedby="([^"]+)"', str(form)))


class Consent(forms.Form):
    asked = forms.YesNoField(
        label="Was it asked for?", noun="consent", reveals={"no": ["why"], "yes": ["given"]}
    )
    why = forms.RadiosField(
        label="Why not?",
        noun="the reason",
        choices=[("risk", "It would add to the risk"), ("other", "Something else")],
        reveals={"other": ["other"]},
    )
    other = forms.TextField(label="What?", noun="the other reason")
    given = forms.DateField(label="Date given")


@pytest.mark.parametrize(
    ("typed", "errors", "kept"),
    [
        ({}, {"asked"}, {"asked": None}),
        ({"asked": "no"}, {"why"}, {"asked": False, "given": None}),
        ({"asked": "no", "why": "risk", "other": "stale"}, set(), {"why": "risk", "other": ""}),
        ({"asked": "no", "why": "other"}, {"other"}, {"why": "other"}),
        (
            {"asked": "yes", "given-day": "1/2/2026", "why": "other"},
            set(),
            {"given": date(2026, 2, 1), "why": "", "other": ""},
        ),
        ({"asked": "yes", "given-day": "x", "why": "nonsense"}, {"given"}, {"why": ""}),
    ],
)
def test_what_was_not_asked_is_neither_required_nor_kept(typed, errors, kept) -> None:
    form = Consent(post(**typed))
    assert set(form.errors) == errors
    for name, value in kept.items():
        assert form.cleaned_data.get(name) == value


def test_answers_are_read_back_in_words_and_say_what_was_not_given() -> None:
    form = EveryFieldForm(
        post(
            name="Alex",
            age="7",
            notes="Cold.",
            consent="yes",
            why_not="stale",
            level="none",
            agency="police",
            concerns=["neglect", "domestic_abuse"],
            **{"born_on-day": "27/3/2019", "seen_at-day": "1/6/2026", "seen_at-time": "1405"},
        )
    )
    assert form.is_valid(), form.errors
    assert {row["key"]: row["value"] for row in form.answers("/change/")} == {
        "Name": "Alex",
        "Age": "7",
        "What was said": "Cold.",
        "Date of birth": "27 March 2019",
        "When was the child seen?": "1 June 2026 at 2:05pm",
        "Time school ends": "Not given",
        "Level of need": "None of these",
        "Has a parent agreed?": "Yes",
        "What are you worried about?": "Neglect, Domestic abuse",
        "Agency": "Police",
        "The family knows": "No",
        "Password": "Not given",
        "Papers": "Not given",
        "Letter": "Not given",
    }


def test_a_page_carries_a_submission_of_its_own_that_survives_an_error() -> None:
    first, second = Asked(), Asked()
    key = first["submission"].value()
    assert uuid.UUID(key) != uuid.UUID(second["submission"].value())
    again = Asked(post(submission=key))
    assert not again.is_valid()
    assert again["submission"].value() == key
    assert again.cleaned_data["submission"] == key


def test_choices_from_a_function_are_asked_for_once_by_each_form() -> None:
    asked = []

    def choices():
        asked.append(1)
        return [("a", f"A{len(asked)}")]

    class Choosing(forms.Form):
        one = forms.SelectField(label="One", choices=choices)

    for count in (1, 2):
        form = Choosing(post(one="a"))
        assert form.is_valid()
        assert f"A{count}" in str(form)
        assert form.answers()[0]["value"] == f"A{count}"
        assert len(asked) == count


# ---- Repeated groups ----------------------------------------------------------------------------

TWO = {
    "child-0-there": "1",
    "child-0-first_name": "Alex",
    "child-0-born_on-day": "27/3/2019",
    "child-1-there": "1",
    "child-1-first_name": "Blake",
    "child-1-born_on-day": "2/4/2021",
}


def children(**options):
    return forms.Repeating(ChildForm, prefix="child", item="child", **options)


def names(group):
    return [form["first_name"].value() for form in group.forms]


def test_groups_are_read_in_the_order_of_the_page() -> None:
    group = children(data=post(**TWO))
    assert group.is_valid()
    assert [child["first_name"] for child in group.cleaned_data] == ["Alex", "Blake"]


@pytest.mark.parametrize(
    ("pressed", "left"),
    [
        ({"child-add": "1"}, ["Alex", "Blake", None]),
        ({"child-remove": "0"}, ["Blake"]),
        ({"child-remove": "7"}, ["Alex", "Blake"]),
        ({"child-remove": "x"}, ["Alex", "Blake"]),
    ],
)
def test_a_button_keeps_all_that_was_typed_and_is_not_a_sending(pressed, left) -> None:
    group = children(data=post(**TWO, **pressed))
    assert names(group) == left
    assert not group.is_valid()
    assert group.error_links == []
    assert [form.prefix for form in group.forms] == [f"child-{i}" for i in range(len(left))]


def test_an_empty_group_is_ignored_unless_it_is_the_only_one() -> None:
    empty = {"child-2-there": "1", "child-2-first_name": "", "child-2-born_on-day": ""}
    assert names(children(data=post(**TWO, **empty))) == ["Alex", "Blake"]
    alone = children(data=post(**empty))
    assert not alone.is_valid()
    assert alone.error_links[0] == {"text": "Enter first name", "href": "#id_child-0-first_name"}


def test_errors_say_which_of_several_and_lead_to_it_on_the_page_as_drawn() -> None:
    gap = {name: value for name, value in TWO.items() if not name.startswith("child-0")}
    gap |= {"child-4-there": "1", "child-4-first_name": "Charlie", "child-4-born_on-day": "x"}
    group = children(data=post(**gap))
    assert group.error_links == [
        {
            "text": "Child 2: Date of birth must include a month and year",
            "href": "#id_child-1-born_on-month",
        }
    ]


def test_no_more_groups_are_read_than_may_be_given() -> None:
    many = {f"child-{index}-first_name": "Alex" for index in range(500)}
    group = children(data=post(**many), at_most=3)
    assert len(group.forms) == 3
    assert not group.can_add

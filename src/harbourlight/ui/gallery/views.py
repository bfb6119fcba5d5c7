"""The page that shows every component in every state, and the forms it shows. All is invented."""

from datetime import UTC, date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from harbourlight.ui import forms
from harbourlight.ui.listing import list_page, sorting_of


class EveryFieldForm(forms.Form):
    """One of each field."""

    name = forms.TextField(label="Name", hint="As the family says it.", width="20", max_length=20)
    age = forms.NumberField(label="Age", least=0, most=17, suffix="years", width="3")
    notes = forms.TextAreaField(label="What was said", max_length=500, rows=4)
    born_on = forms.DateField(label="Date of birth", hint="For example, 27 3 2019", past=True)
    seen_at = forms.DateTimeField(label="When was the child seen?", noun="time the child was seen")
    school_ends = forms.TimeField(label="Time school ends", required=False)
    level = forms.RadiosField(
        label="Level of need",
        choices=[
            forms.Choice("early_help", "Early help", hint="The family needs some support."),
            forms.Choice("child_in_need", "Child in need"),
            forms.Choice("none", "None of these", divider="or"),
        ],
    )
    consent = forms.YesNoField(
        label="Has a parent agreed?",
        noun="a parent’s agreement",
        missing="Select yes if a parent has agreed",
        reveals={"no": ["why_not"]},
    )
    why_not = forms.TextField(label="Why not", noun="why a parent has not agreed")
    concerns = forms.CheckboxesField(
        label="What are you worried about?",
        noun="what you are worried about",
        hint="Select all that apply.",
        choices=[("neglect", "Neglect"), ("domestic_abuse", "Domestic abuse")],
        required=False,
    )
    agency = forms.SelectField(
        label="Agency", choices=[("school", "School"), ("police", "Police"), ("health", "Health")]
    )
    told_family = forms.CheckboxField(label="The family knows", required=False)


class ChildForm(forms.GroupForm):
    """One child of several."""

    first_name = forms.TextField(label="First name", width="20")
    born_on = forms.DateField(label="Date of birth", past=True)


class AgencyFilterForm(forms.FilterForm):
    """What a list may be narrowed by."""

    agency = forms.CheckboxesField(
        label="Agency",
        choices=[("school", "School"), ("police", "Police"), ("health", "Health")],
        required=False,
        small=True,
    )


_GOOD = {
    "good-name": "Alex",
    "good-age": "7",
    "good-notes": "They came to school without a coat.\nIt was snowing.",
    "good-born_on-day": "27",
    "good-born_on-month": "March",
    "good-born_on-year": "2019",
    "good-seen_at-day": "25",
    "good-seen_at-month": "10",
    "good-seen_at-year": "2026",
    "good-seen_at-time": "1:30am",
    "good-seen_at-which": "2",
    "good-level": "early_help",
    "good-consent": "no",
    "good-why_not": "They could not be found",
    "good-concerns": ["neglect"],
    "good-agency": "school",
    "good-told_family": "on",
}
_WRONG = {
    "wrong-name": "A name that is longer than it may be",
    "wrong-age": "eighteen",
    "wrong-born_on-day": "31",
    "wrong-born_on-month": "6",
    "wrong-born_on-year": "2019",
    "wrong-seen_at-day": "25",
    "wrong-seen_at-month": "10",
    "wrong-seen_at-year": "2026",
    "wrong-seen_at-time": "1:30am",
    "wrong-school_ends": "3",
    "wrong-consent": "no",
}
_CHILDREN = [
    ("Alex Example", date(2026, 11, 18), -3),
    ("Blake Example", date(2026, 11, 23), 0),
    ("Charlie Example-Longer-Than-Most", date(2026, 11, 25), 2),
    ("Dale Example", date(2027, 1, 12), 32),
]


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    good = EveryFieldForm(_GOOD, prefix="good")
    good.full_clean()
    context: dict[str, Any] = {
        "empty": EveryFieldForm(prefix="empty"),
        "wrong": EveryFieldForm(_WRONG, prefix="wrong"),
        "good": good,
        "filter": AgencyFilterForm(request.GET or None),
        "children": _CHILDREN,
        "sorting": sorting_of(request, {"name": "name", "due": "due"}, default="due"),
        "listing": list_page(request, range(1200), one="child", many="children"),
        "short": list_page(request, range(1), one="child", many="children"),
        "on": date(2026, 11, 23),
        "at": datetime(2026, 11, 23, 14, 5, tzinfo=UTC),
    }
    return render(request, "ui/gallery.html", context)


def repeating(request: HttpRequest) -> HttpResponse:
    """A form with a group that can be given more than once."""
    group = forms.Repeating(
        ChildForm, prefix="child", item="child", data=request.POST or None, at_most=4
    )
    if group.is_valid():
        names = ", ".join(child["first_name"] for child in group.cleaned_data)
        messages.success(request, f"Added: {names}.")
        return redirect("gallery_repeating")
    return render(request, "ui/gallery-repeating.html", {"group": group})


def every_field(request: HttpRequest) -> HttpResponse:
    """A form with one of each field, which reads its answers back."""
    form = EveryFieldForm(request.POST or None)
    answers = form.answers(request.path) if form.is_valid() else []
    return render(request, "ui/gallery-form.html", {"form": form, "answers_given": answers})


def confirm(request: HttpRequest) -> HttpResponse:
    """The page that asks whether one is sure."""
    return render(request, "ui/gallery-confirm.html")


def broken(request: HttpRequest) -> HttpResponse:
    """A page that fails, to see what is shown."""
    raise RuntimeError("This page fails on purpose.")

"""The page that shows every component in every state, and the forms it shows. All is invented."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from harbourlight.ui import forms
from harbourlight.ui.forms.files import FilesField
from harbourlight.ui.gallery.pieces import shown
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
    password = forms.PasswordField(label="Password", autocomplete="off", required=False)
    papers = FilesField(label="Papers", hint="Up to 20MB each.", largest=20, required=False)
    letter = FilesField(label="Letter", largest=20, many=False, required=False)


_LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"


class LongWordsForm(forms.Form):
    """Each kind of field with words as long as they come: Welsh runs a third longer than English,
    and a name may have no place to break."""

    place = forms.TextField(label=f"{_LONG} ({_LONG})", hint=_LONG, initial=_LONG)
    said = forms.TextAreaField(label=_LONG, initial=f"{_LONG} " * 4)
    moved_on = forms.DateField(label=f"Y dyddiad y symudodd y plentyn i {_LONG}", hint=_LONG)
    which = forms.RadiosField(label=_LONG, choices=[("1", _LONG), ("2", "Cynllun amddiffyn plant")])
    any_of = forms.CheckboxesField(label=_LONG, choices=[("1", _LONG)], required=False)
    one_of = forms.SelectField(label=_LONG, choices=[("1", f"{_LONG} {_LONG}")])
    papers = FilesField(label=_LONG, hint=_LONG, largest=20, required=False)


@dataclass(frozen=True)
class _Difference:
    """Of which there are two versions, as `meanwhile.html` is given it."""

    label: str
    held: str
    changed: str
    yours: str
    question: Any


class ChangedForm(forms.Form):
    """A form whose row somebody else changed while it was open."""

    name = forms.RadiosField(
        label="Which name stands?",
        noun="which name stands",
        choices=[("held", "The one held now"), ("mine", "Mine")],
    )
    notes = forms.RadiosField(
        label="Which notes stand?",
        noun="which notes stand",
        choices=[("held", "Those held now"), ("mine", "Mine")],
    )
    reason = forms.TextField(label="Why it is changed")

    @property
    def meanwhile(self) -> list[_Difference]:
        """What differs: a line, and a long text against nothing."""
        changed = "Sam Social-Worker changed it on 23 November 2026 at 2:05pm."
        return [
            _Difference("Name", "Alex Example", changed, "Alexis Example", self["name"]),
            _Difference("Notes", "", "", f"No coat.\nIt was snowing at {_LONG}.", self["notes"]),
        ]

    def drawn_beside(self) -> list[Any]:
        """What is asked beside what differs."""
        return [self["reason"]]


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
_AT = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
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
    request.drafts_here = [  # type: ignore[attr-defined]  # what the draft middleware would say
        SimpleNamespace(submission=uuid.uuid4(), begun_at=_AT, pk="1")
    ]
    context: dict[str, Any] = {
        "empty": EveryFieldForm(prefix="empty"),
        "wrong": EveryFieldForm(_WRONG, prefix="wrong"),
        "good": good,
        "filter": AgencyFilterForm(request.GET or None),
        "children": _CHILDREN,
        "sorting": sorting_of(request, {"name": "name", "due": "due"}, default="due"),
        "listing": list_page(request, range(1200), one="child", many="children"),
        "long_words": LongWordsForm(prefix="long"),
        "changed": ChangedForm(prefix="changed"),
        "group": forms.Repeating(ChildForm, prefix="sibling", item="child", at_least=2),
        "draft_form": forms.Form(prefix="draft"),
        "no_room": SimpleNamespace(room=SimpleNamespace(is_spent=True, per_cent=1)),
        "alone": EveryFieldForm(prefix="alone"),
        "message": Message(messages.SUCCESS, "The contact has been recorded (a message)."),
        "long": _LONG,
        "pieces": [(piece, piece.invented()) for piece in shown()],
        "short": list_page(request, range(1), one="child", many="children"),
        "on": date(2026, 11, 23),
        "at": _AT,
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


def session(request: HttpRequest) -> HttpResponse:
    """The warning that a session ends soon, over a page that brought back what was typed."""
    request.session_ends_in = 90  # type: ignore[attr-defined]  # seconds, as the limit would say
    request.room = SimpleNamespace(is_spent=False, per_cent=9)  # type: ignore[attr-defined]  # little
    request.words_kept = True  # type: ignore[attr-defined]  # as after signing in again
    return render(request, "ui/gallery-session.html")


def broken(request: HttpRequest) -> HttpResponse:
    """A page that fails, to see what is shown."""
    raise RuntimeError("This page fails on purpose.")

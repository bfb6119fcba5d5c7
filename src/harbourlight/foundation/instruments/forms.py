"""What is asked of somebody who changes an instrument."""

import re
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from harbourlight.foundation.instruments.conditions import Is
from harbourlight.foundation.instruments.file_format import CHOOSING_KINDS, LOCAL
from harbourlight.foundation.instruments.instrument import (
    WRITTEN_KINDS,
    About,
    Choice,
    Instrument,
    Kind,
    Question,
)
from harbourlight.ui import forms

WORDS = ("label", "noun", "hint", "guidance", "wanted")


class WordsForm(forms.Form):
    """The words of a question that is there, and whether it is still asked."""

    revision = forms.HiddenField()
    label = forms.TextAreaField(label="The question", rows=2)
    noun = forms.TextField(
        label="What it is called in an error",
        hint="For example “the date of the visit”, as in “The date of the visit must be real”.",
        required=False,
    )
    hint = forms.TextAreaField(
        label="Hint", hint="A sentence of help, always seen.", rows=2, required=False
    )
    guidance = forms.TextAreaField(
        label="Guidance", hint="More help, seen when it is opened.", rows=5, required=False
    )
    wanted = forms.TextAreaField(
        label="Why an answer is looked for",
        hint="Who gives none is told this and asked for a reason. Nobody is stopped.",
        rows=2,
        required=False,
    )
    retired = forms.CheckboxField(
        label="Do not ask this any more",
        hint="Answers that were given stay readable.",
        required=False,
    )

    @property
    def words(self) -> dict[str, str]:
        """The words as they are to be."""
        return {name: self.cleaned_data[name] for name in WORDS}


class AddForm(forms.Form):
    """A question of the authority's own.

    `taken` are the names there have ever been: one that was retired is not given to another.
    """

    revision = forms.HiddenField()
    label = forms.TextAreaField(label="The question", rows=2)
    kind = forms.SelectField(
        label="What kind of answer",
        choices=[(one.value, one.in_words.capitalize()) for one in Kind],
    )
    choices = forms.TextAreaField(
        label="The answers to choose from",
        hint="One on each line. Only for a list or a scale.",
        rows=4,
        required=False,
    )
    about = forms.RadiosField(
        label="Whom is it about?",
        noun="whom it is about",
        choices=(
            (About.EACH.value, "Each child, apart"),
            (About.SHARED.value, "All of them: it is said once"),
            (About.ADULT.value, "A grown-up: it is said once"),
        ),
        initial=About.EACH.value,
    )
    private = forms.CheckboxField(
        label="The answer is one person’s own words",
        hint="They belong in no other record, and are looked for there.",
        required=False,
    )
    after = forms.SelectField(label="After which question", choices=(), required=False)
    waits_for = forms.SelectField(
        label="Ask only if", choices=(), required=False, blank="Always ask it"
    )
    hint = forms.TextAreaField(
        label="Hint", hint="A sentence of help, always seen.", rows=2, required=False
    )
    guidance = forms.TextAreaField(
        label="Guidance", hint="More help, seen when it is opened.", rows=5, required=False
    )
    wanted = forms.TextAreaField(
        label="Why an answer is looked for",
        hint="Leave it empty for a question that may be passed by.",
        rows=2,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        instrument: Instrument,
        section: str,
        taken: Collection[str],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.taken = taken
        there = next(one for one in instrument.sections if one.name == section)
        after: Any = self.fields["after"]
        after.choices = [(one.name, one.label) for one in there.questions if not one.retired]
        after.blank = gettext_noop("At the end of the section")
        waits: Any = self.fields["waits_for"]
        waits.choices = [
            (
                f"{one.name}={choice.value}",
                _("“%(question)s” is “%(answer)s”")
                % {"question": one.label, "answer": choice.text},
            )
            for one in instrument.questions.values()
            for choice in one.offered
        ]

    @property
    def question(self) -> Question:
        """The question, with a name of its own made from its words."""
        given = self.cleaned_data
        kind = Kind(given["kind"])
        name, _, value = given["waits_for"].partition("=")
        lines = [one.strip() for one in given["choices"].splitlines() if one.strip()]
        label = given["label"].strip()
        return Question(
            name=new_name(label, self.taken),
            kind=kind,
            label=label,
            hint=given["hint"],
            guidance=given["guidance"],
            wanted=given["wanted"],
            choices=_choices(lines) if kind in CHOOSING_KINDS else (),
            when=Is(name, (value,)) if name else None,
            about=About(given["about"]),
            private=given["private"] and kind in WRITTEN_KINDS,
            local=True,
        )


def new_name(label: str, taken: Collection[str]) -> str:
    """A stable name for a question of the authority's own: its first words, and no other's name."""
    words = re.findall(r"[a-z0-9]+", label.lower())
    stem = LOCAL + ("_".join(words)[:40].strip("_") or "question")
    return next(
        name
        for number in range(1, len(taken) + 2)
        if (name := stem if number == 1 else f"{stem}_{number}") not in taken
    )


def _choices(lines: Sequence[str]) -> tuple[Choice, ...]:
    values: list[str] = []
    for number, line in enumerate(lines, start=1):
        words = "_".join(re.findall(r"[a-z]+[a-z0-9]*", line.lower()))[:40]
        value = words or f"choice_{'abcdefghijklmnopqrstuvwxyz'[number % 26]}"
        values.append(value if value not in values else f"{value}_again")
    return tuple(Choice(value, line) for value, line in zip(values, lines, strict=True))


class FileForm(forms.Form):
    """The changes as a file."""

    revision = forms.HiddenField()
    text = forms.TextAreaField(
        label="The file",
        hint="What is saved here is a draft. It may have errors: they are told by their lines.",
        rows=24,
        required=False,
        classes="hl-file",
    )


class PutInForceForm(forms.Form):
    """From which day changes are in force."""

    on = forms.DateField(
        label="From which day?",
        noun="the day they come into force",
        hint="Questionnaires that were begun before it are finished as they were begun.",
        future=True,
        initial=lambda: timezone.localdate() + timedelta(days=1),
    )


class CountedForm(forms.FilterForm):
    """Between which days, and in which team, answers are counted."""

    since = forms.DateField(label="From", required=False)
    until = forms.DateField(label="Until", required=False)
    group = forms.SelectField(label="Team", choices=(), required=False, blank="Every team")

    def __init__(self, *args: Any, groups: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        offered: Any = self.fields["group"]
        offered.choices = groups


class CompareForm(forms.FilterForm):
    """Which two versions to compare."""

    then = forms.SelectField(label="What it was", choices=())
    now = forms.SelectField(label="What it is", choices=())

    def __init__(self, *args: Any, versions: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("then", "now"):
            offered: Any = self.fields[name]
            offered.choices = versions

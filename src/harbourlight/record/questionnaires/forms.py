"""What is asked when a questionnaire is started, finished or corrected."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.timezone import localdate

from harbourlight.foundation.instruments.instrument import Instrument, Question
from harbourlight.record.questionnaires.models import Response
from harbourlight.record.workforce.choices import worker_choices
from harbourlight.ui import forms
from harbourlight.ui.formats import date_in_words


class StartForm(forms.Form):
    """Which questionnaire, about which children of a family, of what day."""

    instrument = forms.RadiosField(label="Which questionnaire?", noun="a questionnaire", choices=())
    children = forms.CheckboxesField(
        label="About which children?",
        noun="the children",
        missing="Tick at least one child",
        hint="Each has answers of their own. What is true of all of them is asked once.",
        choices=(),
    )
    on = forms.DateField(
        label="Date",
        hint="The day it is about: of the visit, the interview or the discussion.",
        past=True,
        initial=localdate,
    )
    worker = forms.SelectField(label="Whose work it is", choices=worker_choices)

    def __init__(
        self,
        *args: Any,
        instruments: Sequence[Instrument],
        children: Sequence[forms.Choice],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        offered: Any = self.fields["instrument"]
        offered.choices = [(one.code, one.title) for one in instruments]
        family: Any = self.fields["children"]
        family.choices = children


class FinishForm(forms.Form):
    """Why what was wanted has no answer: one box for each, and none that must be filled."""

    def __init__(
        self, *args: Any, unanswered: Sequence[tuple[Response, Question]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        several = len({response.pk for response, _ in unanswered}) > 1
        for response, question in unanswered:
            whose = f" ({response.child.name})"
            apart = several and not question.about.is_said_once
            label = f"{question.label}{whose}" if apart else question.label
            field = forms.TextAreaField(
                label=label,
                noun="the reason",
                hint=question.wanted,
                rows=2,
                required=False,
            )
            field.marks_optional = False
            self.fields[f"{response.pk}-{question.name}"] = field
        self.unanswered = unanswered

    @property
    def reasons(self) -> dict[str, dict[str, str]]:
        """The reasons given, by response and question."""
        found: dict[str, dict[str, str]] = {}
        for response, question, given in self._given():
            found.setdefault(response.pk, {})[question.name] = given
        return found

    def _given(self) -> Iterator[tuple[Response, Question, str]]:
        for response, question in self.unanswered:
            if given := self.cleaned_data.get(f"{response.pk}-{question.name}"):
                yield response, question, given


class CompareForm(forms.FilterForm):
    """Which earlier time to compare with: of several, one."""

    then = forms.SelectField(label="Compare with", choices=())

    def __init__(self, data: Any, *, earlier: Sequence[Response]) -> None:
        super().__init__(data)
        offered: Any = self.fields["then"]
        offered.choices = [
            (one.pk, f"{date_in_words(one.on)}, {one.instrument.version_in_words}")
            for one in earlier
        ]


class BecauseForm(forms.Form):
    """Why answers are corrected, beside the questions themselves."""

    because = forms.TextAreaField(label="Why is this being corrected?", noun="the reason", rows=3)

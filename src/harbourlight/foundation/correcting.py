"""Correcting what was recorded: with a reason, and never blindly over another's correction."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.http import HttpResponse

from harbourlight.foundation.access import SignedInRequest
from harbourlight.foundation.actions import Refused
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.facts import corrections_of
from harbourlight.ui import forms
from harbourlight.ui.formats import date_in_words, instant_in_words


class CorrectionForm(forms.Form):
    """What should stand instead, and why. A subclass declares the fields that may be corrected."""

    seen = forms.HiddenField(required=False)
    because = forms.TextAreaField(label="Why is this being corrected?", noun="the reason", rows=3)

    def __init__(self, data: Any = None, *, row: models.Model, **more: Any) -> None:
        """`row` is what is corrected: the form begins with what it says now."""
        self.correctable = [
            name for name in self.base_fields if name not in CorrectionForm.base_fields
        ]
        now = {name: getattr(row, name) for name in self.correctable}
        super().__init__(data, initial=now | {"seen": latest_correction(row)}, **more)
        self.order_fields([*self.correctable, "because"])

    @property
    def changes(self) -> dict[str, Any]:
        """Each field that was typed over. What was not keeps what a box cannot show: seconds."""
        return {
            name: self.cleaned_data[name] for name in self.correctable if name in self.changed_data
        }

    def check_unchanged(self, row: models.Model) -> None:
        """Raise `Refused` if the row was corrected since the page was opened.

        The page then shown has seen that correction, so that it may be sent again knowingly.
        """
        now = latest_correction(row)
        if now == self.cleaned_data["seen"]:
            return
        self.carry("seen", now)
        raise Refused(
            "Somebody else corrected this while you had the page open. Look at what they changed, "
            "then save again what should stand."
        )


def answer_correction(
    request: SignedInRequest,
    form: CorrectionForm,
    row: models.Model,
    correct: Callable[..., object],
    *,
    at: datetime,
    address: str,
) -> HttpResponse | None:
    """Correct a row as a posted form asks, and go to `address`; None as `answer_form` has it.

    `correct` is the app's own action, given the row as it stands now, the changes, `by`, `at` and
    `because`. Two corrections of one row take turns, and the second must have seen the first.
    """

    def act(given: dict[str, Any]) -> str:
        now = type(row)._default_manager.select_for_update().get(pk=row.pk)
        form.check_unchanged(now)
        correct(now, form.changes, by=request.user, at=at, because=given["because"])
        return address

    done = "Corrected. What was believed before is kept."
    return answer_form(request, form, act, at=at, done=done)


def latest_correction(row: models.Model) -> str:
    """Which correction of a row is the latest, by its identifier; empty for none."""
    return corrections_of(row).values_list("pk", flat=True).first() or ""


@dataclass(frozen=True)
class Believed:
    """A field that was corrected: what it said, what it says, why, who and when."""

    field: str
    was: str
    now: str
    because: str
    by: str
    at: datetime


def believed_before(row: models.Model, form: type[CorrectionForm]) -> list[Believed]:
    """What was believed of a row before each correction, in the words of the form it is made with.

    A field that the form does not ask is given by its own name.
    """
    asked = {name: deepcopy(field) for name, field in form.base_fields.items()}
    return [
        Believed(
            field=str(asked[one.field].label) if one.field in asked else one.field,
            was=_in_words(asked.get(one.field), one.was),
            now=_in_words(asked.get(one.field), one.now),
            because=one.because,
            by=str(one.by),
            at=one.at,
        )
        for one in corrections_of(row)
    ]


def _in_words(field: Any, value: Any) -> str:
    """A kept value as the field that asks for it would show it."""
    if value in (None, ""):
        return "Not recorded"
    if isinstance(field, forms.DateField):
        return date_in_words(date.fromisoformat(value))
    if isinstance(field, forms.DateTimeField):
        return instant_in_words(datetime.fromisoformat(value))
    if isinstance(field, forms.RadiosField | forms.SelectField):
        return dict(field.choices).get(str(value), str(value))
    return str(value)

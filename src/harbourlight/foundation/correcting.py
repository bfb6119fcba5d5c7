"""Correcting what was recorded: with a reason, and never blindly over another's correction."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.http import HttpResponse
from django.utils.translation import gettext as _

from harbourlight.foundation.access import SignedInRequest
from harbourlight.foundation.changing import ChangingForm, answer_change
from harbourlight.foundation.facts import corrections_of
from harbourlight.foundation.history.models import Correction
from harbourlight.ui import forms
from harbourlight.ui.formats import date_in_words, in_list, instant_in_words


class CorrectionForm(ChangingForm):
    """What should stand instead, and why. A subclass declares the fields that may be corrected."""

    because = forms.TextAreaField(label="Why is this being corrected?", noun="the reason", rows=3)
    aside = ("because",)

    def __init__(self, data: Any = None, *, row: models.Model, **more: Any) -> None:
        """`row` is what is corrected: the form begins with what it says now."""
        super().__init__(data, row=row, **more)
        self.order_fields([*self.changeable, "because"])


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
    `because`.
    """

    def change(now: models.Model, changes: dict[str, Any]) -> str:
        correct(now, changes, by=request.user, at=at, because=form.cleaned_data["because"])
        return address

    done = _("Corrected. What was believed before is kept.")
    return answer_change(request, form, row, change, at=at, done=done)


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
    return [_believed(one, form) for one in corrections_of(row)]


def believed_of_each(
    rows: Sequence[models.Model], form: type[CorrectionForm]
) -> dict[str, list[Believed]]:
    """The same of several rows of one kind, by their identifiers, asked for once."""
    found: dict[str, list[Believed]] = {str(row.pk): [] for row in rows}
    if rows:
        kind = rows[0]._meta.label_lower
        corrections = Correction.objects.filter(row_kind=kind, row_id__in=[*found])
        for one in corrections.select_related("by").order_by("-at", "-id"):
            found[one.row_id].append(_believed(one, form))
    return found


def _believed(one: Correction, form: type[CorrectionForm]) -> Believed:
    asked = deepcopy(form.base_fields.get(one.field))
    return Believed(
        field=str(asked.label) if asked else one.field,
        was=_in_words(asked, one.was),
        now=_in_words(asked, one.now),
        because=one.because,
        by=str(one.by),
        at=one.at,
    )


def _in_words(field: Any, value: Any) -> str:
    """A kept value as the field that asks for it would show it."""
    if value in (None, ""):
        return _("Not recorded")
    if isinstance(field, forms.DateField):
        return date_in_words(date.fromisoformat(value))
    if isinstance(field, forms.DateTimeField):
        return instant_in_words(datetime.fromisoformat(value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, forms.RadiosField | forms.SelectField | forms.CheckboxesField):
        words = dict(field.choices)
        several = value if isinstance(value, list) else [value]
        return in_list(words.get(str(one), str(one)) for one in several) or _("Not recorded")
    return str(value)

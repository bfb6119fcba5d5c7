"""The forms that a kind of fact is added, corrected and ended by, made from its declaration."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from harbourlight.foundation.correcting import CorrectionForm
from harbourlight.record.people.details import DetailKind
from harbourlight.record.people.models import PersonFact
from harbourlight.ui import forms


class _AddingForm(forms.Form):
    """What is asked of any new fact besides what it says."""

    replaces = forms.CheckboxesField(
        label="Does it replace any of these?",
        noun="what it replaces",
        hint="What you tick ends on the day the new one begins, or today. It stays in the record.",
        required=False,
        small=True,
    )
    also = forms.CheckboxesField(
        label="Is it as true of any of these?",
        noun="whom it is true of too",
        hint="It is recorded for each of them, and each can be changed alone afterwards.",
        required=False,
        small=True,
    )


@cache
def _adding(kind: DetailKind) -> type[Any]:
    return type("AddingForm", (kind.fields, _AddingForm), {})


@cache
def _correcting(kind: DetailKind) -> type[Any]:
    return type("CorrectingForm", (kind.fields, CorrectionForm), {})


def adding_form(
    kind: DetailKind,
    data: Any,
    *,
    held: Sequence[tuple[str, str]] = (),
    family: Sequence[tuple[str, str]] = (),
) -> Any:
    """The form that adds a fact. `held` are those it may replace, `family` those it may be true of
    too, each by its identifier with its words."""
    form = _adding(kind)(data)
    for name, choices in (("replaces", held), ("also", family)):
        if choices:
            form.fields[name].choices = choices
        else:
            del form.fields[name]
    form.order_fields([*kind.columns, "replaces", "also"])
    return form


def correcting_form(kind: DetailKind, data: Any, fact: PersonFact) -> Any:
    """The form that corrects a fact, beginning with what it says now."""
    form = _correcting(kind)(data, row=fact)
    form.order_fields([*kind.columns, "because"])
    return form


def believed_form(kind: DetailKind) -> type[CorrectionForm]:
    """The form whose words say what was believed of a fact before."""
    form: type[CorrectionForm] = _correcting(kind)
    return form


class EndingForm(forms.Form):
    """The day a fact stopped being true."""

    ended_on = forms.DateField(
        label="Last day it held", hint="For example, 27 3 2026", past=True, initial=localdate
    )


class BirthForm(forms.Form):
    """What is known of a child once they are born."""

    born_on = forms.DateField(label="Date of birth", hint="For example, 27 3 2026", past=True)
    sex = forms.RadiosField(
        label="Sex", choices=[("F", "Female"), ("M", "Male"), ("U", "Not known")], inline=True
    )
    forename = forms.TextField(
        label="First name",
        hint="Leave it empty if the child has none yet.",
        max_length=100,
        width="20",
        required=False,
        autocomplete="off",
    )
    surname = forms.TextField(
        label="Surname", max_length=255, width="20", required=False, autocomplete="off"
    )


class DeathForm(forms.Form):
    """The day somebody died."""

    died_on = forms.DateField(label="Date of death", hint="For example, 27 3 2026", past=True)


def done_words(kind: DetailKind, did: str) -> str:
    """What was done, for a message: `Address added.`"""
    one = str(kind.one)
    done = {
        "added": _("%(one)s added."),
        "ended": _("%(one)s ended. It stays in the record."),
        "struck_out": _("%(one)s struck out. It stays in the history, with your reason."),
    }[did]
    return done % {"one": one[:1].upper() + one[1:]}

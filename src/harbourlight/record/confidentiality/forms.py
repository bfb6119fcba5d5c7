"""What is asked when a record is restricted, opened or reviewed."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from harbourlight.foundation.accounts.models import User
from harbourlight.record.confidentiality.actions import LEAST_REASON
from harbourlight.record.confidentiality.models import OpeningReview
from harbourlight.ui import forms
from harbourlight.ui.words import in_language


class OpenForm(forms.Form):
    """Why a record is opened by somebody who does not work with the child."""

    because = forms.TextAreaField(
        label=_("Why do you need to read this record?"),
        noun=_("why you need to read this record"),
        hint=_("Whoever holds the case is told, and your reason is reviewed."),
        rows=4,
    )

    def clean_because(self) -> str:
        """A reason that can be reviewed."""
        because = str(self.cleaned_data["because"])
        if len(" ".join(because.split())) < LEAST_REASON:
            raise ValidationError(
                _("Say why in at least %(least)s characters: it will be reviewed"),
                params={"least": LEAST_REASON},
            )
        return because


class RestrictForm(forms.Form):
    """Why a record is restricted."""

    because = forms.TextAreaField(
        label=_("Why is this record being restricted?"), noun=_("the reason"), rows=3
    )


class LiftForm(forms.Form):
    """Why a restriction is lifted."""

    because = forms.TextAreaField(
        label=_("Why is the restriction being lifted?"), noun=_("the reason"), rows=3
    )


class GrantForm(forms.Form):
    """Who may know of a restricted person, why, and until when."""

    user = forms.SelectField(label=_("Who may know of this record?"), noun=_("who may know"))
    because = forms.TextAreaField(label=_("Why?"), noun=_("the reason"), rows=3)
    ends_on = forms.DateField(
        label=_("Until the end of"),
        noun=_("the last day"),
        hint=_("Leave empty if nobody knows yet: it can be ended at any time."),
        required=False,
    )

    def __init__(self, *given: Any, users: Iterable[User], **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["user"].choices = [
            (one.pk, f"{one.full_name}, {in_language(one.role_held.name)}") for one in users
        ]


class ReviewForm(forms.Form):
    """What a reviewer makes of an opening."""

    found = forms.RadiosField(
        label=_("What did you find?"), noun=_("what you found"), choices=OpeningReview.Found.choices
    )
    words = forms.TextAreaField(
        label=_("What did you look at, and what do you make of it?"), noun=_("your words"), rows=4
    )
